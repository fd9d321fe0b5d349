//! Lyrics in files and beside them, and who may read them.

use std::{fs, os::unix::fs::symlink};

use hexachord_contracts::{
    CallError, Caller, LibraryAccess, Role,
    catalog::{CatalogError, GetLyrics, Lyrics, LyricsSource, LyricsTexts},
    ids::TrackId,
};
use hexachord_fixtures::tag_named;

use crate::house::{House, account, flac, listener, tags};

/// What is sung first, by form and source.
fn told(lyrics: &[Lyrics]) -> Vec<(bool, LyricsSource, &str)> {
    lyrics.iter().map(|one| (one.synced, one.source, one.lines[0].text.as_str())).collect()
}

async fn lyrics(house: &House, track: TrackId) -> Vec<Lyrics> {
    house.ask(|| GetLyrics { track }).await
}

async fn house_with_one() -> (House, TrackId) {
    let house = House::with(&["Music"]).await;
    house.put("Music/a/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    house.scan().await;
    let id = house.track("Ut").await.id;
    (house, id)
}

#[tokio::test]
async fn lyrics_beside_a_file_come_change_and_go() {
    let (house, id) = house_with_one().await;
    assert!(!house.track("Ut").await.has_lyrics);
    assert_eq!(lyrics(&house, id).await, []);

    fs::write(house.path("Music/a/1.LRC"), "[00:01.00]Ut queant laxis").unwrap();
    fs::write(house.path("Music/a/1.txt"), "plain\nUt").unwrap();
    fs::write(house.path("Music/a/log.txt"), "nothing is called like it").unwrap();
    let state = house.scan().await;
    assert_eq!((state.to_read, state.updated), (1, 1));
    let found = lyrics(&house, id).await;
    let file = LyricsSource::File;
    assert_eq!(told(&found), [(true, file, "Ut queant laxis"), (false, file, "plain")]);
    assert_eq!(found[0].lines[0].start_ms, Some(1_000));
    assert!(house.track("Ut").await.has_lyrics);
    assert_eq!(house.scan().await.to_read, 0);

    fs::write(house.path("Music/a/1.LRC"), "[00:02.00]resonare fibris").unwrap();
    assert_eq!(house.scan().await.updated, 1);
    assert_eq!(told(&lyrics(&house, id).await)[0].2, "resonare fibris");
    fs::write(house.path("Music/a/log.txt"), "changed").unwrap();
    assert_eq!(house.scan().await.to_read, 0);

    house.remove("Music/a/1.LRC");
    house.remove("Music/a/1.txt");
    assert_eq!(house.scan().await.updated, 1);
    assert_eq!(lyrics(&house, id).await, []);
    assert!(!house.track("Ut").await.has_lyrics);
}

#[tokio::test]
async fn the_best_lyrics_come_first() {
    let (house, id) = house_with_one().await;
    let embedded =
        [("LYRICS", "[00:01.00]by line"), ("UNSYNCEDLYRICS", "plain"), ("SYNCEDLYRICS", "plain")];
    tag_named(house.path("Music/a/1.flac"), &embedded).unwrap();
    fs::write(house.path("Music/a/1.lrc"), "[00:01.00]<00:01.00>by <00:02.00>word").unwrap();
    fs::write(house.path("Music/a/1.txt"), b"\xFF\xFEp\0l\0\xE4\0i\0n\0").unwrap();
    house.scan().await;
    let (own, file) = (LyricsSource::Embedded, LyricsSource::File);
    let expected = [
        (true, file, "by word"),
        (true, own, "by line"),
        (false, own, "plain"),
        (false, file, "pläin"),
    ];
    assert_eq!(told(&lyrics(&house, id).await), expected);
}

#[tokio::test]
async fn lyrics_move_with_the_music() {
    let (house, id) = house_with_one().await;
    fs::write(house.path("Music/a/1.lrc"), "[00:01.00]Ut").unwrap();
    house.scan().await;
    house.rename("Music/a", "Music/b");
    let state = house.scan().await;
    assert_eq!((state.moved, house.track("Ut").await.id), (1, id));
    assert_eq!(lyrics(&house, id).await.len(), 1);
    house.rename("Music/b/1.flac", "Music/b/2.flac");
    house.scan().await;
    assert_eq!(lyrics(&house, id).await, [], "what lies there has another name");
}

#[tokio::test]
async fn files_that_are_none_are_left_alone() {
    let (house, id) = house_with_one().await;
    let secret = house.path("secret");
    fs::write(&secret, "not for listeners").unwrap();
    symlink(&secret, house.path("Music/a/1.txt")).unwrap();
    fs::create_dir(house.path("Music/a/1.lrc")).unwrap();
    assert_eq!(house.scan().await.warnings, Vec::<String>::new());
    assert_eq!(lyrics(&house, id).await, []);
    house.remove("Music/a/1.txt");
    fs::write(house.path("Music/a/1.txt"), vec![0xFF; 3_000_000]).unwrap();
    house.scan().await;
    assert!(
        lyrics(&house, id).await[0].lines.iter().map(|line| line.text.len()).sum::<usize>()
            <= 65_536
    );
}

#[tokio::test]
async fn lyrics_are_for_those_who_see_the_track() {
    let house = House::with(&["Music", "Other"]).await;
    house.put("Music/1.flac", flac(1), &tags("Guido", "Micrologus", 1, "Ut"));
    fs::write(house.path("Music/1.txt"), "Ut").unwrap();
    house.scan().await;
    let track = house.track("Ut").await.id;
    let (own, other) = (house.library("Music").await, house.library("Other").await);
    let as_caller = |caller| house.ask_as(caller, move || GetLyrics { track });
    assert_eq!(as_caller(listener(&[own])).await.unwrap().len(), 1);
    let not_found = CatalogError::NotFound { what: "track".into() };
    let refused = as_caller(listener(&[other])).await.unwrap_err();
    assert_eq!(format!("{refused:?}"), format!("{:?}", CallError::Refused(not_found.clone())));
    let refused = as_caller(Caller::Anonymous).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused(CatalogError::Forbidden)), "{refused:?}");
    let unknown = GetLyrics { track: TrackId(1) };
    let refused = house.ask_as(Caller::System, move || GetLyrics { ..unknown }).await.unwrap_err();
    assert_eq!(format!("{refused:?}"), format!("{:?}", CallError::Refused(not_found)));
}

#[tokio::test]
async fn the_program_reads_texts_of_many_tracks() {
    let (house, id) = house_with_one().await;
    let long = "Ut queant laxis resonare fibris\n".repeat(2_000);
    fs::write(house.path("Music/a/1.txt"), &long).unwrap();
    house.put("Music/b/2.flac", flac(2), &tags("Guido", "Micrologus", 2, "Re"));
    fs::write(
        house.path("Music/b/2.lrc"),
        "[00:01.00]Mira\n[00:02.00]<00:02.00>ge<00:02.50>storum",
    )
    .unwrap();
    house.scan().await;
    let second = house.track("Re").await.id;
    let texts = house.ask(|| LyricsTexts { tracks: vec![second, TrackId(1), id] }).await;
    assert_eq!(texts[0].as_deref(), Some("Mira\ngestorum"));
    assert_eq!(texts[1], None);
    let text = texts[2].as_ref().unwrap();
    assert!(text.len() <= LyricsTexts::LONGEST && text.len() > LyricsTexts::LONGEST - 100);

    let call = || LyricsTexts { tracks: vec![TrackId(1)] };
    let refused = house.ask_as(account(Role::Administrator, LibraryAccess::All), call).await;
    assert!(matches!(refused, Err(CallError::Refused(CatalogError::Forbidden))));
    let call = || LyricsTexts { tracks: vec![TrackId(1); LyricsTexts::MOST + 1] };
    let refused = house.ask_as(Caller::System, call).await;
    assert!(matches!(refused, Err(CallError::Refused(CatalogError::Invalid { .. }))));
}

#[tokio::test]
async fn links_lead_to_lyrics_within_the_library() {
    let (house, id) = house_with_one().await;
    fs::create_dir(house.path("Music/lyrics")).unwrap();
    fs::write(house.path("Music/lyrics/ut.lrc"), "[00:01.00]Ut").unwrap();
    symlink("../lyrics/ut.lrc", house.path("Music/a/1.lrc")).unwrap();
    house.scan().await;
    assert_eq!(lyrics(&house, id).await.len(), 1);
    // Music that is a link has what lies beside the link.
    fs::rename(house.path("Music/a/1.flac"), house.path("Music/.1.flac")).unwrap();
    symlink("../.1.flac", house.path("Music/a/1.flac")).unwrap();
    fs::write(house.path("Music/a/1.txt"), "Ut").unwrap();
    assert_eq!(house.scan().await.missing, 0);
    assert_eq!(lyrics(&house, id).await.len(), 2);
    fs::write(house.path("secret"), "not for listeners").unwrap();
    house.remove("Music/a/1.txt");
    symlink(house.path("secret"), house.path("Music/a/1.txt")).unwrap();
    house.scan().await;
    assert_eq!(lyrics(&house, id).await.len(), 1);
}

#[tokio::test]
async fn links_leave_cue_sheets_and_lyrics_where_they_are() {
    let (house, _) = house_with_one().await;
    let sheet = "FILE \"1.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\n\
                 INDEX 01 00:00:03\n";
    fs::write(house.path("Music/a/Guido - Micrologus.cue"), sheet).unwrap();
    fs::write(house.path("Music/a/1.txt"), "Ut").unwrap();
    house.scan().await;
    assert_eq!(house.tracks().await.len(), 2);
    fs::write(house.path("Music/booklet"), "a picture, perhaps").unwrap();
    symlink("../booklet", house.path("Music/a/booklet.jpg")).unwrap();
    let state = house.scan().await;
    assert_eq!((state.to_read, state.missing), (0, 0));
    // A disc that is a link itself is cut as well.
    house.rename("Music/a/1.flac", "Music/.1.flac");
    symlink("../.1.flac", house.path("Music/a/1.flac")).unwrap();
    let state = house.scan().await;
    assert_eq!((state.missing, house.tracks().await.len()), (0, 2));
}
