//! From what a file says to the row of its track.

use std::{os::unix::ffi::OsStrExt, path::Path};

use hexachord_contracts::{Timestamp, ids::LibraryId};

use crate::{
    identity::{album_artist_names, album_id, artist_id, genre_id},
    read::MusicFile,
    store::{Credit, GenreRef, TrackRow},
};

/// A track is in the lists of so many artists and so many genres; a file may name more.
const MOST_CREDITS: usize = 32;

/// The row that `music` makes at this place; the times are filled in when it is stored.
pub(crate) fn facts(library: LibraryId, relative: &Path, size: u64, music: MusicFile) -> TrackRow {
    let mut tags = music.tags;
    tags.fallbacks(relative);
    let album_artist_names = album_artist_names(&tags);
    let album = album_id(&tags, &album_artist_names);
    let album_artists = if tags.album_artists.is_empty() && !tags.compilation {
        credits(&tags.artists, &tags.artist_sort)
    } else {
        credits(&album_artist_names, &tags.album_artist_sort)
    };
    let genres = tags.genres.into_iter().take(MOST_CREDITS);
    TrackRow {
        fingerprint: music.fingerprint,
        library,
        path: relative.as_os_str().as_bytes().to_vec(),
        size,
        title: tags.title.unwrap_or_default(),
        title_sort: tags.title_sort,
        artists: credits(&tags.artists, &tags.artist_sort),
        album,
        album_title: tags.album.unwrap_or_default(),
        album_sort: tags.album_sort,
        album_artists,
        track_number: tags.track_number,
        disc_number: tags.disc_number,
        disc_title: tags.disc_title,
        duration_ms: music.duration_ms,
        year: tags.year,
        date: tags.date,
        genres: genres.map(|name| GenreRef { id: genre_id(&name), name }).collect(),
        composers: tags.composers,
        compilation: tags.compilation,
        content_type: music.content_type,
        codec: music.codec,
        bitrate_kbps: music.bitrate_kbps,
        sample_rate: music.sample_rate,
        channels: music.channels,
        bit_depth: music.bit_depth,
        picture: music.picture,
        added_at: Timestamp::default(),
        modified_at: Timestamp::default(),
        missing_since: None,
    }
}

/// Sort names are tagged beside the names: they count where there is one for each.
fn credits(names: &[String], sorts: &[String]) -> Vec<Credit> {
    let paired = sorts.len() == names.len();
    let credit = |(place, name): (usize, &String)| Credit {
        id: artist_id(name),
        name: name.clone(),
        sort: sorts.get(place).filter(|sort| paired && *sort != name).cloned(),
    };
    names.iter().take(MOST_CREDITS).enumerate().map(credit).collect()
}
