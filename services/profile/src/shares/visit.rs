//! Shares as visitors find them: by a secret, without an account.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::{
    Context, Timestamp,
    authentication::Secret,
    ids::{ShareId, TrackId},
    item::ItemId,
    profile::{FindShared, FoundShared, OpenShare, OpenedShare, ProfileError},
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    errors::{Answer, Refusable, no_such},
    service::Profile,
    store::{
        ACCOUNTS, AccountRow, ENTRIES, PLAYLISTS, PlaylistRow, ShareRow, TRACKS, TrackRow, record,
        share_of, unpack,
    },
};

/// Visits within so short a time are one: whoever reloads a page does not keep the disk busy.
const ONE_VISIT: Duration = Duration::from_secs(1);

impl Profile {
    pub(crate) async fn open_share(
        &self,
        call: OpenShare,
        context: Context,
    ) -> Refusable<OpenedShare> {
        let (secret, now) = (read_secret(&call.secret)?, self.clock.now());
        let (row, opened) = self
            .read(move |read| {
                let (id, row) = match open(read, secret, now)? {
                    Ok(open) => open,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let owner: Option<AccountRow> = record(&read.open_table(ACCOUNTS)?, &row.owner.0)?;
                let owner_name = owner.map(|owner| owner.username).unwrap_or_default();
                let opened = opened(id, row.clone(), owner_name);
                Ok(Ok((row, opened)))
            })
            .await?;
        let id = opened.id;
        if call.visit && is_another_visit(&row, now) {
            let visit = self.change(&context, move |change| {
                // Removed meanwhile: then nobody was here.
                let Some(row) = change.share(id)? else { return Ok(()) };
                if !is_another_visit(&row, now) {
                    return Ok(());
                }
                let visits = row.visits.saturating_add(1);
                let row = ShareRow { visits, last_visited_at: Some(now), ..row };
                change.put_share(id, &row)?;
                Ok(())
            });
            // A full disk keeps nobody from listening.
            drop(visit.await);
        }
        Ok(opened)
    }

    pub(crate) async fn find_shared(
        &self,
        call: FindShared,
        _context: Context,
    ) -> Refusable<FoundShared> {
        let (secret, now) = (read_secret(&call.secret)?, self.clock.now());
        self.read(move |read| {
            let (share, row) = match open(read, secret, now)? {
                Ok(open) => open,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if !holds(read, &row, call.track)? {
                return Ok(Err(no_such("track")));
            }
            Ok(Ok(FoundShared { share, owner: row.owner }))
        })
        .await
    }
}

fn is_another_visit(row: &ShareRow, now: Timestamp) -> bool {
    row.last_visited_at.is_none_or(|last| now.since(last) >= ONE_VISIT || now < last)
}

fn read_secret(secret: &Secret) -> Refusable<u128> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(secret.reveal()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    bytes.map(u128::from_be_bytes).ok_or_else(|| no_such("share"))
}

/// The share with this secret, while it lasts.
fn open(read: &ReadTransaction, secret: u128, now: Timestamp) -> Answer<(ShareId, ShareRow)> {
    let Some((id, row)) = share_of(read, secret)? else { return Ok(Err(no_such("share"))) };
    if row.expires_at.is_some_and(|end| end <= now) {
        return Ok(Err(ProfileError::Expired));
    }
    Ok(Ok((id, row)))
}

/// Is the track of the share: itself, by its album or an artist, or in a playlist?
fn holds(read: &ReadTransaction, share: &ShareRow, track: TrackId) -> Result<bool, StoreError> {
    let row: Option<TrackRow> = record(&read.open_table(TRACKS)?, &track.0)?;
    let groups = row.map(|row| row.groups()).unwrap_or_default();
    let mut names = groups.into_iter().chain([ItemId::Track(track)]);
    if names.any(|name| share.items.contains(&name)) {
        return Ok(true);
    }
    let (playlists, entries) = (read.open_table(PLAYLISTS)?, read.open_table(ENTRIES)?);
    for playlist in &share.playlists {
        let row: Option<PlaylistRow> = record(&playlists, &playlist.0)?;
        // It may be private by now.
        if row.is_none_or(|row| !row.public && row.owner != share.owner) {
            continue;
        }
        let Some(packed) = entries.get(playlist.0)? else { continue };
        if unpack(packed.value())?.any(|entry| entry == track) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn opened(id: ShareId, row: ShareRow, owner_name: String) -> OpenedShare {
    let ShareRow { owner, items, playlists, description, expires_at, .. } = row;
    OpenedShare { id, owner, owner_name, items, playlists, description, expires_at }
}
