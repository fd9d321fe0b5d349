//! The app inside this process, in a temporary folder, on a free port.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
};

use hexachord::{
    app::App,
    config::{self, Config, LibraryFolder},
    http::server::control_path,
    options::Options,
    wiring::WorkerCommand,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::Api;

/// How a server is to be: everything has a default but the music.
pub(crate) struct Setup {
    pub(crate) config: Config,
    pub(crate) options: Options,
    folder: TempDir,
}

/// A running app; it ends when it is dropped.
pub(crate) struct Server {
    api: Api,
    // In this order: the app ends on the runtime, and the folder goes last.
    app: Option<App>,
    runtime: Runtime,
    folder: TempDir,
}

impl Setup {
    /// Without music: one empty folder, `music`, which is not scanned.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let music = folder.path().join("music");
        std::fs::create_dir(&music).expect("a folder can be made");
        let mut config = config::load(None, [], Vec::new()).expect("the defaults are good");
        config.server.listen = ([127, 0, 0, 1], 0).into();
        config.storage.data = folder.path().join("data");
        config.library.folders = vec![LibraryFolder::named_after(music)];
        config.library.scan_on_start = false;
        config.library.watch = config::Watch::Off;
        // What is asked twice is to be answered the same.
        config.artwork.looks = false;
        config.analysis.enabled = false;
        let options = Options { worker: Some(worker()), ..Options::default() };
        Self { config, options, folder }
    }

    /// The empty music folder.
    pub(crate) fn music(&self) -> PathBuf {
        self.folder.path().join("music")
    }

    /// Workers that run these lines of shell before they begin.
    pub(crate) fn worker_after(&mut self, lines: &str) {
        use std::os::unix::fs::PermissionsExt;

        let program = self.folder.path().join("worker");
        let real = worker().program;
        let script = format!("#!/bin/sh\n{lines}\nexec '{}' \"$@\"\n", real.display());
        std::fs::write(&program, script).expect("a script can be written");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, executable).expect("its mode can be set");
        self.options.worker = Some(WorkerCommand { program });
    }

    pub(crate) fn start(self) -> Server {
        let Self { config, options, folder } = self;
        let control = control_path(&config.storage.data);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let app = runtime.block_on(App::start(config, options)).expect("the app starts");
        let address = app.address().expect("it listens");
        Server { api: Api { address, control }, app: Some(app), runtime, folder }
    }
}

impl Server {
    /// Music that was written to [`Setup::music`] is known when this returns.
    pub(crate) fn with_music(write: impl FnOnce(&Path)) -> Self {
        let mut setup = Setup::new();
        write(&setup.music());
        setup.config.library.scan_on_start = true;
        let server = setup.start();
        assert_eq!(server.scanned()["phase"], "finished");
        server
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}

impl Deref for Server {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            self.runtime.block_on(app.stop());
        }
    }
}

/// The real program, reading files as it does beside the real server.
fn worker() -> WorkerCommand {
    WorkerCommand { program: env!("CARGO_BIN_EXE_hexachord").into() }
}
