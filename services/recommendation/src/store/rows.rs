//! What the tables hold.

use hexachord_contracts::{
    Timestamp,
    catalog::{ArtistRef, Features, Track},
    feed::FeedCursor,
    ids::{AlbumId, LibraryId, TrackId},
    item::ItemId,
    profile::Annotation,
    recommendation::Quality,
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

use crate::als::Parameters;

/// What is known of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrackRow {
    pub(crate) title: String,
    pub(crate) artists: Vec<ArtistRef>,
    pub(crate) album_artists: Vec<ArtistRef>,
    pub(crate) album: AlbumId,
    pub(crate) genres: Vec<String>,
    pub(crate) year: Option<i32>,
    pub(crate) library: LibraryId,
    pub(crate) missing: bool,
    pub(crate) added_at: Timestamp,
}

/// What a track sounds like: the numbers of all groups of [`Features`], one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeaturesRow {
    pub(crate) numbers: Vec<i16>,
}

/// What an account thinks of an item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct AnnotationRow {
    pub(crate) plays: u32,
    pub(crate) last_played_at: Option<Timestamp>,
    pub(crate) favourite: bool,
    pub(crate) rating: Option<u8>,
}

/// How far a feed is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct CursorRow(pub(crate) FeedCursor);

/// What was trained. It has no row of a listener.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ModelRow {
    pub(crate) trained_at: Timestamp,
    /// As the settings had them.
    pub(crate) asked: Parameters,
    /// As they were found best.
    pub(crate) used: Parameters,
    pub(crate) quality: Option<Quality>,
    /// By id; empty when the factors were not better than popularity.
    pub(crate) tracks: Vec<TrackId>,
    /// Of each track, how many accounts heard it.
    pub(crate) listeners: Vec<u32>,
    /// The vectors of the tracks, one after the other.
    pub(crate) values: Vec<f32>,
}

impl Record for TrackRow {
    const VERSION: u8 = 1;
}
impl Record for FeaturesRow {
    const VERSION: u8 = 1;
}
impl Record for AnnotationRow {
    const VERSION: u8 = 1;
}
impl Record for CursorRow {
    const VERSION: u8 = 1;
}
impl Record for ModelRow {
    const VERSION: u8 = 1;
}

impl From<Track> for TrackRow {
    fn from(track: Track) -> Self {
        Self {
            title: track.title,
            artists: track.artists,
            album_artists: track.album_artists,
            album: track.album.id,
            genres: track.genres,
            year: track.year,
            library: track.library,
            missing: track.missing_since.is_some(),
            added_at: track.added_at,
        }
    }
}

impl FeaturesRow {
    /// `None` when they are not those that this program compares.
    pub(crate) fn of(features: &Features) -> Option<Self> {
        let Features { timbre, rhythm, harmony } = features;
        let lengths = [timbre.len(), rhythm.len(), harmony.len()];
        let numbers = || [&timbre[..], rhythm, harmony].concat();
        (lengths == Features::LENGTHS).then(|| Self { numbers: numbers() })
    }
}

impl AnnotationRow {
    pub(crate) const NOTHING: Self =
        Self { plays: 0, last_played_at: None, favourite: false, rating: None };

    /// `None` when it says nothing. Albums and artists that are neither loved nor rated do not:
    /// their plays are those of their tracks.
    pub(crate) fn of(annotation: &Annotation) -> Option<Self> {
        let Annotation { plays, last_played_at, favourite_since, rating, .. } = *annotation;
        let row = Self { plays, last_played_at, favourite: favourite_since.is_some(), rating };
        let says_something = match annotation.item {
            ItemId::Track(_) => !annotation.is_none(),
            ItemId::Album(_) | ItemId::Artist(_) => row.favourite || rating.is_some(),
        };
        says_something.then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use hexachord_contracts::{ids::ArtistId, item::ItemId};

    use super::*;

    #[test]
    fn what_says_nothing_is_not_kept() {
        let none = Annotation::none(ItemId::Track(TrackId(1)));
        assert_eq!(AnnotationRow::of(&none), None);
        assert!(AnnotationRow::of(&Annotation { plays: 1, ..none }).is_some());
        let artist = Annotation { plays: 1, ..Annotation::none(ItemId::Artist(ArtistId(1))) };
        assert_eq!(AnnotationRow::of(&artist), None);
        assert!(AnnotationRow::of(&Annotation { rating: Some(2), ..artist }).is_some());
        let favourite_since = Some(Timestamp::default());
        assert!(AnnotationRow::of(&Annotation { favourite_since, ..artist }).is_some());
    }
}
