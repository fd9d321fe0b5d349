//! Items by what an account, or everybody, has to do with them.

use std::cmp::Reverse;

use hexachord_contracts::{
    Context, Timestamp,
    item::{ItemId, ItemKind},
    page::Paging,
    profile::{AnnotatedBy, Annotation, CountPlays, ListAnnotated},
};
use hexachord_storage::Record;

use crate::{
    errors::Refusable,
    page::{at_most_a_page, limit_of},
    service::Profile,
    store::{ANNOTATIONS, AnnotationRow, LISTENERS, Projection, kind_number, record},
    viewer::Listener,
};

impl Profile {
    /// An account has to do with a few thousand items: they are sorted when they are asked for.
    pub(crate) async fn list_annotated(
        &self,
        call: ListAnnotated,
        context: Context,
    ) -> Refusable<Vec<Annotation>> {
        let Listener { account, access } = Listener::of(&context)?;
        let limit = limit_of(&Paging::first(call.limit))?;
        let ListAnnotated { kind, by, skip, .. } = call;
        self.read(move |read| {
            let of_kind =
                (account.0, kind_number(kind), u64::MIN)..=(account.0, kind_number(kind), u64::MAX);
            let mut listed = Vec::new();
            for entry in read.open_table(ANNOTATIONS)?.range(of_kind)? {
                let (key, row) = entry?;
                let row = AnnotationRow::from_bytes(row.value())?;
                let item = ItemId::new(kind, key.value().2);
                listed.extend(place(by, &row).map(|place| (Reverse(place), item, row)));
            }
            listed.sort_unstable_by_key(|(place, item, _)| (*place, *item));
            let projection = Projection::open(read, access)?;
            let mut rest = skip;
            let mut items = Vec::with_capacity(limit.min(listed.len()));
            for (_, item, row) in listed {
                if items.len() == limit {
                    break;
                }
                if !projection.sees(item)? {
                    continue;
                }
                if rest > 0 {
                    rest -= 1;
                } else {
                    items.push(row.annotation(item));
                }
            }
            Ok(Ok(items))
        })
        .await
    }

    pub(crate) async fn count_plays(
        &self,
        call: CountPlays,
        context: Context,
    ) -> Refusable<Vec<u32>> {
        let Listener { access, .. } = Listener::of(&context)?;
        at_most_a_page("tracks", call.tracks.len())?;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            let annotations = read.open_table(ANNOTATIONS)?;
            let listeners = read.open_table(LISTENERS)?;
            let kind = kind_number(ItemKind::Track);
            let plays = call.tracks.into_iter().map(|track| {
                let mut plays: u32 = 0;
                if projection.sees(ItemId::Track(track))? {
                    for entry in listeners.range((track.0, u64::MIN)..=(track.0, u64::MAX))? {
                        let account = entry?.0.value().1;
                        let row: Option<AnnotationRow> =
                            record(&annotations, &(account, kind, track.0))?;
                        plays = plays.saturating_add(row.map_or(0, |row| row.plays));
                    }
                }
                Ok(plays)
            });
            plays.collect::<Result<_, _>>().map(Ok)
        })
        .await
    }
}

/// Where an item stands, the greatest first; `None`: it is not listed.
fn place(by: AnnotatedBy, row: &AnnotationRow) -> Option<(i64, i64)> {
    let last_played = row.last_played_at.filter(|_| row.plays > 0).map(Timestamp::as_millis);
    Some(match by {
        AnnotatedBy::Plays => (row.plays.into(), last_played?),
        AnnotatedBy::LastPlayed => (last_played?, row.plays.into()),
        AnnotatedBy::Rating => (row.rating?.into(), row.plays.into()),
        AnnotatedBy::Favourite => (row.favourite_since?.as_millis(), row.plays.into()),
    })
}
