//! Lists newest first: each has a number, and a cursor is the last one that was told.

use hexachord_contracts::{
    page::{Page, Paging},
    payment::PaymentError,
};
use hexachord_storage::StoreError;

/// A page that is asked for.
pub(crate) struct Asked {
    /// Tells the cursors of one list from those of another.
    list: &'static str,
    limit: usize,
    /// Only what has a smaller number.
    pub(crate) before: u64,
}

impl Asked {
    pub(crate) fn new(list: &'static str, paging: &Paging) -> Result<Self, PaymentError> {
        if !(1..=Paging::MOST).contains(&paging.limit) {
            return Err(invalid("limit", format!("use 1 to {}", Paging::MOST)));
        }
        let number = |text: &str| {
            let digits = text.strip_prefix(list)?.strip_prefix('.')?;
            u64::from_str_radix(digits, 16).ok()
        };
        let before = paging.cursor.as_deref().map(|text| {
            number(text).ok_or_else(|| invalid("cursor", "use the next_cursor of this list"))
        });
        let before = before.transpose()?.unwrap_or(u64::MAX);
        Ok(Self { list, limit: paging.limit as usize, before })
    }

    /// The page of what `numbers` says in descending order; `item` may pass over a number.
    pub(crate) fn page<T>(
        &self,
        numbers: impl Iterator<Item = Result<u64, StoreError>>,
        mut item: impl FnMut(u64) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let mut items = Vec::with_capacity(self.limit.min(64));
        let mut last = 0;
        for number in numbers {
            let number = number?;
            let Some(item) = item(number)? else { continue };
            if items.len() == self.limit {
                let next_cursor = Some(format!("{}.{last:x}", self.list));
                return Ok(Page { items, next_cursor });
            }
            items.push(item);
            last = number;
        }
        Ok(Page { items, next_cursor: None })
    }
}

pub(crate) fn invalid(field: &str, reason: impl Into<String>) -> PaymentError {
    PaymentError::Invalid { field: field.to_owned(), reason: reason.into() }
}
