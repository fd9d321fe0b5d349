//! The tables, opened once a transaction.

use hexachord_contracts::{
    feed::FeedCursor,
    ids::{AccountId, TrackId},
    item::{ItemId, ItemKind},
};
use hexachord_storage::{Record, StoreError};
use redb::{
    Key, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, TableError, Value,
    WriteTransaction,
};

use super::rows::{AnnotationRow, CursorRow, FeaturesRow, ModelRow, TrackRow};

/// Account id, kind and id of an item.
pub(super) type AnnotationKey = (u64, u8, u64);

/// Track id → [`TrackRow`].
const TRACKS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("tracks");
/// Track id → [`FeaturesRow`].
const FEATURES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("features");
/// What accounts think of items → [`AnnotationRow`].
const ANNOTATIONS: TableDefinition<'_, AnnotationKey, &[u8]> = TableDefinition::new("annotations");
/// The name of a contract → [`CursorRow`].
const CURSORS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("cursors");
/// → [`ModelRow`].
const MODEL: TableDefinition<'_, (), &[u8]> = TableDefinition::new("model");
/// → annotations of tracks that changed since the model was trained.
const PROGRESS: TableDefinition<'_, (), u64> = TableDefinition::new("progress");

pub(crate) struct Tables<'w> {
    tracks: Table<'w, u64, &'static [u8]>,
    features: Table<'w, u64, &'static [u8]>,
    annotations: Table<'w, AnnotationKey, &'static [u8]>,
    cursors: Table<'w, &'static str, &'static [u8]>,
    model: Table<'w, (), &'static [u8]>,
    progress: Table<'w, (), u64>,
}

impl<'w> Tables<'w> {
    pub(crate) fn open(write: &'w WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            tracks: write.open_table(TRACKS)?,
            features: write.open_table(FEATURES)?,
            annotations: write.open_table(ANNOTATIONS)?,
            cursors: write.open_table(CURSORS)?,
            model: write.open_table(MODEL)?,
            progress: write.open_table(PROGRESS)?,
        })
    }

    pub(crate) fn put_track(&mut self, id: TrackId, row: &TrackRow) -> Result<(), StoreError> {
        self.tracks.insert(id.0, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn remove_track(&mut self, id: TrackId) -> Result<(), StoreError> {
        self.tracks.remove(id.0)?;
        self.features.remove(id.0)?;
        Ok(())
    }

    pub(crate) fn put_features(
        &mut self,
        id: TrackId,
        row: Option<&FeaturesRow>,
    ) -> Result<(), StoreError> {
        match row {
            Some(row) => drop(self.features.insert(id.0, row.to_bytes()?.as_slice())?),
            None => drop(self.features.remove(id.0)?),
        }
        Ok(())
    }

    pub(crate) fn retain_features(
        &mut self,
        keep: impl Fn(TrackId) -> bool,
    ) -> Result<(), StoreError> {
        Ok(self.features.retain(|id, _| keep(TrackId(id)))?)
    }

    pub(crate) fn retain_tracks(
        &mut self,
        keep: impl Fn(TrackId) -> bool,
    ) -> Result<(), StoreError> {
        Ok(self.tracks.retain(|id, _| keep(TrackId(id)))?)
    }

    /// Says whether the stored annotation is another one now.
    pub(crate) fn put_annotation(
        &mut self,
        account: AccountId,
        item: ItemId,
        row: Option<&AnnotationRow>,
    ) -> Result<bool, StoreError> {
        let key = (account.0, kind_number(item.kind()), item.number());
        let Some(row) = row else { return Ok(self.annotations.remove(key)?.is_some()) };
        let bytes = row.to_bytes()?;
        let before = self.annotations.insert(key, bytes.as_slice())?;
        Ok(before.is_none_or(|before| before.value() != bytes))
    }

    /// Everything of an account; says whether there was something.
    pub(crate) fn remove_account(&mut self, account: AccountId) -> Result<bool, StoreError> {
        let all = (account.0, 0, 0)..=(account.0, u8::MAX, u64::MAX);
        let found = self.annotations.range(all.clone())?.next().is_some();
        self.annotations.retain_in(all, |_, _| false)?;
        Ok(found)
    }

    /// Removes what `keep` does not know; says how many were removed.
    pub(crate) fn retain_annotations(
        &mut self,
        keep: impl Fn(AccountId, ItemId) -> bool,
    ) -> Result<u64, StoreError> {
        let mut removed = 0;
        self.annotations.retain(|(account, kind, number), _| {
            let item = kind_of(kind).map(|kind| ItemId::new(kind, number));
            let kept = item.is_some_and(|item| keep(AccountId(account), item));
            removed += u64::from(!kept);
            kept
        })?;
        Ok(removed)
    }

    /// The accounts with annotations.
    pub(crate) fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let mut accounts = Vec::new();
        let mut from = 0;
        while let Some(entry) = self.annotations.range((from, 0, 0)..)?.next() {
            let (account, ..) = entry?.0.value();
            accounts.push(AccountId(account));
            let Some(next) = account.checked_add(1) else { break };
            from = next;
        }
        Ok(accounts)
    }

    pub(crate) fn put_cursor(
        &mut self,
        feed: &str,
        cursor: Option<FeedCursor>,
    ) -> Result<(), StoreError> {
        match cursor {
            Some(cursor) => {
                let bytes = CursorRow(cursor).to_bytes()?;
                self.cursors.insert(feed, bytes.as_slice())?;
            }
            None => drop(self.cursors.remove(feed)?),
        }
        Ok(())
    }

    pub(crate) fn put_model(&mut self, row: &ModelRow) -> Result<(), StoreError> {
        self.model.insert((), row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn remove_model(&mut self) -> Result<(), StoreError> {
        self.model.remove(())?;
        Ok(())
    }

    /// Changes the number by `change`, and says what it is now.
    pub(crate) fn count_progress(
        &mut self,
        change: impl FnOnce(u64) -> u64,
    ) -> Result<u64, StoreError> {
        let before = self.progress.get(())?.map_or(0, |count| count.value());
        let now = change(before);
        self.progress.insert((), now)?;
        Ok(now)
    }
}

pub(crate) fn tracks(
    read: &ReadTransaction,
    mut visit: impl FnMut(TrackId, TrackRow),
) -> Result<(), StoreError> {
    let Some(tracks) = table(read, TRACKS)? else { return Ok(()) };
    for entry in tracks.iter()? {
        let (id, row) = entry?;
        visit(TrackId(id.value()), TrackRow::from_bytes(row.value())?);
    }
    Ok(())
}

pub(crate) fn features(
    read: &ReadTransaction,
    mut visit: impl FnMut(TrackId, FeaturesRow),
) -> Result<(), StoreError> {
    let Some(features) = table(read, FEATURES)? else { return Ok(()) };
    for entry in features.iter()? {
        let (id, row) = entry?;
        visit(TrackId(id.value()), FeaturesRow::from_bytes(row.value())?);
    }
    Ok(())
}

pub(crate) fn annotations(
    read: &ReadTransaction,
    mut visit: impl FnMut(AccountId, ItemId, AnnotationRow),
) -> Result<(), StoreError> {
    let Some(annotations) = table(read, ANNOTATIONS)? else { return Ok(()) };
    for entry in annotations.iter()? {
        let (key, row) = entry?;
        let (account, kind, number) = key.value();
        let kind = kind_of(kind).ok_or_else(|| {
            StoreError::Damaged(format!("annotations: unknown kind {kind} of an item"))
        })?;
        let row = AnnotationRow::from_bytes(row.value())?;
        visit(AccountId(account), ItemId::new(kind, number), row);
    }
    Ok(())
}

/// Of the feed with this name.
pub(crate) fn cursors(
    read: &ReadTransaction,
    feed: &str,
) -> Result<Option<FeedCursor>, StoreError> {
    let Some(cursors) = table(read, CURSORS)? else { return Ok(None) };
    let row = cursors.get(feed)?.map(|row| CursorRow::from_bytes(row.value())).transpose()?;
    Ok(row.map(|CursorRow(cursor)| cursor))
}

pub(crate) fn model(read: &ReadTransaction) -> Result<Option<ModelRow>, StoreError> {
    let Some(model) = table(read, MODEL)? else { return Ok(None) };
    model.get(())?.map(|row| ModelRow::from_bytes(row.value())).transpose()
}

pub(crate) fn progress(read: &ReadTransaction) -> Result<u64, StoreError> {
    let Some(progress) = table(read, PROGRESS)? else { return Ok(0) };
    Ok(progress.get(())?.map_or(0, |count| count.value()))
}

/// A new store has no table before its first write.
fn table<K: Key + 'static, V: Value + 'static>(
    read: &ReadTransaction,
    definition: TableDefinition<'_, K, V>,
) -> Result<Option<ReadOnlyTable<K, V>>, StoreError> {
    match read.open_table(definition) {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn kind_number(kind: ItemKind) -> u8 {
    match kind {
        ItemKind::Track => 0,
        ItemKind::Album => 1,
        ItemKind::Artist => 2,
    }
}

fn kind_of(number: u8) -> Option<ItemKind> {
    ItemKind::ALL.into_iter().find(|kind| kind_number(*kind) == number)
}
