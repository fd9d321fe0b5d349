//! What tags say, as listeners see it.

use hexachord_contracts::{
    catalog::{ContributorRole, GetAlbum, GetArtist, ListArtists},
    decibels::Decibels,
    page::Paging,
};
use hexachord_fixtures::{Format, Piece, Tags, tag_named};

use crate::house::{House, flac, tags};

const RELEASE: &str = "c5d3a8f0-0000-4000-8000-00000000000a";
const ARTIST: &str = "c5d3a8f0-0000-4000-8000-00000000000b";

const TEXTS: [(&str, &str); 24] = [
    ("ARTISTS", "Paolo"),
    ("ARTISTS", "Guido"),
    ("DISCSUBTITLE", "Vespers"),
    ("RELEASEDATE", "1997-05-21"),
    ("ORIGINALDATE", "1962-11"),
    ("MOOD", "Calm"),
    ("BPM", "128"),
    ("INITIALKEY", "8A"),
    ("ITUNESADVISORY", "1"),
    ("ISRC", "USS1Z9900001"),
    ("LABEL", "Scriptorium"),
    ("CATALOGNUMBER", "SC 1"),
    ("RELEASETYPE", "album"),
    ("RELEASETYPE", "live"),
    ("COMPOSER", "Hildegard"),
    ("COMPOSERSORT", "Bingen, Hildegard"),
    ("PERFORMER", "Guido (monochord)"),
    ("CONDUCTOR", "Odo"),
    ("REMIXER", "DJ Neuma"),
    ("REPLAYGAIN_TRACK_GAIN", "-7.31 dB"),
    ("REPLAYGAIN_ALBUM_PEAK", "0.5"),
    ("MUSICBRAINZ_ALBUMID", RELEASE),
    ("MUSICBRAINZ_ARTISTID", ARTIST),
    ("LYRICS", "[00:01.00]Ut queant laxis"),
];

#[tokio::test]
async fn a_track_of_every_format_tells_everything() {
    let house = House::with(&["Music"]).await;
    for (number, format) in (1..).zip(Format::ALL) {
        let title = format!("{format:?}");
        let file = format!("Music/{number}.{}", format.extension());
        let written =
            Tags { disc: Some(2), ..tags("Paolo with Guido", "Micrologus", number, &title) };
        house.put(&file, Piece::new(format, 7), &written);
        tag_named(house.path(&file), &TEXTS).unwrap();
    }
    assert_eq!(house.scan().await.added, 9);
    for format in Format::ALL {
        let track = house.track(&format!("{format:?}")).await;
        let artists: Vec<&str> = track.artists.iter().map(|artist| artist.name.as_str()).collect();
        assert_eq!(artists, ["Paolo", "Guido"], "{format:?}");
        assert_eq!(track.display_artist, "Paolo with Guido", "{format:?}");
        assert_eq!(track.disc_title.as_deref(), Some("Vespers"), "{format:?}");
        assert_eq!((track.year, track.date.as_deref()), (Some(1997), Some("1997-05-21")));
        assert_eq!(track.original_date.as_deref(), Some("1962-11"), "{format:?}");
        assert_eq!((track.moods, track.bpm), (vec!["Calm".to_owned()], Some(128)), "{format:?}");
        assert_eq!((track.key.as_deref(), track.explicit), (Some("8A"), Some(true)), "{format:?}");
        assert_eq!(track.isrc, ["USS1Z9900001"], "{format:?}");
        assert_eq!(track.replay_gain.track_gain, Some(Decibels(-731)), "{format:?}");
        assert_eq!(track.replay_gain.album_peak, Some(500_000), "{format:?}");
        assert_eq!(track.musicbrainz.release.as_deref(), Some(RELEASE), "{format:?}");
        assert_eq!(track.musicbrainz.artists, [ARTIST], "{format:?}");
        assert!(track.has_lyrics, "{format:?}");
        let people: Vec<_> = track
            .contributors
            .iter()
            .map(|one| (one.role, one.artist.name.as_str(), one.instrument.as_deref()))
            .collect();
        let expected = [
            (ContributorRole::Composer, "Hildegard", None),
            (ContributorRole::Conductor, "Odo", None),
            (ContributorRole::Performer, "Guido", Some("monochord")),
            (ContributorRole::Remixer, "DJ Neuma", None),
        ];
        assert_eq!(people, expected, "{format:?}");
    }
    // All are one album: they have one release.
    let album = house.track("Flac").await.album.id;
    let album = house.ask(|| GetAlbum { album }).await.album;
    assert_eq!((album.track_count, album.date.as_deref()), (9, Some("1997-05-21")));
    assert_eq!(album.original_date.as_deref(), Some("1962-11"));
    assert_eq!((album.labels.as_slice(), album.explicit), (&["Scriptorium".to_owned()][..], true));
    assert_eq!(album.catalogue_numbers, ["SC 1"]);
    assert_eq!(album.release_types, ["album", "live"]);
    assert_eq!((album.disc_titles[0].disc, album.disc_titles[0].title.as_str()), (2, "Vespers"));
}

#[tokio::test]
async fn who_plays_an_instrument_is_no_artist_of_the_track() {
    let house = House::with(&["Music"]).await;
    house.put("Music/1.flac", flac(1), &tags("Paolo", "Micrologus", 1, "Ut"));
    let people =
        [("PERFORMER", "Guido (harp)"), ("COMPOSER", "Hildegard"), ("COMPOSERSORT", "Bingen")];
    tag_named(house.path("Music/1.flac"), &people).unwrap();
    house.scan().await;
    let track = house.track("Ut").await;
    assert_eq!(track.artists.len(), 1);
    let guido = track.contributors.iter().find(|one| one.artist.name == "Guido").unwrap();
    let artist = guido.artist.id;
    let guido = house.ask(|| GetArtist { artist }).await.artist;
    assert_eq!((guido.track_count, guido.contribution_count), (0, 1));
    let call = || ListArtists { paging: Paging::first(50), ..ListArtists::default() };
    let listed = house.ask(call).await.items;
    assert!(listed.iter().any(|artist| artist.name == "Paolo"));
    let composer = track.contributors.iter().find(|one| one.artist.name == "Hildegard").unwrap();
    let artist = composer.artist.id;
    let composer = house.ask(|| GetArtist { artist }).await.artist;
    assert_eq!((composer.sort_name.as_str(), composer.contribution_count), ("Bingen", 1));
}
