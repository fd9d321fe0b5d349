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
    moments::{Moments, Standard},
    spread::{Candidate, FOR_YOU, spread},
    viewer::Viewer,
};

use company::Company;

/// What was just heard goes this far down: the way from the best to the last, and a little more.
const BEHIND_THE_LAST: f32 = 1.1;

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
    let taste = if history.likes_something() { Taste::of(memory, history) } else { None };
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
    /// By slot: it can be recommended.
    open: Vec<bool>,
    now: Timestamp,
}

/// How much one side speaks for tracks: by slot, in standard deviations, times its share.
struct Votes {
    scores: Vec<Option<f32>>,
    standard: Standard,
    share: f32,
}

impl Votes {
    /// Zero where nothing is known.
    fn of(&self, slot: u32) -> f32 {
        let score = self.scores.get(slot as usize).copied().flatten();
        score.map_or(0.0, |score| self.share * self.standard.of(score))
    }
}

impl<'m> Question<'m> {
    fn new(memory: &'m Memory, viewer: &Viewer, history: &'m History, now: Timestamp) -> Self {
        let visible = memory.library.visible_to(viewer);
        let mut open: Vec<bool> = memory.library.slots().map(|slot| visible.plays(slot)).collect();
        let disliked = history.tracks.iter().filter(|(_, row)| row.is_disliked());
        for slot in disliked.filter_map(|(id, _)| memory.library.slot(*id)) {
            open[slot as usize] = false;
        }
        Self { memory, visible, history, open, now }
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
        let score = |slot| by_taste.of(slot) + by_company.of(slot);
        let candidates = self.candidates(score);
        let chosen = spread(candidates, &self.memory.library, FOR_YOU, limit);
        let recommended = |one: Candidate| {
            let because = || company?.because(self, one.slot);
            let like = || taste?.reason(one.slot);
            // The larger share speaks.
            let reason = if by_company.of(one.slot) > by_taste.of(one.slot).max(0.0) {
                because().or_else(like)
            } else {
                like().or_else(because)
            };
            let reason = reason.unwrap_or(Reason::NewInLibrary);
            Recommended { track: one.id, score: one.score, reason }
        };
        chosen.into_iter().map(recommended).collect()
    }

    /// Asks for scores by slot, and takes those that are not of open tracks away.
    fn votes(&self, share: f32, add: impl FnOnce(&mut [Option<f32>])) -> Votes {
        let mut scores = vec![None; self.open.len()];
        add(&mut scores);
        let mut moments = Moments::default();
        for (score, is_open) in scores.iter_mut().zip(&self.open) {
            *score = score.filter(|_| *is_open);
            if let Some(score) = score {
                moments.add(*score);
            }
        }
        Votes { scores, standard: moments.standard(), share }
    }

    /// A track that was heard has to be close to the others: that it is like itself says nothing.
    fn add_taste(&self, taste: &Taste<'_>, scores: &mut [Option<f32>]) {
        for slot in self.open() {
            scores[slot as usize] = Some(taste.closeness(slot));
        }
        for (id, evidence) in self.history.heard() {
            let slot = self.memory.library.slot(id);
            if let Some((slot, Some(score))) = slot.map(|slot| (slot, &mut scores[slot as usize])) {
                *score -= taste.own_share(slot, evidence);
            }
        }
    }

    fn candidates(&self, score: impl Fn(u32) -> f32) -> Vec<Candidate> {
        let library = &self.memory.library;
        let mut scores = vec![0.0; self.open.len()];
        for slot in self.open() {
            let score = score(slot);
            scores[slot as usize] = if score.is_finite() { score } else { 0.0 };
        }
        self.move_down_what_was_heard(&mut scores);
        let candidate =
            |slot| Candidate { score: scores[slot as usize], id: library.id(slot), slot };
        self.open().map(candidate).collect()
    }

    /// Mostly what was not heard comes first: the rest goes down some of the way from the best to
    /// the last, and is there when nothing else is left.
    fn move_down_what_was_heard(&self, scores: &mut [f32]) {
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        for slot in self.open() {
            least = least.min(scores[slot as usize]);
            most = most.max(scores[slot as usize]);
        }
        let way = if most > least { BEHIND_THE_LAST * (most - least) } else { 1.0 };
        for (id, row) in &self.history.tracks {
            if let Some(slot) = self.memory.library.slot(*id) {
                scores[slot as usize] -= way * row.heard(self.now);
            }
        }
    }
}
