//! Analysis: what is measured of tracks, and that it is kept as long as their audio is.

mod gains;
mod hostile;
mod keeping;
mod sounds;

use std::{f64::consts::TAU, fs, path::Path};

use hexachord_contracts::{
    catalog::{AnalysisState, GetAlbum, GetAnalysis, GetTrack, GetWaveform, Loudness, Track},
    decibels::Decibels,
};
use hexachord_fixtures::{Tags, tag};

use crate::house::{House, tags, until};

const RATE: u32 = 48_000;

/// A sine of 1 kHz in stereo, by parts: so many dB below full scale, for so many tenths of a second.
/// As loud as its level says (EBU Tech 3341).
pub(crate) fn write_tone(path: &Path, parts: &[(f64, u32)], tags: &Tags) {
    let mut data = Vec::new();
    for (level, tenths) in parts {
        let amplitude = 10_f64.powf(level / 20.0) * 32767.0;
        for frame in 0..tenths * RATE / 10 {
            let sample = amplitude * (TAU * 1_000.0 * f64::from(frame) / f64::from(RATE)).sin();
            #[expect(clippy::cast_possible_truncation, reason = "it is a sample")]
            let sample = (sample.round() as i16).to_le_bytes();
            data.extend(sample);
            data.extend(sample);
        }
    }
    let size = u32::try_from(data.len()).unwrap();
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(data);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, wav).unwrap();
    tag(path, tags).unwrap();
}

/// A house that measures after every scan.
async fn measuring(libraries: &[&str]) -> House {
    let mut house = House::with(libraries).await;
    house.settings.analysis = true;
    house.reopen_as_it_is().await;
    house
}

/// Measures nothing from now on.
async fn deaf(house: &mut House) {
    house.settings.analysis = false;
    house.reopen_as_it_is().await;
}

/// Waits until nothing is left to be measured.
async fn all_heard(house: &House) -> AnalysisState {
    until("everything is measured", async || {
        let state = house.ask_once(GetAnalysis {}).await;
        (state.waiting == 0 && !state.running).then_some(state)
    })
    .await
}

#[track_caller]
fn is_about(found: Decibels, expected: f64, tolerance: f64) {
    assert!((found.db() - expected).abs() <= tolerance, "{found:?}, expected {expected}");
}

#[track_caller]
fn loudness(track: &Track) -> Loudness {
    track.loudness.unwrap_or_else(|| panic!("{} is not measured", track.title))
}

#[tokio::test]
async fn tracks_and_albums_are_as_loud_as_they_are() {
    let house = measuring(&["Music"]).await;
    let put = |file: &str, parts: &[(f64, u32)], number, title| {
        write_tone(&house.path(file), parts, &tags("Guido", "Tones", number, title));
    };
    put("Music/1.wav", &[(-14.0, 100)], 1, "Loud");
    put("Music/2.wav", &[(-22.0, 300)], 2, "Soft");
    put("Music/3.wav", &[(-20.0, 100), (-30.0, 100)], 3, "Both");
    put("Music/4.wav", &[(-200.0, 30)], 4, "Silent");
    house.scan().await;
    let state = all_heard(&house).await;
    assert_eq!((state.enabled, state.measured, state.failed), (true, 4, 0));
    let [loud, soft, both, silent] = [
        house.track("Loud").await,
        house.track("Soft").await,
        house.track("Both").await,
        house.track("Silent").await,
    ];
    is_about(loudness(&loud).integrated, -14.0, 0.1);
    is_about(loudness(&loud).true_peak, -14.0, 0.2);
    is_about(loudness(&loud).range, 0.0, 0.1);
    is_about(loudness(&soft).integrated, -22.0, 0.1);
    is_about(loudness(&both).range, 10.0, 1.0);
    assert_eq!((silent.loudness, silent.gain.track_gain), (None, None));
    // Energies of 10, 30 and 10 s; the soft half of the third is 10 LU below and counts no more.
    let energy = |level: f64| 10_f64.powf(level / 10.0);
    let mean = (energy(-14.0) * 10.0 + energy(-22.0) * 30.0 + energy(-20.0) * 10.0) / 50.0;
    let album = house.ask(|| GetAlbum { album: loud.album.id }).await;
    let together = album.loudness.unwrap();
    is_about(together.integrated, 10.0 * mean.log10(), 0.2);
    assert_eq!(together.true_peak, loudness(&loud).true_peak);
    assert!(album.tracks.iter().all(|track| track.album_loudness == Some(together)));

    let waveform = house.ask(|| GetWaveform { track: both.id }).await;
    assert_eq!((waveform.sample_rate, waveform.duration_ms), (RATE, 20_000));
    let peaks = waveform.peaks.len();
    assert!((500..=1_000).contains(&peaks), "{peaks} peaks");
    assert_eq!(waveform.frames_a_peak * peaks as u64, 20 * u64::from(RATE));
    // A tenth and a thirtieth of full scale.
    assert_eq!((waveform.peaks[peaks / 4], waveform.peaks[peaks * 3 / 4]), (26, 8));
    let silence = house.ask(|| GetWaveform { track: silent.id }).await;
    assert!(silence.peaks.iter().all(|peak| *peak == 0));
}

#[tokio::test]
async fn a_part_of_a_file_is_measured_alone() {
    let house = measuring(&["Music"]).await;
    let whole = tags("Guido", "Disc", 1, "The whole");
    write_tone(&house.path("Music/disc.wav"), &[(-20.0, 100), (-30.0, 100)], &whole);
    let sheet = |cut: &str| {
        let sheet = format!(
            "PERFORMER \"Guido\"\nTITLE \"Disc\"\nFILE \"disc.wav\" WAVE\n\
             TRACK 01 AUDIO\nTITLE \"Ut\"\nINDEX 01 00:00:00\n\
             TRACK 02 AUDIO\nTITLE \"Re\"\nINDEX 01 {cut}\n"
        );
        fs::write(house.path("Music/disc.cue"), sheet).unwrap();
    };
    sheet("00:10:00");
    house.scan().await;
    assert_eq!(all_heard(&house).await.measured, 2);
    let (ut, re) = (house.track("Ut").await, house.track("Re").await);
    is_about(loudness(&ut).integrated, -20.0, 0.1);
    is_about(loudness(&re).integrated, -30.0, 0.1);
    is_about(loudness(&re).true_peak, -30.0, 0.2);
    let waveform = house.ask(|| GetWaveform { track: re.id }).await;
    assert_eq!((waveform.duration_ms, waveform.peaks[0]), (10_000, 8));
    assert!(house.ask(|| GetAlbum { album: re.album.id }).await.loudness.is_some());
    // A sheet that is corrected cuts other audio.
    sheet("00:05:00");
    house.scan().await;
    all_heard(&house).await;
    let re = house.track("Re").await;
    assert_eq!(house.ask(|| GetWaveform { track: re.id }).await.duration_ms, 15_000);
    is_about(loudness(&re).true_peak, -20.0, 0.2);
}

#[tokio::test]
async fn an_album_is_weighed_again_when_its_tracks_change() {
    let house = measuring(&["Music", "Other"]).await;
    let put = |file: &str, level, number: u32| {
        let tags = tags("Guido", "Tones", number, &number.to_string());
        write_tone(&house.path(file), &[(level, 50)], &tags);
    };
    put("Music/1.wav", -14.0, 1);
    put("Music/2.wav", -24.0, 2);
    put("Other/3.wav", -30.0, 3);
    house.scan().await;
    all_heard(&house).await;
    let (track, album) = (house.track("1").await.id, house.track("1").await.album.id);
    // It may change between the two ways.
    let in_music = || async { house.ask_once(GetTrack { track }).await.album_loudness };
    let together = in_music().await.unwrap();
    // In each library it is what that library has of it.
    let there = house.track("3").await.album_loudness.unwrap();
    is_about(there.integrated, -30.0, 0.1);
    house.remove("Music/2.wav");
    house.scan().await;
    let alone = until("it is weighed again", async || {
        in_music().await.filter(|loudness| *loudness != together)
    });
    is_about(alone.await.integrated, -14.0, 0.1);
    put("Music/2.wav", -24.0, 2);
    house.scan().await;
    until("it is as it was", async || (in_music().await == Some(together)).then_some(())).await;
    house.remove("Music/1.wav");
    house.remove("Music/2.wav");
    house
        .scan_with(hexachord_contracts::catalog::StartScan { full: false, accept_losses: true })
        .await;
    let elsewhere = house.ask(|| GetAlbum { album }).await;
    assert_eq!((elsewhere.tracks.len(), elsewhere.loudness), (1, Some(there)));
}
