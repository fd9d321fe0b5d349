//! Folders: the library as it lies on the disk.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use hexachord_contracts::{
    CallError, Caller,
    catalog::{CatalogError, FolderId, FolderItem, FolderPage, ListFolder, ListLibraries},
    page::Paging,
};

use crate::house::{House, Outcome, flac, listener, tags};

async fn list(house: &House, folder: &FolderId, paging: &Paging) -> FolderPage {
    house.ask(|| ListFolder { folder: folder.clone(), paging: paging.clone() }).await
}

async fn whole(house: &House, folder: &FolderId) -> FolderPage {
    let page = list(house, folder, &Paging::first(500)).await;
    assert_eq!(page.next_cursor, None);
    page
}

/// Everything in a folder, asked for in pages of so many.
async fn in_pages(house: &House, folder: &FolderId, limit: u32) -> Vec<FolderItem> {
    let (mut items, mut paging) = (Vec::new(), Paging::first(limit));
    loop {
        let page = list(house, folder, &paging).await;
        assert!(page.items.len() <= limit as usize);
        items.extend(page.items);
        match page.next_cursor {
            Some(cursor) => paging.cursor = Some(cursor),
            None => return items,
        }
    }
}

/// Folders with a slash, tracks by their titles.
fn names(items: &[FolderItem]) -> Vec<String> {
    let name = |item: &FolderItem| match item {
        FolderItem::Folder(folder) => format!("{}/", folder.name),
        FolderItem::Track(track) => track.title.clone(),
    };
    items.iter().map(name).collect()
}

/// The folder of this name in a listing.
fn sub(page: &FolderPage, name: &str) -> FolderId {
    let found = page.items.iter().find_map(|item| match item {
        FolderItem::Folder(folder) if folder.name == name => Some(folder.id.clone()),
        _ => None,
    });
    found.unwrap()
}

async fn root(house: &House, library: &str) -> FolderId {
    FolderId::root(house.library(library).await)
}

fn put(house: &House, files: &[&str]) {
    for (number, file) in (0..).zip(files) {
        let title = file.rsplit_once('/').unwrap().1;
        house.put(file, flac(number), &tags("Guido", "Micrologus", 1, title));
    }
}

#[tokio::test]
async fn folders_come_first_and_everything_by_name() {
    let house = House::with(&["Music"]).await;
    put(
        &house,
        &[
            "Music/b.flac",
            "Music/A.flac",
            "Music/zeta/deep/er/1.flac",
            "Music/zeta/deep.flac",
            "Music/Émile/1.flac",
            "Music/Alpha/1.flac",
            "Music/alpha beta/1.flac",
            "Music/alpha/1.flac",
            "Music/alpha.x/1.flac",
        ],
    );
    house.scan().await;
    let page = whole(&house, &root(&house, "Music").await).await;
    let wanted =
        ["Alpha/", "alpha/", "alpha beta/", "alpha.x/", "Émile/", "zeta/", "A.flac", "b.flac"];
    assert_eq!(names(&page.items), wanted);
    assert_eq!((&*page.name, page.above.len()), ("Music", 0));
    for limit in 1..10 {
        assert_eq!(in_pages(&house, &page.id, limit).await, page.items, "{limit}");
    }

    let zeta = whole(&house, &sub(&page, "zeta")).await;
    assert_eq!(names(&zeta.items), ["deep/", "deep.flac"]);
    let deep = whole(&house, &sub(&zeta, "deep")).await;
    assert_eq!(names(&deep.items), ["er/"]);
    let er = whole(&house, &sub(&deep, "er")).await;
    assert_eq!(names(&er.items), ["1.flac"]);
    let above: Vec<_> = er.above.iter().map(|folder| (&folder.id, folder.name.as_str())).collect();
    assert_eq!(above, [(&page.id, "Music"), (&zeta.id, "zeta"), (&deep.id, "deep")]);
    assert_eq!((er.name.as_str(), &er.id), ("er", &sub(&deep, "er")));
    let libraries = house.ask(|| ListLibraries {}).await;
    assert_eq!(libraries[0].root, page.id);
}

#[tokio::test]
async fn pages_stay_in_place_while_files_come_and_go() {
    let house = House::with(&["Music"]).await;
    put(&house, &["Music/b/1.flac", "Music/d/1.flac", "Music/2.flac", "Music/4.flac"]);
    house.scan().await;
    let folder = root(&house, "Music").await;
    let first = list(&house, &folder, &Paging::first(2)).await;
    assert_eq!(names(&first.items), ["b/", "d/"]);
    house.remove("Music/d/1.flac");
    put(&house, &["Music/a/x.flac", "Music/e/y.flac", "Music/3.flac"]);
    house.scan().await;
    let rest = Paging { limit: 9, cursor: first.next_cursor };
    let rest = list(&house, &folder, &rest).await;
    assert_eq!(names(&rest.items), ["e/", "2.flac", "3.flac", "4.flac"]);
}

#[tokio::test]
async fn only_what_plays_is_shown() {
    let house = House::with(&["Music"]).await;
    put(&house, &["Music/gone/1.flac", "Music/stays/1.flac", "Music/stays/2.flac"]);
    for broken in ["Music/broken/1.flac", "Music/mixed/a.flac", "Music/stays/0.flac"] {
        fs::create_dir_all(house.path(broken).parent().unwrap()).unwrap();
        fs::write(house.path(broken), "no music").unwrap();
    }
    put(&house, &["Music/mixed/b/c.flac"]);
    house.scan().await;
    let folder = root(&house, "Music").await;
    let page = whole(&house, &folder).await;
    assert_eq!(names(&page.items), ["gone/", "mixed/", "stays/"]);
    assert_eq!(names(&whole(&house, &sub(&page, "mixed")).await.items), ["b/"]);
    let gone = sub(&page, "gone");
    house.remove("Music/gone/1.flac");
    house.remove("Music/stays/2.flac");
    house.scan().await;
    let page = whole(&house, &folder).await;
    assert_eq!(names(&page.items), ["mixed/", "stays/"]);
    assert_eq!(names(&whole(&house, &sub(&page, "stays")).await.items), ["1.flac"]);
    let broken = FolderId { path: b"broken".to_vec(), ..folder.clone() };
    for folder in [gone, broken] {
        not_found(&ask(&house, Caller::System, &folder).await);
    }
    house.remove("Music/stays/1.flac");
    house.remove("Music/mixed/b/c.flac");
    house.put("Music/last.flac", flac(90), &tags("Guido", "Micrologus", 1, "Last"));
    house.scan().await;
    assert_eq!(names(&whole(&house, &folder).await.items), ["Last"]);
}

#[tokio::test]
async fn an_empty_library_has_a_folder_with_nothing_in_it() {
    let house = House::with(&["Music"]).await;
    assert_eq!(whole(&house, &root(&house, "Music").await).await.items, []);
}

#[tokio::test]
async fn names_need_not_be_text() {
    let house = House::with(&["Music"]).await;
    let folder = house.path("Music").join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir(&folder).unwrap();
    flac(1).write(folder.join(OsStr::from_bytes(b"\xff.flac"))).unwrap();
    house.scan().await;
    let page = whole(&house, &root(&house, "Music").await).await;
    assert_eq!(names(&page.items), ["caf\u{fffd}/"]);
    let inside = whole(&house, &sub(&page, "caf\u{fffd}")).await;
    assert_eq!((inside.items.len(), inside.name.as_str()), (1, "caf\u{fffd}"));
}

#[tokio::test]
async fn a_library_that_is_not_seen_has_no_folders() {
    let mut house = House::with(&["Hers", "His"]).await;
    put(&house, &["Hers/a/1.flac", "Hers/b/2.flac", "His/a/3.flac", "His/c/4.flac"]);
    house.scan().await;
    let (hers, his) = (house.library("Hers").await, house.library("His").await);
    let she = || listener(&[hers]);
    let page = ask(&house, she(), &FolderId::root(hers)).await.unwrap();
    assert_eq!(names(&page.items), ["a/", "b/"]);
    for path in ["", "a", "c"] {
        let folder = FolderId { library: his, path: path.as_bytes().to_vec() };
        not_found(&ask(&house, she(), &folder).await);
        assert!(ask(&house, Caller::System, &folder).await.is_ok());
    }
    let anonymous = ask(&house, Caller::Anonymous, &FolderId::root(hers)).await;
    assert_eq!(anonymous, Err(CallError::Refused(CatalogError::Forbidden)));
    // Nor has one that is no longer configured.
    house.reopen(&["Hers"]).await;
    not_found(&ask(&house, Caller::System, &FolderId::root(his)).await);
}

#[tokio::test]
async fn what_is_no_folder_or_no_cursor_is_refused() {
    let house = House::with(&["Music"]).await;
    put(&house, &["Music/a/1.flac", "Music/a/2.flac", "Music/b/3.flac"]);
    house.scan().await;
    let folder = root(&house, "Music").await;
    for path in ["a/1.flac", "a/", "/", "/a", "a//", "..", ".", "A", "a/1.flac/"] {
        let folder = FolderId { path: path.as_bytes().to_vec(), ..folder.clone() };
        not_found(&ask(&house, Caller::System, &folder).await);
    }
    let page = whole(&house, &folder).await;
    let cursor = list(&house, &folder, &Paging::first(1)).await.next_cursor.unwrap();
    let invalid = async |folder: &FolderId, limit: u32, cursor: Option<&str>| {
        let paging = || Paging { limit, cursor: cursor.map(str::to_owned) };
        let call = || ListFolder { folder: folder.clone(), paging: paging() };
        match house.ask_as(Caller::System, call).await {
            Err(CallError::Refused(CatalogError::Invalid { field, .. })) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(invalid(&folder, 0, None).await, "limit");
    assert_eq!(invalid(&folder, 501, None).await, "limit");
    for text in ["", "!", "AAAA", &cursor[..8]] {
        assert_eq!(invalid(&folder, 5, Some(text)).await, "cursor");
    }
    assert_eq!(invalid(&sub(&page, "a"), 5, Some(&cursor)).await, "cursor", "of another folder");
}

async fn ask(house: &House, caller: Caller, folder: &FolderId) -> Outcome<ListFolder> {
    let call = || ListFolder { folder: folder.clone(), paging: Paging::default() };
    house.ask_as(caller, call).await
}

#[track_caller]
fn not_found(outcome: &Outcome<ListFolder>) {
    let what = "folder".to_owned();
    assert_eq!(*outcome, Err(CallError::Refused(CatalogError::NotFound { what })));
}
