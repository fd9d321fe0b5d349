//! What is like a track.

use hexachord_contracts::{
    ids::TrackId,
    recommendation::{Reason, Recommended},
};

use crate::{
    als::dot,
    content::Taste,
    evidence::trust_track,
    knowledge::{Memory, Visible},
    moments::{Moments, Standard},
    spread::{ALIKE, Candidate, best_first, spread},
    viewer::Viewer,
};

/// Of the album that the track is from; there are others to hear.
const MOST_OF_ITS_ALBUM: usize = 3;
/// Vectors of tracks with fewer listeners say nothing of who else might like them.
const FEWEST_LISTENERS: u32 = 2;

/// Tracks like `track`, most alike first; `None` when the viewer does not see it.
pub(crate) fn similar(
    memory: &Memory,
    viewer: &Viewer,
    track: TrackId,
    limit: usize,
) -> Option<Vec<Recommended>> {
    let visible = memory.library.visible_to(viewer);
    let slot = memory.library.slot(track).filter(|slot| visible.sees(*slot))?;
    let seed = Seed { memory, visible, slot, track };
    Some(seed.alike(viewer, limit))
}

/// By slot: what may be offered to the viewer. What they rated low is not.
pub(crate) fn open(memory: &Memory, viewer: &Viewer, visible: &Visible<'_>) -> Vec<bool> {
    let library = &memory.library;
    let mut open: Vec<bool> = library.slots().map(|slot| visible.plays(slot)).collect();
    let history = viewer.account.and_then(|account| memory.listeners.get(account));
    let rated = history.into_iter().flat_map(|history| &history.tracks);
    let disliked = rated.filter(|(_, row)| row.is_disliked());
    for slot in disliked.filter_map(|(id, _)| library.slot(*id)) {
        open[slot as usize] = false;
    }
    open
}

struct Seed<'m> {
    memory: &'m Memory,
    visible: Visible<'m>,
    slot: u32,
    track: TrackId,
}

/// How alike a track is, by content and by who hears it.
#[derive(Clone, Copy)]
struct Likeness {
    slot: u32,
    written: f32,
    /// `None`: too few hear one of them.
    together: Option<f32>,
}

impl Seed<'_> {
    fn alike(&self, viewer: &Viewer, limit: usize) -> Vec<Recommended> {
        let taste = Taste::of_track(self.memory, self.slot);
        let trust = self.trust();
        let mut all = self.likenesses(viewer, taste.as_ref(), trust > 0.0);
        let written = standard(all.iter().map(|one| one.written));
        let together = standard(all.iter().filter_map(|one| one.together));
        let shares = |one: Likeness| {
            let by_content = (1.0 - trust) * written.of(one.written);
            let by_company = one.together.map_or(0.0, |cosine| trust * together.of(cosine));
            (by_content, by_company)
        };
        all.retain(|one| one.written > 0.0 || one.together.is_some_and(|cosine| cosine > 0.0));
        let candidate = |one: &Likeness| {
            let (by_content, by_company) = shares(*one);
            let id = self.memory.library.id(one.slot);
            Candidate { score: by_content + by_company, id, slot: one.slot }
        };
        let candidates = self.without_too_many_of_its_album(all.iter().map(candidate).collect());
        let chosen = spread(best_first(candidates), &self.memory.library, ALIKE, limit);
        all.sort_unstable_by_key(|one| one.slot);
        let recommended = |one: Candidate| {
            let at = all.binary_search_by_key(&one.slot, |one| one.slot).ok();
            let (by_content, by_company) = at.map_or((0.0, 0.0), |at| shares(all[at]));
            let like = || taste.as_ref().and_then(|taste| taste.reason(one.slot));
            let reason = if by_company > by_content.max(0.0) { None } else { like() };
            let reason = reason.unwrap_or_else(|| self.played_together());
            Recommended { track: one.id, score: one.score, reason }
        };
        chosen.into_iter().map(recommended).collect()
    }

    fn played_together(&self) -> Reason {
        let title = self.memory.library.title(self.slot).to_owned();
        Reason::PlayedTogether { track: self.track, title }
    }

    /// The share of the factors; 0 without any, or when too few hear the track.
    fn trust(&self) -> f32 {
        let listeners =
            self.memory.factors().and_then(|model| Some(model.listeners[model.row(self.track)?]));
        listeners.filter(|count| *count >= FEWEST_LISTENERS).map_or(0.0, trust_track)
    }

    fn likenesses(
        &self,
        viewer: &Viewer,
        taste: Option<&Taste<'_>>,
        use_factors: bool,
    ) -> Vec<Likeness> {
        let library = &self.memory.library;
        let mut open = open(self.memory, viewer, &self.visible);
        open[self.slot as usize] = false;
        let mut together = vec![None; open.len()];
        if use_factors {
            self.add_cosines(&mut together);
        }
        let written = |slot| taste.map_or(0.0, |taste| taste.closeness(slot));
        let open = library.slots().filter(|slot| open[*slot as usize]);
        open.map(|slot| {
            let together = together[slot as usize];
            Likeness { slot, written: written(slot), together }
        })
        .collect()
    }

    fn add_cosines(&self, by_slot: &mut [Option<f32>]) {
        let Some(model) = self.memory.factors() else { return };
        let Some(of_seed) = model.row(self.track).map(|row| model.factors.item(row)) else {
            return;
        };
        let length = dot(of_seed, of_seed).sqrt();
        let slots = &self.memory.derived().slots;
        for (row, (slot, listeners)) in slots.iter().zip(&model.listeners).enumerate() {
            let Some(cell) = by_slot.get_mut(*slot as usize) else { continue };
            let item = model.factors.item(row);
            let lengths = length * dot(item, item).sqrt();
            if *listeners >= FEWEST_LISTENERS && lengths > 0.0 {
                *cell = Some(dot(of_seed, item) / lengths);
            }
        }
    }

    fn without_too_many_of_its_album(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let library = &self.memory.library;
        let album = library.album(self.slot);
        let (mut of_it, mut others): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|one| library.album(one.slot) == album);
        of_it.sort_unstable_by(|one, other| other.cmp(one));
        others.extend(of_it.into_iter().take(MOST_OF_ITS_ALBUM));
        others
    }
}

fn standard(scores: impl Iterator<Item = f32>) -> Standard {
    let mut moments = Moments::default();
    scores.for_each(|score| moments.add(score));
    moments.standard()
}
