//! What sounds like a track, by what was heard of it: also where nothing is tagged and nobody has played
//! anything yet.

mod weights;

use hexachord_contracts::{
    ids::TrackId,
    recommendation::{RecommendationError, SonicMatch},
};

pub(crate) use weights::Weights;

use crate::{
    alike::open,
    error::not_found,
    knowledge::{Memory, Visible},
    viewer::Viewer,
};

/// What another track of the artist before costs on a path: a tenth of the distance of two random tracks.
const SAME_ARTIST: f32 = 0.2;

type Answer<T> = Result<T, RecommendationError>;

/// Tracks that sound like `track`, most alike first.
pub(crate) fn similar(
    memory: &Memory,
    viewer: &Viewer,
    track: TrackId,
    limit: usize,
) -> Answer<Vec<SonicMatch>> {
    let sounds = Sounds::new(memory, viewer);
    let (seed, numbers) = sounds.heard(track)?;
    let mut all: Vec<(f32, u32)> = sounds
        .open(|slot| slot != seed)
        .map(|(slot, other)| (sounds.weights.distance(&numbers, other), slot))
        .collect();
    let id = |slot: u32| memory.library.id(slot);
    let nearest_first = |one: &(f32, u32), other: &(f32, u32)| {
        one.0.total_cmp(&other.0).then_with(|| id(one.1).cmp(&id(other.1)))
    };
    if all.len() > limit {
        all.select_nth_unstable_by(limit, nearest_first);
        all.truncate(limit);
    }
    all.sort_unstable_by(nearest_first);
    Ok(all.into_iter().map(|(distance, slot)| sounds.found(slot, distance)).collect())
}

/// A way from one track to the other: each step goes straight towards the end, as far as leaves equal
/// steps for the rest, to the track that is nearest to there.
pub(crate) fn path(
    memory: &Memory,
    viewer: &Viewer,
    (from, to): (TrackId, TrackId),
    limit: usize,
) -> Answer<Vec<SonicMatch>> {
    let mut sounds = Sounds::new(memory, viewer);
    let ((first, begin), (last, end)) = (sounds.heard(from)?, sounds.heard(to)?);
    let mut path = vec![first];
    if limit > 1 && first != last {
        for slot in [first, last] {
            sounds.open[slot as usize] = false;
        }
        for steps in (2..limit).rev() {
            let Some(next) = sounds.step(path[path.len() - 1], &end, steps) else { break };
            sounds.open[next as usize] = false;
            path.push(next);
        }
        path.push(last);
    }
    let found = |slot: u32| {
        let numbers = memory.library.features(slot).unwrap_or_default();
        sounds.found(slot, sounds.weights.distance(&begin, numbers))
    };
    Ok(path.into_iter().map(found).collect())
}

struct Sounds<'m> {
    memory: &'m Memory,
    weights: &'m Weights,
    visible: Visible<'m>,
    /// By slot.
    open: Vec<bool>,
}

impl<'m> Sounds<'m> {
    fn new(memory: &'m Memory, viewer: &Viewer) -> Self {
        let visible = memory.library.visible_to(viewer);
        let open = open(memory, viewer, &visible);
        Self { memory, weights: &memory.derived().weights, visible, open }
    }

    /// A track that the viewer sees, and what it sounds like.
    fn heard(&self, track: TrackId) -> Answer<(u32, Vec<f32>)> {
        let library = &self.memory.library;
        let slot = library.slot(track).filter(|slot| self.visible.sees(*slot));
        let slot = slot.ok_or_else(|| not_found("track"))?;
        let numbers = library.features(slot).ok_or(RecommendationError::Unheard)?;
        Ok((slot, numbers.iter().map(|number| f32::from(*number)).collect()))
    }

    fn open(&self, keep: impl Fn(u32) -> bool) -> impl Iterator<Item = (u32, &'m [i16])> {
        let library = &self.memory.library;
        let open = library.slots().filter(move |slot| self.open[*slot as usize] && keep(*slot));
        open.filter_map(|slot| Some((slot, library.features(slot)?)))
    }

    fn found(&self, slot: u32, distance: f32) -> SonicMatch {
        SonicMatch { track: self.memory.library.id(slot), similarity: (-distance / 2.0).exp() }
    }

    /// The first of so many steps from a track to the end.
    fn step(&self, before: u32, end: &[f32], steps: usize) -> Option<u32> {
        let library = &self.memory.library;
        let target = towards(library.features(before)?, end, steps);
        let artist = library.first_artist(before);
        let cost = |slot: u32, numbers: &[i16]| {
            let is_same = artist.is_some() && library.first_artist(slot) == artist;
            self.weights.distance(&target, numbers) + if is_same { SAME_ARTIST } else { 0.0 }
        };
        let costs = self.open(|_| true).map(|(slot, numbers)| (cost(slot, numbers), slot));
        let id = |slot: u32| library.id(slot);
        let cheapest = costs.min_by(|one, other| {
            one.0.total_cmp(&other.0).then_with(|| id(one.1).cmp(&id(other.1)))
        });
        cheapest.map(|(_, slot)| slot)
    }
}

/// Where the first of so many equal steps leads.
#[expect(clippy::cast_precision_loss, reason = "some hundred steps")]
fn towards(here: &[i16], end: &[f32], steps: usize) -> Vec<f32> {
    let step = |(here, end): (&i16, &f32)| {
        let here = f32::from(*here);
        here + (end - here) / steps as f32
    };
    here.iter().zip(end).map(step).collect()
}
