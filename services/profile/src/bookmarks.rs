//! Bookmarks: where to go on in a track.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    item::ItemId,
    page::Page,
    profile::{Bookmark, ListBookmarks, RemoveBookmark, SetBookmark},
};

use crate::{
    errors::{Refusable, no_such},
    page::Asked,
    service::Profile,
    store::{
        BOOKMARK_ORDER, BOOKMARKS, BookmarkRow, Projection, bookmarks_prefix, read_bookmark, record,
    },
    texts,
    viewer::Listener,
};

/// Of the cursors.
const LIST: u8 = 40;

impl Profile {
    pub(crate) async fn set_bookmark(
        &self,
        call: SetBookmark,
        context: Context,
    ) -> Refusable<Bookmark> {
        let Listener { account, access } = Listener::of(&context)?;
        let SetBookmark { track, position_ms, comment } = call;
        texts::position(position_ms)?;
        let comment = Arc::new(texts::long("comment", comment)?);
        let now = self.clock.now();
        self.change(&context, move |change| {
            change.require_account(account)?;
            change.require_seen(&access, ItemId::Track(track))?;
            let created_at = change.bookmark(account, track)?.map_or(now, |old| old.created_at);
            let comment = comment.to_string();
            let row = BookmarkRow { position_ms, comment, created_at, changed_at: now };
            change.put_bookmark(account, track, &row)?;
            Ok(row.bookmark(track))
        })
        .await
    }

    pub(crate) async fn remove_bookmark(
        &self,
        call: RemoveBookmark,
        context: Context,
    ) -> Refusable<()> {
        let Listener { account, .. } = Listener::of(&context)?;
        self.change(&context, move |change| {
            let was_there = change.remove_bookmark(account, call.track)?;
            was_there.then_some(()).ok_or_else(|| no_such("bookmark").into())
        })
        .await
    }

    pub(crate) async fn list_bookmarks(
        &self,
        call: ListBookmarks,
        context: Context,
    ) -> Refusable<Page<Bookmark>> {
        let Listener { account, access } = Listener::of(&context)?;
        let asked = Asked::new(LIST, vec![bookmarks_prefix(account)], false, &call.paging)?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let rows = read.open_table(BOOKMARKS)?;
            let bytes = |bookmark: &Bookmark| bookmark.comment.len();
            let page = asked.read_weighed(&read.open_table(BOOKMARK_ORDER)?, bytes, |key, ()| {
                let track = read_bookmark(key)?;
                if !projection.sees(ItemId::Track(track))? {
                    return Ok(None);
                }
                let row: Option<BookmarkRow> = record(&rows, &(account.0, track.0))?;
                Ok(row.map(|row| row.bookmark(track)))
            });
            page.map(Ok)
        })
        .await
    }
}
