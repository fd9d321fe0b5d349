//! Parts of a file, amplified or not, and what players are told of them.

use std::ops::ControlFlow;

use hexachord_audio::{
    AudioFacts, Ended, Flac, FlacSettings, Gain, Layout, Mp4Opus, OPUS_FRAME, Sink, Target,
    Transcode,
};
use hexachord_fixtures::{Format, Piece};

use crate::pipeline::{FLOATS, heard, transcoded};
use crate::support::{decoder, encoded, rest, snr, tones, wav};

const OPUS_MP4: Target = Target::OpusMp4 { bitrate: 128_000 };
const FLAC_MP4: Target = Target::FlacMp4 { bits: 16 };

#[test]
fn parts_of_a_file_are_cut_to_the_sample() {
    let bytes = Piece::new(Format::Flac, 9).bytes();
    let samples = rest(&mut decoder(bytes.clone()).unwrap()).unwrap();
    for target in [Target::Wav { bits: 16 }, Target::Flac { bits: 16 }] {
        for (start, end) in [(0, 1), (0, 5_000), (777, 12_801), (19_000, 40_000)] {
            let part = Transcode { start, end: Some(end), ..Transcode::new(target) };
            let found = heard(bytes.clone(), &part);
            let frames = start as usize * 2..(end as usize * 2).min(samples.len());
            assert!(found == samples[frames], "{target:?} {start} to {end}");
        }
    }
}

#[test]
fn parts_of_another_rate_are_the_whole_when_put_together() {
    let rate = 44_100;
    let bytes = wav(&tones(100_000, 2, rate), Layout::STEREO, rate);
    let low = Transcode { most_rate: Some(32_000), ..Transcode::new(FLOATS) };
    let opus = Transcode::new(Target::Opus { bitrate: 192_000 });
    for (transcode, enough) in [(low, 100.0), (opus, 20.0)] {
        let all = heard(bytes.clone(), &transcode);
        let mut joined = Vec::new();
        for (start, end) in [(0, 33_333), (33_333, 33_334), (33_334, 80_001), (80_001, 100_000)] {
            let part = Transcode { start, end: Some(end), ..transcode };
            joined.extend(heard(bytes.clone(), &part));
        }
        let alike = snr(&all, &joined);
        assert!(alike > enough, "{alike:.1} dB");
    }
}

/// Where each fragment begins on the timeline, and how many frames it has.
fn fragments(mut stream: &[u8]) -> Vec<(u64, u64)> {
    let word = |bytes: &[u8], at: usize| {
        u64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()))
    };
    let mut found = Vec::new();
    while !stream.is_empty() {
        let (atom, after) = stream.split_at(word(stream, 0) as usize);
        stream = after;
        if &atom[4..8] != b"moof" {
            continue;
        }
        let place = |name: &[u8]| atom.windows(4).position(|four| four == name).unwrap() + 4;
        let (time, run) = (place(b"tfdt"), place(b"trun"));
        let begins = word(atom, time + 4) << 32 | word(atom, time + 8);
        let count = word(atom, run + 4) as usize;
        let frames = (0..count).map(|packet| word(atom, run + 12 + 8 * packet)).sum();
        found.push((begins, frames));
    }
    found
}

#[test]
fn mp4_streams_stand_on_the_timeline_of_the_file() {
    let rate = 44_100;
    let bytes = wav(&tones(200_000, 2, rate), Layout::STEREO, rate);
    for target in [OPUS_MP4, FLAC_MP4] {
        for (start, end) in [(0, None), (1, None), (882, None), (100_003, Some(150_000))] {
            let transcode = Transcode { start, end, ..Transcode::new(target) };
            let mut source = decoder(bytes.clone()).unwrap();
            let facts = transcode.stream_facts(source.facts());
            let found = fragments(&transcoded(&mut source, &transcode));
            let what = format!("{transcode:?}: {facts:?}, {found:?}");
            let rate = u64::from(rate);
            let scaled = |frame: u64| (frame * u64::from(facts.sample_rate) + rate / 2) / rate;
            let frames = facts.frames.unwrap();
            assert_eq!(facts.start, scaled(start), "{what}");
            assert_eq!(frames, scaled(end.unwrap_or(200_000)) - facts.start, "{what}");
            for two in found.windows(2) {
                assert_eq!(two[0].0 + two[0].1, two[1].0, "{what}");
                assert!(two[1].1 < 5 * u64::from(facts.sample_rate) / 4, "{what}");
            }
            let (begin, first) = found[0];
            let (last, rest) = *found.last().unwrap();
            assert!(first <= u64::from(facts.sample_rate) / 3, "the first one is long: {what}");
            let packet = OPUS_FRAME as u64;
            if target == OPUS_MP4 {
                assert_eq!((facts.begins_at, facts.delay), (facts.start / packet * packet, 312));
                // One packet more than is told, for the decoder.
                let expected = facts.begins_at.saturating_sub(packet);
                assert_eq!(begin, expected, "{what}");
                let end = facts.start + frames + Mp4Opus::DELAY;
                assert!((end..end + packet).contains(&(last + rest)), "{what}");
            } else {
                assert_eq!((facts.begins_at, facts.delay), (facts.start, 0));
                assert_eq!((begin, last + rest), (facts.start, facts.start + frames), "{what}");
            }
        }
    }
}

#[test]
fn a_begin_behind_the_end_makes_a_stream_of_nothing() {
    let flac = FlacSettings {
        layout: Layout::STEREO,
        sample_rate: 44_100,
        bits: 16,
        dither: None,
        frames: None,
    };
    let samples = tones(30_000, 2, 44_100);
    let unknown = encoded(Flac::new(&flac).unwrap(), &samples, 2);
    let known = wav(&samples, Layout::STEREO, 44_100);
    for (bytes, frames) in [(known, Some(0)), (unknown, None)] {
        for target in [FLOATS, Target::Opus { bitrate: 96_000 }] {
            for start in [30_000, 30_001, 400_000, u64::MAX / 1_000_000] {
                let transcode = Transcode { start, ..Transcode::new(target) };
                let mut source = decoder(bytes.clone()).unwrap();
                assert_eq!(transcode.stream_facts(source.facts()).frames, frames);
                let mut stream = decoder(transcoded(&mut source, &transcode)).unwrap();
                let found = rest(&mut stream).unwrap();
                assert_eq!(found.len(), 0, "{target:?} from {start}, {frames:?}");
            }
        }
        let nothing = Transcode { start: 400_000, ..Transcode::new(Target::Flac { bits: 16 }) };
        let stream = transcoded(&mut decoder(bytes.clone()).unwrap(), &nothing);
        assert_eq!(stream.len(), 42, "its headers alone");
        for target in [OPUS_MP4, FLAC_MP4] {
            let transcode = Transcode { start: 400_000, ..Transcode::new(target) };
            let stream = transcoded(&mut decoder(bytes.clone()).unwrap(), &transcode);
            let found = fragments(&stream);
            assert!(found.len() <= 1 && found.iter().all(|(_, frames)| *frames <= 2_880));
        }
    }
}

#[test]
fn amplified_streams_are_louder_and_not_too_loud() {
    let samples = tones(150_000, 2, 48_000);
    let bytes = wav(&samples, Layout::STEREO, 48_000);
    let louder = |decibels, start| {
        let gain = Some(Gain::from_decibels(decibels));
        heard(bytes.clone(), &Transcode { gain, start, ..Transcode::new(FLOATS) })
    };
    let factor = 10_f32.powf(-6.0 / 20.0);
    let quiet: Vec<f32> = samples.iter().map(|sample| sample * factor).collect();
    assert!(louder(-6.0, 0) == quiet);
    let loud = louder(9.0, 0);
    assert!(loud.iter().all(|sample| sample.abs() <= 0.892));
    assert!(loud.iter().any(|sample| sample.abs() > 0.85));
    for start in [1, 20_000, 60_001, 149_999] {
        assert!(louder(9.0, start) == loud[start as usize * 2..], "from {start}");
    }
}

/// Wants nothing as soon as it was asked a few times, and gets nothing before that.
struct Leaving {
    asked: std::cell::Cell<u32>,
}

impl Sink for Leaving {
    fn take(&mut self, _piece: Vec<u8>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn is_wanted(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.asked.get() < 5
    }
}

#[test]
fn who_leaves_while_nothing_is_ready_stops_the_work_too() {
    let samples = tones(48_000 * 20, 2, 48_000);
    let mut source = decoder(wav(&samples, Layout::STEREO, 48_000)).unwrap();
    let mut sink = Leaving { asked: 0.into() };
    let opus = Transcode::new(Target::Opus { bitrate: 6_000 });
    assert_eq!(opus.run(&mut source, &mut sink).unwrap(), Ended::Cancelled);
    assert!(source.position() < 5 * 4_096);
}

#[test]
fn every_target_says_what_it_is() {
    let types = [
        (FLOATS, "audio/wav"),
        (Target::Flac { bits: 16 }, "audio/flac"),
        (FLAC_MP4, "audio/mp4; codecs=\"flac\""),
        (Target::Opus { bitrate: 1 }, "audio/ogg; codecs=opus"),
        (OPUS_MP4, "audio/mp4; codecs=\"opus\""),
    ];
    for (target, expected) in types {
        assert_eq!(target.content_type(), expected);
    }
    let unknown: fn(&AudioFacts) -> AudioFacts = |facts| AudioFacts { frames: None, ..*facts };
    let source = decoder(wav(&[0.5; 100], Layout::MONO, 48_000)).unwrap();
    let facts = unknown(source.facts());
    let part = Transcode { start: 10, end: Some(20), ..Transcode::new(FLOATS) };
    assert_eq!(part.stream_facts(&facts).frames, None, "a file may end before");
    assert_eq!(part.promised_bytes(&facts), None);
}
