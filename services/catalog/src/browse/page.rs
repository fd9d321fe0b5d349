//! One page of a list: a range of keys, read until the limit or the end.

use std::ops::Bound;

use hexachord_contracts::{
    LibraryAccess,
    catalog::{CatalogError, Years},
    page::{Page, Paging},
};
use hexachord_storage::StoreError;
use redb::{Range, ReadableTable};

use super::{
    cursor::{decoded, encoded},
    invalid,
    positions::{ListKey, Positions},
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
    /// Rows of the list on this page and behind it, where that is known: whoever has read them stops.
    left: Option<u64>,
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
        Ok(Self { prefix: prefix.to_vec(), descending, limit, mark, after, left: None })
    }

    /// A list in the order of its keys, as far as a page goes.
    pub(super) fn whole(prefix: &[u8]) -> Self {
        let (prefix, limit) = (prefix.to_vec(), Paging::MOST as usize);
        Self { prefix, descending: false, limit, mark: 0, after: None, left: None }
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
        let mut rest = self.in_order(all);
        let more = rest.len() > self.limit;
        rest.truncate(self.limit);
        let last = rest.last().filter(|_| more);
        let next_cursor = last.map(|(key, _)| self.cursor(key));
        Page { items: rest.into_iter().map(|(_, item)| item).collect(), next_cursor }
    }

    /// What of `all` is on this page and behind it, in the order of the list.
    pub(super) fn in_order<T>(&self, all: Vec<(Vec<u8>, T)>) -> Vec<(Vec<u8>, T)> {
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
        rest
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

    /// Reads the page that begins `skip` rows behind the first one, or behind the cursor, of a list whose
    /// rows stand as `positions` tell; `is_row` says which keys are some.
    pub(super) fn read_window<T>(
        mut self,
        (skip, positions): (u32, &Positions),
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        is_row: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
        item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        if self.after.is_none() {
            let left = positions.total.saturating_sub(skip.into());
            if left == 0 {
                return Ok(Page { items: Vec::new(), next_cursor: None });
            }
            self.left = Some(left);
        }
        if let Some((mark, further)) = positions.before(skip) {
            self.after = Some(mark.to_vec());
            self = self.further_on(further, table, is_row)?;
        }
        self.read(table, item)
    }

    /// The page that begins behind `mark`, with so many rows before it that are not asked for.
    pub(super) fn behind_mark(self, mark: &[u8], further: u32) -> Self {
        Self { after: Some(mark.to_vec()), limit: self.limit + further as usize, ..self }
    }

    /// The page that the list begins with.
    pub(super) fn at_the_start(&self) -> Self {
        Self { prefix: self.prefix.clone(), after: None, ..*self }
    }

    /// A row is counted from the first one, so it needs no cursor.
    pub(super) fn check_skip(&self, skip: u32) -> Result<(), CatalogError> {
        if skip > 0 && self.after.is_some() {
            return Err(invalid("skip", "give either `cursor` or `skip`"));
        }
        Ok(())
    }

    /// What tells this list from others as somebody sees it.
    pub(super) fn key(&self, years: Option<Years>, access: LibraryAccess) -> ListKey {
        let prefix = self.prefix.first_chunk().copied().unwrap_or_default();
        ListKey { prefix, descending: self.descending, years, access }
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit as u64
    }

    /// The page that begins so many rows further on.
    fn further_on(
        self,
        rows: u32,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut is_row: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<Self, StoreError> {
        let (mut to_pass, mut last) = (rows, None);
        if rows > 0 {
            self.each(table, |key, value| {
                if is_row(key, value)? {
                    to_pass -= 1;
                    last = Some(key.to_vec());
                }
                Ok(to_pass > 0)
            })?;
        }
        Ok(Self { after: last.or(self.after), ..self })
    }

    /// The entries on this page and behind it, as long as `go_on` says so.
    pub(super) fn each(
        &self,
        table: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut go_on: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut range = self.range(table)?;
        while let Some(entry) = if self.descending { range.next_back() } else { range.next() } {
            let (key, value) = entry?;
            if !go_on(key.value(), value.value())? {
                break;
            }
        }
        Ok(())
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
        let mut items = Vec::with_capacity(self.limit.min(64));
        let (mut last, mut more) = (Vec::new(), false);
        self.each(table, |key, value| {
            let Some(item) = item(key, value)? else { return Ok(true) };
            if items.len() == self.limit {
                more = true;
                return Ok(false);
            }
            items.push(item);
            last.clear();
            last.extend_from_slice(key);
            Ok(self.left.is_none_or(|left| (items.len() as u64) < left))
        })?;
        Ok((items, Some(last).filter(|_| more)))
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
