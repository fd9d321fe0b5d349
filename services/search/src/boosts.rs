//! How much further forward each document stands, by caller: made when it is first asked for.

use std::sync::{Arc, Mutex, PoisonError};

use hexachord_contracts::{ids::AccountId, item::ItemKind};

use crate::{
    schema::Kind,
    segment::Segment,
    taste::{Liking, Taste},
    view::View,
};

/// Callers whose boosts are kept: each costs a byte a document.
const MOST: usize = 8;

/// Belongs to one state of the index.
#[derive(Default)]
pub(crate) struct Boosts {
    known: Mutex<Vec<Known>>,
}

struct Known {
    account: Option<AccountId>,
    generation: (u64, u64),
    boosts: Arc<[u8]>,
}

impl View {
    /// By document, of all segments one after the other; empty when nothing stands anywhere else.
    pub(crate) fn boosts(
        &self,
        account: Option<AccountId>,
        liking: &Liking,
        taste: &Taste,
    ) -> Arc<[u8]> {
        let mut known = self.boosts.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = known.iter().position(|known| known.account == account) {
            // The last one is the one that was asked for last.
            let found = known.remove(place);
            if found.generation == liking.generation {
                let boosts = Arc::clone(&found.boosts);
                known.push(found);
                return boosts;
            }
        }
        drop(known);
        let items = self.segments.iter().flat_map(|segment| items(segment));
        let boosts: Arc<[u8]> = taste.boosts(&liking.own, items).into();
        let found = Known { account, generation: liking.generation, boosts: Arc::clone(&boosts) };
        let mut known = self.boosts.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.remove(0);
        }
        known.push(found);
        boosts
    }
}

fn items(segment: &Segment) -> impl Iterator<Item = Option<(ItemKind, u64)>> {
    let documents = 0..u32::try_from(segment.length()).unwrap_or(u32::MAX);
    documents.map(|document| {
        let kind = item_kind(segment.kind(document).kind)?;
        Some((kind, segment.id.get_val(document)))
    })
}

/// Nobody loves or plays a playlist.
pub(crate) fn item_kind(kind: u8) -> Option<ItemKind> {
    match Kind::ALL.get(usize::from(kind))? {
        Kind::Artist => Some(ItemKind::Artist),
        Kind::Album => Some(ItemKind::Album),
        Kind::Track => Some(ItemKind::Track),
        Kind::Playlist => None,
    }
}
