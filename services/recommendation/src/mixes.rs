//! Mixes of a day: each about an artist, a genre or a decade that the listener likes, drawn by how much.

mod themes;
mod today;

use std::{cmp::Reverse, collections::HashSet};

use hexachord_contracts::{
    Timestamp,
    catalog::ArtistRef,
    ids::{AccountId, MixId},
    recommendation::{GetMixes, Mix, MixTheme, Reason, Recommended},
};

pub(crate) use themes::Theme;
pub(crate) use today::Today;

use crate::{
    alike::{Alike, Likely, open},
    chance::{Chance, day},
    knowledge::{History, Memory},
    recommend::recommend,
    spread::{Candidate, MIXED, best_first, spread},
    viewer::Viewer,
};

/// A mix of fewer tracks is none.
const FEWEST: usize = 10;
/// So many recommendations are looked at for one mix.
const LOOKED_AT: usize = 4 * GetMixes::TRACKS;
/// How far chance moves a track, in standard deviations of how alike tracks are.
const BY_CHANCE: f32 = 1.0;
/// How far down a track goes that is in another mix of the day, and one that was just heard.
const IN_ANOTHER: f32 = 3.0;
const JUST_HEARD: f32 = 2.0;
/// Mixes of a day are numbered within this.
const A_DAY: u64 = 8;

fn mixes(memory: &Memory, viewer: &Viewer, account: AccountId, now: Timestamp) -> Vec<Mix> {
    let nobody = History::default();
    let history = memory.listeners.get(account).unwrap_or(&nobody);
    let chance = Chance::of(account, now);
    let open = open(memory, viewer, &memory.library.visible_to(viewer));
    let mut mixer = Mixer { memory, viewer, history, open, chance, now, used: HashSet::new() };
    let recommended = recommend(memory, viewer, account, LOOKED_AT, now);
    let mut made = Vec::with_capacity(GetMixes::MOST);
    mixer.add(&mut made, mixer.of_recommended(recommended));
    for theme in mixer.themes(!history.likes_something()) {
        if made.len() == GetMixes::MOST {
            break;
        }
        mixer.add(&mut made, mixer.about(theme));
    }
    made
}

struct Mixer<'m> {
    memory: &'m Memory,
    viewer: &'m Viewer,
    history: &'m History,
    /// By slot: it can be in a mix.
    open: Vec<bool>,
    chance: Chance,
    now: Timestamp,
    /// Slots in the mixes so far.
    used: HashSet<u32>,
}

/// A mix without its number.
struct Draft {
    theme: MixTheme,
    reason: Reason,
    slots: Vec<u32>,
}

impl Mixer<'_> {
    fn add(&mut self, mixes: &mut Vec<Mix>, draft: Option<Draft>) {
        let Some(Draft { theme, reason, slots }) = draft.filter(|one| one.slots.len() >= FEWEST)
        else {
            return;
        };
        let number = day(self.now).cast_unsigned() * A_DAY + mixes.len() as u64;
        let tracks = slots.iter().map(|slot| self.memory.library.id(*slot)).collect();
        let artists = self.artists(&slots);
        mixes.push(Mix { id: MixId(number), theme, artists, reason, tracks });
        self.used.extend(slots);
    }

    /// What was not played yet; where nothing speaks for any of it, what is new.
    fn of_recommended(&self, recommended: Vec<Recommended>) -> Option<Draft> {
        let is_new = |one: &Recommended| {
            self.history.tracks.get(&one.track).is_none_or(|row| row.plays == 0)
        };
        let mut chosen: Vec<Recommended> = recommended.into_iter().filter(is_new).collect();
        let speaks = |one: &Recommended| one.reason != Reason::NewInLibrary;
        if chosen.iter().any(speaks) {
            // Anywhere among those that are looked at, rather than always the same ones.
            let mut placed: Vec<(f32, Recommended)> = Vec::with_capacity(chosen.len());
            #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
            for (rank, one) in chosen.into_iter().enumerate() {
                let place = rank as f32 / LOOKED_AT as f32 + self.chance.share(one.track);
                placed.push((place, one));
            }
            placed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
            chosen = placed.into_iter().map(|(_, one)| one).collect();
        }
        chosen.truncate(GetMixes::TRACKS);
        let spoken_for = chosen.iter().find(|one| speaks(one));
        let theme = spoken_for.map_or(MixTheme::NewInLibrary, |_| MixTheme::Discoveries);
        let reason = spoken_for.or_else(|| chosen.first())?.reason.clone();
        let slots = chosen.iter().filter_map(|one| self.memory.library.slot(one.track)).collect();
        Some(Draft { theme, reason, slots })
    }

    fn about(&self, theme: Theme) -> Option<Draft> {
        let seeds = self.seeds(theme)?;
        let alike = Alike::of(&seeds, self.viewer, |slot| !self.is_about(theme, slot));
        let fits = |one: &Likely| one.is_alike || !matches!(theme, Theme::Artist(_));
        let candidate = |one: Likely| {
            let (id, slot) = (seeds.id(one.slot), one.slot);
            let mut score = one.score + BY_CHANCE * self.chance.share((theme, id));
            if self.used.contains(&slot) {
                score -= IN_ANOTHER;
            }
            if let Some(row) = self.history.tracks.get(&id) {
                score -= JUST_HEARD * row.heard(self.now);
            }
            Candidate { score, id, slot }
        };
        let candidates = alike.each().filter(fits).map(candidate).collect();
        let chosen = spread(best_first(candidates), &self.memory.library, MIXED, GetMixes::TRACKS);
        let slots: Vec<u32> = chosen.into_iter().map(|one| one.slot).collect();
        let (theme, reason) = self.named(theme, &slots)?;
        Some(Draft { theme, reason, slots })
    }

    /// Who has most of these tracks.
    fn artists(&self, slots: &[u32]) -> Vec<ArtistRef> {
        let mut counted: Vec<(ArtistRef, usize)> = Vec::new();
        for artist in slots.iter().filter_map(|slot| self.memory.library.artist(*slot)) {
            match counted.iter_mut().find(|(known, _)| known.id == artist.id) {
                Some((_, count)) => *count += 1,
                None => counted.push((artist, 1)),
            }
        }
        counted.sort_by_key(|(_, count)| Reverse(*count));
        counted.truncate(3);
        counted.into_iter().map(|(artist, _)| artist).collect()
    }
}
