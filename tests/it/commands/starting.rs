//! Starting the server where something stands in its way, and the administrator of a container.

use std::{fs, net::TcpListener, path::Path};

use serde_json::json;

use crate::support::{Console, PASSWORD, get, post, program::subfolder};

fn serve(folder: &Path) -> Console {
    Console::new(folder).argument("--music").argument(subfolder(folder, "music"))
}

#[test]
fn a_taken_port_is_told_and_leaves_no_traces() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let said = serve(folder.path()).words("--data data --listen").argument(&address).fails(1);
    assert!(said.starts_with(&format!("cannot listen on {address} (")), "{said}");
    assert!(said.contains("choose another with --listen"), "{said}");
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_data_folder_that_cannot_be_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    for (data, words) in [
        ("file", "file is not a folder: choose another data folder with --data"),
        ("file/below", "the data folder file/below cannot be written"),
        ("/proc/hexachord", "the data folder /proc/hexachord cannot be written"),
    ] {
        for command in ["user list", "scan", "serve --listen 127.0.0.1:0"] {
            let said =
                serve(folder.path()).words(command).argument("--data").argument(data).fails(1);
            assert!(said.starts_with(words), "{command}: {said}");
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "mine");
}

#[test]
fn stores_and_keys_that_are_damaged_are_told_and_kept() {
    for (file, content) in [
        ("authentication.redb", "no store"),
        ("catalog.redb", "no store"),
        ("secret.key", "no key"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let damaged = subfolder(folder.path(), "data").join(file);
        fs::write(&damaged, content).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&damaged, mode).unwrap();
        let said = serve(folder.path()).words("user list --data data").fails(1);
        assert!(said.contains(file), "{said}");
        assert_eq!(fs::read_to_string(&damaged).unwrap(), content, "{file} is left as it is");
    }
}

#[test]
fn variables_make_the_first_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let with = |user: &str, password: &str| {
        let console = serve(folder.path()).variable("HEXACHORD_ADMIN_USER", user);
        console.variable("HEXACHORD_ADMIN_PASSWORD", password)
    };
    for (user, password, missing) in [
        ("anna", "", "HEXACHORD_ADMIN_USER is set without HEXACHORD_ADMIN_PASSWORD"),
        ("", PASSWORD, "HEXACHORD_ADMIN_PASSWORD is set without HEXACHORD_ADMIN_USER"),
    ] {
        let said = with(user, password).words("serve --listen 127.0.0.1:0 --data data").fails(2);
        assert_eq!(said, missing);
    }
    let said = with("anna", "short").words("serve --listen 127.0.0.1:0 --data data").fails(1);
    assert!(said.starts_with("the first administrator cannot be made: password: "), "{said}");

    let server = with("anna", PASSWORD).serve(&data);
    assert!(server.claim.is_none() && !server.said.contains(PASSWORD), "{}", server.said);
    let anna = server.sign_in("anna", PASSWORD);
    assert_eq!(server.read(&anna, "/api/v1/me")["role"], "administrator");
    server.stop();

    let server = with("eve", "another long password").serve(&data);
    let eve = json!({ "username": "eve", "password": "another long password" });
    server.send(post("/api/v1/session").json(&eve)).expect(401);
    server.send(get("/api/v1/me").bearer(&anna.token)).expect(200);
    server.stop();
}
