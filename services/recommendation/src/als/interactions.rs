//! Who heard what, and how much that says: rows by listener and rows by item.

/// One side of the matrix: the entries of each row, by column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Row n has the entries from `starts[n]` to `starts[n + 1]`.
    starts: Vec<usize>,
    columns: Vec<u32>,
    weights: Vec<f32>,
}

/// A sparse matrix of weights, both ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Interactions {
    by_user: Rows,
    by_item: Rows,
}

impl Interactions {
    /// Entries are (listener, item, weight). Those outside of the matrix and those without a
    /// positive weight are left out; of a pair that comes twice the last one counts.
    pub fn new(
        users: usize,
        items: usize,
        entries: impl IntoIterator<Item = (u32, u32, f32)>,
    ) -> Self {
        let inside = |&(user, item, weight): &(u32, u32, f32)| {
            (user as usize) < users && (item as usize) < items && weight > 0.0 && weight.is_finite()
        };
        let mut entries: Vec<_> = entries.into_iter().filter(inside).collect();
        entries.reverse();
        entries.sort_by_key(|&(user, item, _)| (user, item));
        entries.dedup_by_key(|&mut (user, item, _)| (user, item));
        let by_user = Rows::new(users, entries.iter().copied());
        entries.sort_by_key(|&(user, item, _)| (item, user));
        let by_item = Rows::new(items, entries.iter().map(|&(user, item, w)| (item, user, w)));
        Self { by_user, by_item }
    }

    pub fn users(&self) -> usize {
        self.by_user.len()
    }

    pub fn items(&self) -> usize {
        self.by_item.len()
    }

    /// The items of a listener with their weights.
    pub fn of_user(&self, user: usize) -> (&[u32], &[f32]) {
        self.by_user.row(user)
    }

    /// The listeners of an item with their weights.
    pub fn of_item(&self, item: usize) -> (&[u32], &[f32]) {
        self.by_item.row(item)
    }

    pub(super) fn by_user(&self) -> &Rows {
        &self.by_user
    }

    pub(super) fn by_item(&self) -> &Rows {
        &self.by_item
    }
}

impl Rows {
    /// `entries` are in the order of their rows.
    fn new(rows: usize, entries: impl Iterator<Item = (u32, u32, f32)>) -> Self {
        let mut starts = vec![0; rows + 1];
        let (mut columns, mut weights) = (Vec::new(), Vec::new());
        for (row, column, weight) in entries {
            starts[row as usize + 1] += 1;
            columns.push(column);
            weights.push(weight);
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        Self { starts, columns, weights }
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let entries = self.starts[row]..self.starts[row + 1];
        (&self.columns[entries.clone()], &self.weights[entries])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_hold_the_same() {
        let entries = [(1, 0, 2.0), (0, 2, 1.0), (1, 2, 3.0), (0, 0, 4.0)];
        let matrix = Interactions::new(2, 3, entries);
        assert_eq!((matrix.users(), matrix.items()), (2, 3));
        assert_eq!(matrix.of_user(0), (&[0, 2][..], &[4.0, 1.0][..]));
        assert_eq!(matrix.of_user(1), (&[0, 2][..], &[2.0, 3.0][..]));
        assert_eq!(matrix.of_item(0), (&[0, 1][..], &[4.0, 2.0][..]));
        assert_eq!(matrix.of_item(1), (&[][..], &[][..]));
        assert_eq!(matrix.of_item(2), (&[0, 1][..], &[1.0, 3.0][..]));
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let entries = [(0, 0, 0.0), (0, 1, -1.0), (9, 0, 1.0), (0, 9, 1.0), (0, 0, f32::NAN)];
        assert_eq!(Interactions::new(1, 2, entries), Interactions::new(1, 2, []));
        let twice = Interactions::new(1, 1, [(0, 0, 1.0), (0, 0, 5.0)]);
        assert_eq!(twice.of_user(0), (&[0][..], &[5.0][..]));
    }
}
