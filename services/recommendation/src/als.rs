//! Weighted alternating least squares for what people listen to (Hu, Koren and Volinsky 2008),
//! with regularisation scaled by frequency (Rendle, Krichene, Zhang and Koren 2022).
//!
//! It looks for vectors u of listeners and v of items that make
//! Σ c·(1 − u·v)² over what was heard, α·Σ (u·v)² over everything, and Σ λ·f·|u|² + Σ λ·f·|v|²
//! together as small as can be; f of a row is the sum of its weights plus α for each row of the
//! other side. With one side fixed the other has an exact answer, row by row, so neither the order
//! of rows nor the number of threads changes a bit of it.

mod evaluate;
mod fold_in;
mod interactions;
mod solve;

use ndarray::{Array2, Axis};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

pub use evaluate::{Holdout, Judgement, judge};
pub use fold_in::{Factors, FoldIn};
pub use interactions::Interactions;
pub use solve::Cholesky;

pub(crate) use solve::dot;

use interactions::Rows;
use solve::Equations;

/// Rows begin with entries between plus and minus this, divided by the root of their number.
const FIRST_GUESS: f32 = 0.2;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Entries of each vector; never more than there are listeners or items, which would add nothing.
    pub factors: usize,
    /// λ: how much long vectors cost.
    pub regularisation: f32,
    /// α: how much it says against an item that it was not heard.
    pub alpha: f32,
    pub iterations: usize,
    /// Of the first guess and of what is held out.
    pub seed: u64,
    pub threads: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { factors: 32, regularisation: 0.03, alpha: 0.1, iterations: 10, seed: 1, threads: 1 }
    }
}

/// Both sides; those of the listeners are what folding in their rows gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    pub users: Array2<f32>,
    pub items: Array2<f32>,
}

/// Computes the vectors. `None`: `stop` was true between two iterations.
pub fn train(
    interactions: &Interactions,
    parameters: &Parameters,
    stop: &dyn Fn() -> bool,
) -> Option<Trained> {
    let most = interactions.users().min(interactions.items());
    let factors = parameters.factors.min(most).max(1);
    let mut users = first_guess(interactions.users(), factors, parameters.seed);
    let mut items = Array2::zeros((interactions.items(), factors));
    for _ in 0..parameters.iterations.max(1) {
        if stop() {
            return None;
        }
        solve_side(&mut items, interactions.by_item(), &users, parameters);
        solve_side(&mut users, interactions.by_user(), &items, parameters);
    }
    Some(Trained { users, items })
}

fn first_guess(rows: usize, factors: usize, seed: u64) -> Array2<f32> {
    let mut rng = StdRng::seed_from_u64(seed);
    #[expect(clippy::cast_precision_loss, reason = "some dozens")]
    let most = FIRST_GUESS / (factors as f32).sqrt();
    Array2::from_shape_simple_fn((rows, factors), || rng.random_range(-most..most))
}

/// The exact answer for each row of `side` while `other` stays as it is.
fn solve_side(side: &mut Array2<f32>, rows: &Rows, other: &Array2<f32>, parameters: &Parameters) {
    let gram = other.t().dot(other);
    let a_thread = side.nrows().div_ceil(parameters.threads.max(1)).max(1);
    let solve_some = |first: usize, mut some: ndarray::ArrayViewMut2<'_, f32>| {
        let mut equations = Equations::new(other, &gram, parameters);
        for (place, mut row) in some.rows_mut().into_iter().enumerate() {
            let (columns, weights) = rows.row(first + place);
            match equations.solve(columns, weights) {
                Some(solved) => row.assign(&solved),
                None => row.fill(0.0),
            }
        }
    };
    let mut parts = side.axis_chunks_iter_mut(Axis(0), a_thread).enumerate();
    if parameters.threads <= 1 {
        parts.for_each(|(part, some)| solve_some(part * a_thread, some));
        return;
    }
    std::thread::scope(|scope| {
        for (part, some) in parts.by_ref() {
            let solve_some = &solve_some;
            scope.spawn(move || solve_some(part * a_thread, some));
        }
    });
}

#[cfg(test)]
mod tests;
