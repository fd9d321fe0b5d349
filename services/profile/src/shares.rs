//! Shares: made, listed, changed and removed by their owners, and looked at by whoever has the address.

mod visit;

use std::{collections::HashSet, hash::Hash, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hexachord_contracts::{
    Context, Timestamp,
    authentication::Secret,
    ids::{AccountId, PlaylistId, ShareId},
    page::Page,
    profile::{
        CreateShare, Expiry, ListShares, MOST_SHARED, MOST_SHARED_PLAYLISTS, RemoveShare, Share,
        UpdateShare,
    },
};

use crate::{
    errors::{Refusable, Stop, invalid, no_such, no_such_playlist},
    page::Asked,
    service::Profile,
    store::{Change, SHARE_ORDER, SHARES, ShareRow, read_share, record, shares_prefix},
    texts,
    viewer::Listener,
};

/// Of the cursors.
const LIST: u8 = 41;
/// In a message, with quotes and comma.
const BYTES_OF_AN_ID: usize = 20;

impl Profile {
    pub(crate) async fn create_share(
        &self,
        call: CreateShare,
        context: Context,
    ) -> Refusable<Share> {
        let listener = Listener::of(&context)?;
        let CreateShare { items, playlists, description, expires_at } = call;
        let now = self.clock.now();
        if !(1..=MOST_SHARED).contains(&(items.len() + playlists.len())) {
            return Err(invalid("items", format!("with the playlists must be 1 to {MOST_SHARED}")));
        }
        let (items, playlists) = (each_once(items), each_once(playlists));
        if playlists.len() > MOST_SHARED_PLAYLISTS {
            return Err(invalid("playlists", format!("must be at most {MOST_SHARED_PLAYLISTS}")));
        }
        let row = ShareRow {
            owner: listener.account,
            secret: self.resources.random_secret(),
            items,
            playlists,
            description: texts::description(description)?,
            created_at: now,
            changed_at: now,
            expires_at: expires_at.map(|at| in_future(at, now)).transpose()?,
            visits: 0,
            last_visited_at: None,
        };
        let (id, row) = (ShareId(self.resources.random_number()), Arc::new(row));
        self.change(&context, move |change| create(change, &listener, id, &row)).await
    }

    pub(crate) async fn list_shares(
        &self,
        call: ListShares,
        context: Context,
    ) -> Refusable<Page<Share>> {
        let Listener { account, .. } = Listener::of(&context)?;
        let asked = Asked::new(LIST, vec![shares_prefix(account)], false, &call.paging)?;
        self.read(move |read| {
            let rows = read.open_table(SHARES)?;
            let page = asked.read_weighed(&read.open_table(SHARE_ORDER)?, bytes, |key, ()| {
                let id = read_share(key)?;
                let row: Option<ShareRow> = record(&rows, &id.0)?;
                Ok(row.map(|row| share(id, row)))
            });
            page.map(Ok)
        })
        .await
    }

    pub(crate) async fn update_share(
        &self,
        call: UpdateShare,
        context: Context,
    ) -> Refusable<Share> {
        let Listener { account, .. } = Listener::of(&context)?;
        let UpdateShare { share: id, description, expires } = call;
        let now = self.clock.now();
        let description = Arc::new(description.map(texts::description).transpose()?);
        let expires_at = match expires {
            None => None,
            Some(Expiry::Never) => Some(None),
            Some(Expiry::At(at)) => Some(Some(in_future(at, now)?)),
        };
        self.change(&context, move |change| {
            let old = own(change, account, id)?;
            let row = ShareRow {
                description: description.as_ref().as_ref().unwrap_or(&old.description).clone(),
                expires_at: expires_at.unwrap_or(old.expires_at),
                ..old.clone()
            };
            let row = if row == old { row } else { ShareRow { changed_at: now, ..row } };
            change.put_share(id, &row)?;
            Ok(share(id, row))
        })
        .await
    }

    pub(crate) async fn remove_share(&self, call: RemoveShare, context: Context) -> Refusable<()> {
        let Listener { account, .. } = Listener::of(&context)?;
        self.change(&context, move |change| {
            let row = own(change, account, call.share)?;
            change.remove_share(call.share, &row).map_err(Stop::from)
        })
        .await
    }
}

/// In their order, the first of each.
fn each_once<T: Copy + Eq + Hash>(mut all: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(*one));
    all
}

fn create(
    change: &mut Change<'_>,
    listener: &Listener,
    mut id: ShareId,
    row: &ShareRow,
) -> Result<Share, Stop> {
    change.require_account(listener.account)?;
    change.require_all_seen(&listener.access, &row.items)?;
    for playlist in &row.playlists {
        is_open_to(change, listener.account, *playlist)?;
    }
    while change.share(id)?.is_some() {
        id = ShareId(id.0.wrapping_add(1));
    }
    change.put_share(id, row)?;
    Ok(share(id, row.clone()))
}

fn is_open_to(change: &Change<'_>, account: AccountId, playlist: PlaylistId) -> Result<(), Stop> {
    let row = change.playlist(playlist)?.filter(|row| row.public || row.owner == account);
    row.map(drop).ok_or_else(|| no_such_playlist().into())
}

/// About as many as a share has in a message.
fn bytes(share: &Share) -> usize {
    let ids = share.items.len() + share.playlists.len();
    share.description.len() + ids * BYTES_OF_AN_ID
}

/// A share of the account; that of somebody else is none.
fn own(change: &Change<'_>, account: AccountId, id: ShareId) -> Result<ShareRow, Stop> {
    let row = change.share(id)?.filter(|row| row.owner == account);
    row.ok_or_else(|| no_such("share").into())
}

fn in_future(at: Timestamp, now: Timestamp) -> Refusable<Timestamp> {
    if at > now { Ok(at) } else { Err(invalid("expires_at", "lies in the past")) }
}

fn share(id: ShareId, row: ShareRow) -> Share {
    let ShareRow { secret, items, playlists, description, created_at, changed_at, .. } = row;
    let ShareRow { expires_at, visits, last_visited_at, .. } = row;
    Share {
        id,
        secret: Secret::new(BASE64_URL_SAFE_NO_PAD.encode(secret.to_be_bytes())),
        items,
        playlists,
        description,
        created_at,
        changed_at,
        expires_at,
        visits,
        last_visited_at,
    }
}
