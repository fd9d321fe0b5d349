//! How long an MP3 is and what of it was added by its encoder: the Xing, Info and VBRI frames, LAME's
//! part of them, and iTunes' comment.

use crate::decode::DecodeError;
use crate::decode::input::Input;
use crate::mp3::header::{HEADER, Header};

/// How many frames a decoder is behind, which encoders do not count.
const DECODER_DELAY: u64 = 529;
/// Where LAME's part keeps delay and padding.
const LAME_DELAY: usize = 21;
/// How much of a tag is searched for iTunes' comment.
const MOST_TAG: usize = 256 * 1024;

/// What a file says about itself; nothing where it does not.
#[derive(Default)]
pub(super) struct Description {
    /// MPEG frames, without this one.
    mpeg_frames: Option<u32>,
    /// Frames of samples to drop at the start.
    pub(super) delay: u64,
    padding: u64,
    exact: Option<u64>,
}

impl Description {
    pub(super) fn parse(header: &Header, frame: &[u8]) -> Self {
        let word = |at: usize| Some(u32::from_be_bytes(frame.get(at..at + 4)?.try_into().ok()?));
        let Some(xing) = header.xing(frame) else {
            let mpeg_frames = word(HEADER + 32 + 14);
            return Self { mpeg_frames, ..Self::default() };
        };
        let flags = word(xing + 4).unwrap_or_default();
        let mut at = xing + 8;
        let mpeg_frames = if flags & 1 == 0 { None } else { word(at) };
        for (flag, len) in [(1, 4), (2, 4), (4, 100), (8, 4)] {
            at += if flags & flag == 0 { 0 } else { len };
        }
        let mut description = Self { mpeg_frames, ..Self::default() };
        let named = frame.get(at).is_some_and(u8::is_ascii_alphanumeric);
        if let Some(&[a, b, c]) = frame.get(at + LAME_DELAY..at + LAME_DELAY + 3)
            && named
            && (a, b, c) != (0, 0, 0)
        {
            let (delay, padding) = (u64::from(a) << 4 | u64::from(b >> 4), u64::from(b & 15) << 8);
            description.delay = delay + DECODER_DELAY;
            description.padding = (padding | u64::from(c)).saturating_sub(DECODER_DELAY);
        }
        description
    }

    /// Takes what iTunes says, if it does, in the tag in front of `start`.
    pub(super) fn read_itunes(&mut self, input: &mut Input, start: u64) -> Result<(), DecodeError> {
        let mut tag = Vec::new();
        let len = usize::try_from(start).unwrap_or(MOST_TAG).min(MOST_TAG);
        input.append(0, len, &mut tag)?;
        if let Some(at) = tag.windows(8).position(|bytes| bytes == b"iTunSMPB")
            && let Some(itunes) = ItunesGapless::find(&tag[at + 8..])
        {
            self.delay = itunes.delay + DECODER_DELAY;
            self.exact = Some(itunes.frames);
        }
        Ok(())
    }

    /// How many frames of samples are to be heard, with so many a frame.
    pub(super) fn frames(&self, duration: u16) -> Option<u64> {
        let all = self.mpeg_frames.filter(|&count| count > 0);
        let heard = |count| {
            (u64::from(count) * u64::from(duration)).saturating_sub(self.delay + self.padding)
        };
        self.exact.or_else(|| all.map(heard))
    }
}

/// iTunes' words about what the encoder added: numbers in hexadecimal.
pub(in crate::decode) struct ItunesGapless {
    pub(in crate::decode) delay: u64,
    pub(in crate::decode) frames: u64,
}

impl ItunesGapless {
    /// The numbers in the text that begins somewhere in `bytes`: zero, delay, padding, frames, ….
    pub(in crate::decode) fn find(bytes: &[u8]) -> Option<Self> {
        let begin = bytes.iter().take(32).position(|&byte| byte == b' ')?;
        let text = bytes.get(begin..begin + 44)?;
        let mut words = std::str::from_utf8(text).ok()?.split_ascii_whitespace();
        let mut number = |digits: usize| {
            let word = words.next().filter(|word| word.len() == digits)?;
            u64::from_str_radix(word, 16).ok()
        };
        let (_, delay, _padding) = (number(8)?, number(8)?, number(8)?);
        let frames = number(16)?;
        (delay < 1 << 16 && frames > 0 && frames < 1 << 40).then_some(Self { delay, frames })
    }
}
