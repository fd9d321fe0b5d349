//! What an account thinks of items that a page shows, and where it goes on in them.

use hexachord_contracts::{
    Context,
    ids::AccountId,
    item::ItemId,
    profile::{Annotation, BookmarkAt, GetAnnotations, GetMarks, Marks},
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    errors::Refusable,
    page::at_most_a_page,
    service::Profile,
    store::{ANNOTATIONS, AnnotationRow, BOOKMARKS, BookmarkRow, Projection, kind_number, record},
    viewer::Listener,
};

impl Profile {
    pub(crate) async fn get_annotations(
        &self,
        call: GetAnnotations,
        context: Context,
    ) -> Refusable<Vec<Annotation>> {
        let Listener { account, access } = Listener::of(&context)?;
        at_most_a_page("items", call.items.len())?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            annotations(read, &projection, account, &call.items).map(Ok)
        })
        .await
    }

    pub(crate) async fn get_marks(&self, call: GetMarks, context: Context) -> Refusable<Marks> {
        let Listener { account, access } = Listener::of(&context)?;
        at_most_a_page("items", call.items.len())?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let annotations = annotations(read, &projection, account, &call.items)?;
            let bookmarks = bookmarks(read, &projection, account, &call.items)?;
            Ok(Ok(Marks { annotations, bookmarks }))
        })
        .await
    }
}

fn annotations(
    read: &ReadTransaction,
    projection: &Projection,
    account: AccountId,
    items: &[ItemId],
) -> Result<Vec<Annotation>, StoreError> {
    let annotations = read.open_table(ANNOTATIONS)?;
    let of_items = items.iter().map(|item| {
        let key = (account.0, kind_number(item.kind()), item.number());
        let row: Option<AnnotationRow> = record(&annotations, &key)?;
        let Some(row) = row else { return Ok(Annotation::none(*item)) };
        let seen = projection.sees(*item)?;
        Ok(if seen { row.annotation(*item) } else { Annotation::none(*item) })
    });
    of_items.collect()
}

fn bookmarks(
    read: &ReadTransaction,
    projection: &Projection,
    account: AccountId,
    items: &[ItemId],
) -> Result<Vec<BookmarkAt>, StoreError> {
    let bookmarks = read.open_table(BOOKMARKS)?;
    let mut found = Vec::new();
    let of_account = (account.0, u64::MIN)..=(account.0, u64::MAX);
    if bookmarks.range(of_account)?.next().is_none() {
        return Ok(found);
    }
    for item in items {
        let ItemId::Track(track) = *item else { continue };
        let row: Option<BookmarkRow> = record(&bookmarks, &(account.0, track.0))?;
        if let Some(BookmarkRow { position_ms, .. }) = row
            && projection.sees(*item)?
        {
            found.push(BookmarkAt { track, position_ms });
        }
    }
    Ok(found)
}
