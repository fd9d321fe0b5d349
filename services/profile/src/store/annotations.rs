//! What an account thinks of an item, and the lists that are ordered by it.

use hexachord_contracts::{ids::AccountId, item::ItemId};
use hexachord_storage::{Record, StoreError};

use super::{
    AnnotationRow, Change, Subject,
    keys::{favourite_keys, kind_number, top_key},
    record,
};

impl Change<'_> {
    /// What is there; an empty row for an item that was never touched.
    pub(crate) fn annotation(
        &self,
        account: AccountId,
        item: ItemId,
    ) -> Result<AnnotationRow, StoreError> {
        let key = (account.0, kind_number(item.kind()), item.number());
        Ok(record(&self.tables.annotations, &key)?.unwrap_or_default())
    }

    /// Keeps the row and its places in the lists, and tells the feed; an empty row is none.
    pub(crate) fn put_annotation(
        &mut self,
        account: AccountId,
        item: ItemId,
        row: AnnotationRow,
    ) -> Result<(), StoreError> {
        let old = self.annotation(account, item)?;
        if old != row {
            self.replace_annotation(account, item, &old, &row)?;
            self.tell(Subject::Annotation(account, item));
        }
        Ok(())
    }

    /// What goes with its account is not told by itself.
    pub(super) fn remove_annotation(
        &mut self,
        account: AccountId,
        item: ItemId,
    ) -> Result<(), StoreError> {
        let old = self.annotation(account, item)?;
        self.replace_annotation(account, item, &old, &AnnotationRow::default())
    }

    fn replace_annotation(
        &mut self,
        account: AccountId,
        item: ItemId,
        old: &AnnotationRow,
        row: &AnnotationRow,
    ) -> Result<(), StoreError> {
        let key = (account.0, kind_number(item.kind()), item.number());
        if *row == AnnotationRow::default() {
            self.tables.annotations.remove(key)?;
        } else {
            self.tables.annotations.insert(key, row.to_bytes()?.as_slice())?;
        }
        match (old.is_opinion(), row.is_opinion()) {
            (true, false) => drop(self.tables.opinions.remove((key.1, key.2, key.0))?),
            (false, true) => drop(self.tables.opinions.insert((key.1, key.2, key.0), ())?),
            _ => {}
        }
        if let Some(key) = top_key(account, item, old) {
            self.tables.top.remove(key.as_slice())?;
        }
        if let Some(key) = top_key(account, item, row) {
            self.tables.top.insert(key.as_slice(), ())?;
        }
        if old.favourite_since != row.favourite_since {
            self.move_favourite(account, item, old, row)?;
        }
        Ok(())
    }

    fn move_favourite(
        &mut self,
        account: AccountId,
        item: ItemId,
        old: &AnnotationRow,
        row: &AnnotationRow,
    ) -> Result<(), StoreError> {
        let keys = |row: &AnnotationRow| {
            row.favourite_since.map(|since| favourite_keys(account, item, since))
        };
        for key in keys(old).into_iter().flatten() {
            self.tables.favourites.remove(key.as_slice())?;
        }
        for key in keys(row).into_iter().flatten() {
            self.tables.favourites.insert(key.as_slice(), ())?;
        }
        Ok(())
    }
}
