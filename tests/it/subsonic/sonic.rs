//! What sounds alike, over REST and as apps ask for it, once the server has listened.

use std::{f64::consts::TAU, fs, path::Path};

use hexachord_fixtures::tag;
use serde_json::Value;

use super::stage::{App, list};
use crate::{
    faults::wire::until,
    support::{Member, Server, Setup, get, music, text},
};

const RATE: u32 = 22_050;

/// Two seconds of chords, or of beaten noise.
fn write(path: &Path, is_beaten: bool, number: u32) {
    let sample = |place: u32| {
        let time = f64::from(place) / f64::from(RATE);
        if is_beaten {
            let noise = f64::from(place.wrapping_mul(2_654_435_761) >> 16) / 32_768.0 - 1.0;
            noise * (-10.0 * (time * (2.0 + 0.1 * f64::from(number))).fract()).exp()
        } else {
            let root = 220.0 + 5.0 * f64::from(number);
            [1.0, 1.26, 1.5].map(|step| 0.2 * (TAU * root * step * time).sin()).iter().sum()
        }
    };
    #[expect(clippy::cast_possible_truncation, reason = "it is a sample")]
    let bytes = |place: u32| ((sample(place) * 30_000.0) as i16).to_le_bytes();
    let data: Vec<u8> = (0..2 * RATE).flat_map(bytes).collect();
    let size = u32::try_from(data.len()).expect("two seconds");
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(data);
    fs::write(path, wav).expect("a file can be written");
    let title = format!("{} {number}", if is_beaten { "Drum" } else { "Chord" });
    tag(path, &music::tags(&title, "Hexa", "Alpha", number)).expect("it can be tagged");
}

/// A server that has listened to three chords and three drums.
pub(super) fn listened() -> (Server, App, Member) {
    let mut setup = Setup::new();
    for number in 1..=3 {
        write(&setup.music().join(format!("chord {number}.wav")), false, number);
        write(&setup.music().join(format!("drum {number}.wav")), true, number);
    }
    setup.config.analysis.enabled = true;
    setup.config.library.scan_on_start = true;
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    let ida = server.member("ida", "listener");
    let app = App::of(&server, &ida, "ida");
    until("everything was listened to and is known", || {
        let song =
            list(&app.ask("search3", "query=&songCount=1", "searchResult3")["song"]).pop()?;
        let query = format!("count=10&id={}", text(&song["id"]));
        let answer = app.envelope("getSonicSimilarTracks", &query);
        (answer["status"] == "ok" && list(&answer["sonicMatch"]).len() == 5).then_some(())
    });
    (server, app, ida)
}

/// What both methods are asked here.
pub(super) fn calls(app: &App) -> [(&'static str, String); 2] {
    let [chord, drum] = ["Chord 1", "Drum 3"].map(|title| app.song(title));
    [
        ("getSonicSimilarTracks", format!("id={chord}&count=3")),
        ("findSonicPath", format!("startSongId={chord}&endSongId={drum}&count=4")),
    ]
}

fn titles(matches: &[Value]) -> Vec<&str> {
    matches.iter().map(|one| text(&one["entry"]["title"])).collect()
}

fn similarities(matches: &[Value]) -> Vec<f64> {
    matches.iter().map(|one| one["similarity"].as_f64().expect("a number")).collect()
}

#[test]
fn what_sounds_alike_and_ways_between() {
    let (server, app, ida) = listened();
    let [(similar, alike), (path, way)] = calls(&app);
    let found = list(&app.ask(similar, &alike, "sonicMatch"));
    let mut chords = titles(&found)[..2].to_vec();
    chords.sort_unstable();
    assert_eq!(chords, ["Chord 2", "Chord 3"]);
    assert!(similarities(&found).is_sorted_by(|one, next| one >= next && *next >= 0.0));
    let found = list(&app.ask(path, &way, "sonicMatch"));
    assert_eq!((found.len(), titles(&found)[0], titles(&found)[3]), (4, "Chord 1", "Drum 3"));
    let way = similarities(&found);
    assert!((way[0] - 1.0).abs() < 1e-6 && way[3] < way[1], "{way:?}");

    // The same over REST.
    let [chord, drum] = ["Chord 1", "Drum 3"].map(|title| app.song(title));
    let read = |path: &str| server.read(&ida, path)["items"].clone();
    let over_rest = list(&read(&format!("/api/v1/tracks/{chord}/sonic-path?to={drum}&limit=4")));
    let titles_over_rest: Vec<&str> =
        over_rest.iter().map(|one| text(&one["track"]["title"])).collect();
    assert_eq!(titles_over_rest, titles(&found));
    assert_eq!(similarities(&over_rest), way);
    let alike = list(&read(&format!("/api/v1/tracks/{chord}/sonic")));
    assert_eq!(alike.len(), 5);

    // Nothing is invented.
    let silent = ["id=tr-0000000000000", "id=al-0000000000000", "id=x", ""];
    let codes = silent.map(|query| app.code(similar, query));
    assert_eq!(codes, [70, 70, 70, 10]);
    assert_eq!(
        app.ask(similar, &format!("id={chord}&count=0"), "sonicMatch"),
        Value::Array(vec![])
    );
    assert_eq!(app.code(path, &format!("startSongId={chord}")), 10);
    let short = format!("startSongId={chord}&endSongId={drum}&count=1");
    assert_eq!(list(&app.ask(path, &short, "sonicMatch")).len(), 1);
    let ghost = get("/api/v1/tracks/tr-0000000000000/sonic").bearer(&ida.token);
    server.send(ghost).expect(404);
    let no_end = get(&format!("/api/v1/tracks/{chord}/sonic-path")).bearer(&ida.token);
    server.send(no_end).expect(400);
}
