//! How late search is while a first scan runs: from a change's commit in the catalog until it can be
//! found.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use hexachord::wiring::Services;
use hexachord_contracts::{
    Context,
    catalog::{CatalogSnapshot, FollowCatalog},
    feed::{Changes, FeedCursor},
    search::GetIndex,
};

const LOOK_AGAIN: Duration = Duration::from_millis(5);
const PAGE: u32 = 500;
const PATIENCE: Duration = Duration::from_secs(25);

/// How late each page of changes could be found.
#[derive(Debug, Default)]
pub(crate) struct Lateness(Vec<Duration>);

impl Lateness {
    /// Follows the catalog beside search until both have seen everything and `done` says that
    /// nothing more comes.
    pub(crate) async fn watch(&mut self, services: &Services, done: impl Fn() -> bool) {
        let mut told = VecDeque::new();
        let mut at = head(services).await;
        loop {
            // Before the look: what is told until then counts.
            let is_last = done();
            while let Some(next) = changes(services, at).await {
                told.push_back((Instant::now(), next));
                at = next;
            }
            let index = services.search.call(&Context::system(PATIENCE), GetIndex {}).await;
            let seen = index.expect("search answers").catalog;
            while let Some((since, cursor)) = told.front()
                && seen.is_some_and(|seen| seen.sequence >= cursor.sequence)
            {
                self.0.push(since.elapsed());
                told.pop_front();
            }
            if is_last && told.is_empty() {
                return;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// The one in the middle, and the longest.
    pub(crate) fn summary(&mut self) -> Option<(Duration, Duration)> {
        self.0.sort_unstable();
        Some((*self.0.get(self.0.len() / 2)?, *self.0.last()?))
    }
}

async fn head(services: &Services) -> FeedCursor {
    let call = CatalogSnapshot { after: None, limit: 1 };
    let snapshot = services.catalog.call(&Context::system(PATIENCE), call).await;
    snapshot.expect("the catalog answers").head
}

/// The cursor behind the next page of changes; `None` when there is none yet.
async fn changes(services: &Services, after: FeedCursor) -> Option<FeedCursor> {
    let call = FollowCatalog { after, limit: PAGE, wait_ms: 0 };
    let page = services.catalog.call(&Context::system(PATIENCE), call).await;
    match page.expect("the catalog answers") {
        Changes::Page { cursor, .. } => (cursor != after).then_some(cursor),
        Changes::StartOver => panic!("a follower from the begin is never too old"),
    }
}
