//! One change of the facts inside a transaction: it writes the tables, tells the feed, and keeps
//! what the mirror has to learn once the transaction is durable.

use std::collections::BTreeSet;

use hexachord_contracts::{
    Timestamp,
    authentication::AuthenticationError,
    ids::{AccountId, DeviceKeyId, InviteId, SessionId},
    steady::Moment,
};
use hexachord_storage::{Outbox, Record, StoreError};
use redb::{ReadableTable, WriteTransaction};

use super::{
    rows::{AccountRow, DeviceKeyRow, InviteRow, SessionRow},
    tables::{Tables, get},
};
use crate::tokens::TokenHash;

/// Sessions an account may have; the one unused for longest makes room.
const MOST_SESSIONS: usize = 100;

/// What a durable change means for the mirror.
pub(crate) enum Effect {
    Account(AccountId, AccountRow),
    AccountRemoved(AccountId),
    Session(AccountId, SessionId, SessionRow),
    SessionEnded(TokenHash),
    DeviceKey(AccountId, DeviceKeyId, DeviceKeyRow),
    DeviceKeyEnded(TokenHash),
    Invite(InviteId, InviteRow),
    InviteEnded(InviteId),
}

/// Why a change is not made.
pub(crate) enum Stop {
    /// Decided before the first insert.
    Refused(AuthenticationError),
    Failed(StoreError),
}

pub(crate) struct Change<'w> {
    tables: Tables<'w>,
    effects: Vec<Effect>,
    /// The accounts that followers must hear of.
    told: BTreeSet<AccountId>,
}

impl From<AuthenticationError> for Stop {
    fn from(error: AuthenticationError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl<'w> Change<'w> {
    pub(crate) fn begin(write: &'w WriteTransaction) -> Result<Self, StoreError> {
        let tables = Tables::open(write)?;
        Ok(Self { tables, effects: Vec::new(), told: BTreeSet::new() })
    }

    /// Writes the feed and the time of the change; returns what the mirror has to learn.
    pub(crate) fn finish(
        mut self,
        write: &WriteTransaction,
        now: Moment,
    ) -> Result<Vec<Effect>, StoreError> {
        self.tables.time.insert((), now.to_bytes()?.as_slice())?;
        let entries: Vec<_> = self.told.iter().map(|id| id.0.to_be_bytes().to_vec()).collect();
        Outbox::append(write, &entries)?;
        Ok(self.effects)
    }

    pub(crate) fn account(&self, id: AccountId) -> Result<Option<AccountRow>, StoreError> {
        get(&self.tables.accounts, &id.0)
    }

    pub(crate) fn is_taken(&self, folded: &str) -> Result<bool, StoreError> {
        Ok(self.tables.names.get(folded)?.is_some())
    }

    /// Is there an enabled administrator beside `except`?
    pub(crate) fn has_administrator(&self, except: Option<AccountId>) -> Result<bool, StoreError> {
        for entry in self.tables.accounts.iter()? {
            let (id, row) = entry?;
            if Some(AccountId(id.value())) != except
                && AccountRow::from_bytes(row.value())?.is_enabled_administrator()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A new or changed account.
    pub(crate) fn put_account(&mut self, id: AccountId, row: AccountRow) -> Result<(), StoreError> {
        self.told.insert(id);
        self.note_account(id, row)
    }

    /// Something of an account that followers need not hear of.
    pub(crate) fn note_account(
        &mut self,
        id: AccountId,
        row: AccountRow,
    ) -> Result<(), StoreError> {
        self.tables.accounts.insert(id.0, row.to_bytes()?.as_slice())?;
        self.tables.names.insert(row.folded.as_str(), id.0)?;
        self.effects.push(Effect::Account(id, row));
        Ok(())
    }

    /// Removes the account and every row that is about it.
    pub(crate) fn remove_account(
        &mut self,
        id: AccountId,
        row: &AccountRow,
    ) -> Result<(), StoreError> {
        self.end_sessions(id, None)?;
        self.end_device_keys(id)?;
        let mut used = Vec::new();
        for entry in self.tables.invites.iter()? {
            let (invite, row) = entry?;
            if InviteRow::from_bytes(row.value())?.used_by == Some(id) {
                used.push(InviteId(invite.value()));
            }
        }
        for invite in used {
            self.end_invite(invite)?;
        }
        self.tables.accounts.remove(id.0)?;
        self.tables.names.remove(row.folded.as_str())?;
        self.told.insert(id);
        self.effects.push(Effect::AccountRemoved(id));
        Ok(())
    }

    pub(crate) fn add_session(
        &mut self,
        account: AccountId,
        id: SessionId,
        row: SessionRow,
    ) -> Result<(), StoreError> {
        let mut others = self.sessions(account)?;
        others.sort_unstable_by_key(|(_, row)| row.idle_since());
        let too_many = (others.len() + 1).saturating_sub(MOST_SESSIONS);
        for (session, _) in others.iter().take(too_many) {
            self.end_session(account, *session)?;
        }
        self.tables.sessions.insert((account.0, id.0), row.to_bytes()?.as_slice())?;
        self.effects.push(Effect::Session(account, id, row));
        Ok(())
    }

    /// `false`: the account has no such session.
    pub(crate) fn end_session(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> Result<bool, StoreError> {
        let Some(row) = self.tables.sessions.remove((account.0, id.0))? else { return Ok(false) };
        self.told.insert(account);
        self.effects.push(Effect::SessionEnded(SessionRow::from_bytes(row.value())?.token));
        Ok(true)
    }

    /// Ends all sessions of the account but `keep`; how many these were.
    pub(crate) fn end_sessions(
        &mut self,
        account: AccountId,
        keep: Option<SessionId>,
    ) -> Result<u32, StoreError> {
        let mut ended = 0;
        for (id, _) in self.sessions(account)? {
            if Some(id) != keep && self.end_session(account, id)? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    pub(crate) fn note_session_use(
        &mut self,
        account: AccountId,
        id: SessionId,
        used: Moment,
    ) -> Result<(), StoreError> {
        let key = (account.0, id.0);
        let Some(mut row) = get::<_, SessionRow>(&self.tables.sessions, &key)? else {
            return Ok(());
        };
        row.used = used;
        self.tables.sessions.insert(key, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn device_keys(&self, account: AccountId) -> Result<Vec<DeviceKeyId>, StoreError> {
        let of_account = (account.0, u64::MIN)..=(account.0, u64::MAX);
        let keys = self.tables.device_keys.range(of_account)?;
        keys.map(|entry| Ok(DeviceKeyId(entry?.0.value().1))).collect()
    }

    pub(crate) fn put_device_key(
        &mut self,
        account: AccountId,
        id: DeviceKeyId,
        row: DeviceKeyRow,
    ) -> Result<(), StoreError> {
        self.tables.device_keys.insert((account.0, id.0), row.to_bytes()?.as_slice())?;
        self.effects.push(Effect::DeviceKey(account, id, row));
        Ok(())
    }

    /// `false`: the account has no such device key.
    pub(crate) fn end_device_key(
        &mut self,
        account: AccountId,
        id: DeviceKeyId,
    ) -> Result<bool, StoreError> {
        let Some(row) = self.tables.device_keys.remove((account.0, id.0))? else {
            return Ok(false);
        };
        self.told.insert(account);
        self.effects.push(Effect::DeviceKeyEnded(DeviceKeyRow::from_bytes(row.value())?.token));
        Ok(true)
    }

    pub(crate) fn end_device_keys(&mut self, account: AccountId) -> Result<(), StoreError> {
        for key in self.device_keys(account)? {
            self.end_device_key(account, key)?;
        }
        Ok(())
    }

    pub(crate) fn note_device_key_use(
        &mut self,
        account: AccountId,
        id: DeviceKeyId,
        used: Timestamp,
    ) -> Result<(), StoreError> {
        let key = (account.0, id.0);
        let Some(mut row) = get::<_, DeviceKeyRow>(&self.tables.device_keys, &key)? else {
            return Ok(());
        };
        row.last_used_at = Some(used);
        self.tables.device_keys.insert(key, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    pub(crate) fn invite(&self, id: InviteId) -> Result<Option<InviteRow>, StoreError> {
        get(&self.tables.invites, &id.0)
    }

    pub(crate) fn put_invite(&mut self, id: InviteId, row: InviteRow) -> Result<(), StoreError> {
        self.tables.invites.insert(id.0, row.to_bytes()?.as_slice())?;
        self.effects.push(Effect::Invite(id, row));
        Ok(())
    }

    /// `false`: there is no such invite.
    pub(crate) fn end_invite(&mut self, id: InviteId) -> Result<bool, StoreError> {
        let existed = self.tables.invites.remove(id.0)?.is_some();
        if existed {
            self.effects.push(Effect::InviteEnded(id));
        }
        Ok(existed)
    }

    fn sessions(&self, account: AccountId) -> Result<Vec<(SessionId, SessionRow)>, StoreError> {
        let of_account = (account.0, u64::MIN)..=(account.0, u64::MAX);
        let rows = self.tables.sessions.range(of_account)?.map(|entry| {
            let (key, row) = entry?;
            Ok((SessionId(key.value().1), SessionRow::from_bytes(row.value())?))
        });
        rows.collect()
    }
}
