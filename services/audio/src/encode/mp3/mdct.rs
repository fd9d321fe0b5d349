//! The second half of the filterbank (ISO 11172-3, C.1.5.3.3): each subband's samples into 18 lines,
//! or three times six where the sound changes suddenly, without the aliases of the first half.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::format::{GRANULE, Window};
use super::polyphase::{SLOTS, SUBBANDS, Subbands};

/// Lines of a granule by frequency; of short windows one window after another.
pub(super) type Spectrum = [f32; GRANULE];

/// Lines of one short window of a subband.
const SHORT: usize = 6;
/// How much each pair of lines around a border of subbands leaks into each other.
const LEAKS: [f64; 8] = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];

struct Tables {
    /// What each of the 36 samples is weighted with, in a window of each kind.
    windows: [[f32; 2 * SLOTS]; 4],
    long: [[f32; SLOTS]; SLOTS],
    short: [[f32; SHORT]; SHORT],
    butterflies: [(f32, f32); 8],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    windows: [Window::Long, Window::Start, Window::Short, Window::Stop].map(window),
    long: cosines(),
    short: cosines(),
    butterflies: LEAKS.map(|leak| {
        let scale = (1.0 + leak * leak).sqrt().recip();
        (scale as f32, (leak * scale) as f32)
    }),
});

fn window(kind: Window) -> [f32; 2 * SLOTS] {
    let long = |at: usize| ((at as f64 + 0.5) * PI / 36.0).sin();
    let short = |at: usize| ((at as f64 + 0.5) * PI / 12.0).sin();
    // The steep end; the steep beginning is its mirror image.
    let end = |at: usize| match at {
        ..18 => long(at),
        18..24 => 1.0,
        24..30 => short(at - 18),
        _ => 0.0,
    };
    std::array::from_fn(|at| match kind {
        Window::Long => long(at) as f32,
        Window::Start => end(at) as f32,
        Window::Stop => end(35 - at) as f32,
        Window::Short => {
            if at < 12 {
                short(at) as f32
            } else {
                0.0
            }
        }
    })
}

/// The transform of as many folded samples as there are lines.
fn cosines<const LINES: usize>() -> [[f32; LINES]; LINES] {
    let line = |line: usize| {
        std::array::from_fn(|row| {
            let at = if row < LINES / 2 { row } else { row + LINES / 2 };
            let angle = (2 * at + 1 + LINES) * (2 * line + 1) % (8 * LINES);
            ((angle as f64 * PI / (4 * LINES) as f64).cos() * 2.0 / LINES as f64) as f32
        })
    };
    std::array::from_fn(line)
}

/// Turns every other sample of every other subband around, which the polyphase filterbank leaves
/// mirrored.
pub(super) fn turn(subbands: &mut Subbands) {
    for slot in subbands.iter_mut().skip(1).step_by(2) {
        slot.iter_mut().skip(1).step_by(2).for_each(|sample| *sample = -*sample);
    }
}

/// Transforms two granules of subbands into the lines of the time around their border.
pub(super) fn transform(before: &Subbands, now: &Subbands, kind: Window, out: &mut Spectrum) {
    let tables = &*TABLES;
    let slot = |at: usize| if at < SLOTS { &before[at] } else { &now[at - SLOTS] };
    let window = &tables.windows[kind as usize];
    if kind == Window::Short {
        for (number, out) in out.chunks_exact_mut(GRANULE / 3).enumerate() {
            let first = 6 + 6 * number;
            lines::<SHORT>(|at| (slot(first + at), window[at]), &tables.short, out);
        }
    } else {
        lines::<SLOTS>(|at| (slot(at), window[at]), &tables.long, out);
        for border in 1..SUBBANDS {
            for (at, (keep, leak)) in tables.butterflies.iter().enumerate() {
                let (below, above) = (border * SLOTS - 1 - at, border * SLOTS + at);
                let (low, high) = (out[below], out[above]);
                out[below] = low * keep + high * leak;
                out[above] = high * keep - low * leak;
            }
        }
    }
}

/// Folds twice as many weighted samples as there are lines, and transforms them, all subbands at once.
fn lines<'s, const LINES: usize>(
    sample: impl Fn(usize) -> (&'s [f32; SUBBANDS], f32),
    cosines: &[[f32; LINES]; LINES],
    out: &mut [f32],
) {
    let mut folded = [[0.0_f32; SUBBANDS]; LINES];
    for (row, folded) in folded.iter_mut().enumerate() {
        // The first half of the samples is odd around its middle, the second is even.
        let (at, mirrored, sign) = if row < LINES / 2 {
            (row, LINES - 1 - row, -1.0)
        } else {
            (row + LINES / 2, 3 * LINES - 1 - row - LINES / 2, 1.0)
        };
        let ((one, weight), (other, other_weight)) = (sample(at), sample(mirrored));
        let other_weight = other_weight * sign;
        for band in 0..SUBBANDS {
            folded[band] = one[band] * weight + other[band] * other_weight;
        }
    }
    for (line, cosines) in cosines.iter().enumerate() {
        let mut sums = [0.0_f32; SUBBANDS];
        for (folded, cosine) in folded.iter().zip(cosines) {
            for (sum, sample) in sums.iter_mut().zip(folded) {
                *sum += sample * cosine;
            }
        }
        for (band, sum) in sums.iter().enumerate() {
            out[band * LINES + line] = *sum;
        }
    }
}
