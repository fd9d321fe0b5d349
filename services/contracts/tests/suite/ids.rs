//! Every kind of id is one to one with its text, its JSON, and with nothing else.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use hexachord_contracts::ids::{
    AccountId, AlbumId, ArtistId, DeviceKeyId, GenreId, InviteId, LibraryId, NotAnId, SessionId,
    TrackId,
};
use proptest::{prelude::*, test_runner::RngSeed};
use serde::{Serialize, de::DeserializeOwned};

/// An id's text must read back as this id only; answers the text.
fn round_trip<I>(id: I) -> String
where
    I: Copy + Debug + Display + PartialEq + FromStr<Err = NotAnId> + Serialize + DeserializeOwned,
{
    let text = id.to_string();
    assert_eq!(text.parse(), Ok(id));
    assert_eq!(serde_json::to_value(id).unwrap(), *text);
    assert_eq!(serde_json::from_value::<I>(text.clone().into()).unwrap(), id);
    assert!(serde_json::from_str::<I>("5").is_err(), "a bare number is no id");
    assert!(text.to_uppercase().parse::<I>().is_err());
    assert!(format!(" {text}").parse::<I>().is_err());
    text
}

/// The text of `number` as each kind of id.
fn of_every_kind(number: u64) -> [String; 9] {
    [
        round_trip(AccountId(number)),
        round_trip(SessionId(number)),
        round_trip(DeviceKeyId(number)),
        round_trip(InviteId(number)),
        round_trip(LibraryId(number)),
        round_trip(TrackId(number)),
        round_trip(AlbumId(number)),
        round_trip(ArtistId(number)),
        round_trip(GenreId(number)),
    ]
}

#[test]
fn prefixes_and_digits_are_pinned() {
    assert_eq!(
        of_every_kind(0x0123_4567_89ab_cdef),
        [
            "ac-028t5cy4tqkff",
            "se-028t5cy4tqkff",
            "dk-028t5cy4tqkff",
            "in-028t5cy4tqkff",
            "li-028t5cy4tqkff",
            "tr-028t5cy4tqkff",
            "al-028t5cy4tqkff",
            "ar-028t5cy4tqkff",
            "ge-028t5cy4tqkff",
        ],
    );
    assert_eq!(of_every_kind(u64::MAX)[5], "tr-fzzzzzzzzzzzz");
}

#[test]
fn what_is_quoted_back_is_short() {
    let error = "x".repeat(10_000).parse::<TrackId>().unwrap_err();
    assert_eq!(error.text.len(), 64);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_id_round_trips(number: u64) {
        let texts = of_every_kind(number);
        for (n, text) in texts.iter().enumerate() {
            prop_assert_eq!(text.len(), 16);
            prop_assert_eq!(text.parse::<TrackId>().is_ok(), n == 5);
        }
    }

    #[test]
    fn order_of_numbers_is_order_of_texts(one: u64, other: u64) {
        let texts = TrackId(one).to_string().cmp(&TrackId(other).to_string());
        prop_assert_eq!(texts, one.cmp(&other));
    }

    #[test]
    fn text_that_is_read_is_the_text_that_is_written(text in "tr-[0-9a-z]{13}") {
        if let Ok(id) = text.parse::<TrackId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,40}") {
        prop_assert!(text.parse::<TrackId>().is_err());
    }
}
