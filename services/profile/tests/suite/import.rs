//! What listeners did elsewhere is taken over once, and never undoes what they did here.

use hexachord_contracts::{
    Timestamp,
    feed::Changes,
    ids::{AccountId, PlayId, TrackId},
    item::{ItemId, ItemKind},
    profile::{
        Annotation, FollowProfile, ImportHistory, ImportPlaylist, ImportedFact, ListFavourites,
        ListPlays, ListTop, ProfileChange, ProfileError, ProfileSnapshot, SetFavourite, SetRating,
        Taken,
    },
};

use crate::{
    house::{
        ANNA, BEN, House, NOW, administrator, album, anonymous, artist, both_ways, heard, ids,
        invalid, listener, minutes_ago, not_found, refused, system, track,
    },
    songs::{MINUTES_2, Song},
};

pub(crate) fn play(track: u64, started_at: Timestamp) -> ImportedFact {
    ImportedFact::Play { track: TrackId(track), started_at }
}

fn plays(track: u64, plays: u32, last_played_at: Timestamp) -> ImportedFact {
    ImportedFact::Plays { track: TrackId(track), plays, last_played_at }
}

fn favourite(item: ItemId, since: Timestamp) -> ImportedFact {
    ImportedFact::Favourite { item, since: Some(since) }
}

fn rating(item: ItemId, rating: u8) -> ImportedFact {
    ImportedFact::Rating { item, rating }
}

fn history(account: u64, facts: &[ImportedFact]) -> ImportHistory {
    ImportHistory {
        account: AccountId(account),
        source: "elsewhere".to_owned(),
        facts: facts.to_vec(),
        dry_run: false,
    }
}

async fn import(house: &House, facts: &[ImportedFact]) -> Vec<Taken> {
    house.ask(&system(), history(ANNA, facts)).await.unwrap()
}

/// A row of every kind that an import leaves.
pub(crate) async fn everything(house: &House, account: u64) {
    let facts = [plays(3, 2, NOW), favourite(track(2), NOW)];
    house.ask(&system(), history(account, &facts)).await.unwrap();
    let playlist = ImportPlaylist {
        account: AccountId(account),
        source: "elsewhere".to_owned(),
        key: "1".to_owned(),
        name: "theirs".to_owned(),
        description: String::new(),
        public: false,
        tracks: ids(&[1]),
        dry_run: false,
    };
    house.ask(&system(), playlist).await.unwrap();
}

async fn music(house: &House) {
    house.scan([Song::new(1), Song::new(2), Song::new(3).album(2).artists(&[2])]).await;
}

async fn top(house: &House, kind: ItemKind) -> Vec<(ItemId, u32)> {
    let top =
        house.pages(&listener(ANNA), 10, |paging| ListTop { kind, paging, between: None }).await;
    top.iter().map(|top| (top.item, top.plays)).collect()
}

#[tokio::test]
async fn single_plays_are_taken_over_once() {
    both_ways(async |house| {
        music(&house).await;
        let facts = [play(1, minutes_ago(9)), play(1, minutes_ago(5)), play(3, minutes_ago(7))];
        assert_eq!(import(&house, &facts).await, [Taken::New; 3]);
        assert_eq!(import(&house, &facts).await, [Taken::Known; 3]);
        let listed = house.pages(&listener(ANNA), 10, |paging| ListPlays { paging }).await;
        let listed: Vec<_> = listed
            .iter()
            .map(|play| {
                assert!(play.counted && play.id != PlayId(0), "{play:?}");
                assert_eq!((play.listened_ms, &*play.device), (MINUTES_2, "elsewhere"));
                (play.track.0, play.started_at)
            })
            .collect();
        assert_eq!(listed, [(1, minutes_ago(5)), (3, minutes_ago(7)), (1, minutes_ago(9))]);
        assert_eq!(top(&house, ItemKind::Track).await, [(track(1), 2), (track(3), 1)]);
        assert_eq!(top(&house, ItemKind::Album).await, [(album(1), 2), (album(2), 1)]);
        // A player that told the same play here has told one play.
        let told = house.ask(&listener(ANNA), heard(1, minutes_ago(9), 1)).await.unwrap();
        assert!(!told.new);
        assert!(house.annotation(&listener(BEN), track(1)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn followers_hear_of_it_once() {
    both_ways(async |house| {
        music(&house).await;
        let all = ProfileSnapshot { after: None, limit: 1 };
        let before = house.ask(&system(), all).await.unwrap().head;
        let follow = |after| FollowProfile { after, limit: 500, wait_ms: 0 };
        let facts = [play(1, minutes_ago(9)), plays(1, 3, minutes_ago(5)), rating(track(1), 4)];
        import(&house, &facts).await;
        let news = house.ask(&system(), follow(before)).await.unwrap();
        let Changes::Page { items, cursor } = news else { panic!("{news:?}") };
        let heard = Annotation {
            plays: 4,
            last_played_at: Some(minutes_ago(5)),
            rating: Some(4),
            ..Annotation::none(track(1))
        };
        let heard = ProfileChange::Annotation { account: AccountId(ANNA), annotation: heard };
        assert!(items.contains(&heard), "{items:?}");
        import(&house, &facts).await;
        let news = house.ask(&system(), follow(cursor)).await.unwrap();
        assert_eq!(news, Changes::Page { items: Vec::new(), cursor });
    })
    .await;
}

#[tokio::test]
async fn counts_of_a_source_are_replaced_and_later_plays_add_up() {
    both_ways(async |house| {
        music(&house).await;
        let anna = listener(ANNA);
        house.play(&anna, 1, minutes_ago(60)).await;
        let counts = [plays(1, 10, minutes_ago(30)), plays(3, 4, minutes_ago(90))];
        assert_eq!(import(&house, &counts).await, [Taken::New; 2]);
        assert_eq!(import(&house, &counts).await, [Taken::Known; 2]);
        let after = house.annotation(&anna, track(1)).await;
        assert_eq!((after.plays, after.last_played_at), (11, Some(minutes_ago(30))));
        house.play(&anna, 1, minutes_ago(1)).await;
        assert_eq!(import(&house, &[plays(1, 12, minutes_ago(20))]).await, [Taken::Changed]);
        let after = house.annotation(&anna, track(1)).await;
        assert_eq!((after.plays, after.last_played_at), (14, Some(minutes_ago(1))));
        let other = ImportHistory { source: "third".to_owned(), ..history(ANNA, &counts[..1]) };
        assert_eq!(house.ask(&system(), other).await.unwrap(), [Taken::New]);
        assert_eq!(top(&house, ItemKind::Album).await, [(album(1), 24), (album(2), 4)]);
        assert_eq!(top(&house, ItemKind::Artist).await, [(artist(1), 24), (artist(2), 4)]);
        assert_eq!(import(&house, &[plays(1, 1, minutes_ago(20))]).await, [Taken::Changed]);
        assert_eq!(top(&house, ItemKind::Artist).await, [(artist(1), 13), (artist(2), 4)]);
    })
    .await;
}

#[tokio::test]
async fn a_favourite_that_was_given_up_here_does_not_come_back() {
    both_ways(async |house| {
        music(&house).await;
        let anna = listener(ANNA);
        let own = SetFavourite { item: track(2), favourite: true };
        house.ask(&anna, own).await.unwrap();
        let ago = minutes_ago(500);
        let undated = ImportedFact::Favourite { item: artist(2), since: None };
        let facts =
            [favourite(track(1), ago), favourite(track(2), ago), favourite(album(1), ago), undated];
        let taken = import(&house, &facts).await;
        assert_eq!(taken, [Taken::New, Taken::Known, Taken::New, Taken::New]);
        assert_eq!(import(&house, &facts).await, [Taken::Known; 4]);
        let list = house.pages(&anna, 10, |paging| ListFavourites { kind: None, paging }).await;
        let list: Vec<_> = list.iter().map(|one| (one.item, one.since)).collect();
        assert_eq!(
            list,
            [(track(2), NOW), (artist(2), NOW), (track(1), ago), (album(1), ago)],
            "the listener's own time stays"
        );
        for item in [track(1), track(2)] {
            house.ask(&anna, SetFavourite { item, favourite: false }).await.unwrap();
        }
        let taken = import(&house, &facts).await;
        assert_eq!(taken, [Taken::Kept, Taken::Kept, Taken::Known, Taken::Known]);
        assert_eq!(house.annotation(&anna, track(1)).await.favourite_since, None);
    })
    .await;
}

#[tokio::test]
async fn a_rating_follows_its_source_until_it_is_changed_here() {
    both_ways(async |house| {
        music(&house).await;
        let anna = listener(ANNA);
        house.ask(&anna, SetRating { item: track(2), rating: 5 }).await.unwrap();
        for (stars, both) in [
            (3, [Taken::New, Taken::Kept]),
            (3, [Taken::Known, Taken::Kept]),
            (4, [Taken::Changed, Taken::Kept]),
        ] {
            let taken = import(&house, &[rating(track(1), stars), rating(track(2), stars)]).await;
            assert_eq!(taken, both, "{stars}");
        }
        house.ask(&anna, SetRating { item: track(1), rating: 0 }).await.unwrap();
        for stars in [4, 5] {
            assert_eq!(import(&house, &[rating(track(1), stars)]).await, [Taken::Kept]);
        }
        let own = house.annotations(&anna, &[track(1), track(2)]).await;
        assert_eq!([own[0].rating, own[1].rating], [None, Some(5)]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_answers_the_same_and_changes_nothing() {
    both_ways(async |house| {
        music(&house).await;
        let facts = [
            play(1, minutes_ago(3)),
            plays(2, 7, minutes_ago(4)),
            favourite(album(2), minutes_ago(5)),
            rating(artist(1), 4),
            rating(track(99), 4),
        ];
        let dry = ImportHistory { dry_run: true, ..history(ANNA, &facts) };
        let dry = house.ask(&system(), dry).await.unwrap();
        let items = [track(1), track(2), album(2), artist(1)];
        let untouched = house.annotations(&listener(ANNA), &items).await;
        assert!(untouched.iter().all(Annotation::is_none), "{untouched:?}");
        assert_eq!(import(&house, &facts).await, dry);
        assert_eq!(dry, [Taken::New, Taken::New, Taken::New, Taken::New, Taken::Gone]);
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_or_ahead_is_left_out_and_the_rest_is_not() {
    both_ways(async |house| {
        music(&house).await;
        // The catalog has it, and its news have not come yet.
        house.catalog.scan_quietly(Song::new(4));
        let ahead = minutes_ago(-6);
        let facts = [
            play(77, minutes_ago(1)),
            favourite(album(77), minutes_ago(1)),
            play(4, minutes_ago(1)),
            play(1, ahead),
            plays(1, 3, ahead),
            favourite(track(1), ahead),
            play(2, minutes_ago(-4)),
        ];
        let taken = import(&house, &facts).await;
        assert_eq!(taken[..3], [Taken::Gone, Taken::Gone, Taken::New]);
        assert_eq!(taken[3..], [Taken::Ahead, Taken::Ahead, Taken::Ahead, Taken::New]);
        assert!(house.annotation(&listener(ANNA), track(1)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn only_the_program_imports_and_only_what_can_be() {
    both_ways(async |house| {
        music(&house).await;
        for who in [listener(ANNA), administrator(ANNA), anonymous()] {
            let answer = house.ask(&who, history(ANNA, &[])).await;
            assert_eq!(refused(answer), ProfileError::Forbidden);
        }
        let nobody = house.ask(&system(), history(77, &[play(1, NOW)])).await;
        assert_eq!(refused(nobody), not_found("account"));
        let one = |fact| history(ANNA, &[play(1, NOW), fact]);
        let named =
            |source: &str| ImportHistory { source: source.to_owned(), ..history(ANNA, &[]) };
        for (call, field) in [
            (one(rating(track(1), 0)), "facts[1].rating.rating"),
            (one(rating(track(1), 6)), "facts[1].rating.rating"),
            (one(plays(1, 0, NOW)), "facts[1].plays.plays"),
            (history(ANNA, &vec![play(1, NOW); 501]), "facts"),
            (named(""), "source"),
            (named("Else where"), "source"),
            (named(&"a".repeat(33)), "source"),
        ] {
            assert_eq!(invalid(house.ask(&system(), call).await).0, field);
        }
        assert!(house.annotation(&listener(ANNA), track(1)).await.is_none(), "all or nothing");
        let most: Vec<_> = (0..500).map(|n| play(1, minutes_ago(n))).collect();
        assert_eq!(import(&house, &most).await.len(), 500);
        assert_eq!(house.annotation(&listener(ANNA), track(1)).await.plays, 500);
    })
    .await;
}
