//! Every call of recommendation as JSON, and its reasons for people.

use hexachord_contracts::{
    ids::{ArtistId, TrackId},
    recommendation::{
        ContinueFrom, FindSimilar, FindSimilarAlbums, FindSimilarArtists, FindSonic, FindSonicPath,
        GetMix, GetMixes, GetModel, MixTheme, Reason, Recommend, Rediscover,
    },
};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let travelled = [
        travels::<Recommend>(&json!({"limit": 20})),
        travels::<FindSimilar>(&json!({"item": "al-0000000000001", "limit": 20})),
        travels::<FindSimilarAlbums>(&json!({"album": "al-0000000000001", "limit": 20})),
        travels::<FindSimilarArtists>(&json!({"artist": "ar-0000000000001", "limit": 20})),
        travels::<ContinueFrom>(
            &json!({"items": ["ar-0000000000001"], "exclude": ["tr-0000000000001"], "limit": 20}),
        ),
        travels::<GetMixes>(&json!({})),
        travels::<GetMix>(&json!({"mix": "mx-0000000000001"})),
        travels::<Rediscover>(&json!({"kind": "album", "limit": 20})),
        travels::<FindSonic>(&json!({"track": "tr-0000000000001", "limit": 20})),
        travels::<FindSonicPath>(
            &json!({"from": "tr-0000000000001", "to": "tr-0000000000002", "limit": 20}),
        ),
        travels::<GetModel>(&json!({})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/recommendation.rs")));
}

#[test]
fn every_theme_has_its_words() {
    let (artist, name) = (ArtistId(1), "Hexa".to_owned());
    for (theme, words, json) in [
        (MixTheme::Discoveries, "Discoveries", json!({"kind": "discoveries"})),
        (
            MixTheme::Artist { artist, name },
            "Hexa and the like",
            json!({"kind": "artist", "artist": "ar-0000000000001", "name": "Hexa"}),
        ),
        (
            MixTheme::Genre { genre: "Jazz".to_owned() },
            "Jazz mix",
            json!({"kind": "genre", "genre": "Jazz"}),
        ),
        (MixTheme::Decade { decade: 1990 }, "The 1990s", json!({"kind": "decade", "decade": 1990})),
        (MixTheme::NewInLibrary, "New in your library", json!({"kind": "new_in_library"})),
    ] {
        assert_eq!(theme.to_string(), words);
        assert_eq!(serde_json::to_value(&theme).unwrap(), json);
        assert_eq!(serde_json::from_value::<MixTheme>(json).unwrap(), theme);
    }
}

#[test]
fn every_reason_has_its_words() {
    let (track, title) = (TrackId(1), "So What".to_owned());
    for (reason, words, json) in [
        (
            Reason::BecauseYouPlayed { track, title: title.clone() },
            "Because you played “So What”",
            json!({"kind": "because_you_played", "track": track, "title": title}),
        ),
        (
            Reason::PlayedTogether { track, title: title.clone() },
            "Played together with “So What”",
            json!({"kind": "played_together", "track": track, "title": title}),
        ),
        (
            Reason::Artist { artist: ArtistId(1), name: "Hexa".to_owned() },
            "More of Hexa",
            json!({"kind": "artist", "artist": "ar-0000000000001", "name": "Hexa"}),
        ),
        (
            Reason::Genre { genre: "Jazz".to_owned() },
            "More Jazz",
            json!({"kind": "genre", "genre": "Jazz"}),
        ),
        (
            Reason::Decade { decade: 1950 },
            "Also from the 1950s",
            json!({"kind": "decade", "decade": 1950}),
        ),
        (Reason::NewInLibrary, "New in your library", json!({"kind": "new_in_library"})),
    ] {
        assert_eq!(reason.to_string(), words);
        assert_eq!(serde_json::to_value(&reason).unwrap(), json);
        assert_eq!(serde_json::from_value::<Reason>(json).unwrap(), reason);
    }
}
