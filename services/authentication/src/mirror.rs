//! All facts in memory, so that what is asked with every request costs no way to a thread. Changed
//! only by what is durable, except for when credentials were last used.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Bound,
    time::Duration,
};

use hexachord_contracts::{
    Timestamp,
    authentication::{Account, CredentialId, DeviceKey, Identity, Session},
    ids::{AccountId, DeviceKeyId, InviteId, SessionId},
    steady::{Moment, Steady},
};

use crate::{
    settings::Settings,
    store::{AccountRow, DeviceKeyRow, Effect, InviteRow, SessionRow},
    tokens::TokenHash,
};

/// Uses of credentials are written at most once in this time.
const WRITE_USES_EVERY: Duration = Duration::from_mins(1);

/// A device key as it is stored: the hash of its text, its id, and the text sealed.
pub(crate) type SealedKey = (TokenHash, DeviceKeyId, Vec<u8>);

#[derive(Default)]
pub(crate) struct Mirror {
    accounts: HashMap<AccountId, AccountRow>,
    /// Folded usernames, in order.
    names: BTreeMap<String, AccountId>,
    sessions: HashMap<TokenHash, (AccountId, SessionId, SessionRow)>,
    device_keys: HashMap<TokenHash, (AccountId, DeviceKeyId, DeviceKeyRow)>,
    invites: HashMap<InviteId, InviteRow>,
    /// Credentials whose last use is not written yet.
    used: HashSet<TokenHash>,
    uses_written: Steady,
}

/// What a credential is worth.
pub(crate) enum Found {
    Good(Identity),
    /// Known, but expired or of a disabled account.
    Useless,
    /// Never given out, or ended.
    Unknown,
}

/// Last uses that have to be written.
#[derive(Clone, Default)]
pub(crate) struct Uses {
    pub(crate) accounts: Vec<(AccountId, Timestamp)>,
    pub(crate) sessions: Vec<(AccountId, SessionId, Moment)>,
    pub(crate) device_keys: Vec<(AccountId, DeviceKeyId, Timestamp)>,
}

impl Mirror {
    pub(crate) fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.apply_one(effect);
        }
    }

    fn apply_one(&mut self, effect: Effect) {
        match effect {
            Effect::Account(id, mut row) => {
                self.names.insert(row.folded.clone(), id);
                let seen = self.accounts.get(&id).and_then(|known| known.last_seen_at);
                row.last_seen_at = row.last_seen_at.max(seen);
                self.accounts.insert(id, row);
            }
            Effect::AccountRemoved(id) => {
                if let Some(row) = self.accounts.remove(&id) {
                    self.names.remove(&row.folded);
                }
            }
            Effect::Session(account, id, row) => {
                self.sessions.insert(row.token, (account, id, row));
            }
            Effect::SessionEnded(token) => drop(self.sessions.remove(&token)),
            Effect::DeviceKey(account, id, row) => {
                self.device_keys.insert(row.token, (account, id, row));
            }
            Effect::DeviceKeyEnded(token) => drop(self.device_keys.remove(&token)),
            Effect::Invite(id, row) => drop(self.invites.insert(id, row)),
            Effect::InviteEnded(id) => drop(self.invites.remove(&id)),
        }
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<&AccountRow> {
        self.accounts.get(&id)
    }

    pub(crate) fn account_named(&self, folded: &str) -> Option<(AccountId, &AccountRow)> {
        let id = *self.names.get(folded)?;
        Some((id, self.accounts.get(&id)?))
    }

    /// Accounts in the order of their folded names, behind `after`.
    pub(crate) fn accounts_after(&self, after: Option<&str>) -> impl Iterator<Item = Account> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let names = self.names.range::<str, _>((start, Bound::Unbounded));
        names.filter_map(|(_, id)| Some(self.accounts.get(id)?.account(*id)))
    }

    pub(crate) fn has_administrator(&self) -> bool {
        self.accounts.values().any(AccountRow::is_enabled_administrator)
    }

    /// Looks a credential up; a good one has just been used.
    pub(crate) fn use_credential(
        &mut self,
        token: &TokenHash,
        now: Moment,
        settings: &Settings,
    ) -> Found {
        let (account, credential, left) = if let Some(session) = self.sessions.get(token) {
            let (account, id, row) = session;
            let left = row.left(now.steady, settings);
            (*account, CredentialId::Session(*id), Some(left))
        } else {
            let Some((account, id, _)) = self.device_keys.get(token) else {
                return Found::Unknown;
            };
            (*account, CredentialId::DeviceKey(*id), None)
        };
        let Some(row) = self.accounts.get_mut(&account) else { return Found::Unknown };
        if !row.enabled || left == Some(Duration::ZERO) {
            return Found::Useless;
        }
        row.last_seen_at = Some(now.wall);
        let account = row.account(account);
        self.used.insert(*token);
        let mut valid_until = None;
        if let Some((_, _, session)) = self.sessions.get_mut(token) {
            session.used = now;
            valid_until = Some(now.wall.plus(session.left(now.steady, settings)));
        } else if let Some((_, _, key)) = self.device_keys.get_mut(token) {
            key.last_used_at = Some(now.wall);
        }
        Found::Good(Identity { account, credential, valid_until })
    }

    /// The account's living sessions, newest first.
    pub(crate) fn sessions(
        &self,
        account: AccountId,
        current: Option<SessionId>,
        now: Moment,
        settings: &Settings,
    ) -> Vec<Session> {
        let of_account = self.sessions.values().filter(|(owner, _, _)| *owner == account);
        let living = of_account.filter(|(_, _, row)| !row.left(now.steady, settings).is_zero());
        let mut rows: Vec<_> = living.collect();
        rows.sort_unstable_by_key(|(_, id, row)| std::cmp::Reverse((row.opened.steady, *id)));
        let session = |(_, id, row): &(AccountId, SessionId, SessionRow)| Session {
            id: *id,
            created_at: row.opened.wall,
            last_used_at: row.used.wall,
            expires_at: row.expires_at(now, settings),
            origin: row.origin.clone(),
            current: Some(*id) == current,
        };
        rows.into_iter().map(session).collect()
    }

    /// Sessions that can never be used again.
    pub(crate) fn expired_sessions(
        &self,
        now: Moment,
        settings: &Settings,
    ) -> Vec<(AccountId, SessionId)> {
        let all = self.sessions.values();
        let expired = all.filter(|(_, _, row)| row.left(now.steady, settings).is_zero());
        expired.map(|(account, id, _)| (*account, *id)).collect()
    }

    /// The hashes, ids and sealed texts of the account's keys, the last used first; none of nobody's,
    /// after the same search.
    pub(crate) fn sealed_device_keys(&self, account: Option<AccountId>) -> Vec<SealedKey> {
        let of_account = self.device_keys.values().filter(|(owner, _, _)| Some(*owner) == account);
        let mut keys: Vec<_> = of_account.collect();
        keys.sort_unstable_by_key(|(_, id, row)| std::cmp::Reverse((row.last_used_at, *id)));
        keys.into_iter().map(|(_, id, row)| (row.token, *id, row.sealed.clone())).collect()
    }

    /// Whose device key this is.
    pub(crate) fn owner_of_device_key(&self, token: &TokenHash) -> Option<AccountId> {
        self.device_keys.get(token).map(|(owner, _, _)| *owner)
    }

    /// Newest first.
    pub(crate) fn device_keys(&self, account: AccountId) -> Vec<DeviceKey> {
        let of_account = self.device_keys.values().filter(|(owner, _, _)| *owner == account);
        let key = |(_, id, row): &(AccountId, DeviceKeyId, DeviceKeyRow)| DeviceKey {
            id: *id,
            label: row.label.clone(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        };
        let mut keys: Vec<_> = of_account.map(key).collect();
        keys.sort_unstable_by_key(|key| std::cmp::Reverse((key.created_at, key.id)));
        keys
    }

    pub(crate) fn invites(&self) -> impl Iterator<Item = (InviteId, &InviteRow)> {
        self.invites.iter().map(|(id, row)| (*id, row))
    }

    /// Is it time to write when credentials were used? Whoever hears yes does it.
    pub(crate) fn is_time_to_write_uses(&mut self, now: Moment) -> bool {
        let due = !self.used.is_empty() && now.steady.since(self.uses_written) >= WRITE_USES_EVERY;
        if due {
            self.uses_written = now.steady;
        }
        due
    }

    /// The uses that are not written yet. A failed write costs what it would have told of them.
    pub(crate) fn take_uses(&mut self) -> Uses {
        let mut uses = Uses::default();
        let mut seen = HashSet::new();
        for token in self.used.drain() {
            if let Some((account, id, row)) = self.sessions.get(&token) {
                uses.sessions.push((*account, *id, row.used));
                seen.insert(*account);
            } else if let Some((account, id, row)) = self.device_keys.get(&token)
                && let Some(used) = row.last_used_at
            {
                uses.device_keys.push((*account, *id, used));
                seen.insert(*account);
            }
        }
        let last_seen = |id: AccountId| Some((id, self.accounts.get(&id)?.last_seen_at?));
        uses.accounts = seen.into_iter().filter_map(last_seen).collect();
        uses
    }
}

impl SessionRow {
    /// Steady time until the session ends if nobody uses it; zero when it has ended.
    pub(crate) fn left(&self, now: Steady, settings: &Settings) -> Duration {
        let idle = settings.session_idle.saturating_sub(now.since(self.used.steady));
        idle.min(self.left_at_most(now, settings))
    }

    /// The absolute end, by the clock as it goes now.
    pub(crate) fn expires_at(&self, now: Moment, settings: &Settings) -> Timestamp {
        now.wall.plus(self.left_at_most(now.steady, settings))
    }

    fn left_at_most(&self, now: Steady, settings: &Settings) -> Duration {
        settings.session_longest.saturating_sub(now.since(self.opened.steady))
    }
}
