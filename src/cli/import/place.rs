//! Where a report is to be: a file that is there whole, or not at all.

use std::{
    fs::{File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// As any new file: for whom is up to the umask.
const MODE: u32 = 0o666;

pub(super) struct Place(PathBuf);

impl Place {
    /// Says at once whether a file can be made there. Never one that is there: it may be the database
    /// itself.
    pub(super) fn new(path: PathBuf) -> Result<Self, String> {
        if path.symlink_metadata().is_ok() {
            return Err(is_taken(&path));
        }
        let place = Self(path);
        place.unfinished().map_err(|error| place.complaint(&error))?;
        Ok(place)
    }

    /// Makes the file out of what `write` writes: beside it first.
    pub(super) fn fill(&self, write: impl FnOnce(&File) -> io::Result<()>) -> Result<(), String> {
        let unfinished = self.unfinished().map_err(|error| self.complaint(&error))?;
        write(unfinished.as_file()).map_err(|error| self.complaint(&error))?;
        match unfinished.persist_noclobber(&self.0) {
            Ok(_) => Ok(()),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(is_taken(&self.0))
            }
            Err(failed) => Err(self.complaint(&failed.error)),
        }
    }

    /// Gone when it is not kept.
    fn unfinished(&self) -> io::Result<NamedTempFile> {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        Builder::new()
            .prefix(".hexachord-report-")
            .permissions(Permissions::from_mode(MODE))
            .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))
    }

    fn complaint(&self, error: &io::Error) -> String {
        format!("--report: cannot make {}: {error}", self.0.display())
    }
}

fn is_taken(path: &Path) -> String {
    format!("--report: {} is there already: give the name of a new file", path.display())
}
