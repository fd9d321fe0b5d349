//! Ids follow the music: through a move, a rename and a retag of everything at once, and through the
//! loss of the data folder, for every format.

use std::{collections::BTreeMap, fs, path::Path};

use hexachord::config::LibraryFolder;
use hexachord_fixtures::{Format, Piece, Tags, tag};
use serde_json::json;

use crate::support::{Member, Server, Setup, music, post, text};

const PIECES_A_FORMAT: u64 = 40;
/// Coded frames of a piece; of every third one, all but the last few are the same silence.
const FRAMES: usize = 100;
const SILENT: usize = 80;
const GROWN_BY: usize = 100_000;

/// A music folder and a data folder that outlive the servers on them.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(folder.path().join("music")).expect("a folder can be made");
        Self { folder }
    }

    fn music(&self) -> std::path::PathBuf {
        self.folder.path().join("music")
    }

    /// A server on these folders that has looked for changes, and somebody new who listens.
    fn open(&self) -> (Server, Member) {
        let mut setup = Setup::new();
        setup.config.storage.data = self.folder.path().join("data");
        setup.config.library.folders = vec![LibraryFolder::named_after(self.music())];
        setup.config.library.scan_on_start = true;
        let server = setup.start();
        assert_eq!(server.scanned()["phase"], "finished");
        let member = server.member("listener", "listener");
        (server, member)
    }

    fn forget_everything(&self) {
        fs::remove_dir_all(self.folder.path().join("data")).expect("the data folder is there");
    }
}

fn pieces() -> Vec<Piece> {
    let seeds = 0..PIECES_A_FORMAT;
    let piece = |format, seed| {
        let silent_opening = if seed % 3 == 0 { SILENT } else { 0 };
        Piece { format, seed, silent_opening, frames: FRAMES }
    };
    Format::ALL
        .into_iter()
        .flat_map(|format| seeds.clone().map(move |seed| piece(format, seed)))
        .collect()
}

/// The number of the piece is in its title; the rest depends on how often it was retagged.
fn tags_of(number: usize, time: usize) -> Tags {
    let album = format!("Album {} ({time})", number % 20);
    let tags = music::tags(&format!("{number} time {time}"), &format!("Artist {time}"), &album, 1);
    Tags { padding_comment: time * GROWN_BY, ..tags }
}

/// Ids by the number of the piece.
fn ids(server: &Server, member: &Member) -> BTreeMap<String, String> {
    let tracks = server.pages(member, "/api/v1/tracks", 500);
    let number = |title: &str| title.split(' ').next().unwrap_or_default().to_owned();
    let ids: BTreeMap<_, _> = tracks
        .iter()
        .map(|track| (number(text(&track["title"])), text(&track["id"]).to_owned()))
        .collect();
    assert_eq!(ids.len(), tracks.len(), "two tracks have one title");
    ids
}

fn rescan(server: &Server) -> serde_json::Value {
    server.control(post("/api/v1/admin/scan")).expect(202);
    server.scanned()
}

#[test]
fn ids_survive_move_rename_retag_and_the_loss_of_the_data() {
    let home = Home::new();
    let pieces = pieces();
    for (number, piece) in pieces.iter().enumerate() {
        let path = home.music().join(format!("{number}.{}", piece.format.extension()));
        piece.write(&path).unwrap();
        tag(&path, &tags_of(number, 0)).unwrap();
    }
    let (server, member) = home.open();
    let before = ids(&server, &member);
    assert_eq!(before.len(), pieces.len());

    for (number, piece) in pieces.iter().enumerate() {
        let extension = piece.format.extension();
        let folder = home.music().join(format!("Elsewhere {}", number % 7));
        fs::create_dir_all(&folder).unwrap();
        let to = folder.join(format!("renamed {number}.{extension}"));
        fs::rename(home.music().join(format!("{number}.{extension}")), &to).unwrap();
        tag(&to, &tags_of(number, 1)).unwrap();
        assert!(fs::metadata(&to).unwrap().len() > GROWN_BY as u64);
    }
    let state = rescan(&server);
    let counts = ["moved", "added", "missing", "unreadable"].map(|field| state[field].clone());
    assert_eq!(counts, [json!(pieces.len()), json!(0), json!(0), json!(0)], "{state}");
    same(&before, &ids(&server, &member), &pieces);
    drop(server);

    home.forget_everything();
    let (server, member) = home.open();
    same(&before, &ids(&server, &member), &pieces);
}

/// Names the pieces whose id changed.
#[track_caller]
fn same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, pieces: &[Piece]) {
    let changed: Vec<&Piece> = before
        .iter()
        .filter(|(number, id)| after.get(*number) != Some(id))
        .filter_map(|(number, _)| pieces.get(number.parse::<usize>().ok()?))
        .collect();
    assert!(changed.is_empty(), "{} ids changed: {changed:?}", changed.len());
    assert_eq!(after.len(), before.len());
}

#[test]
fn equal_audio_stays_several_tracks() {
    let home = Home::new();
    let copy = |number: usize, folder: &str, format: Format| {
        let path = home.music().join(folder).join(format!("copy.{}", format.extension()));
        music::write(&path, format, 7, &tags_of(number, 0));
    };
    for (place, format) in Format::ALL.into_iter().enumerate() {
        for (nth, folder) in ["a", "b", "c"].into_iter().enumerate() {
            copy(place * 3 + nth, &format!("{folder} {place}"), format);
        }
    }
    let (server, member) = home.open();
    let before = ids(&server, &member);
    assert_eq!(before.len(), 3 * Format::ALL.len());
    let distinct: std::collections::BTreeSet<&String> = before.values().collect();
    assert_eq!(distinct.len(), before.len(), "equal audio shares an id");
    drop(server);

    home.forget_everything();
    let (server, member) = home.open();
    assert_eq!(ids(&server, &member), before, "without the data, at the same paths");

    for (place, _) in Format::ALL.into_iter().enumerate() {
        move_folder(&home.music(), &format!("b {place}"), &format!("moved/b {place}"));
        move_folder(&home.music(), &format!("c {place}"), &format!("moved/c {place}"));
    }
    rescan(&server);
    assert_eq!(ids(&server, &member), before, "after two of three moved");
}

fn move_folder(music: &Path, from: &str, to: &str) {
    let to = music.join(to);
    fs::create_dir_all(to.parent().expect("it has a parent")).expect("a folder can be made");
    fs::rename(music.join(from), to).expect("a folder can be moved");
}
