//! Arguments and configuration: help, what is wrong and where, and the interface's document.

use std::{ffi::OsString, fs, os::unix::ffi::OsStringExt};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Console, document::operations};

fn console() -> (tempfile::TempDir, Console) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let console = Console::new(folder.path());
    (folder, console)
}

#[test]
fn help_is_there_for_every_command() {
    let help = |words: &str| console().1.words(words).done();
    assert_snapshot!("help", help("--help"));
    assert_snapshot!("help_scan", help("scan --help"));
    assert_snapshot!("help_decode", help("decode --help"));
    assert_snapshot!("help_transcode", help("transcode --help"));
    assert_snapshot!("help_import", help("import --help"));
    assert_snapshot!("help_user", help("user --help"));
    assert_snapshot!("help_user_add", help("user add --help"));
    assert_eq!(help("--version"), format!("hexachord {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_arguments_end_with_2() {
    for words in
        ["nonsense", "user", "user add", "scan --quickly", "user device-key anna", "--data"]
    {
        let ended = console().1.words(words).run();
        assert_eq!(ended.code, Some(2), "{words}: {ended:?}");
        assert!(ended.stderr.contains("--help"), "{words}: {ended:?}");
    }
    let complaint = console().1.words("user list --listen here").fails(2);
    assert!(complaint.starts_with("argument --listen: `server.listen`: "), "{complaint}");
    for (argument, key) in [("--music", "library.folders"), ("--data", "storage.data")] {
        let path = OsString::from_vec(b"caf\xe9".to_vec());
        let complaint = console().1.words("scan").argument(argument).argument(path).fails(2);
        assert!(
            complaint.starts_with(&format!("argument {argument}: `{key}`: caf")),
            "{complaint}"
        );
        assert!(complaint.contains("is not UTF-8"), "{complaint}");
    }
}

#[test]
fn wrong_configuration_ends_with_2_and_is_named_with_its_line() {
    for (text, complaint) in [
        ("# mine\n\n[server]\nlisen = 1\n", "line 4: unknown key `server.lisen`: did you mean"),
        ("[server]\n\nlisten = \"here\"\n", "line 3: `server.listen`: invalid socket address"),
        (
            "[accounts]\nregistration = \"all\"\n",
            "line 2: `accounts.registration`: unknown variant",
        ),
        ("[log]\nlevel = \"x=y=z\"\n", "line 2: `log.level`: `z` is not a log level"),
        ("[server\n", "is not valid TOML"),
    ] {
        let (folder, console) = console();
        fs::write(folder.path().join("config.toml"), text).unwrap();
        let said = console.words("serve --listen 127.0.0.1:0").fails(2);
        assert!(said.contains(complaint), "{said}");
        assert!(!folder.path().join("data").exists(), "nothing was begun");
    }
    let said = console().1.words("user list --config none.toml").fails(2);
    assert!(said.starts_with("cannot read the configuration none.toml"), "{said}");
    let variable = |name, value| console().1.variable(name, value).words("user list").fails(2);
    let said = variable("HEXACHORD_SERVER__GRACE_SECONDS", "soon");
    assert!(said.contains("variable HEXACHORD_SERVER__GRACE_SECONDS"), "{said}");
    let said = variable("HEXACHORD_SERVER__GRACE", "1");
    assert!(said.contains("unknown key `server.grace`"), "{said}");
}

#[test]
fn the_document_names_every_route() {
    let document: Value = serde_json::from_str(&console().1.words("openapi").done()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_snapshot!("operations", operations(&document).join("\n"));
    every_reference_leads_somewhere(&document, &document);
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values().filter(|item| item.is_object()) {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"].is_string(), "{path} {status} is described");
            }
            let said = operation["summary"].as_str();
            assert!(said.is_some_and(|text| !text.is_empty()), "{path} says what it does");
        }
    }
}

#[test]
fn the_player_is_built_from_the_same_document() {
    let kept = include_str!("../../../assets/openapi.json");
    assert!(
        console().1.words("openapi").done() == kept,
        "the interface changed: `cargo run -- openapi > assets/openapi.json`, then `npm run check` in assets"
    );
}

fn every_reference_leads_somewhere(value: &Value, document: &Value) {
    match value {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                let place = reference.strip_prefix('#').and_then(|at| document.pointer(at));
                assert!(place.is_some(), "{reference} leads nowhere");
            }
            for value in object.values() {
                every_reference_leads_somewhere(value, document);
            }
        }
        Value::Array(values) => {
            for value in values {
                every_reference_leads_somewhere(value, document);
            }
        }
        _ => {}
    }
}
