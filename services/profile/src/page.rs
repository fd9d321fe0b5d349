//! One page of a list: ranges of keys, merged and read until the limit or the end.

use std::ops::Bound;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::page::{Page, Paging};
use hexachord_storage::StoreError;
use redb::{AccessGuard, Range, ReadableTable, Value};

use crate::{
    errors::{Refusable, invalid},
    store::behind,
};

/// No cursor is longer; longer text is refused before it is decoded.
const LONGEST_CURSOR: usize = 8 * 1024;

/// Bytes of a page: a message has less than 1 MB, and JSON writes some letters as two.
const HEAVIEST_PAGE: usize = 400_000;

/// A page that is asked for: keys with one of these prefixes in the order of what follows the
/// prefix, behind the last one of the page before.
#[derive(Debug)]
pub(crate) struct Asked {
    prefixes: Vec<Vec<u8>>,
    descending: bool,
    limit: usize,
    /// First byte of the list's cursors: tells lists, sorts and directions apart.
    mark: u8,
    after: Option<Vec<u8>>,
}

/// The rest of one range, and its next entry.
struct Run<'t, V: Value + 'static> {
    prefix: usize,
    rest: Range<'t, &'static [u8], V>,
    next: Option<(AccessGuard<'t, &'static [u8]>, AccessGuard<'t, V>)>,
}

impl<V: Value + 'static> Run<'_, V> {
    /// What the next entry is ordered by: its key without the prefix.
    fn place(&self) -> Option<&[u8]> {
        self.next.as_ref().map(|(key, _)| &key.value()[self.prefix..])
    }
}

impl Asked {
    /// `list` is a number below 128 for the kind of list.
    pub(crate) fn new(
        list: u8,
        prefixes: Vec<Vec<u8>>,
        descending: bool,
        paging: &Paging,
    ) -> Refusable<Self> {
        let limit = limit_of(paging)?;
        let mark = list << 1 | u8::from(descending);
        let after = paging.cursor.as_deref().map(|text| read_cursor(mark, text)).transpose()?;
        Ok(Self { prefixes, descending, limit, mark, after })
    }

    /// Reads the page: `item` makes one of a key and its value, or passes over it.
    pub(crate) fn read<V: Value + 'static, T>(
        &self,
        table: &impl ReadableTable<&'static [u8], V>,
        item: impl FnMut(&[u8], V::SelfType<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        self.read_weighed(table, |_| 0, item)
    }

    /// [`Asked::read`] for items that may be long: the page ends before it has more than
    /// [`HEAVIEST_PAGE`] bytes, of which `bytes` tells those of an item.
    pub(crate) fn read_weighed<V: Value + 'static, T>(
        &self,
        table: &impl ReadableTable<&'static [u8], V>,
        bytes: impl Fn(&T) -> usize,
        mut item: impl FnMut(&[u8], V::SelfType<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let mut runs = Vec::with_capacity(self.prefixes.len());
        for prefix in &self.prefixes {
            let mut run =
                Run { prefix: prefix.len(), rest: self.range(table, prefix)?, next: None };
            self.step(&mut run)?;
            runs.push(run);
        }
        let mut items = Vec::with_capacity(self.limit.min(64));
        let (mut last, mut weight) = (Vec::new(), 0);
        while let Some(run) = self.first(&mut runs) {
            let Some((key, value)) = self.step(run)? else { break };
            let Some(item) = item(key.value(), value.value())? else { continue };
            weight += bytes(&item);
            if items.len() == self.limit || (weight > HEAVIEST_PAGE && !items.is_empty()) {
                return Ok(Page { items, next_cursor: Some(write_cursor(self.mark, &last)) });
            }
            items.push(item);
            last.clear();
            last.extend_from_slice(&key.value()[run.prefix..]);
        }
        Ok(Page { items, next_cursor: None })
    }

    fn range<'t, V: Value + 'static>(
        &self,
        table: &'t impl ReadableTable<&'static [u8], V>,
        prefix: &[u8],
    ) -> Result<Range<'t, &'static [u8], V>, StoreError> {
        let after = self.after.as_ref().map(|after| [prefix, after].concat());
        let behind = behind(prefix);
        let end = behind.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let bounds = match &after {
            Some(after) if self.descending => (Bound::Included(prefix), Bound::Excluded(&**after)),
            Some(after) => (Bound::Excluded(&**after), end),
            None => (Bound::Included(prefix), end),
        };
        Ok(table.range::<&[u8]>(bounds)?)
    }

    /// Takes the next entry of a run.
    #[expect(clippy::type_complexity, reason = "an entry as redb gives it")]
    fn step<'t, V: Value + 'static>(
        &self,
        run: &mut Run<'t, V>,
    ) -> Result<Option<(AccessGuard<'t, &'static [u8]>, AccessGuard<'t, V>)>, StoreError> {
        let next = if self.descending { run.rest.next_back() } else { run.rest.next() };
        Ok(std::mem::replace(&mut run.next, next.transpose()?))
    }

    /// The run whose next entry is the first of all.
    fn first<'r, 't, V: Value + 'static>(
        &self,
        runs: &'r mut [Run<'t, V>],
    ) -> Option<&'r mut Run<'t, V>> {
        let waiting = runs.iter_mut().filter(|run| run.next.is_some());
        if self.descending {
            waiting.max_by(|one, other| one.place().cmp(&other.place()))
        } else {
            waiting.min_by(|one, other| one.place().cmp(&other.place()))
        }
    }
}

/// The limit of a page, within what is allowed.
pub(crate) fn limit_of(paging: &Paging) -> Refusable<usize> {
    if !(1..=Paging::MOST).contains(&paging.limit) {
        return Err(invalid("limit", format!("must be 1 to {}", Paging::MOST)));
    }
    Ok(paging.limit as usize)
}

/// At most as many as a page has.
pub(crate) fn at_most_a_page(field: &str, items: usize) -> Refusable<()> {
    if items > Paging::MOST as usize {
        return Err(invalid(field, format!("are more than {}", Paging::MOST)));
    }
    Ok(())
}

pub(crate) fn write_cursor(mark: u8, place: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([&[mark], place].concat())
}

pub(crate) fn read_cursor(mark: u8, text: &str) -> Refusable<Vec<u8>> {
    let not_its = || invalid("cursor", "use the next_cursor of a page of this list and sort");
    let text = Some(text).filter(|text| text.len() <= LONGEST_CURSOR).ok_or_else(not_its)?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_other| not_its())?;
    bytes.strip_prefix(&[mark]).map(<[u8]>::to_vec).ok_or_else(not_its)
}
