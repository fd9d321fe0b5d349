//! A catalog in memory: what profile asks it, and its feed.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::ready,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use hexachord_contracts::{
    Context, Service,
    catalog::{Catalog, CatalogChange, Request},
    ids::{AlbumId, ArtistId, LibraryId, TrackId},
    item::ItemId,
};

use crate::{
    fake_feed::FakeFeed,
    songs::{Song, album, artist},
};

pub(crate) struct FakeCatalog {
    songs: Mutex<BTreeMap<u64, Song>>,
    pub(crate) feed: FakeFeed<CatalogChange>,
    /// It answers nothing but its feed.
    pub(crate) is_down: AtomicBool,
    /// How often it was asked to fill something in.
    pub(crate) asked: AtomicUsize,
}

impl FakeCatalog {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            songs: Mutex::default(),
            feed: FakeFeed::new(),
            is_down: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        })
    }

    /// A scan found or changed these; followers hear of it.
    pub(crate) fn scan(&self, songs: impl IntoIterator<Item = Song>) {
        let (mut tells, mut touched) = (Vec::new(), BTreeSet::new());
        for song in songs {
            tells.push(CatalogChange::Track(Box::new(song.track())));
            touched.extend(groups(&song));
            touched.extend(self.scan_quietly(song).iter().flat_map(groups));
        }
        tells.extend(touched.into_iter().map(|item| self.now(item)));
        self.feed.tell(tells);
    }

    /// A scan found this, but its feed is late.
    pub(crate) fn scan_quietly(&self, song: Song) -> Option<Song> {
        self.songs().insert(song.id, song)
    }

    /// An administrator had the track forgotten.
    pub(crate) fn forget(&self, id: u64) {
        let song = self.forget_quietly(id);
        let tells = [CatalogChange::TrackGone(TrackId(id))];
        self.feed.tell(tells.into_iter().chain(groups(&song).iter().map(|item| self.now(*item))));
    }

    pub(crate) fn forget_quietly(&self, id: u64) -> Song {
        self.songs().remove(&id).unwrap()
    }

    fn songs(&self) -> MutexGuard<'_, BTreeMap<u64, Song>> {
        self.songs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The libraries with songs of an album or an artist.
    fn libraries(&self, item: ItemId) -> BTreeSet<LibraryId> {
        let songs = self.songs();
        let of_item = songs.values().filter(|song| groups(song).contains(&item));
        of_item.map(|song| LibraryId(song.library)).collect()
    }

    fn now(&self, item: ItemId) -> CatalogChange {
        let libraries = self.libraries(item);
        match item {
            ItemId::Track(id) => CatalogChange::TrackGone(id),
            ItemId::Album(id) if libraries.is_empty() => CatalogChange::AlbumGone(id),
            ItemId::Artist(id) if libraries.is_empty() => CatalogChange::ArtistGone(id),
            ItemId::Album(id) => {
                let parts = libraries.into_iter().map(|library| (library, album(id))).collect();
                CatalogChange::Album { id, parts }
            }
            ItemId::Artist(id) => {
                let parts = libraries.into_iter().map(|library| (library, artist(id))).collect();
                CatalogChange::Artist { id, parts }
            }
        }
    }

    fn everything(&self) -> Vec<CatalogChange> {
        let songs: Vec<Song> = self.songs().values().cloned().collect();
        let tracks = songs.iter().map(|song| CatalogChange::Track(Box::new(song.track())));
        let items: BTreeSet<_> = songs.iter().flat_map(groups).collect();
        tracks.chain(items.into_iter().map(|item| self.now(item))).collect()
    }

    fn sees(&self, context: &Context, item: ItemId) -> bool {
        self.libraries(item).into_iter().any(|library| context.may_see(library))
    }
}

fn groups(song: &Song) -> BTreeSet<ItemId> {
    let artists = song.artists.iter().map(|id| ItemId::Artist(ArtistId(*id)));
    artists.chain([ItemId::Album(AlbumId(song.album))]).collect()
}

/// What serves it.
pub(crate) struct Serving(pub(crate) Arc<FakeCatalog>);

impl Service for Serving {
    type Contract = Catalog;

    async fn handle(self: Arc<Self>, request: Request) {
        let catalog = &self.0;
        match request {
            Request::FollowCatalog(ask) => {
                ask.answer_while_wanted(async |call, _| {
                    Ok(catalog.feed.after(call.after, call.limit, call.wait_ms).await)
                })
                .await;
            }
            Request::CatalogSnapshot(ask) => {
                ask.answer(|call, _| {
                    let all = catalog.everything();
                    ready(Ok(catalog.feed.snapshot(all, call.after.as_deref(), call.limit)))
                })
                .await;
            }
            _ if catalog.is_down.load(Ordering::Relaxed) => {}
            Request::GetTracks(ask) => {
                catalog.asked.fetch_add(1, Ordering::Relaxed);
                ask.answer(|call, by| {
                    assert!(call.tracks.len() <= 500, "a page");
                    let songs = catalog.songs();
                    let seen = |id: &TrackId| {
                        let song = songs.get(&id.0)?;
                        by.may_see(LibraryId(song.library)).then(|| song.track())
                    };
                    ready(Ok(call.tracks.iter().map(seen).collect()))
                })
                .await;
            }
            Request::GetAlbums(ask) => {
                catalog.asked.fetch_add(1, Ordering::Relaxed);
                ask.answer(|call, by| {
                    let seen =
                        |id: &AlbumId| catalog.sees(&by, ItemId::Album(*id)).then(|| album(*id));
                    ready(Ok(call.albums.iter().map(seen).collect()))
                })
                .await;
            }
            Request::GetArtists(ask) => {
                catalog.asked.fetch_add(1, Ordering::Relaxed);
                ask.answer(|call, by| {
                    let seen =
                        |id: &ArtistId| catalog.sees(&by, ItemId::Artist(*id)).then(|| artist(*id));
                    ready(Ok(call.artists.iter().map(seen).collect()))
                })
                .await;
            }
            other => panic!("profile asked something else: {other:?}"),
        }
    }
}
