//! One page of a list: a range of keys, read until the limit or the end.

use std::ops::Bound;

use hexachord_contracts::{
    catalog::CatalogError,
    page::{Page, Paging},
};
use hexachord_storage::StoreError;
use redb::{Range, ReadableTable};

use super::{
    cursor::{decoded, encoded},
    invalid,
};
use crate::store::PREFIX;

/// A page that is asked for: keys with this prefix, after a key.
#[derive(Debug)]
pub(crate) struct Asked {
    prefix: Vec<u8>,
    descending: bool,
    limit: usize,
    /// First byte of the list's cursors: tells lists with equal keys, and directions, apart.
    mark: u8,
    after: Option<Vec<u8>>,
}

impl Asked {
    /// `table` is a number for the kind of list. Refuses a limit out of range and a cursor of
    /// another list, scope or direction.
    pub(crate) fn new(
        table: u8,
        prefix: &[u8],
        descending: bool,
        paging: &Paging,
    ) -> Result<Self, CatalogError> {
        let limit = limit_of(paging)?;
        let mark = table << 1 | u8::from(descending);
        let after = paging.cursor.as_deref().map(|text| {
            let bytes = decoded(text)?;
            let key = bytes.strip_prefix(&[mark])?;
            (key.starts_with(prefix) && key.len() >= prefix.len() + 8).then(|| key.to_vec())
        });
        let not_its = || invalid("cursor", "is not a cursor of this list, sort and filter");
        let after = after.map(|after| after.ok_or_else(not_its)).transpose()?;
        Ok(Self { prefix: prefix.to_vec(), descending, limit, mark, after })
    }

    /// The same page of another list, whose keys go on behind `entry` as those of this one do.
    fn within(&self, entry: &[u8; PREFIX]) -> Self {
        let after = self.after.as_deref().map(|key| moved(key, entry));
        Self { prefix: moved(&self.prefix, entry), after, ..*self }
    }

    /// Reads the page out of a larger list, whose keys begin with `entry` and go on as those of this
    /// list do.
    pub(super) fn read_from<T>(
        &self,
        entry: &[u8; PREFIX],
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let own: &[u8; PREFIX] = self.prefix.first_chunk().unwrap_or(entry);
        let (items, next) = self.within(entry).read_keys(table, item)?;
        Ok(Page { items, next_cursor: next.map(|key| self.cursor(&moved(&key, own))) })
    }

    /// The page of a list that stands in no table: of `all` its items, in any order.
    pub(crate) fn sorted<T>(&self, all: Vec<(Vec<u8>, T)>) -> Page<T> {
        let after = self.after.as_deref();
        let is_behind = |key: &[u8]| {
            after.is_none_or(|after| if self.descending { key < after } else { key > after })
        };
        let mut rest: Vec<_> = all.into_iter().filter(|(key, _)| is_behind(key)).collect();
        rest.sort_unstable_by(
            |(one, _), (other, _)| {
                if self.descending { other.cmp(one) } else { one.cmp(other) }
            },
        );
        let more = rest.len() > self.limit;
        rest.truncate(self.limit);
        let last = rest.last().filter(|_| more);
        let next_cursor = last.map(|(key, _)| self.cursor(key));
        Page { items: rest.into_iter().map(|(_, item)| item).collect(), next_cursor }
    }

    /// Reads the page: `item` makes one of a key and its value, or passes over it.
    pub(crate) fn read<T>(
        &self,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let (items, next) = self.read_keys(table, item)?;
        Ok(Page { items, next_cursor: next.map(|key| self.cursor(&key)) })
    }

    fn cursor(&self, last: &[u8]) -> String {
        encoded(&[&[self.mark], last].concat())
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit as u64
    }

    /// The page that begins so many rows further on; `is_row` says which keys are rows of the list.
    pub(super) fn further_on(
        self,
        rows: u32,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut is_row: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<Self, StoreError> {
        let mut range = self.range(table)?;
        let (mut passed, mut last) = (0, Vec::new());
        while passed < rows {
            let entry = if self.descending { range.next_back() } else { range.next() };
            let Some((key, value)) = entry.transpose()? else { break };
            if is_row(key.value(), value.value())? {
                passed += 1;
                last.clear();
                last.extend_from_slice(key.value());
            }
        }
        drop(range);
        // Where there are fewer rows, none is behind the last one.
        let after = if last.is_empty() { self.after } else { Some(last) };
        Ok(Self { after, ..self })
    }

    /// What of a table is on this page and behind it.
    fn range<'t>(
        &self,
        table: &'t impl ReadableTable<&'static [u8], &'static [u8]>,
    ) -> Result<Range<'t, &'static [u8], &'static [u8]>, StoreError> {
        let behind = behind(&self.prefix);
        let after = self.after.as_deref();
        let (from, to) = if self.descending {
            let to = after.or(behind.as_deref());
            (Bound::Included(self.prefix.as_slice()), to.map_or(Bound::Unbounded, Bound::Excluded))
        } else {
            let from = after.map_or(Bound::Included(self.prefix.as_slice()), Bound::Excluded);
            (from, behind.as_deref().map_or(Bound::Unbounded, Bound::Excluded))
        };
        Ok(table.range::<&[u8]>((from, to))?)
    }

    /// The items of the page, and the last key of it where there are more.
    fn read_keys<T>(
        &self,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, StoreError>,
    ) -> Result<(Vec<T>, Option<Vec<u8>>), StoreError> {
        let mut range = self.range(table)?;
        let mut items = Vec::with_capacity(self.limit.min(64));
        let mut last = Vec::new();
        while let Some(entry) = if self.descending { range.next_back() } else { range.next() } {
            let (key, value) = entry?;
            let Some(item) = item(key.value(), value.value())? else { continue };
            if items.len() == self.limit {
                return Ok((items, Some(last)));
            }
            items.push(item);
            last.clear();
            last.extend_from_slice(key.value());
        }
        Ok((items, None))
    }
}

/// A key of one list as one of another.
fn moved(key: &[u8], to: &[u8; PREFIX]) -> Vec<u8> {
    [&to[..], key.get(PREFIX..).unwrap_or_default()].concat()
}

/// How many rows a page is asked to have.
pub(crate) fn limit_of(paging: &Paging) -> Result<usize, CatalogError> {
    if !(1..=Paging::MOST).contains(&paging.limit) {
        return Err(invalid("limit", format!("must be 1 to {}", Paging::MOST)));
    }
    Ok(paging.limit as usize)
}

/// The first key behind all keys with this prefix; `None`: there is none.
pub(crate) fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut behind = prefix[..=last].to_vec();
    behind[last] += 1;
    Some(behind)
}
