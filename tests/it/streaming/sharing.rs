//! Who wants the same shares it; who leaves stops it; who is slow holds up nobody.

use hexachord_fixtures::Format;

use super::stage::{Stage, count, piece, stream_of};
use crate::{
    faults::{slow::large_file, wire::until},
    support::{Console, Running, get, program::subfolder},
};

/// A stage with two minutes of noise.
fn long(cache_mb: u32) -> Stage {
    Stage::set(
        |music| drop(large_file(&music.join("long.wav"), 3)),
        |setup| setup.config.streaming.cache_mb = cache_mb,
    )
}

#[test]
fn two_listeners_share_one_job() {
    let stage = Stage::with_music(|music| {
        // Half a minute.
        piece(music, "long", Format::Wav, 10_000);
    });
    let path = format!("{}?format=opus", stage.stream_of("long"));
    let mut one = stage.listen(&path);
    one.hear(2000);
    let mut two = stage.listen(&path);
    two.hear(1000);
    // The first one leaves, and the second hears it all.
    drop(one);
    let heard = two.rest().unwrap();
    assert_eq!(stage.count("transcodes_begun"), 1);
    assert_eq!(stage.count("transcodes_shared") + stage.count("transcodes_from_cache"), 1);
    stage.nothing_runs();
    let again = stage.hear(&path);
    assert!(holds(&heard, &again.body), "they heard the same");
    assert_eq!(stage.count("transcodes_begun"), 1);
}

/// Whether a chunked body on the wire ends with these bytes, as far as its last chunk goes.
fn holds(wire: &[u8], body: &[u8]) -> bool {
    let wire = wire.strip_suffix(b"\r\n0\r\n\r\n").expect("it ended well");
    let end = &body[body.len() - 500..];
    wire.ends_with(end)
}

#[test]
fn who_leaves_stops_it() {
    for cache_mb in [0, 64] {
        let stage = long(cache_mb);
        let path = format!("{}?format=opus", stage.stream_of("long"));
        let mut listener = stage.listen(&path);
        listener.hear(1000);
        assert_eq!(stage.count("transcodes_running"), 1);
        drop(listener);
        stage.nothing_runs();
        until("the unfinished file goes", || stage.kept().is_empty().then_some(()));
    }
}

#[test]
fn a_slow_listener_holds_up_nobody() {
    // With a folder the job goes on alone…
    let stage = long(64);
    let path = format!("{}?format=wav", stage.stream_of("long"));
    let mut slow = stage.listen(&path);
    slow.hear(1000);
    stage.nothing_runs();
    assert_eq!(stage.kept().len(), 1);
    let whole = stage.hear(&path).body;
    assert!(slow.rest().unwrap() == whole);

    // …and without one it waits.
    let stage = long(0);
    let path = format!("{}?format=wav", stage.stream_of("long"));
    let mut slow = stage.listen(&path);
    slow.hear(1000);
    assert!(stage.hear(&path).body == whole, "others hear it meanwhile");
    until("the other job has ended", || (stage.count("transcodes_running") == 1).then_some(()));
    assert!(slow.rest().unwrap() == whole);
    assert!(stage.kept().is_empty());
}

const STALLED: usize = 24;
/// What they may cost together: whole streams would be 480 MiB.
const MOST_KIB: u64 = 120 * 1024;

#[test]
fn stalled_listeners_of_transcodes_cost_little() {
    let folder = tempfile::tempdir().unwrap();
    let music = subfolder(folder.path(), "music");
    large_file(&music.join("long.wav"), 7);
    let console = Console::new(folder.path()).argument("--music").argument(&music);
    let server = console
        .variable("HEXACHORD_STREAMING__CACHE_MB", "0")
        .variable("HEXACHORD_STREAMING__TRANSCODES", "32")
        .variable("HEXACHORD_STREAMING__TRANSCODES_PER_LISTENER", "32")
        .serve(&folder.path().join("data"));
    server.scanned();
    let member = server.member("ida", "listener");
    let path = format!("{}?format=wav", stream_of(&server, &member, "long"));
    let request = get(&path).bearer(&member.token);
    let whole = server.send(request.clone()).expect(200).body;
    let before = resident_kib(&server);
    let open = || crate::faults::slow::Listener::open(server.address, &request);
    let stalled: Vec<_> = (0..STALLED).map(|_| open()).collect();
    assert!(server.send(request.clone()).expect(200).body == whole, "it is the same each time");
    let grown = resident_kib(&server).saturating_sub(before);
    assert!(grown < MOST_KIB, "{before} KiB grew by {grown} KiB");
    assert!(count(&server, "transcodes_running") >= STALLED as u64);
    drop(stalled);
    until("all have ended", || (count(&server, "transcodes_running") == 0).then_some(()));
}

/// Memory of the process that is in RAM.
fn resident_kib(server: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("the server runs");
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"));
    kib.expect("Linux tells the memory of a process").trim().parse().expect("a number of KiB")
}
