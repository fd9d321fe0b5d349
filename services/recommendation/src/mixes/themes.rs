//! What mixes can be about.

use std::collections::BTreeMap;

use hexachord_contracts::{
    ids::ArtistId,
    item::ItemId,
    recommendation::{MixTheme, Reason},
};

use super::Mixer;
use crate::{knowledge::Tag, seeds::Seeds};

/// Among so many of each kind it is drawn.
const DRAWN_AMONG: usize = 12;

/// Genres by their tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Theme {
    Artist(ArtistId),
    Genre(usize),
    /// As `1990`.
    Decade(i32),
}

impl<'m> Mixer<'m> {
    /// In the order in which they are tried: by turns of each kind, what the listener likes most first as
    /// far as chance allows; for somebody of whom nothing is known, what there is most of.
    pub(super) fn themes(&self, is_cold: bool) -> Vec<Theme> {
        let mut weights: BTreeMap<Theme, f32> = BTreeMap::new();
        let library = &self.memory.library;
        if is_cold {
            for slot in self.open_slots() {
                self.weigh(&mut weights, slot, 1.0);
            }
            weights.retain(|theme, _| !matches!(theme, Theme::Artist(_)));
        } else {
            for (track, says) in self.history.heard() {
                let slot = library.slot(track).filter(|slot| self.open[*slot as usize]);
                if let Some(slot) = slot {
                    self.weigh(&mut weights, slot, says);
                }
            }
        }
        let kinds: [fn(&Theme) -> bool; 3] = [
            |theme| matches!(theme, Theme::Artist(_)),
            |theme| matches!(theme, Theme::Genre(_)),
            |theme| matches!(theme, Theme::Decade(_)),
        ];
        let drawn = kinds.map(|is_of_kind| {
            let of_kind = weights.iter().filter(|(theme, _)| is_of_kind(theme));
            self.drawn(of_kind.map(|(theme, weight)| (*theme, *weight)).collect())
        });
        let turns = drawn.iter().map(Vec::len).max().unwrap_or(0);
        let turn = |turn: usize| drawn.iter().filter_map(move |kind| kind.get(turn).copied());
        (0..turns).flat_map(turn).collect()
    }

    fn weigh(&self, weights: &mut BTreeMap<Theme, f32>, slot: u32, says: f32) {
        let library = &self.memory.library;
        for tag in library.tags_of(slot).iter().filter(|tag| !tag.is_of_album()) {
            let theme = match library.tags.get(tag.tag()) {
                Tag::Artist(artist) => Theme::Artist(artist),
                Tag::Genre => Theme::Genre(tag.tag()),
            };
            *weights.entry(theme).or_default() += says;
        }
        if let Some(decade) = library.decade(slot) {
            *weights.entry(Theme::Decade(decade)).or_default() += says;
        }
    }

    fn drawn(&self, mut themes: Vec<(Theme, f32)>) -> Vec<Theme> {
        themes.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        themes.truncate(DRAWN_AMONG);
        let placed = themes
            .into_iter()
            .map(|(theme, weight)| (self.chance.place(self.lasting(theme), weight), theme));
        let mut placed: Vec<(f32, Theme)> = placed.collect();
        placed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        placed.into_iter().map(|(_, theme)| theme).collect()
    }

    /// A theme in words that are the same in the next run of the program: numbers of tags are not.
    fn lasting(&self, theme: Theme) -> (u64, &str) {
        match theme {
            Theme::Artist(artist) => (artist.0, "artist"),
            Theme::Genre(tag) => (0, self.memory.library.tags.first_name(tag)),
            Theme::Decade(decade) => (u64::from(decade.unsigned_abs()), "decade"),
        }
    }

    pub(super) fn is_about(&self, theme: Theme, slot: u32) -> bool {
        let library = &self.memory.library;
        match theme {
            // Others may be like it.
            Theme::Artist(_) => true,
            Theme::Genre(tag) => library.tags_of(slot).iter().any(|other| other.tag() == tag),
            Theme::Decade(decade) => library.decade(slot) == Some(decade),
        }
    }

    /// The artist's tracks; of a genre or a decade what the listener has heard, or else all of it.
    pub(super) fn seeds(&self, theme: Theme) -> Option<Seeds<'m>> {
        if let Theme::Artist(artist) = theme {
            return Seeds::of(self.memory, self.viewer, &[ItemId::Artist(artist)]);
        }
        let library = &self.memory.library;
        let heard = self.history.heard().filter_map(|(track, says)| {
            Some((library.slot(track).filter(|slot| self.open[*slot as usize])?, says))
        });
        let mut tracks: Vec<(u32, f32)> =
            heard.filter(|(slot, _)| self.is_about(theme, *slot)).collect();
        if tracks.is_empty() {
            let all = self.open_slots().filter(|slot| self.is_about(theme, *slot));
            tracks = all.map(|slot| (slot, 1.0)).collect();
        }
        Seeds::weighted(self.memory, self.viewer, tracks)
    }

    /// The theme and the reason of these tracks, as it is written on them.
    pub(super) fn named(&self, theme: Theme, slots: &[u32]) -> Option<(MixTheme, Reason)> {
        let library = &self.memory.library;
        let mut tags = slots.iter().flat_map(|slot| library.tags_of(*slot));
        Some(match theme {
            Theme::Artist(artist) => {
                let tag = tags.find(|tag| library.tags.get(tag.tag()) == Tag::Artist(artist))?;
                let name = library.tags.name(*tag).to_owned();
                (MixTheme::Artist { artist, name: name.clone() }, Reason::Artist { artist, name })
            }
            Theme::Genre(genre) => {
                let tag = tags.find(|tag| tag.tag() == genre)?;
                let genre = library.tags.name(*tag).to_owned();
                (MixTheme::Genre { genre: genre.clone() }, Reason::Genre { genre })
            }
            Theme::Decade(decade) => (MixTheme::Decade { decade }, Reason::Decade { decade }),
        })
    }

    fn open_slots(&self) -> impl Iterator<Item = u32> + '_ {
        self.memory.library.slots().filter(|slot| self.open[*slot as usize])
    }
}
