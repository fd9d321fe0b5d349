//! Files that hold a whole disc, and the sheets that cut them.

use std::fs;

use hexachord_contracts::{
    CallError, Caller,
    catalog::{
        CatalogError, FolderItem, GetAlbum, GetTrack, ListFolder, ListUnreadable, Locate,
        StartScan, Track,
    },
    ids::TrackId,
    page::Paging,
};
use hexachord_fixtures::{Format, Piece, tag_named};

use crate::house::{House, tags};

/// A sheet for `file` with a piece at each of these times, in frames of 1/75 second.
fn sheet(file: &str, pieces: &[(u32, &str, u32)]) -> String {
    let piece = |(number, title, frames): &(u32, &str, u32)| {
        let (seconds, frames) = (frames / 75, frames % 75);
        format!(
            "  TRACK {number:02} AUDIO\n    TITLE \"{title}\"\n    INDEX 01 00:{seconds:02}:{frames:02}\n"
        )
    };
    let pieces: Vec<String> = pieces.iter().map(piece).collect();
    format!("PERFORMER \"Guido\"\nTITLE \"Disc\"\nFILE \"{file}\" WAVE\n{}", pieces.concat())
}

const THREE: [(u32, &str, u32); 3] = [(1, "Ut", 0), (2, "Re", 30), (3, "Mi", 80)];

fn disc(seed: u64) -> Piece {
    // Two seconds.
    Piece { frames: 500, ..Piece::new(Format::Flac, seed) }
}

async fn house_with_a_disc() -> House {
    let house = House::with(&["Music", "Other"]).await;
    house.put("Music/a/disc.flac", disc(1), &tags("Guido", "Disc", 1, "The whole"));
    house.scan().await;
    house
}

fn write_sheet(house: &House, at: &str, pieces: &[(u32, &str, u32)]) {
    fs::write(house.path(at), sheet("disc.wav", pieces)).unwrap();
}

/// Tracks in the order of their numbers.
async fn pieces(house: &House) -> Vec<Track> {
    let mut tracks = house.tracks().await;
    tracks.sort_by_key(|track| track.track_number);
    tracks
}

fn ids(tracks: &[Track]) -> Vec<TrackId> {
    tracks.iter().map(|track| track.id).collect()
}

fn titles(tracks: &[Track]) -> Vec<&str> {
    tracks.iter().map(|track| track.title.as_str()).collect()
}

#[tokio::test]
async fn a_sheet_beside_a_file_cuts_it_into_tracks() {
    let house = house_with_a_disc().await;
    let whole = house.track("The whole").await;
    assert_eq!(whole.excerpt, None);
    // Of any name: what it says decides.
    write_sheet(&house, "Music/a/Guido - Disc.CUE", &THREE);
    let state = house.scan().await;
    assert_eq!((state.to_read, state.added, state.missing), (1, 3, 1));
    let tracks = pieces(&house).await;
    assert_eq!(titles(&tracks), ["Ut", "Re", "Mi"]);
    let times = tracks.iter().filter_map(|track| track.excerpt);
    let times: Vec<_> = times.map(|part| (part.start_us, part.end_us)).collect();
    let (re, mi) = (400_000, 1_066_667);
    assert_eq!(times, [(0, Some(re)), (re, Some(mi)), (mi, None)]);
    let lengths: Vec<u64> = tracks.iter().map(|track| track.duration_ms).collect();
    assert_eq!(lengths, [400, 666, whole.duration_ms - 1_066]);
    assert_eq!(ids(&tracks).iter().filter(|id| **id == whole.id).count(), 0);
    let gone = house.ask(|| GetTrack { track: whole.id }).await;
    assert!(gone.missing_since.is_some(), "its stars wait for it");
    for track in &tracks {
        let located = house.ask(|| Locate { track: track.id }).await;
        let path = house.path("Music/a/disc.flac").into_os_string().into_encoded_bytes();
        assert_eq!((located.path, located.excerpt), (path, track.excerpt));
    }
    let album = house.ask(|| GetAlbum { album: tracks[0].album.id }).await;
    assert_eq!((album.album.title.as_str(), album.tracks.len()), ("Disc", 3));
    let library = house.library("Music").await;
    let folder = hexachord_contracts::catalog::FolderId { library, path: b"a".to_vec() };
    let page = house.ask(|| ListFolder { folder: folder.clone(), paging: Paging::default() }).await;
    let listed = page.items.into_iter().map(|item| match item {
        FolderItem::Track(track) => track.title,
        FolderItem::Folder(folder) => folder.name,
    });
    assert_eq!(listed.collect::<Vec<_>>(), ["Ut", "Re", "Mi"]);
    assert_eq!(house.scan().await.to_read, 0);

    house.remove("Music/a/Guido - Disc.CUE");
    let state = house.scan().await;
    assert_eq!((state.added, state.missing), (0, 3));
    assert_eq!(ids(&house.tracks().await), [whole.id], "it is back as itself");
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), ids(&tracks), "and so are they");
}

#[tokio::test]
async fn pieces_stay_who_they_are() {
    let house = house_with_a_disc().await;
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.scan().await;
    let before = ids(&pieces(&house).await);

    write_sheet(&house, "Music/a/disc.cue", &[(1, "ut", 0), (2, "re", 33), (3, "mi", 81)]);
    let state = house.scan().await;
    assert_eq!(
        (state.updated, state.added, state.missing),
        (3, 0, 0),
        "retitled and cut elsewhere"
    );
    assert_eq!(ids(&pieces(&house).await), before);
    assert_eq!(pieces(&house).await[1].excerpt.map(|part| part.start_us), Some(440_000));

    house.rename("Music/a", "Other/b");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (3, 0, 0), "moved to another library");
    assert_eq!(ids(&pieces(&house).await), before);

    write_sheet(&house, "Other/b/disc.cue", &[(1, "ut", 0), (2, "re", 33)]);
    let state = house.scan().await;
    assert_eq!((state.updated, state.missing), (1, 1), "one is cut no longer, one is longer");
    assert_eq!(ids(&pieces(&house).await), before[..2]);
    write_sheet(&house, "Other/b/disc.cue", &THREE);
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), before);

    house.remove("Other/b/disc.flac");
    let accepted = StartScan { accept_losses: true, ..StartScan::default() };
    assert_eq!(house.scan_with(accepted).await.missing, 3);
    assert_eq!(house.tracks().await, []);
    let located = house.ask_as(Caller::System, || Locate { track: before[0] });
    assert_eq!(located.await.unwrap_err(), CallError::Refused(CatalogError::Missing));
    disc(1).write(house.path("Other/b/disc.flac")).unwrap();
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), before, "without its tags, too");
    let house = house.fresh().await;
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), before, "and with the data deleted");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_loses_its_pieces_until_it_can() {
    let house = house_with_a_disc().await;
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.scan().await;
    let before = ids(&pieces(&house).await);
    fs::write(house.path("Music/a/disc.flac"), "damaged").unwrap();
    let state = house.scan().await;
    assert_eq!((state.missing, state.unreadable), (3, 1));
    let unreadable = house.ask(|| ListUnreadable { paging: Paging::default() }).await.items;
    assert_eq!(unreadable.len(), 1, "one file: {unreadable:?}");
    assert_eq!(house.scan().await.missing, 0);
    disc(1).write(house.path("Music/a/disc.flac")).unwrap();
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), before);
    assert_eq!(house.ask(|| ListUnreadable { paging: Paging::default() }).await.items.len(), 0);
}

#[tokio::test]
async fn a_piece_that_was_forgotten_moves_no_other_one() {
    let house = house_with_a_disc().await;
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.scan().await;
    let before = pieces(&house).await;
    let four = [(1, "Ut", 0), (2, "Ut again", 15), (3, "Re", 30), (4, "Mi", 80)];
    write_sheet(&house, "Music/a/disc.cue", &four);
    let state = house.scan().await;
    assert_eq!((state.added, state.missing), (1, 0));
    let after = pieces(&house).await;
    assert_eq!(titles(&after), ["Ut", "Ut again", "Re", "Mi"]);
    let [ut, _new, re, mi] = &ids(&after)[..] else { panic!("four pieces") };
    assert_eq!([*ut, *re, *mi], ids(&before)[..]);

    write_sheet(&house, "Music/a/disc.cue", &[(1, "Re", 30), (2, "MI!", 80)]);
    let state = house.scan().await;
    assert_eq!((state.added, state.missing), (0, 2));
    assert_eq!(ids(&pieces(&house).await), [*re, *mi], "by where it begins, too");
}

#[tokio::test]
async fn a_better_rip_is_the_same_pieces_even_if_it_was_seen_half() {
    let house = house_with_a_disc().await;
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.scan().await;
    let before = ids(&pieces(&house).await);
    fs::write(house.path("Music/a/disc.flac"), "half").unwrap();
    house.scan().await;
    disc(2).write(house.path("Music/a/disc.flac")).unwrap();
    house.scan().await;
    assert_eq!(ids(&pieces(&house).await), before);
}

#[tokio::test]
async fn a_disc_that_goes_is_one_file() {
    let house = House::with(&["Music"]).await;
    for number in 1..=2_u32 {
        let pieces: Vec<_> = (1..=25).map(|piece| (piece, "Piece", piece * 5)).collect();
        let place = format!("Music/{number}/disc");
        house.put(&format!("{place}.flac"), disc(number.into()), &tags("G", "D", 1, "Whole"));
        write_sheet(&house, &format!("{place}.cue"), &pieces);
    }
    house.scan().await;
    assert_eq!(house.tracks().await.len(), 50);
    house.remove("Music/1/disc.flac");
    let state = house.scan().await;
    assert_eq!((state.missing, state.warnings.len()), (25, 0), "{:?}", state.warnings);
}

#[tokio::test]
async fn a_sheet_may_stand_in_the_file() {
    let house = house_with_a_disc().await;
    let inside = sheet("of any name.wav", &THREE[..2]);
    tag_named(house.path("Music/a/disc.flac"), &[("CUESHEET", &inside)]).unwrap();
    house.scan().await;
    assert_eq!(titles(&pieces(&house).await), ["Ut", "Re"]);
    let before = ids(&pieces(&house).await);
    write_sheet(&house, "Music/a/disc.cue", &[(1, "first", 0), (2, "second", 30)]);
    house.scan().await;
    assert_eq!(
        titles(&pieces(&house).await),
        ["first", "second"],
        "beside it is easier to correct"
    );
    assert_eq!(ids(&pieces(&house).await), before);
}

#[tokio::test]
async fn a_sheet_for_a_file_each_cuts_nothing() {
    let house = House::with(&["Music"]).await;
    let mut sheet = vec!["TITLE Disc\n".to_owned()];
    for number in 1..=3 {
        let file = format!("{number}.flac");
        house.put(&format!("Music/a/{file}"), disc(number), &tags("G", "D", 1, &file));
        sheet.push(format!("FILE \"{file}\" WAVE\nTRACK 0{number} AUDIO\nINDEX 01 00:00:00\n"));
    }
    fs::write(house.path("Music/a/Disc.cue"), sheet.concat()).unwrap();
    house.scan().await;
    let tracks = house.tracks().await;
    assert_eq!(titles(&tracks), ["1.flac", "2.flac", "3.flac"]);
    assert!(tracks.iter().all(|track| track.excerpt.is_none()));
}

#[tokio::test]
async fn two_copies_of_a_disc_are_told_apart() {
    let house = house_with_a_disc().await;
    write_sheet(&house, "Music/a/disc.cue", &THREE);
    house.put("Music/b/disc.flac", disc(1), &tags("Guido", "Disc", 1, "The whole"));
    write_sheet(&house, "Music/b/disc.cue", &THREE);
    house.scan().await;
    let places = async || {
        let mut places = Vec::new();
        for track in house.tracks().await {
            let path = house.ask(|| Locate { track: track.id }).await.path;
            let folder = path.strip_suffix(b"/disc.flac").and_then(|path| path.last().copied());
            places.push((track.id, track.track_number, folder.map(char::from)));
        }
        places.sort();
        places
    };
    let before = places().await;
    assert_eq!(before.len(), 6);
    house.rename("Music/a", "Music/c");
    house.rename("Music/b", "Music/d");
    let state = house.scan().await;
    assert_eq!((state.moved, state.added, state.missing), (6, 0, 0));
    let moved = before.into_iter().map(|(id, number, folder)| {
        (id, number, folder.map(|folder| if folder == 'a' { 'c' } else { 'd' }))
    });
    assert_eq!(places().await, moved.collect::<Vec<_>>());
}
