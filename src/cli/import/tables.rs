//! Which tables and columns a database has: that tells whose it is, and of which age.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rusqlite::Connection;

use super::error::ReadError;

/// Names in lower case: a query does not tell cases apart.
pub(super) struct Tables(BTreeMap<String, BTreeSet<String>>);

/// A table with the columns that are needed of it.
pub(super) type Needed = (&'static str, &'static [&'static str]);

/// Tables that only one program has.
const MARKS: [(&str, &[&str]); 4] = [
    ("Navidrome", &["media_file", "annotation"]),
    ("Jellyfin", &["baseitems", "userdata"]),
    ("Jellyfin", &["typedbaseitems", "userdatas"]),
    ("Supysonic", &["starred_track", "rating_track"]),
];

impl Tables {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let query = "SELECT lower(t.name), lower(c.name) FROM sqlite_schema AS t, \
                     pragma_table_info(t.name) AS c WHERE t.type = 'table'";
        let mut statement = connection.prepare(query)?;
        let mut rows = statement.query([])?;
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            tables.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        Ok(Self(tables))
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.0.contains_key(&table.to_lowercase())
    }

    pub(super) fn has_column(&self, table: &str, column: &str) -> bool {
        let columns = self.0.get(&table.to_lowercase());
        columns.is_some_and(|columns| columns.contains(&column.to_lowercase()))
    }

    /// The first of these columns that is there, for a query; else an expression without a value.
    pub(super) fn first(&self, table: &str, columns: &[&'static str]) -> &'static str {
        columns.iter().find(|column| self.has_column(table, column)).copied().unwrap_or("NULL")
    }

    /// Refuses a database that lacks something.
    pub(super) fn require(
        &self,
        path: &Path,
        program: &'static str,
        needed: &[Needed],
    ) -> Result<(), ReadError> {
        let lack = needed.iter().find_map(|(table, columns)| {
            if !self.has(table) {
                return Some(format!("there is no table {table}"));
            }
            let column = columns.iter().find(|column| !self.has_column(table, column))?;
            Some(format!("the table {table} has no column {column}"))
        });
        let Some(lack) = lack else { return Ok(()) };
        let path = path.to_owned();
        let is_its = |(_, tables): &&(&str, &[&str])| tables.iter().all(|table| self.has(table));
        match MARKS.iter().find(is_its) {
            Some((found, _)) if *found != program => {
                Err(ReadError::OfAnother { path, found, wanted: program })
            }
            _ => {
                let table = |(table, columns): &Needed| format!("{table}: {}", columns.join(", "));
                let looked_for = needed.iter().map(table).collect::<Vec<_>>().join("; ");
                Err(ReadError::UnknownShape { path, program, lack, looked_for })
            }
        }
    }
}
