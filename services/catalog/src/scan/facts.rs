//! From what a file says to the row of its track.

use std::{os::unix::ffi::OsStrExt, path::Path};

use hexachord_contracts::{
    Timestamp,
    catalog::{ContributorRole, Lyrics, MusicBrainz},
    ids::LibraryId,
};

use crate::{
    identity::{album_artist_names, album_id, artist_id, genre_id, parts_of},
    read::{MusicBrainzIds, MusicFile, MusicPart, TaggedContributor, Tags},
    splitting::Splitter,
    store::{ContributorRow, Credit, GenreRef, LyricsHash, Part, TrackRow},
};

/// A track is in the lists of so many artists and so many genres; a file may name more.
const MOST_CREDITS: usize = 32;
/// Of one track: a symphony's players are many.
const MOST_CONTRIBUTORS: usize = 100;

/// The row of each track that the file at this place holds, and its lyrics.
pub(super) fn tracks(
    library: LibraryId,
    relative: &Path,
    size: u64,
    mut music: MusicFile,
    splitter: &Splitter,
) -> Vec<(Box<TrackRow>, Vec<Lyrics>)> {
    let parts = std::mem::take(&mut music.parts);
    let one = |music: MusicFile, part: Option<Part>| {
        let (row, lyrics) = facts(library, relative, size, music, splitter);
        (Box::new(TrackRow { part, ..row }), lyrics)
    };
    if parts.is_empty() {
        return vec![one(music, None)];
    }
    let whole = MusicFile { tags: Tags::default(), ..music };
    let cut = |MusicPart { number, start_us, end_us, tags }| {
        let end_ms = end_us.map_or(whole.duration_ms, |end| end / 1_000);
        let music = MusicFile {
            fingerprint: parts_of(whole.fingerprint),
            duration_ms: end_ms.saturating_sub(start_us / 1_000),
            tags,
            ..whole.clone()
        };
        one(music, Some(Part { number, start_us, end_us }))
    };
    parts.into_iter().map(cut).collect()
}

/// The row that `music` makes at this place, and its lyrics; the times are filled in when it is stored.
pub(crate) fn facts(
    library: LibraryId,
    relative: &Path,
    size: u64,
    music: MusicFile,
    splitter: &Splitter,
) -> (TrackRow, Vec<Lyrics>) {
    let mut tags = music.tags;
    splitter.split(&mut tags);
    tags.fallbacks(relative);
    let album_artist_names = album_artist_names(&tags);
    let album = album_id(&tags, &album_artist_names);
    let (album_artists, display_album_artist) =
        if tags.album_artists.is_empty() && !tags.compilation {
            (credits(&tags.artists, &tags.artist_sort), tags.display_artist.clone())
        } else {
            (credits(&album_artist_names, &tags.album_artist_sort), tags.display_album_artist)
        };
    let genres = tags.genres.into_iter().take(MOST_CREDITS);
    let contributors = contributors(tags.contributors, &tags.composer_sort);
    let row = TrackRow {
        fingerprint: music.fingerprint,
        library,
        path: relative.as_os_str().as_bytes().to_vec(),
        size,
        title: tags.title.unwrap_or_default(),
        title_sort: tags.title_sort,
        artists: credits(&tags.artists, &tags.artist_sort),
        display_artist: tags.display_artist,
        album,
        album_title: tags.album.unwrap_or_default(),
        album_sort: tags.album_sort,
        album_version: tags.album_version,
        album_artists,
        display_album_artist,
        contributors,
        track_number: tags.track_number,
        disc_number: tags.disc_number,
        disc_title: tags.disc_title,
        duration_ms: music.duration_ms,
        year: tags.year,
        date: tags.date,
        original_date: tags.original_date,
        genres: genres.map(|name| GenreRef { id: genre_id(&name), name }).collect(),
        moods: tags.moods,
        compilation: tags.compilation,
        explicit: tags.explicit,
        bpm: tags.bpm,
        key: tags.key,
        comment: tags.comment,
        isrc: tags.isrc,
        musicbrainz: musicbrainz(tags.musicbrainz),
        replay_gain: tags.replay_gain,
        labels: tags.labels,
        catalogue_numbers: tags.catalogue_numbers,
        release_types: tags.release_types,
        lyrics: lyrics_hash(&tags.lyrics),
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
        part: None,
    };
    (row, tags.lyrics)
}

/// Composers have sort names where there is one for each.
fn contributors(tagged: Vec<TaggedContributor>, sorts: &[String]) -> Vec<ContributorRow> {
    let is_composer = |one: &TaggedContributor| one.role == ContributorRole::Composer;
    let paired = tagged.iter().filter(|one| is_composer(one)).count() == sorts.len();
    let mut sorts = sorts.iter().filter(|_| paired);
    let row = |one: TaggedContributor| {
        let sort = if is_composer(&one) { sorts.next() } else { None };
        let TaggedContributor { role, name, instrument } = one;
        let sort = sort.filter(|sort| **sort != name).cloned();
        ContributorRow { role, instrument, artist: Credit { id: artist_id(&name), name, sort } }
    };
    tagged.into_iter().take(MOST_CONTRIBUTORS).map(row).collect()
}

fn musicbrainz(ids: MusicBrainzIds) -> MusicBrainz {
    MusicBrainz {
        recording: ids.recording,
        track: ids.track,
        release: ids.album,
        release_group: ids.release_group,
        artists: ids.artists,
        album_artists: ids.album_artists,
    }
}

fn lyrics_hash(lyrics: &[Lyrics]) -> Option<LyricsHash> {
    if lyrics.is_empty() {
        return None;
    }
    let bytes = postcard::to_allocvec(lyrics).unwrap_or_default();
    let hash = *blake3::hash(&bytes).as_bytes();
    Some(LyricsHash(hash.first_chunk::<8>().copied().map_or(0, u64::from_be_bytes)))
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
