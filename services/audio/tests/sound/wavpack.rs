//! `WavPack` of every kind: files that its own encoder (5.6) made of the sound below, whose samples come
//! back bit by bit; places in them, damage, and what stands around blocks.

use hexachord_audio::{AudioFacts, Codec, DecodeError, Decoder, Layout, Target, Transcode};
use hexachord_fixtures::{Format, Piece, mangle};

use crate::pipeline::heard;
use crate::support::{decoder, rest, snr};

/// How samples are written in the file that was encoded.
#[derive(Clone, Copy)]
enum Written {
    Integer(u32),
    /// Of 32 bits, the lower half of them ones.
    Ones,
    Float,
}

/// A file, the encoder's arguments, and what is in it.
struct Encoded {
    name: &'static str,
    bytes: &'static [u8],
    written: Written,
    layout: Layout,
    rate: u32,
    /// The right channel is the left one.
    alike: bool,
    /// How like the sound it is, if it is not the same, in dB.
    lossy: Option<f64>,
}

macro_rules! encoded {
    ($name:literal, $written:expr, $layout:expr, $rate:literal) => {
        Encoded {
            name: $name,
            bytes: include_bytes!(concat!("files/", $name)),
            written: $written,
            layout: $layout,
            rate: $rate,
            alike: false,
            lossy: None,
        }
    };
}

use Written::{Float, Integer, Ones};
const STEREO: Layout = Layout::STEREO;

const FILES: [Encoded; 12] = [
    // -x
    encoded!("8.wv", Integer(8), STEREO, 22_050),
    // -hh -x6 --blocksize=512
    encoded!("16.wv", Integer(16), STEREO, 44_100),
    // -f -j0
    encoded!("fast.wv", Integer(16), STEREO, 44_100),
    // -h
    encoded!("mono.wv", Integer(16), Layout::MONO, 8_000),
    // --blocksize=1000
    Encoded { alike: true, ..encoded!("alike.wv", Integer(16), STEREO, 44_100) },
    // -x3
    encoded!("24.wv", Integer(24), STEREO, 96_000),
    encoded!("32.wv", Integer(32), STEREO, 48_000),
    encoded!("32-ones.wv", Ones, Layout::MONO, 48_000),
    // --blocksize=700
    encoded!("float.wv", Float, STEREO, 44_100),
    // -h --blocksize=600
    encoded!("surround.wv", Integer(16), Layout::SURROUND_5_1, 48_000),
    // -b3.5 -x
    Encoded { lossy: Some(60.0), ..encoded!("hybrid.wv", Integer(16), STEREO, 37_001) },
    // -b6
    Encoded { lossy: Some(80.0), ..encoded!("hybrid-float.wv", Float, Layout::MONO, 44_100) },
];

/// Some of them, for tests of what is harmed.
pub(crate) fn files() -> impl Iterator<Item = Vec<u8>> {
    let names = ["16.wv", "alike.wv", "32.wv", "float.wv", "surround.wv", "hybrid.wv"];
    names.into_iter().map(|name| file(name).bytes.to_vec())
}

fn file(name: &str) -> &'static Encoded {
    FILES.iter().find(|file| file.name == name).unwrap()
}

impl Encoded {
    fn frames(&self) -> usize {
        if self.layout.channels() > 2 { 1_500 } else { 3_000 }
    }

    /// The sound that was encoded: triangles over faint noise, in whole numbers.
    fn sound(&self) -> Vec<f32> {
        let channels = self.layout.channels();
        let mut noise = 1_u32;
        let mut samples = Vec::new();
        for frame in 0..self.frames() {
            for channel in 0..channels {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let phase = (frame * (channel + 3) * 97 & 0xFFFF) as i32;
                let triangle = (phase - 32_768).abs() - 16_384;
                let sample = (triangle * 3 >> 2) + (noise >> 28) as i32 - 8;
                let below = |bits: u32| (sample << bits) as f32;
                let fine = (sample << 8) + (noise >> 16 & 0xF) as i32;
                samples.push(match self.written {
                    Integer(8) => (sample >> 8) as f32 / 128.0,
                    Integer(24) => fine as f32 / 8_388_608.0,
                    Integer(32) => {
                        ((sample << 16) + (noise >> 8 & 0xFFF) as i32) as f32 / 2_147_483_648.0
                    }
                    Integer(_) => below(0) / 32_768.0,
                    Ones => ((sample << 16) + 0xFFFF) as f32 / 2_147_483_648.0,
                    Float => fine as f32 / 8_388_608.0 * 0.7,
                });
            }
        }
        if self.alike {
            for frame in samples.chunks_exact_mut(2) {
                frame[1] = frame[0];
            }
        }
        samples
    }

    fn facts(&self) -> AudioFacts {
        let codec = if self.lossy.is_some() { Codec::WavPackHybrid } else { Codec::WavPack };
        let bits = match self.written {
            Integer(bits) => bits as u8,
            Ones | Float => 32,
        };
        let frames = Some(self.frames() as u64);
        AudioFacts {
            codec,
            sample_rate: self.rate,
            layout: self.layout,
            bit_depth: Some(bits),
            frames,
        }
    }

    fn open(&self) -> Decoder {
        decoder(self.bytes.to_vec()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

#[test]
fn what_was_encoded_comes_back() {
    for file in &FILES {
        let mut decoder = file.open();
        assert_eq!(*decoder.facts(), file.facts(), "{}", file.name);
        let found = rest(&mut decoder).unwrap();
        let sound = file.sound();
        if let Some(enough) = file.lossy {
            let alike = snr(&sound, &found);
            assert!((enough..enough + 15.0).contains(&alike), "{}: {alike:.1} dB", file.name);
        } else {
            let wrong =
                sound.iter().zip(&found).position(|(one, two)| one.to_bits() != two.to_bits());
            assert_eq!((found.len(), wrong), (sound.len(), None), "{}", file.name);
        }
    }
}

/// What the hybrid mode leaves out is its encoder's choice: these are the samples of its own decoder.
#[test]
fn what_is_nearly_right_is_wrong_by_as_much_as_it_should_be() {
    for (name, expected) in [
        ("hybrid.wv", "54d6ddffc88e4bb3b0c8020a4d0f584b28c7a8158f7313c5b8b7ed8deb3420e0"),
        ("hybrid-float.wv", "f6ddbc3d4fc81310e5a00276a1374b7668a6b8913c32219cc7ecc842b717764d"),
    ] {
        let samples = rest(&mut file(name).open()).unwrap();
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), expected, "{name}");
    }
}

#[test]
fn every_place_is_found_at_once() {
    let many_blocks = Piece { frames: 700, ..Piece::new(Format::WavPack, 3) }.bytes();
    let files = FILES.iter().map(|file| file.bytes.to_vec()).chain([many_blocks]);
    for bytes in files {
        let mut source = decoder(bytes.clone()).unwrap();
        let channels = source.facts().layout.channels();
        let all = rest(&mut source).unwrap();
        let frames = all.len() / channels;
        for place in [0, 1, 127, 128, 129, 511, 512, 1_023, frames / 2, frames - 1, frames, 7] {
            for mut source in [&mut source, &mut decoder(bytes.clone()).unwrap()] {
                source.seek_to(place as u64).unwrap();
                assert!(rest(&mut source).unwrap() == all[place * channels..], "from {place}");
            }
        }
    }
}

/// Where each block begins, and the end of the last one.
fn blocks(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    while bytes[*starts.last().unwrap()..].starts_with(b"wvpk") {
        let at = *starts.last().unwrap();
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap());
        starts.push(at + 8 + size as usize);
    }
    starts
}

#[test]
fn a_damaged_block_is_silent_for_as_long_as_it_was() {
    // How many blocks have the same frames.
    for (name, together) in [("16.wv", 1), ("float.wv", 1), ("surround.wv", 4)] {
        let file = file(name);
        let channels = file.layout.channels();
        let starts = blocks(file.bytes);
        let sound = file.sound();
        for damaged in starts[..starts.len() - 1].chunks(together) {
            for (at, length) in [(50, 4), (4, 1), (0, 32)] {
                if (damaged[0], at) == (0, 0) {
                    // Nothing tells what the file is.
                    continue;
                }
                let mut bytes = file.bytes.to_vec();
                for start in damaged {
                    bytes[start + at..][..length].iter_mut().for_each(|byte| *byte ^= 0x55);
                }
                let found = rest(&mut decoder(bytes).unwrap()).unwrap();
                let number = |at: usize| {
                    let bytes = file.bytes[damaged[0] + at..][..4].try_into().unwrap();
                    u32::from_le_bytes(bytes) as usize * channels
                };
                let lost = number(16)..number(16) + number(20);
                let what = format!("{name}: {lost:?}, {length} bytes at {at}");
                // Of a last block without a header nobody knows.
                let is_unknown = lost.end == sound.len() && at < 32;
                assert_eq!(
                    found.len(),
                    if is_unknown { lost.start } else { sound.len() },
                    "{what}"
                );
                for (number, (one, two)) in sound.iter().zip(&found).enumerate() {
                    let expected = if lost.contains(&number) { 0.0 } else { *one };
                    assert!(expected.to_bits() == two.to_bits(), "{what}: {number}");
                }
            }
        }
    }
}

#[test]
fn one_channel_can_be_lost_alone() {
    let file = file("surround.wv");
    let mut bytes = file.bytes.to_vec();
    let starts = blocks(&bytes);
    bytes[starts[1] + 100] ^= 0x55;
    let found = rest(&mut decoder(bytes).unwrap()).unwrap();
    for (number, (one, two)) in file.sound().iter().zip(&found).enumerate() {
        let is_lost = number % 6 == 2 && number / 6 < 600;
        assert!(*two == if is_lost { 0.0 } else { *one }, "{number}");
    }
}

/// Its blocks have no checksums, and can be changed.
fn piece() -> (Vec<u8>, Vec<f32>) {
    let bytes = Piece { frames: 30, ..Piece::new(Format::WavPack, 5) }.bytes();
    let samples = rest(&mut decoder(bytes.clone()).unwrap()).unwrap();
    assert_eq!(samples.len(), 30 * 128 * 2);
    (bytes, samples)
}

#[test]
fn a_length_that_is_not_told_is_found() {
    let (bytes, samples) = piece();
    let changed = |change: &dyn Fn(&mut [u8])| {
        let mut bytes = bytes.clone();
        let starts = blocks(&bytes);
        for start in &starts[..starts.len() - 1] {
            change(&mut bytes[*start..start + 32]);
        }
        mangle::mp3_with_id3v2(&mangle::mp3_with_trailing_tags(&bytes), 500)
    };
    let unknown = changed(&|header| header[12..16].fill(0xFF));
    // Cut out of a longer file: numbers of frames need more than 32 bits.
    let within = changed(&|header| header[10..12].fill(2));
    for bytes in [unknown, within] {
        let mut decoder = decoder(bytes).unwrap();
        assert_eq!(decoder.facts().frames, Some(30 * 128));
        assert!(rest(&mut decoder).unwrap() == samples);
        decoder.seek_to(1_000).unwrap();
        assert!(rest(&mut decoder).unwrap() == samples[2_000..]);
    }
}

#[test]
fn other_things_between_blocks_are_passed_over() {
    let (bytes, samples) = piece();
    let starts = blocks(&bytes);
    let silent_block = [&b"wvpk\x18\0\0\0\x10\x04"[..], &[0; 22]].concat();
    let junk = b"wvpk and w, wv, wvp: none of them is a block".repeat(40);
    let other = [&silent_block[..], &junk, &silent_block].concat();
    let mut mixed = other.clone();
    for block in starts.windows(2) {
        mixed.extend(&bytes[block[0]..block[1]]);
        mixed.extend(&other);
    }
    let mut decoder = decoder(mixed).unwrap();
    assert_eq!(decoder.facts().frames, Some(30 * 128));
    assert!(rest(&mut decoder).unwrap() == samples);
    decoder.seek_to(2_500).unwrap();
    assert!(rest(&mut decoder).unwrap() == samples[5_000..]);
    // The beginning is missing, and what is left of it tells how long that was.
    let mut decoder = crate::support::decoder(bytes[20..].to_vec());
    assert!(matches!(decoder.as_mut().err(), Some(DecodeError::Unknown)), "no block at the start");
    let mut headless = bytes;
    headless[40..starts[1] + 8].fill(0x33);
    let found = rest(&mut crate::support::decoder(headless).unwrap()).unwrap();
    assert!(found[..512].iter().all(|sample| *sample == 0.0) && found[512..] == samples[512..]);
}

#[test]
fn what_cannot_be_played_is_refused_in_words() {
    let (mut bytes, _) = piece();
    bytes[27] |= 0x80;
    let error = decoder(bytes).err().unwrap();
    assert_eq!(error.to_string(), "not supported: DSD in WavPack");
    let mut crowded = file("surround.wv").bytes.to_vec();
    let at = crowded.windows(3).position(|bytes| bytes == [0x4D, 2, 6] || bytes == [0x0D, 1, 6]);
    crowded[at.unwrap() + 2] = 9;
    let error = decoder(crowded).err().unwrap();
    assert_eq!(error.to_string(), "not supported: more than eight channels");
    let error = decoder(b"wvpk and no more".to_vec()).err().unwrap();
    assert_eq!(error.to_string(), "damaged: WavPack without a block of audio");
}

#[test]
fn streams_are_made_of_it() {
    let stereo =
        heard(file("surround.wv").bytes.to_vec(), &Transcode::new(Target::Wav { bits: 16 }));
    assert_eq!(stereo.len(), 3_000);
    let file = file("24.wv");
    let whole = heard(file.bytes.to_vec(), &Transcode::new(Target::Flac { bits: 24 }));
    assert!(whole == file.sound(), "through another lossless format");
}
