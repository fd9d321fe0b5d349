//! How other services follow listeners: subjects of the outbox as they are now, and everything
//! there is in pages.

use std::{collections::HashSet, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::{
    Context, LibraryAccess,
    feed::{Changes, FeedCursor, Snapshot},
    ids::{AccountId, PlaylistId},
    item::ItemId,
    page::Paging,
    profile::{FollowProfile, ProfileChange, ProfileSnapshot},
};
use hexachord_storage::{Outbox, Record, StoreError};
use redb::ReadTransaction;
use serde::{Deserialize, Serialize};

use crate::{
    errors::{Answer, Refusable, invalid, refusal},
    playlists::Shown,
    service::Profile,
    store::{
        ANNOTATIONS, AnnotationRow, PLAYLISTS, PlaylistRow, Subject, item, kind_number, record,
    },
    viewer::services_only,
};

/// Left of a caller's deadline when a wait without news is answered.
const TO_ANSWER: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// Where a snapshot reads on: its head, and the first row that was not told.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place {
    head: FeedCursor,
    from: Row,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum Row {
    Playlist(u64),
    Annotation(u64, u8, u64),
}

impl Profile {
    pub(crate) async fn follow_profile(
        &self,
        call: FollowProfile,
        context: Context,
    ) -> Refusable<Changes<ProfileChange>> {
        services_only(&context)?;
        let wait = in_time(call.wait_ms, &context);
        let limit = call.limit.min(Paging::MOST);
        self.outbox.after(call.after, limit, wait, resolve).await.map_err(refusal)
    }

    pub(crate) async fn profile_snapshot(
        &self,
        call: ProfileSnapshot,
        context: Context,
    ) -> Refusable<Snapshot<ProfileChange>> {
        services_only(&context)?;
        let outbox = Outbox::new(self.store.clone());
        self.read(move |read| snapshot(read, &outbox, &call)).await
    }
}

/// So long may be waited for news.
pub(crate) fn in_time(wait_ms: u64, context: &Context) -> Duration {
    let in_time = context.remaining().saturating_sub(TO_ANSWER);
    Duration::from_millis(wait_ms).min(in_time).min(LONGEST_WAIT)
}

/// What the subjects of these entries are now. One that stands several times comes at its last
/// place: an account that is gone and came back is told in that order.
fn resolve(
    read: &ReadTransaction,
    entries: Vec<Vec<u8>>,
) -> Result<Vec<ProfileChange>, StoreError> {
    let now = Now::open(read)?;
    let mut told = HashSet::new();
    let mut changes = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().rev() {
        let subject = Subject::from_bytes(&entry)?;
        if told.insert(subject) {
            changes.push(now.of(subject)?);
        }
    }
    changes.reverse();
    Ok(changes)
}

/// The state as it is read.
struct Now {
    shown: Shown,
    playlists: redb::ReadOnlyTable<u64, &'static [u8]>,
    annotations: redb::ReadOnlyTable<(u64, u8, u64), &'static [u8]>,
}

impl Now {
    fn open(read: &ReadTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            shown: Shown::open(read, LibraryAccess::All)?,
            playlists: read.open_table(PLAYLISTS)?,
            annotations: read.open_table(ANNOTATIONS)?,
        })
    }

    fn of(&self, subject: Subject) -> Result<ProfileChange, StoreError> {
        match subject {
            Subject::Playlist(id) => match record(&self.playlists, &id.0)? {
                Some(row) => self.playlist(id, row),
                None => Ok(ProfileChange::PlaylistGone(id)),
            },
            Subject::Annotation(account, item) => {
                let key = (account.0, kind_number(item.kind()), item.number());
                let row: Option<AnnotationRow> = record(&self.annotations, &key)?;
                Ok(annotation(account, item, row.unwrap_or_default()))
            }
            Subject::AccountGone(account) => Ok(ProfileChange::AccountGone(account)),
        }
    }

    fn playlist(&self, id: PlaylistId, row: PlaylistRow) -> Result<ProfileChange, StoreError> {
        Ok(ProfileChange::Playlist(Box::new(self.shown.playlist(id, row)?)))
    }
}

fn annotation(account: AccountId, item: ItemId, row: AnnotationRow) -> ProfileChange {
    ProfileChange::Annotation { account, annotation: row.annotation(item) }
}

/// One page of everything: playlists, then annotations.
fn snapshot(
    read: &ReadTransaction,
    outbox: &Outbox,
    call: &ProfileSnapshot,
) -> Answer<Snapshot<ProfileChange>> {
    let place = match call.after.as_deref() {
        None => Place { head: outbox.head(read)?, from: Row::Playlist(0) },
        Some(text) => match read_place(text) {
            Some(place) if outbox.has(read, place.head)? => place,
            _ => {
                let reason = "use `next` of the page before, or start without it";
                return Ok(Err(invalid("after", reason)));
            }
        },
    };
    let limit = call.limit.clamp(1, Paging::MOST) as usize;
    let state = Now::open(read)?;
    let mut items = Vec::new();
    let next = fill(&state, place.from, limit, &mut items)?;
    let next = next.map(|from| write_place(Place { from, ..place })).transpose()?;
    Ok(Ok(Snapshot { items, next, head: place.head }))
}

/// Adds rows until there are `limit`; where to go on.
fn fill(
    state: &Now,
    from: Row,
    limit: usize,
    items: &mut Vec<ProfileChange>,
) -> Result<Option<Row>, StoreError> {
    let mut first = (u64::MIN, u8::MIN, u64::MIN);
    match from {
        Row::Playlist(first) => {
            for entry in state.playlists.range(first..)? {
                let (id, row) = entry?;
                if items.len() == limit {
                    return Ok(Some(Row::Playlist(id.value())));
                }
                let row = PlaylistRow::from_bytes(row.value())?;
                items.push(state.playlist(PlaylistId(id.value()), row)?);
            }
        }
        Row::Annotation(account, kind, id) => first = (account, kind, id),
    }
    for entry in state.annotations.range(first..)? {
        let (key, row) = entry?;
        let (account, kind, id) = key.value();
        if items.len() == limit {
            return Ok(Some(Row::Annotation(account, kind, id)));
        }
        let row = AnnotationRow::from_bytes(row.value())?;
        items.push(annotation(AccountId(account), item(kind, id)?, row));
    }
    Ok(None)
}

fn write_place(place: Place) -> Result<String, StoreError> {
    let bytes = postcard::to_allocvec(&place);
    let bytes = bytes.map_err(|error| StoreError::Failed(format!("a place: {error}")))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

fn read_place(text: &str) -> Option<Place> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    postcard::from_bytes(&bytes).ok()
}
