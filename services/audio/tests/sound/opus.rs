//! Opus there and back.

use hexachord_audio::{Codec, EncodeError, Layout, OPUS_WARM_UP, OggOpus, OpusSettings};

use crate::support::{decoder, encoded, opus, rest, snr, tones};

#[test]
fn every_length_comes_back_in_every_layout() {
    for channels in 1..=8 {
        let layout = Layout::usual(channels).unwrap();
        for frames in [0, 1, 647, 648, 649, 960, 9_601] {
            let samples = tones(frames, channels, 48_000);
            let mut decoder = decoder(opus(&samples, layout, 0)).unwrap();
            let facts = *decoder.facts();
            assert_eq!((facts.codec, facts.sample_rate), (Codec::Opus, 48_000));
            assert_eq!((facts.layout, facts.frames), (layout, Some(frames as u64)));
            let found = rest(&mut decoder).unwrap();
            assert_eq!(found.len(), samples.len(), "{channels} channels, {frames} frames");
            if frames > 9_000 {
                // Each channel at its place: another one's tone would have nothing in common.
                for channel in (0..channels).filter(|&channel| channels < 6 || channel != 3) {
                    let of = |all: &[f32]| -> Vec<f32> {
                        all.iter().skip(channel).step_by(channels).copied().collect()
                    };
                    let alike = snr(&of(&samples), &of(&found));
                    assert!(alike > 8.0, "channel {channel} of {channels}: {alike:.1} dB");
                }
            }
        }
    }
}

#[test]
fn a_warm_up_is_not_heard() {
    let samples = tones(30_000, 2, 48_000);
    let start = 11_111;
    let stream = opus(&samples[(start - OPUS_WARM_UP) * 2..], Layout::STEREO, OPUS_WARM_UP);
    let mut decoder = decoder(stream).unwrap();
    assert_eq!(decoder.facts().frames, Some(30_000 - 11_111));
    let found = rest(&mut decoder).unwrap();
    let expected = &samples[start * 2..];
    assert!(snr(&expected[..2000], &found[..2000]) > 15.0);
    assert!(snr(expected, &found) > 15.0);
}

#[test]
fn other_layouts_and_bitrates_are_refused() {
    let two_one = Layout::from_mask(0xB).unwrap();
    for settings in [OpusSettings::new(two_one, 96_000), OpusSettings::new(Layout::STEREO, 0)] {
        assert!(matches!(OggOpus::new(&settings, 0, 1), Err(EncodeError::Unsupported(_))));
    }
    let settings = OpusSettings::new(Layout::STEREO, 96_000);
    assert!(matches!(OggOpus::new(&settings, 1 << 16, 1), Err(EncodeError::Unsupported(_))));
}

#[test]
fn two_parts_of_one_recording_join_without_a_click() {
    let samples = tones(60_000, 2, 48_000);
    for cut in [30_011, 28_800, 29_999] {
        // The second part begins without what is before it, as another track does.
        let mut joined = Vec::new();
        for part in [&samples[..cut * 2], &samples[cut * 2..]] {
            let settings = OpusSettings::new(Layout::STEREO, 192_000);
            let stream = encoded(OggOpus::new(&settings, 0, 1).unwrap(), part, 2);
            joined.extend(rest(&mut decoder(stream).unwrap()).unwrap());
        }
        assert_eq!(joined.len(), samples.len());
        let near =
            |from: usize, to: usize| snr(&samples[from * 2..to * 2], &joined[from * 2..to * 2]);
        let (before, after) = (near(cut - 120, cut), near(cut, cut + 120));
        assert!(before > 20.0 && after > 20.0, "cut at {cut}: {before:.1}, {after:.1} dB");
    }
}
