//! Listening to a file, or to a part of one, as far as it can be decoded: in a worker, because what
//! strangers wrote is decoded from the first to the last byte.

use std::{
    ffi::OsStr,
    io,
    os::unix::ffi::OsStrExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use hexachord_audio::{
    DecodeError, Decoder, Finding, Fingerprint, Measure, MeasureKind, Scratch, probe,
};
use serde::{Deserialize, Serialize};

use super::{
    file::open,
    reading::{GiveUp, NoAnswer, Reading},
    worker::Question,
};
use crate::{identity::parts_of, store::Part};

/// Seconds of audio between two looks at whether to go on.
const LOOK_EVERY: u64 = 60;
/// Hours that are listened to; no book is longer.
const LONGEST: u64 = 100;

/// Audio where it was when it was scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MeasureJob {
    /// Absolute, as the bytes that the system knows it by.
    path: Vec<u8>,
    audio: Fingerprint,
    /// Else the whole file.
    part: Option<Part>,
    kinds: Vec<MeasureKind>,
}

/// What listening to audio tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Listened {
    /// Of each kind that was asked for.
    pub(crate) findings: Vec<Finding>,
    pub(crate) sample_rate: u32,
    pub(crate) frames: u64,
}

/// Why nothing was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NotMeasured {
    /// It is not there, or holds other audio now: a scan sees to that.
    Elsewhere,
    /// The system could not read it.
    Unreadable(String),
    /// It will not be otherwise next time; why, in words for people.
    Unmeasurable(String),
    /// Whoever asked wants no answer any more.
    GivenUp,
}

/// Called after each stretch of audio: fails when nobody waits any more.
pub(super) type GoOn<'a> = &'a mut dyn FnMut() -> bool;

impl MeasureJob {
    pub(crate) fn new(
        path: &Path,
        audio: Fingerprint,
        part: Option<Part>,
        kinds: Vec<MeasureKind>,
    ) -> Self {
        Self { path: path.as_os_str().as_bytes().to_vec(), audio, part, kinds }
    }

    /// Audio that brings its decoder down is only damaged.
    pub(super) fn carry_out(&self, go_on: GoOn<'_>) -> Result<Listened, NotMeasured> {
        catch_unwind(AssertUnwindSafe(|| self.listen(go_on))).unwrap_or_else(|_panic| {
            let reason = "damaged: its content contradicts itself";
            Err(NotMeasured::Unmeasurable(reason.to_owned()))
        })
    }

    fn listen(&self, go_on: GoOn<'_>) -> Result<Listened, NotMeasured> {
        let (file, len) = open(Path::new(OsStr::from_bytes(&self.path))).map_err(unreadable)?;
        let found =
            probe(&file, len, &mut Scratch::new()).map_err(|_error| NotMeasured::Elsewhere)?;
        let whole = found.fingerprint;
        if self.audio != if self.part.is_some() { parts_of(whole) } else { whole } {
            return Err(NotMeasured::Elsewhere);
        }
        let mut decoder = Decoder::open(file).map_err(refused)?;
        let facts = *decoder.facts();
        let (rate, channels) = (facts.sample_rate, facts.layout.channels());
        let unmeasurable = |reason: String| NotMeasured::Unmeasurable(reason);
        let mut measure = Measure::new(facts.layout, rate, &self.kinds)
            .map_err(|error| unmeasurable(error.to_string()))?;
        let start = self.part.map_or(0, |part| frame_at(part.start_us, rate));
        let end =
            self.part.and_then(|part| part.end_us).map_or(u64::MAX, |end| frame_at(end, rate));
        if start > 0 {
            decoder.seek_to(start).map_err(refused)?;
        }
        let (mut frames, most) = (0, end.saturating_sub(start));
        let mut look_at = LOOK_EVERY * u64::from(rate);
        while frames < most {
            let block = match decoder.next_block() {
                Ok(Some(block)) => block,
                Ok(None) => break,
                Err(DecodeError::Unreadable(error)) => return Err(unreadable(error)),
                // A player ends there, too.
                Err(_error) if frames > 0 => break,
                Err(error) => return Err(refused(error)),
            };
            let wanted = usize::try_from(most - frames).unwrap_or(usize::MAX);
            let block = &block[..block.len().min(wanted.saturating_mul(channels))];
            measure.add(block);
            frames += (block.len() / channels) as u64;
            if frames >= look_at {
                look_at = frames + LOOK_EVERY * u64::from(rate);
                if !go_on() {
                    return Err(NotMeasured::GivenUp);
                }
                if frames / u64::from(rate) >= LONGEST * 3600 {
                    return Err(unmeasurable(format!("it is longer than {LONGEST} hours")));
                }
            }
        }
        if frames == 0 {
            return Err(unmeasurable("damaged: there is nothing to hear".to_owned()));
        }
        Ok(Listened { findings: measure.finish(), sample_rate: rate, frames })
    }
}

/// The nearest frame: a time of a disc is no whole number of microseconds.
fn frame_at(us: u64, rate: u32) -> u64 {
    let frame = (u128::from(us) * u128::from(rate) + 500_000) / 1_000_000;
    u64::try_from(frame).unwrap_or(u64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(error: io::Error) -> NotMeasured {
    match error.kind() {
        io::ErrorKind::NotFound => NotMeasured::Elsewhere,
        _ => NotMeasured::Unreadable(error.to_string()),
    }
}

fn refused(error: DecodeError) -> NotMeasured {
    match error {
        DecodeError::Unreadable(error) => unreadable(error),
        other => NotMeasured::Unmeasurable(other.to_string()),
    }
}

impl Reading {
    /// Listens to audio; what a worker dies of cannot be measured.
    ///
    /// # Errors
    /// Fails when nothing is known of it, because no worker can work or `give_up` said so.
    pub(crate) fn measure(
        &mut self,
        job: &MeasureJob,
        give_up: GiveUp<'_>,
    ) -> io::Result<Result<Listened, NotMeasured>> {
        if let Self::Here(_) = self {
            return Ok(job.carry_out(&mut || !give_up()));
        }
        match self.ask(&Question::Measure(job.clone()), give_up) {
            Ok(answer) => Ok(answer),
            Err(NoAnswer::Died(reason)) => {
                let path = Path::new(OsStr::from_bytes(&job.path)).display();
                tracing::warn!(%path, reason, "a file brought down who listened to it");
                Ok(Err(NotMeasured::Unmeasurable(reason.to_owned())))
            }
            Err(NoAnswer::Failed(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_disc_are_whole_frames_of_it() {
        for frame in 0..200_000_u64 {
            // As sheets are read.
            let us = (frame * 1_000_000 + 37) / 75;
            assert_eq!(frame_at(us, 44_100), frame * 588);
        }
        assert!(frame_at(u64::MAX, 768_000) < u64::MAX);
    }
}
