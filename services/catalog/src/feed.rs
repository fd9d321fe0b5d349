//! The feed: entries of the outbox as changes, and everything there is in pages.

use std::collections::{BTreeSet, HashSet};

use hexachord_contracts::{
    catalog::{CatalogChange, CatalogSnapshot, Features},
    feed::{FeedCursor, Snapshot},
    ids::{AlbumId, ArtistId, TrackId},
};
use hexachord_storage::{Outbox, StoreError};
use redb::{ReadOnlyTable, ReadTransaction};

use crate::{
    browse::{Answer, ArtistPictures, Tracks, Viewer, album, artist, decoded, encoded, invalid},
    store::{
        ALBUMS, ARTISTS, AlbumRow, Became, ById, FEATURES, FeaturesRow, GroupRow, Scope, Subject,
        TRACKS, TrackRow, record, record_at,
    },
};

/// No page of a snapshot is longer: it stays below the size of a message.
const LONGEST_PAGE: u32 = 500;
/// Rows that are looked at for a page, where many have nothing to tell.
const LOOKED_AT: usize = 5_000;

/// What the subjects of these entries are now; one that stands several times comes once.
pub(crate) fn resolve(
    read: &ReadTransaction,
    entries: Vec<Vec<u8>>,
) -> Result<Vec<CatalogChange>, StoreError> {
    let mut resolver = Resolver::open(read)?;
    let mut told = HashSet::new();
    let mut changes = Vec::with_capacity(entries.len());
    for entry in entries {
        let subject = Subject::from_bytes(&entry)?;
        if told.insert(subject) {
            changes.extend(resolver.now(subject)?);
        }
    }
    Ok(changes)
}

struct Resolver<'r> {
    read: &'r ReadTransaction,
    tracks: Tracks,
    pictures: ArtistPictures,
    features: ReadOnlyTable<&'static [u8], &'static [u8]>,
}

impl<'r> Resolver<'r> {
    fn open(read: &'r ReadTransaction) -> Result<Self, StoreError> {
        let tracks = Tracks::open(read, Viewer::everything())?;
        let (pictures, features) = (ArtistPictures::open(read)?, read.open_table(FEATURES)?);
        Ok(Self { read, tracks, pictures, features })
    }

    /// `None`: it is no news any more.
    fn now(&mut self, subject: Subject) -> Result<Option<CatalogChange>, StoreError> {
        Ok(Some(match subject {
            Subject::Track(id) => match self.tracks.get(id)? {
                Some(track) => CatalogChange::Track(Box::new(track)),
                None => CatalogChange::TrackGone(id),
            },
            Subject::Album(id) => self.album(id)?.unwrap_or(CatalogChange::AlbumGone(id)),
            Subject::Artist(id) => self.artist(id)?.unwrap_or(CatalogChange::ArtistGone(id)),
            // The copy may have been made again.
            Subject::Became(Became { from, .. }) if self.tracks.get(from)?.is_some() => {
                return Ok(None);
            }
            Subject::Became(Became { from, to, since }) => {
                CatalogChange::TrackBecame { from, to, since }
            }
            Subject::Features(track) => {
                let Some(row) = self.tracks.row(track)? else { return Ok(None) };
                let features = self.features(&row)?.map(Box::new);
                CatalogChange::Features { track, features }
            }
        }))
    }

    fn features(&self, row: &TrackRow) -> Result<Option<Features>, StoreError> {
        let row: Option<FeaturesRow> = record_at(&self.features, &row.audio_key().to_bytes())?;
        Ok(row.map(|row| row.features))
    }

    fn album(&self, id: AlbumId) -> Result<Option<CatalogChange>, StoreError> {
        let row: Option<AlbumRow> = record(&self.read.open_table(ALBUMS)?, id.0)?;
        let Some(row) = row else { return Ok(None) };
        let seen_from = |library| {
            Some((library, album(id, row.clone(), &Viewer::of_library(library), Scope::All)?))
        };
        let libraries = row.parts.iter().map(|part| part.library).collect::<BTreeSet<_>>();
        let parts: Vec<_> = libraries.into_iter().filter_map(seen_from).collect();
        Ok((!parts.is_empty()).then_some(CatalogChange::Album { id, parts }))
    }

    fn artist(&self, id: ArtistId) -> Result<Option<CatalogChange>, StoreError> {
        let row: Option<GroupRow> = record(&self.read.open_table(ARTISTS)?, id.0)?;
        let Some(row) = row else { return Ok(None) };
        let libraries = row.parts.iter().map(|part| part.library).collect::<BTreeSet<_>>();
        let mut parts = Vec::with_capacity(libraries.len());
        for library in libraries {
            let seen = artist(id, &row, &Viewer::of_library(library), &self.pictures)?;
            parts.extend(seen.map(|artist| (library, artist)));
        }
        Ok((!parts.is_empty()).then_some(CatalogChange::Artist { id, parts }))
    }
}

/// The tables in the order of a snapshot.
const KINDS: [ById; 4] = [TRACKS, ALBUMS, ARTISTS, TRACKS];

fn subject(kind: usize, id: u64) -> Subject {
    match kind {
        0 => Subject::Track(TrackId(id)),
        1 => Subject::Album(AlbumId(id)),
        2 => Subject::Artist(ArtistId(id)),
        _ => Subject::Features(TrackId(id)),
    }
}

/// Where a snapshot reads on: its head, the kind, and the first id that was not told.
#[derive(Debug, Clone, Copy)]
struct Place {
    head: FeedCursor,
    kind: usize,
    from: u64,
}

impl Place {
    fn to_text(self) -> String {
        let Self { head, kind, from } = self;
        let mut bytes = Vec::with_capacity(25);
        bytes.extend_from_slice(&head.epoch.to_be_bytes());
        bytes.extend_from_slice(&head.sequence.to_be_bytes());
        bytes.extend_from_slice(&from.to_be_bytes());
        bytes.extend_from_slice(&(kind as u64).to_be_bytes());
        encoded(&bytes)
    }

    fn from_text(text: &str) -> Option<Self> {
        let bytes = decoded(text).filter(|bytes| bytes.len() == 32)?;
        let number = |place: usize| {
            let bytes = bytes.get(place * 8..)?.first_chunk::<8>()?;
            Some(u64::from_be_bytes(*bytes))
        };
        let head = FeedCursor { epoch: number(0)?, sequence: number(1)? };
        let kind = usize::try_from(number(3)?).ok().filter(|kind| *kind < KINDS.len())?;
        Some(Self { head, kind, from: number(2)? })
    }
}

/// Whoever begins knows of no features.
const fn says_something(change: &CatalogChange) -> bool {
    !matches!(change, CatalogChange::Features { features: None, .. })
}

/// One page of everything, missing tracks too.
pub(crate) fn snapshot(
    read: &ReadTransaction,
    outbox: &Outbox,
    call: &CatalogSnapshot,
) -> Answer<Snapshot<CatalogChange>> {
    let mut place = match &call.after {
        None => Place { head: outbox.head(read)?, kind: 0, from: 0 },
        Some(text) => match Place::from_text(text) {
            Some(place) if outbox.has(read, place.head)? => place,
            _ => return Ok(Err(invalid("after", "is not a place of this snapshot"))),
        },
    };
    let limit = call.limit.clamp(1, LONGEST_PAGE) as usize;
    let mut resolver = Resolver::open(read)?;
    let mut items = Vec::new();
    while let Some(table) = KINDS.get(place.kind) {
        for (looked_at, row) in read.open_table(*table)?.range(place.from..)?.enumerate() {
            let id = row?.0.value();
            if items.len() == limit || looked_at == LOOKED_AT {
                let next = Place { from: id, ..place }.to_text();
                return Ok(Ok(Snapshot { items, next: Some(next), head: place.head }));
            }
            let item = resolver.now(subject(place.kind, id))?;
            items.extend(item.filter(says_something));
        }
        place = Place { kind: place.kind + 1, from: 0, ..place };
    }
    Ok(Ok(Snapshot { items, next: None, head: place.head }))
}
