//! The four bytes in front of every MPEG audio frame (ISO 11172-3 §2.4.2.3, ISO 13818-3).

/// Length of a frame header.
pub(crate) const HEADER: usize = 4;

/// The longest Layer III frame of a table bitrate: MPEG-1 at 320 kbit/s and 32 kHz, padded.
pub(crate) const LONGEST_FRAME: usize = 1441;

/// Layer III bitrates in kbit/s; free format (0) has no length and is not accepted.
const MPEG_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// A Layer III frame header.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    /// Two bits: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5.
    version: u8,
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// Bytes of the whole frame.
    pub(crate) len: usize,
}

impl Header {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let &[0xFF, second, third, fourth, ..] = bytes else { return None };
        let version = (second >> 3) & 3;
        let layer = (second >> 1) & 3;
        // Layer III is 01; version 01, an emphasis of 10 and the rate 11 are reserved.
        if second & 0xE0 != 0xE0 || version == 1 || layer != 1 || fourth & 3 == 2 {
            return None;
        }
        let rate = *[44_100, 48_000, 32_000].get(usize::from((third >> 2) & 3))?;
        let (sample_rate, bitrates, slots) = match version {
            3 => (rate, MPEG_1, 144_000),
            2 => (rate / 2, MPEG_2, 72_000),
            _ => (rate / 4, MPEG_2, 72_000),
        };
        let bitrate = *bitrates.get(usize::from(third >> 4)).filter(|&&bitrate| bitrate > 0)?;
        let padding = usize::from((third >> 1) & 1);
        Some(Self {
            version,
            sample_rate,
            channels: if fourth >> 6 == 3 { 1 } else { 2 },
            len: slots * bitrate / sample_rate as usize + padding,
        })
    }

    /// Whether both can be frames of one stream: bitrate, padding and stereo mode may differ.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        (self.version, self.sample_rate) == (other.version, other.sample_rate)
    }

    /// How many frames of samples it decodes to.
    pub(crate) const fn duration(&self) -> u16 {
        if self.version == 3 { 1152 } else { 576 }
    }

    /// Whether this frame, with its bytes, holds a stream description in place of audio.
    pub(crate) fn describes_stream(&self, frame: &[u8]) -> bool {
        self.xing(frame).is_some() || frame.get(HEADER + 32..HEADER + 36) == Some(b"VBRI")
    }

    /// Where in a frame its Xing or Info description starts, if it has one.
    pub(crate) fn xing(&self, frame: &[u8]) -> Option<usize> {
        let side_information = match (self.version, self.channels) {
            (3, 1) => 17,
            (3, _) => 32,
            (_, 1) => 9,
            _ => 17,
        };
        // Some writers put the mark behind a checksum, some leave room for none.
        let xing = [HEADER + side_information, HEADER + side_information + 2];
        xing.into_iter().find(|&at| matches!(frame.get(at..at + 4), Some(b"Xing" | b"Info")))
    }
}
