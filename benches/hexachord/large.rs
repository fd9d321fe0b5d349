//! A server with a catalog of many tracks that have no files: what grows with a library is measured
//! without a disk full of music.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use hexachord::percent::percent_encoded;
use hexachord_catalog::{TrackWithoutFile, add_tracks_without_files};
use hexachord_contracts::Timestamp;
use serde_json::Value;

use crate::{
    client::{fetch, request},
    server::{self, Server, data_folder, sign_in},
};

pub(crate) const TRACKS: usize = 100_000;
/// The largest library that is measured; it takes minutes to make.
pub(crate) const MILLION: usize = 1_000_000;
pub(crate) const LIBRARY: &str = "music";
const TRACKS_AN_ALBUM: usize = 10;
const ALBUMS_AN_ARTIST: usize = 3;
const GENRES: usize = 40;
const WORDS: usize = 4_000;
const STARTS: [&str; 16] =
    ["b", "k", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "sh"];
const ENDS: [&str; 10] = ["a", "e", "i", "o", "u", "an", "er", "in", "ol", "é"];
const PATIENCE: Duration = Duration::from_mins(20);

/// Words of two to four syllables: the first ones are frequent, as in any language.
pub(crate) struct Words {
    words: Vec<String>,
    state: u64,
}

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        let mut words = Self { words: Vec::new(), state: seed };
        for _ in 0..WORDS {
            let syllables = 2 + words.below(3);
            let syllable = |words: &mut Self| {
                [STARTS[words.below(STARTS.len())], ENDS[words.below(ENDS.len())]].concat()
            };
            let word = (0..syllables).map(|_| syllable(&mut words)).collect();
            words.words.push(word);
        }
        words
    }

    /// A number below `end` (xorshift64*).
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let random = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(random).unwrap_or(0) % end
    }

    /// A word: the smaller of two places makes early words frequent.
    pub(crate) fn word(&mut self) -> String {
        let place = self.below(WORDS).min(self.below(WORDS));
        self.words[place].clone()
    }

    fn phrase(&mut self, most: usize) -> String {
        let words = 1 + self.below(most);
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// The same tracks at every call.
pub(crate) fn tracks(count: usize) -> Vec<TrackWithoutFile> {
    let mut words = Words::new(20);
    let (mut artist, mut album, mut genre, mut year) = (String::new(), String::new(), 0, 0);
    let make = |number: usize| {
        if number.is_multiple_of(TRACKS_AN_ALBUM) {
            if number.is_multiple_of(TRACKS_AN_ALBUM * ALBUMS_AN_ARTIST) {
                artist = words.phrase(2);
                genre = words.below(GENRES);
            }
            album = words.phrase(3);
            year = 1950 + words.below(75);
        }
        TrackWithoutFile {
            title: words.phrase(4),
            artist: artist.clone(),
            album: format!("{album} {}", number / TRACKS_AN_ALBUM),
            genre: format!("Genre {genre}"),
            year: i32::try_from(year).unwrap_or(2000),
            number: u32::try_from(number % TRACKS_AN_ALBUM).unwrap_or(0) + 1,
            duration_ms: 120_000 + 1000 * words.below(240) as u64,
        }
    };
    (0..count).map(make).collect()
}

/// Writes the catalog's store below `data`.
pub(crate) fn write_catalog(data: &Path, count: usize) {
    std::fs::create_dir_all(data).expect("a folder can be made");
    let store = hexachord_catalog::open_store(data.join("catalog.redb"), 1);
    let store = store.expect("a store can be made");
    let now = Timestamp::from_millis(1_790_000_000_000);
    add_tracks_without_files(&store, LIBRARY, tracks(count), now).expect("tracks can be stored");
    store.close();
}

/// A server over such a catalog, when everything can be found.
pub(crate) fn serve(count: usize) -> Server {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let data = data_folder(&folder);
    write_catalog(&data, count);
    let music = folder.path().join(LIBRARY);
    std::fs::create_dir(&music).expect("a folder can be made");
    let child = server::start(&data, &[&music]);
    let token = sign_in(child.address);
    until_searchable(child.address, &token, count);
    Server { child, token, data: folder }
}

/// Waits until the last track, of which the feed tells in no order that matters, is found.
fn until_searchable(address: SocketAddr, token: &str, count: usize) {
    let deadline = Instant::now() + PATIENCE;
    let made = tracks(count);
    // A few from everywhere: the feed tells them by id.
    let sample: Vec<&TrackWithoutFile> = made.iter().step_by(count / 50).collect();
    while Instant::now() < deadline {
        let is_found = |track: &&TrackWithoutFile| {
            let query = percent_encoded(&format!("{} {}", track.title, track.album));
            let path = format!("/api/v1/search?limit=1&q={query}");
            let found = fetch(address, &request("GET", &path, Some(token), ""));
            let found: Value = serde_json::from_slice(&found).expect("answers are JSON");
            found["tracks"].as_array().is_some_and(|tracks| !tracks.is_empty())
        };
        if sample.iter().all(is_found) {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("the index was not built in {PATIENCE:?}");
}
