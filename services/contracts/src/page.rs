//! Lists in pages: a limit, an opaque cursor, a sort.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One page of a list; `next_cursor` is absent on the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

/// One page of a list that is counted, for those who show any part of it at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Window<T> {
    pub items: Vec<T>,
    /// Absent on the last page.
    pub next_cursor: Option<String>,
    /// Rows of the whole list, as far as the caller may see them.
    pub total: u64,
    /// Another one when the list may have changed, or what the caller may see: rows that were read with
    /// another one may stand elsewhere. It says nothing else.
    pub revision: String,
}

impl<T> From<Window<T>> for Page<T> {
    fn from(Window { items, next_cursor, .. }: Window<T>) -> Self {
        Self { items, next_cursor }
    }
}

/// Where to read on, and how much: `limit` is 1 to [`Paging::MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    pub limit: u32,
    pub cursor: Option<String>,
}

impl Paging {
    pub const MOST: u32 = 500;
    pub const USUAL: u32 = 50;

    pub fn first(limit: u32) -> Self {
        Self { limit, cursor: None }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self::first(Self::USUAL)
    }
}

/// An order: by what, and in which direction. As text `title`, or `-title` for descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sort<K> {
    pub by: K,
    pub descending: bool,
}

impl<K: FromStr> FromStr for Sort<K> {
    type Err = K::Err;

    fn from_str(text: &str) -> Result<Self, K::Err> {
        match text.strip_prefix('-') {
            Some(by) => Ok(Self { by: by.parse()?, descending: true }),
            None => Ok(Self { by: text.parse()?, descending: false }),
        }
    }
}

/// A list cannot be sorted that way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a sort of this list: use one of {known}, with `-` before it to descend")]
pub struct UnknownSort {
    pub text: String,
    pub known: &'static str,
}

/// The sorts of one list with their names at the edge.
macro_rules! sorts {
    ($(#[$doc:meta])* $name:ident, $known:literal { $first:ident = $first_text:literal $(, $sort:ident = $text:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { #[default] $first $(, $sort)* }

        impl std::str::FromStr for $name {
            type Err = $crate::page::UnknownSort;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $first_text => Ok(Self::$first),
                    $($text => Ok(Self::$sort),)*
                    other => Err($crate::page::UnknownSort {
                        text: other.chars().take(64).collect(),
                        known: $known,
                    }),
                }
            }
        }
    };
}
pub(crate) use sorts;
