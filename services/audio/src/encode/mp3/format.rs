//! What the standards fix (ISO 11172-3 and ISO 13818-3): rates, headers and the bands that share a
//! scalefactor.

use super::EncodeError;

/// Frames of samples, and lines of a spectrum, in a granule.
pub(super) const GRANULE: usize = 576;
/// The most bands of a granule: 13 of three short windows each.
pub(super) const MOST_BANDS: usize = 39;

/// By how many samples decoders are late, which a stream's delay does not count.
const DECODER_DELAY: usize = 529;

/// Rates in Hz; the first three are MPEG-1, with two granules a frame, the others MPEG-2, with one.
pub(super) const RATES: [u32; 6] = [44_100, 48_000, 32_000, 22_050, 24_000, 16_000];

const MPEG_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// Lines of each band of a long window, for each of [`RATES`].
const LONG: [[usize; 22]; 6] = [
    [4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158],
    [4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192],
    [4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26],
    [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
    [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36],
    [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
];
/// Lines of each band of a short window.
const SHORT: [[usize; 13]; 6] = [
    [4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56],
    [4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66],
    [4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12],
    [4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18],
    [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12],
    [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18],
];
/// What is added to the scalefactors of long windows where a flag says so.
const EMPHASIS: [u8; 22] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0];

/// The most of a band that may be noise, and the frequency at which it would be all.
const MOST_NOISE: f32 = 0.6;
const HALF_NOISE_AT: f32 = 8000.0;

/// How a granule is cut into windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Window {
    #[default]
    Long,
    /// Long, with a steep end in front of short ones.
    Start,
    /// Three short ones.
    Short,
    /// Long, with a steep beginning behind short ones.
    Stop,
}

/// The bands of one kind of window, in the order in which they are coded: of short windows each band
/// three times.
pub(super) struct Bands {
    /// Where each band begins, and the end.
    pub(super) edges: Vec<usize>,
    /// The largest scalefactor of each band; the last ones have none.
    pub(super) most: Vec<u8>,
    pub(super) emphasis: Vec<u8>,
    pub(super) windows: usize,
    /// How much of what is in each band may be noise, where that can be heard: of low frequencies
    /// little, for their lines are few and the ear is fine.
    pub(super) most_noise: Vec<f32>,
}

impl Bands {
    fn new(lines: &[usize], windows: usize, coarse_from: usize, rate: u32) -> Self {
        let mut edges = vec![0];
        let (mut most, mut emphasis) = (Vec::new(), Vec::new());
        for (band, &lines) in lines.iter().enumerate() {
            for _ in 0..windows {
                edges.push(edges[edges.len() - 1] + lines);
                most.push(if band < coarse_from { 15 } else { 7 });
                emphasis.push(if windows == 1 { EMPHASIS[band] } else { 0 });
            }
        }
        let most_noise = edges.windows(2).map(|edges| {
            let middle = (edges[0] + edges[1]) as f32 / 2.0;
            let frequency = middle / GRANULE as f32 * rate as f32 / 2.0;
            (frequency / HALF_NOISE_AT).clamp(0.01, MOST_NOISE)
        });
        let most_noise = most_noise.collect();
        let last = most.len() - windows;
        most[last..].fill(0);
        Self { edges, most, emphasis, windows, most_noise }
    }

    pub(super) fn count(&self) -> usize {
        self.most.len()
    }

    /// The lines of a band.
    pub(super) fn lines(&self, band: usize) -> std::ops::Range<usize> {
        self.edges[band]..self.edges[band + 1]
    }
}

/// One format of frames.
pub(super) struct Format {
    pub(super) sample_rate: u32,
    pub(super) channels: usize,
    index: usize,
    long: Bands,
    short: Bands,
}

impl Format {
    pub(super) fn new(sample_rate: u32, channels: usize) -> Result<Self, EncodeError> {
        let index = RATES
            .iter()
            .position(|&rate| rate == sample_rate)
            .ok_or(EncodeError::Unsupported("MP3 at such a sampling rate: resample it"))?;
        let long = Bands::new(&LONG[index], 1, 11, sample_rate);
        let short = Bands::new(&SHORT[index], 3, 6, sample_rate);
        Ok(Self { sample_rate, channels, index, long, short })
    }

    pub(super) fn is_mpeg_1(&self) -> bool {
        self.index < 3
    }

    /// Granules of each channel in a frame.
    pub(super) fn granules(&self) -> usize {
        if self.is_mpeg_1() { 2 } else { 1 }
    }

    /// Frames of samples in a frame.
    pub(super) fn duration(&self) -> usize {
        self.granules() * GRANULE
    }

    /// By how many samples we are late. MPEG-1 has what LAME has; MPEG-2 a little more, so that all that
    /// is not music fills frames: else ffmpeg trims less than 47 samples of music wrongly.
    pub(super) fn delay(&self) -> usize {
        if self.is_mpeg_1() { 576 } else { 2 * self.duration() - DECODER_DELAY }
    }

    /// By how many samples what is decoded is late.
    pub(super) fn decoded_delay(&self) -> usize {
        self.delay() + DECODER_DELAY
    }

    pub(super) fn bands(&self, window: Window) -> &Bands {
        if window == Window::Short { &self.short } else { &self.long }
    }

    /// Bitrates in kbit/s by their numbers in headers; the first means none of them.
    pub(super) fn bitrates(&self) -> &'static [u32; 15] {
        if self.is_mpeg_1() { &MPEG_1 } else { &MPEG_2 }
    }

    /// The number of a bitrate in kbit/s.
    pub(super) fn bitrate_index(&self, kbps: u32) -> Option<usize> {
        self.bitrates().iter().position(|&bitrate| bitrate == kbps && kbps > 0)
    }

    /// Bytes of so many frames of a bitrate, with the padding that makes the bitrate exact.
    pub(super) fn bytes(&self, bitrate: usize, frames: u64) -> u64 {
        let bits = u64::from(self.bitrates()[bitrate]) * 1000 * self.duration() as u64;
        let exact = u128::from(bits) * u128::from(frames) / u128::from(self.sample_rate) / 8;
        u64::try_from(exact).unwrap_or(u64::MAX)
    }

    /// Bytes of a frame without padding.
    pub(super) fn frame_bytes(&self, bitrate: usize) -> usize {
        self.bytes(bitrate, 1) as usize
    }

    /// Bytes of the header with the side information.
    pub(super) fn head_bytes(&self) -> usize {
        4 + match (self.is_mpeg_1(), self.channels) {
            (true, 1) => 17,
            (true, _) => 32,
            (false, 1) => 9,
            (false, _) => 17,
        }
    }

    /// How many bytes before a frame its audio may begin.
    pub(super) fn most_reservoir(&self) -> usize {
        if self.is_mpeg_1() { 511 } else { 255 }
    }

    /// The first four bytes of a frame. `mid_side` says how two channels are coded.
    pub(super) fn header(&self, bitrate: usize, padding: bool, mid_side: bool) -> [u8; 4] {
        let version = if self.is_mpeg_1() { 0xFB } else { 0xF3 };
        let third = bitrate << 4 | (self.index % 3) << 2 | usize::from(padding) << 1;
        // All two-channel frames are of the joint kind, whether they make use of it or not: some
        // players take a change of the kind for another stream.
        let mode = match (self.channels, mid_side) {
            (1, _) => 0xC0,
            (_, false) => 0x40,
            (_, true) => 0x60,
        };
        // An original.
        [0xFF, version, third as u8, mode | 4]
    }
}
