//! Jellyfin's playlists: their tracks are in the JSON of their item, or in a table of their own.

use std::collections::HashMap;

use serde_json::Value;

use super::{People, items::Items};
use crate::cli::import::{
    database::Database,
    error::ReadError,
    foreign::Playlist,
    values::{Bytes, slashed, text, undashed, uuid},
};

const PLAYLIST: &str = "MediaBrowser.Controller.Playlists.Playlist";

/// Adds playlists to their owners; what people should know of the others.
pub(super) fn read(
    database: &Database,
    items: &mut Items,
    people: &mut People,
) -> Result<Vec<String>, ReadError> {
    let linked = linked(database)?;
    let mut notes = Vec::new();
    let (table, id, _) = Items::table(items.age);
    let query =
        format!("SELECT {id}, Name, Overview, Data FROM {table} WHERE Type = ?1 ORDER BY Name");
    database.each(&query, [PLAYLIST], |row| {
        let key = uuid(row, 0, Bytes::DotNet)?.unwrap_or_default();
        let name = text(row, 1)?.unwrap_or_default();
        let data: Value =
            serde_json::from_str(&text(row, 3)?.unwrap_or_default()).unwrap_or_default();
        if data["PlaylistMediaType"] == "Video" {
            return Ok(());
        }
        let children = match linked.get(&key) {
            Some(children) => children.iter().map(|id| track(items, id)).collect(),
            None => children(items, &data),
        };
        let owner = data["OwnerUserId"].as_str().map(undashed).unwrap_or_default();
        let Some(place) = people.by_id.get(&owner) else {
            notes.push(format!("the playlist {name} is nobody's in Jellyfin: it is left out"));
            return Ok(());
        };
        people.all[*place].playlists.push(Playlist {
            key,
            name,
            description: text(row, 2)?.unwrap_or_default(),
            public: data["OpenAccess"] == true,
            tracks: children,
        });
        Ok(())
    })?;
    Ok(notes)
}

/// Ids of the tracks of each playlist that has them in the table.
fn linked(database: &Database) -> Result<HashMap<String, Vec<String>>, ReadError> {
    let mut linked: HashMap<String, Vec<String>> = HashMap::new();
    if !database.tables.has_column("LinkedChildren", "SortOrder") {
        return Ok(linked);
    }
    let query = "SELECT ParentId, ChildId FROM LinkedChildren ORDER BY ParentId, SortOrder";
    database.each(query, [], |row| {
        let parent = uuid(row, 0, Bytes::DotNet)?.unwrap_or_default();
        linked.entry(parent).or_default().push(uuid(row, 1, Bytes::DotNet)?.unwrap_or_default());
        Ok(())
    })?;
    Ok(linked)
}

fn track(items: &Items, id: &str) -> Option<usize> {
    items.things.track(&undashed(id))
}

/// The id of a child may be stale, then its path tells.
fn children(items: &Items, data: &Value) -> Vec<Option<usize>> {
    let child = |child: &Value| {
        let by_id = |name: &str| child[name].as_str().and_then(|id| track(items, id));
        let by_path = || {
            let path = slashed(child["Path"].as_str()?.to_owned());
            items.by_path.get(&path).copied()
        };
        by_id("ItemId").or_else(by_path).or_else(|| by_id("LibraryItemId"))
    };
    data["LinkedChildren"].as_array().into_iter().flatten().map(child).collect()
}
