//! `hexachord user` where it must refuse.

use std::path::Path;

use crate::support::{Console, PASSWORD, program::subfolder};

fn user(folder: &Path, words: &str) -> Console {
    let console = Console::new(folder).argument("--music").argument(subfolder(folder, "music"));
    console.words("user --data data").words(words)
}

#[test]
fn what_is_refused_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let user = |words| user(folder.path(), words);
    user("add Anna --admin --password-stdin").typing(PASSWORD).done();
    let add = |name: &str| user("add --password-stdin").argument(name);
    assert_eq!(add("anna").typing(PASSWORD).fails(1), "the username `anna` is taken");
    assert_eq!(add("bert").typing("short").fails(1), "password: use at least 8 characters");
    assert_eq!(add("a/b").typing(PASSWORD).fails(1), "username: leave out the `/`");
    assert_eq!(add("bert").typing("").fails(1), "no password came on standard input");
    assert_eq!(
        user("add bert").fails(1),
        "there is no terminal to ask for the password: use --password-stdin"
    );
    let nobody = "there is no account called bert";
    assert_eq!(user("reset bert --password-stdin").typing(PASSWORD).fails(1), nobody);
    assert_eq!(user("device-key bert --label radio").fails(1), nobody);
    assert_eq!(user("device-key anna --label").argument("").fails(1), "label: is empty");
    let listed = user("list").done();
    assert_eq!(listed.lines().count(), 1, "nobody else was made: {listed}");
}

#[test]
fn only_the_key_goes_to_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    user(folder.path(), "add anna --password-stdin").typing(PASSWORD).done();
    let ended = user(folder.path(), "device-key anna --label radio").run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let words: Vec<_> = ended.stdout.split_whitespace().collect();
    assert!(words.len() == 3 && words[0] == "anna" && words[1].starts_with("dk-"), "{ended:?}");
    assert!(words[2].len() >= 20 && !ended.stderr.contains(words[2]), "{ended:?}");
}

#[test]
fn a_key_is_told_with_what_an_app_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    user(folder.path(), "add anna --password-stdin").typing(PASSWORD).done();
    let key = |more: &str| {
        let command = user(folder.path(), "device-key anna --label radio").words(more);
        command.variable("HEXACHORD_SERVER__LISTEN", "192.0.2.5:4747").run()
    };
    let plain = key("");
    assert!(plain.stderr.contains("server address: http://192.0.2.5:4747\n"), "{plain:?}");
    assert!(plain.stderr.contains("username: anna\n") && !plain.stderr.contains('█'), "{plain:?}");
    let drawn = key("--qr");
    assert_eq!(drawn.stdout.lines().count(), 1, "{drawn:?}");
    assert!(drawn.stderr.lines().filter(|line| line.contains('█')).count() > 15, "{drawn:?}");
    let made: serde_json::Value = serde_json::from_str(&key("--json").stdout).unwrap();
    let secret = made["secret"].as_str().unwrap();
    let link = format!("http://192.0.2.5:4747/keys#user=anna&key={secret}");
    assert_eq!(made["link"], link.as_str());
}
