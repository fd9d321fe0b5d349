//! Tracks are found by what another program knew of them.

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        ArtistEdit, CatalogError, EditOf, ForgetTracks, Forgotten, MatchTracks, MatchedBy,
        PutEdits, WantedTrack,
    },
    ids::TrackId,
};
use hexachord_fixtures::Tags;

use crate::house::{House, context, flac, listener, tags};

fn at(path: &str) -> WantedTrack {
    WantedTrack { path: Some(path.to_owned()), ..WantedTrack::default() }
}

fn tagged(title: &str, artist: &str, album: &str) -> WantedTrack {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    WantedTrack {
        title: text(title),
        artist: text(artist),
        album: text(album),
        ..WantedTrack::default()
    }
}

async fn found(house: &House, wanted: &[WantedTrack]) -> Vec<Option<(TrackId, MatchedBy)>> {
    let found = house.ask(|| MatchTracks { wanted: wanted.to_vec() }).await;
    found.into_iter().map(|one| one.map(|one| (one.track, one.by))).collect()
}

async fn two_libraries() -> House {
    let house = House::with(&["Music", "More"]).await;
    house.put("Music/Guido/Micrologus/01.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("Music/Guido/Micrologus/02.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    house.put("Music/alone.flac", flac(3), &tags("Perotin", "Magnus liber", 1, "Viderunt"));
    house.put("More/Both/1.flac", flac(4), &tags("Leonin", "Organa", 1, "Here"));
    house.put("Music/Both/1.flac", flac(5), &tags("Leonin", "Organa", 2, "There"));
    house.scan().await;
    house
}

#[tokio::test]
async fn a_path_is_matched_from_its_end() {
    let house = two_libraries().await;
    let (ut, alone) = (house.track("Ut").await.id, house.track("Viderunt").await.id);
    let by_path = |track| Some((track, MatchedBy::Path));
    for (path, expected) in [
        ("Guido/Micrologus/01.flac", by_path(ut)),
        ("/mnt/disk/music/Guido/Micrologus/01.flac", by_path(ut)),
        ("//srv/./Guido//Micrologus/01.flac", by_path(ut)),
        ("alone.flac", by_path(alone)),
        ("/alone.flac", by_path(alone)),
        // A file name says too little below a folder that is not ours.
        ("/mnt/alone.flac", None),
        ("Micrologus/01.flac", None),
        ("guido/Micrologus/01.flac", None),
        ("/music/Both/1.flac", None),
        ("Guido/Micrologus", None),
        ("", None),
        ("/", None),
    ] {
        assert_eq!(found(&house, &[at(path)]).await, [expected], "{path}");
    }
    // In two libraries: the tags tell.
    let there = WantedTrack { path: at("x/Both/1.flac").path, ..tagged("There", "Leonin", "") };
    let there = found(&house, &[there]).await;
    assert_eq!(there, [Some((house.track("There").await.id, MatchedBy::Tags))]);
}

#[tokio::test]
async fn tags_match_where_the_path_is_another() {
    let house = two_libraries().await;
    let ut = Some((house.track("Ut").await.id, MatchedBy::Tags));
    for (wanted, expected) in [
        (tagged("Ut", "Guido", "Micrologus"), ut),
        (tagged(" UT ", "guido", "MICROLOGUS"), ut),
        (tagged("Ut", "Guido • Perotin", "Micrologus"), ut),
        (tagged("Ut", "Someone feat. Guido", "Micrologus"), ut),
        (tagged("Ut", "Guido", ""), ut),
        (tagged("Ut", "Guido", "Another"), None),
        (tagged("Ut", "Perotin", "Micrologus"), None),
        (tagged("Ut", "", "Micrologus"), None),
        (tagged("", "Guido", "Micrologus"), None),
        (WantedTrack::default(), None),
    ] {
        assert_eq!(found(&house, std::slice::from_ref(&wanted)).await, [expected], "{wanted:?}");
    }
}

#[tokio::test]
async fn of_several_the_number_and_the_length_tell() {
    let house = House::with(&["Music"]).await;
    let on = |album: &str, disc, number| Tags {
        disc: Some(disc),
        ..tags("Guido", album, number, "Intro")
    };
    house.put("Music/1.flac", flac(1), &on("Hymns", 1, 1));
    house.put("Music/2.flac", flac(2), &on("Hymns", 2, 1));
    let long = hexachord_fixtures::Piece { frames: 2_000, ..flac(3) };
    house.put("Music/3.flac", long, &on("Live", 1, 1));
    house.scan().await;
    let all = house.tracks().await;
    let of = |album: &str, disc| {
        let mut found = all
            .iter()
            .filter(|track| (track.album.title.as_str(), track.disc_number) == (album, Some(disc)));
        found.next().unwrap()
    };
    let (second, live) = (of("Hymns", 2), of("Live", 1));
    assert!(live.duration_ms > second.duration_ms + 6_000, "{live:?}");
    let intro = tagged("Intro", "Guido", "Hymns");
    let numbered = WantedTrack { disc_number: Some(2), track_number: Some(1), ..intro.clone() };
    let odd = WantedTrack { track_number: Some(7), ..intro.clone() };
    let lasting = |duration_ms, album: &str| WantedTrack {
        duration_ms: Some(duration_ms),
        ..tagged("Intro", "Guido", album)
    };
    let wanted = [
        numbered,
        odd,
        tagged("Intro", "Guido", ""),
        tagged("Intro", "Guido", "Live"),
        lasting(live.duration_ms + 2_900, ""),
        lasting(live.duration_ms - 2_900, "Another"),
        lasting(live.duration_ms + 3_100, "Another"),
        lasting(second.duration_ms, ""),
    ];
    let found: Vec<_> =
        found(&house, &wanted).await.into_iter().map(|one| one.map(|one| one.0)).collect();
    let live = Some(live.id);
    assert_eq!(found, [Some(second.id), None, None, live, live, live, None, None]);
}

#[tokio::test]
async fn missing_tracks_are_found_too() {
    let house = two_libraries().await;
    let (ut, re) = (house.track("Ut").await.id, house.track("Re").await.id);
    house.rename("Music/Guido/Micrologus/01.flac", "aside.flac");
    house.rename("Music/Guido/Micrologus/02.flac", "beside.flac");
    assert_eq!(house.scan().await.missing, 2);
    // A re-encoding is another track of the same tags: what plays is meant.
    house.put("Music/new.flac", flac(9), &tags("Guido", "Micrologus", 2, "Re"));
    house.scan().await;
    let wanted = [
        at("/music/Guido/Micrologus/01.flac"),
        tagged("Ut", "Guido", "Micrologus"),
        at("/music/Guido/Micrologus/02.flac"),
        tagged("Re", "Guido", "Micrologus"),
    ];
    let new = house.track("Re").await.id;
    assert_ne!(new, re);
    let expected = [
        (ut, MatchedBy::Path),
        (ut, MatchedBy::Tags),
        (re, MatchedBy::Path),
        (new, MatchedBy::Tags),
    ];
    assert_eq!(found(&house, &wanted).await, expected.map(Some));
}

#[tokio::test]
async fn what_is_hidden_changes_nothing_about_what_is_found() {
    let house = two_libraries().await;
    house.put("More/Guido/Micrologus/01.flac", flac(6), &tags("Guido", "Micrologus", 1, "Ut"));
    house.put("More/Gone/Away/1.flac", flac(7), &tags("Guido", "Micrologus", 3, "Mi"));
    house.scan().await;
    house.remove("More/Gone/Away/1.flac");
    assert_eq!(house.scan().await.missing, 1);
    let there = house.track("There").await.id;
    let wanted = [
        // In both libraries.
        at("/music/Both/1.flac"),
        tagged("Ut", "Guido", "Micrologus"),
        // A path of the other library says nothing about what is found by the tags.
        WantedTrack { path: at("/x/Both/2.flac").path, ..tagged("There", "Leonin", "Organa") },
        WantedTrack { path: at("/x/Gone/Away/1.flac").path, ..tagged("There", "Leonin", "Organa") },
        // Missing, and only in the other library.
        at("Gone/Away/1.flac"),
        tagged("Mi", "Guido", "Micrologus"),
        tagged("Here", "Leonin", "Organa"),
    ];
    let viewer = listener(&[house.library("Music").await]);
    let ask = || MatchTracks { wanted: wanted.to_vec() };
    let seen = house.ask_as(viewer, ask).await.unwrap();
    let seen: Vec<_> = seen.into_iter().map(|one| one.map(|one| (one.track, one.by))).collect();
    let ut = seen[1].expect("the copy that is seen is the only one").0;
    assert_eq!(
        seen,
        [
            Some((there, MatchedBy::Path)),
            Some((ut, MatchedBy::Tags)),
            Some((there, MatchedBy::Tags)),
            Some((there, MatchedBy::Tags)),
            None,
            None,
            None,
        ]
    );
    let everything = found(&house, &wanted).await;
    assert_eq!(everything[0], None, "the program sees both");
    assert!(everything[3..].iter().all(Option::is_some), "{everything:?}");
    assert!(everything[3] != seen[3]);
}

#[tokio::test]
async fn nobody_asks_without_an_account_or_for_too_many() {
    let house = two_libraries().await;
    let ask = |count: usize| move || MatchTracks { wanted: vec![at("a/b/c"); count] };
    let refused = house.ask_as(Caller::Anonymous, ask(1)).await.unwrap_err();
    assert_eq!(refused, CallError::Refused(CatalogError::Forbidden));
    assert_eq!(house.ask(ask(MatchTracks::MOST)).await, vec![None; MatchTracks::MOST]);
    let refused = house.ask_as(Caller::System, ask(MatchTracks::MOST + 1)).await.unwrap_err();
    assert!(matches!(
        refused,
        CallError::Refused(CatalogError::Invalid { field, .. }) if field == "wanted"
    ));
}

#[tokio::test]
async fn a_forgotten_track_is_not_found_where_its_file_cannot_be_read() {
    let house = two_libraries().await;
    let ut = house.track("Ut").await.id;
    let path = "Guido/Micrologus/01.flac";
    std::fs::write(house.path(&format!("Music/{path}")), "no music").unwrap();
    house.scan().await;
    assert_eq!(found(&house, &[at(path)]).await, [Some((ut, MatchedBy::Path))]);
    let call = ForgetTracks { which: Forgotten::These(vec![ut]) };
    house.ways[0].client.call(&context(Caller::System), call).await.unwrap();
    assert_eq!(found(&house, &[at(path)]).await, [None]);
}

#[tokio::test]
async fn artists_are_known_by_the_names_that_edits_replace() {
    let house = two_libraries().await;
    let (ut, here) = (house.track("Ut").await.id, house.track("Here").await.id);
    let edit = |name: &str, becomes: &[&str]| {
        let becomes = becomes.iter().map(|name| (*name).to_owned()).collect();
        EditOf::Artist(ArtistEdit { name: name.to_owned(), becomes })
    };
    let edits = vec![edit("guido", &["Guy", "Guido of Arezzo"]), edit("Leonin", &["Perotin"])];
    let call = PutEdits { edits };
    house.ways[0].client.call(&context(Caller::System), call).await.unwrap();
    let by_tags = |track| Some((track, MatchedBy::Tags));
    for (wanted, expected) in [
        (tagged("Ut", "Guido", "Micrologus"), by_tags(ut)),
        (tagged("Ut", "Guido of Arezzo", "Micrologus"), by_tags(ut)),
        (tagged("Ut", "Someone feat. GUIDO", "Micrologus"), by_tags(ut)),
        (tagged("Here", "Leonin", "Organa"), by_tags(here)),
        (tagged("Here", "Guido", "Organa"), None),
    ] {
        assert_eq!(found(&house, std::slice::from_ref(&wanted)).await, [expected], "{wanted:?}");
    }
}
