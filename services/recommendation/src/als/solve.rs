//! The linear equations of one row, and the Cholesky decomposition that solves them.

use ndarray::{Array1, Array2, Axis, Slice, linalg::general_mat_mul};

use super::Parameters;

/// Rows that are multiplied at a time.
const BLOCK: usize = 128;

/// A = L·Lᵀ of a symmetric matrix that is positive definite.
#[derive(Debug, Clone)]
pub struct Cholesky {
    /// L by rows; what is right of the diagonal means nothing.
    lower: Array2<f32>,
}

impl Cholesky {
    /// Reads the lower triangle of `matrix`; `None` when it is not positive definite, or when it
    /// is so nearly singular that single precision cannot tell. Its rows lie one after the other.
    pub fn of(matrix: Array2<f32>) -> Option<Self> {
        let mut lower = matrix;
        let size = lower.nrows();
        let cells = lower.as_slice_mut()?;
        for row in 0..size {
            let (above, this) = cells.split_at_mut(row * size);
            for column in 0..row {
                let other = &above[column * size..][..=column];
                let rest = this[column] - dot(&this[..column], &other[..column]);
                this[column] = rest / other[column];
            }
            let square = this[row] - dot(&this[..row], &this[..row]);
            // Also not for one that is not a number.
            if !(square.is_finite() && square > f32::MIN_POSITIVE) {
                return None;
            }
            this[row] = square.sqrt();
        }
        Some(Self { lower })
    }

    /// x of A·x = `right`.
    pub fn solve(&self, right: &Array1<f32>) -> Array1<f32> {
        let mut solution = right.clone();
        self.solve_in_place(&mut solution);
        solution
    }

    /// The inverse of A.
    pub fn inverse(&self) -> Array2<f32> {
        let mut inverse = Array2::eye(self.lower.nrows());
        for mut row in inverse.rows_mut() {
            // Symmetric: its rows are its columns.
            let solved = self.solve(&row.to_owned());
            row.assign(&solved);
        }
        inverse
    }

    fn solve_in_place(&self, solution: &mut Array1<f32>) {
        let size = self.lower.nrows();
        let (Some(lower), Some(x)) = (self.lower.as_slice(), solution.as_slice_mut()) else {
            return;
        };
        for row in 0..size {
            let line = &lower[row * size..][..=row];
            x[row] = (x[row] - dot(&line[..row], &x[..row])) / line[row];
        }
        for row in (0..size).rev() {
            let line = &lower[row * size..][..=row];
            let (before, this) = x.split_at_mut(row);
            let value = this[0] / line[row];
            this[0] = value;
            for (x, factor) in before.iter_mut().zip(line) {
                *x -= factor * value;
            }
        }
    }
}

/// Of vectors of the same length, in an order that is always the same.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0_f32; LANES];
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let (rest, other_rest) = (ones.remainder(), others.remainder());
    for (one, other) in ones.zip(others) {
        for lane in 0..LANES {
            sums[lane] += one[lane] * other[lane];
        }
    }
    let rest: f32 = rest.iter().zip(other_rest).map(|(one, other)| one * other).sum();
    sums.iter().sum::<f32>() + rest
}

/// A·x = b of one row after the other, against one fixed side.
pub(super) struct Equations<'a> {
    other: &'a Array2<f32>,
    /// α·VᵀV.
    everything: Array2<f32>,
    regularisation: f32,
    /// α for each row of the other side.
    of_all: f32,
    /// √c·v of some entries of the row.
    block: Array2<f32>,
}

impl<'a> Equations<'a> {
    /// `gram` is that of `other` with itself.
    pub(super) fn new(other: &'a Array2<f32>, gram: &Array2<f32>, parameters: &Parameters) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a sum of weights")]
        let of_all = parameters.alpha * other.nrows() as f32;
        Self {
            other,
            everything: gram * parameters.alpha,
            regularisation: parameters.regularisation,
            of_all,
            block: Array2::zeros((BLOCK, other.ncols())),
        }
    }

    /// The vector of a row with these entries; `None` without any.
    pub(super) fn solve(&mut self, columns: &[u32], weights: &[f32]) -> Option<Array1<f32>> {
        let (decomposed, mut solution) = self.decompose(columns, weights)?;
        decomposed.solve_in_place(&mut solution);
        Some(solution)
    }

    /// A = α·VᵀV + Σ c·v·vᵀ + λ·f·I, and b = Σ c·v.
    pub(super) fn decompose(
        &mut self,
        columns: &[u32],
        weights: &[f32],
    ) -> Option<(Cholesky, Array1<f32>)> {
        if columns.is_empty() {
            return None;
        }
        let mut matrix = self.everything.clone();
        let mut right = vec![0.0; self.other.ncols()];
        for (columns, weights) in columns.chunks(BLOCK).zip(weights.chunks(BLOCK)) {
            for ((column, weight), mut row) in
                columns.iter().zip(weights).zip(self.block.rows_mut())
            {
                let root = weight.sqrt();
                let vector = self.other.row(*column as usize);
                for ((cell, value), right) in row.iter_mut().zip(vector).zip(&mut right) {
                    *cell = root * value;
                    *right += weight * value;
                }
            }
            let block = self.block.slice_axis(Axis(0), Slice::from(..columns.len()));
            general_mat_mul(1.0, &block.t(), &block, 1.0, &mut matrix);
        }
        let frequency = weights.iter().sum::<f32>() + self.of_all;
        matrix.diag_mut().map_inplace(|cell| *cell += self.regularisation * frequency);
        Some((Cholesky::of(matrix)?, Array1::from(right)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        /// L·Lᵀ is the matrix again, and what is solved fulfils the equations.
        #[test]
        fn solves_what_it_decomposes(
            (size, cells, right) in (1_usize..12).prop_flat_map(|size| (
                Just(size),
                prop::collection::vec(-1.0_f32..1.0, size * size),
                prop::collection::vec(-1.0_f32..1.0, size),
            )),
        ) {
            let cells = Array2::from_shape_vec((size, size), cells).unwrap();
            let matrix = cells.dot(&cells.t()) + Array2::<f32>::eye(size);
            let right = Array1::from(right);
            let decomposed = Cholesky::of(matrix.clone()).unwrap();
            let mut lower = decomposed.lower.clone();
            for ((row, column), cell) in lower.indexed_iter_mut() {
                if column > row {
                    *cell = 0.0;
                }
            }
            let again = lower.dot(&lower.t());
            let solution = decomposed.solve(&right);
            for (one, other) in again.iter().zip(&matrix) {
                prop_assert!((one - other).abs() < 1e-4, "{one} {other}");
            }
            for (one, other) in matrix.dot(&solution).iter().zip(&right) {
                prop_assert!((one - other).abs() < 1e-3, "{one} {other}");
            }
            let inverse = decomposed.inverse();
            for (one, other) in matrix.dot(&inverse).iter().zip(&Array2::<f32>::eye(size)) {
                prop_assert!((one - other).abs() < 1e-3, "{one} {other}");
            }
        }

        #[test]
        fn a_dot_product_is_the_sum_of_products(
            pairs in prop::collection::vec((-9_i8..9, -9_i8..9), 0..40),
        ) {
            let (ones, others): (Vec<f32>, Vec<f32>) =
                pairs.iter().map(|&(one, other)| (f32::from(one), f32::from(other))).unzip();
            let sum: i32 = pairs.iter().map(|&(a, b)| i32::from(a) * i32::from(b)).sum();
            #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
            let product = dot(&ones, &others) as i32;
            prop_assert_eq!(product, sum);
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        for cells in [[0.0, 0.0, 0.0, 0.0], [1.0, 2.0, 2.0, 1.0], [f32::NAN; 4], [f32::MAX; 4]] {
            let matrix = Array2::from_shape_vec((2, 2), cells.to_vec()).unwrap();
            assert!(Cholesky::of(matrix).is_none(), "{cells:?}");
        }
    }
}
