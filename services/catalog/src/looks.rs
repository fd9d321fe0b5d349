//! How pictures look: worked out in the background, and told with every cover in an answer.

mod looker;
mod shown;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    artwork::Look,
    read::PictureId,
    store::{LOOKS, LookRow, record_at},
};
pub(crate) use looker::{LookerSetup, start as start_looker};
pub(crate) use shown::Shown;

/// Looks that are remembered: a picture never changes how it looks. Some 200 bytes each.
const KEPT: usize = 16_384;

/// Looks that were asked for lately; shared by all incarnations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looks(Arc<Mutex<HashMap<PictureId, Told>>>);

/// A look in the words of an answer.
#[derive(Debug, Clone)]
struct Told {
    colour: Arc<str>,
    thumbhash: Arc<str>,
}

impl Looks {
    /// Tells of each cover how it looks, as far as that is known.
    pub(crate) fn tell(
        &self,
        read: &ReadTransaction,
        answer: &mut impl Shown,
    ) -> Result<(), StoreError> {
        let mut covers = Vec::new();
        answer.each_cover(&mut |cover| covers.push(cover));
        covers.retain(|cover| cover.hash.is_some());
        if covers.is_empty() {
            return Ok(());
        }
        let looks = read.open_table(LOOKS)?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for cover in covers {
            let picture = cover.hash.as_deref().and_then(PictureId::from_text);
            let Some(picture) = picture else { continue };
            let told = if let Some(told) = known.get(&picture) {
                told.clone()
            } else {
                let row: Option<LookRow> = record_at(&looks, &picture.0)?;
                let Some(LookRow::Seen(look)) = row else { continue };
                if known.len() >= KEPT {
                    known.clear();
                }
                known.entry(picture).or_insert_with(|| Told::of(&look)).clone()
            };
            cover.colour = Some(told.colour.to_string());
            cover.thumbhash = Some(told.thumbhash.to_string());
        }
        Ok(())
    }
}

impl Told {
    fn of(look: &Look) -> Self {
        let [red, green, blue] = look.colour;
        Self {
            colour: format!("#{red:02x}{green:02x}{blue:02x}").into(),
            thumbhash: BASE64_STANDARD.encode(&look.thumbhash).into(),
        }
    }
}
