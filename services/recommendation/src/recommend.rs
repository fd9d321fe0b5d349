//! What somebody may like to hear.

mod company;
mod newest;

use hexachord_contracts::{
    Timestamp,
    ids::AccountId,
    recommendation::{Reason, Recommended},
};

use crate::{
    content::Taste,
    knowledge::{History, Memory, Visible},
    moments::Moments,
    spread::{Candidate, FOR_YOU, best_first, spread},
    store::AnnotationRow,
    viewer::Viewer,
};

use company::Company;

/// What was just heard goes this far down: the way from the best to the last, and a little more.
const BEHIND_THE_LAST: f32 = 1.1;
/// What is clearly among the best of a large library is sorted first, and the rest only when that
/// was not enough: one in so many is looked at to tell what is about…
const LOOKED_AT_ONE_IN: usize = 64;
/// …the best one in so many.
const BEST_ONE_IN: usize = 16;
/// Smaller libraries are sorted at once.
const LARGE: usize = 10_000;

/// Tracks for `account`, best first, of what `viewer` may hear.
pub(crate) fn recommend(
    memory: &Memory,
    viewer: &Viewer,
    account: AccountId,
    limit: usize,
    now: Timestamp,
) -> Vec<Recommended> {
    let nobody = History::default();
    let history = memory.listeners.get(account).unwrap_or(&nobody);
    let question = Question::new(memory, viewer, history, now);
    let likes_something = history.likes_something();
    let taste = likes_something.then(|| Taste::of(memory, history, &question.tracks)).flatten();
    let company = Company::of(memory, history);
    if taste.is_none() && company.is_none() {
        return question.newest(limit);
    }
    question.best(taste.as_ref(), company.as_ref(), limit)
}

struct Question<'m> {
    memory: &'m Memory,
    visible: Visible<'m>,
    history: &'m History,
    /// What of the history is in the library, by slot.
    tracks: Vec<(u32, &'m AnnotationRow)>,
    /// By slot: it can be recommended.
    open: Vec<bool>,
    now: Timestamp,
}

impl<'m> Question<'m> {
    fn new(memory: &'m Memory, viewer: &Viewer, history: &'m History, now: Timestamp) -> Self {
        let visible = memory.library.visible_to(viewer);
        let mut open: Vec<bool> = memory.library.slots().map(|slot| visible.plays(slot)).collect();
        let in_library =
            history.tracks.iter().filter_map(|(id, row)| Some((memory.library.slot(*id)?, row)));
        let tracks: Vec<_> = in_library.collect();
        for (slot, _) in tracks.iter().filter(|(_, row)| row.is_disliked()) {
            open[*slot as usize] = false;
        }
        Self { memory, visible, history, tracks, open, now }
    }

    /// The slots that can be recommended.
    fn open(&self) -> impl Iterator<Item = u32> {
        self.memory.library.slots().filter(|slot| self.open[*slot as usize])
    }

    fn best(
        &self,
        taste: Option<&Taste<'m>>,
        company: Option<&Company<'m>>,
        limit: usize,
    ) -> Vec<Recommended> {
        let trust = company.map_or(0.0, |company| company.trust);
        let by_taste = self.votes(1.0 - trust, |scores| {
            if let Some(taste) = taste {
                self.add_taste(taste, scores);
            }
        });
        let by_company = self.votes(trust, |scores| {
            if let Some(company) = company {
                company.add_scores(self.memory, scores);
            }
        });
        let scores = by_taste.iter().zip(&by_company).map(|(one, other)| one + other).collect();
        let scores = self.with_what_was_heard_further_down(scores);
        let chosen = spread(self.ranked(&scores), &self.memory.library, FOR_YOU, limit);
        let recommended = |one: Candidate| {
            let slot = one.slot as usize;
            let because = || company?.because(self, one.slot);
            let like = || taste?.reason(one.slot);
            // The larger share speaks.
            let reason = if by_company[slot] > by_taste[slot].max(0.0) {
                because().or_else(like)
            } else {
                like().or_else(because)
            };
            let reason = reason.unwrap_or(Reason::NewInLibrary);
            Recommended { track: one.id, score: one.score, reason }
        };
        chosen.into_iter().map(recommended).collect()
    }

    /// How much one side speaks for each slot: its scores in standard deviations of those that can
    /// be recommended, times its share; zero where it knows nothing, which it leaves as no number.
    fn votes(&self, share: f32, add: impl FnOnce(&mut [f32])) -> Vec<f32> {
        let mut scores = vec![f32::NAN; self.open.len()];
        add(&mut scores);
        let mut moments = Moments::default();
        for (score, is_open) in scores.iter().zip(&self.open) {
            if *is_open && !score.is_nan() {
                moments.add(*score);
            }
        }
        let standard = moments.standard();
        for score in &mut scores {
            let vote = share * standard.of(*score);
            *score = if vote.is_finite() { vote } else { 0.0 };
        }
        scores
    }

    /// A track that was heard has to be close to the others: that it is like itself says nothing.
    fn add_taste(&self, taste: &Taste<'_>, scores: &mut [f32]) {
        for slot in self.open() {
            scores[slot as usize] = taste.closeness(slot);
        }
        for (slot, row) in &self.tracks {
            let evidence = row.evidence();
            if evidence > 0.0 {
                scores[*slot as usize] -= taste.own_share(*slot, evidence);
            }
        }
    }

    /// Mostly what was not heard comes first: the rest goes down some of the way from the best to
    /// the last, and is there when nothing else is left.
    fn with_what_was_heard_further_down(&self, mut scores: Vec<f32>) -> Vec<f32> {
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        for (score, _) in scores.iter().zip(&self.open).filter(|(_, is_open)| **is_open) {
            least = least.min(*score);
            most = most.max(*score);
        }
        let way = if most > least { BEHIND_THE_LAST * (most - least) } else { 1.0 };
        for (slot, row) in &self.tracks {
            scores[*slot as usize] -= way * row.heard(self.now);
        }
        scores
    }

    /// Everything that can be recommended, best first.
    fn ranked(&self, scores: &[f32]) -> impl Iterator<Item = Candidate> {
        let bar = self.bar(scores);
        let best = self.candidates(scores, |score| score >= bar);
        let others = std::iter::once_with(move || self.candidates(scores, |score| score < bar));
        best_first(best).chain(others.flat_map(best_first))
    }

    /// About one in [`BEST_ONE_IN`] has this score or a better one.
    fn bar(&self, scores: &[f32]) -> f32 {
        if scores.len() < LARGE {
            return f32::NEG_INFINITY;
        }
        let some = self.open().step_by(LOOKED_AT_ONE_IN);
        let mut some: Vec<f32> = some.map(|slot| scores[slot as usize]).collect();
        let place = some.len() / BEST_ONE_IN;
        if place == 0 {
            return f32::NEG_INFINITY;
        }
        *some.select_nth_unstable_by(place, |one, other| other.total_cmp(one)).1
    }

    fn candidates(&self, scores: &[f32], wanted: impl Fn(f32) -> bool) -> Vec<Candidate> {
        let wanted = self.open().filter(|slot| wanted(scores[*slot as usize]));
        let library = &self.memory.library;
        let candidate =
            |slot| Candidate { score: scores[slot as usize], id: library.id(slot), slot };
        wanted.map(candidate).collect()
    }
}

#[cfg(test)]
mod tests;
