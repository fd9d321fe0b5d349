//! Fragmented MP4 (ISO/IEC 14496-12) with one track of audio: what a browser's `MediaSource` joins
//! without a gap.
//!
//! The rules were found by measuring browsers: every sample keeps its full duration, the last one too;
//! there are no edit lists, and the decoder is told of no delay. What is too much at both ends is cut by
//! whoever plays, who is told the delay and the exact number of frames beside the stream.

mod boxes;
mod description;

use boxes::{boxed, counted, full};
pub(crate) use description::{Coding, Description};

/// The only track.
const TRACK: u32 = 1;
/// Nothing of it depends on anything else: every sample can be begun with.
const SYNC_SAMPLE: u32 = 0x0200_0000;
/// Nothing is turned, moved or scaled.
const IDENTITY: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
/// The language of sound that has none: "und", five bits a letter.
const NO_LANGUAGE: u16 = 0x55C4;

/// Writes a stream: the begin, then fragments.
pub(crate) struct Fragments {
    description: Description,
    begun: bool,
    sequence: u32,
    /// When the open fragment begins, in frames on the timeline.
    begins_at: u64,
    /// Bytes and frames of each packet in the open fragment.
    samples: Vec<(u32, u32)>,
    data: Vec<u8>,
}

impl Fragments {
    /// A stream whose first packet stands at `begins_at` on the timeline of frames.
    pub(crate) fn new(description: Description, begins_at: u64) -> Self {
        let (samples, data) = (Vec::new(), Vec::new());
        Self { description, begun: false, sequence: 0, begins_at, samples, data }
    }

    /// The same, without the begin of the stream.
    pub(crate) fn without_begin(self) -> Self {
        Self { begun: true, ..self }
    }

    /// How many frames the open fragment holds.
    pub(crate) fn open_frames(&self) -> u64 {
        self.samples.iter().map(|(_, frames)| u64::from(*frames)).sum()
    }

    /// Adds a packet of so many frames behind the others.
    pub(crate) fn add(&mut self, packet: &[u8], frames: usize) {
        self.samples.push((small(packet.len()), small(frames)));
        self.data.extend_from_slice(packet);
    }

    /// Writes the begin of the stream, unless it was written.
    pub(crate) fn begin(&mut self, out: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.begun, true) {
            boxed(out, *b"ftyp", |out| out.extend_from_slice(b"iso6\0\0\0\0iso6mp41"));
            self.movie(out);
        }
    }

    /// Writes what was added as a fragment, if there is anything.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>) {
        self.begin(out);
        if self.samples.is_empty() {
            return;
        }
        self.sequence += 1;
        let start = out.len();
        let mut offset_at = 0;
        boxed(out, *b"moof", |out| {
            full(out, *b"mfhd", 0, 0, |out| put(out, self.sequence));
            boxed(out, *b"traf", |out| {
                // Offsets count from the begin of the fragment; what all samples are.
                full(out, *b"tfhd", 0, 0x02_0020, |out| {
                    put(out, TRACK);
                    put(out, SYNC_SAMPLE);
                });
                full(out, *b"tfdt", 1, 0, |out| {
                    out.extend_from_slice(&self.begins_at.to_be_bytes());
                });
                // With an offset, and each sample's duration and size.
                full(out, *b"trun", 0, 0x301, |out| {
                    counted(out, self.samples.len());
                    offset_at = out.len();
                    put(out, 0);
                    for (bytes, frames) in &self.samples {
                        put(out, *frames);
                        put(out, *bytes);
                    }
                });
            });
        });
        let offset = small(out.len() - start) + 8;
        out[offset_at..offset_at + 4].copy_from_slice(&offset.to_be_bytes());
        boxed(out, *b"mdat", |out| out.extend_from_slice(&self.data));
        self.begins_at += self.open_frames();
        self.samples.clear();
        self.data.clear();
    }

    fn movie(&self, out: &mut Vec<u8>) {
        let rate = self.description.rate;
        boxed(out, *b"moov", |out| {
            full(out, *b"mvhd", 0, 0, |out| {
                // Times of making, the timescale, and a duration that is not known.
                put_all(out, &[0, 0, rate, 0]);
                put(out, 0x1_0000);
                out.extend_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                put_all(out, &IDENTITY);
                out.extend_from_slice(&[0; 24]);
                put(out, TRACK + 1);
            });
            boxed(out, *b"trak", |out| {
                // Enabled, and a part of the movie.
                full(out, *b"tkhd", 0, 3, |out| {
                    put_all(out, &[0, 0, TRACK, 0, 0, 0, 0, 0]);
                    // Full volume.
                    out.extend_from_slice(&[1, 0, 0, 0]);
                    put_all(out, &IDENTITY);
                    put_all(out, &[0, 0]);
                });
                boxed(out, *b"mdia", |out| self.media(out));
            });
            boxed(out, *b"mvex", |out| {
                full(out, *b"trex", 0, 0, |out| {
                    put_all(out, &[TRACK, 1, 0, 0, 0]);
                });
            });
        });
    }

    fn media(&self, out: &mut Vec<u8>) {
        full(out, *b"mdhd", 0, 0, |out| {
            put_all(out, &[0, 0, self.description.rate, 0]);
            out.extend_from_slice(&NO_LANGUAGE.to_be_bytes());
            out.extend_from_slice(&[0; 2]);
        });
        full(out, *b"hdlr", 0, 0, |out| {
            put(out, 0);
            out.extend_from_slice(b"soun");
            out.extend_from_slice(&[0; 12]);
            out.extend_from_slice(b"sound\0");
        });
        boxed(out, *b"minf", |out| {
            full(out, *b"smhd", 0, 0, |out| put(out, 0));
            boxed(out, *b"dinf", |out| {
                full(out, *b"dref", 0, 0, |out| {
                    counted(out, 1);
                    // In this file.
                    full(out, *b"url ", 0, 1, |_| {});
                });
            });
            boxed(out, *b"stbl", |out| {
                full(out, *b"stsd", 0, 0, |out| {
                    counted(out, 1);
                    self.description.write(out);
                });
                // All samples are in fragments.
                for name in [*b"stts", *b"stsc", *b"stco"] {
                    full(out, name, 0, 0, |out| put(out, 0));
                }
                full(out, *b"stsz", 0, 0, |out| {
                    put_all(out, &[0, 0]);
                });
            });
        });
    }
}

fn put(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

fn put_all(out: &mut Vec<u8>, values: &[u32]) {
    for value in values {
        put(out, *value);
    }
}

/// Fragments are seconds long: they have far fewer bytes than a box may have.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
