//! A listener among others: folded into the factors.

use hexachord_contracts::recommendation::Reason;

use super::Question;
use crate::{
    als::FoldIn,
    evidence::trust,
    knowledge::{History, Memory, Model},
};

pub(super) struct Company<'m> {
    model: &'m Model,
    listener: FoldIn,
    /// The rows of the model of what it heard.
    rows: Vec<u32>,
    /// The share of the factors in the score.
    pub(super) trust: f32,
}

impl<'m> Company<'m> {
    /// `None` while nobody else hears the same.
    pub(super) fn of(memory: &'m Memory, history: &History) -> Option<Self> {
        let model = memory.factors()?;
        let mut shared = 0;
        let (mut rows, mut weights) = (Vec::new(), Vec::new());
        for (track, weight) in history.heard() {
            shared += usize::from(memory.listeners.heard_by(track) > 1);
            if let Some(row) = model.row(track) {
                rows.push(u32::try_from(row).ok()?);
                weights.push(weight);
            }
        }
        if shared == 0 {
            return None;
        }
        let listener = model.factors.fold_in(&rows, &weights)?;
        Some(Self { model, listener, rows, trust: trust(shared) })
    }

    /// Of every track that the factors know, by slot; of what was heard without its own share.
    pub(super) fn add_scores(&self, memory: &Memory, scores: &mut [f32]) {
        let slots = &memory.derived().slots;
        for (row, slot) in slots.iter().enumerate() {
            if let Some(score) = scores.get_mut(*slot as usize) {
                *score = self.listener.score(self.model.factors.item(row));
            }
        }
        for (row, share) in self.rows.iter().zip(self.listener.own_shares()) {
            if let Some(score) = scores.get_mut(slots[*row as usize] as usize) {
                *score -= share;
            }
        }
    }

    /// The track that was played and adds most to the score of this one; not itself, nor what the
    /// caller must not see.
    pub(super) fn because(&self, question: &Question<'_>, of: u32) -> Option<Reason> {
        let library = &question.memory.library;
        let row = self.model.row(library.id(of))?;
        let contributions = self.listener.contributions(self.model.factors.item(row));
        let mut most = 0.0;
        let mut because = None;
        for (row, share) in self.rows.iter().zip(contributions) {
            if share <= most {
                continue;
            }
            let track = self.model.tracks[*row as usize];
            let was_played = question.history.tracks.get(&track).is_some_and(|row| row.plays > 0);
            let slot = library.slot(track).filter(|slot| question.visible.sees(*slot));
            if let Some(slot) = slot.filter(|slot| was_played && *slot != of) {
                most = share;
                because = Some((track, slot));
            }
        }
        let (track, slot) = because?;
        Some(Reason::BecauseYouPlayed { track, title: library.title(slot).to_owned() })
    }
}
