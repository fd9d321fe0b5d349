//! Messages: the latest first, with the names of now, and never more than are kept.

use std::time::Duration;

use hexachord_contracts::{
    Timestamp,
    page::Paging,
    profile::{ChatMessage, ListMessages, MOST_MESSAGES, PostMessage, ProfileError},
};

use crate::house::{
    ANNA, BEN, House, NOW, anonymous, both_ways, invalid_field, limited, listener, refused, system,
};

fn message(text: &str) -> PostMessage {
    PostMessage { text: text.to_owned() }
}

async fn texts(house: &House, since: Option<Timestamp>) -> Vec<String> {
    let all = house.pages(&listener(BEN), 2, |paging| ListMessages { since, paging }).await;
    all.into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn everybody_reads_what_anybody_writes() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        let first = house.ask(&anna, message("  Grüße\n\u{7}an <b>alle</b> ")).await.unwrap();
        let expected = ChatMessage {
            number: 1,
            account: anna.account().unwrap(),
            username: "Anna".to_owned(),
            written_at: NOW,
            text: "Grüße\nan <b>alle</b>".to_owned(),
        };
        assert_eq!(first, expected);
        house.clock.advance(Duration::from_secs(1));
        house.ask(&limited(BEN, &[]), message("two")).await.unwrap();
        house.ask(&anna, message("three")).await.unwrap();
        assert_eq!(texts(&house, None).await, ["three", "two", "Grüße\nan <b>alle</b>"]);
        assert_eq!(texts(&house, Some(NOW)).await, ["three", "two"], "what came after it");
        assert_eq!(texts(&house, Some(house.clock.now())).await, [""; 0]);
        house.accounts.put(ANNA, "Annabel");
        house.is_up_to_date().await;
        let list = ListMessages { since: None, paging: Paging::default() };
        let all = house.ask(&system(), list).await.unwrap().items;
        let names: Vec<_> = all.iter().map(|message| message.username.as_str()).collect();
        assert_eq!(names, ["Annabel", "Ben", "Annabel"]);
        assert_eq!(all.iter().map(|message| message.number).collect::<Vec<_>>(), [3, 2, 1]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        for text in ["", " \n", "\u{0}", &"ü".repeat(401)] {
            assert_eq!(invalid_field(house.ask(&anna, message(text)).await), "text");
        }
        for who in [system(), anonymous()] {
            assert_eq!(refused(house.ask(&who, message("x")).await), ProfileError::Forbidden);
        }
        let list = ListMessages { since: None, paging: Paging::default() };
        assert_eq!(refused(house.ask(&anonymous(), list).await), ProfileError::Forbidden);
        assert_eq!(refused(house.ask(&listener(77), message("x")).await), ProfileError::Forbidden);
        assert_eq!(texts(&house, None).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_last_thousand_are_kept() {
    both_ways(async |house| {
        let most = usize::try_from(MOST_MESSAGES).unwrap();
        let longest = "🎵".repeat(400);
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (client, text) = (house.client.clone(), longest.clone());
            writers.spawn(async move {
                for _ in 0..100 {
                    let call = PostMessage { text: text.clone() };
                    client.call(&listener(ANNA), call).await.unwrap();
                }
            });
        }
        writers.join_all().await;
        house.ask(&listener(ANNA), message("one too many")).await.unwrap();
        let all =
            house.pages(&listener(BEN), 500, |paging| ListMessages { since: None, paging }).await;
        assert_eq!((all.len(), all[0].text.as_str()), (most, "one too many"));
        assert_eq!((all[0].number, all[most - 1].number), (MOST_MESSAGES + 1, 2));
        let list = ListMessages { since: None, paging: Paging::first(Paging::MOST) };
        let page = house.ask(&listener(BEN), list).await.unwrap();
        assert!(serde_json::to_vec(&page).unwrap().len() < 1_000_000, "it fits into a message");
    })
    .await;
}
