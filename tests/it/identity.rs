//! Ids follow the music, and what listeners do with it follows the ids: over the real app.

mod albums;
mod copies;
mod histories;
mod pieces;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use hexachord::config::LibraryFolder;
use serde_json::Value;

use crate::support::{Member, PASSWORD, Server, Setup, post, program::subfolder, text};

/// Two music folders and a data folder that outlive the servers on them.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().expect("a temporary folder can be made") };
        for folder in [home.music(), home.other()] {
            fs::create_dir(folder).expect("a folder can be made");
        }
        home
    }

    fn music(&self) -> PathBuf {
        self.folder.path().join("music")
    }

    /// The folder of another library.
    fn other(&self) -> PathBuf {
        self.folder.path().join("other")
    }

    /// A server on these folders that has looked for changes, and somebody who listens.
    fn open(&self) -> (Server, Member) {
        let mut setup = Setup::new();
        setup.config.storage.data = self.folder.path().join("data");
        let is_new = !setup.config.storage.data.exists();
        setup.config.library.folders =
            [self.music(), self.other()].map(LibraryFolder::named_after).to_vec();
        setup.config.library.scan_on_start = true;
        let server = setup.start();
        assert_eq!(server.scanned()["phase"], "finished");
        let name = "listener";
        let member =
            if is_new { server.member(name, name) } else { server.sign_in(name, PASSWORD) };
        (server, member)
    }

    fn forget_everything(&self) {
        fs::remove_dir_all(self.folder.path().join("data")).expect("the data folder is there");
    }
}

/// Ids by the first word of the title, which is another one in each track.
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

fn rescan(server: &Server) -> Value {
    server.control(post("/api/v1/admin/scan")).expect(202);
    let state = server.scanned();
    assert_eq!(state["phase"], "finished", "{state}");
    state
}

/// Moves a file or a folder to where nothing is.
fn relocate(from: &Path, to: &Path) {
    let folder = to.parent().expect("it has a parent");
    subfolder(folder, "");
    fs::rename(from, to).expect("it can be moved");
}
