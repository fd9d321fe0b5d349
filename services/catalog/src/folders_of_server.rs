//! Folders of the server, for administrators who choose one for a library: which there are, and which
//! may become one. Names of files are told to nobody.

use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use hexachord_contracts::catalog::{CatalogError, ListServerFolders, ServerFolder, ServerFolders};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    browse::invalid,
    walk::{is_hidden, is_music},
};

/// What the system makes up: no music is there, and some of it never ends.
const MADE_UP: [&str; 3] = ["/proc", "/sys", "/dev"];
/// Entries of one folder that are looked at.
const MOST_ENTRIES: usize = 100_000;
/// Entries of each folder inside it that are counted, and how long all the counting may take.
const MOST_COUNTED: usize = 500;
const COUNTING: Duration = Duration::from_secs(2);
/// A folder that does not answer for so long is on a disk that is away.
const PATIENCE: Duration = Duration::from_secs(8);
/// Folders that are looked at at a time: those on disks that hang keep their place.
const PLACES: usize = 4;
const LONGEST_PATH: usize = 4096;

type Refusable<T> = Result<T, CatalogError>;

/// Threads that may hang with a disk, of which there are few.
pub(crate) struct FolderPlaces(Arc<Semaphore>);

impl Default for FolderPlaces {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

impl FolderPlaces {
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        look: impl FnOnce() -> T + Send + 'static,
    ) -> Refusable<T> {
        let place = Arc::clone(&self.0).try_acquire_owned().map_err(|_| CatalogError::Busy)?;
        let looking = tokio::task::spawn_blocking(move || {
            let _place = place;
            look()
        });
        match timeout(PATIENCE, looking).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(broken)) => Err(CatalogError::Storage(broken.to_string())),
            Err(_late) => Err(wrong("does not answer: the disk that it is on may be away")),
        }
    }
}

/// What a new library must keep away from.
pub(crate) struct Taken {
    /// Names and folders.
    pub(crate) libraries: Vec<(String, PathBuf)>,
    /// The program's own folder, if it has one.
    pub(crate) data: Option<PathBuf>,
}

/// May this folder become a library? Then its path. Blocks.
pub(crate) fn check(path: &str, taken: &Taken) -> Refusable<String> {
    let folder = real(path)?;
    if fs::read_dir(&folder).is_err() {
        return Err(wrong("cannot be read: the user that the server runs as needs permission"));
    }
    if let Some(data) = &taken.data
        && is_within(&folder, data)
    {
        return Err(wrong("holds, or is within, the data folder of the server"));
    }
    if let Some((name, other)) = taken.libraries.iter().find(|known| is_within(&folder, &known.1)) {
        let reason = format!(
            "lies within, around or at the folder of the library `{name}` ({})",
            other.display()
        );
        return Err(invalid("path", reason));
    }
    told(&folder).ok_or_else(|| wrong("leads to a folder whose name is no text (UTF-8)"))
}

/// The folders inside `path`, or places to begin at. Blocks.
pub(crate) fn list(path: Option<&str>, roots: &[PathBuf]) -> Refusable<ServerFolders> {
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        return Ok(beginnings(roots));
    };
    let folder = real(path)?;
    let entries = folder.read_dir().map_err(|error| unreadable(&error))?;
    let (mut found, mut audio_files, mut truncated) = (BTreeSet::new(), 0, false);
    for (seen, entry) in entries.enumerate() {
        let Ok(entry) = entry else { continue };
        if seen >= MOST_ENTRIES {
            truncated = true;
            break;
        }
        let name = entry.file_name();
        if is_hidden(name.as_bytes()) {
            continue;
        }
        audio_files += u32::from(is_audio(&entry));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file {
            continue;
        }
        let Some(name) = name.to_str() else {
            truncated = true;
            continue;
        };
        found.insert((name.to_lowercase(), name.to_owned()));
    }
    let counting = Instant::now();
    let mut folders = Vec::new();
    for (_, name) in found {
        let Some(inner) = folder_at(name.clone(), &folder.join(name), counting) else { continue };
        if folders.len() == ListServerFolders::MOST {
            truncated = true;
            break;
        }
        folders.push(inner);
    }
    let parent = folder.parent().and_then(told);
    Ok(ServerFolders {
        path: told(&folder),
        parent,
        audio_files: Some(audio_files),
        folders,
        truncated,
    })
}

fn beginnings(roots: &[PathBuf]) -> ServerFolders {
    let (mut seen, counting) = (BTreeSet::new(), Instant::now());
    let mut folders = Vec::new();
    for root in roots {
        let name = root.to_string_lossy().into_owned();
        folders.extend(
            folder_at(name, root, counting).filter(|folder| seen.insert(folder.path.clone())),
        );
    }
    ServerFolders { folders, ..ServerFolders::default() }
}

/// `None`: it is no folder, or none that can be told of.
fn folder_at(name: String, path: &Path, counting: Instant) -> Option<ServerFolder> {
    let path = path.canonicalize().ok()?;
    if is_made_up(&path) || !path.is_dir() {
        return None;
    }
    let entries = path.read_dir();
    let readable = entries.is_ok();
    let audio_files = entries.ok().filter(|_| counting.elapsed() < COUNTING).map(count);
    Some(ServerFolder { name, path: told(&path)?, readable, audio_files })
}

fn count(entries: fs::ReadDir) -> u32 {
    let counted = entries.take(MOST_COUNTED).flatten().filter(is_audio).count();
    u32::try_from(counted).unwrap_or(u32::MAX)
}

/// A file, or a link to one: folders may have such names too.
fn is_audio(entry: &fs::DirEntry) -> bool {
    let is_file =
        |kind: fs::FileType| kind.is_file() || kind.is_symlink() && entry.path().is_file();
    is_music(entry.file_name().as_bytes()) && entry.file_type().is_ok_and(is_file)
}

/// The folder at `path`, without links.
fn real(path: &str) -> Refusable<PathBuf> {
    if !path.starts_with('/') || path.len() > LONGEST_PATH {
        return Err(wrong(
            "is not the whole path of a folder of the server, which begins with `/`",
        ));
    }
    let folder = Path::new(path).canonicalize().map_err(|error| unreadable(&error))?;
    if is_made_up(&folder) {
        return Err(wrong("is made up by the system: no music is there"));
    }
    if !folder.is_dir() {
        return Err(wrong("is no folder"));
    }
    Ok(folder)
}

fn unreadable(error: &io::Error) -> CatalogError {
    match error.kind() {
        io::ErrorKind::NotFound => wrong("does not exist on the server"),
        io::ErrorKind::NotADirectory => wrong("is no folder"),
        io::ErrorKind::PermissionDenied => {
            wrong("cannot be read: the user that the server runs as needs permission")
        }
        _ => invalid("path", format!("cannot be read ({error})")),
    }
}

fn is_made_up(path: &Path) -> bool {
    MADE_UP.iter().any(|made_up| path.starts_with(made_up))
}

/// Is one of them inside the other, with links followed?
fn is_within(one: &Path, other: &Path) -> bool {
    let other = other.canonicalize().unwrap_or_else(|_away| other.to_path_buf());
    one.starts_with(&other) || other.starts_with(one)
}

fn told(path: &Path) -> Option<String> {
    path.to_str().map(str::to_owned)
}

fn wrong(reason: &str) -> CatalogError {
    invalid("path", reason.to_owned())
}
