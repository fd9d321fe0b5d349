//! The queue that an account plays.

use std::sync::Arc;

use hexachord_contracts::{
    Context, LibraryAccess,
    item::ItemId,
    profile::{GetPlayQueue, MOST_QUEUED, PlayQueue, SavePlayQueue},
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    errors::{Refusable, invalid},
    service::Profile,
    store::{Projection, QUEUES, QueueRow, record},
    texts,
    viewer::Listener,
};

impl Profile {
    /// Answers what is told of the queue from now on.
    pub(crate) async fn save_play_queue(
        &self,
        call: SavePlayQueue,
        context: Context,
    ) -> Refusable<Option<PlayQueue>> {
        let Listener { account, access } = Listener::of(&context)?;
        let SavePlayQueue { tracks, current, position_ms, client } = call;
        let current = check(tracks.len(), current)?;
        texts::position(position_ms)?;
        let (changed_at, changed_by) = (self.clock.now(), texts::device(&client));
        let row = QueueRow { tracks, current, position_ms, changed_at, changed_by };
        let row = Arc::new(row);
        self.change(&context, move |change| {
            change.require_account(account)?;
            if row.tracks.is_empty() {
                change.remove_queue(account)?;
            } else {
                change.put_queue(account, &row)?;
            }
            Ok(())
        })
        .await?;
        self.resources.news.queue(account);
        self.read(move |read| queue(read, account.0, access).map(Ok)).await
    }

    pub(crate) async fn get_play_queue(
        &self,
        _call: GetPlayQueue,
        context: Context,
    ) -> Refusable<Option<PlayQueue>> {
        let Listener { account, access } = Listener::of(&context)?;
        self.read(move |read| queue(read, account.0, access).map(Ok)).await
    }
}

/// The index of the track that is played; 0 of no tracks.
fn check(tracks: usize, current: Option<u32>) -> Refusable<u32> {
    if tracks > MOST_QUEUED {
        return Err(invalid("tracks", format!("are more than {MOST_QUEUED}")));
    }
    match current {
        None if tracks == 0 => Ok(0),
        None => Err(invalid("current", "say which of the tracks is played, counted from 0")),
        Some(current) if (current as usize) < tracks => Ok(current),
        Some(_) => {
            let tracks =
                if tracks == 1 { "1 track".to_owned() } else { format!("{tracks} tracks") };
            Err(invalid("current", format!("is out of range: the queue has {tracks}")))
        }
    }
}

/// What of the queue can be seen now.
fn queue(
    read: &ReadTransaction,
    account: u64,
    access: LibraryAccess,
) -> Result<Option<PlayQueue>, StoreError> {
    let row: Option<QueueRow> = record(&read.open_table(QUEUES)?, &account)?;
    let Some(row) = row else { return Ok(None) };
    let projection = Projection::open(read, access)?;
    let mut tracks = Vec::with_capacity(row.tracks.len());
    let (mut current, mut is_there) = (0, false);
    for (track, index) in row.tracks.iter().zip(0_u32..) {
        if index == row.current {
            current = tracks.len();
        }
        if projection.sees(ItemId::Track(*track))? {
            is_there |= index == row.current;
            tracks.push(*track);
        }
    }
    let Some(last) = tracks.len().checked_sub(1) else { return Ok(None) };
    let current = u32::try_from(current.min(last)).unwrap_or(u32::MAX);
    let QueueRow { position_ms, changed_at, changed_by, .. } = row;
    let position_ms = if is_there { position_ms } else { 0 };
    Ok(Some(PlayQueue { tracks, current, position_ms, changed_at, changed_by }))
}
