//! The page of apps and their keys in a real browser, driven by `tests/browser/keys.mjs`.

use super::chromium::in_chromium;
use crate::support::{Console, PASSWORD, program::subfolder};

#[test]
#[ignore = "needs chromium"]
fn a_listener_makes_a_key_and_copies_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Console::new(folder.path())
        .argument("--music")
        .argument(subfolder(folder.path(), "music"))
        .serve(&folder.path().join("data"));
    let claim = server.claim.clone().expect("the first start prints a claim link");
    let url = format!("http://{}", server.address);
    let said = in_chromium(folder.path(), "keys.mjs", &[&url, &claim, PASSWORD]);
    assert!(said.ends_with("all steps done\n"), "{said}");
    server.stop();
}
