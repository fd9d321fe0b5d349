//! Random histories of files under a listener's playlist, stars, ratings and plays: all of them are
//! about the same music afterwards.

use std::{collections::BTreeMap, fs};

use hexachord_fixtures::{Format, tag};
use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::{Value, json};

use super::{Home, ids, relocate, rescan};
use crate::{
    faults::wire::until,
    support::{Member, Request, Server, music, post, text},
};

const CASES: u32 = 4;
/// Tunes with files that are moved about.
const TUNES: usize = 8;

/// What happens to the file of a tune.
#[derive(Debug, Clone)]
enum Step {
    Move { tune: usize, to: usize },
    Retag { tune: usize, grown: bool },
    Copy { tune: usize, to: usize },
    Remove { tune: usize },
    Restore,
    Unmount { other: bool, emptied: bool },
    Remount,
    Scan { full: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (tune, to) = (|| 0..TUNES, || 0..4_usize);
    let step = prop_oneof![
        4 => (tune(), to()).prop_map(|(tune, to)| Step::Move { tune, to }),
        4 => (tune(), any::<bool>()).prop_map(|(tune, grown)| Step::Retag { tune, grown }),
        1 => (tune(), to()).prop_map(|(tune, to)| Step::Copy { tune, to }),
        2 => tune().prop_map(|tune| Step::Remove { tune }),
        2 => Just(Step::Restore),
        1 => (any::<bool>(), any::<bool>())
            .prop_map(|(other, emptied)| Step::Unmount { other, emptied }),
        2 => Just(Step::Remount),
        3 => prop::bool::weighted(0.3).prop_map(|full| Step::Scan { full }),
    ];
    prop::collection::vec(step, 20..40)
}

/// Folders, two in each library, and where the file of each tune is.
struct Shelf {
    home: Home,
    folders: BTreeMap<usize, usize>,
    removed: BTreeMap<usize, usize>,
    /// By the number of the library.
    unmounted: BTreeMap<usize, bool>,
    times: usize,
}

impl Shelf {
    fn new() -> Self {
        let home = Home::new();
        let folders = (0..TUNES).map(|tune| (tune, tune % 4)).collect();
        let (removed, unmounted) = (BTreeMap::new(), BTreeMap::new());
        let shelf = Self { home, folders, removed, unmounted, times: 0 };
        for tune in 0..TUNES {
            let path = shelf.path(tune, tune % 4);
            music::write(&path, format(tune), tune as u64, &tags_of(tune, 0, false));
        }
        // A library that is empty would look like an unmounted one.
        for (seed, library) in (100..).zip(0..2) {
            let kept = shelf.root(library).join("kept.flac");
            let title = format!("kept{library}");
            music::write(&kept, Format::Flac, seed, &music::tags(&title, "Nobody", "Kept", 1));
        }
        shelf
    }

    fn root(&self, library: usize) -> std::path::PathBuf {
        if library == 0 { self.home.music() } else { self.home.other() }
    }

    fn path(&self, tune: usize, folder: usize) -> std::path::PathBuf {
        let name = format!("{folder}/{tune}.{}", format(tune).extension());
        self.root(folder / 2).join(name)
    }

    fn is_mounted(&self, folder: usize) -> bool {
        !self.unmounted.contains_key(&(folder / 2))
    }

    /// Where the file is, if it is to be reached.
    fn at_hand(&self, tune: usize) -> Option<usize> {
        self.folders.get(&tune).copied().filter(|folder| self.is_mounted(*folder))
    }

    fn aside(&self, name: &str) -> std::path::PathBuf {
        self.home.music().with_file_name("aside").join(name)
    }

    fn take(&mut self, step: &Step, server: &Server) {
        match *step {
            Step::Move { tune, to } => {
                let from = self.at_hand(tune).filter(|from| *from != to && self.is_mounted(to));
                if let Some(from) = from {
                    relocate(&self.path(tune, from), &self.path(tune, to));
                    self.folders.insert(tune, to);
                }
            }
            Step::Retag { tune, grown } => {
                self.times += 1;
                if let Some(folder) = self.at_hand(tune) {
                    tag(self.path(tune, folder), &tags_of(tune, self.times, grown))
                        .expect("files of the test can be changed");
                }
            }
            Step::Copy { tune, to } => {
                let from = self.at_hand(tune).filter(|_| self.is_mounted(to));
                if let Some(from) = from {
                    let copy = self.root(to / 2).join(format!("copy {tune}.{to}.mp3"));
                    fs::copy(self.path(tune, from), &copy)
                        .expect("files of the test can be changed");
                    tag(copy, &music::tags(&format!("copy{tune}{to}"), "Copy", "Copies", 1))
                        .expect("files of the test can be changed");
                }
            }
            Step::Remove { tune } => {
                if let Some(folder) = self.at_hand(tune) {
                    relocate(&self.path(tune, folder), &self.aside(&tune.to_string()));
                    self.folders.remove(&tune);
                    self.removed.insert(tune, folder);
                }
            }
            Step::Restore => {
                let back = self.removed.iter().find(|(_, folder)| self.is_mounted(**folder));
                if let Some((tune, folder)) = back.map(|(tune, folder)| (*tune, *folder)) {
                    relocate(&self.aside(&tune.to_string()), &self.path(tune, folder));
                    self.removed.remove(&tune);
                    self.folders.insert(tune, folder);
                }
            }
            Step::Unmount { other, emptied } => self.unmount(usize::from(other), emptied),
            Step::Remount => self.remount(),
            Step::Scan { full } => scan(server, full),
        }
    }

    fn unmount(&mut self, library: usize, emptied: bool) {
        if !self.unmounted.contains_key(&library) {
            relocate(&self.root(library), &self.aside(&format!("library {library}")));
            if emptied {
                fs::create_dir(self.root(library)).expect("files of the test can be changed");
            }
            self.unmounted.insert(library, emptied);
        }
    }

    fn remount(&mut self) {
        for (library, emptied) in std::mem::take(&mut self.unmounted) {
            if emptied {
                fs::remove_dir(self.root(library)).expect("files of the test can be changed");
            }
            relocate(&self.aside(&format!("library {library}")), &self.root(library));
        }
    }
}

fn format(tune: usize) -> Format {
    Format::ALL[tune % Format::ALL.len()]
}

/// The tune is the first word of its title.
fn tags_of(tune: usize, time: usize, grown: bool) -> hexachord_fixtures::Tags {
    let (title, album) = (format!("tune{tune} time {time}"), format!("Album {}", time % 5));
    let tags = music::tags(&title, &format!("Artist {}", time % 3), &album, 1);
    hexachord_fixtures::Tags { padding_comment: if grown { 70_000 } else { 0 }, ..tags }
}

fn scan(server: &Server, full: bool) {
    server.control(post("/api/v1/admin/scan").json(&json!({ "full": full }))).expect(202);
    assert_eq!(server.scanned()["phase"], "finished");
}

/// What a listener has done with the tunes.
struct Memory<'s> {
    server: &'s Server,
    member: Member,
    playlist: String,
}

impl<'s> Memory<'s> {
    fn of(server: &'s Server, member: Member) -> Self {
        let ids = ids(server, &member);
        let id = |tune: usize| ids[&format!("tune{tune}")].clone();
        let send = |method, path: &str, body: &Value| {
            let request = Request::new(method, path).bearer(&member.token).json(body);
            let answer = server.send(request);
            assert!([200, 201].contains(&answer.status), "{}", answer.status);
            answer.json()
        };
        let tracks: Vec<String> = (0..TUNES).chain([0, 3, 3]).map(id).collect();
        let body = json!({ "name": "Tunes", "track_ids": tracks });
        let playlist = send("POST", "/api/v1/playlists", &body);
        for tune in 0..TUNES {
            let id = id(tune);
            if tune % 2 == 0 {
                send("PUT", &format!("/api/v1/me/favourites/{id}"), &json!({}));
            }
            let rating = json!({ "rating": 1 + tune % 5 });
            send("PUT", &format!("/api/v1/me/ratings/{id}"), &rating);
            for number in 0..=tune {
                let body = json!({
                    "track_id": id, "started_at": "2026-11-20T20:00:00Z", "listened_ms": 600_000,
                    "source": "test", "id": format!("{tune} {number}"),
                });
                send("POST", "/api/v1/plays", &body);
            }
        }
        Self { server, member, playlist: text(&playlist["id"]).to_owned() }
    }

    /// All of it, in the first words of titles.
    fn recalled(&self) -> Vec<Value> {
        let tune = |track: &Value| text(&track["title"]).split(' ').next().map(str::to_owned);
        let read = |path: &str| self.server.pages(&self.member, path, 500);
        let path = format!("/api/v1/playlists/{}", self.playlist);
        let whole = self.server.read(&self.member, &path);
        let tracks = whole["tracks"]["items"].as_array().expect("a list has items");
        let playlist = json!(tracks.iter().map(|entry| tune(&entry["track"])).collect::<Vec<_>>());
        let loved = read("/api/v1/me/favourites?kind=track");
        let loved = json!(loved.iter().map(|item| tune(&item["track"])).collect::<Vec<_>>());
        let top = read("/api/v1/me/top/tracks");
        let top: Vec<_> = top.iter().map(|item| (tune(&item["track"]), &item["plays"])).collect();
        let ids = tracks.iter().map(|entry| text(&entry["track"]["id"])).collect::<Vec<_>>();
        let path = format!("/api/v1/me/annotations?ids={}", ids.join(","));
        let ratings = self.server.read(&self.member, &path);
        let ratings = ratings["items"].as_array().expect("a list has items");
        let ratings = json!(ratings.iter().map(|item| &item["rating"]).collect::<Vec<_>>());
        vec![playlist, loved, json!(top), ratings]
    }
}

fn live(steps: &[Step]) {
    let mut shelf = Shelf::new();
    let (server, member) = shelf.home.open();
    let memory = Memory::of(&server, member);
    let before = memory.recalled();
    for step in steps {
        shelf.take(step, &server);
        if matches!(step, Step::Scan { .. }) {
            assert_eq!(memory.recalled(), before);
        }
    }
    shelf.remount();
    while !shelf.removed.is_empty() {
        shelf.take(&Step::Restore, &server);
    }
    rescan(&server);
    assert_eq!(memory.recalled(), before);
    // All of it plays.
    let known = ids(&server, &memory.member);
    for tune in 0..TUNES {
        let path = format!("/api/v1/tracks/{}/stream", known[&format!("tune{tune}")]);
        let request = Request::new("HEAD", &path).bearer(&memory.member.token);
        until("it plays", || (server.send(request.clone()).status == 200).then_some(()));
    }
}

#[test]
fn what_listeners_do_stays_with_the_music() {
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        max_shrink_iters: 20,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| live(&steps));
}
