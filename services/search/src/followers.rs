//! Following the feeds of the catalog and of profile into the index.

use std::{
    collections::HashMap,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hexachord_contracts::{
    BoxError, Client, Context,
    catalog::{Catalog, CatalogChange, LyricsTexts},
    feed::FeedCursor,
    follow::{FeedOf, Follower, News, follow},
    ids::TrackId,
    profile::{Profile, ProfileChange},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    committed::Source,
    documents::{Edit, of_catalog, of_profile},
    indexer::{Indexer, ReadOn},
    resources::Shared,
};

/// What the catalog may take to tell some lyrics.
const PATIENCE: Duration = Duration::from_secs(20);

/// While a scan takes all processors, indexing gives way; but not for longer, so that what changed is
/// found within two seconds.
const LONGEST_BEHIND: Duration = Duration::from_millis(250);
/// Who had to hurry goes on so for a while: a merge that gave way would hold up what comes next.
const HURRY: Duration = Duration::from_secs(2);

/// A feed that becomes edits of the index.
pub(crate) trait Indexed: FeedOf {
    const SOURCE: Source;

    /// May ask for what the feed does not tell.
    fn edits(
        client: &Client<Self>,
        items: Vec<Self::Change>,
    ) -> impl Future<Output = Result<Vec<Edit>, BoxError>> + Send;
}

impl Indexed for Catalog {
    const SOURCE: Source = Source::Catalog;

    async fn edits(
        client: &Client<Self>,
        items: Vec<CatalogChange>,
    ) -> Result<Vec<Edit>, BoxError> {
        let mut lyrics = lyrics(client, &items).await?;
        let edit = |item: CatalogChange| {
            let lyrics = match &item {
                CatalogChange::Track(track) => lyrics.remove(&track.id),
                _ => None,
            };
            of_catalog(item, lyrics)
        };
        Ok(items.into_iter().filter_map(edit).collect())
    }
}

impl Indexed for Profile {
    const SOURCE: Source = Source::Profile;

    async fn edits(_: &Client<Self>, items: Vec<ProfileChange>) -> Result<Vec<Edit>, BoxError> {
        Ok(items.into_iter().filter_map(of_profile).collect())
    }
}

/// What is sung in those of these tracks that have lyrics.
async fn lyrics(
    client: &Client<Catalog>,
    items: &[CatalogChange],
) -> Result<HashMap<TrackId, String>, BoxError> {
    let sung = items.iter().filter_map(|item| match item {
        CatalogChange::Track(track) => track.has_lyrics.then_some(track.id),
        _ => None,
    });
    let sung: Vec<TrackId> = sung.collect();
    let mut lyrics = HashMap::new();
    for tracks in sung.chunks(LyricsTexts::MOST) {
        let call = LyricsTexts { tracks: tracks.to_vec() };
        let texts = client.call(&Context::system(PATIENCE), call).await?;
        let texts = tracks.iter().zip(texts);
        lyrics.extend(texts.filter_map(|(track, text)| Some((*track, text?))));
    }
    Ok(lyrics)
}

/// Takes one feed into the index.
pub(crate) struct Following<S: Indexed> {
    shared: Arc<Shared>,
    client: Client<S>,
    /// Of which opening of the index the last cursor was.
    opened: AtomicU64,
    /// Since when more changes wait than were taken.
    behind_since: Option<Instant>,
    late_until: Option<Instant>,
}

impl<S: Indexed> Following<S> {
    pub(crate) fn new(shared: &Arc<Shared>, client: &Client<S>) -> Self {
        let opened = AtomicU64::new(0);
        let (shared, client) = (Arc::clone(shared), client.clone());
        Self { shared, client, opened, behind_since: None, late_until: None }
    }

    /// Whether the next changes may not give way, when `more` wait behind them.
    fn is_late(&mut self, more: bool) -> bool {
        let now = Instant::now();
        let since = more.then(|| self.behind_since.unwrap_or(now));
        self.behind_since = since;
        if since.is_some_and(|since| now.duration_since(since) > LONGEST_BEHIND) {
            self.late_until = Some(now + HURRY);
        }
        self.late_until.is_some_and(|until| now < until)
    }

    /// Follows until `stop`; begins again from the index's cursor whenever there is a new index.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let client = self.client.clone();
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

impl<S: Indexed> Follower<S::Change> for Following<S> {
    async fn cursor(&self) -> Result<Option<FeedCursor>, BoxError> {
        let ReadOn { opened, cursor } =
            self.shared.index(move |indexer| indexer.read_on(S::SOURCE)).await?;
        self.opened.store(opened, Ordering::Relaxed);
        Ok(cursor)
    }

    async fn take(&mut self, news: News<S::Change>) -> Result<(), BoxError> {
        let opened = *self.opened.get_mut();
        let is_late = matches!(news, News::Changed { more, .. } if self.is_late(more));
        let news = match news {
            News::StartOver => News::StartOver,
            News::Told(items) => News::Told(S::edits(&self.client, items).await?),
            News::ToldAll(cursor) => News::ToldAll(cursor),
            News::Changed { items, cursor, more } => {
                let items = S::edits(&self.client, items).await?;
                News::Changed { items, cursor, more }
            }
        };
        let work = move |indexer: &mut Indexer| indexer.take(opened, S::SOURCE, news);
        if is_late { self.shared.index_late(work).await } else { self.shared.index(work).await }
    }
}
