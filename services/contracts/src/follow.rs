//! Following a feed: from the cursor that the follower kept, over a snapshot when there is none.

use std::{future::Future, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    call::{Call, Contract},
    client::Client,
    context::Context,
    feed::{Changes, FeedCursor, Snapshot},
    service::BoxError,
};

/// How long a call waits for news.
const LONG_POLL: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Changes, or rows of a snapshot, asked for at a time.
const PAGE: u32 = 500;

/// A contract with a feed.
pub trait FeedOf: Contract {
    type Change: Send + 'static;
    type Follow: Call<To = Self, Reply = Changes<Self::Change>>;
    type Snapshot: Call<To = Self, Reply = Snapshot<Self::Change>>;

    fn follow(after: FeedCursor, limit: u32, wait_ms: u64) -> Self::Follow;
    fn snapshot(after: Option<String>, limit: u32) -> Self::Snapshot;
}

/// `feed_of!(Service, Change, Follow, Snapshot)`: the calls of a contract that are its feed.
macro_rules! feed_of {
    ($service:ty, $change:ty, $follow:ident, $snapshot:ident) => {
        impl $crate::follow::FeedOf for $service {
            type Change = $change;
            type Follow = $follow;
            type Snapshot = $snapshot;

            fn follow(after: $crate::feed::FeedCursor, limit: u32, wait_ms: u64) -> $follow {
                $follow { after, limit, wait_ms }
            }

            fn snapshot(after: Option<String>, limit: u32) -> $snapshot {
                $snapshot { after, limit }
            }
        }
    };
}
pub(crate) use feed_of;

/// What a follower hears, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News<T> {
    /// What was known may be of another time: everything there is follows in [`News::Told`].
    StartOver,
    Told(Vec<T>),
    /// The snapshot is complete: what it did not tell is no more. Changes follow from here.
    ToldAll(FeedCursor),
    /// Never empty of meaning: `cursor` moves even when `items` is empty. `more`: others wait
    /// already, so a costly commit may wait for them.
    Changed {
        items: Vec<T>,
        cursor: FeedCursor,
        more: bool,
    },
}

/// Takes what changed into a store or an index of its own.
pub trait Follower<T>: Send {
    /// The cursor that was kept by the last commit; `None` when nothing is known yet.
    fn cursor(&self) -> impl Future<Output = Result<Option<FeedCursor>, BoxError>> + Send;

    /// Takes the news, and keeps the cursor in the same commit. After an error the feed is read on
    /// from [`Follower::cursor`].
    fn take(&mut self, news: News<T>) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// Follows the feed of `client` until `stop`. A service that is away is asked again after a pause.
pub async fn follow<S: FeedOf>(
    client: &Client<S>,
    follower: &mut impl Follower<S::Change>,
    stop: &CancellationToken,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let mut progress = false;
        let error = tokio::select! {
            error = follow_on(client, follower, &mut progress) => error,
            () = stop.cancelled() => return,
        };
        if progress {
            pause = FIRST_PAUSE;
        }
        tracing::debug!(feed = S::NAME, error, "a feed is read again after a pause");
        if pause == LONGEST_PAUSE {
            tracing::warn!(feed = S::NAME, error, "a feed cannot be followed");
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns why it cannot go on.
async fn follow_on<S: FeedOf>(
    client: &Client<S>,
    follower: &mut impl Follower<S::Change>,
    progress: &mut bool,
) -> String {
    let mut cursor = match follower.cursor().await {
        Ok(cursor) => cursor,
        Err(error) => return error.to_string(),
    };
    loop {
        let taken = match cursor {
            Some(after) => changes(client, follower, after).await,
            None => snapshot(client, follower).await.map(Some),
        };
        match taken {
            Ok(next) => cursor = next,
            Err(error) => return error,
        }
        *progress = true;
    }
}

/// One page of changes; `None`: start over.
async fn changes<S: FeedOf>(
    client: &Client<S>,
    follower: &mut impl Follower<S::Change>,
    after: FeedCursor,
) -> Result<Option<FeedCursor>, String> {
    let wait_ms = u64::try_from(LONG_POLL.as_millis()).unwrap_or(u64::MAX);
    let context = Context::system(LONG_POLL * 3 / 2);
    let page = client.call(&context, S::follow(after, PAGE, wait_ms)).await;
    match page.map_err(|error| error.to_string())? {
        Changes::StartOver => Ok(None),
        Changes::Page { cursor, .. } if cursor == after => Ok(Some(after)),
        Changes::Page { items, cursor } => {
            let more = cursor.sequence.saturating_sub(after.sequence) >= u64::from(PAGE);
            let news = News::Changed { items, cursor, more };
            follower.take(news).await.map_err(|error| error.to_string())?;
            Ok(Some(cursor))
        }
    }
}

async fn snapshot<S: FeedOf>(
    client: &Client<S>,
    follower: &mut impl Follower<S::Change>,
) -> Result<FeedCursor, String> {
    let words = |error: BoxError| error.to_string();
    follower.take(News::StartOver).await.map_err(words)?;
    let mut after = None;
    loop {
        let context = Context::system(LONG_POLL);
        let page = client.call(&context, S::snapshot(after, PAGE)).await;
        let Snapshot { items, next, head } = page.map_err(|error| error.to_string())?;
        follower.take(News::Told(items)).await.map_err(words)?;
        after = next;
        if after.is_none() {
            follower.take(News::ToldAll(head)).await.map_err(words)?;
            return Ok(head);
        }
    }
}
