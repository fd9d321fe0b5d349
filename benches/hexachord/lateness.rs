//! How late search is while a first scan runs: from a change's commit in the catalog until it can be
//! found.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use hexachord::wiring::Services;
use hexachord_contracts::{Context, catalog::CatalogSnapshot, feed::FeedCursor, search::GetIndex};

const LOOK_AGAIN: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(25);

/// How late each commit could be found.
#[derive(Debug, Default)]
pub(crate) struct Lateness(Vec<Duration>);

impl Lateness {
    /// Looks at both again and again, until search knows all and `done` says that nothing more comes.
    pub(crate) async fn watch(&mut self, services: &Services, done: impl Fn() -> bool) {
        let mut told: VecDeque<(Instant, FeedCursor)> = VecDeque::new();
        let mut last = head(services).await;
        loop {
            // Before the look: what is told until then counts.
            let is_last = done();
            let head = head(services).await;
            if head != last {
                told.push_back((Instant::now(), head));
                last = head;
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

/// Behind the last change that is committed.
async fn head(services: &Services) -> FeedCursor {
    let call = CatalogSnapshot { after: None, limit: 1 };
    let snapshot = services.catalog.call(&Context::system(PATIENCE), call).await;
    snapshot.expect("the catalog answers").head
}
