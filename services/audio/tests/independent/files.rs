//! Files of every format that ffmpeg, and for `WavPack` its own encoder, make of the same music.

use std::path::Path;

use crate::programs::run;
use crate::signals::{float_wav, music};

/// How a file is made, and what must be found in it.
pub(crate) struct File {
    pub(crate) name: &'static str,
    /// ffmpeg's arguments for the encoder.
    pub(crate) arguments: &'static [&'static str],
    /// Those of `WavPack`'s encoder, which makes the file of what ffmpeg made.
    pub(crate) wavpack: Option<&'static [&'static str]>,
    pub(crate) channels: usize,
    pub(crate) rate: u32,
    /// How like ffmpeg's own samples ours are at least, in dB.
    pub(crate) alike: f64,
}

const fn file(
    name: &'static str,
    arguments: &'static [&'static str],
    channels: usize,
    rate: u32,
    alike: f64,
) -> File {
    File { name, arguments, wavpack: None, channels, rate, alike }
}

/// A `WavPack` file of samples in ffmpeg's `coding`.
const fn wavpack(
    name: &'static str,
    coding: &'static [&'static str],
    wavpack: &'static [&'static str],
    channels: usize,
    rate: u32,
) -> File {
    File { name, arguments: coding, wavpack: Some(wavpack), channels, rate, alike: EXACT }
}

const U8: &[&str] = &["-c:a", "pcm_u8"];
const S16: &[&str] = &["-c:a", "pcm_s16le"];
const S24: &[&str] = &["-c:a", "pcm_s24le"];
const S32: &[&str] = &["-c:a", "pcm_s32le"];
const F32: &[&str] = &["-c:a", "pcm_f32le"];

/// Bit by bit.
const EXACT: f64 = f64::INFINITY;
/// The decoders round differently.
const FLOAT: f64 = 100.0;
/// Opus decoders differ by their 16 bits.
const OPUS: f64 = 70.0;

pub(crate) const FILES: [File; 65] = [
    file("u8.wav", &["-c:a", "pcm_u8"], 2, 44_100, EXACT),
    file("s16.wav", &["-c:a", "pcm_s16le"], 2, 44_100, EXACT),
    file("s24.wav", &["-c:a", "pcm_s24le"], 2, 192_000, EXACT),
    file("s32.wav", &["-c:a", "pcm_s32le"], 1, 8_000, EXACT),
    file("f32.wav", &["-c:a", "pcm_f32le"], 6, 48_000, EXACT),
    file("f64.wav", &["-c:a", "pcm_f64le"], 8, 48_000, EXACT),
    file("rf64.wav", &["-rf64", "always", "-c:a", "pcm_s16le"], 2, 44_100, EXACT),
    file("s16.aiff", &["-c:a", "pcm_s16be"], 2, 44_100, EXACT),
    file("s24.aiff", &["-c:a", "pcm_s24be"], 2, 96_000, EXACT),
    file("s8.aiff", &["-c:a", "pcm_s8"], 1, 22_050, EXACT),
    file("f32.aiff", &["-c:a", "pcm_f32be"], 2, 44_100, EXACT),
    file("sowt.aiff", &["-c:a", "pcm_s16le"], 2, 44_100, EXACT),
    file("16.flac", &["-c:a", "flac", "-sample_fmt", "s16"], 2, 44_100, EXACT),
    file("24.flac", &["-c:a", "flac", "-sample_fmt", "s32"], 2, 192_000, EXACT),
    file("mono.flac", &["-c:a", "flac", "-sample_fmt", "s16"], 1, 8_000, EXACT),
    file("5.1.flac", &["-c:a", "flac", "-sample_fmt", "s16"], 6, 48_000, EXACT),
    file("7.1.flac", &["-c:a", "flac", "-sample_fmt", "s32"], 8, 96_000, EXACT),
    file("flac.oga", &["-c:a", "flac", "-sample_fmt", "s16"], 2, 44_100, EXACT),
    file("16.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"], 2, 44_100, EXACT),
    file("24.m4a", &["-c:a", "alac", "-sample_fmt", "s32p"], 2, 96_000, EXACT),
    file("mono-alac.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"], 1, 44_100, EXACT),
    file("5.1-alac.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"], 6, 48_000, EXACT),
    file("128.m4a", &["-c:a", "aac", "-b:a", "128k"], 2, 44_100, FLOAT),
    file("mono.m4a", &["-c:a", "aac", "-b:a", "64k"], 1, 22_050, FLOAT),
    file("no-noise.m4a", &["-c:a", "aac", "-b:a", "128k", "-aac_pns", "0"], 2, 44_100, FLOAT),
    file("48.m4a", &["-c:a", "aac", "-b:a", "256k", "-movflags", "+faststart"], 2, 48_000, FLOAT),
    file("3.0.m4a", &["-c:a", "aac", "-b:a", "192k"], 3, 48_000, FLOAT),
    file("5.1.m4a", &["-c:a", "aac", "-b:a", "384k"], 6, 48_000, FLOAT),
    file("7.1.m4a", &["-c:a", "aac", "-b:a", "512k"], 8, 48_000, FLOAT),
    file("128.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"], 2, 44_100, FLOAT),
    file("320.mp3", &["-c:a", "libmp3lame", "-b:a", "320k"], 2, 48_000, FLOAT),
    file("v0.mp3", &["-c:a", "libmp3lame", "-q:a", "0"], 2, 44_100, FLOAT),
    file("mono.mp3", &["-c:a", "libmp3lame", "-b:a", "64k"], 1, 44_100, FLOAT),
    file("low.mp3", &["-c:a", "libmp3lame", "-b:a", "8k"], 1, 16_000, FLOAT),
    file("mpeg-2.5.mp3", &["-c:a", "libmp3lame", "-b:a", "16k"], 1, 8_000, FLOAT),
    file("bare.mp3", &["-c:a", "libmp3lame", "-b:a", "192k", "-write_xing", "0"], 2, 44_100, FLOAT),
    file("q5.ogg", &["-c:a", "libvorbis", "-q:a", "5"], 2, 44_100, FLOAT),
    file("mono.ogg", &["-c:a", "libvorbis", "-q:a", "1"], 1, 8_000, FLOAT),
    file("5.1.ogg", &["-c:a", "libvorbis", "-q:a", "5"], 6, 48_000, FLOAT),
    file("3.0.ogg", &["-c:a", "libvorbis", "-q:a", "1"], 3, 48_000, FLOAT),
    file("coupled.ogg", &["-c:a", "libvorbis", "-q:a", "1"], 6, 48_000, FLOAT),
    file("7.1.ogg", &["-c:a", "libvorbis", "-q:a", "5"], 8, 48_000, FLOAT),
    file("96.ogg", &["-c:a", "libvorbis", "-q:a", "8"], 2, 96_000, FLOAT),
    file("128.opus", &["-c:a", "libopus", "-b:a", "128k"], 2, 48_000, OPUS),
    file(
        "speech.opus",
        &["-c:a", "libopus", "-b:a", "16k", "-application", "voip"],
        1,
        48_000,
        OPUS,
    ),
    file(
        "60ms.opus",
        &["-c:a", "libopus", "-b:a", "64k", "-frame_duration", "60"],
        2,
        48_000,
        OPUS,
    ),
    file(
        "2.5ms.opus",
        &["-c:a", "libopus", "-b:a", "128k", "-frame_duration", "2.5"],
        2,
        48_000,
        OPUS,
    ),
    file("5.1.opus", &["-c:a", "libopus", "-b:a", "320k"], 6, 48_000, OPUS),
    wavpack("16.wv", S16, &[], 2, 44_100),
    wavpack("fast.wv", S16, &["-f", "-j0"], 2, 48_000),
    wavpack("highest.wv", S16, &["-hh", "-x6"], 2, 44_100),
    wavpack("mono.wv", S16, &["-h"], 1, 8_000),
    wavpack("8.wv", U8, &["-x"], 2, 22_050),
    wavpack("24.wv", S24, &["-h", "--blocksize=4096"], 2, 192_000),
    wavpack("32.wv", S32, &["-x3"], 2, 48_000),
    wavpack("float.wv", F32, &[], 2, 44_100),
    wavpack("odd-rate.wv", S16, &[], 2, 37_001),
    wavpack("5.1.wv", S24, &["-hh"], 6, 48_000),
    wavpack("7.1.wv", F32, &["-f"], 8, 48_000),
    wavpack("hybrid.wv", S16, &["-b256"], 2, 44_100),
    wavpack("hybrid-24.wv", S24, &["-b4", "-x", "-j0"], 2, 96_000),
    wavpack("hybrid-float.wv", F32, &["-b5.5", "-hh"], 1, 44_100),
    wavpack("hybrid-5.1.wv", S16, &["-b3"], 6, 48_000),
    file("theirs.wv", &["-c:a", "wavpack", "-sample_fmt", "s16p"], 2, 44_100, EXACT),
    file("7.1.opus", &["-c:a", "libopus", "-b:a", "450k"], 8, 48_000, OPUS),
];

impl File {
    /// Whether the file says how many frames it has, and rightly.
    pub(crate) fn is_exact_in_length(&self) -> bool {
        !["bare.mp3", "low.mp3"].contains(&self.name)
    }

    /// Makes the file of some seconds of music: how many frames it has is odd.
    pub(crate) fn make(&self, folder: &Path) -> Vec<f32> {
        let frames = self.rate as usize * 4 + 321;
        let samples = music(frames, self.channels, self.rate);
        let wav = float_wav(&samples, u16::try_from(self.channels).unwrap(), self.rate);
        std::fs::write(folder.join("music.wav"), wav).unwrap();
        let input = ["-v", "error", "-y", "-i", "music.wav"];
        let name = if self.wavpack.is_some() { "coded.wav" } else { self.name };
        run("ffmpeg", folder, &[&input, self.arguments, &[name]].concat());
        if let Some(wavpack) = self.wavpack {
            run("wavpack", folder, &[&["-q", "-y"], wavpack, &[name, "-o", self.name]].concat());
        }
        samples
    }
}
