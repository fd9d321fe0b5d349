//! Does it help? Some of what was heard is held out, and the vectors must find it better than
//! popularity does.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{Factors, Interactions, Parameters, solve::dot, train};

/// Ranks that count.
const TOP: usize = 10;
/// One in so many of a listener's items is held out.
const HOLD_OUT_ONE_IN: usize = 5;
/// Listeners with fewer items keep them all.
const FEWEST_ITEMS: usize = 5;
/// With fewer held out nothing can be told.
const FEWEST_HELD_OUT: usize = 10;
/// More listeners would not change the verdict.
const MOST_JUDGED: usize = 500;
/// λ is tried as it is set and with these factors.
const TRIED: [f32; 3] = [1.0, 0.3, 3.0];

/// What is learned from, and what was taken out of it.
#[derive(Debug, Clone)]
pub struct Holdout {
    pub rest: Interactions,
    /// The listeners with items that were held out, by listener.
    pub held_out: Vec<(usize, Vec<u32>)>,
}

/// The best that was tried, by NDCG@10 on what was held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    pub parameters: Parameters,
    /// Of the vectors and of popularity; `None` when there was too little to tell.
    pub quality: Option<(f32, f32)>,
}

impl Holdout {
    /// Holds out a fifth of what each listener heard, by the seed.
    pub fn new(interactions: &Interactions, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut rest = Vec::new();
        let mut held_out = Vec::new();
        for user in 0..interactions.users() {
            let (items, weights) = interactions.of_user(user);
            let mut entries: Vec<_> = items.iter().copied().zip(weights.iter().copied()).collect();
            entries.shuffle(&mut rng);
            let out =
                if entries.len() < FEWEST_ITEMS { 0 } else { entries.len() / HOLD_OUT_ONE_IN };
            let kept = entries.split_off(out);
            #[expect(clippy::cast_possible_truncation, reason = "rows are counted in u32")]
            rest.extend(kept.into_iter().map(|(item, weight)| (user as u32, item, weight)));
            if !entries.is_empty() {
                held_out.push((user, entries.into_iter().map(|(item, _)| item).collect()));
            }
        }
        let rest = Interactions::new(interactions.users(), interactions.items(), rest);
        held_out.truncate(MOST_JUDGED);
        Self { rest, held_out }
    }

    /// Mean NDCG@10 of a ranking of everything that the listener has not heard already.
    /// `score` gives the scores of all items for a listener.
    pub fn ndcg(&self, mut score: impl FnMut(usize) -> Vec<f32>) -> f32 {
        let mut sum = 0.0;
        for (user, wanted) in &self.held_out {
            let mut scores = score(*user);
            for known in self.rest.of_user(*user).0 {
                scores[*known as usize] = f32::NEG_INFINITY;
            }
            sum += ndcg(&top(&scores), wanted);
        }
        #[expect(clippy::cast_precision_loss, reason = "at most some hundreds")]
        let users = self.held_out.len().max(1) as f32;
        sum / users
    }

    /// By how many heard it, then by how much.
    pub fn popularity(&self) -> f32 {
        let popular = |item| {
            let (listeners, weights) = self.rest.of_item(item);
            #[expect(clippy::cast_precision_loss, reason = "a number of listeners")]
            let listeners = listeners.len() as f32;
            listeners + 1e-3 * weights.iter().sum::<f32>().min(999.0)
        };
        let scores: Vec<f32> = (0..self.rest.items()).map(popular).collect();
        self.ndcg(|_| scores.clone())
    }

    fn tells_something(&self) -> bool {
        self.held_out.iter().map(|(_, items)| items.len()).sum::<usize>() >= FEWEST_HELD_OUT
    }
}

/// Tries λ as it is set and around it, and says how well the best did. `None`: `stop` was true.
pub fn judge(
    interactions: &Interactions,
    parameters: &Parameters,
    stop: &dyn Fn() -> bool,
) -> Option<Judgement> {
    let holdout = Holdout::new(interactions, parameters.seed);
    if !holdout.tells_something() {
        return Some(Judgement { parameters: *parameters, quality: None });
    }
    let mut best: Option<(Parameters, f32)> = None;
    for factor in TRIED {
        let regularisation = parameters.regularisation * factor;
        let tried = Parameters { regularisation, ..*parameters };
        let trained = train(&holdout.rest, &tried, stop)?;
        let factors = Factors::new(trained.items, tried);
        let found = holdout.ndcg(|user| {
            let vector = trained.users.row(user).to_vec();
            let score = |item| dot(factors.item(item), &vector);
            (0..interactions.items()).map(score).collect()
        });
        if best.is_none_or(|(_, known)| found > known) {
            best = Some((tried, found));
        }
    }
    let (parameters, found) = best?;
    Some(Judgement { parameters, quality: Some((found, holdout.popularity())) })
}

/// The best items, those of equal score by their number. What nothing speaks for is not ranked:
/// vectors that are all zero find nothing, instead of what comes first by chance.
fn top(scores: &[f32]) -> Vec<u32> {
    #[expect(clippy::cast_possible_truncation, reason = "items are counted in u32")]
    let mut items: Vec<u32> = (0..scores.len() as u32).collect();
    let better = |one: &u32, other: &u32| {
        let by_score = scores[*other as usize].total_cmp(&scores[*one as usize]);
        by_score.then(one.cmp(other))
    };
    if items.len() > TOP {
        items.select_nth_unstable_by(TOP, better);
        items.truncate(TOP);
    }
    items.sort_unstable_by(better);
    items.retain(|item| scores[*item as usize] > 0.0);
    items
}

/// Binary relevance, over the best that could have been.
fn ndcg(ranked: &[u32], wanted: &[u32]) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a rank of ten")]
    let gain = |rank: usize| 1.0 / (rank as f32 + 2.0).log2();
    let found = ranked.iter().enumerate().filter(|(_, item)| wanted.contains(item));
    let gained: f32 = found.map(|(rank, _)| gain(rank)).sum();
    let ideal: f32 = (0..wanted.len().min(TOP)).map(gain).sum();
    if ideal > 0.0 { gained / ideal } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ndcg_is_one_at_best_and_falls_with_the_rank() {
        assert!((ndcg(&[3, 1, 2], &[1, 3]) - 1.0).abs() < 1e-6);
        let second = ndcg(&[9, 1], &[1]);
        assert!((second - 1.0 / 3_f32.log2()).abs() < 1e-6, "{second}");
        assert!(ndcg(&[9, 8], &[1]).abs() < 1e-6);
        assert!(ndcg(&[], &[]).abs() < 1e-6);
    }

    #[test]
    fn the_best_come_first_and_ties_by_number() {
        let mut scores = vec![1.0; 30];
        scores[7] = 2.0;
        scores[20] = 2.0;
        scores[0] = f32::NEG_INFINITY;
        assert_eq!(top(&scores), [7, 20, 1, 2, 3, 4, 5, 6, 8, 9]);
        assert_eq!(top(&[1.0, f32::NEG_INFINITY, 0.0]), [0]);
    }

    #[test]
    fn a_fifth_is_held_out_and_nothing_is_lost() {
        let entries = (0..40).map(|n| (n / 20, n % 20, 1.0));
        let all = Interactions::new(2, 20, entries);
        let holdout = Holdout::new(&all, 1);
        assert_eq!(holdout.held_out.len(), 2);
        for (user, out) in &holdout.held_out {
            assert_eq!(out.len(), 4);
            let (kept, _) = holdout.rest.of_user(*user);
            let mut together: Vec<u32> = kept.iter().chain(out).copied().collect();
            together.sort_unstable();
            assert_eq!(together, (0..20).collect::<Vec<u32>>());
        }
    }
}
