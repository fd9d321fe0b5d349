//! The doors of the player, and what opens over its views, looked at by scripts of `tests/browser`.

use std::{fs, path::Path};

use hexachord::config::Registration;

use super::{chromium::in_chromium, player::albums};
use crate::{
    podcasts::stage::{Stage, stage_of},
    support::{Api, Console, PASSWORD, Server, Setup, program::subfolder},
};

const LYRICS: &str =
    "[00:00.00]Ut queant laxis\n[00:04.00]resonare fibris\n[00:08.00]mira gestorum\n";

/// With the music that is written, and a podcast of two episodes; the file of one of them is here.
pub(super) fn with_podcast(write: impl FnOnce(&Path)) -> Stage {
    let mut setup = Setup::new();
    write(&setup.music());
    setup.config.library.scan_on_start = true;
    setup.config.outgoing.allowed_networks = vec!["127.0.0.0/8".parse().expect("it is a network")];
    let stage = stage_of(setup);
    assert_eq!(stage.server.scanned()["phase"], "finished");
    let podcast = stage.added();
    for episode in stage.episodes(&podcast) {
        stage.fetched(&episode);
    }
    stage
}

#[test]
#[ignore = "needs chromium"]
fn every_door_is_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let invited = Server::with_music(albums);
    invited.member("anna", "administrator");
    let mut setup = Setup::new();
    setup.config.accounts.registration = Registration::Closed;
    let closed = setup.start();
    closed.member("anna", "administrator");
    let library = subfolder(folder.path(), "music");
    albums(&library);
    let unclaimed = Console::new(folder.path())
        .variable("HEXACHORD_ACCOUNTS__REGISTRATION", "open")
        .argument("--music")
        .argument(&library)
        .serve(&folder.path().join("data"));
    unclaimed.scanned();
    let claim = unclaimed.claim.clone().expect("the first start prints a claim link");
    let url = |server: &Api| format!("http://{}", server.address);
    let urls = [url(&invited), url(&closed), url(&unclaimed)];
    let arguments: [&str; 6] = [&urls[0], &urls[1], &urls[2], "anna", PASSWORD, &claim];
    let said = in_chromium(folder.path(), "doors.mjs", &arguments);
    assert!(said.ends_with("all doors done\n"), "{said}");
    unclaimed.stop();
}

#[test]
#[ignore = "needs chromium"]
fn all_that_opens_is_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_music(|library| {
        albums(library);
        fs::write(library.join("First 1.lrc"), LYRICS).expect("a file can be written");
    });
    server.member("anna", "administrator");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "opened.mjs", &[&url, "anna", PASSWORD]);
    assert!(said.ends_with("all that opens done\n"), "{said}");
}
