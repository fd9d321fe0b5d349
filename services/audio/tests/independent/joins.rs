//! Streams in fragmented MP4 hold every frame where it belongs; how they join in a browser is heard
//! through the server.

use hexachord_audio::{Layout, Mp4Opus, OPUS_FRAME, OpusSettings};

use crate::programs::ffmpeg_decode;
use crate::signals::{encoded, noise, snr};

/// Frames that no packet ends behind.
const FRAMES: usize = 47_123;

/// Heard from `from` on; the samples begin `warm_up` frames earlier.
fn encode(samples: &[f32], from: u64, warm_up: usize, gain: i16) -> Vec<u8> {
    let settings = OpusSettings::new(Layout::STEREO, 256_000);
    encoded(Mp4Opus::new(&settings, from, warm_up, gain).unwrap(), samples, 2)
}

#[test]
#[ignore = "needs ffmpeg"]
fn ffmpeg_hears_every_frame_where_it_belongs() {
    let folder = tempfile::tempdir().unwrap();
    let original = noise(FRAMES, 2);
    std::fs::write(folder.path().join("a.mp4"), encode(&original, 0, 0, 0)).unwrap();
    let heard = ffmpeg_decode(folder.path(), "a.mp4");
    let delay = usize::try_from(Mp4Opus::DELAY).unwrap();
    let packets = (FRAMES + delay).div_ceil(OPUS_FRAME);
    assert_eq!(heard.len(), packets * OPUS_FRAME * 2, "every packet keeps its full duration");
    let heard = &heard[delay * 2..][..original.len()];
    assert!(snr(&original, heard) > 10.0, "{:.1} dB", snr(&original, heard));

    // From the middle, on the same timeline, and half as loud for whoever decodes.
    let from = 20 * OPUS_FRAME;
    let samples = &original[(from - OPUS_FRAME) * 2..];
    let later = encode(samples, from as u64, OPUS_FRAME, -6 * 256);
    std::fs::write(folder.path().join("b.mp4"), later).unwrap();
    let quiet: Vec<f32> = original.iter().map(|sample| sample * 0.501_187).collect();
    let heard = ffmpeg_decode(folder.path(), "b.mp4");
    // One packet comes before it.
    let heard = &heard[(OPUS_FRAME + delay) * 2..][..(FRAMES - from) * 2];
    let expected = &quiet[from * 2..];
    assert!(snr(expected, heard) > 10.0, "{:.1} dB", snr(expected, heard));
    let first = snr(&expected[..1920], &heard[..1920]);
    assert!(first > 10.0, "{first:.1} dB in the first packet");
}
