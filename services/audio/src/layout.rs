//! Which loudspeaker each channel is meant for.

/// Channels with their places. Samples stand in the order of WAVE's bits, whatever the codec's own
/// order is: front left, front right, front centre, low frequencies, back left, back right, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout(u32);

pub(crate) const FRONT_LEFT: u32 = 1;
pub(crate) const FRONT_RIGHT: u32 = 1 << 1;
pub(crate) const FRONT_CENTRE: u32 = 1 << 2;
pub(crate) const LOW_FREQUENCIES: u32 = 1 << 3;
pub(crate) const BACK_LEFT: u32 = 1 << 4;
pub(crate) const BACK_RIGHT: u32 = 1 << 5;
pub(crate) const BACK_CENTRE: u32 = 1 << 8;
pub(crate) const SIDE_LEFT: u32 = 1 << 9;
pub(crate) const SIDE_RIGHT: u32 = 1 << 10;

impl Layout {
    /// More channels are refused everywhere.
    pub const MOST_CHANNELS: usize = 8;

    pub const MONO: Self = Self(FRONT_CENTRE);
    pub const STEREO: Self = Self(FRONT_LEFT | FRONT_RIGHT);
    pub const SURROUND_5_1: Self = Self(Self::STEREO.0 | FRONT_CENTRE | LOW_FREQUENCIES | BACK);
    pub const SURROUND_7_1: Self = Self(Self::SURROUND_5_1.0 | SIDE);

    /// What so many channels mean where nothing else is said; `None` for none and for too many.
    pub const fn usual(channels: usize) -> Option<Self> {
        Some(match channels {
            1 => Self::MONO,
            2 => Self::STEREO,
            3 => Self(Self::STEREO.0 | FRONT_CENTRE),
            4 => Self(Self::STEREO.0 | BACK),
            5 => Self(Self::STEREO.0 | FRONT_CENTRE | BACK),
            6 => Self::SURROUND_5_1,
            7 => Self(Self::STEREO.0 | FRONT_CENTRE | LOW_FREQUENCIES | BACK_CENTRE | SIDE),
            8 => Self::SURROUND_7_1,
            _ => return None,
        })
    }

    /// The layout of a WAVE channel mask; `None` for no channels and for too many.
    pub const fn from_mask(mask: u32) -> Option<Self> {
        match mask.count_ones() as usize {
            1..=Self::MOST_CHANNELS => Some(Self(mask)),
            _ => None,
        }
    }

    /// The WAVE channel mask.
    pub const fn mask(self) -> u32 {
        self.0
    }

    /// How many channels there are.
    pub const fn channels(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Where each channel of the order that Vorbis, Opus and their containers have stands in this
    /// layout; `None` where they know no such layout. Surround at the sides or at the back is one.
    pub(crate) fn vorbis_order(self) -> Option<&'static [usize]> {
        let usual = Self::usual(self.channels())?;
        let sides_as_back = match self.0 & (BACK | SIDE) {
            SIDE => Self((self.0 & !SIDE) | BACK),
            _ => self,
        };
        if usual != self && usual != sides_as_back {
            return None;
        }
        Some(match self.channels() {
            3 => &[0, 2, 1],
            5 => &[0, 2, 1, 3, 4],
            6 => &[0, 2, 1, 4, 5, 3],
            7 => &[0, 2, 1, 5, 6, 4, 3],
            8 => &[0, 2, 1, 6, 7, 4, 5, 3],
            channels => &[0, 1, 2, 3][..channels],
        })
    }
}

const BACK: u32 = BACK_LEFT | BACK_RIGHT;
const SIDE: u32 = SIDE_LEFT | SIDE_RIGHT;
