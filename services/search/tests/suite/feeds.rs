//! The services that search follows, as far as it asks them: feeds that are lists in memory.

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hexachord_contracts::{
    Client, Context, Service,
    catalog::{self, CatalogChange, FolderId, Library, LyricsTexts},
    feed::{Changes, FeedCursor, Snapshot},
    harness::both_ways,
    ids::TrackId,
    profile::{self, ProfileChange},
};
use tokio::sync::{Semaphore, watch};

use crate::music::{HOME, STUDIO};

/// What is told, by what it is about.
pub(crate) trait Change: Clone + Send + Sync + 'static {
    fn about(&self) -> String;
    fn is_gone(&self) -> bool;
}

impl Change for CatalogChange {
    fn about(&self) -> String {
        match self {
            Self::Track(track) => track.id.to_string(),
            Self::TrackGone(id) | Self::TrackBecame { from: id, .. } => id.to_string(),
            Self::Album { id, .. } | Self::AlbumGone(id) => id.to_string(),
            Self::Artist { id, .. } | Self::ArtistGone(id) => id.to_string(),
            Self::Features { track, .. } => format!("features of {track}"),
        }
    }

    fn is_gone(&self) -> bool {
        matches!(
            self,
            Self::TrackGone(_)
                | Self::TrackBecame { .. }
                | Self::AlbumGone(_)
                | Self::ArtistGone(_)
                | Self::Features { features: None, .. }
        )
    }
}

impl Change for ProfileChange {
    fn about(&self) -> String {
        match self {
            Self::Playlist(playlist) => playlist.id.to_string(),
            Self::PlaylistGone(id) => id.to_string(),
            Self::Annotation { account, annotation } => format!("{account} {}", annotation.item),
            Self::AccountGone(account) => account.to_string(),
        }
    }

    fn is_gone(&self) -> bool {
        matches!(self, Self::PlaylistGone(_) | Self::AccountGone(_))
    }
}

pub(crate) struct Feed<T> {
    facts: Mutex<Facts<T>>,
    changed: watch::Sender<()>,
    pub(crate) snapshots: AtomicU64,
    /// So many pages of snapshots are still told.
    pages: Semaphore,
}

struct Facts<T> {
    epoch: u64,
    log: Vec<T>,
    now: BTreeMap<String, T>,
}

impl<T: Change> Feed<T> {
    pub(crate) fn new() -> Arc<Self> {
        let facts = Facts { epoch: 1, log: vec![], now: BTreeMap::new() };
        let changed = watch::Sender::new(());
        let pages = Semaphore::new(Semaphore::MAX_PERMITS);
        Arc::new(Self { facts: Mutex::new(facts), changed, snapshots: AtomicU64::new(0), pages })
    }

    /// After so many pages of snapshots those who ask for one wait for [`Feed::tell_on`].
    pub(crate) fn pause_after(&self, pages: usize) {
        self.pages.forget_permits(Semaphore::MAX_PERMITS);
        self.pages.add_permits(pages);
    }

    pub(crate) fn tell_on(&self) {
        self.pages.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    pub(crate) fn tell(&self, changes: impl IntoIterator<Item = T>) {
        let mut facts = self.facts.lock().expect("no test panics in here");
        for change in changes {
            if change.is_gone() {
                // With an account goes what it thinks.
                let (gone, of_it) = (change.about(), format!("{} ", change.about()));
                facts.now.retain(|about, _| *about != gone && !about.starts_with(&of_it));
            } else {
                facts.now.insert(change.about(), change.clone());
            }
            facts.log.push(change);
        }
        drop(facts);
        self.changed.send_replace(());
    }

    /// As after a restore: these are the facts, and no cursor is of this time.
    pub(crate) fn restore(&self, changes: impl IntoIterator<Item = T>) {
        let mut facts = self.facts.lock().expect("no test panics in here");
        let epoch = facts.epoch + 1;
        *facts = Facts { epoch, log: vec![], now: BTreeMap::new() };
        drop(facts);
        self.tell(changes);
    }

    pub(crate) fn head(&self) -> FeedCursor {
        let facts = self.facts.lock().expect("no test panics in here");
        FeedCursor { epoch: facts.epoch, sequence: facts.log.len() as u64 }
    }

    async fn follow(&self, after: FeedCursor, limit: u32, wait_ms: u64) -> Changes<T> {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            loop {
                let page = self.page(after, limit);
                match &page {
                    Changes::Page { cursor, .. } if *cursor == after => {}
                    _ => return page,
                }
                changed.changed().await.expect("the feed is not dropped while it is asked");
            }
        };
        let wait = Duration::from_millis(wait_ms);
        let page = tokio::time::timeout(wait, waiting).await;
        page.unwrap_or(Changes::Page { items: vec![], cursor: after })
    }

    fn page(&self, after: FeedCursor, limit: u32) -> Changes<T> {
        let facts = self.facts.lock().expect("no test panics in here");
        let from = usize::try_from(after.sequence).unwrap_or(usize::MAX);
        if after.epoch != facts.epoch || from > facts.log.len() {
            return Changes::StartOver;
        }
        let items: Vec<T> = facts.log[from..].iter().take(limit as usize).cloned().collect();
        let sequence = after.sequence + items.len() as u64;
        Changes::Page { items, cursor: FeedCursor { sequence, ..after } }
    }

    async fn snapshot(&self, after: Option<&str>, limit: u32) -> Snapshot<T> {
        self.pages.acquire().await.expect("it is not closed").forget();
        let (start, from) = if let Some((head, from)) = after.and_then(|it| it.split_once('/')) {
            (head.parse().expect("of this feed"), from.to_owned())
        } else {
            self.snapshots.fetch_add(1, Ordering::Relaxed);
            (self.head().sequence, String::new())
        };
        let facts = self.facts.lock().expect("no test panics in here");
        let mut rows = facts.now.range(from..);
        let items = rows.by_ref().take(limit as usize).map(|(_, change)| change.clone()).collect();
        let next = rows.next().map(|(about, _)| format!("{start}/{about}"));
        Snapshot { items, next, head: FeedCursor { epoch: facts.epoch, sequence: start } }
    }
}

impl Feed<CatalogChange> {
    /// What is sung in a track that has lyrics.
    fn lyrics(&self, track: TrackId) -> Option<String> {
        let facts = self.facts.lock().expect("no test panics in here");
        let has_lyrics = |change: &CatalogChange| matches!(change, CatalogChange::Track(it) if it.id == track && it.has_lyrics);
        facts
            .now
            .values()
            .any(has_lyrics)
            .then(|| format!("And number {} is\nwhat we sing", track.0))
    }

    pub(crate) fn client(self: &Arc<Self>) -> Client<catalog::Catalog> {
        let [mailbox, _] = both_ways(CatalogFeed(Arc::clone(self)));
        mailbox.client
    }
}

impl Feed<ProfileChange> {
    pub(crate) fn client(self: &Arc<Self>) -> Client<profile::Profile> {
        let [_, bytes] = both_ways(ProfileFeed(Arc::clone(self)));
        bytes.client
    }
}

struct CatalogFeed(Arc<Feed<CatalogChange>>);
struct ProfileFeed(Arc<Feed<ProfileChange>>);

impl Service for CatalogFeed {
    type Contract = catalog::Catalog;

    async fn handle(self: Arc<Self>, request: catalog::Request) {
        match request {
            catalog::Request::FollowCatalog(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.0.follow(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            catalog::Request::CatalogSnapshot(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.0.snapshot(call.after.as_deref(), call.limit).await)
                })
                .await;
            }
            catalog::Request::ListLibraries(ask) => {
                ask.answer(|_, context| ready(Ok(libraries(&context)))).await;
            }
            catalog::Request::LyricsTexts(ask) => {
                ask.answer(|call, _| {
                    assert!(call.tracks.len() <= LyricsTexts::MOST);
                    let sung = call.tracks.iter().map(|track| self.0.lyrics(*track));
                    ready(Ok(sung.collect()))
                })
                .await;
            }
            other => drop(other),
        }
    }
}

/// Those that the caller may see.
fn libraries(context: &Context) -> Vec<Library> {
    let library = |(id, name): (_, &str)| Library {
        id,
        name: name.to_owned(),
        folder: "/music".into(),
        root: FolderId::root(id),
        track_count: 0,
        trouble: None,
        trouble_since: None,
    };
    let all = [(HOME, "Home"), (STUDIO, "The Studio")].into_iter();
    all.filter(|(id, _)| context.may_see(*id)).map(library).collect()
}

impl Service for ProfileFeed {
    type Contract = profile::Profile;

    async fn handle(self: Arc<Self>, request: profile::Request) {
        match request {
            profile::Request::FollowProfile(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.0.follow(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            profile::Request::ProfileSnapshot(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(self.0.snapshot(call.after.as_deref(), call.limit).await)
                })
                .await;
            }
            other => drop(other),
        }
    }
}
