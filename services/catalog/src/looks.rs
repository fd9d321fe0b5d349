//! How pictures look: worked out in the background, and told with every cover in an answer.

mod looker;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hexachord_contracts::{
    catalog::{Album, AlbumDetail, Artist, ArtistDetail, Cover, Track},
    page::Page,
};
use hexachord_storage::StoreError;
use redb::ReadTransaction;

use crate::{
    artwork::Look,
    read::PictureId,
    store::{LOOKS, LookRow, record_at},
};
pub(crate) use looker::{Looker, LookerSetup, Wake};

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
        answer: &mut impl Covered,
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

/// What has covers.
pub(crate) trait Covered {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover));
}

impl Covered for Track {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }
}

impl Covered for Album {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }
}

impl Covered for Artist {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }
}

impl Covered for AlbumDetail {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.album.each_cover(cover);
        self.tracks.each_cover(cover);
    }
}

impl Covered for ArtistDetail {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.artist.each_cover(cover);
        for albums in [&mut self.albums, &mut self.appears_on, &mut self.contributed_to] {
            albums.each_cover(cover);
        }
    }
}

impl<T: Covered> Covered for Vec<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        for item in self {
            item.each_cover(cover);
        }
    }
}

impl<T: Covered> Covered for Option<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        if let Some(item) = self {
            item.each_cover(cover);
        }
    }
}

impl<T: Covered> Covered for Page<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.items.each_cover(cover);
    }
}
