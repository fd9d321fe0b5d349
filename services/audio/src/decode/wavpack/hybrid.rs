//! How far numbers may be off in the hybrid mode.

use super::logarithm::{exponential, logarithm};
use crate::wavpack::header::Flags;

/// One channel's share.
#[derive(Clone, Copy, Default)]
struct Channel {
    /// A slow mean of the logarithms of what was heard, in 256th parts.
    level: u32,
    /// Bits a number, as a logarithm, in 65,536th parts.
    bitrate: u32,
    bitrate_step: u32,
    limit: u32,
}

/// The state of the hybrid mode.
#[derive(Clone, Copy)]
pub(super) struct Hybrid {
    channels: [Channel; 2],
    follows_level: bool,
    is_balanced: bool,
}

impl Hybrid {
    /// From the sub-block's numbers: levels, bitrates, and how these change.
    pub(super) fn parse(numbers: &[u16], flags: Flags) -> Option<Self> {
        let count = flags.coded_channels();
        let follows_level = flags.has_hybrid_bitrate();
        let mut channels = [Channel::default(); 2];
        let mut rest = numbers;
        let mut next = || rest.split_off(..count);
        if follows_level {
            for (channel, &level) in channels.iter_mut().zip(next()?) {
                channel.level = exponential(level.into()).cast_unsigned();
            }
        }
        for (channel, &bitrate) in channels.iter_mut().zip(next()?) {
            channel.bitrate = u32::from(bitrate) << 16;
        }
        for (channel, &step) in channels.iter_mut().zip(next().unwrap_or_default()) {
            channel.bitrate_step = exponential(step.cast_signed().into()).cast_unsigned();
        }
        Some(Self { channels, follows_level, is_balanced: flags.has_hybrid_balance() })
    }

    pub(super) const fn limit(&self, channel: usize) -> u32 {
        self.channels[channel].limit
    }

    /// Sets the limits for the next frame.
    pub(super) fn follow<const C: usize>(&mut self) {
        let mut bitrates = [0; 2];
        for (channel, bitrate) in self.channels.iter_mut().zip(&mut bitrates).take(C) {
            channel.bitrate = channel.bitrate.wrapping_add(channel.bitrate_step);
            *bitrate = (channel.bitrate >> 16).cast_signed();
        }
        let levels = self.channels.map(|channel| (rounded(channel.level) >> 8).cast_signed());
        if C == 2 && self.follows_level && self.is_balanced {
            let balance = (levels[1] - levels[0] + bitrates[1] + 1) >> 1;
            let both = bitrates[0];
            bitrates = if balance > both {
                [0, 2 * both]
            } else if -balance > both {
                [2 * both, 0]
            } else {
                [both - balance, both + balance]
            };
        }
        for ((channel, bitrate), level) in self.channels.iter_mut().zip(bitrates).zip(levels) {
            channel.limit = match level - bitrate {
                _ if !self.follows_level => exponential(bitrate).cast_unsigned(),
                below if below > -0x100 => exponential(below + 0x100).cast_unsigned(),
                _ => 0,
            };
        }
    }

    /// A number was heard.
    pub(super) fn hear(&mut self, channel: usize, number: u32) {
        if self.follows_level {
            self.hear_zero(channel);
            let level = &mut self.channels[channel].level;
            *level = level.wrapping_add(logarithm(number));
        }
    }

    /// A zero of a row of them was heard.
    pub(super) const fn hear_zero(&mut self, channel: usize) {
        let level = &mut self.channels[channel].level;
        *level = level.wrapping_sub(rounded(*level) >> 8);
    }
}

const fn rounded(level: u32) -> u32 {
    level.wrapping_add(128)
}
