//! The player's own checks, run with Node: its types against the snapshot of the server's interface, its
//! logic, and how much of it a first visit loads.

use std::{collections::BTreeSet, path::Path, process::Command};

/// Compressed JavaScript that the first page loads, the home view with it, in bytes.
const FIRST_LOAD: usize = 80_000;

#[track_caller]
fn npm(script: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ran = Command::new("npm").current_dir(here).args(["run", "--silent", script]).output();
    let ran = ran.expect("npm, which comes with Node, can be run");
    let said = [ran.stdout, ran.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(ran.status.success(), "npm run {script}:\n{said}");
}

#[test]
fn it_agrees_with_the_interface_and_with_itself() {
    npm("check");
}

#[test]
fn its_logic_holds() {
    npm("test");
}

#[test]
fn the_first_page_loads_little() {
    let index = hexachord_player::index().expect("the player was built");
    let page = std::str::from_utf8(index.bytes).expect("the page is text");
    let links = hexachord_player::links("/").expect("home is a view");
    let named = page.split('"').chain(links.split(['<', '>']));
    let named: BTreeSet<_> = named.filter(|part| part.starts_with("/assets/")).collect();
    let scripts: Vec<_> = named
        .into_iter()
        .map(|path| hexachord_player::find(path.trim_start_matches('/')))
        .map(|file| file.expect("what the page names is there"))
        .filter(|file| file.content_type.starts_with("text/javascript"))
        .collect();
    assert!(!scripts.is_empty(), "{page}");
    let sizes = scripts.iter().map(|file| file.gzip.unwrap_or(file.bytes).len());
    let size: usize = sizes.sum();
    assert!(size <= FIRST_LOAD, "{size} bytes of scripts");
}

#[test]
fn nothing_in_the_page_is_inline() {
    let index = hexachord_player::index().expect("the player was built");
    let page = std::str::from_utf8(index.bytes).expect("the page is text");
    for inline in
        ["<style", " style=", "<script>", "javascript:", " onload=", "http://", "https://"]
    {
        assert!(!page.contains(inline), "{inline} in {page}");
    }
}
