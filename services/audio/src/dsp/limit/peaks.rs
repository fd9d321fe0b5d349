//! Peaks between samples: three points between each two, by a sinc with a window.

/// How many frames on each side a point between two depends on.
pub(super) const AROUND: usize = 6;
const TAPS: usize = 2 * AROUND;
/// The length of a filter's half.
const HALF: f32 = 6.0;
/// Points between two samples.
const POINTS: usize = 3;

/// Finds peaks.
pub(super) struct Peaks {
    filters: [[f32; TAPS]; POINTS],
    /// How much louder than the samples a point between them can be.
    loudest: f32,
}

impl Peaks {
    pub(super) fn new() -> Self {
        let mut filters = [[0.0; TAPS]; POINTS];
        for (point, filter) in (1_u8..).zip(&mut filters) {
            for (tap, weight) in (0_u8..).zip(&mut *filter) {
                // From the tap's sample to the point.
                let distance = f32::from(tap) + 1.0 - HALF - f32::from(point) / 4.0;
                *weight = sinc(distance) * window(distance / HALF);
            }
            let sum: f32 = filter.iter().sum();
            for weight in filter {
                *weight /= sum;
            }
        }
        let sum = |filter: &[f32; TAPS]| filter.iter().map(|weight| weight.abs()).sum::<f32>();
        let loudest = filters.iter().map(sum).fold(1.0, f32::max);
        Self { filters, loudest }
    }

    /// Whether there is certainly no peak above `ceiling` in these samples and between them.
    pub(super) fn are_below(&self, samples: &[f32], ceiling: f32) -> bool {
        let most = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        most * self.loudest <= ceiling
    }

    /// The peak at a frame and between it and its neighbours, of all channels.
    pub(super) fn at(&self, frames: &[f32], frame: usize, channels: usize) -> f32 {
        let mut peak = 0.0_f32;
        for channel in 0..channels {
            let sample = |frame: usize| frames[frame * channels + channel];
            peak = peak.max(sample(frame).abs());
            // The first tap's frame, for the points before the frame and for those behind it.
            for first in [frame - AROUND, frame + 1 - AROUND] {
                let near: [f32; TAPS] = std::array::from_fn(|tap| sample(first + tap));
                for filter in &self.filters {
                    let products = filter.iter().zip(near).map(|(weight, one)| weight * one);
                    peak = peak.max(products.sum::<f32>().abs());
                }
            }
        }
        peak
    }
}

fn sinc(x: f32) -> f32 {
    let angle = std::f32::consts::PI * x;
    if x == 0.0 { 1.0 } else { angle.sin() / angle }
}

/// A raised cosine, zero from 1 on.
fn window(x: f32) -> f32 {
    if x.abs() < 1.0 { 0.5 + 0.5 * (std::f32::consts::PI * x).cos() } else { 0.0 }
}
