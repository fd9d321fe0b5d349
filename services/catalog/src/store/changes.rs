//! What a transaction changes, collected so that each list, artist and genre is written once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hexachord_contracts::{
    Timestamp,
    ids::{AlbumId, ArtistId, GenreId, LibraryId, TrackId},
};
use hexachord_storage::{Outbox, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{
    LIST_REVISION, Tables, albums,
    groups::{self, Counts, GroupChange},
    lists::{self, Entry, List, Scope},
    measured::mark_unweighed,
    pictures,
    rows::{AlbumRow, TrackRow},
};

/// Whom an entry of the feed is about; what it is now is looked up when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    Track(TrackId),
    Album(AlbumId),
    Artist(ArtistId),
    Became(Became),
    /// What a track sounds like.
    Features(TrackId),
}

/// A copy that was added at that time is the track that it was copied from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Became {
    pub(crate) from: TrackId,
    pub(crate) to: TrackId,
    pub(crate) since: Timestamp,
}

impl Subject {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let (kind, id) = match self {
            Self::Track(id) => (1, id.0),
            Self::Album(id) => (2, id.0),
            Self::Artist(id) => (3, id.0),
            Self::Became(Became { from, .. }) => (4, from.0),
            Self::Features(id) => (5, id.0),
        };
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&id.to_be_bytes());
        if let Self::Became(Became { to, since, .. }) = self {
            bytes.extend_from_slice(&to.0.to_be_bytes());
            bytes.extend_from_slice(&since.as_millis().to_be_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("an entry of the feed".to_owned());
        let (kind, numbers) = bytes.split_first().ok_or_else(damaged)?;
        let (numbers, rest) = numbers.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(damaged());
        }
        match (kind, numbers) {
            (1, [id]) => Ok(Self::Track(TrackId(u64::from_be_bytes(*id)))),
            (2, [id]) => Ok(Self::Album(AlbumId(u64::from_be_bytes(*id)))),
            (3, [id]) => Ok(Self::Artist(ArtistId(u64::from_be_bytes(*id)))),
            (4, [from, to, since]) => Ok(Self::Became(Became {
                from: TrackId(u64::from_be_bytes(*from)),
                to: TrackId(u64::from_be_bytes(*to)),
                since: Timestamp::from_millis(i64::from_be_bytes(*since)),
            })),
            (5, [id]) => Ok(Self::Features(TrackId(u64::from_be_bytes(*id)))),
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
    /// Albums that have a track more or less, or with other audio.
    unweighed: BTreeSet<AlbumId>,
    feed: BTreeSet<Subject>,
}

impl Changes {
    /// A track was `old` (`None`: unknown) and is `new`.
    pub(crate) fn track(&mut self, id: TrackId, old: Option<&TrackRow>, new: &TrackRow) {
        self.feed.insert(Subject::Track(id));
        if let Some(since) = old.and_then(|row| row.missing_since) {
            self.entries.push((lists::missing_entry(id, since), None));
        }
        if let Some(since) = new.missing_since {
            let entry = Entry::Track(new.library, std::rc::Rc::from(&[][..]));
            self.entries.push((lists::missing_entry(id, since), Some(entry)));
        }
        let old = old.filter(|row| row.missing_since.is_none());
        let new = Some(new).filter(|row| row.missing_since.is_none());
        let heard = |row: &TrackRow| (row.album, row.library, row.audio_key());
        if old.map(heard) != new.map(heard) {
            self.unweighed.extend([old, new].into_iter().flatten().map(|row| row.album));
        }
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

    /// Followers look at the artist again.
    pub(crate) fn touch_artist(&mut self, artist: ArtistId) {
        self.feed.insert(Subject::Artist(artist));
    }

    /// Followers hear what the track sounds like, or that nobody knows it.
    pub(super) fn touch_features(&mut self, track: TrackId) {
        self.feed.insert(Subject::Features(track));
    }

    /// A track that was missing since then is not known any more: nothing else was derived from it.
    pub(super) fn forget(&mut self, id: TrackId, since: Timestamp) {
        self.feed.insert(Subject::Track(id));
        self.entries.push((lists::missing_entry(id, since), None));
    }

    /// A missing track is forgotten, for it is another one.
    pub(super) fn became(&mut self, became: Became) {
        self.feed.remove(&Subject::Track(became.from));
        self.feed.insert(Subject::Became(became));
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
        let rules = pictures::rules(&tables.rules)?.rules;
        for album in std::mem::take(&mut self.albums) {
            albums::derive(album, tables, &rules, &mut self)?;
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
        for album in std::mem::take(&mut self.unweighed) {
            mark_unweighed(&mut tables.unweighed, album)?;
        }
        if self.feed.iter().any(|subject| !matches!(subject, Subject::Features(_))) {
            let mut revision = write.open_table(LIST_REVISION)?;
            let last = revision.get(0)?.map_or(0, |last| last.value());
            revision.insert(0, last + 1)?;
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
                Some(Entry::Track(library, marks)) => {
                    let value = [&library.0.to_be_bytes()[..], &marks].concat();
                    tables.lists.insert(key, value.as_slice())?;
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
