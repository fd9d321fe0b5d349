//! Rows of long lists that are counted from the first, as Subsonic counts them.

use hexachord_contracts::{
    Context, Page,
    catalog::{
        Album, AlbumSort, Artist, Filter, ListAlbums, ListArtists, ListTracks, Track, TrackSort,
        Years,
    },
    page::{Paging, Sort},
};

use super::failure::Failure;
use crate::http::edge::Edge;

/// Rows of one answer: a client that wants more asks again.
pub(super) const MOST: u32 = 5_000;

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) skip: u32,
    pub(super) count: u32,
}

/// Asks for pages until there are enough rows: `page` is told a page and how many rows to skip.
async fn gathered<T, F: Future<Output = Result<Page<T>, Failure>> + Send>(
    rows: Rows,
    mut page: impl FnMut(Paging, u32) -> F,
) -> Result<Vec<T>, Failure> {
    let (mut all, mut cursor, mut skip) = (Vec::new(), None, rows.skip);
    let count = rows.count.min(MOST) as usize;
    while all.len() < count {
        let limit = u32::try_from(count - all.len()).unwrap_or(Paging::MOST).min(Paging::MOST);
        let found = page(Paging { limit, cursor }, skip).await?;
        all.extend(found.items);
        let Some(next) = found.next_cursor else { break };
        (cursor, skip) = (Some(next), 0);
    }
    Ok(all)
}

pub(super) async fn artists(
    edge: &Edge,
    context: &Context,
    rows: Rows,
) -> Result<Vec<Artist>, Failure> {
    gathered(rows, |paging, skip| async move {
        let call = ListArtists { paging, sort: Sort::default(), skip };
        Ok(edge.catalog.call(context, call).await?.into())
    })
    .await
}

/// Which albums, and in which order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AlbumsBy {
    pub(super) sort: Sort<AlbumSort>,
    pub(super) filter: Option<Filter>,
    pub(super) years: Option<Years>,
}

pub(super) async fn albums(
    edge: &Edge,
    context: &Context,
    AlbumsBy { sort, filter, years }: AlbumsBy,
    rows: Rows,
) -> Result<Vec<Album>, Failure> {
    gathered(rows, |paging, skip| async move {
        let call = ListAlbums { paging, sort, filter, skip, years };
        Ok(edge.catalog.call(context, call).await?.into())
    })
    .await
}

pub(super) async fn tracks(
    edge: &Edge,
    context: &Context,
    filter: Option<Filter>,
    rows: Rows,
) -> Result<Vec<Track>, Failure> {
    let by = if filter.is_some() { TrackSort::Album } else { TrackSort::Title };
    let sort = Sort { by, descending: false };
    gathered(rows, |paging, skip| async move {
        let call = ListTracks { paging, sort, filter, skip };
        Ok(edge.catalog.call(context, call).await?.into())
    })
    .await
}

/// The pages of a list from the first to the last, up to `most` rows.
pub(super) async fn all<T, F: Future<Output = Result<Page<T>, Failure>> + Send>(
    most: u32,
    mut page: impl FnMut(Paging) -> F,
) -> Result<Vec<T>, Failure> {
    let (mut all, mut cursor) = (Vec::new(), None);
    while all.len() < most as usize {
        let found = page(Paging { limit: Paging::MOST, cursor }).await?;
        all.extend(found.items);
        cursor = found.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    all.truncate(most as usize);
    Ok(all)
}
