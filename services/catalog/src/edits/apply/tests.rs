//! What edits do to one row.

use std::{collections::HashMap, path::Path};

use hexachord_audio::Fingerprint;
use hexachord_contracts::{
    catalog::{ArtistEdit, ContributorRole, GenreEdit},
    ids::LibraryId,
};

use super::*;
use crate::{
    read::{MusicBrainzIds, MusicFile, TaggedContributor, Tags},
    scan::facts,
    splitting::Splitter,
};

const ID: TrackId = TrackId(7);

fn tags() -> Tags {
    let by = |role, name: &str| TaggedContributor {
        role,
        name: name.to_owned(),
        instrument: (role == ContributorRole::Performer).then(|| "piano".to_owned()),
    };
    Tags {
        title: Some("Aria".into()),
        artists: vec!["Gould".into(), "Ben".into()],
        artist_sort: vec!["Gould, Glenn".into(), "Ben".into()],
        display_artist: Some("Gould feat. Ben".into()),
        album: Some("Goldberg".into()),
        album_artists: vec!["Gould".into()],
        display_album_artist: Some("Mr Gould".into()),
        album_sort: Some("Goldberg, the".into()),
        year: Some(1955),
        date: Some("1955-06-10".into()),
        genres: vec!["Baroque".into(), "Piano".into()],
        contributors: vec![
            by(ContributorRole::Composer, "Bach"),
            by(ContributorRole::Performer, "Gould"),
            by(ContributorRole::Performer, "Glenn Gould"),
        ],
        ..Tags::default()
    }
}

fn row(tags: Tags) -> TrackRow {
    let music = MusicFile {
        fingerprint: Fingerprint([1; 16]),
        codec: "flac".into(),
        content_type: "audio/flac".into(),
        duration_ms: 1,
        bitrate_kbps: 1,
        sample_rate: 1,
        channels: 1,
        bit_depth: None,
        tags,
        picture: None,
        parts: Vec::new(),
    };
    facts(LibraryId(1), Path::new("a.flac"), 1, music, &Splitter::default()).0
}

fn after(tags: Tags, edits: &[EditOf]) -> TrackRow {
    let target = |edit: &EditOf| match edit {
        EditOf::Artist(edit) => Target::Artist(artist_id(&edit.name)),
        EditOf::Genre(edit) => Target::Genre(genre_id(&edit.name)),
        EditOf::Album(_) => Target::AlbumOf(ID),
    };
    let edits: HashMap<_, _> = edits.iter().map(|edit| (target(edit), edit.clone())).collect();
    edited(ID, row(tags), |target| Ok(edits.get(&target).cloned())).unwrap()
}

fn artist(name: &str, becomes: &[&str]) -> EditOf {
    let becomes = becomes.iter().map(|name| (*name).to_owned()).collect();
    EditOf::Artist(ArtistEdit { name: name.to_owned(), becomes })
}

fn names(credits: &[Credit]) -> Vec<&str> {
    credits.iter().map(|credit| credit.name.as_str()).collect()
}

#[test]
fn an_artist_is_renamed_wherever_it_is_named() {
    let row = after(tags(), &[artist("GOULD", &["Glenn Gould"])]);
    assert_eq!(names(&row.artists), ["Glenn Gould", "Ben"]);
    assert_eq!(names(&row.album_artists), ["Glenn Gould"]);
    assert_eq!((row.display_artist, row.display_album_artist), (None, None));
    let performers: Vec<_> =
        row.contributors.iter().map(|by| (by.role, by.artist.name.as_str())).collect();
    let wanted = [(ContributorRole::Composer, "Bach"), (ContributorRole::Performer, "Glenn Gould")];
    assert_eq!(performers, wanted, "nobody plays twice");
    // It is the album that is tagged under the new name.
    let tagged = Tags { album_artists: vec!["glenn gould".into()], ..tags() };
    assert_eq!(row.album, self::row(tagged).album);
}

#[test]
fn what_is_sorted_by_stays_with_another_spelling_and_goes_with_another_name() {
    let sorts = |row: &TrackRow| row.artists[0].sort.clone();
    assert_eq!(sorts(&after(tags(), &[])).as_deref(), Some("Gould, Glenn"));
    let respelled = after(tags(), &[artist("gould", &["GOULD"])]);
    assert_eq!(sorts(&respelled).as_deref(), Some("Gould, Glenn"));
    assert_eq!(respelled.album, row(tags()).album);
    assert_eq!(sorts(&after(tags(), &[artist("gould", &["Glenn Gould"])])), None);
}

#[test]
fn what_is_written_so_already_stays_as_it_is() {
    let tagged = row(tags());
    let same = [
        artist("Ben", &["Ben"]),
        artist("Nobody", &["Somebody"]),
        EditOf::Genre(GenreEdit { name: "Piano".into(), becomes: vec!["Piano".into()] }),
    ];
    assert_eq!(after(tags(), &same), tagged);
}

#[test]
fn one_album_edit_changes_what_it_says_and_nothing_else() {
    let describe = |edit: AlbumEdit| after(tags(), &[EditOf::Album(edit)]);
    let tagged = row(tags());
    let title = Some("Goldberg Variations".to_owned());
    let titled = describe(AlbumEdit { title, ..AlbumEdit::default() });
    assert_ne!(titled.album, tagged.album);
    let expected = TrackRow {
        album: titled.album,
        album_title: "Goldberg Variations".into(),
        album_sort: None,
        ..tagged.clone()
    };
    assert_eq!(titled, expected);
    let respelled = describe(AlbumEdit { title: Some("GOLDBERG".into()), ..AlbumEdit::default() });
    assert_eq!((respelled.album, respelled.album_sort), (tagged.album, tagged.album_sort.clone()));

    let year = |year| describe(AlbumEdit { year: Some(year), ..AlbumEdit::default() });
    assert_eq!(year(1955).date.as_deref(), Some("1955-06-10"));
    assert_eq!((year(1981).year, year(1981).date), (Some(1981), Some("1981".to_owned())));

    let artists = Some(vec!["Gould".to_owned(), "Bach".to_owned()]);
    let by_two = describe(AlbumEdit { artists, ..AlbumEdit::default() });
    assert_eq!(names(&by_two.album_artists), ["Gould", "Bach"]);
    assert_eq!((by_two.display_album_artist, &by_two.artists), (None, &tagged.artists));
}

#[test]
fn an_album_that_is_described_is_of_no_release_any_more() {
    let released = |release: &str| Tags {
        musicbrainz: MusicBrainzIds {
            album: Some(release.to_owned()),
            release_group: Some("group".into()),
            recording: Some("recording".into()),
            ..MusicBrainzIds::default()
        },
        ..tags()
    };
    let edit = || EditOf::Album(AlbumEdit { disc_number: Some(2), ..AlbumEdit::default() });
    let (one, two) = (after(released("one"), &[edit()]), after(released("two"), &[edit()]));
    assert_ne!(row(released("one")).album, row(released("two")).album);
    assert_eq!((one.album, one.musicbrainz.release.clone()), (two.album, None));
    assert_eq!(one.musicbrainz.recording.as_deref(), Some("recording"));
    // A new name of its artist alone leaves it where it is.
    let renamed = after(released("one"), &[artist("Gould", &["Glenn Gould"])]);
    assert_eq!(renamed.album, row(released("one")).album);
}

#[test]
fn a_compilation_takes_the_tracks_own_artists_from_the_album_only() {
    let compilation =
        || EditOf::Album(AlbumEdit { compilation: Some(true), ..AlbumEdit::default() });
    let row = after(tags(), &[compilation()]);
    assert_eq!((names(&row.album_artists), row.compilation), (vec!["Gould"], true));
    let own = Tags { album_artists: Vec::new(), ..tags() };
    let row = after(own, &[compilation()]);
    assert_eq!(names(&row.album_artists), [VARIOUS_ARTISTS]);
    assert_eq!(names(&row.artists), ["Gould", "Ben"]);
}
