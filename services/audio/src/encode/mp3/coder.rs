//! From samples to frames.

use super::attack::{self, Attacks};
use super::block::Block;
use super::format::{Format, GRANULE, MOST_BANDS, Window};
use super::mdct::{self, Spectrum};
use super::polyphase::{self, SLOTS, SUBBANDS, Subbands};
use super::psycho::{self, Masks, Model};
use super::rate::{Control, cutoff};
use super::stereo::MidSide;
use super::stream::Stream;
use super::{EncodeError, Mp3Rate};

/// Samples before the granule that is coded next.
const BEFORE: usize = psycho::BEFORE;
const ALL: usize = BEFORE + GRANULE + attack::AHEAD;
/// The loudest sample, 24 dB above full scale: more is nonsense.
const LOUDEST: f32 = 16.0;
/// Smaller samples are taken for silence.
const FAINTEST: f32 = 1e-12;
/// Bits that middle and side have to save in a granule.
const LEAST_GAIN: f32 = 10.0;

/// How many of the frames that are left out are coded: after so many it is about known how many bits the
/// music takes.
pub(super) const LEARNED: usize = 3;

/// How many the filterbanks on both sides are late together.
const FILTERS_DELAY: usize = 1057;

/// One channel's way to its spectrum.
struct Channel {
    /// What is known around the next granule.
    samples: Box<[f32; ALL]>,
    attacks: Attacks,
    before: Box<Subbands>,
    now: Box<Subbands>,
}

/// Codes frames.
pub(super) struct Coder {
    pub(super) format: Format,
    channels: Vec<Channel>,
    /// How many of `samples` are filled.
    filled: usize,
    model: Model,
    /// The window of the granule before, and whether the next one has an attack.
    window: Window,
    attack: bool,
    /// Of the frame that fills: both channels of a granule, then of the next.
    blocks: Vec<Block>,
    /// Granules of the frame that fills; none before the first granule, which is not coded.
    granules: Option<usize>,
    control: Control,
    stream: Stream,
    /// Above it no line is coded.
    cutoff: usize,
    /// Frames that are coded and not written.
    pub(super) unwritten: usize,
    pub(super) frames: usize,
}

impl Coder {
    /// Leaves the first frames, `unwritten`, out.
    pub(super) fn new(
        format: Format,
        rate: Mp3Rate,
        unwritten: usize,
    ) -> Result<Self, EncodeError> {
        let mut control = Control::new(&format, rate)?;
        if unwritten > 0 {
            control.learn();
        }
        let channel = || Channel {
            samples: Box::new([0.0; ALL]),
            attacks: Attacks::default(),
            before: Box::new([[0.0; SUBBANDS]; SLOTS]),
            now: Box::new([[0.0; SUBBANDS]; SLOTS]),
        };
        let channels = (0..format.channels).map(|_| channel()).collect();
        let lines = cutoff(&format, rate) * 2.0 / format.sample_rate as f32 * GRANULE as f32;
        let blocks = format.granules() * format.channels;
        let model = Model::new(&format, polyphase::noise_power());
        let mut coder = Self {
            format,
            channels,
            filled: ALL - GRANULE,
            model,
            window: Window::Long,
            attack: false,
            blocks: (0..blocks).map(|_| Block::new()).collect(),
            granules: None,
            control,
            stream: Stream::default(),
            cutoff: lines.ceil() as usize,
            unwritten,
            frames: 0,
        };
        // A granule of silence, for what begins with the first sample, and what makes the delay.
        coder.filled += GRANULE - attack::AHEAD + coder.format.decoded_delay() - FILTERS_DELAY;
        Ok(coder)
    }

    /// What is written is a segment of a stream: it begins with the stream's frame `first`, and has `len`
    /// of them, if that is known.
    pub(super) fn of_segment(mut self, first: u64, len: Option<u64>) -> Self {
        self.control.limit(first, len);
        self
    }

    /// Whether all frames of the segment are coded.
    pub(super) fn is_complete(&self) -> bool {
        self.frames >= self.unwritten && self.control.is_at_end()
    }

    /// Takes one frame of samples.
    pub(super) fn push(&mut self, frame: &[f32], out: &mut Vec<u8>) {
        for (channel, &sample) in self.channels.iter_mut().zip(frame) {
            // No number is silence, and so is what only takes time.
            let heard = if sample.abs() > FAINTEST { sample } else { 0.0 };
            channel.samples[self.filled] = heard.clamp(-LOUDEST, LOUDEST);
        }
        self.filled += 1;
        if self.filled == ALL {
            self.granule(out);
            self.filled = ALL - GRANULE;
            for channel in &mut self.channels {
                channel.samples.copy_within(GRANULE.., 0);
            }
        }
    }

    /// Appends what is left; nothing follows.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.stream.finish(out);
    }

    fn granule(&mut self, out: &mut Vec<u8>) {
        let window = self.next_window();
        let Some(granule) = self.granules else {
            // Only for what follows.
            for channel in &mut self.channels {
                channel.analyse();
            }
            self.granules = Some(0);
            return;
        };
        let bands = self.format.bands(window);
        let channels = self.format.channels;
        let blocks = &mut self.blocks[granule * channels..][..channels];
        let mut spectrum: Spectrum = [0.0; GRANULE];
        let (cutoff, parts) = if window == Window::Short {
            (self.cutoff / 3, GRANULE / 3)
        } else {
            (self.cutoff, GRANULE)
        };
        for (channel, block) in self.channels.iter_mut().zip(blocks.iter_mut()) {
            channel.analyse();
            mdct::transform(&channel.before, &channel.now, window, &mut spectrum);
            for part in spectrum.chunks_exact_mut(parts) {
                part[cutoff.min(parts)..].fill(0.0);
            }
            block.fill(&spectrum, window, bands);
        }
        let mut masks: [Masks; 2] = [[0.0; MOST_BANDS]; 2];
        let all = [&self.channels[0], &self.channels[self.channels.len() - 1]];
        let all = all.map(|channel| channel.samples.as_slice());
        self.model.masks(&all[..channels], window, &mut masks);
        for (block, masks) in blocks.iter_mut().zip(&masks) {
            block.masks = *masks;
        }
        if granule + 1 == self.format.granules() {
            self.granules = Some(0);
            self.frame(out);
        } else {
            self.granules = Some(granule + 1);
        }
    }

    /// The window of the granule that comes next.
    fn next_window(&mut self) -> Window {
        let first = BEFORE + attack::AHEAD - 1;
        let mut follows = false;
        for channel in &mut self.channels {
            follows |= channel.attacks.push(&channel.samples[first..]);
        }
        let here = std::mem::replace(&mut self.attack, follows);
        let behind_short = matches!(self.window, Window::Short);
        self.window = match (behind_short, here, follows) {
            (_, true, _) | (true, _, true) => Window::Short,
            (true, false, false) => Window::Stop,
            (false, false, true) => Window::Start,
            (false, false, false) => Window::Long,
        };
        self.window
    }

    fn frame(&mut self, out: &mut Vec<u8>) {
        if self.frames + LEARNED < self.unwritten {
            // Filters and model have heard it: that was all.
            self.frames += 1;
            return;
        }
        let mid_side = self.format.channels == 2 && self.take_mid_side();
        for block in &mut self.blocks {
            block.prepare(self.format.bands(block.window));
        }
        let (size, most_free) =
            self.control.code(&self.format, &mut self.blocks, self.stream.free());
        self.stream.add(&self.format, size, mid_side, &self.blocks, most_free);
        self.frames += 1;
        if self.frames <= self.unwritten {
            if self.frames == self.unwritten {
                self.stream.clear();
                self.control.restart();
            }
        } else {
            self.stream.take(out);
        }
    }

    /// Replaces both channels by their middle and side, in all granules, where that saves bits.
    fn take_mid_side(&mut self) -> bool {
        let louder = self.control.louder();
        let mut gain = 0.0;
        let both: [Option<MidSide>; 2] = std::array::from_fn(|granule| {
            let pair = self.blocks.chunks_exact(2).nth(granule)?;
            let bands = self.format.bands(pair[0].window);
            let both = MidSide::new(pair, bands);
            gain += both.gain(pair, bands, louder) - LEAST_GAIN;
            Some(both)
        });
        if gain > 0.0 {
            for (pair, both) in self.blocks.chunks_exact_mut(2).zip(both.iter().flatten()) {
                both.replace(pair);
            }
        }
        gain > 0.0
    }
}

impl Channel {
    fn analyse(&mut self) {
        std::mem::swap(&mut self.before, &mut self.now);
        let first = BEFORE - polyphase::BEFORE;
        polyphase::analyse(&self.samples[first..BEFORE + GRANULE], &mut self.now);
        mdct::turn(&mut self.now);
    }
}
