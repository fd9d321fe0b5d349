//! What every source file keeps to.

use std::path::Path;

use walkdir::WalkDir;

const MOST_LINES: usize = 500;
/// Half of the files are no longer than this.
const USUAL_LINES: usize = 150;
const EVERYWHERE: [&str; 4] = ["benches", "services", "src", "tests"];

pub(super) struct Source {
    /// Below the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Only compiled for tests.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| ["tests", "tests.rs", "benches"].contains(&part))
    }
}

/// All Rust files below folders of the repository.
pub(super) fn below(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in folders {
        let files = WalkDir::new(root.join(folder)).sort_by_file_name().into_iter();
        for entry in files.map(|entry| entry.expect("the repository can be read")) {
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                let path = entry.path().strip_prefix(root).expect("it is below the root");
                let text = std::fs::read_to_string(entry.path()).expect("a source is text");
                sources.push(Source { path: path.to_string_lossy().into_owned(), text });
            }
        }
    }
    assert!(!sources.is_empty(), "no sources in {folders:?}");
    sources
}

#[test]
fn files_are_small_and_say_what_they_hold() {
    let sources = below(&EVERYWHERE);
    let mut lengths = Vec::new();
    for Source { path, text } in &sources {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{path} has {lines} lines");
        assert!(text.starts_with("//! "), "{path} does not begin with what lives there");
        assert!(!path.ends_with("/mod.rs"), "{path}: a module is a file of its own name");
        lengths.push(lines);
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= USUAL_LINES, "half of the files are longer than {median} lines");
}

/// What fails only now and then cannot be looked into, and holds up who did nothing.
#[test]
fn property_tests_try_the_same_values_every_time() {
    // Written in two halves, so that this file does not find itself.
    let begins = ["prop", "test! {"].concat();
    let mut found = 0;
    for Source { path, text } in below(&EVERYWHERE) {
        for property in text.split(&begins).skip(1) {
            let configuration = property.split("#[test]").next().unwrap_or_default();
            for wanted in ["failure_persistence: None", "rng_seed: RngSeed::Fixed("] {
                assert!(configuration.contains(wanted), "{path}: a property test without {wanted}");
            }
            found += 1;
        }
    }
    assert!(found > 0, "no property tests");
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    // Written in two halves, so that this file does not find itself.
    let forbidden = [
        ("to", "do!("),
        ("unimple", "mented!("),
        ("#[al", "low("),
        ("#![al", "low("),
        ("unbounded", "("),
        ("unbounded", "_channel("),
        ("TO", "DO"),
        ("FIX", "ME"),
    ];
    for Source { path, text } in below(&EVERYWHERE) {
        for (one, two) in forbidden {
            let found = text.lines().position(|line| line.contains(&format!("{one}{two}")));
            assert!(found.is_none(), "{path} line {}: {one}{two}", found.unwrap_or(0) + 1);
        }
    }
}
