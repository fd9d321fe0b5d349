//! What the feeds tell, as documents.

use hexachord_contracts::{
    Timestamp,
    catalog::{Album, Artist, ArtistRef, CatalogChange, ContributorRole, Track},
    ids::{AccountId, LibraryId},
    profile::ProfileChange,
};

use crate::{
    entry::{Entry, SeenBy},
    query::{Number, Tag},
    schema::Kind,
};

/// A change of the index.
#[derive(Debug)]
pub(crate) enum Edit {
    /// Everything of this key is now exactly this.
    Replace { key: String, entries: Vec<Entry> },
    /// All playlists of an account are gone.
    RemoveOwned(AccountId),
}

/// What a change of the catalog is to the index; `lyrics` of a track that has some.
/// `None`: nothing of it is searched.
pub(crate) fn of_catalog(change: CatalogChange, lyrics: Option<String>) -> Option<Edit> {
    let (key, entries) = match change {
        CatalogChange::Track(track) => {
            let key = track.id.to_string();
            let plays = track.missing_since.is_none();
            (key, if plays { vec![of_track(*track, lyrics)] } else { vec![] })
        }
        CatalogChange::Album { id, parts } => {
            (id.to_string(), parts.into_iter().map(of_album).collect())
        }
        CatalogChange::Artist { id, parts } => {
            (id.to_string(), parts.into_iter().map(of_artist).collect())
        }
        CatalogChange::TrackGone(id) | CatalogChange::TrackBecame { from: id, .. } => {
            (id.to_string(), vec![])
        }
        CatalogChange::AlbumGone(id) => (id.to_string(), vec![]),
        CatalogChange::ArtistGone(id) => (id.to_string(), vec![]),
        CatalogChange::Features { .. } => return None,
    };
    Some(Edit::Replace { key, entries })
}

fn of_track(track: Track, lyrics: Option<String>) -> Entry {
    let seen_by = SeenBy::Library(track.library);
    let mut entry = Entry::new(Kind::Track, track.id.0, seen_by, track.title);
    let artists = distinct(
        names(&track.artists).chain(names(&track.album_artists)).chain([track.display_artist]),
    );
    let composers = track.contributors.iter();
    let composers = composers.filter(|one| one.role == ContributorRole::Composer);
    entry.tagged = with(Tag::Composer, composers.map(|one| one.artist.name.clone()));
    let contributors = track.contributors.into_iter().map(|one| one.artist.name);
    entry.others =
        distinct(artists.iter().cloned().chain([track.album.title.clone()]).chain(contributors));
    entry.tagged.extend(with(Tag::Artist, artists));
    entry.tagged.extend(with(Tag::Album, [track.album.title]));
    entry.tagged.extend(with(Tag::Genre, track.genres.clone()));
    entry.tagged.extend(with(Tag::Mood, track.moods));
    entry.tagged.extend(with(Tag::Comment, track.comment));
    entry.tagged.extend(with(Tag::Format, formats(&track.codec, &track.content_type)));
    entry.also = track.sort_title;
    entry.numbers = numbers([
        (Number::Year, year(track.year)),
        (Number::Bitrate, Some(track.bitrate_kbps.into())),
        (Number::Length, Some(track.duration_ms)),
        (Number::Bpm, track.bpm.map(u64::from)),
        (Number::Added, moment(track.added_at)),
        (Number::Explicit, track.explicit.map(u64::from)),
    ]);
    entry.genres = track.genres;
    entry.codec = Some(track.codec);
    entry.lyrics = lyrics;
    entry
}

fn of_album((library, album): (LibraryId, Album)) -> Entry {
    let seen_by = SeenBy::Library(library);
    let mut entry = Entry::new(Kind::Album, album.id.0, seen_by, album.title);
    let artists = distinct(names(&album.artists).chain([album.display_artist]));
    entry.others = artists.iter().cloned().chain(album.version).collect();
    entry.tagged = with(Tag::Album, [entry.name.clone()]);
    entry.tagged.extend(with(Tag::Artist, artists));
    entry.tagged.extend(with(Tag::Genre, album.genres));
    entry.tagged.extend(with(Tag::Label, album.labels));
    entry.also = album.sort_title;
    entry.numbers = numbers([
        (Number::Year, year(album.year)),
        (Number::Added, moment(album.added_at)),
        (Number::Explicit, Some(album.explicit.into())),
    ]);
    entry
}

fn of_artist((library, artist): (LibraryId, Artist)) -> Entry {
    let seen_by = SeenBy::Library(library);
    let mut entry = Entry::new(Kind::Artist, artist.id.0, seen_by, artist.name);
    entry.tagged = with(Tag::Artist, [entry.name.clone()]);
    entry.also = Some(artist.sort_name);
    entry
}

/// What a change of profile is to the index; annotations are nothing.
pub(crate) fn of_profile(change: ProfileChange) -> Option<Edit> {
    match change {
        ProfileChange::Playlist(playlist) => {
            let seen_by = SeenBy::Owner { owner: playlist.owner, public: playlist.public };
            let entry = Entry::new(Kind::Playlist, playlist.id.0, seen_by, playlist.name);
            Some(Edit::Replace { key: playlist.id.to_string(), entries: vec![entry] })
        }
        ProfileChange::PlaylistGone(id) => {
            Some(Edit::Replace { key: id.to_string(), entries: vec![] })
        }
        ProfileChange::AccountGone(account) => Some(Edit::RemoveOwned(account)),
        ProfileChange::Annotation { .. } => None,
    }
}

/// What people call the codec and the sort of file, and whether anything of the sound is lost.
fn formats(codec: &str, content_type: &str) -> Vec<String> {
    let kinds: &[&str] = match content_type {
        "audio/mpeg" => &["mp3"],
        "audio/mp4" | "audio/x-m4a" => &["m4a", "mp4"],
        "audio/wav" | "audio/x-wav" | "audio/vnd.wave" => &["wav"],
        "audio/aiff" | "audio/x-aiff" => &["aiff"],
        "audio/x-wavpack" => &["wavpack", "wv"],
        other => &[other.rsplit_once('/').map_or(other, |(_, kind)| kind)],
    };
    let lossless = matches!(codec, "flac" | "alac" | "pcm" | "wavpack");
    let quality = if lossless { "lossless" } else { "lossy" };
    [codec, quality].iter().chain(kinds).map(|word| (*word).to_owned()).collect()
}

fn names(artists: &[ArtistRef]) -> impl Iterator<Item = String> {
    artists.iter().map(|artist| artist.name.clone())
}

/// Each once, and none without letters.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

fn with(tag: Tag, texts: impl IntoIterator<Item = String>) -> Vec<(Tag, String)> {
    texts.into_iter().map(|text| (tag, text)).collect()
}

fn numbers<const N: usize>(numbers: [(Number, Option<u64>); N]) -> Vec<(Number, u64)> {
    numbers.into_iter().filter_map(|(number, value)| Some((number, value?))).collect()
}

fn year(year: Option<i32>) -> Option<u64> {
    u64::try_from(year?).ok()
}

fn moment(time: Timestamp) -> Option<u64> {
    u64::try_from(time.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_the_names_that_people_use() {
        for (codec, content_type, names) in [
            ("mp3", "audio/mpeg", "mp3 lossy mp3"),
            ("alac", "audio/mp4", "alac lossless m4a mp4"),
            ("vorbis", "audio/ogg", "vorbis lossy ogg"),
            ("pcm", "audio/x-wav", "pcm lossless wav"),
            ("flac", "audio/flac", "flac lossless flac"),
        ] {
            assert_eq!(formats(codec, content_type).join(" "), names);
        }
    }
}
