//! What stands between the decoder and the encoder, and where the decoder has to begin for it.

use super::{StreamFacts, Target, Transcode};
use crate::decode::AudioFacts;
use crate::dsp::mix::Mixer;
use crate::dsp::resample::{Resampler, scaled};
use crate::encode::{EncodeError, OPUS_WARM_UP};
use crate::layout::Layout;

/// Mixing and resampling.
pub(super) struct Stages {
    mixer: Option<Mixer>,
    resampler: Option<Resampler>,
    /// Where the decoder begins.
    seek: u64,
    /// Samples to drop before the encoder's first one.
    skip: usize,
    warm_up: usize,
    mixed: Vec<f32>,
    resampled: Vec<f32>,
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
        let rates = (source.sample_rate.into(), facts.sample_rate.into());
        let start = scaled(transcode.start, rates);
        let warm_up = match transcode.target {
            Target::Opus { .. } => start.min(OPUS_WARM_UP as u64),
            _ => 0,
        };
        let first = start - warm_up;
        let (seek, begin) = match &resampler {
            None => (first, first),
            Some(resampler) => {
                // A block before, for the filter: what comes out is what comes out from the start.
                let (taken, given) = resampler.grid();
                let blocks = (first / given).saturating_sub(1);
                (blocks.saturating_mul(taken), blocks.saturating_mul(given))
            }
        };
        let skip = usize::try_from(first - begin).unwrap_or_default() * channels;
        Ok(Self {
            mixer,
            resampler,
            seek,
            skip,
            warm_up: usize::try_from(warm_up).unwrap_or_default(),
            mixed: Vec::new(),
            resampled: Vec::new(),
        })
    }

    pub(super) fn seek(&self) -> u64 {
        self.seek
    }

    pub(super) fn warm_up(&self) -> usize {
        self.warm_up
    }

    /// Appends what comes of a decoded block.
    pub(super) fn push(&mut self, block: &[f32], out: &mut Vec<f32>) -> Result<(), EncodeError> {
        self.mixed.clear();
        let mixed = match &self.mixer {
            Some(mixer) => {
                mixer.mix(block, &mut self.mixed);
                &self.mixed
            }
            None => block,
        };
        self.resampled.clear();
        let resampled = match &mut self.resampler {
            Some(resampler) => {
                resampler.push(mixed, &mut self.resampled)?;
                &self.resampled
            }
            None => mixed,
        };
        let skipped = self.skip.min(resampled.len());
        self.skip -= skipped;
        out.extend_from_slice(&resampled[skipped..]);
        Ok(())
    }

    /// Appends what is left at the end.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), EncodeError> {
        self.resampled.clear();
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.resampled)?;
        }
        let skipped = self.skip.min(self.resampled.len());
        self.skip -= skipped;
        out.extend_from_slice(&self.resampled[skipped..]);
        Ok(())
    }
}
