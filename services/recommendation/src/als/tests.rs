//! Training against what a plain solver of the same equations finds.

use ndarray::{Array1, Array2};

use super::*;

/// Three groups of listeners; each hears most of its own items, and one of the others' now and
/// then.
fn groups(listeners: u32, items: u32) -> Interactions {
    let mut rng = StdRng::seed_from_u64(7);
    let mut entries = Vec::new();
    for user in 0..listeners {
        for item in 0..items {
            let own = item % 3 == user % 3;
            if rng.random_range(0.0..1.0) < if own { 0.6 } else { 0.05 } {
                entries.push((user, item, rng.random_range(0.5..3.0)));
            }
        }
    }
    Interactions::new(listeners as usize, items as usize, entries)
}

fn small() -> Parameters {
    Parameters { factors: 4, regularisation: 0.02, iterations: 3, ..Parameters::default() }
}

fn endless() -> bool {
    false
}

/// The rows of one side by Gaussian elimination in double precision, from the dense matrix.
fn plain(
    dense: &Array2<f64>,
    other: &Array2<f64>,
    Parameters { regularisation, alpha, .. }: &Parameters,
) -> Array2<f64> {
    let (alpha, factors) = (f64::from(*alpha), other.ncols());
    let mut side = Array2::zeros((dense.nrows(), factors));
    for (weights, mut row) in dense.rows().into_iter().zip(side.rows_mut()) {
        if weights.sum() == 0.0 {
            continue;
        }
        let mut matrix = Array2::<f64>::zeros((factors, factors));
        let mut right = Array1::<f64>::zeros(factors);
        let mut frequency = 0.0;
        for (weight, vector) in weights.iter().zip(other.rows()) {
            for a in 0..factors {
                right[a] += weight * vector[a];
                for b in 0..factors {
                    matrix[[a, b]] += (weight + alpha) * vector[a] * vector[b];
                }
            }
            frequency += weight + alpha;
        }
        for a in 0..factors {
            matrix[[a, a]] += f64::from(*regularisation) * frequency;
        }
        row.assign(&eliminate(matrix, right));
    }
    side
}

fn eliminate(mut matrix: Array2<f64>, mut right: Array1<f64>) -> Array1<f64> {
    let size = right.len();
    for pivot in 0..size {
        for row in pivot + 1..size {
            let factor = matrix[[row, pivot]] / matrix[[pivot, pivot]];
            for column in pivot..size {
                matrix[[row, column]] -= factor * matrix[[pivot, column]];
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..size).rev() {
        for column in row + 1..size {
            right[row] -= matrix[[row, column]] * right[column];
        }
        right[row] /= matrix[[row, row]];
    }
    right
}

fn dense(interactions: &Interactions) -> Array2<f64> {
    let mut dense = Array2::zeros((interactions.users(), interactions.items()));
    for user in 0..interactions.users() {
        let (items, weights) = interactions.of_user(user);
        for (item, weight) in items.iter().zip(weights) {
            dense[[user, *item as usize]] = f64::from(*weight);
        }
    }
    dense
}

/// What training makes as small as it can.
fn loss(interactions: &Interactions, trained: &Trained, parameters: &Parameters) -> f64 {
    let (alpha, lambda) = (f64::from(parameters.alpha), f64::from(parameters.regularisation));
    let dense = dense(interactions);
    let (users, items) = (trained.users.mapv(f64::from), trained.items.mapv(f64::from));
    let scores = users.dot(&items.t());
    let mut loss = 0.0;
    for (weight, score) in dense.iter().zip(&scores) {
        loss += weight * (1.0 - score).powi(2) + alpha * score * score;
    }
    for (side, dense, others) in
        [(&users, dense.view(), items.nrows()), (&items, dense.t(), users.nrows())]
    {
        #[expect(clippy::cast_precision_loss, reason = "some dozens")]
        let of_all = alpha * others as f64;
        for (vector, weights) in side.rows().into_iter().zip(dense.rows()) {
            loss += lambda * (weights.sum() + of_all) * vector.dot(&vector);
        }
    }
    loss
}

#[test]
fn training_finds_what_a_plain_solver_finds() {
    let interactions = groups(14, 22);
    let parameters = small();
    let trained = train(&interactions, &parameters, &endless).unwrap();
    let mut users = first_guess(14, 4, parameters.seed).mapv(f64::from);
    let mut items = Array2::zeros((22, 4));
    for _ in 0..parameters.iterations {
        items = plain(&dense(&interactions).reversed_axes(), &users, &parameters);
        users = plain(&dense(&interactions), &items, &parameters);
    }
    for (found, wanted) in trained.items.iter().zip(&items).chain(trained.users.iter().zip(&users))
    {
        assert!((f64::from(*found) - wanted).abs() < 1e-3, "{found} {wanted}");
    }
}

#[test]
fn every_iteration_makes_the_loss_smaller() {
    let interactions = groups(20, 30);
    let losses: Vec<f64> = (1..8)
        .map(|iterations| {
            let parameters = Parameters { iterations, ..small() };
            loss(&interactions, &train(&interactions, &parameters, &endless).unwrap(), &parameters)
        })
        .collect();
    assert!(losses.is_sorted_by(|one, next| next <= &(one * 1.000_01)), "{losses:?}");
    assert!(losses[6] < losses[0] * 0.9, "{losses:?}");
}

#[test]
fn neither_threads_nor_another_run_change_a_bit() {
    let interactions = groups(17, 29);
    let one = train(&interactions, &small(), &endless).unwrap();
    assert_eq!(train(&interactions, &small(), &endless).unwrap(), one);
    let threads = Parameters { threads: 3, ..small() };
    assert_eq!(train(&interactions, &threads, &endless).unwrap(), one);
    let other = Parameters { seed: 2, ..small() };
    assert_ne!(train(&interactions, &other, &endless).unwrap(), one);
}

#[test]
fn folding_in_gives_what_was_trained_and_its_parts_add_up() {
    let interactions = groups(14, 22);
    let trained = train(&interactions, &small(), &endless).unwrap();
    let factors = Factors::new(trained.items.clone(), small());
    for user in 0..interactions.users() {
        let (items, weights) = interactions.of_user(user);
        let folded = factors.fold_in(items, weights).unwrap();
        let own_shares = folded.own_shares();
        for (one, other) in folded.vector().iter().zip(trained.users.row(user)) {
            assert!((one - other).abs() < 1e-5, "{one} {other}");
        }
        for item in 0..interactions.items() {
            let score = folded.score(factors.item(item));
            let parts = folded.contributions(factors.item(item));
            assert_eq!(parts.len(), items.len());
            let sum: f32 = parts.iter().sum();
            assert!((score - sum).abs() < 1e-4, "{score} {sum}");
            let own = items.iter().position(|known| *known as usize == item);
            if let Some(place) = own {
                assert!((own_shares[place] - parts[place]).abs() < 1e-4);
            }
        }
    }
    assert!(factors.fold_in(&[], &[]).is_none());
}

#[test]
fn rows_without_anything_are_zero_and_empty_matrices_train() {
    let interactions = Interactions::new(3, 3, [(0, 0, 1.0)]);
    let trained = train(&interactions, &small(), &endless).unwrap();
    assert!(trained.users.row(2).iter().all(|value| *value == 0.0));
    assert!(trained.items.row(1).iter().all(|value| *value == 0.0));
    assert!(trained.items.iter().chain(&trained.users).all(|value| value.is_finite()));
    assert!(train(&Interactions::new(0, 0, []), &small(), &endless).is_some());
}

#[test]
fn training_stops_when_it_is_told_to() {
    assert!(train(&groups(5, 5), &small(), &|| true).is_none());
    assert!(judge(&groups(14, 40), &small(), &|| true).is_none());
}

#[test]
fn the_judge_knows_groups_from_a_broken_regularisation() {
    let interactions = groups(24, 60);
    let judged = judge(&interactions, &small(), &endless).unwrap();
    let (factors, popularity) = judged.quality.unwrap();
    assert!(factors > popularity * 1.5, "{factors} {popularity}");

    let broken = Parameters { regularisation: 1e9, iterations: 6, ..small() };
    let (factors, popularity) = judge(&interactions, &broken, &endless).unwrap().quality.unwrap();
    assert!(factors <= popularity, "{factors} {popularity}");

    let too_few = Interactions::new(2, 3, [(0, 0, 1.0), (1, 0, 1.0)]);
    assert_eq!(judge(&too_few, &small(), &endless).unwrap().quality, None);
}
