//! The mixes of this day, kept so that they stay what they are, whatever is played meanwhile.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
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
    kept: Mutex<HashMap<AccountId, Kept>>,
}

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
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.get(&account).filter(|kept| stays(kept)) {
            return playable(memory, viewer, &kept.mixes);
        }
        // Everything is worked out with the lock: two who ask at once are answered the same.
        let mixes = mixes(memory, viewer, account, now);
        let answer = mixes.clone();
        kept.retain(|_, kept| kept.day == today);
        // While the feeds are read anew, something is missing.
        if memory.catalog.is_some() && memory.profile.is_some() {
            let (libraries, tracks) = (viewer.libraries().clone(), memory.library.len());
            kept.insert(account, Kept { day: today, libraries, tracks, is_known, mixes });
        }
        answer
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
