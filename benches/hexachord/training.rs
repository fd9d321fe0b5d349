//! Training on 100,000 plays and folding one listener in, against their multiplications alone: the
//! outer products of all weighted vectors, as one dense product of ndarray.

use std::{cell::LazyCell, hint::black_box, time::Instant};

use criterion::Criterion;
use hexachord_recommendation::als::{Factors, Interactions, Parameters, train};
use ndarray::{Array2, Axis};

use crate::{
    large::Words,
    ratio::{Line, Took, Unit, compare},
};

const LISTENERS: usize = 200;
const ITEMS: usize = 20_000;
const PLAYS: usize = 100_000;
const HISTORY: usize = PLAYS / LISTENERS;

struct Data {
    interactions: Interactions,
    parameters: Parameters,
    factors: Factors,
    /// Rows to be multiplied: as many as there are products in a training.
    rows: Array2<f32>,
}

impl Data {
    fn make() -> Self {
        let mut random = Words::new(7);
        let mut entries = Vec::with_capacity(PLAYS);
        for listener in 0..LISTENERS {
            // Everybody likes a stretch of the catalogue, and the frequent ones besides.
            let home = random.below(ITEMS);
            for _ in 0..HISTORY {
                let near = (home + random.below(ITEMS / 20)) % ITEMS;
                let popular = random.below(ITEMS).min(random.below(ITEMS));
                let item = if random.below(3) == 0 { popular } else { near };
                let index = |number| u32::try_from(number).unwrap_or(0);
                entries.push((index(listener), index(item), 1.0));
            }
        }
        let parameters = Parameters::default();
        let interactions = Interactions::new(LISTENERS, ITEMS, entries);
        let trained = train(&interactions, &parameters, &|| false).expect("nobody stops it");
        let factors = Factors::new(trained.items, parameters);
        let products = PLAYS * 2 * parameters.iterations;
        let rows = Array2::from_elem((products / 10, parameters.factors), 0.5);
        Self { interactions, parameters, factors, rows }
    }

    fn trains(&self, times: u64) -> Took {
        let began = Instant::now();
        for _ in 0..times {
            black_box(train(&self.interactions, &self.parameters, &|| false));
        }
        Took { units: times, wall: began.elapsed(), cpu: None }
    }

    fn multiplies(&self, times: u64) -> Took {
        let began = Instant::now();
        for _ in 0..times * 10 {
            black_box(self.rows.t().dot(black_box(&self.rows)));
        }
        Took { units: times, wall: began.elapsed(), cpu: None }
    }

    fn folds_in(&self, times: u64) -> Took {
        let began = Instant::now();
        for time in 0..times {
            let listener = usize::try_from(time).unwrap_or(0) % LISTENERS;
            let (items, weights) = self.interactions.of_user(listener);
            black_box(self.factors.fold_in(items, weights));
        }
        Took { units: times, wall: began.elapsed(), cpu: None }
    }

    fn multiplies_a_history(&self, times: u64) -> Took {
        let (history, _) = self.rows.view().split_at(Axis(0), HISTORY);
        let began = Instant::now();
        for _ in 0..times {
            black_box(history.t().dot(black_box(&history)));
        }
        Took { units: times, wall: began.elapsed(), cpu: None }
    }
}

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("training");
    let data = LazyCell::new(Data::make);
    let floor = "its outer products as one dense product of ndarray";
    let goal = "a listener in 27 µs, amortised";
    let all = Line { name: "100000-plays", floor, goal: "seconds", unit: Unit::Time };
    compare(&mut group, "training", &all, &data, Data::trains, Data::multiplies);
    let one = Line { name: "fold-in", floor, goal, unit: Unit::Time };
    compare(&mut group, "training", &one, &data, Data::folds_in, Data::multiplies_a_history);
    group.finish();
}
