//! What of a track is to be heard.

use super::atoms::{atoms, find, long, word};
use super::setup::Setup;
use crate::decode::mpeg::ItunesGapless;

/// What is dropped at the start, and how much is left.
#[derive(Default)]
pub(super) struct Gapless {
    pub(super) delay: u64,
    pub(super) frames: Option<u64>,
}

impl Gapless {
    /// iTunes' tag is exact; an edit list has the movie's clock, which is often coarse, and the last
    /// packet's duration, where it is shortened, the track's.
    pub(super) fn read(movie: &[u8], track: &[u8], setup: &Setup, packets: usize) -> Self {
        if let Some(itunes) = itunes(movie) {
            let half = packets as u64 * setup.duration / 2;
            // Where bands are replicated, some count what is coded: half of what is heard.
            let is_half = setup.begins_with_first && itunes.delay + itunes.frames <= half;
            let times = if is_half { 2 } else { 1 };
            return Self { delay: itunes.delay * times, frames: Some(itunes.frames * times) };
        }
        let media = find(track, &[*b"mdia", *b"mdhd"]).and_then(timescale);
        let clock = u64::from(media.unwrap_or(setup.sample_rate).max(1));
        let rate = u64::from(setup.sample_rate);
        let table = find(track, &[*b"mdia", *b"minf", *b"stbl", *b"stts"]);
        let all = table.map(duration).map(|ticks| scaled(ticks, rate, clock));
        let Some((length, start)) = find(track, &[*b"edts", *b"elst"]).and_then(edit) else {
            return Self { delay: 0, frames: all };
        };
        let delay = scaled(start, rate, clock).min(u64::from(u32::MAX));
        let rest = all.map(|all| all.saturating_sub(delay));
        let movie_clock = find(movie, &[*b"mvhd"]).and_then(timescale).unwrap_or(1000).max(1);
        let said = scaled(length, rate, movie_clock.into());
        let tick = rate.div_ceil(movie_clock.into());
        let frames = match rest {
            // Zero stands for all that follows.
            Some(rest) if said > 0 && said.saturating_add(tick) < rest => said,
            Some(rest) => rest,
            None => said,
        };
        Self { delay, frames: Some(frames) }
    }
}

/// Ticks of one clock in those of another, rounded.
fn scaled(ticks: u64, to: u64, from: u64) -> u64 {
    if to == from {
        return ticks;
    }
    let exact = (u128::from(ticks) * u128::from(to) + u128::from(from / 2)) / u128::from(from);
    u64::try_from(exact).unwrap_or(u64::MAX)
}

/// Ticks a second, of a movie's or a track's header.
fn timescale(header: &[u8]) -> Option<u32> {
    word(header, if header.first() == Some(&1) { 20 } else { 12 })
}

/// The sum of all packets' durations, in the track's clock.
fn duration(table: &[u8]) -> u64 {
    let entries = table.get(8..).unwrap_or_default().chunks_exact(8);
    entries.fold(0, |sum: u64, entry| {
        let part = |at| u64::from(word(entry, at).unwrap_or_default());
        sum.saturating_add(part(0).saturating_mul(part(4)))
    })
}

/// The first edit that shows something: its length in the movie's clock, its start in the track's.
fn edit(list: &[u8]) -> Option<(u64, u64)> {
    let wide = list.first() == Some(&1);
    let (width, step) = if wide { (8, 20) } else { (4, 12) };
    let number = |at| if wide { long(list, at) } else { word(list, at).map(u64::from) };
    let empty = if wide { u64::MAX } else { u64::from(u32::MAX) };
    for entry in 0..16 {
        let at = 8 + step * entry;
        let (length, start) = (number(at)?, number(at + width)?);
        if start != empty {
            return Some((length, start));
        }
    }
    None
}

/// The tag `iTunSMPB` among the movie's.
fn itunes(movie: &[u8]) -> Option<ItunesGapless> {
    // A version and flags stand before the boxes in this one.
    let tags = find(find(movie, &[*b"udta", *b"meta"])?.get(4..)?, &[*b"ilst"])?;
    let own = atoms(tags).filter(|atom| atom.kind == *b"----");
    let named = |name: &[u8]| name.get(4..) == Some(b"iTunSMPB");
    let tag = own.into_iter().find(|tag| find(tag.body, &[*b"name"]).is_some_and(named))?;
    ItunesGapless::find(find(tag.body, &[*b"data"])?.get(8..)?)
}
