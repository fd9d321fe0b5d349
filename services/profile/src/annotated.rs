//! Items by what an account, or everybody, has to do with them.

use std::cmp::Reverse;

use hexachord_contracts::{
    Context, Timestamp,
    ids::TrackId,
    item::{ItemId, ItemKind},
    page::Paging,
    profile::{AnnotatedBy, Annotation, ListAnnotated, ListTopOfArtist, TrackPlays},
};
use hexachord_storage::{Record, StoreError};
use redb::ReadableTable;

use crate::{
    errors::{Refusable, no_such_item},
    page::limit_of,
    service::Profile,
    store::{
        ANNOTATIONS, ARTIST_TRACKS, AnnotationRow, LISTENERS, Projection, kind_number, record,
    },
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

    pub(crate) async fn list_top_of_artist(
        &self,
        call: ListTopOfArtist,
        context: Context,
    ) -> Refusable<Vec<TrackPlays>> {
        let Listener { access, .. } = Listener::of(&context)?;
        let limit = limit_of(&Paging::first(call.limit))?;
        let artist = call.artist;
        self.read(move |read| {
            let projection = Projection::open(read, access)?;
            if !projection.sees(ItemId::Artist(artist))? {
                return Ok(Err(no_such_item(ItemKind::Artist)));
            }
            let annotations = read.open_table(ANNOTATIONS)?;
            let listeners = read.open_table(LISTENERS)?;
            let mut listed = Vec::new();
            let of_artist = (artist.0, u64::MIN)..=(artist.0, u64::MAX);
            for entry in read.open_table(ARTIST_TRACKS)?.range(of_artist)? {
                let track = TrackId(entry?.0.value().1);
                if projection.plays(track)? {
                    let plays = plays_of_all(&listeners, &annotations, track)?;
                    listed.push(TrackPlays { track, plays });
                }
            }
            listed.sort_unstable_by_key(|one| (Reverse(one.plays), one.track));
            listed.truncate(limit);
            Ok(Ok(listed))
        })
        .await
    }
}

/// How often everybody together has played a track.
fn plays_of_all(
    listeners: &impl ReadableTable<(u64, u64), ()>,
    annotations: &impl ReadableTable<(u64, u8, u64), &'static [u8]>,
    track: TrackId,
) -> Result<u32, StoreError> {
    let mut plays: u32 = 0;
    for entry in listeners.range((track.0, u64::MIN)..=(track.0, u64::MAX))? {
        let account = entry?.0.value().1;
        let key = (account, kind_number(ItemKind::Track), track.0);
        let row: Option<AnnotationRow> = record(annotations, &key)?;
        plays = plays.saturating_add(row.map_or(0, |row| row.plays));
    }
    Ok(plays)
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
