//! Finds tracks by what another program knew of them: their paths, else their tags.

mod missing;
mod names;
mod path;

use std::{collections::HashMap, rc::Rc};

use hexachord_contracts::{
    catalog::{EditOf, MatchedBy, MatchedTrack, WantedTrack},
    ids::{ArtistId, LibraryId, TrackId},
};
use hexachord_storage::{Record, StoreError};
use redb::{ReadOnlyTable, ReadTransaction};

use self::{missing::Missing, names::artist_names};
use super::{page::behind, viewer::Viewer};
use crate::{
    identity::{artist_id, normalised},
    store::{
        EDIT_OF, EDITS, EditRow, FILES, FileRow, FileState, LISTS, List, Scope, TRACKS, Target,
        TrackRow, file_key, last_id, list_prefix, record,
    },
};

/// Programs round lengths, and count the silence at the ends or not.
const NEAR_MS: u64 = 3_000;

/// The track that each of these is, if one and no other is it, as if there were nothing but what the
/// viewer sees.
pub(crate) fn match_tracks(
    read: &ReadTransaction,
    viewer: Viewer,
    libraries: Vec<LibraryId>,
    wanted: &[WantedTrack],
) -> Result<Vec<Option<MatchedTrack>>, StoreError> {
    let mut matching = Matching::open(read, viewer, libraries)?;
    wanted.iter().map(|wanted| matching.find(wanted)).collect()
}

/// What of a track its tags are compared by.
#[derive(Debug, Clone)]
struct Candidate {
    id: TrackId,
    title: String,
    album: String,
    disc_number: Option<u32>,
    track_number: Option<u32>,
    duration_ms: u64,
    /// At `MusicBrainz`.
    recording: Option<String>,
    is_missing: bool,
}

impl Candidate {
    fn new(id: TrackId, row: &TrackRow) -> Self {
        Self {
            id,
            title: normalised(&row.title),
            album: normalised(&row.album_title),
            disc_number: row.disc_number,
            track_number: row.track_number,
            duration_ms: row.duration_ms,
            recording: row.musicbrainz.recording.clone(),
            is_missing: row.missing_since.is_some(),
        }
    }

    /// Is it of this number, as far as both know theirs?
    fn is_numbered(&self, wanted: &WantedTrack) -> bool {
        let numbers = self.track_number.zip(wanted.track_number);
        let disc = |number: Option<u32>| number.unwrap_or(1);
        numbers.is_none_or(|(own, other)| own == other)
            && disc(self.disc_number) == disc(wanted.disc_number)
    }

    fn lasts_about(&self, duration_ms: u64) -> bool {
        self.duration_ms.abs_diff(duration_ms) <= NEAR_MS
    }
}

struct Matching<'r> {
    read: &'r ReadTransaction,
    files: ReadOnlyTable<&'static [u8], &'static [u8]>,
    lists: ReadOnlyTable<&'static [u8], &'static [u8]>,
    tracks: ReadOnlyTable<u64, &'static [u8]>,
    viewer: Viewer,
    /// Those that the viewer sees.
    libraries: Vec<LibraryId>,
    /// Read when the first track is not found among the others.
    missing: Option<Missing>,
    /// Artists that were looked up, with their tracks.
    artists: HashMap<ArtistId, Rc<[Candidate]>>,
}

impl<'r> Matching<'r> {
    fn open(
        read: &'r ReadTransaction,
        viewer: Viewer,
        mut libraries: Vec<LibraryId>,
    ) -> Result<Self, StoreError> {
        libraries.retain(|library| viewer.sees(*library));
        Ok(Self {
            read,
            files: read.open_table(FILES)?,
            lists: read.open_table(LISTS)?,
            tracks: read.open_table(TRACKS)?,
            viewer,
            libraries,
            missing: None,
            artists: HashMap::new(),
        })
    }

    fn find(&mut self, wanted: &WantedTrack) -> Result<Option<MatchedTrack>, StoreError> {
        if let Some(path) = &wanted.path
            && let Some(track) = self.by_path(path)?
        {
            return Ok(Some(MatchedTrack { track, by: MatchedBy::Path }));
        }
        let track = self.by_tags(wanted)?;
        Ok(track.map(|track| MatchedTrack { track, by: MatchedBy::Tags }))
    }

    /// The track of the longest end of the path that is in a library.
    fn by_path(&mut self, path: &str) -> Result<Option<TrackId>, StoreError> {
        let path = path::tidy(path);
        for end in path::ends(&path) {
            let mut found = self.playing_at(end.as_bytes())?;
            if found.is_empty() {
                let libraries = self.libraries.clone();
                found = self.missing()?.at(&libraries, end.as_bytes());
            }
            match found[..] {
                [] => {}
                [track] => return Ok(Some(track)),
                // In several libraries: only the tags can tell.
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn playing_at(&self, path: &[u8]) -> Result<Vec<TrackId>, StoreError> {
        let mut found = Vec::new();
        for library in &self.libraries {
            let file = self.files.get(file_key(*library, path).as_slice())?;
            let file = file.map(|file| FileRow::from_bytes(file.value())).transpose()?;
            let track = file.and_then(|file| match file.state {
                FileState::Plays(track, _) => Some(track),
                FileState::Unreadable { was } => was,
            });
            // What an unreadable file was may be forgotten.
            if let Some(track) = track
                && self.tracks.get(track.0)?.is_some()
            {
                found.push(track);
            }
        }
        Ok(found)
    }

    fn by_tags(&mut self, wanted: &WantedTrack) -> Result<Option<TrackId>, StoreError> {
        let title = wanted.title.as_deref().map(normalised).filter(|title| !title.is_empty());
        let (Some(title), Some(artist)) = (title, &wanted.artist) else { return Ok(None) };
        for artist in self.artists_called(artist)? {
            let of_artist = self.of_artist(artist)?;
            let is_recorded = |track: &&Candidate| {
                track.recording.is_some() && track.recording == wanted.musicbrainz
            };
            let recorded: Vec<_> = of_artist.iter().filter(is_recorded).collect();
            if let Some(track) = single(&recorded) {
                return Ok(Some(track));
            }
            let found: Vec<_> = of_artist.iter().filter(|track| track.title == title).collect();
            if let Some(track) = chosen(&found, wanted) {
                return Ok(Some(track));
            }
        }
        Ok(None)
    }

    /// First those that edits make of a name: other programs know it as it is tagged.
    fn artists_called(&self, text: &str) -> Result<Vec<ArtistId>, StoreError> {
        let (edit_of, edits) = (self.read.open_table(EDIT_OF)?, self.read.open_table(EDITS)?);
        let mut artists = Vec::new();
        for artist in artist_names(text).into_iter().map(artist_id) {
            let edit = edit_of.get(Target::Artist(artist).key())?.map(|id| id.value());
            let row: Option<EditRow> = edit.map(|id| record(&edits, id)).transpose()?.flatten();
            if let Some(EditOf::Artist(edit)) = row.map(|row| row.edit) {
                artists.extend(edit.becomes.iter().map(|name| artist_id(name)));
            }
            artists.push(artist);
        }
        Ok(artists)
    }

    fn of_artist(&mut self, artist: ArtistId) -> Result<Rc<[Candidate]>, StoreError> {
        if let Some(known) = self.artists.get(&artist) {
            return Ok(Rc::clone(known));
        }
        let prefix = list_prefix(List::TracksByAlbum, Scope::Artist(artist));
        let end = behind(&prefix).unwrap_or_default();
        let mut candidates = self.missing()?.of_artist(artist);
        for entry in self.lists.range(&prefix[..]..end.as_slice())? {
            let id = TrackId(last_id(entry?.0.value()));
            let row: Option<TrackRow> = record(&self.tracks, id.0)?;
            let row = row.filter(|row| self.viewer.sees(row.library));
            candidates.extend(row.map(|row| Candidate::new(id, &row)));
        }
        let candidates: Rc<[Candidate]> = candidates.into();
        self.artists.insert(artist, Rc::clone(&candidates));
        Ok(candidates)
    }

    fn missing(&mut self) -> Result<&Missing, StoreError> {
        match &mut self.missing {
            Some(missing) => Ok(missing),
            none => Ok(none.insert(Missing::read(self.read, &self.tracks, &self.viewer)?)),
        }
    }
}

/// The one of these, all of the wanted title by the wanted artist, that everything else speaks for.
fn chosen(found: &[&Candidate], wanted: &WantedTrack) -> Option<TrackId> {
    let album = wanted.album.as_deref().map(normalised).filter(|album| !album.is_empty());
    let duration_ms = wanted.duration_ms.filter(|duration| *duration > 0);
    let near = |among: &[&Candidate]| {
        let near = |track: &&&Candidate| duration_ms.is_some_and(|ms| track.lasts_about(ms));
        single(&among.iter().filter(near).copied().collect::<Vec<_>>())
    };
    if let Some(album) = &album {
        let same: Vec<_> = found.iter().filter(|track| track.album == *album).copied().collect();
        let numbered: Vec<_> =
            same.iter().filter(|track| track.is_numbered(wanted)).copied().collect();
        let one = if let [one] = same[..] { Some(one.id) } else { single(&numbered) };
        let one = one.or_else(|| near(&numbered)).or_else(|| near(&same));
        if one.is_some() {
            return one;
        }
    }
    match (album, duration_ms) {
        (None, None) => single(found),
        _ => near(found),
    }
}

/// The only one, or the only one that plays.
fn single(found: &[&Candidate]) -> Option<TrackId> {
    if let [one] = found {
        return Some(one.id);
    }
    let mut playing = found.iter().filter(|track| !track.is_missing);
    let one = playing.next()?;
    playing.next().is_none().then_some(one.id)
}
