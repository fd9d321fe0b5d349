//! Shares as the edge shows them: opened by their secrets, and filled in as their owners see them.

use hexachord_contracts::{
    CallError, Caller, Context, ItemId,
    authentication::{AuthenticationError, GetAccount, Secret},
    catalog::{
        AlbumDetail, CatalogError, Filter, GetAlbum, GetTracks, ListTracks, Track, TrackSort,
    },
    ids::{AccountId, PlaylistId, TrackId},
    page::{Paging, Sort},
    profile::{ListEntries, OpenShare, OpenedShare, ProfileError},
};
use http::HeaderMap;

use super::{arrival::Arrival, edge::Edge, own_address::own_address, problem::Problem};

/// Tracks of a share that are shown.
pub const MOST: usize = 1_000;

/// A share and its music.
pub struct Shown {
    pub share: OpenedShare,
    /// For calls as its owner.
    pub owner: Context,
    pub title: String,
    pub tracks: Vec<Track>,
    /// There are more tracks than [`MOST`].
    pub more: bool,
}

/// Opens a share for a visitor, which counts as a visit.
pub async fn open(edge: &Edge, arrival: &Arrival, secret: Secret) -> Result<Shown, Problem> {
    let anybody = arrival.context(Caller::Anonymous);
    let share = edge.profile.call(&anybody, OpenShare { secret, visit: true }).await?;
    let owner = owner(edge, arrival, share.owner).await?;
    let mut tracks = tracks(edge, &owner, &share.items, &share.playlists, MOST + 1).await?;
    let more = tracks.len() > MOST;
    tracks.truncate(MOST);
    Ok(Shown { title: title(&share.description, &tracks), share, owner, tracks, more })
}

/// The first track of a share, and its owner.
pub async fn first_track(
    edge: &Edge,
    arrival: &Arrival,
    secret: Secret,
) -> Result<(Context, TrackId), Problem> {
    let anybody = arrival.context(Caller::Anonymous);
    let share = edge.profile.call(&anybody, OpenShare { secret, visit: false }).await?;
    let owner = owner(edge, arrival, share.owner).await?;
    let tracks = tracks(edge, &owner, &share.items, &share.playlists, 1).await?;
    let first = tracks.first().ok_or_else(|| Problem::not_found("cover"))?.id;
    Ok((owner, first))
}

/// To ask as the owner of a share, who sees what it may see now. Who is disabled shows nothing.
pub async fn owner(edge: &Edge, arrival: &Arrival, account: AccountId) -> Result<Context, Problem> {
    let ask = GetAccount { account };
    let account = edge.authentication.call(&arrival.context(Caller::System), ask).await;
    match account {
        Ok(account) if account.enabled => {
            let (id, role, libraries) = (account.id, account.role, account.libraries);
            Ok(arrival.context(Caller::Account { id, role, libraries }))
        }
        Ok(_) | Err(CallError::Refused(AuthenticationError::NotFound { .. })) => {
            Err(Problem::not_found("share"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The tracks of items and playlists in their order, as far as the caller may see them and they are there:
/// the first `most` of them.
pub async fn tracks(
    edge: &Edge,
    context: &Context,
    items: &[ItemId],
    playlists: &[PlaylistId],
    most: usize,
) -> Result<Vec<Track>, Problem> {
    let mut all = Vec::new();
    for run in items.chunk_by(|one, next| is_track(one) && is_track(next)) {
        if all.len() >= most {
            break;
        }
        match run[0] {
            ItemId::Track(_) => {
                let ids = run.iter().map(|item| TrackId(item.number())).collect();
                all.extend(named(edge, context, ids).await?);
            }
            ItemId::Album(album) => match edge.catalog.call(context, GetAlbum { album }).await {
                Ok(AlbumDetail { tracks, .. }) => all.extend(tracks.into_iter().filter(is_there)),
                Err(CallError::Refused(CatalogError::NotFound { .. })) => {}
                Err(error) => return Err(error.into()),
            },
            ItemId::Artist(artist) => {
                let filter = Some(Filter::Artist(artist));
                let sort = Sort { by: TrackSort::Album, descending: false };
                let mut cursor = None;
                loop {
                    let paging = Paging { limit: Paging::MOST, cursor };
                    let call = ListTracks { paging, sort, filter, skip: 0 };
                    let page = match edge.catalog.call(context, call).await {
                        Ok(page) => page,
                        Err(CallError::Refused(CatalogError::NotFound { .. })) => break,
                        Err(error) => return Err(error.into()),
                    };
                    all.extend(page.items.into_iter().filter(is_there));
                    cursor = page.next_cursor;
                    if cursor.is_none() || all.len() >= most {
                        break;
                    }
                }
            }
        }
    }
    for playlist in playlists {
        let mut cursor = None;
        while all.len() < most {
            let paging = Paging { limit: Paging::MOST, cursor };
            let call = ListEntries { playlist: *playlist, paging };
            let page = match edge.profile.call(context, call).await {
                Ok(page) => page,
                // Removed or private by now; or changed while it is read: what was read is shown.
                Err(CallError::Refused(
                    ProfileError::NotFound { .. } | ProfileError::Changed { .. },
                )) => break,
                Err(error) => return Err(error.into()),
            };
            let ids = page.items.iter().map(|entry| entry.track).collect();
            all.extend(named(edge, context, ids).await?);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
    }
    all.truncate(most);
    Ok(all)
}

fn is_there(track: &Track) -> bool {
    track.missing_since.is_none()
}

fn is_track(item: &ItemId) -> bool {
    matches!(item, ItemId::Track(_))
}

async fn named(
    edge: &Edge,
    context: &Context,
    tracks: Vec<TrackId>,
) -> Result<impl Iterator<Item = Track>, Problem> {
    let found = edge.catalog.call(context, GetTracks { tracks }).await?;
    Ok(found.into_iter().flatten().filter(is_there))
}

/// What its owner wrote, else the name of the one track or album, else how much it is.
fn title(description: &str, tracks: &[Track]) -> String {
    let written = description.lines().map(str::trim).find(|line| !line.is_empty());
    if let Some(written) = written {
        return written.to_owned();
    }
    match tracks {
        [] => "Nothing".to_owned(),
        [track] => track.title.clone(),
        [first, others @ ..] if others.iter().all(|track| track.album.id == first.album.id) => {
            first.album.title.clone()
        }
        tracks => format!("{} tracks", tracks.len()),
    }
}

/// Where people find a share: under the server's public origin, or as this client reached it.
pub fn address(edge: &Edge, arrival: &Arrival, headers: &HeaderMap, secret: &Secret) -> String {
    format!("{}/s/{}", own_address(edge, arrival, headers), secret.reveal())
}
