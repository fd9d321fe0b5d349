//! A server with some music, and what is heard of it.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use hexachord_audio::{AudioFacts, Decoder};
use hexachord_contracts::Failpoints;
use hexachord_fixtures::{Format, Piece, Tags, tag};

use crate::{
    faults::{slow::Listener, wire::until},
    support::{Api, Member, Request, Response, Server, Setup, get, music, text},
};

pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) member: Member,
    pub(super) failpoints: Failpoints,
}

impl Stage {
    pub(super) fn with_music(write: impl FnOnce(&Path)) -> Self {
        Self::set(write, |_setup| {})
    }

    pub(super) fn set(write: impl FnOnce(&Path), change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = Setup::new();
        write(&setup.music());
        change(&mut setup);
        let failpoints = Failpoints::default();
        setup.options.failpoints = failpoints.clone();
        setup.config.library.scan_on_start = true;
        let server = setup.start();
        assert_eq!(server.scanned()["phase"], "finished");
        let member = server.member("ida", "listener");
        Self { server, member, failpoints }
    }

    /// The address of a track's stream, by its title.
    pub(super) fn stream_of(&self, title: &str) -> String {
        stream_of(&self.server, &self.member, title)
    }

    pub(super) fn ask(&self, path: &str) -> Request {
        get(path).bearer(&self.member.token)
    }

    #[track_caller]
    pub(super) fn hear(&self, path: &str) -> Response {
        self.server.send(self.ask(path)).expect(200)
    }

    /// A listener who takes little at a time.
    #[track_caller]
    pub(super) fn listen(&self, path: &str) -> Listener {
        let listener = Listener::open(self.server.address, &self.ask(path));
        assert_eq!(listener.head.status, 200);
        listener
    }

    pub(super) fn count(&self, name: &str) -> u64 {
        count(&self.server, name)
    }

    /// Waits until nothing is being made any more.
    pub(super) fn nothing_runs(&self) {
        until("nothing is being made", || (self.count("transcodes_running") == 0).then_some(()));
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.server.path().join("data/transcodes")
    }

    /// What is in the folder of transcodes.
    pub(super) fn kept(&self) -> Vec<String> {
        names(&self.folder())
    }
}

pub(super) fn stream_of(api: &Api, member: &Member, title: &str) -> String {
    let tracks = api.pages(member, "/api/v1/tracks", 50);
    let track = tracks.iter().find(|track| track["title"] == title);
    let id = &track.unwrap_or_else(|| panic!("no track is called {title}"))["id"];
    format!("/api/v1/tracks/{}/stream", text(id))
}

/// A number of the metrics, by its name without the prefix.
pub(super) fn count(api: &Api, name: &str) -> u64 {
    let body = api.send(get("/metrics")).expect(200).body;
    let metrics = String::from_utf8(body).expect("metrics are text");
    let line = |line: &str| {
        let (found, value) = line.strip_prefix("hexachord_")?.split_once(' ')?;
        let found = found.strip_suffix("_total").unwrap_or(found);
        (found == name).then(|| value.parse().expect("a number"))
    };
    metrics.lines().find_map(line).unwrap_or_else(|| panic!("no metric is called {name}"))
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.expect("a folder can be read").file_name().into_string().expect("names are text")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Writes a tagged file that is called as its title says, of so many frames of a piece.
pub(super) fn piece(folder: &Path, title: &str, format: Format, frames: usize) -> PathBuf {
    let path = folder.join(format!("{title}.{}", format.extension()));
    let seed = title.bytes().map(u64::from).sum();
    Piece { frames, ..Piece::new(format, seed) }.write(&path).expect("a file can be written");
    let tags = Tags { title: title.to_owned(), ..music::tags(title, "Guido", "Hymns", 1) };
    tag(&path, &tags).expect("a file can be tagged");
    path
}

/// All that is heard of a file, interleaved.
pub(super) fn decoded(bytes: Vec<u8>) -> (AudioFacts, Vec<f32>) {
    let mut decoder = Decoder::open(Cursor::new(bytes)).expect("it can be decoded");
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().expect("it goes on") {
        samples.extend_from_slice(block);
    }
    (*decoder.facts(), samples)
}

/// A field of the header that tells what a player must know.
pub(super) fn sound(response: &Response, field: &str) -> u64 {
    let header = response.header("x-hexachord-sound").expect("it tells about the sound");
    let fields = header.split("; ").filter_map(|part| part.split_once('='));
    let value = fields.into_iter().find(|(name, _)| *name == field).expect("it has the field").1;
    value.parse().expect("a number")
}
