//! The library as it lies on the disk; artists and albums stand as folders too.

use hexachord_contracts::{
    ItemId, Timestamp,
    catalog::{
        FolderId, FolderItem, FolderPage, FolderRef, GetAlbum, GetArtist, GetChanged, ListFolder,
    },
    page::Paging,
};
use serde::Serialize;

use super::{
    super::{
        call::{Call, Outcome, folder_number},
        failure::Failure,
        filling::{self, Annotations},
        model::{Child, Entity},
    },
    browsing::{IGNORED_ARTICLES, Index, by_letter},
};

/// Rows of one folder.
const MOST: usize = 100_000;

pub(super) async fn music_folders(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct MusicFolder {
        id: i32,
        name: String,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct MusicFolders {
        music_folder: Vec<MusicFolder>,
    }
    let libraries = call.libraries().await?.into_iter();
    let folders = libraries.map(|one| MusicFolder { id: folder_number(one.id), name: one.name });
    call.answer("musicFolders", &MusicFolders { music_folder: folders.collect() })
}

/// What is at the top of libraries; nothing of it to who has seen it as it is.
pub(super) async fn indexes(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Indexes {
        last_modified: i64,
        ignored_articles: &'static str,
        index: Vec<Index<Entity>>,
        child: Vec<Child>,
    }
    let known = call.parameters.number::<i64>("ifModifiedSince")?;
    // Before the rest is asked for: what changes meanwhile is told another time.
    let changed = call.edge.catalog.call(call.context(), GetChanged {}).await?.as_millis();
    let only = call.parameters.number::<i32>("musicFolderId")?;
    let mut libraries = call.libraries().await?;
    if let Some(only) = only {
        libraries.retain(|library| folder_number(library.id) == only);
        if libraries.is_empty() {
            return Err(Failure::not_found("music folder"));
        }
    }
    // A time that was told before the clock was set back is another one, though it is later.
    if known == Some(changed) {
        libraries.clear();
    }
    let (mut folders, mut tracks) = (Vec::new(), Vec::new());
    for library in libraries {
        for item in contents(call, library.root).await?.items {
            match item {
                FolderItem::Folder(folder) => folders.push(folder),
                FolderItem::Track(track) => tracks.push(*track),
            }
        }
    }
    let entity = |folder: FolderRef| {
        let id = folder.id.to_string();
        let name = folder.name;
        (name.clone(), Entity { id, name, starred: None, user_rating: None })
    };
    call.answer(
        "indexes",
        &Indexes {
            last_modified: changed,
            ignored_articles: IGNORED_ARTICLES,
            index: by_letter(folders.into_iter().map(entity)),
            child: filling::songs(&call.edge, call.context(), tracks).await?,
        },
    )
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Directory {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    starred: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_rating: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    play_count: Option<u32>,
    child: Vec<Child>,
}

pub(super) async fn directory(call: &Call) -> Outcome {
    let id = call.parameters.required("id")?;
    let directory = if let Ok(number) = id.parse::<i32>() {
        let libraries = call.libraries().await?;
        let library = libraries.iter().find(|library| folder_number(library.id) == number);
        let root = library.ok_or_else(|| Failure::not_found("folder"))?.root.clone();
        of_folder(call, root).await?
    } else if let Ok(folder) = id.parse::<FolderId>() {
        of_folder(call, folder).await?
    } else {
        match id.parse::<ItemId>() {
            Ok(item @ (ItemId::Album(_) | ItemId::Artist(_))) => of_item(call, item).await?,
            _ => return Err(Failure::not_found("folder")),
        }
    };
    call.answer("directory", &directory)
}

async fn of_folder(call: &Call, folder: FolderId) -> Result<Directory, Failure> {
    let FolderPage { id, name, above, items, .. } = contents(call, folder).await?;
    let id = id.to_string();
    let tracks = items.iter().filter_map(|item| match item {
        FolderItem::Track(track) => Some((**track).clone()),
        FolderItem::Folder(_) => None,
    });
    let mut songs = filling::songs(&call.edge, call.context(), tracks.collect()).await?.into_iter();
    let child = items.into_iter().filter_map(|item| match item {
        FolderItem::Folder(folder) => Some(Child {
            id: folder.id.to_string(),
            parent: Some(id.clone()),
            is_dir: true,
            title: folder.name,
            ..Child::default()
        }),
        FolderItem::Track(_) => songs.next().map(|song| Child { parent: Some(id.clone()), ..song }),
    });
    Ok(Directory {
        parent: above.last().map(|folder| folder.id.to_string()),
        name,
        starred: None,
        user_rating: None,
        play_count: None,
        child: child.collect(),
        id: id.clone(),
    })
}

/// All that is in a folder.
async fn contents(call: &Call, folder: FolderId) -> Result<FolderPage, Failure> {
    let mut paging = Paging::first(Paging::MOST);
    let list = ListFolder { folder: folder.clone(), paging: paging.clone() };
    let mut whole = call.edge.catalog.call(call.context(), list).await?;
    while let Some(next) = whole.next_cursor.take() {
        paging.cursor = Some(next);
        let list = ListFolder { folder: folder.clone(), paging: paging.clone() };
        let page = call.edge.catalog.call(call.context(), list).await?;
        whole.items.extend(page.items);
        whole.next_cursor = page.next_cursor.filter(|_| whole.items.len() < MOST);
    }
    Ok(whole)
}

/// An album with its songs, or an artist with its albums.
async fn of_item(call: &Call, item: ItemId) -> Result<Directory, Failure> {
    let (edge, context) = (&call.edge, call.context());
    let (name, parent, child) = match item {
        ItemId::Album(album) => {
            let detail = edge.catalog.call(context, GetAlbum { album }).await?;
            let parent = detail.album.artists.first().map(|artist| artist.id.to_string());
            (detail.album.title, parent, filling::songs(edge, context, detail.tracks).await?)
        }
        ItemId::Artist(artist) => {
            let detail = edge.catalog.call(context, GetArtist { artist }).await?;
            let albums = detail.albums.into_iter().chain(detail.appears_on).collect();
            (detail.artist.name, None, filling::album_children(edge, context, albums).await?)
        }
        ItemId::Track(_) => return Err(Failure::not_found("folder")),
    };
    let annotations = Annotations::of(edge, context, [item].into_iter()).await?;
    let annotation = annotations.get(item);
    Ok(Directory {
        id: item.to_string(),
        parent,
        name,
        starred: annotation.and_then(|annotation| annotation.favourite_since),
        user_rating: annotation.and_then(|annotation| annotation.rating),
        play_count: annotation.map(|annotation| annotation.plays),
        child,
    })
}
