//! Layers, and the words for what is wrong in them.

use super::*;
use crate::wiring::PictureRules;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn the_embedded_file_has_every_key() {
    let config = load(None, [], Vec::new()).unwrap();
    assert_eq!(config.server.listen.port(), 4747);
    assert_eq!(config.accounts.registration, Registration::Invite);
    assert_eq!((config.library.watch, config.library.poll_seconds.get()), (Watch::Auto, 60));
    assert_eq!((config.analysis.enabled, config.library.loudness), (true, Gains::Tags));
    let streaming = config.streaming;
    assert_eq!((streaming.transcodes, streaming.transcodes_per_listener.get()), (0, 4));
    assert_eq!(streaming.cache_mb, 2048);
    let artwork = config.artwork;
    let rules = PictureRules {
        track: artwork.track_pictures,
        disc: artwork.disc_pictures,
        album: artwork.album_pictures,
        artist: artwork.artist_pictures,
    };
    assert_eq!(rules, PictureRules::default(), "the catalog's are the same");
}

#[test]
fn later_layers_win() {
    let file = file("[server]\nlisten = \"127.0.0.1:1\"\ngrace_seconds = 3\n");
    let variables = variables(&[("HEXACHORD_SERVER__LISTEN", "127.0.0.1:2"), ("OTHER", "x")]);
    let argument = ("--listen", "server", "listen", toml::Value::String("127.0.0.1:3".into()));
    let config = load(Some(file.path()), variables.clone(), Vec::new()).unwrap();
    assert_eq!((config.server.listen.port(), config.server.grace_seconds), (2, 3));
    let config = load(Some(file.path()), variables, vec![argument]).unwrap();
    assert_eq!(config.server.listen.port(), 3);
}

#[test]
fn folders_are_paths_or_named() {
    let file = file(
        "[library]\nfolders = [\"/a/Music\", { name = \"Jazz\", path = \"/j\" }, \"/b/Blues\"]",
    );
    let folders = load(Some(file.path()), [], Vec::new()).unwrap().library.folders;
    let names: Vec<_> = folders.iter().map(|folder| folder.name.as_str()).collect();
    assert_eq!(names, ["Music", "Jazz", "Blues"]);
    let listed = variables(&[("HEXACHORD_LIBRARY__FOLDERS", "/x:/y")]);
    let folders = load(None, listed, Vec::new()).unwrap().library.folders;
    assert_eq!(folders.len(), 2);
}

#[test]
fn a_wrong_key_is_named_with_its_line() {
    let file = file("# mine\n[server]\n\nlisen = \"127.0.0.1:1\"\n");
    let error = load(Some(file.path()), [], Vec::new()).unwrap_err().to_string();
    assert!(
        error.contains("line 4: unknown key `server.lisen`: did you mean `server.listen`?"),
        "{error}"
    );
    let error = load(None, variables(&[("HEXACHORD_NO__SUCH", "1")]), Vec::new()).unwrap_err();
    assert!(
        error.to_string().contains("variable HEXACHORD_NO__SUCH: unknown key `no.such`"),
        "{error}"
    );
}

#[test]
fn a_wrong_value_is_named_with_its_line() {
    for (text, line, words) in [
        ("[server]\nlisten = \"here\"", 2, "`server.listen`: invalid socket address"),
        ("[server]\n\nlisten = 5", 3, "`server.listen`: invalid type"),
        ("[accounts]\nregistration = \"all\"", 2, "unknown variant `all`"),
        ("[library]\nvanish_share = 3.5", 2, "between 0.0 and 1.0"),
        ("[library]\nwatch = \"on\"", 2, "unknown variant `on`"),
        ("[library]\npoll_seconds = 0", 2, "nonzero"),
        ("[library]\nfolders = [7]", 2, "expected paths"),
        ("[library]\nartist_separators = [\";\", \" \"]", 2, "a separator is empty or a blank"),
        ("[library]\n\ngenre_separators = \";\"", 3, "expected a list of texts like"),
        ("[library]\nnever_split = [\"\"]", 2, "a name is empty"),
        (
            "[library]\nfolders = [\"/a/Music\", \"/b/Music\"]",
            2,
            "two libraries are called `Music`",
        ),
        ("[library]\n\nfolders = [{ name = \"A\", paht = \"/a\" }]", 3, "expected paths"),
        ("[server]\nmax_connections = 0", 2, "nonzero"),
        ("[artwork]\nalbum_pictures = [\"cover\"]", 2, "`cover` must end with .*"),
        ("[artwork]\n\ndisc_pictures = [\"a/b.*\"]", 3, "`a/b.*` is a path"),
        ("[artwork]\ncache_mb = -1", 2, "`artwork.cache_mb`: invalid value"),
        ("[streaming]\ncache_mb = -1", 2, "`streaming.cache_mb`: invalid value"),
        ("[streaming]\ntranscodes = 65536", 2, "`streaming.transcodes`: invalid value"),
        ("[streaming]\ntranscodes_per_listener = 0", 2, "nonzero"),
        ("[log]\nlevel = \"inof\"", 2, "`inof` is not a log level"),
        ("stray = 1\n[server]", 1, "unknown key `stray`"),
    ] {
        let file = file(text);
        let error = load(Some(file.path()), [], Vec::new()).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line}:")) && error.contains(words), "{error}");
    }
    let error = load(None, variables(&[("HEXACHORD_SERVER__GRACE_SECONDS", "soon")]), Vec::new());
    assert!(error.unwrap_err().to_string().contains("`soon` is not a whole number"));
}

#[test]
fn broken_toml_and_a_missing_file_are_told() {
    let broken = file("[server\n");
    let error = load(Some(broken.path()), [], Vec::new()).unwrap_err().to_string();
    assert!(error.contains("not valid TOML") && error.contains("line 1"), "{error}");
    let error = load(Some(std::path::Path::new("/no/such.toml")), [], Vec::new()).unwrap_err();
    assert!(error.to_string().contains("cannot read the configuration /no/such.toml"));
}
