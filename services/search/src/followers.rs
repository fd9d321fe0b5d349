//! Following the feeds of the catalog and of profile into the index.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use hexachord_contracts::{
    BoxError, Client,
    feed::FeedCursor,
    follow::{FeedOf, Follower, News, follow},
};
use tokio_util::sync::CancellationToken;

use crate::{committed::Source, documents::Edit, indexer::ReadOn, resources::Shared};

/// Takes one feed into the index.
pub(crate) struct Following<T> {
    shared: Arc<Shared>,
    source: Source,
    to_edit: fn(T) -> Option<Edit>,
    /// Of which opening of the index the last cursor was.
    opened: AtomicU64,
}

impl<T: Send + 'static> Following<T> {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        source: Source,
        to_edit: fn(T) -> Option<Edit>,
    ) -> Self {
        Self { shared: Arc::clone(shared), source, to_edit, opened: AtomicU64::new(0) }
    }

    /// Follows until `stop`; begins again from the index's cursor whenever there is a new index.
    pub(crate) async fn run<S: FeedOf<Change = T>>(
        mut self,
        client: Client<S>,
        stop: CancellationToken,
    ) {
        let mut new_indexes = self.shared.published.new_indexes();
        while !stop.is_cancelled() {
            new_indexes.mark_unchanged();
            let until_new_index = stop.child_token();
            tokio::select! {
                () = follow(&client, &mut self, &until_new_index) => {}
                _ = new_indexes.changed() => {}
            }
        }
    }
}

impl<T: Send + 'static> Follower<T> for Following<T> {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        let source = self.source;
        let ReadOn { opened, cursor } =
            self.shared.index(move |indexer| indexer.read_on(source)).await?;
        self.opened.store(opened, Ordering::Relaxed);
        Ok(cursor)
    }

    async fn take(&mut self, news: News<T>) -> Result<(), BoxError> {
        let (source, to_edit) = (self.source, self.to_edit);
        let opened = *self.opened.get_mut();
        let edits = move |items: Vec<T>| items.into_iter().filter_map(to_edit).collect();
        self.shared
            .index(move |indexer| {
                let news = match news {
                    News::StartOver => News::StartOver,
                    News::Told(items) => News::Told(edits(items)),
                    News::ToldAll(cursor) => News::ToldAll(cursor),
                    News::Changed { items, cursor, more } => {
                        News::Changed { items: edits(items), cursor, more }
                    }
                };
                indexer.take(opened, source, news)
            })
            .await
    }
}
