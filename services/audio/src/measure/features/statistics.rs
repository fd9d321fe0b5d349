//! Mean and deviation of numbers as they come.

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Statistics {
    count: f64,
    mean: f64,
    /// Squares of differences from the mean, summed up (Welford 1962).
    squares: f64,
}

impl Statistics {
    pub(super) fn add(&mut self, value: f64) {
        self.count += 1.0;
        let difference = value - self.mean;
        self.mean += difference / self.count;
        self.squares += difference * (value - self.mean);
    }

    /// Zero without numbers.
    pub(super) const fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation; zero without numbers.
    pub(super) fn deviation(&self) -> f64 {
        (self.squares / self.count.max(1.0)).sqrt()
    }
}
