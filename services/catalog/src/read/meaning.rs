//! From gathered texts to [`Tags`]: which of them counts where several say the same.

use hexachord_contracts::catalog::{ContributorRole, ReplayGain};

use super::collector::{Collector, MOST_TEXTS};
use super::field::Field;
use super::picture::PictureId;
use super::{MusicBrainzIds, TaggedContributor, Tags, genre, text, values};

/// Roles that a field of their own tells, in the order in which they are shown.
const ROLES: [(Field, ContributorRole); 12] = [
    (Field::Composer, ContributorRole::Composer),
    (Field::Lyricist, ContributorRole::Lyricist),
    (Field::Writer, ContributorRole::Writer),
    (Field::Conductor, ContributorRole::Conductor),
    (Field::Performer, ContributorRole::Performer),
    (Field::Remixer, ContributorRole::Remixer),
    (Field::Arranger, ContributorRole::Arranger),
    (Field::Producer, ContributorRole::Producer),
    (Field::Engineer, ContributorRole::Engineer),
    (Field::Mixer, ContributorRole::Mixer),
    (Field::DjMixer, ContributorRole::DjMixer),
    (Field::Director, ContributorRole::Director),
];

impl Collector {
    pub(super) fn finish(mut self) -> (Tags, Option<PictureId>) {
        let (track_number, mut track_total) = self.numbers(Field::TrackNumber);
        let (disc_number, mut disc_total) = self.numbers(Field::DiscNumber);
        track_total = track_total.or_else(|| self.numbers(Field::TrackTotal).0);
        disc_total = disc_total.or_else(|| self.numbers(Field::DiscTotal).0);
        let (date, original_date) = self.dates();
        let year =
            (date.as_ref().or(original_date.as_ref())).and_then(|date| date.get(..4)?.parse().ok());
        let (artists, display_artist) = self.names(Field::Artists, Field::Artist);
        let (album_artists, display_album_artist) =
            self.names(Field::AlbumArtists, Field::AlbumArtist);
        let tags = Tags {
            title: self.first(Field::Title),
            artists,
            album: self.first(Field::Album),
            album_artists,
            track_number,
            track_total,
            disc_number,
            disc_total,
            disc_title: self.first(Field::DiscTitle),
            year,
            date,
            original_date,
            genres: genre::names(&self.take(Field::Genre)),
            moods: self.distinct(Field::Mood),
            contributors: self.contributors(),
            compilation: self.first(Field::Compilation).is_some_and(|flag| values::is_set(&flag)),
            explicit: self.find(Field::Advisory, values::is_explicit),
            bpm: self.find(Field::Bpm, values::beats),
            key: self.first(Field::Key),
            comment: self.comment(),
            isrc: self.isrc(),
            replay_gain: self.replay_gain(),
            labels: self.either(Field::Label, Field::Publisher),
            catalogue_numbers: self.distinct(Field::CatalogueNumber),
            release_types: self.release_types(),
            display_artist,
            display_album_artist,
            lyrics: self.take_lyrics().finish(),
            artist_sort: self.either(Field::ArtistsSort, Field::ArtistSort),
            album_artist_sort: self.either(Field::AlbumArtistsSort, Field::AlbumArtistSort),
            composer_sort: self.distinct(Field::ComposerSort),
            title_sort: self.first(Field::TitleSort),
            album_sort: self.first(Field::AlbumSort),
            album_version: self.first(Field::AlbumVersion),
            musicbrainz: self.musicbrainz(),
        };
        (tags, self.picture().map(|picture| picture.id))
    }

    /// Names one by one from `several` where it is tagged, with the one text that `line` then is;
    /// else those of `line`.
    fn names(&mut self, several: Field, line: Field) -> (Vec<String>, Option<String>) {
        let (names, lines) = (self.distinct(several), self.distinct(line));
        match (names.is_empty(), lines.as_slice()) {
            (true, _) => (lines, None),
            (false, [line]) => {
                let line = line.clone();
                (names, Some(line))
            }
            (false, _) => (names, None),
        }
    }

    fn contributors(&mut self) -> Vec<TaggedContributor> {
        let mut contributors: Vec<TaggedContributor> = Vec::new();
        for (field, role) in ROLES {
            for text in self.take(field) {
                let (name, instrument) = match role {
                    ContributorRole::Performer => values::player(&text),
                    _ => (text, None),
                };
                let contributor = TaggedContributor { role, name, instrument };
                if !contributors.contains(&contributor) {
                    contributors.push(contributor);
                }
            }
        }
        contributors
    }

    /// Of this release and of the first one. Programs that know of release dates mean an earlier one
    /// by the date alone; the others write the release's date there.
    fn dates(&mut self) -> (Option<String>, Option<String>) {
        let mut of = |field| self.first(field).and_then(|text| text::date_of(&text));
        let original = finer(of(Field::OriginalDate), of(Field::OriginalYear));
        let (date, released) = (finer(of(Field::Date), of(Field::Year)), of(Field::ReleaseDate));
        let day_and_month = self.first(Field::DayAndMonth);
        let date = date.map(|date| match day_and_month.as_deref().and_then(month_and_day) {
            Some(rest) if date.len() == 4 => {
                text::date_of(&format!("{date}-{rest}")).unwrap_or(date)
            }
            _ => date,
        });
        let earlier = |date: &String| released.as_ref().is_some_and(|released| date < released);
        let original = original.or_else(|| {
            date.clone().filter(|date| earlier(date) && date.get(..4) != year_of(released.as_ref()))
        });
        (finer(released, date), original)
    }

    fn comment(&mut self) -> Option<String> {
        let comments = self.either(Field::Comment, Field::Description);
        comments.into_iter().find(|comment| !values::is_for_programs(comment))
    }

    fn isrc(&mut self) -> Vec<String> {
        let texts = self.take(Field::Isrc);
        distinct(texts.iter().flat_map(|text| values::recording_codes(text)))
    }

    fn replay_gain(&mut self) -> ReplayGain {
        let track_gain = self.find(Field::TrackGain, values::gain);
        let album_gain = self.find(Field::AlbumGain, values::gain);
        ReplayGain {
            track_gain: track_gain.or_else(|| self.find(Field::R128TrackGain, values::r128_gain)),
            album_gain: album_gain.or_else(|| self.find(Field::R128AlbumGain, values::r128_gain)),
            track_peak: self.find(Field::TrackPeak, values::peak),
            album_peak: self.find(Field::AlbumPeak, values::peak),
        }
    }

    fn release_types(&mut self) -> Vec<String> {
        let texts = self.take(Field::ReleaseType);
        let types = texts.iter().flat_map(|text| text.split([';', '/', ',', '+']));
        let types = types.map(|text| text.trim().to_lowercase());
        distinct(types.filter(|text| !text.is_empty()))
    }

    fn musicbrainz(&mut self) -> MusicBrainzIds {
        let mut ids = |field| -> Vec<String> {
            let texts = self.take(field);
            let parts = texts.iter().flat_map(|text| text.split([';', '/', ',', ' ']));
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

    fn numbers(&mut self, field: Field) -> (Option<u32>, Option<u32>) {
        self.first(field).map_or((None, None), |text| text::number_and_total(&text))
    }

    /// The first text that means something.
    fn find<T>(&mut self, field: Field, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.take(field).iter().find_map(|text| meaning(text))
    }

    fn either(&mut self, best: Field, other: Field) -> Vec<String> {
        let texts = self.distinct(best);
        if texts.is_empty() { self.distinct(other) } else { texts }
    }

    fn distinct(&mut self, field: Field) -> Vec<String> {
        distinct(self.take(field))
    }
}

fn distinct(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if kept.len() < MOST_TEXTS && !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

/// `one`, or `other` where that is the same date told more precisely.
fn finer(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) if other.starts_with(&one) => Some(other),
        (one, other) => one.or(other),
    }
}

fn year_of(date: Option<&String>) -> Option<&str> {
    date.and_then(|date| date.get(..4))
}

/// `05-21` of `2105`, as it stands beside a year.
fn month_and_day(day_and_month: &str) -> Option<String> {
    let digits = day_and_month.len() == 4 && day_and_month.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| format!("{}-{}", &day_and_month[2..], &day_and_month[..2]))
}
