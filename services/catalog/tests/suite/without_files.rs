//! Tracks without files are browsed and located like others: only their bytes are not there.

use hexachord_catalog::{
    Catalog, CoverThreads, LibraryFolder, Resources, Settings, TrackWithoutFile,
    add_tracks_without_files, open_store,
};
use hexachord_contracts::{
    Caller, Clock, Failpoints, Timestamp,
    catalog::{ListAlbums, ListTracks, Locate},
    harness::both_ways,
    page::Paging,
};

use crate::house::context;

#[tokio::test]
async fn they_are_listed_as_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_store(folder.path().join("catalog.redb"), 1).unwrap();
    let track = |number: u32| TrackWithoutFile {
        title: format!("Track {number}"),
        artist: "Hexa".to_owned(),
        album: format!("Album {}", number / 1000),
        genre: "Chant".to_owned(),
        year: 1026,
        number: number % 1000,
        duration_ms: 60_000,
    };
    let (made, now) = ((0..2500).map(track).collect(), Timestamp::from_millis(1_800_000_000_000));
    let adding = store.clone();
    let added = move || add_tracks_without_files(&adding, "music", made, now);
    tokio::task::spawn_blocking(added).await.unwrap().unwrap();

    let covers = CoverThreads::new(1, 8);
    let resources = Resources::new(store, covers, Clock::System, Failpoints::default());
    let library = LibraryFolder { name: "music".to_owned(), folder: folder.path().to_owned() };
    let settings = Settings { libraries: vec![library], ..Settings::default() };
    let catalog = Catalog::new(&settings, &resources).await.unwrap();
    for reached in both_ways(catalog) {
        let context = context(Caller::System);
        let albums = reached.client.call(&context, ListAlbums::default()).await.unwrap();
        let counts: Vec<u32> = albums.items.iter().map(|album| album.track_count).collect();
        assert_eq!(counts, [1000, 1000, 500], "{}", reached.way);
        let list = ListTracks { paging: Paging::first(1), ..ListTracks::default() };
        let first = reached.client.call(&context, list).await.unwrap().items.remove(0);
        assert_eq!((first.title.as_str(), first.added_at), ("Track 0", now));
        let located = reached.client.call(&context, Locate { track: first.id }).await.unwrap();
        assert!(located.path.ends_with(b"Hexa/Album 0/0.flac"));
    }
}
