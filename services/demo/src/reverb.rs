//! The room: a feedback delay network after Jot (1991). Eight delay lines feed each other through a
//! Householder matrix, and each loses its high end a little on every way round.

use super::dsp::{RATE, decay, single};

/// Delay lengths in samples: about 27 to 71 ms, without common divisors.
const LENGTHS: [usize; 8] = [1187, 1361, 1601, 1867, 2131, 2417, 2741, 3119];
/// Seconds until the sound in the room has fallen by 60 dB.
const DECAY: f64 = 1.7;
/// How much of the high end each way round keeps.
const KEEP: f32 = 0.62;

/// Adds the room's answer to both channels, `wet` times as loud as the sum of what it hears.
pub(super) fn apply(left: &mut [f32], right: &mut [f32], wet: f32) {
    if wet <= 0.0 {
        return;
    }
    let mut lines: [Vec<f32>; 8] = LENGTHS.map(|length| vec![0.0; length]);
    let gains = LENGTHS.map(|length| {
        let seconds = f64::from(u32::try_from(length).unwrap_or(u32::MAX)) / RATE;
        single(decay(-6.907_755 * seconds / DECAY))
    });
    let mut places = [0_usize; 8];
    let mut damped = [0.0_f32; 8];
    for (left, right) in left.iter_mut().zip(right.iter_mut()) {
        for line in 0..8 {
            let heard = lines[line][places[line]] * gains[line];
            damped[line] += (heard - damped[line]) * KEEP;
        }
        // Householder: every line gets itself back less a quarter of the sum of all.
        let quarter = damped.iter().sum::<f32>() * 0.25;
        let (from_left, from_right) = (*left * 0.5, *right * 0.5);
        for line in 0..8 {
            let input = if line % 2 == 0 { from_left } else { from_right };
            lines[line][places[line]] = damped[line] - quarter + input;
            places[line] = if places[line] + 1 == LENGTHS[line] { 0 } else { places[line] + 1 };
        }
        *left += wet * (damped[0] - damped[2] + damped[4] - damped[6]);
        *right += wet * (damped[1] - damped[3] + damped[5] - damped[7]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_rings_and_dies_away() {
        let (mut left, mut right) = (vec![0.0_f32; 132_300], vec![0.0_f32; 132_300]);
        left[0] = 1.0;
        apply(&mut left, &mut right, 0.5);
        let energy = |range: std::ops::Range<usize>| -> f32 {
            left[range.clone()].iter().chain(&right[range]).map(|sample| sample * sample).sum()
        };
        let (early, late) = (energy(1..22_050), energy(110_250..132_300));
        assert!(early > 1e-3, "{early}");
        assert!(late < early * 1e-5, "{late} of {early}");
    }
}
