//! The tables, opened once a transaction.

use std::ops::Bound;

use hexachord_contracts::{
    ids::{AccountId, DeviceKeyId, InviteId, SessionId},
    steady::Moment,
};
use hexachord_storage::{Record, StoreError};
use redb::{
    Key, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, TableError, Value,
    WriteTransaction,
};

use super::{change::Effect, rows::AccountRow};

/// Account id → [`AccountRow`].
const ACCOUNTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("accounts");
/// Folded username → account id.
const NAMES: TableDefinition<'_, &str, u64> = TableDefinition::new("names");
/// Account id and session id → [`super::SessionRow`].
const SESSIONS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("sessions");
/// Account id and device key id → [`super::DeviceKeyRow`].
const DEVICE_KEYS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("device_keys");
/// Invite id → [`super::InviteRow`].
const INVITES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("invites");
/// The last look at the clock.
const TIME: TableDefinition<'_, (), &[u8]> = TableDefinition::new("time");

pub(super) struct Tables<'w> {
    pub(super) accounts: Table<'w, u64, &'static [u8]>,
    pub(super) names: Table<'w, &'static str, u64>,
    pub(super) sessions: Table<'w, (u64, u64), &'static [u8]>,
    pub(super) device_keys: Table<'w, (u64, u64), &'static [u8]>,
    pub(super) invites: Table<'w, u64, &'static [u8]>,
    pub(super) time: Table<'w, (), &'static [u8]>,
}

impl<'w> Tables<'w> {
    pub(super) fn open(write: &'w WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            accounts: write.open_table(ACCOUNTS)?,
            names: write.open_table(NAMES)?,
            sessions: write.open_table(SESSIONS)?,
            device_keys: write.open_table(DEVICE_KEYS)?,
            invites: write.open_table(INVITES)?,
            time: write.open_table(TIME)?,
        })
    }
}

/// The row of `key`.
pub(super) fn get<K: Key + 'static, R: Record>(
    table: &impl ReadableTable<K, &'static [u8]>,
    key: &K::SelfType<'_>,
) -> Result<Option<R>, StoreError> {
    table.get(key)?.map(|row| R::from_bytes(row.value())).transpose()
}

/// Everything that the mirror holds, and the last look at the clock.
pub(crate) fn load(read: &ReadTransaction) -> Result<(Vec<Effect>, Option<Moment>), StoreError> {
    let mut all = Vec::new();
    each(read, ACCOUNTS, |id, row| all.push(Effect::Account(AccountId(id), row)))?;
    each(read, SESSIONS, |(account, id), row| {
        all.push(Effect::Session(AccountId(account), SessionId(id), row));
    })?;
    each(read, DEVICE_KEYS, |(account, id), row| {
        all.push(Effect::DeviceKey(AccountId(account), DeviceKeyId(id), row));
    })?;
    each(read, INVITES, |id, row| all.push(Effect::Invite(InviteId(id), row)))?;
    let mut last_look = None;
    each(read, TIME, |(), moment| last_look = Some(moment))?;
    Ok((all, last_look))
}

/// Up to `limit` accounts in the order of their ids, behind `after`.
pub(crate) fn accounts_after(
    read: &ReadTransaction,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<(AccountId, AccountRow)>, StoreError> {
    let Some(accounts) = table(read, ACCOUNTS)? else { return Ok(Vec::new()) };
    let start = after.map_or(Bound::Unbounded, |AccountId(id)| Bound::Excluded(id));
    let rows = accounts.range::<u64>((start, Bound::Unbounded))?.take(limit).map(|entry| {
        let (id, row) = entry?;
        Ok((AccountId(id.value()), AccountRow::from_bytes(row.value())?))
    });
    rows.collect()
}

pub(crate) fn find_account(
    read: &ReadTransaction,
    AccountId(id): AccountId,
) -> Result<Option<AccountRow>, StoreError> {
    match table(read, ACCOUNTS)? {
        Some(accounts) => get(&accounts, &id),
        None => Ok(None),
    }
}

fn each<K: Key + 'static, R: Record>(
    read: &ReadTransaction,
    definition: TableDefinition<'_, K, &'static [u8]>,
    mut visit: impl FnMut(K::SelfType<'_>, R),
) -> Result<(), StoreError> {
    let Some(rows) = table(read, definition)? else { return Ok(()) };
    for entry in rows.iter()? {
        let (key, row) = entry?;
        visit(key.value(), R::from_bytes(row.value())?);
    }
    Ok(())
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
