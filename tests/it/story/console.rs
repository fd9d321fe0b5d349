//! The command line, through the running server and without one.

use super::{House, TRACKS};
use crate::support::{Api, Console, Member, PASSWORD, get};

const RESET: &str = "another long password";

/// Secrets that the console told.
pub(super) struct Keys {
    radio: String,
    carol: Member,
}

impl House {
    fn command(&self, words: &str) -> Console {
        self.console().argument("--data").argument(&self.data).words(words)
    }
}

pub(super) fn works_through_the_server(api: &Api, house: &House) -> Keys {
    let made = house.command("user add Carol --admin --password-stdin").typing(PASSWORD).done();
    assert!(made.starts_with("made administrator Carol (ac-"), "{made}");
    let carol = api.sign_in("carol", PASSWORD);
    let listed = house.command("user list").done();
    let names: Vec<_> = listed.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(names, ["Anna", "bert", "Carol"]);
    assert!(listed.contains(&format!("{} Carol administrator", carol.id)), "{listed}");

    let reset = house.command("user reset carol --password-stdin").typing(RESET).done();
    assert_eq!(reset, "Carol has a new password; all sessions and device keys ended\n");
    api.send(get("/api/v1/me").bearer(&carol.token)).expect(401);
    let carol = api.sign_in("Carol", RESET);

    let told = house.command("user device-key bert --label radio").done();
    let radio = told.split_whitespace().last().expect("the key is the last word").to_owned();
    let by_key = get("/api/v1/me").bearer(&radio);
    assert_eq!(api.send(by_key).expect(200).json()["username"], "bert");

    for command in ["scan", "scan --full"] {
        let report = house.command(command).done();
        let expected = format!("{TRACKS} files: 0 new, ");
        assert!(report.starts_with(&expected), "{command}: {report}");
        assert!(report.contains("0 missing, 0 unreadable"), "{command}: {report}");
    }
    Keys { radio, carol }
}

pub(super) fn works_without_a_server(house: &House) {
    let made = house.command("user add dora --password-stdin").typing(PASSWORD).done();
    assert!(made.starts_with("made listener dora (ac-"), "{made}");
    let listed = house.command("user list").done();
    assert_eq!(listed.lines().count(), 4, "{listed}");
    let report = house.command("scan").done();
    assert!(report.starts_with(&format!("{TRACKS} files: 0 new, 0 changed")), "{report}");
}

pub(super) fn left_its_traces(api: &Api, keys: &Keys) {
    let me = api.send(get("/api/v1/me").bearer(&keys.radio)).expect(200).json();
    assert_eq!(me["username"], "bert", "a device key outlives the server");
    assert_eq!(api.read(&keys.carol, "/api/v1/me")["role"], "administrator");
    let dora = api.sign_in("dora", PASSWORD);
    assert_eq!(api.pages(&dora, "/api/v1/tracks", 500).len(), TRACKS);
}
