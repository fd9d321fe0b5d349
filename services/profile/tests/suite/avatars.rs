//! Avatars: one's own to change, everybody's to see.

use std::{sync::atomic::Ordering, time::Duration};

use hexachord_contracts::{
    ids::AccountId,
    profile::{Avatar, GetAvatar, Picture, ProfileError, RemoveAvatar, SetAvatar},
};

use crate::house::{
    ANNA, BEN, NOW, anonymous, both_ways, invalid_field, limited, listener, not_found, refused,
    system,
};

fn picture(end: u8) -> Picture {
    Picture(vec![0xff, 0xd8, 0xff, 0xe0, 0, end])
}

fn set(end: u8) -> SetAvatar {
    SetAvatar { picture: picture(end) }
}

fn get(account: u64) -> GetAvatar {
    GetAvatar { account: AccountId(account) }
}

#[tokio::test]
async fn everybody_sees_the_picture_that_an_account_shows() {
    both_ways(async |house| {
        let (anna, ben) = (listener(ANNA), limited(BEN, &[]));
        assert_eq!(house.ask(&ben, get(ANNA)).await, Ok(None));
        house.ask(&anna, set(1)).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        house.ask(&ben, set(2)).await.unwrap();
        let shown = Some(Avatar { picture: picture(1), changed_at: NOW });
        for who in [&anna, &ben, &system()] {
            assert_eq!(house.ask(who, get(ANNA)).await.unwrap(), shown);
        }
        house.ask(&anna, set(3)).await.unwrap();
        let shown = Some(Avatar { picture: picture(3), changed_at: house.clock.now() });
        assert_eq!(house.ask(&ben, get(ANNA)).await.unwrap(), shown, "in place of the old one");
        house.ask(&ben, RemoveAvatar {}).await.unwrap();
        assert_eq!(refused(house.ask(&ben, RemoveAvatar {}).await), not_found("avatar"));
        assert_eq!(house.ask(&anna, get(BEN)).await, Ok(None));
        assert_eq!(house.ask(&ben, get(ANNA)).await.unwrap(), shown, "that of others stays");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        let anna = listener(ANNA);
        let mut longest = picture(0).0;
        longest.resize(Picture::MOST_BYTES, 0);
        house.ask(&anna, SetAvatar { picture: Picture(longest.clone()) }).await.unwrap();
        let kept = house.ask(&anna, get(ANNA)).await.unwrap().unwrap();
        assert_eq!(kept.picture.0, longest);
        assert!(serde_json::to_vec(&kept).unwrap().len() < 1_000_000, "it fits into a message");
        longest.push(0);
        for wrong in [longest, Vec::new(), vec![0xff, 0xd8], b"<svg/>".to_vec()] {
            let refusal = house.ask(&anna, SetAvatar { picture: Picture(wrong) }).await;
            assert_eq!(invalid_field(refusal), "picture");
        }
        for who in [system(), anonymous(), listener(77)] {
            assert_eq!(refused(house.ask(&who, set(1)).await), ProfileError::Forbidden);
        }
        for who in [system(), anonymous()] {
            assert_eq!(refused(house.ask(&who, RemoveAvatar {}).await), ProfileError::Forbidden);
        }
        assert_eq!(refused(house.ask(&anonymous(), get(ANNA)).await), ProfileError::Forbidden);
        assert_eq!(refused(house.ask(&anna, get(77)).await), not_found("account"));
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_new_is_asked_for() {
    both_ways(async |house| {
        house.accounts.put_quietly(9, "Nina");
        house.accounts.is_down.store(true, Ordering::Relaxed);
        assert_eq!(refused(house.ask(&listener(ANNA), get(9)).await), ProfileError::Busy);
        house.accounts.is_down.store(false, Ordering::Relaxed);
        assert_eq!(house.ask(&listener(ANNA), get(9)).await, Ok(None));
        house.ask(&listener(9), set(1)).await.unwrap();
        assert!(house.ask(&listener(ANNA), get(9)).await.unwrap().is_some());
    })
    .await;
}
