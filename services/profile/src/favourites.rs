//! Favourites and ratings.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    item::ItemId,
    page::Page,
    profile::{Annotation, Favourite, ListFavourites, SetFavourite, SetFavourites, SetRating},
};

use crate::{
    errors::{Refusable, Stop, invalid},
    page::{Asked, at_most_a_page},
    service::Profile,
    store::{
        AnnotationRow, Change, FAVOURITES, Projection, favourites_prefix, kind_number,
        read_favourite,
    },
    viewer::Listener,
};

/// Of the cursors of all favourites; those of each kind follow.
const ALL_LIST: u8 = 8;

impl Profile {
    pub(crate) async fn set_favourite(
        &self,
        call: SetFavourite,
        context: Context,
    ) -> Refusable<Annotation> {
        let listener = Listener::of(&context)?;
        let now = self.clock.now();
        self.change(&context, move |change| {
            annotate(change, &listener, call.item, |row| {
                let since = row.favourite_since.unwrap_or(now);
                row.favourite_since = call.favourite.then_some(since);
            })
        })
        .await
    }

    pub(crate) async fn set_favourites(
        &self,
        call: SetFavourites,
        context: Context,
    ) -> Refusable<Vec<Annotation>> {
        let listener = Listener::of(&context)?;
        at_most_a_page("items", call.items.len())?;
        let (call, now) = (Arc::new(call), self.clock.now());
        self.change(&context, move |change| {
            change.require_account(listener.account)?;
            change.require_all_seen(&listener.access, &call.items)?;
            let favourite = |row: &mut AnnotationRow| {
                let since = row.favourite_since.unwrap_or(now);
                row.favourite_since = call.favourite.then_some(since);
            };
            let items = call.items.iter();
            items.map(|item| annotate(change, &listener, *item, favourite)).collect()
        })
        .await
    }

    pub(crate) async fn set_rating(
        &self,
        call: SetRating,
        context: Context,
    ) -> Refusable<Annotation> {
        let listener = Listener::of(&context)?;
        if call.rating > 5 {
            return Err(invalid("rating", "must be 1 to 5, or 0 for none"));
        }
        self.change(&context, move |change| {
            annotate(change, &listener, call.item, |row| {
                row.rating = Some(call.rating).filter(|rating| *rating > 0);
            })
        })
        .await
    }

    pub(crate) async fn list_favourites(
        &self,
        call: ListFavourites,
        context: Context,
    ) -> Refusable<Page<Favourite>> {
        let Listener { account, access } = Listener::of(&context)?;
        let list = call.kind.map_or(ALL_LIST, |kind| ALL_LIST + 1 + kind_number(kind));
        let prefix = favourites_prefix(account, call.kind);
        let asked = Asked::new(list, vec![prefix], false, &call.paging)?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let page = asked.read(&read.open_table(FAVOURITES)?, |key, ()| {
                let (item, since) = read_favourite(key)?;
                Ok(projection.sees(item)?.then_some(Favourite { item, since }))
            });
            page.map(Ok)
        })
        .await
    }
}

/// Changes what the listener thinks of an item that it sees.
fn annotate(
    change: &mut Change<'_>,
    listener: &Listener,
    item: ItemId,
    edit: impl FnOnce(&mut AnnotationRow),
) -> Result<Annotation, Stop> {
    change.require_account(listener.account)?;
    change.require_seen(&listener.access, item)?;
    let mut row = change.annotation(listener.account, item)?;
    edit(&mut row);
    change.put_annotation(listener.account, item, row)?;
    Ok(row.annotation(item))
}
