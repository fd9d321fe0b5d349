//! Opus there and back.

use hexachord_audio::{Codec, EncodeError, Layout, OPUS_WARM_UP, OggOpus, OpusSettings};

use crate::support::{decoder, opus, rest, snr, tones};

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
