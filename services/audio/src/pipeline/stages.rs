//! What stands between the decoder and the encoder, and where the decoder has to begin for it.

use super::cut::Cut;
use super::{StreamFacts, Transcode};
use crate::decode::AudioFacts;
use crate::dsp::limit::Limiter;
use crate::dsp::mix::Mixer;
use crate::dsp::resample::{Resampler, scaled};
use crate::encode::EncodeError;
use crate::layout::Layout;

/// The longest end, in seconds, that is made up for with silence where the file has less than it says.
const MOST_SILENCE: u64 = 10;

/// Mixing, resampling and amplifying, and the cut at both ends.
pub(super) struct Stages {
    mixer: Option<Mixer>,
    resampler: Option<Resampler>,
    limiter: Option<Limiter>,
    /// Where the decoder begins.
    seek: u64,
    cut: Cut,
    /// How many samples of silence there may be at the end.
    most_silence: u64,
    mixed: Vec<f32>,
    resampled: Vec<f32>,
    amplified: Vec<f32>,
}

impl Stages {
    pub(super) fn new(
        transcode: &Transcode,
        source: &AudioFacts,
        facts: &StreamFacts,
    ) -> Result<Self, EncodeError> {
        let mixer = (source.layout != facts.layout)
            .then(|| Mixer::new(source.layout, facts.layout == Layout::MONO));
        let channels = facts.layout.channels();
        let resampler = match (source.sample_rate, facts.sample_rate) {
            (from, to) if from == to => None,
            (from, to) => Some(Resampler::new(from, to, channels)?),
        };
        let limiter = transcode.gain.map(|gain| Limiter::new(gain, facts.sample_rate, channels));
        let warm_up = transcode.warm_up(facts);
        let first = facts.begins_at - warm_up;
        let memory = limiter.as_ref().map_or(0, Limiter::memory);
        let (seek, begin) = place(resampler.as_ref(), first.saturating_sub(memory));

        let lead = facts.start - first;
        let rates = (source.sample_rate.into(), facts.sample_rate.into());
        let end = transcode.end.map(|end| scaled(end, rates).saturating_sub(facts.start));
        let samples = |frames: u64| frames.saturating_mul(channels as u64);
        let cut = Cut {
            skip: samples(first - begin),
            wanted: facts.frames.or(end).map(|frames| samples(frames.saturating_add(lead))),
            needed: samples(lead),
            is_promised: facts.frames.is_some(),
        };
        Ok(Self {
            mixer,
            resampler,
            limiter,
            seek,
            cut,
            most_silence: samples(MOST_SILENCE * u64::from(facts.sample_rate)),
            mixed: Vec::new(),
            resampled: Vec::new(),
            amplified: Vec::new(),
        })
    }

    pub(super) fn seek(&self) -> u64 {
        self.seek
    }

    /// Whether the encoder has all that it should have.
    pub(super) fn are_full(&self) -> bool {
        self.cut.wanted == Some(0)
    }

    /// Appends what comes of a decoded block.
    pub(super) fn push(&mut self, block: &[f32], out: &mut Vec<f32>) -> Result<(), EncodeError> {
        self.mixed.clear();
        let mut samples = block;
        if let Some(mixer) = &self.mixer {
            mixer.mix(samples, &mut self.mixed);
            samples = &self.mixed;
        }
        self.resampled.clear();
        if let Some(resampler) = &mut self.resampler {
            resampler.push(samples, &mut self.resampled)?;
            samples = &self.resampled;
        }
        self.amplified.clear();
        if let Some(limiter) = &mut self.limiter {
            limiter.push(samples, &mut self.amplified);
            samples = &self.amplified;
        }
        self.cut.append(samples, out);
        Ok(())
    }

    /// Appends what is left at the end of the file, and the silence that has to be behind it. Whether
    /// there is less than was promised.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) -> Result<bool, EncodeError> {
        self.resampled.clear();
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.resampled)?;
        }
        let mut samples = &self.resampled;
        if let Some(limiter) = &mut self.limiter {
            self.amplified.clear();
            limiter.push(samples, &mut self.amplified);
            limiter.finish(&mut self.amplified);
            samples = &self.amplified;
        }
        self.cut.append(samples, out);
        let missing = self.cut.missing();
        let is_little = missing <= self.most_silence;
        let silence = if is_little { missing } else { self.cut.needed };
        out.resize(out.len() + usize::try_from(silence).unwrap_or_default(), 0.0);
        Ok(!is_little)
    }
}

/// Where the decoder and the stream begin, so that the frame `first` is as it is from the start.
fn place(resampler: Option<&Resampler>, first: u64) -> (u64, u64) {
    let Some(resampler) = resampler else { return (first, first) };
    // A block before, for the filter: what comes out is what comes out from the start.
    let (taken, given) = resampler.grid();
    let blocks = (first / given).saturating_sub(1);
    (blocks.saturating_mul(taken), blocks.saturating_mul(given))
}
