//! What a transaction changes, collected so that each list, artist and genre is written once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hexachord_contracts::ids::{AlbumId, ArtistId, GenreId, LibraryId, TrackId};
use hexachord_storage::{Outbox, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{
    Tables, albums,
    groups::{self, Counts, GroupChange},
    lists::{self, Entry, List, Scope},
    rows::{AlbumRow, TrackRow},
};

/// Whom an entry of the feed is about; what it is now is looked up when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    Track(TrackId),
    Album(AlbumId),
    Artist(ArtistId),
}

impl Subject {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let (kind, id) = match self {
            Self::Track(id) => (1, id.0),
            Self::Album(id) => (2, id.0),
            Self::Artist(id) => (3, id.0),
        };
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&id.to_be_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("an entry of the feed".to_owned());
        let (kind, id) = bytes.split_first().ok_or_else(damaged)?;
        let id = u64::from_be_bytes(id.try_into().map_err(|_length| damaged())?);
        match kind {
            1 => Ok(Self::Track(TrackId(id))),
            2 => Ok(Self::Album(AlbumId(id))),
            3 => Ok(Self::Artist(ArtistId(id))),
            _ => Err(damaged()),
        }
    }
}

/// Everything that follows from changed tracks.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// In the order they were made; the last one of a key counts. `None` removes.
    entries: Vec<(Vec<u8>, Option<Entry>)>,
    albums: BTreeSet<AlbumId>,
    pub(super) artists: HashMap<ArtistId, GroupChange>,
    pub(super) genres: HashMap<GenreId, GroupChange>,
    counts: BTreeMap<LibraryId, i64>,
    feed: BTreeSet<Subject>,
}

impl Changes {
    /// A track was `old` (`None`: unknown) and is `new`.
    pub(crate) fn track(&mut self, id: TrackId, old: Option<&TrackRow>, new: &TrackRow) {
        self.feed.insert(Subject::Track(id));
        let old = old.filter(|row| row.missing_since.is_none());
        let new = Some(new).filter(|row| row.missing_since.is_none());
        if let Some(row) = old {
            lists::track_entries(id, row, |key, _| self.entries.push((key, None)));
            self.count_track(row, -1);
        }
        if let Some(row) = new {
            lists::track_entries(id, row, |key, entry| self.entries.push((key, Some(entry))));
            self.count_track(row, 1);
        }
        if let (Some(old), Some(new)) = (old, new)
            && old.library == new.library
        {
            self.respell(old, new);
        }
    }

    /// Something that an album is derived from has changed.
    pub(crate) fn touch_album(&mut self, album: AlbumId) {
        self.albums.insert(album);
    }

    fn count_track(&mut self, row: &TrackRow, sign: i64) {
        self.albums.insert(row.album);
        *self.counts.entry(row.library).or_default() += sign;
        let duration_ms = sign * i64::try_from(row.duration_ms).unwrap_or(0);
        let counts = Counts { tracks: sign, duration_ms, ..Counts::default() };
        for credit in row.credits() {
            let spelling = (credit.name.as_str(), credit.sort.as_deref());
            self.artists.entry(credit.id).or_default().add(row.library, spelling, counts);
        }
        for credit in row.others() {
            let spelling = (credit.name.as_str(), credit.sort.as_deref());
            let counts = Counts { contributions: sign, ..Counts::default() };
            self.artists.entry(credit.id).or_default().add(row.library, spelling, counts);
        }
        for genre in row.distinct_genres() {
            let change = self.genres.entry(genre.id).or_default();
            change.add(row.library, (&genre.name, None), counts);
        }
    }

    /// A retag may only have changed how a name is written.
    fn respell(&mut self, old: &TrackRow, new: &TrackRow) {
        for credit in new.credits().chain(new.others()) {
            let mut known = old.credits().chain(old.others());
            let before = known.find(|before| before.id == credit.id);
            if let Some(before) = before.filter(|before| *before != credit)
                && let Some(change) = self.artists.get_mut(&credit.id)
            {
                let was = (before.name.clone(), before.sort.clone());
                change.respell(new.library, was, (&credit.name, credit.sort.as_deref()));
            }
        }
        for genre in new.distinct_genres() {
            let before = old.distinct_genres().find(|before| before.id == genre.id);
            if let Some(before) = before.filter(|before| *before != genre)
                && let Some(change) = self.genres.get_mut(&genre.id)
            {
                let was = (before.name.clone(), None);
                change.respell(new.library, was, (&genre.name, None));
            }
        }
    }

    /// An album was `old` and is `new`; `None`: nothing of it plays.
    pub(super) fn album(
        &mut self,
        id: AlbumId,
        old: Option<&AlbumRow>,
        new: Option<(&AlbumRow, std::rc::Rc<[u8]>)>,
    ) {
        self.feed.insert(Subject::Album(id));
        let no_bytes = std::rc::Rc::from(&[][..]);
        if let Some(row) = old {
            lists::album_entries(id, row, &no_bytes, |key, _| self.entries.push((key, None)));
            self.count_album(row, -1);
        }
        if let Some((row, bytes)) = new {
            lists::album_entries(id, row, &bytes, |key, entry| {
                self.entries.push((key, Some(entry)));
            });
            self.count_album(row, 1);
        }
    }

    fn count_album(&mut self, row: &AlbumRow, sign: i64) {
        for artist in row.artists() {
            let change = self.artists.entry(artist).or_default();
            change.add_album(libraries_of(row, Scope::Artist(artist)), sign);
            for part in row.parts.iter().filter(|part| part.is_pictured()) {
                if let Some(credit) = part.artists.iter().find(|credit| credit.id == artist) {
                    let spelling = (credit.name.as_str(), credit.sort.as_deref());
                    let counts = Counts { pictured: sign, ..Counts::default() };
                    change.add(part.library, spelling, counts);
                }
            }
        }
        for genre in row.genres() {
            let libraries = libraries_of(row, Scope::Genre(genre));
            self.genres.entry(genre).or_default().add_album(libraries, sign);
        }
    }

    /// Writes all that follows, and the feed.
    pub(crate) fn finish(
        mut self,
        write: &WriteTransaction,
        tables: &mut Tables<'_>,
    ) -> Result<(), StoreError> {
        // Albums are derived from the entries of their tracks, which must stand first.
        self.write_entries(tables)?;
        for album in std::mem::take(&mut self.albums) {
            albums::derive(album, tables, &mut self)?;
        }
        let artists = std::mem::take(&mut self.artists);
        for (id, list) in groups::write(artists, List::ArtistsByName, &mut tables.artists)? {
            self.feed.insert(Subject::Artist(id));
            self.entries.extend(list);
        }
        let genres = std::mem::take(&mut self.genres);
        for (_, list) in groups::write(genres, List::GenresByName, &mut tables.genres)? {
            self.entries.extend(list);
        }
        self.write_entries(tables)?;
        for (library, change) in std::mem::take(&mut self.counts) {
            let count = tables.counts.get(library.0)?.map_or(0, |count| count.value());
            tables.counts.insert(library.0, count.saturating_add_signed(change))?;
        }
        let feed: Vec<Vec<u8>> = self.feed.into_iter().map(Subject::to_bytes).collect();
        Outbox::append(write, &feed)
    }

    /// In the order of their keys: neighbours share pages.
    fn write_entries(&mut self, tables: &mut Tables<'_>) -> Result<(), StoreError> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut entries = entries.into_iter().peekable();
        while let Some((key, entry)) = entries.next() {
            if entries.peek().is_some_and(|(next, _)| *next == key) {
                continue;
            }
            let key = key.as_slice();
            match entry {
                Some(Entry::Library(library)) => {
                    tables.lists.insert(key, &library.0.to_be_bytes()[..])?;
                }
                Some(Entry::Row(bytes)) => {
                    tables.lists.insert(key, &*bytes)?;
                }
                Some(Entry::Nothing) => {
                    tables.lists.insert(key, &[][..])?;
                }
                None => {
                    tables.lists.remove(key)?;
                }
            }
        }
        Ok(())
    }
}

/// Those with a part of the album that is in `scope`.
fn libraries_of(row: &AlbumRow, scope: Scope) -> Vec<LibraryId> {
    row.parts.iter().filter(|part| part.is_in(scope)).map(|part| part.library).collect()
}
