//! The segments of a stream whose length was promised: none needs anything of another, so that the stream
//! can be made from each of them on, bit for bit as it is in the whole.
//!
//! Each is coded by a coder of its own, which has heard what is before it. The frames of that are left
//! out, and so is what they have saved for later ones.

use super::coder::{self, Coder};
use super::format::Format;
use super::{EncodeError, Mp3Settings, tag};

/// MPEG frames of a segment, less than two seconds: who wants its last byte waits for all of them. Each
/// segment begins with nothing saved, which costs a stream less than a tenth of a dB.
const SEGMENT: u64 = 64;
/// MPEG frames before a segment that its coder hears: its filters and its model of hearing need four, and
/// those that it codes tell how many bits the music takes.
const WARM_UP: u64 = 4 + coder::LEARNED as u64;

/// Where a segment begins.
pub(crate) struct Mp3Segment {
    pub(crate) number: u64,
    /// The first frame of samples, counted from the stream's begin.
    pub(crate) begin: u64,
    /// The first byte.
    pub(crate) byte: u64,
}

impl Mp3Settings {
    /// The segments that begin at or before this byte, the last one first, without the stream's begin;
    /// none if no length was promised.
    pub(crate) fn segments_until(&self, byte: u64) -> impl Iterator<Item = Mp3Segment> {
        let all = move || {
            let format = self.format().ok()?;
            let all = tag::Length::new(&format, self.frames?).frames;
            let before = tag::tag_bytes(self, &format) as u64;
            // A later one begins behind the byte: each has at least so many.
            let least = tag::audio_bytes(self, &format, SEGMENT)?.max(1);
            let most = byte.saturating_sub(before) / least;
            let segment = move |number: u64| {
                let frame = begin(number);
                let byte = before + tag::audio_bytes(self, &format, frame)?;
                Some(Mp3Segment { number, begin: frame * format.duration() as u64, byte })
            };
            Some((1..count(all).min(most.saturating_add(1))).rev().filter_map(segment))
        };
        all().into_iter().flatten().skip_while(move |segment| segment.byte > byte)
    }

    /// How many frames of samples before a segment are encoded first.
    pub(crate) fn segment_warm_up(&self) -> u64 {
        self.format().map_or(0, |format| WARM_UP * format.duration() as u64)
    }
}

/// The first MPEG frame of a segment.
pub(super) const fn begin(number: u64) -> u64 {
    number.saturating_mul(SEGMENT)
}

/// How many segments a stream of so many MPEG frames has: the last one is never short, if there is another.
fn count(all: u64) -> u64 {
    (all.saturating_add(SEGMENT / 2) / SEGMENT).max(1)
}

/// The segments of a stream, one after another.
pub(super) struct Segments {
    settings: Mp3Settings,
    /// Frames of samples in an MPEG frame.
    duration: u64,
    /// The number of the one that is coded, and of all.
    number: u64,
    count: u64,
    /// The coder of the one after it, as soon as there is something for it to hear.
    next: Option<Coder>,
}

impl Segments {
    /// Those from `number` on of a stream of `all` MPEG frames.
    pub(super) fn new(settings: &Mp3Settings, format: &Format, number: u64, all: u64) -> Self {
        let duration = format.duration() as u64;
        Self { settings: *settings, duration, number, count: count(all), next: None }
    }

    /// The first MPEG frame of the segment that is coded.
    pub(super) fn begin(&self) -> u64 {
        begin(self.number)
    }

    /// How many MPEG frames it has, if another one follows.
    pub(super) fn len(&self) -> Option<u64> {
        (self.number + 1 < self.count).then_some(SEGMENT)
    }

    /// A coder for the segment, which has to hear what is before it.
    pub(super) fn coder(&self) -> Result<Coder, EncodeError> {
        let coder = Coder::new(self.settings.format()?, self.settings.rate, WARM_UP as usize)?;
        Ok(coder.of_segment(self.begin(), self.len()))
    }

    /// Lets the coder of the next segment hear the frame of samples at `position` in the stream.
    pub(super) fn hear(&mut self, position: u64, frame: &[f32]) -> Result<(), EncodeError> {
        if self.len().is_some() && position == (self.begin() + SEGMENT - WARM_UP) * self.duration {
            let next = Self { number: self.number + 1, next: None, ..*self };
            self.next = Some(next.coder()?);
        }
        if let Some(next) = &mut self.next {
            // All of its frames that end before the segment are left out.
            next.push(frame, &mut Vec::new());
        }
        Ok(())
    }

    /// Goes on with the next segment: its coder.
    pub(super) fn advance(&mut self) -> Option<Coder> {
        let next = self.next.take()?;
        self.number += 1;
        Some(next)
    }
}
