//! News of profile, into the store and into memory.
//!
//! An account that is gone takes the model with it: the vectors of tracks were learned from
//! everybody. A new one is trained from those who are left.

use hexachord_contracts::{
    Contract,
    ids::AccountId,
    item::{ItemId, ItemKind},
    profile::Profile,
};
use hexachord_storage::StoreError;
use redb::WriteTransaction;

use super::{Memory, News, ProfileFact};
use crate::store::Tables;

type ProfileNews = News<ProfileFact, (AccountId, ItemId)>;

/// Says how many annotations of tracks have changed since the model was trained.
pub(super) fn write(write: &WriteTransaction, news: &ProfileNews) -> Result<u64, StoreError> {
    let mut tables = Tables::open(write)?;
    let mut changed = 0;
    let mut somebody_left = false;
    for fact in &news.facts {
        match fact {
            ProfileFact::Annotation(account, item, row) => {
                let is_new = tables.put_annotation(*account, *item, row.as_ref())?;
                changed += u64::from(is_new && item.kind() == ItemKind::Track);
            }
            ProfileFact::Gone(account) => somebody_left |= tables.remove_account(*account)?,
        }
    }
    if let Some(only) = &news.only {
        let before = tables.accounts()?;
        changed += tables.retain_annotations(|account, item| only.contains(&(account, item)))?;
        somebody_left |= before != tables.accounts()?;
    }
    if somebody_left {
        tables.remove_model()?;
    }
    tables.put_cursor(Profile::NAME, news.cursor)?;
    tables.count_progress(|count| count.saturating_add(changed))
}

pub(super) fn apply(memory: &mut Memory, news: &ProfileNews, progress: u64) {
    let mut somebody_left = false;
    for fact in &news.facts {
        match fact {
            ProfileFact::Annotation(account, item, row) => {
                memory.listeners.put(*account, *item, *row);
            }
            ProfileFact::Gone(account) => somebody_left |= memory.listeners.remove(*account),
        }
    }
    if let Some(only) = &news.only {
        let before = memory.listeners.accounts();
        memory.listeners.retain(|account, item| only.contains(&(account, item)));
        somebody_left |= memory.listeners.accounts() != before;
    }
    if somebody_left {
        memory.remove_model();
    }
    memory.profile = news.cursor;
    memory.progress = progress;
}
