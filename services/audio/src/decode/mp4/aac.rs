//! What an AAC track is, and which decoder knows it.

use rusty_aac::config::{self, StreamConfig, aot};
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;

use super::setup::Setup;
use crate::decode::DecodeError;
use crate::decode::coder::{Aac, Coder, Symphonia, aac_refused};
use crate::format::Codec;
use crate::layout::Layout;

/// Up to this rate bands may be replicated without a word of it in the setup, in Hz.
const MOST_CORE_RATE: u32 = 24_000;
/// Frames a packet, usually.
const FRAMES: usize = 1024;
/// Packets before the one that is wanted, from which on a decoder is as it is from the start: a window
/// overlaps with the packet before, whose own shape depends on one more.
const PRE_ROLL: u64 = 2;
/// …and where bands are replicated: their loudness is told as a change, most of the time.
const REPLICATED_PRE_ROLL: u64 = 16;

/// How a track is decoded.
pub(super) struct AacTrack {
    config: StreamConfig,
    data: Vec<u8>,
    sample_rate: u32,
    layout: Layout,
    frames: usize,
    is_plain: bool,
}

impl AacTrack {
    /// The track with this setup, which begins with `first`.
    pub(super) fn new(data: &[u8], first: &[u8]) -> Result<Self, DecodeError> {
        let mut config = config::parse(data).map_err(|error| aac_refused(&error))?;
        let is_usual = config.object_type == aot::AAC_LC
            && config.frame_length == FRAMES
            && [1, 2].contains(&config.channel_config);
        let may_replicate = !config.sbr_explicitly_absent && config.sample_rate <= MOST_CORE_RATE;
        let is_silent = is_usual && !config.sbr && !may_replicate;
        let heard = if is_silent { None } else { Aac::listen(&config, first) };
        let (mut sample_rate, mut channels) = (config.ext_sample_rate, config.channels());
        if let Some((heard, has_replicated)) = &heard
            && (config.sbr || *has_replicated)
        {
            sample_rate = heard.sample_rate;
            config.ps |= channels == 1 && heard.channels == 2;
            config.sbr = true;
            config.ext_sample_rate = sample_rate;
        }
        if heard.is_none() && config.sbr && channels == 1 {
            // The decoder makes two channels of one whose bands are replicated.
            config.ps = true;
        }
        if config.ps {
            channels = 2;
        }
        if sample_rate == 0 || config.sample_rate == 0 {
            return Err(DecodeError::Damaged("the sample rate is zero"));
        }
        let doubled = usize::from(sample_rate > config.sample_rate);
        Ok(Self {
            data: data.to_vec(),
            sample_rate,
            layout: layout(&config, channels)?,
            frames: config.frame_length << doubled,
            is_plain: is_usual && !config.sbr,
            config,
        })
    }

    pub(super) fn setup(&self) -> Setup {
        Setup {
            codec: Codec::Aac,
            sample_rate: self.sample_rate,
            layout: self.layout,
            bit_depth: None,
            duration: self.frames as u64,
            pre_roll: if self.config.sbr { REPLICATED_PRE_ROLL } else { PRE_ROLL },
            // The first packet tells how bands are replicated, and few others do.
            begins_with_first: self.config.sbr,
        }
    }

    pub(super) fn coder(&self) -> Result<Box<dyn Coder>, DecodeError> {
        if self.is_plain {
            let Self { data, sample_rate, layout, .. } = self;
            let coder = Symphonia::guarded(CODEC_ID_AAC, data, *sample_rate, *layout)?;
            return Ok(Box::new(coder));
        }
        let coder = Aac::guarded(&self.config, self.layout.channels(), self.frames)?;
        Ok(Box::new(coder))
    }
}

/// Where the channels are (ISO 14496-3, table 1.19, as players understand it).
fn layout(config: &StreamConfig, channels: usize) -> Result<Layout, DecodeError> {
    let layout = match config.channel_config {
        // Front, and one at the back.
        4 => Layout::from_mask(0x107),
        // 5.1 with one more at the back.
        11 => Layout::from_mask(0x13F),
        0 | 1..=3 | 5..=7 | 12 => Layout::usual(channels),
        _ => None,
    };
    layout.ok_or(DecodeError::Unsupported("AAC with such channels"))
}
