//! The mixes of this day, kept so that they stay what they are, whatever is played meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use hexachord_contracts::{LibraryAccess, Timestamp, ids::AccountId, recommendation::Mix};

use super::mixes;
use crate::{
    chance::day,
    knowledge::{History, Memory},
    viewer::Viewer,
};

/// A library that has grown so much is another one.
const GROWN: usize = 2;

#[derive(Default)]
pub(crate) struct Today {
    /// Locked only to find an account's: working them out takes long.
    accounts: Mutex<HashMap<AccountId, Arc<OfAccount>>>,
}

/// Locked while they are worked out: two who ask at once are answered the same.
type OfAccount = Mutex<Option<Kept>>;

struct Kept {
    day: i64,
    libraries: LibraryAccess,
    /// Tracks that were known.
    tracks: usize,
    /// Something was known of the listener.
    is_known: bool,
    mixes: Vec<Mix>,
}

impl Today {
    /// Those that were answered before on this day, or new ones; without what cannot be heard now.
    pub(crate) fn mixes(
        &self,
        memory: &Memory,
        viewer: &Viewer,
        account: AccountId,
        now: Timestamp,
    ) -> Vec<Mix> {
        let today = day(now);
        let history = memory.listeners.get(account);
        let is_known = history.is_some_and(History::likes_something);
        let stays = |kept: &Kept| {
            kept.day == today
                && kept.libraries == *viewer.libraries()
                && memory.library.len() < GROWN * kept.tracks.max(1)
                && kept.is_known >= is_known
        };
        let of_account = self.of_account(account, today);
        let mut kept = of_account.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| stays(kept)) {
            return playable(memory, viewer, &kept.mixes);
        }
        let mixes = mixes(memory, viewer, account, now);
        // While the feeds are read anew, something is missing.
        if memory.catalog.is_some() && memory.profile.is_some() {
            let (libraries, tracks) = (viewer.libraries().clone(), memory.library.len());
            let mixes = mixes.clone();
            *kept = Some(Kept { day: today, libraries, tracks, is_known, mixes });
        }
        mixes
    }

    /// Forgets those of other days on the way, but for what somebody looks at.
    fn of_account(&self, account: AccountId, today: i64) -> Arc<OfAccount> {
        let is_of_today = |one: &mut Arc<OfAccount>| {
            let Some(alone) = Arc::get_mut(one) else { return true };
            let kept = alone.get_mut().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().is_some_and(|kept| kept.day == today)
        };
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, one| is_of_today(one));
        Arc::clone(accounts.entry(account).or_default())
    }
}

fn playable(memory: &Memory, viewer: &Viewer, mixes: &[Mix]) -> Vec<Mix> {
    let visible = memory.library.visible_to(viewer);
    let mut mixes = mixes.to_vec();
    for mix in &mut mixes {
        mix.tracks.retain(|id| memory.library.slot(*id).is_some_and(|slot| visible.plays(slot)));
    }
    mixes
}
