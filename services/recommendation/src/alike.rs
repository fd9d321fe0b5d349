//! How alike tracks are to some others: by what is written on them, and by who hears them.

use hexachord_contracts::recommendation::Reason;

use crate::{
    als::dot,
    content::Taste,
    evidence::trust_track,
    knowledge::{Memory, Model, Visible},
    moments::{Moments, Standard},
    seeds::Seeds,
    viewer::Viewer,
};

/// Vectors of tracks with fewer listeners say nothing of who else might like them.
const FEWEST_LISTENERS: u32 = 2;

pub(crate) struct Alike<'s, 'm> {
    seeds: &'s Seeds<'m>,
    taste: Option<Taste<'m>>,
    company: Option<Company<'m>>,
    /// What is asked about, by slot.
    tracks: Vec<Likeness>,
    written: Standard,
    together: Standard,
}

/// Who hears the seeds.
struct Company<'m> {
    model: &'m Model,
    /// The seeds that have a vector: their slots, and the vectors of length one times what they say.
    seeds: Vec<(u32, Vec<f32>)>,
    /// The sum of these vectors, of length one.
    direction: Vec<f32>,
    /// The share of the factors.
    trust: f32,
}

/// How alike a track is, as it is measured.
#[derive(Clone, Copy)]
struct Likeness {
    slot: u32,
    written: f32,
    /// `None`: too few hear one of them.
    together: Option<f32>,
}

/// How alike a track is among all that were asked about.
#[derive(Clone, Copy)]
pub(crate) struct Likely {
    pub(crate) slot: u32,
    pub(crate) score: f32,
    /// Something speaks for it, not only less against it than against others.
    pub(crate) is_alike: bool,
}

impl<'s, 'm> Alike<'s, 'm> {
    /// Of all that may be offered to the viewer, but for what `without` holds.
    pub(crate) fn of(seeds: &'s Seeds<'m>, viewer: &Viewer, without: impl Fn(u32) -> bool) -> Self {
        let memory = seeds.memory;
        let taste = Taste::of_tracks(memory, &seeds.tracks);
        let company = Company::of(seeds);
        let mut together = vec![None; memory.library.slots().count()];
        if let Some(company) = &company {
            company.add_cosines(memory, &mut together);
        }
        let open = open(memory, viewer, &seeds.visible);
        let asked = memory.library.slots().filter(|slot| open[*slot as usize] && !without(*slot));
        let tracks: Vec<Likeness> = asked
            .map(|slot| Likeness {
                slot,
                written: taste.as_ref().map_or(0.0, |taste| taste.closeness(slot)),
                together: together[slot as usize],
            })
            .collect();
        let written = standard(tracks.iter().map(|one| one.written));
        let together = standard(tracks.iter().filter_map(|one| one.together));
        Self { seeds, taste, company, tracks, written, together }
    }

    /// All that was asked about.
    pub(crate) fn each(&self) -> impl Iterator<Item = Likely> + '_ {
        self.tracks.iter().map(|one| {
            let (by_content, by_company) = self.shares(*one);
            let is_alike = one.written > 0.0 || one.together.is_some_and(|cosine| cosine > 0.0);
            Likely { slot: one.slot, score: by_content + by_company, is_alike }
        })
    }

    /// What speaks most for a track that was asked about.
    pub(crate) fn reason(&self, slot: u32) -> Reason {
        let at = self.tracks.binary_search_by_key(&slot, |one| one.slot).ok();
        let (by_content, by_company) = at.map_or((0.0, 0.0), |at| self.shares(self.tracks[at]));
        let like = || self.taste.as_ref().and_then(|taste| taste.reason(slot));
        let reason = if by_company > by_content.max(0.0) { None } else { like() };
        reason.unwrap_or_else(|| self.played_together(slot))
    }

    fn shares(&self, one: Likeness) -> (f32, f32) {
        let trust = self.company.as_ref().map_or(0.0, |company| company.trust);
        let by_content = (1.0 - trust) * self.written.of(one.written);
        let by_company = one.together.map_or(0.0, |cosine| trust * self.together.of(cosine));
        (by_content, by_company)
    }

    /// With the seed that says most for it.
    fn played_together(&self, slot: u32) -> Reason {
        let of_company =
            self.company.as_ref().and_then(|company| company.nearest(self.seeds, slot));
        let seed = of_company.unwrap_or(self.seeds.tracks[0].0);
        let title = self.seeds.memory.library.title(seed).to_owned();
        Reason::PlayedTogether { track: self.seeds.id(seed), title }
    }
}

impl<'m> Company<'m> {
    /// `None` without factors, or when too few hear the seeds.
    fn of(of: &Seeds<'m>) -> Option<Self> {
        let model = of.memory.factors()?;
        let mut direction = vec![0.0; model.factors.items().ncols()];
        let (mut seeds, mut listeners) = (Vec::new(), 0);
        for (slot, says) in &of.tracks {
            let Some(row) = model.row(of.id(*slot)) else { continue };
            let item = model.factors.item(row);
            let length = dot(item, item).sqrt();
            if model.listeners[row] < FEWEST_LISTENERS || length <= 0.0 {
                continue;
            }
            let vector: Vec<f32> = item.iter().map(|entry| says * entry / length).collect();
            direction.iter_mut().zip(&vector).for_each(|(sum, entry)| *sum += entry);
            listeners = listeners.max(model.listeners[row]);
            seeds.push((*slot, vector));
        }
        let length = dot(&direction, &direction).sqrt();
        if length <= 0.0 {
            return None;
        }
        for entry in &mut direction {
            *entry /= length;
        }
        Some(Self { model, seeds, direction, trust: trust_track(listeners) })
    }

    fn add_cosines(&self, memory: &Memory, by_slot: &mut [Option<f32>]) {
        let slots = &memory.derived().slots;
        for (row, (slot, listeners)) in slots.iter().zip(&self.model.listeners).enumerate() {
            let Some(cell) = by_slot.get_mut(*slot as usize) else { continue };
            let item = self.model.factors.item(row);
            let length = dot(item, item).sqrt();
            if *listeners >= FEWEST_LISTENERS && length > 0.0 {
                *cell = Some(dot(&self.direction, item) / length);
            }
        }
    }

    fn nearest(&self, of: &Seeds<'_>, slot: u32) -> Option<u32> {
        let item = self.model.factors.item(self.model.row(of.id(slot))?);
        let shares = self.seeds.iter().map(|(slot, vector)| (dot(vector, item), *slot));
        // Of equal ones the first, by id.
        let best = shares.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, slot)| slot)
    }
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

fn standard(scores: impl Iterator<Item = f32>) -> Standard {
    let mut moments = Moments::default();
    scores.for_each(|score| moments.add(score));
    moments.standard()
}
