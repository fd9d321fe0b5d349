//! What answers are made of: each struct is the same in XML and in JSON ([`super::xml`]).

mod album;
mod artist;
mod child;
mod lyrics;
mod playlist;
mod podcast;
mod user;

use hexachord_contracts::catalog::Cover;
use serde::Serialize;

pub(super) use self::{
    album::{AlbumId3, album_child},
    artist::{ArtistId3, Entity},
    child::{Child, song},
    lyrics::{PlainLyrics, StructuredLyrics},
    playlist::Playlist,
    podcast::{PodcastChannel, podcast_episode},
    user::User,
};

/// Something that is called so.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
}

/// An artist where it is named by something else.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ArtistName {
    pub(super) id: String,
    pub(super) name: String,
}

/// A day, a month or a year, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct ItemDate {
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<u32>,
}

impl ItemDate {
    /// Of `1997`, `1997-05` or `1997-05-21`; the year alone where nothing else is known.
    fn of(date: Option<&str>, year: Option<i32>) -> Self {
        let mut parts = date.unwrap_or_default().splitn(3, '-');
        let tagged: Option<i32> = parts.next().and_then(|year| year.parse().ok());
        let mut number = |most| {
            let number = parts.next().and_then(|text| text.parse().ok());
            number.filter(|number| (1..=most).contains(number))
        };
        let month = number(12);
        let day = if month.is_some() { number(31) } else { None };
        let known = tagged.is_some();
        Self { year: tagged.or(year), month: month.filter(|_| known), day: day.filter(|_| known) }
    }
}

fn named(names: &[String]) -> Vec<Named> {
    names.iter().map(|name| Named { name: name.clone() }).collect()
}

/// Whole seconds.
pub(super) fn seconds(milliseconds: u64) -> u32 {
    u32::try_from(milliseconds.saturating_add(500) / 1000).unwrap_or(u32::MAX)
}

/// The id of a picture: whose it is, and the begin of its content's hash, so that another picture has
/// another id.
pub(super) fn cover_id(owner: impl std::fmt::Display, cover: &Cover) -> String {
    match cover.hash.as_deref().and_then(|hash| hash.get(..HASH)) {
        Some(hash) => format!("{owner}_{hash}"),
        None => owner.to_string(),
    }
}

/// Characters of a hash that tell pictures of one owner apart.
const HASH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_exact_as_they_are_known() {
        let date = |text: &str, year| {
            let ItemDate { year, month, day } = ItemDate::of(Some(text), year);
            (year, month, day)
        };
        assert_eq!(date("1997-05-21", None), (Some(1997), Some(5), Some(21)));
        assert_eq!(date("1997-05", None), (Some(1997), Some(5), None));
        assert_eq!(date("1997", Some(1)), (Some(1997), None, None));
        assert_eq!(date("", Some(1997)), (Some(1997), None, None));
        assert_eq!(date("1997-13-40", None), (Some(1997), None, None));
        assert_eq!(date("some day-1-1", None), (None, None, None));
        assert_eq!(ItemDate::of(None, None), ItemDate::default());
    }
}
