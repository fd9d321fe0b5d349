//! The vector of a listener from its history, as it would have been trained, and what each part of
//! the history has to do with a score.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::{
    Parameters,
    solve::{Equations, dot},
};

/// The vectors of the items, ready to fold listeners in.
#[derive(Debug, Clone)]
pub struct Factors {
    items: Array2<f32>,
    /// Of the items with themselves: V transposed, times V.
    gram: Array2<f32>,
    parameters: Parameters,
}

/// One listener, folded in.
pub struct FoldIn {
    vector: Array1<f32>,
    /// A⁻¹ of its equations.
    inverse: Array2<f32>,
    /// The vectors of its history, by the order in which it was given.
    history: Array2<f32>,
    weights: Vec<f32>,
}

impl Factors {
    pub fn new(items: Array2<f32>, parameters: Parameters) -> Self {
        let in_rows = items.is_standard_layout();
        let items = if in_rows { items } else { items.as_standard_layout().into_owned() };
        let gram = items.t().dot(&items);
        Self { items, gram, parameters }
    }

    pub fn items(&self) -> ArrayView2<'_, f32> {
        self.items.view()
    }

    /// The vector of an item, as a slice.
    pub fn item(&self, item: usize) -> &[f32] {
        let width = self.items.ncols();
        self.items.as_slice().map_or(&[], |cells| &cells[item * width..][..width])
    }

    /// Exactly what training would make of a row with these items and weights; `None` when there
    /// is nothing to go by.
    pub fn fold_in(&self, items: &[u32], weights: &[f32]) -> Option<FoldIn> {
        let mut equations = Equations::new(&self.items, &self.gram, &self.parameters);
        let (decomposed, right) = equations.decompose(items, weights)?;
        let vector = decomposed.solve(&right);
        if !vector.iter().all(|value| value.is_finite()) {
            return None;
        }
        let rows: Vec<usize> = items.iter().map(|item| *item as usize).collect();
        let history = self.items.select(Axis(0), &rows);
        let inverse = decomposed.inverse();
        Some(FoldIn { vector, inverse, history, weights: weights.to_vec() })
    }
}

impl FoldIn {
    pub fn vector(&self) -> ArrayView1<'_, f32> {
        self.vector.view()
    }

    pub fn score(&self, item: &[f32]) -> f32 {
        self.vector.as_slice().map_or(0.0, |vector| dot(vector, item))
    }

    /// What each item of the history adds to its own score: c·vⱼᵀA⁻¹vⱼ.
    pub fn own_shares(&self) -> Vec<f32> {
        let turned = self.history.dot(&self.inverse);
        let squares = turned.rows().into_iter().zip(self.history.rows());
        let shares = squares.map(|(turned, vector)| turned.dot(&vector));
        shares.zip(&self.weights).map(|(share, weight)| share * weight).collect()
    }

    /// What each item of the history adds to the score of `item`: c·vᵢᵀA⁻¹vⱼ. They add up to it.
    pub fn contributions(&self, item: &[f32]) -> Vec<f32> {
        let turned = self.inverse.dot(&ArrayView1::from(item));
        let shares = self.history.dot(&turned);
        shares.iter().zip(&self.weights).map(|(share, weight)| share * weight).collect()
    }
}
