//! Who is who: ids that follow from what a thing is, so that a fresh store gives them again.

mod matching;
mod plausible;
mod text;

pub(crate) use plausible::{Candidate, pair};
pub(crate) use text::{normalised, sort_text};

use hexachord_audio::Fingerprint;
use hexachord_contracts::ids::{
    AlbumId, ArtistId, EpisodeId, GenreId, LibraryId, PodcastId, TrackId,
};

use crate::read::Tags;

/// Album artist of a compilation that names none.
pub(crate) const VARIOUS_ARTISTS: &str = "Various Artists";

/// 64 bits of a hash over length-prefixed parts.
fn hashed(parts: &[&[u8]]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

/// A library is its name: its folder may move.
pub(crate) fn library_id(name: &str) -> LibraryId {
    LibraryId(hashed(&[b"library", name.as_bytes()]))
}

/// The id of a library whose name belongs, or belonged, to another one.
pub(crate) fn another_library_id(name: &str, path: &str) -> LibraryId {
    LibraryId(hashed(&[b"library", name.as_bytes(), path.as_bytes()]))
}

/// The id of audio that the store does not know yet.
pub(crate) fn track_id(fingerprint: Fingerprint) -> TrackId {
    TrackId(hashed(&[b"track", &fingerprint.0]))
}

/// The id of one more file with audio that the store knows.
pub(crate) fn copy_id(fingerprint: Fingerprint, library: &str, path: &[u8]) -> TrackId {
    TrackId(hashed(&[b"track", &fingerprint.0, library.as_bytes(), path]))
}

/// The audio of all parts of a file that a sheet cuts. They are told apart like files of equal audio, for
/// the sheet may be corrected; and none of them is the whole.
pub(crate) fn parts_of(file: Fingerprint) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"parts").update(&file.0);
    let mut parts = [0; 16];
    hasher.finalize_xof().fill(&mut parts);
    Fingerprint(parts)
}

/// The id of a part of a file that the store does not know yet; `parts` is the audio of all.
pub(crate) fn part_id(parts: Fingerprint, number: u16) -> TrackId {
    TrackId(hashed(&[b"part", &parts.0, &number.to_be_bytes()]))
}

/// One spelling of a name, however it is written, is one artist; `MusicBrainz` ids are left out,
/// because files of one artist are often tagged with and without them.
pub(crate) fn artist_id(name: &str) -> ArtistId {
    ArtistId(hashed(&[b"artist", normalised(name).as_bytes()]))
}

pub(crate) fn genre_id(name: &str) -> GenreId {
    GenreId(hashed(&[b"genre", normalised(name).as_bytes()]))
}

/// A channel is the address of its feed.
pub(crate) fn podcast_id(url: &str) -> PodcastId {
    PodcastId(hashed(&[b"podcast", url.as_bytes()]))
}

/// `key` is what the feed knows the episode by.
pub(crate) fn episode_id(podcast: PodcastId, key: &str) -> EpisodeId {
    EpisodeId(hashed(&[b"episode", &podcast.0.to_be_bytes(), key.as_bytes()]))
}

/// The names that an album is filed under.
pub(crate) fn album_artist_names(tags: &Tags) -> Vec<String> {
    if !tags.album_artists.is_empty() {
        tags.album_artists.clone()
    } else if tags.compilation {
        vec![VARIOUS_ARTISTS.to_owned()]
    } else {
        tags.artists.clone()
    }
}

/// The album of what these tags say.
pub(crate) fn album_id(tags: &Tags, album_artists: &[String]) -> AlbumId {
    let key = AlbumKey {
        release: tags.musicbrainz.album.as_deref(),
        artists: album_artists.iter().map(String::as_str).collect(),
        title: tags.album.as_deref().unwrap_or_default(),
        version: tags.album_version.as_deref(),
        year: tags.year,
        compilation: tags.compilation,
    };
    key.id()
}

/// What tells albums apart.
#[derive(Debug)]
pub(crate) struct AlbumKey<'k> {
    /// Of the release at `MusicBrainz`.
    pub(crate) release: Option<&'k str>,
    pub(crate) artists: Vec<&'k str>,
    pub(crate) title: &'k str,
    pub(crate) version: Option<&'k str>,
    pub(crate) year: Option<i32>,
    pub(crate) compilation: bool,
}

impl AlbumKey<'_> {
    /// The release's `MusicBrainz` id, or album artists, title and version. Where no version is
    /// tagged the year tells releases apart, but not for compilations: their tracks carry years of
    /// their own.
    pub(crate) fn id(&self) -> AlbumId {
        if let Some(release) = self.release {
            return AlbumId(hashed(&[b"album", release.as_bytes()]));
        }
        let artists: Vec<String> = self.artists.iter().map(|name| normalised(name)).collect();
        let various = artists == [normalised(VARIOUS_ARTISTS)];
        let year = self.year.filter(|_| !self.compilation && !various);
        let version = match (self.version, year) {
            (Some(version), _) => normalised(version),
            (None, Some(year)) => year.to_string(),
            (None, None) => String::new(),
        };
        AlbumId(hashed(&[
            b"album",
            artists.join("\0").as_bytes(),
            normalised(self.title).as_bytes(),
            version.as_bytes(),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Tags {
        Tags {
            artists: vec!["Miles Davis".into()],
            album: Some("Kind of Blue".into()),
            year: Some(1959),
            ..Tags::default()
        }
    }

    fn id(tags: &Tags) -> AlbumId {
        album_id(tags, &album_artist_names(tags))
    }

    #[test]
    fn ids_are_pinned() {
        // Stars and playlists hang on these: a change here loses them for everybody.
        let fingerprint = Fingerprint([7; 16]);
        assert_eq!(track_id(fingerprint).to_string(), "tr-cghm8ca0bhcj6");
        assert_eq!(copy_id(fingerprint, "Music", b"a.mp3").to_string(), "tr-84a59n3a2yr69");
        assert_eq!(part_id(parts_of(fingerprint), 3).to_string(), "tr-7xj8pnq41c726");
        assert_eq!(library_id("Music").to_string(), "li-73fcwz6ny86mc");
        assert_eq!(artist_id("Björk").to_string(), "ar-2ap15zgjmzgkb");
        assert_eq!(id(&tags()).to_string(), "al-53sjgc4kx6946");
    }

    #[test]
    fn a_name_is_one_artist_in_every_spelling() {
        for other in ["MILES DAVIS", " Miles  Davis ", "Ｍiles Davis"] {
            assert_eq!(artist_id(other), artist_id("Miles Davis"), "{other}");
        }
        assert_eq!(artist_id("Bjo\u{308}rk"), artist_id("BJÖRK"));
        assert_ne!(artist_id("Bjork"), artist_id("Björk"));
    }

    #[test]
    fn an_album_is_its_artist_title_and_year() {
        let other_year = Tags { year: Some(1997), ..tags() };
        assert_ne!(id(&other_year), id(&tags()));
        let version = Tags { album_version: Some("Mono".into()), ..tags() };
        assert_ne!(id(&version), id(&tags()));
        let other_case = Tags { album: Some("KIND OF BLUE".into()), ..tags() };
        assert_eq!(id(&other_case), id(&tags()));
    }

    #[test]
    fn a_compilation_is_one_album_whatever_its_tracks_say() {
        let one = Tags { compilation: true, ..tags() };
        let two = Tags { artists: vec!["Bill Evans".into()], year: Some(1961), ..one.clone() };
        assert_eq!(id(&one), id(&two));
        assert_eq!(album_artist_names(&one), ["Various Artists"]);
    }

    #[test]
    fn a_tagged_release_is_its_own_key() {
        let mut one = tags();
        one.musicbrainz.album = Some("c5d3a8f0-0000-4000-8000-000000000000".into());
        let two = Tags { album: Some("Blue, kind of".into()), ..one.clone() };
        assert_eq!(id(&one), id(&two));
    }
}
