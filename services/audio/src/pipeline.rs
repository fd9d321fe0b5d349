//! From a decoder to a stream: mixed down, resampled, amplified, encoded, in pieces.

mod byte;
mod cut;
mod encoder;
mod facts;
mod flow;
mod sink;
mod stages;
mod target;

use crate::decode::{DecodeError, Decoder};
use crate::dsp::gain::Gain;
use crate::encode::EncodeError;
pub use facts::StreamFacts;
use flow::Flow;
pub use sink::Sink;
use stages::Stages;
pub use target::Target;

/// What is made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transcode {
    pub target: Target,
    /// Where the stream begins, in frames of the file.
    pub start: u64,
    /// The frame of the file before which it ends, if that is not the file's end.
    pub end: Option<u64>,
    /// How much louder it becomes; peaks are kept below −1 dBTP by a limiter. Without it, samples stay
    /// as they are.
    pub gain: Option<Gain>,
    /// The highest sampling rate that is wanted.
    pub most_rate: Option<u32>,
    /// More channels are mixed down to stereo, or to mono.
    pub most_channels: usize,
    /// Tells streams that are put behind each other in one file apart.
    pub serial: u32,
}

/// How a transcode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All has been sent.
    Complete,
    /// All that there is has been sent, but it is not what [`StreamFacts`] promised: the file was cut
    /// short. A few seconds are made up for with silence, as a listener who joins tracks wants it; who
    /// hears a file that breaks off in the middle does not want minutes of it.
    Short,
    /// Nobody listens any more.
    Cancelled,
}

/// Why a transcode failed.
#[derive(Debug, thiserror::Error)]
pub enum TranscodeError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl Transcode {
    /// The whole file, with its rate and up to stereo.
    pub const fn new(target: Target) -> Self {
        Self {
            target,
            start: 0,
            end: None,
            gain: None,
            most_rate: None,
            most_channels: 2,
            serial: 1,
        }
    }

    /// Sends the stream in pieces, the first ones as soon as there is anything to hear; stops soon after
    /// the sink wants no more. A begin behind the end makes a stream of nothing.
    pub fn run(
        &self,
        decoder: &mut Decoder,
        sink: &mut impl Sink,
    ) -> Result<Ended, TranscodeError> {
        self.run_from(0, decoder, sink)
    }

    /// The same without the first `skip` bytes: of those behind them, too, the first ones are sent as soon
    /// as they are there.
    pub fn run_from(
        &self,
        skip: u64,
        decoder: &mut Decoder,
        sink: &mut impl Sink,
    ) -> Result<Ended, TranscodeError> {
        let source = *decoder.facts();
        let facts = self.stream_facts(&source);
        let mut stages = Stages::new(self, &source, &facts)?;
        let mut encoder = self.encoder(&source, &facts)?;
        let mut flow = Flow::new(sink, skip, facts.sample_rate, facts.layout);
        decoder.repeat_exactly(self.has_ranges(&source));
        decoder.seek_to(stages.seek())?;
        let mut frames = Vec::new();
        while flow.is_wanted() {
            frames.clear();
            let short = if stages.are_full() {
                Some(false)
            } else {
                match decoder.step()? {
                    Some(block) => {
                        stages.push(block, &mut frames)?;
                        None
                    }
                    None => Some(stages.finish(&mut frames)?),
                }
            };
            flow.encode(encoder.as_mut(), &frames)?;
            if let Some(short) = short {
                let sent = flow.finish(encoder.as_mut())?;
                let ended = if short { Ended::Short } else { Ended::Complete };
                return Ok(if sent.is_continue() { ended } else { Ended::Cancelled });
            }
        }
        Ok(Ended::Cancelled)
    }
}
