//! The best assignment of files to tracks of equal audio, and never a crossing over.

/// Beyond this the best assignment would take too long; the best pairs are taken one by one.
pub(super) const MOST_EXACT: usize = 300;

/// Larger than every sum of squared distances in a group of [`MOST_EXACT`].
const POINT: i64 = 1 << 26;

/// For each of `files` the place of its track in `0..tracks`, or `None` when there are more files
/// than tracks. The sum of `points` is the largest possible; among equal sums, files and tracks
/// (both given in the order of their paths) keep their order.
pub(super) fn assign(
    files: usize,
    tracks: usize,
    points: impl Fn(usize, usize) -> i64,
) -> Vec<Option<usize>> {
    // Squares make any crossing dearer than the same places uncrossed.
    let cost = |file: usize, track: usize| {
        let distance = i64::try_from(file.abs_diff(track)).unwrap_or(i64::MAX / 2).min(1 << 13);
        distance * distance - points(file, track) * POINT
    };
    if files.max(tracks) > MOST_EXACT {
        return assign_greedily(files, tracks, cost);
    }
    let costs: Vec<i64> = (0..files)
        .flat_map(|file| (0..tracks).map(move |track| (file, track)))
        .map(|(file, track)| cost(file, track))
        .collect();
    if files <= tracks {
        let found = cheapest(files, tracks, |file, track| costs[file * tracks + track]);
        return found.into_iter().map(Some).collect();
    }
    let mut assigned = vec![None; files];
    let turned = cheapest(tracks, files, |track, file| costs[file * tracks + track]);
    for (track, file) in turned.into_iter().enumerate() {
        assigned[file] = Some(track);
    }
    assigned
}

fn assign_greedily(
    files: usize,
    tracks: usize,
    cost: impl Fn(usize, usize) -> i64,
) -> Vec<Option<usize>> {
    let mut assigned = vec![None; files];
    let mut free = vec![true; tracks];
    // Whoever is surest chooses first.
    let mut order: Vec<usize> = (0..files).collect();
    order.sort_by_cached_key(|file| (0..tracks).map(|track| cost(*file, track)).min());
    for file in order {
        let best = (0..tracks).filter(|track| free[*track]).min_by_key(|track| cost(file, *track));
        if let Some(track) = best {
            free[track] = false;
            assigned[file] = Some(track);
        }
    }
    assigned
}

/// The Hungarian method with potentials (Kuhn 1955, in the O(rows² · columns) form): the column of
/// each row, all different, with the least sum of costs. `rows <= columns`.
fn cheapest(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> i64) -> Vec<usize> {
    // Row and column 0 are a sentinel; real ones count from 1.
    let mut row_potential = vec![0_i64; rows + 1];
    let mut column_potential = vec![0_i64; columns + 1];
    let mut row_of = vec![0_usize; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![i64::MAX; columns + 1];
        let mut came_from = vec![0_usize; columns + 1];
        let mut seen = vec![false; columns + 1];
        while row_of[column] != 0 {
            seen[column] = true;
            let (at, mut delta, mut next) = (row_of[column], i64::MAX, 0);
            for other in 1..=columns {
                if seen[other] {
                    continue;
                }
                let reduced = cost(at - 1, other - 1) - row_potential[at] - column_potential[other];
                if reduced < least[other] {
                    least[other] = reduced;
                    came_from[other] = column;
                }
                if least[other] < delta {
                    delta = least[other];
                    next = other;
                }
            }
            for other in 0..=columns {
                if seen[other] {
                    row_potential[row_of[other]] += delta;
                    column_potential[other] -= delta;
                } else if other > 0 {
                    least[other] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[came_from[column]];
            column = came_from[column];
        }
    }
    let mut column_of = vec![0; rows];
    for column in 1..=columns {
        if row_of[column] != 0 {
            column_of[row_of[column] - 1] = column - 1;
        }
    }
    column_of
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn best_by_trying(points: &[Vec<i64>], file: usize, used: &mut Vec<bool>) -> i64 {
        if file == points.len() {
            return 0;
        }
        let mut best = best_by_trying(points, file + 1, used);
        for track in 0..used.len() {
            if !used[track] {
                used[track] = true;
                best = best.max(points[file][track] + best_by_trying(points, file + 1, used));
                used[track] = false;
            }
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn finds_the_largest_sum(
            points in (1_usize..6, 1_usize..6).prop_flat_map(|(files, tracks)| {
                prop::collection::vec(prop::collection::vec(0_i64..60, tracks), files)
            })
        ) {
            let tracks = points[0].len();
            let found = assign(points.len(), tracks, |file, track| points[file][track]);
            let pairs = found.iter().enumerate().filter_map(|(file, track)| Some((file, (*track)?)));
            let sum: i64 = pairs.clone().map(|(file, track)| points[file][track]).sum();
            prop_assert_eq!(sum, best_by_trying(&points, 0, &mut vec![false; tracks]));
            let mut taken: Vec<usize> = pairs.map(|(_, track)| track).collect();
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), points.len().min(tracks));
        }
    }

    #[test]
    fn takes_a_worse_pair_where_the_whole_is_better() {
        // File 0 likes track 1 a little more, but file 1 has nowhere else to go.
        let points = [[5, 6], [0, 6]];
        assert_eq!(assign(2, 2, |file, track| points[file][track]), [Some(0), Some(1)]);
    }

    #[test]
    fn keeps_the_order_where_nothing_tells_them_apart() {
        for (files, tracks) in [(4, 4), (3, 7), (7, 3), (400, 400)] {
            let found: Vec<usize> =
                assign(files, tracks, |_, _| 20).into_iter().flatten().collect();
            assert_eq!(found.len(), files.min(tracks));
            assert!(found.is_sorted(), "{files} files, {tracks} tracks: {found:?}");
        }
    }
}
