//! An entry of the outbox: whom the change was about. Followers get its state at the time of
//! reading, so nothing of what is gone is left.

use hexachord_contracts::{
    ids::{AccountId, PlaylistId},
    item::ItemId,
};
use hexachord_storage::Record;
use serde::{Deserialize, Serialize};

/// In the order in which one change tells them: an account is gone after all that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Subject {
    Playlist(PlaylistId),
    Annotation(AccountId, ItemId),
    AccountGone(AccountId),
}

impl Record for Subject {
    const VERSION: u8 = 1;
}
