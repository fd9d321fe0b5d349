//! The version of a store's tables, and the way from an older one.

use redb::{ReadableTable, TableDefinition, WriteTransaction};

use crate::StoreError;

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// Changes the tables of one version into those of the next, inside one transaction.
pub type Migration = fn(&WriteTransaction) -> Result<(), StoreError>;

/// How a store of this program looks. Version 1 makes its tables on first use; each later version
/// has a migration from the one before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Schema {
    /// `migrations[0]` leads from version 1 to version 2, and so on.
    pub migrations: &'static [Migration],
}

/// What opening a store found or made.
pub(crate) enum Opened {
    /// The store is of this version (now); its epoch.
    Ready {
        epoch: u64,
    },
    Newer {
        found: u32,
        known: u32,
    },
}

impl Schema {
    pub(crate) fn version(&self) -> u32 {
        u32::try_from(self.migrations.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Brings the store to this version, or says that it is newer. `fresh_epoch` is used once.
    pub(crate) fn prepare(
        &self,
        write: &WriteTransaction,
        fresh_epoch: u64,
    ) -> Result<Opened, StoreError> {
        let known = self.version();
        let mut meta = write.open_table(META)?;
        let found = meta.get("schema")?.map(|version| version.value());
        let found = found.map_or(Ok(known), u32::try_from).unwrap_or(u32::MAX);
        if found > known {
            return Ok(Opened::Newer { found, known });
        }
        for migrate in self.migrations.iter().skip(found.saturating_sub(1) as usize) {
            migrate(write)?;
        }
        let kept = meta.get("epoch")?.map(|epoch| epoch.value());
        let epoch = kept.unwrap_or(fresh_epoch);
        // An unchanged store is not written at every start.
        if kept.is_none() || found != known {
            meta.insert("schema", u64::from(known))?;
            meta.insert("epoch", epoch)?;
        }
        Ok(Opened::Ready { epoch })
    }

    /// Is the store already of this version? Then opening it needs no write.
    pub(crate) fn is_current(
        &self,
        read: &redb::ReadTransaction,
    ) -> Result<Option<u64>, StoreError> {
        let meta = match read.open_table(META) {
            Ok(meta) => meta,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let version = meta.get("schema")?.map(|version| version.value());
        let epoch = meta.get("epoch")?.map(|epoch| epoch.value());
        Ok(epoch.filter(|_| version == Some(u64::from(self.version()))))
    }
}
