//! Libraries that administrators add, rename and remove, and the folders they choose from.

use std::{fs, os::unix::fs::symlink};

use hexachord_catalog::{LibraryFolder, Settings, Watch};
use hexachord_contracts::{
    CallError, LibraryAccess, Role,
    catalog::{
        AddLibrary, CatalogError, GetScan, LibraryDetail, LibrarySource, ListLibraryDetails,
        ListServerFolders, ListTracks, RemoveLibrary, RenameLibrary, ServerFolders, WatchedHow,
    },
    ids::LibraryId,
};

use crate::house::{House, account, context, flac, tags, until};

/// A house with a demo library and folders that no one configured.
async fn house(configured: &[&str], watch: Watch) -> House {
    let mut house = House::with(configured).await;
    for folder in ["Demo", "Own", "data"] {
        fs::create_dir_all(house.path(folder)).unwrap();
    }
    let demo = LibraryFolder { name: "Demo".to_owned(), folder: house.path("Demo") };
    let (data, roots) = (Some(house.path("data")), vec![house.path("Own"), house.path("away")]);
    house.settings = Settings { demo: Some(demo), data, roots, watch, ..house.settings.clone() };
    house.reopen_as_it_is().await;
    house.put("Demo/1.flac", flac(1), &tags("Synth", "Demo", 1, "Tune"));
    house.put("Own/1.flac", flac(2), &tags("Nina", "Own", 1, "Mine"));
    house
}

impl House {
    async fn details(&self) -> Vec<LibraryDetail> {
        self.ask(|| ListLibraryDetails {}).await
    }

    async fn add(&self, name: &str, folder: &str) -> Result<LibraryDetail, CatalogError> {
        let path = self.path(folder).to_str().unwrap().to_owned();
        self.add_at(name, &path).await
    }

    async fn add_at(&self, name: &str, path: &str) -> Result<LibraryDetail, CatalogError> {
        let call = AddLibrary { name: name.to_owned(), path: path.to_owned() };
        refusal(self.ways[1].client.call(&context(hexachord_contracts::Caller::System), call).await)
    }

    async fn remove_library(&self, library: LibraryId) -> Result<(), CatalogError> {
        let call = RemoveLibrary { library };
        refusal(self.ways[0].client.call(&context(hexachord_contracts::Caller::System), call).await)
    }

    async fn titles_become(&self, titles: &[&str]) {
        until("the tracks of the libraries", async || {
            // One way: between two questions the scan goes on.
            let tracks = self.ask_once(ListTracks::default()).await.items;
            let seen: Vec<&str> = tracks.iter().map(|track| &*track.title).collect();
            (seen == titles && !self.ask_once(GetScan::default()).await.is_running()).then_some(())
        })
        .await;
    }
}

fn refusal<T>(outcome: Result<T, CallError<CatalogError>>) -> Result<T, CatalogError> {
    outcome.map_err(|error| match error {
        CallError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    })
}

#[tokio::test]
async fn an_added_library_takes_the_place_of_the_demo_and_stays() {
    let mut house = house(&[], Watch::Off).await;
    house.scan().await;
    let tune = house.track("Tune").await;
    let [demo] = &house.details().await[..] else { panic!("one library") };
    assert_eq!((demo.source, demo.track_count), (LibrarySource::Demo, 1));
    assert!(demo.last_scan_at.is_some());

    let own = house.add(" Own ", "Own").await.unwrap();
    assert_eq!(
        (&*own.name, own.source, own.watched),
        ("Own", LibrarySource::Added, WatchedHow::Off)
    );
    house.titles_become(&["Mine"]).await;
    house.reopen_as_it_is().await;
    let [again] = &house.details().await[..] else { panic!("one library") };
    assert_eq!((again.id, &again.path, again.track_count), (own.id, &own.path, 1));

    let library = own.id;
    let renamed = house.ask(|| RenameLibrary { library, name: "Hers".to_owned() }).await;
    assert_eq!((renamed.id, &*renamed.name), (own.id, "Hers"));
    assert_eq!(house.library("Hers").await, own.id);

    let mine = house.track("Mine").await;
    house.remove_library(own.id).await.unwrap();
    house.titles_become(&["Tune"]).await;
    assert_eq!(house.track("Tune").await.id, tune.id, "the demo is back as it was");
    let back = house.add("Own", "Own").await.unwrap();
    assert_eq!(back.id, own.id, "whoever was allowed to see it is so again");
    house.titles_become(&["Mine"]).await;
    assert_eq!(house.track("Mine").await.id, mine.id);
}

#[tokio::test]
async fn an_added_library_is_watched() {
    let house = house(&["Music"], Watch::Auto).await;
    house.put("Music/1.flac", flac(3), &tags("Nina", "Other", 1, "Configured"));
    let own = house.add("Own", "Own").await.unwrap();
    house.titles_become(&["Configured", "Mine"]).await;
    house.put("Own/2.flac", flac(4), &tags("Nina", "Own", 2, "New"));
    house.titles_become(&["Configured", "Mine", "New"]).await;
    let details = house.details().await;
    assert!(details.iter().all(|one| one.watched == WatchedHow::Watch), "{details:?}");
    house.remove_library(own.id).await.unwrap();
    house.titles_become(&["Configured"]).await;
    // Nobody listens there any more.
    house.put("Own/3.flac", flac(5), &tags("Nina", "Own", 3, "Unheard"));
    house.put("Music/2.flac", flac(6), &tags("Nina", "Other", 2, "Heard"));
    house.titles_become(&["Configured", "Heard"]).await;
}

#[tokio::test]
async fn a_library_that_is_added_while_a_scan_runs_is_scanned_behind_it() {
    let house = house(&["Music"], Watch::Off).await;
    house.put("Music/1.flac", flac(3), &tags("Nina", "Other", 1, "Configured"));
    let occupied = {
        let state = house.ask_once(hexachord_contracts::catalog::StartScan::default()).await;
        assert!(state.is_running());
        house.add("Own", "Own").await.unwrap()
    };
    house.titles_become(&["Configured", "Mine"]).await;
    house.remove_library(occupied.id).await.unwrap();
    house.titles_become(&["Configured"]).await;
}

#[tokio::test]
async fn an_added_library_that_is_left_out_is_told_of_and_can_be_removed() {
    let mut house = house(&["Music"], Watch::Off).await;
    let own = house.add("Hers", "Own").await.unwrap();
    house.titles_become(&["Mine"]).await;
    house.reopen(&["Own"]).await;
    let [hers, configured] = &house.details().await[..] else { panic!("two libraries") };
    assert_eq!((hers.id, hers.source), (own.id, LibrarySource::Added));
    let trouble = hers.trouble.as_deref().unwrap();
    assert!(trouble.contains("`Own`"), "{trouble}");
    assert_eq!((hers.trouble_since, hers.watched), (None, WatchedHow::Off));
    assert_eq!((configured.source, &configured.trouble), (LibrarySource::Configuration, &None));
    let library = own.id;
    let renamed = house.ask(|| RenameLibrary { library, name: "Theirs".to_owned() }).await;
    assert_eq!((renamed.id, renamed.trouble.as_deref()), (own.id, Some(trouble)));
    house.remove_library(own.id).await.unwrap();
    assert_eq!(house.details().await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_a_library_is_refused_in_words() {
    let house = house(&["Music"], Watch::Off).await;
    fs::create_dir_all(house.path("Music/Inner")).unwrap();
    fs::create_dir_all(house.path("data/inner")).unwrap();
    fs::write(house.path("file"), "x").unwrap();
    symlink(house.path("Music/Inner"), house.path("link")).unwrap();
    for (folder, words) in [
        ("nothing", "does not exist"),
        ("file", "is no folder"),
        ("Music", "`Music`"),
        ("Music/Inner", "`Music`"),
        ("link", "`Music`"),
        ("data/inner", "data folder"),
        ("data", "data folder"),
        (".", "data folder"),
    ] {
        let refused = house.add("Another", folder).await.unwrap_err();
        let CatalogError::Invalid { field, reason } = &refused else { panic!("{refused:?}") };
        assert!(field == "path" && reason.contains(words), "{folder}: {reason}");
    }
    for path in ["Own", "", "/proc/self", "/dev", "/sys", "/\0"] {
        let refused = house.add_at("Another", path).await.unwrap_err();
        assert!(
            matches!(refused, CatalogError::Invalid { field, .. } if field == "path"),
            "{path:?}"
        );
    }
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        let refused = house.add(name, "Own").await.unwrap_err();
        assert!(
            matches!(refused, CatalogError::Invalid { field, .. } if field == "name"),
            "{name:?}"
        );
    }
    let taken = house.add("music", "Own").await.unwrap_err();
    assert_eq!(taken, CatalogError::NameTaken("music".to_owned()));
    assert_eq!(house.details().await.len(), 1, "nothing was added");

    let configured = house.library("Music").await;
    let refused = house.remove_library(configured).await.unwrap_err();
    assert!(
        matches!(&refused, CatalogError::NotKeptHere(words) if words.contains("configuration"))
    );
    let unknown = house.remove_library(LibraryId(9)).await.unwrap_err();
    assert!(matches!(unknown, CatalogError::NotFound { .. }));
    let own = house.add("Own", "Own").await.unwrap().id;
    let call = || RenameLibrary { library: own, name: "MUSIC".to_owned() };
    let taken = house.ask_as(hexachord_contracts::Caller::System, call).await;
    assert_eq!(refusal(taken).unwrap_err(), CatalogError::NameTaken("MUSIC".to_owned()));
}

#[tokio::test]
async fn folders_of_the_server_are_listed_without_their_files() {
    let house = house(&[], Watch::Off).await;
    for folder in ["Own/beta", "Own/Alpha", "Own/.hidden", "Own/single.flac/live.flac"] {
        fs::create_dir_all(house.path(folder)).unwrap();
    }
    symlink(house.path("Demo"), house.path("Own/gamma")).unwrap();
    symlink("/proc", house.path("Own/made up")).unwrap();
    symlink(house.path("nothing"), house.path("Own/broken")).unwrap();
    fs::write(house.path("Own/beta/secret.txt"), "x").unwrap();
    symlink(house.path("Demo/1.flac"), house.path("Own/Alpha/linked.flac")).unwrap();
    symlink(house.path("Demo"), house.path("Own/Alpha/linked too.flac")).unwrap();
    let list = async |path: Option<String>| -> ServerFolders {
        house.ask(|| ListServerFolders { path: path.clone() }).await
    };
    let here =
        |folder: &str| house.path(folder).canonicalize().unwrap().to_str().unwrap().to_owned();
    let beginnings = list(None).await;
    assert_eq!((beginnings.path, beginnings.parent), (None, None));
    assert_eq!(beginnings.folders.len(), 1, "one is not there");
    assert_eq!(beginnings.folders[0].path, here("Own"));

    let own = list(Some(here("Own"))).await;
    assert_eq!((own.parent, own.audio_files, own.truncated), (Some(here("")), Some(1), false));
    let seen: Vec<_> =
        own.folders.iter().map(|one| (&*one.name, one.path.clone(), one.audio_files)).collect();
    assert_eq!(
        seen,
        [
            ("Alpha", here("Own/Alpha"), Some(1)),
            ("beta", here("Own/beta"), Some(0)),
            ("gamma", here("Demo"), Some(1)),
            ("single.flac", here("Own/single.flac"), Some(0)),
        ]
    );
    let listener = || account(Role::Listener, LibraryAccess::All);
    let refused = house.ask_as(listener(), || ListServerFolders { path: None }).await;
    assert_eq!(refusal(refused).unwrap_err(), CatalogError::Forbidden);
    let refused = house.ask_as(listener(), || ListLibraryDetails {}).await;
    assert_eq!(refusal(refused).unwrap_err(), CatalogError::Forbidden);
    let add = || AddLibrary { name: "X".to_owned(), path: here("Own") };
    assert_eq!(refusal(house.ask_as(listener(), add).await).unwrap_err(), CatalogError::Forbidden);
    let id = LibraryId(1);
    let rename = || RenameLibrary { library: id, name: "X".to_owned() };
    assert_eq!(
        refusal(house.ask_as(listener(), rename).await).unwrap_err(),
        CatalogError::Forbidden
    );
    let remove = || RemoveLibrary { library: id };
    assert_eq!(
        refusal(house.ask_as(listener(), remove).await).unwrap_err(),
        CatalogError::Forbidden
    );
}

#[tokio::test]
async fn a_folder_of_very_many_is_cut() {
    let house = house(&[], Watch::Off).await;
    for number in 0..=ListServerFolders::MOST {
        fs::create_dir(house.path(&format!("Own/{number:04}"))).unwrap();
    }
    let path = house.path("Own").to_str().unwrap().to_owned();
    let own = house.ask(|| ListServerFolders { path: Some(path.clone()) }).await;
    assert_eq!((own.folders.len(), own.truncated), (ListServerFolders::MOST, true));
    assert_eq!(own.folders[0].name, "0000");
}
