//! The folders of channels: the picture and the episodes, by names that are made of ids alone. All of
//! this blocks.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use hexachord_contracts::ids::{EpisodeId, PodcastId};

/// What is being written.
const UNFINISHED: &str = "part";
const PICTURE: &str = "cover";
/// Bytes of the disk that podcasts leave to everything else.
const LEFT: u64 = 512 * 1024 * 1024;

/// Tells one attempt from the next: of two incarnations both may be at work for a moment.
static ATTEMPTS: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, Clone)]
pub(crate) struct Folders {
    root: PathBuf,
}

impl Folders {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    fn of(&self, podcast: PodcastId) -> PathBuf {
        self.root.join(podcast.to_string())
    }

    pub(crate) fn picture(&self, podcast: PodcastId) -> PathBuf {
        self.of(podcast).join(PICTURE)
    }

    pub(crate) fn episode(&self, podcast: PodcastId, name: &str) -> PathBuf {
        self.of(podcast).join(name)
    }

    /// Where an attempt to fetch an episode may write.
    pub(super) fn unfinished(&self, podcast: PodcastId, episode: EpisodeId) -> PathBuf {
        self.of(podcast).join(unfinished(&episode.to_string()))
    }

    /// Begins such a file.
    pub(super) fn begin(&self, podcast: PodcastId, path: &Path) -> io::Result<File> {
        fs::create_dir_all(self.of(podcast))?;
        File::create(path)
    }

    /// Puts a whole file in its place.
    pub(super) fn finish(
        &self,
        unfinished: &Path,
        podcast: PodcastId,
        name: &str,
    ) -> io::Result<()> {
        File::open(unfinished)?.sync_all()?;
        fs::rename(unfinished, self.episode(podcast, name))?;
        File::open(self.of(podcast))?.sync_all()
    }

    pub(super) fn put_picture(&self, podcast: PodcastId, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(self.of(podcast))?;
        let path = self.picture(podcast);
        let unfinished = path.with_file_name(unfinished(PICTURE));
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_data()?;
        fs::rename(unfinished, path)
    }

    /// Is there room for so many bytes more?
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        // Where the disk does not tell, writing will.
        let Ok(disk) = rustix::fs::statvfs(&self.root) else { return true };
        disk.f_bavail.saturating_mul(disk.f_frsize) >= bytes.saturating_add(LEFT)
    }

    /// Deletes a file that may be gone.
    pub(crate) fn remove(path: &Path) {
        if let Err(error) = fs::remove_file(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %path.display(), "a file of a podcast stays");
        }
    }

    pub(crate) fn remove_podcast(&self, podcast: PodcastId) {
        if let Err(error) = fs::remove_dir_all(self.of(podcast))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, %podcast, "the folder of a podcast stays");
        }
    }

    /// Deletes what a killed process left: unfinished files, and those that nothing speaks of.
    pub(super) fn tidy(&self, known: &HashMap<PodcastId, Vec<String>>) -> io::Result<()> {
        let folders = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            folders => folders?,
        };
        for folder in folders {
            let folder = folder?;
            // What was not made here is left alone.
            let name = folder.file_name();
            let Some(podcast) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
            let Some(episodes) = known.get(&podcast) else {
                self.remove_podcast(podcast);
                continue;
            };
            for file in fs::read_dir(folder.path())? {
                let name = file?.file_name();
                let is_known =
                    name == PICTURE || episodes.iter().any(|known| *known.as_str() == *name);
                if !is_known {
                    Self::remove(&folder.path().join(name));
                }
            }
        }
        Ok(())
    }
}

/// A name that no other attempt has.
fn unfinished(name: &str) -> String {
    let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    format!("{name}.{attempt}.{UNFINISHED}")
}

/// The name of an episode's file.
pub(super) fn name_of(episode: EpisodeId, content_type: &str, codec: &str) -> String {
    let ending = hexachord_audio::file_ending(content_type, codec).unwrap_or("audio");
    format!("{episode}.{ending}")
}
