//! So many at a time and no more; parameters that ask for the impossible. Fault 42.

use hexachord_fixtures::Format;

use super::stage::{Stage, piece};
use crate::{
    faults::{
        slow::{Listener, large_file},
        wire::until,
    },
    support::{get, text},
};

#[test]
fn hostile_parameters_are_refused_by_name() {
    let stage = Stage::with_music(|music| {
        piece(music, "Ut", Format::Flac, 20);
    });
    let path = stage.stream_of("Ut");
    let rows = [
        (
            "bitrate",
            &["0", "-1", "5", "511", "2147483648", "4294967296", "NaN", "1e2", "", "inf"][..],
        ),
        (
            "start_ms",
            &["-1", "18446744073709551616", "NaN", "0.5", "99999999", "18446744073709551615"],
        ),
        ("max_rate", &["0", "-1", "44101", "2147483648", "NaN"]),
        ("channels", &["0", "-1", "9", "2147483648", "NaN"]),
        ("max_bits", &["0", "-1", "8", "17", "2147483648", "NaN"]),
    ];
    for (name, values) in rows {
        for value in values {
            for format in ["", "&format=opus"] {
                let asked = stage.ask(&format!("{path}?{name}={value}{format}"));
                let refused = stage.server.send(asked).expect(400).json();
                assert_eq!(refused["field"], name, "{name}={value}{format}: {refused}");
            }
        }
    }
    for (query, field) in [
        ("format=mp5", "format"),
        ("format=", "format"),
        ("format=Opus", "format"),
        ("format=../../etc/passwd", "format"),
        ("format=opus&format=flac", "format"),
        ("format=flac&bitrate=128", "bitrate"),
        ("format=wav&bitrate=1411", "bitrate"),
        ("format=original&bitrate=128", "bitrate"),
        ("format=original&start_ms=1", "start_ms"),
        ("format=original&channels=1", "channels"),
        ("format=opus&max_rate=44100", "max_rate"),
    ] {
        let refused = stage.server.send(stage.ask(&format!("{path}?{query}"))).expect(400).json();
        assert_eq!(refused["field"], field, "{query}: {refused}");
    }
    assert_eq!(stage.count("transcodes_begun"), 0);
    stage.server.send(get(&format!("{path}?format=opus"))).expect(401);
}

/// A stage with two long tracks, and with nothing that is kept.
fn crowded(transcodes: u16, of_one: u16) -> Stage {
    Stage::set(
        |music| {
            large_file(&music.join("one.wav"), 1);
            large_file(&music.join("two.wav"), 2);
        },
        |setup| {
            setup.config.streaming.cache_mb = 0;
            setup.config.streaming.transcodes = transcodes;
            setup.config.streaming.transcodes_per_listener = of_one.try_into().expect("not zero");
        },
    )
}

#[test]
fn who_finds_no_place_is_told_to_come_again() {
    let stage = crowded(1, 4);
    let [one, two] = ["one", "two"].map(|title| format!("{}?format=flac", stage.stream_of(title)));
    let mut playing = stage.listen(&one);
    playing.hear(1000);
    let refused = stage.server.send(stage.ask(&two)).expect(503);
    assert_eq!(refused.header("retry-after"), Some("5"));
    let problem = refused.json();
    assert_eq!(problem["type"], "urn:hexachord:problem:too-many-transcodes");
    assert!(text(&problem["detail"]).contains("try again"), "{problem}");
    // Files as they are need no place.
    assert_eq!(stage.listen(&stage.stream_of("two")).head.status, 200);
    assert_eq!(stage.count("transcodes_running"), 1);
    assert_eq!(stage.count("transcodes_waiting"), 0);

    // Who waits gets the place of who leaves.
    let address = stage.server.address;
    let request = stage.ask(&two);
    let waiting = std::thread::spawn(move || Listener::open(address, &request).head.status);
    until("somebody waits", || (stage.count("transcodes_waiting") == 1).then_some(()));
    drop(playing);
    assert_eq!(waiting.join().unwrap(), 200);
}

#[test]
fn one_listener_does_not_take_the_places_of_others() {
    let stage = crowded(8, 1);
    let [one, two] = ["one", "two"].map(|title| format!("{}?format=flac", stage.stream_of(title)));
    let mut playing = stage.listen(&one);
    playing.hear(1000);
    let refused = stage.server.send(stage.ask(&two)).expect(503).json();
    assert_eq!(refused["type"], "urn:hexachord:problem:too-many-transcodes");
    // Of the same account, with another credential.
    let laptop = stage.server.sign_in("ida", crate::support::PASSWORD);
    stage.server.send(get(&two).bearer(&laptop.token)).expect(503);
    let other = stage.server.member("bert", "listener");
    let playing_too = Listener::open(stage.server.address, &get(&two).bearer(&other.token));
    assert_eq!(playing_too.head.status, 200);
}

#[test]
fn transcodes_without_end_are_bounded() {
    let stage = crowded(3, 3);
    let path = stage.stream_of("one");
    let request = |number: u64| stage.ask(&format!("{path}?format=flac&start_ms={number}"));
    let most = std::thread::scope(|scope| {
        let address = stage.server.address;
        let asking: Vec<_> = (0..30)
            .map(|number| {
                let request = request(number);
                scope.spawn(move || Listener::open(address, &request))
            })
            .collect();
        let mut most = 0;
        let listeners: Vec<Listener> = asking
            .into_iter()
            .map(|asking| {
                most = most.max(stage.count("transcodes_running"));
                asking.join().expect("it is answered")
            })
            .collect();
        let playing = listeners.iter().filter(|listener| listener.head.status == 200).count();
        assert_eq!(playing, 3);
        assert!(listeners.iter().all(|listener| [200, 503].contains(&listener.head.status)));
        most
    });
    assert!(most <= 3, "{most} ran at once");
    stage.nothing_runs();
}
