//! Our loudness beside that of ffmpeg's meter.

use hexachord_audio::{Finding, Layout, Measure, MeasureKind};

use crate::programs::said_by;
use crate::signals::{float_wav, music};

/// A value of the summary, which comes last.
fn value(said: &str, name: &str) -> f64 {
    let (_, rest) = said.rsplit_once(name).unwrap_or_else(|| panic!("no {name} in {said}"));
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs ffmpeg"]
fn as_loud_as_for_another_meter() {
    let folder = tempfile::tempdir().unwrap();
    for (channels, rate) in [(1, 44_100), (2, 44_100), (2, 48_000), (2, 96_000), (6, 48_000)] {
        let mut samples = music(rate as usize * 20 + 17, channels, rate);
        // A quiet half, so that there is a range.
        let half = samples.len() / 2;
        for sample in &mut samples[half..] {
            *sample *= 0.3;
        }
        let wav = float_wav(&samples, channels as u16, rate);
        std::fs::write(folder.path().join("a.wav"), wav).unwrap();
        let arguments = ["-nostats", "-i", "a.wav", "-af", "ebur128=peak=true", "-f", "null", "-"];
        let said = said_by("ffmpeg", folder.path(), &arguments);
        let mut measure = {
            let layout = Layout::usual(channels).unwrap();
            Measure::new(layout, rate, &[MeasureKind::Loudness]).unwrap()
        };
        measure.add(&samples);
        let findings = measure.finish();
        let [Finding::Loudness(Some(found))] = &findings[..] else { panic!("{findings:?}") };
        let what = format!("{channels} channels at {rate}: {found:?}, ffmpeg: {said}");
        for (found, name, tolerance) in [
            (found.integrated, "I:", 0.1),
            (found.range, "LRA:", 0.2),
            (found.true_peak, "Peak:", 0.3),
        ] {
            assert!((found - value(&said, name)).abs() <= tolerance, "{name} {what}");
        }
    }
}
