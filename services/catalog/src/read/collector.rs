//! Gathers what the tags of a file say, whatever their format, and makes [`Tags`] of it.

use super::picture::{Found, PictureId};
use super::window::MOST_BYTES;
use super::{MusicBrainzIds, TaggedContributor, Tags, genre, text};
use hexachord_contracts::catalog::ContributorRole;

/// Texts kept of one field.
const MOST_TEXTS: usize = 100;

/// What a tag can say, under one name for all formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Artist,
    /// One by one what `Artist` says in a line.
    Artists,
    Album,
    AlbumArtist,
    AlbumArtists,
    /// With or without a total, as in `3/12`.
    TrackNumber,
    TrackTotal,
    DiscNumber,
    DiscTotal,
    DiscTitle,
    Date,
    ReleaseDate,
    Year,
    OriginalDate,
    Genre,
    Composer,
    Compilation,
    ArtistSort,
    AlbumArtistSort,
    TitleSort,
    AlbumSort,
    AlbumVersion,
    RecordingId,
    TrackId,
    AlbumId,
    ReleaseGroupId,
    ArtistId,
    AlbumArtistId,
}

/// One more than the last [`Field`].
const FIELDS: usize = Field::AlbumArtistId as usize + 1;

/// Everything that was found so far.
pub(super) struct Collector {
    texts: [Vec<String>; FIELDS],
    /// Fields that a better tag has filled.
    settled: [bool; FIELDS],
    picture: Option<Found>,
    keep_picture: bool,
}

impl Collector {
    /// With `keep_picture` the bytes of the picture are kept, else only its id.
    pub(super) fn new(keep_picture: bool) -> Self {
        Self {
            texts: [const { Vec::new() }; FIELDS],
            settled: [false; FIELDS],
            picture: None,
            keep_picture,
        }
    }

    /// What is added from now on fills only fields that are empty.
    pub(super) fn begin_lesser_tag(&mut self) {
        for (settled, texts) in self.settled.iter_mut().zip(&self.texts) {
            *settled = !texts.is_empty();
        }
    }

    /// Adds what a tag says; NUL separates several texts.
    pub(super) fn add(&mut self, field: Field, value: &str) {
        let index = field as usize;
        if self.settled[index] {
            return;
        }
        for part in text::readable(value).split('\0') {
            if self.texts[index].len() >= MOST_TEXTS {
                return;
            }
            self.texts[index].extend(text::clean(part));
        }
    }

    /// Offers a picture; `kind` is that of `ID3v2`'s `APIC`.
    pub(super) fn offer_picture(&mut self, kind: u8, bytes: &[u8]) {
        if bytes.len() > MOST_BYTES {
            return;
        }
        let better = self.picture.as_ref().is_none_or(|best| best.is_worse_than(kind));
        if better && let Some(found) = Found::new(kind, bytes, self.keep_picture) {
            self.picture = Some(found);
        }
    }

    pub(super) fn picture_bytes(self) -> Option<Vec<u8>> {
        self.picture.and_then(|picture| picture.bytes)
    }

    pub(super) fn finish(mut self) -> (Tags, Option<PictureId>) {
        let (track_number, mut track_total) = self.numbers(Field::TrackNumber);
        let (disc_number, mut disc_total) = self.numbers(Field::DiscNumber);
        track_total = track_total.or_else(|| self.numbers(Field::TrackTotal).0);
        disc_total = disc_total.or_else(|| self.numbers(Field::DiscTotal).0);
        let date = self.date();
        let original_date = self.first(Field::OriginalDate).and_then(|text| text::date_of(&text));
        let year =
            (date.as_ref().or(original_date.as_ref())).and_then(|date| date.get(..4)?.parse().ok());
        let tags = Tags {
            title: self.first(Field::Title),
            artists: self.names(Field::Artists, Field::Artist),
            album: self.first(Field::Album),
            album_artists: self.names(Field::AlbumArtists, Field::AlbumArtist),
            track_number,
            track_total,
            disc_number,
            disc_total,
            disc_title: self.first(Field::DiscTitle),
            year,
            date,
            original_date,
            genres: genre::names(&self.take(Field::Genre), MOST_TEXTS),
            compilation: self.first(Field::Compilation).is_some_and(|flag| is_set(&flag)),
            artist_sort: self.names(Field::ArtistSort, Field::ArtistSort),
            album_artist_sort: self.names(Field::AlbumArtistSort, Field::AlbumArtistSort),
            title_sort: self.first(Field::TitleSort),
            album_sort: self.first(Field::AlbumSort),
            album_version: self.first(Field::AlbumVersion),
            contributors: self.contributors(),
            musicbrainz: self.musicbrainz(),
            ..Tags::default()
        };
        (tags, self.picture.map(|picture| picture.id))
    }

    fn contributors(&mut self) -> Vec<TaggedContributor> {
        let role = ContributorRole::Composer;
        let composers = self.names(Field::Composer, Field::Composer).into_iter();
        composers.map(|name| TaggedContributor { role, name, instrument: None }).collect()
    }

    fn musicbrainz(&mut self) -> MusicBrainzIds {
        let mut ids = |field| -> Vec<String> {
            let texts = self.take(field);
            let parts = texts.iter().flat_map(|text| text.split([';', '/', ',']));
            parts.filter_map(text::uuid_of).take(MOST_TEXTS).collect()
        };
        MusicBrainzIds {
            recording: ids(Field::RecordingId).into_iter().next(),
            track: ids(Field::TrackId).into_iter().next(),
            album: ids(Field::AlbumId).into_iter().next(),
            release_group: ids(Field::ReleaseGroupId).into_iter().next(),
            artists: ids(Field::ArtistId),
            album_artists: ids(Field::AlbumArtistId),
        }
    }

    /// Names one by one from `several` where it is tagged, else from `line`. Only "; " separates
    /// names of one text: a slash or a comma may belong to a name.
    fn names(&mut self, several: Field, line: Field) -> Vec<String> {
        let mut texts = self.take(several);
        if texts.is_empty() {
            texts = self.take(line);
        }
        let mut names: Vec<String> = Vec::with_capacity(texts.len());
        for name in texts.iter().flat_map(|text| text.split("; ")).map(str::trim) {
            let known = name.is_empty() || names.iter().any(|known| known == name);
            if !known && names.len() < MOST_TEXTS {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn date(&mut self) -> Option<String> {
        let fields = [Field::Date, Field::ReleaseDate, Field::Year];
        fields.iter().find_map(|field| text::date_of(&self.first(*field)?))
    }

    fn numbers(&mut self, field: Field) -> (Option<u32>, Option<u32>) {
        self.first(field).map_or((None, None), |text| text::number_and_total(&text))
    }

    fn first(&mut self, field: Field) -> Option<String> {
        self.take(field).into_iter().next()
    }

    fn take(&mut self, field: Field) -> Vec<String> {
        std::mem::take(&mut self.texts[field as usize])
    }
}

fn is_set(flag: &str) -> bool {
    !matches!(flag, "0" | "false" | "False" | "FALSE" | "no" | "No")
}
