//! Lists of albums and songs in the orders that apps show on their first page.

use hexachord_contracts::{
    CallError, Context, ItemId, ItemKind,
    catalog::{Album, AlbumSort, CatalogError, Filter, FindGenre, PickAlbums, PickTracks, Years},
    page::{Paging, Sort},
    profile::{AnnotatedBy, ListAnnotated},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    filling,
    model::Child,
    rows::{self, AlbumsBy, Rows},
};

/// Rows where nobody says how many, and at most.
const USUAL: u32 = 10;
const MOST: u32 = Paging::MOST;

#[derive(Serialize)]
struct AlbumList<T> {
    album: Vec<T>,
}

#[derive(Serialize)]
pub(super) struct Songs {
    pub(super) song: Vec<Child>,
}

pub(super) async fn albums(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let albums = listed(call, &context).await?;
    let album = filling::albums(&call.edge, &context, albums).await?;
    call.answer("albumList2", &AlbumList { album })
}

pub(super) async fn albums_as_folders(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let albums = listed(call, &context).await?;
    let album = filling::album_children(&call.edge, &context, albums).await?;
    call.answer("albumList", &AlbumList { album })
}

async fn listed(call: &Call, context: &Context) -> Result<Vec<Album>, Failure> {
    let parameters = &call.parameters;
    let kind = parameters.required("type")?;
    let count = parameters.count("size", USUAL, MOST)?;
    let skip = parameters.number::<u32>("offset")?.unwrap_or(0);
    let rows = Rows { skip, count };
    let sorted = |by, descending| AlbumsBy { sort: Sort { by, descending }, ..AlbumsBy::default() };
    let by = match kind {
        "random" => return picked(call, context, count).await,
        "newest" => sorted(AlbumSort::Added, true),
        "highest" => return annotated(call, context, AnnotatedBy::Rating, rows).await,
        "frequent" => return annotated(call, context, AnnotatedBy::Plays, rows).await,
        "recent" => return annotated(call, context, AnnotatedBy::LastPlayed, rows).await,
        "starred" => return annotated(call, context, AnnotatedBy::Favourite, rows).await,
        "alphabeticalByName" => sorted(AlbumSort::Title, false),
        "alphabeticalByArtist" => sorted(AlbumSort::Artist, false),
        "byYear" => {
            let year =
                |name| parameters.required(name).and_then(|_| parameters.number::<i32>(name));
            let (from, to) = (year("fromYear")?.unwrap_or(0), year("toYear")?.unwrap_or(0));
            let years = Years { first: from.min(to), last: from.max(to) };
            AlbumsBy { years: Some(years), ..sorted(AlbumSort::Year, from > to) }
        }
        "byGenre" => {
            let Some(filter) = genre(call, context, parameters.required("genre")?).await? else {
                return Ok(Vec::new());
            };
            AlbumsBy { filter: Some(filter), ..sorted(AlbumSort::Title, false) }
        }
        _ => return Err(Failure::wrong("type", "is not an order of albums")),
    };
    rows::albums(&call.edge, context, by, rows).await
}

/// What has this genre; `None` where nothing has.
async fn genre(call: &Call, context: &Context, name: &str) -> Result<Option<Filter>, Failure> {
    let found = call.edge.catalog.call(context, FindGenre { name: name.to_owned() }).await;
    match found {
        Ok(genre) => Ok(Some(Filter::Genre(genre.id))),
        Err(CallError::Refused(CatalogError::NotFound { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn picked(call: &Call, context: &Context, limit: u32) -> Result<Vec<Album>, Failure> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let pick = PickAlbums { limit, seed: rand::random() };
    Ok(call.edge.catalog.call(context, pick).await?)
}

async fn annotated(
    call: &Call,
    context: &Context,
    by: AnnotatedBy,
    Rows { skip, count: limit }: Rows,
) -> Result<Vec<Album>, Failure> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let list = ListAnnotated { kind: ItemKind::Album, by, skip, limit };
    let annotated = call.edge.profile.call(context, list).await?;
    let ids: Vec<_> = annotated
        .iter()
        .filter_map(|one| if let ItemId::Album(id) = one.item { Some(id) } else { None })
        .collect();
    filling::fetch_albums(&call.edge, context, &ids).await
}

pub(super) async fn random_songs(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let parameters = &call.parameters;
    let limit = parameters.count("size", USUAL, MOST)?;
    let (from, to) = (parameters.number("fromYear")?, parameters.number("toYear")?);
    let is_limited = from.is_some() || to.is_some();
    let years = Years { first: from.unwrap_or(i32::MIN), last: to.unwrap_or(i32::MAX) };
    let mut filter = None;
    if let Some(name) = parameters.text("genre").filter(|name| !name.is_empty()) {
        filter = genre(call, &context, name).await?;
        if filter.is_none() {
            return call.answer("randomSongs", &Songs { song: Vec::new() });
        }
    }
    let mut tracks = Vec::new();
    if limit > 0 {
        let years = is_limited.then_some(years);
        let pick = PickTracks { limit, filter, years, seed: rand::random() };
        tracks = call.edge.catalog.call(&context, pick).await?;
    }
    let song = filling::songs(&call.edge, &context, tracks).await?;
    call.answer("randomSongs", &Songs { song })
}

pub(super) async fn songs_by_genre(call: &Call) -> Outcome {
    let context = call.narrowed().await?;
    let parameters = &call.parameters;
    let rows = Rows {
        skip: parameters.number("offset")?.unwrap_or(0),
        count: parameters.count("count", USUAL, MOST)?,
    };
    let filter = genre(call, &context, parameters.required("genre")?).await?;
    let tracks = match filter {
        Some(filter) => rows::tracks(&call.edge, &context, Some(filter), rows).await?,
        None => Vec::new(),
    };
    let song = filling::songs(&call.edge, &context, tracks).await?;
    call.answer("songsByGenre", &Songs { song })
}
