//! Gathers what the tags of a file say, whatever their format.

use super::cue;
use super::field::{FIELDS, Field};
use super::lyrics::Versions;
use super::picture::Found;
use super::text;
use super::window::MOST_BYTES;

/// Texts kept of one field.
pub(super) const MOST_TEXTS: usize = 100;

/// Bytes kept of all texts together.
const MOST_TEXT: usize = 256 * 1024;

/// Everything that was found so far.
pub(super) struct Collector {
    texts: [Vec<String>; FIELDS],
    /// Fields that a better tag has filled.
    settled: [bool; FIELDS],
    /// How much of [`MOST_TEXT`] is left.
    room: usize,
    lyrics: Versions,
    cue_sheet: Option<String>,
    picture: Option<Found>,
    keep_picture: bool,
}

impl Collector {
    /// With `keep_picture` the bytes of the picture are kept, else only its id.
    pub(super) fn new(keep_picture: bool) -> Self {
        Self {
            texts: [const { Vec::new() }; FIELDS],
            settled: [false; FIELDS],
            room: MOST_TEXT,
            lyrics: Versions::default(),
            cue_sheet: None,
            picture: None,
            keep_picture,
        }
    }

    /// What is added from now on fills only fields that are empty.
    pub(super) fn begin_lesser_tag(&mut self) {
        for (settled, texts) in self.settled.iter_mut().zip(&self.texts) {
            *settled = !texts.is_empty();
        }
    }

    /// Adds what a tag says; NUL separates several texts.
    pub(super) fn add(&mut self, field: Field, value: &str) {
        let index = field as usize;
        if self.settled[index] {
            return;
        }
        for part in text::readable(value).split('\0') {
            if self.texts[index].len() >= MOST_TEXTS {
                return;
            }
            let Some(text) = text::clean(part) else { continue };
            let Some(room) = self.room.checked_sub(text.len()) else { return };
            self.room = room;
            self.texts[index].push(text);
        }
    }

    /// Lyrics that the tags hold.
    pub(super) fn lyrics(&mut self) -> &mut Versions {
        &mut self.lyrics
    }

    /// Keeps the first one that a tag holds.
    pub(super) fn add_cue_sheet(&mut self, sheet: &str) {
        let is_bounded = sheet.len() as u64 <= cue::MOST_BYTES;
        if self.cue_sheet.is_none() && is_bounded {
            self.cue_sheet = Some(sheet.to_owned());
        }
    }

    pub(super) fn take_cue_sheet(&mut self) -> Option<String> {
        self.cue_sheet.take()
    }

    /// Offers a picture; `kind` is that of `ID3v2`'s `APIC`.
    pub(super) fn offer_picture(&mut self, kind: u8, bytes: &[u8]) {
        if bytes.len() > MOST_BYTES {
            return;
        }
        let better = self.picture.as_ref().is_none_or(|best| best.is_worse_than(kind));
        if better && let Some(found) = Found::new(kind, bytes, self.keep_picture) {
            self.picture = Some(found);
        }
    }

    pub(super) fn picture(&mut self) -> Option<Found> {
        self.picture.take()
    }

    pub(super) fn take_lyrics(&mut self) -> Versions {
        std::mem::take(&mut self.lyrics)
    }

    pub(super) fn first(&mut self, field: Field) -> Option<String> {
        self.take(field).into_iter().next()
    }

    pub(super) fn take(&mut self, field: Field) -> Vec<String> {
        std::mem::take(&mut self.texts[field as usize])
    }
}
