//! Playlists.

use hexachord_contracts::{
    ids::{PlaylistId, TrackId},
    profile::{
        self, CreatePlaylist, EditPlaylist, GetPlaylist, ListEntries, ListPlaylists, MOST_ENTRIES,
        PlaylistEntry, RemovePlaylist, ReplaceInPlaylist, UpdatePlaylist,
    },
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    filling,
    model::{Child, Playlist},
    parameters::number,
    rows,
};

/// Playlists of one answer.
const MOST: u32 = 50_000;

/// One's own and the public ones of others; those of one owner where one is named.
pub(super) async fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Playlists {
        playlist: Vec<Playlist>,
    }
    let mut lists = rows::all(MOST, |paging| async move {
        let list = ListPlaylists { paging, ..ListPlaylists::default() };
        Ok(call.edge.profile.call(call.context(), list).await?)
    })
    .await?;
    if let Some(owner) = call.parameters.text("username").filter(|name| !name.is_empty()) {
        let own = call.who.known.as_ref().map(|known| known.identity.account.username.as_str());
        let is_own = own.is_some_and(|own| own.to_lowercase() == owner.to_lowercase());
        if !is_own && !call.context().may_administer() {
            return Err(Failure::forbidden("playlists of others are for administrators"));
        }
        lists.retain(|list| list.owner_name.to_lowercase() == owner.to_lowercase());
    }
    let viewer = call.context().account();
    let playlist = lists.into_iter().map(|list| Playlist::new(list, viewer)).collect();
    call.answer("playlists", &Playlists { playlist })
}

pub(super) async fn one(call: &Call) -> Outcome {
    let playlist: PlaylistId = call.parameters.id("id")?;
    let list = call.edge.profile.call(call.context(), GetPlaylist { playlist }).await?;
    shown(call, list).await
}

/// A playlist with its songs.
async fn shown(call: &Call, list: profile::Playlist) -> Outcome {
    let ids: Vec<_> = entries(call, list.id).await?.iter().map(|entry| entry.track).collect();
    let tracks = filling::fetch_tracks(&call.edge, call.context(), &ids).await?;
    let entry: Vec<Child> = filling::songs(&call.edge, call.context(), tracks).await?;
    let mut shown = Playlist::new(list, call.context().account());
    shown.entry = Some(entry);
    call.answer("playlist", &shown)
}

async fn entries(call: &Call, playlist: PlaylistId) -> Result<Vec<PlaylistEntry>, Failure> {
    let most = u32::try_from(MOST_ENTRIES).unwrap_or(u32::MAX);
    rows::all(most, |paging| async move {
        Ok(call.edge.profile.call(call.context(), ListEntries { playlist, paging }).await?)
    })
    .await
}

/// A new playlist, or other songs in one that is there.
pub(super) async fn create(call: &Call) -> Outcome {
    let tracks: Vec<TrackId> = call.parameters.ids("songId")?;
    let name = call.parameters.text("name").filter(|name| !name.is_empty()).map(str::to_owned);
    let (profile, context) = (&call.edge.profile, call.context());
    // What cannot be shown now is not made: an app would try again, and make another one.
    filling::fetch_tracks(&call.edge, context, &tracks).await?;
    let list = if call.parameters.text("playlistId").is_some_and(|id| !id.is_empty()) {
        let playlist = call.parameters.id("playlistId")?;
        let replace = ReplaceInPlaylist { playlist, name, tracks, revision: None };
        profile.call(context, replace).await?
    } else {
        let name = name.ok_or_else(|| Failure::missing("name"))?;
        let description = String::new();
        profile.call(context, CreatePlaylist { name, description, public: false, tracks }).await?
    };
    shown(call, list).await
}

/// Indexes are those of the list before anything is done to it.
pub(super) async fn update(call: &Call) -> Outcome {
    let parameters = &call.parameters;
    let playlist: PlaylistId = parameters.id("playlistId")?;
    let added: Vec<TrackId> = parameters.ids("songIdToAdd")?;
    let removed = parameters.all("songIndexToRemove").filter(|text| !text.is_empty());
    let removed = removed.map(|text| number::<u32>("songIndexToRemove", text));
    let removed = removed.collect::<Result<Vec<_>, _>>()?;
    let text = |name| parameters.text(name).map(str::to_owned);
    let name = text("name").filter(|name| !name.is_empty());
    let (description, public) = (text("comment"), parameters.flag("public")?);
    let (profile, context) = (&call.edge.profile, call.context());
    let (mut remove, mut revision) = (Vec::new(), None);
    if !removed.is_empty() {
        let list = profile.call(context, GetPlaylist { playlist }).await?;
        revision = Some(list.revision);
        let entries = entries(call, playlist).await?;
        // What the caller may not see has a position, but no index.
        let position = |index: &u32| entries.get(*index as usize).map(|entry| entry.position);
        let positions: Option<Vec<u32>> = removed.iter().map(position).collect();
        remove = positions.ok_or_else(|| {
            Failure::wrong("songIndexToRemove", "is not an index of this playlist")
        })?;
    }
    let update = UpdatePlaylist { playlist, name, description, public };
    profile.call(context, EditPlaylist { update, remove, add: added, revision }).await?;
    call.done()
}

pub(super) async fn delete(call: &Call) -> Outcome {
    let playlist: PlaylistId = call.parameters.id("id")?;
    call.edge.profile.call(call.context(), RemovePlaylist { playlist }).await?;
    call.done()
}
