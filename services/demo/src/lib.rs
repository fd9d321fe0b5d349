//! The demo library: with no music folder of their own, newcomers get some two dozen short tunes
//! in the public domain, played by the synthesiser in this crate, with covers that it draws.
//!
//! The files are the same bytes on every run, because the ids of tracks come from their audio.

mod arrange;
mod catalogue;
mod covers;
mod dsp;
mod encode;
mod instruments;
mod render;
mod reverb;
mod score;
#[cfg(test)]
mod tests;
mod write;

use catalogue::{ALBUMS, Album, Cover, Track};
pub use encode::EncodeError;
use score::Score;
pub use score::ScoreError;
use std::path::{Path, PathBuf};
pub use write::WriteError;

/// A hidden file that is in the folder while the library is being made.
const UNFINISHED: &str = ".unfinished";

/// How far the creation has come, reported after each track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Tracks that are ready, the kept ones included.
    pub done: usize,
    pub total: usize,
    /// The title of the track that became ready.
    pub title: &'a str,
}

/// What a creation left in the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub albums: usize,
    /// Tracks that were rendered now.
    pub created: usize,
    /// Tracks that were there already.
    pub kept: usize,
    /// Bytes written now, covers included.
    pub bytes: u64,
}

/// Why the demo library could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the demo tune '{title}' has a mistake in its score")]
    Score { title: &'static str, source: ScoreError },
    #[error("the demo tune '{title}' could not be encoded")]
    Encode { title: &'static str, source: EncodeError },
    #[error("the cover of the demo album '{title}' could not be drawn")]
    Cover { title: &'static str, source: image::ImageError },
    #[error("a thread that renders the demo library stopped before its work was done")]
    Stopped,
}

/// Makes the demo library in `folder`, which is created if need be.
///
/// Tracks are rendered on all cores and appear under their final names only when they are whole.
/// What is already there is kept, so that a creation that was interrupted goes on where it stopped.
/// `progress` is called on the calling thread, once for each track.
pub fn create(
    folder: &Path,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Summary, DemoError> {
    create_from(ALBUMS, folder, progress)
}

/// Whether the library is still to be made: `folder` is not there, or a creation in it did not
/// come to its end. What somebody deletes from a library that was complete stays deleted.
pub fn is_wanted(folder: &Path) -> bool {
    !folder.exists() || folder.join(UNFINISHED).exists()
}

/// One track to render.
struct Job {
    album: &'static Album,
    track: &'static Track,
    path: PathBuf,
    /// The encoded picture for inside the file.
    cover: Option<std::sync::Arc<[u8]>>,
}

fn create_from(
    albums: &'static [Album],
    folder: &Path,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Summary, DemoError> {
    write::folder(folder)?;
    let unfinished = folder.join(UNFINISHED);
    write::file(&unfinished, &[])?;
    let total = albums.iter().map(|album| album.tracks.len()).sum();
    let mut summary = Summary { albums: albums.len(), ..Summary::default() };
    let mut jobs = Vec::new();
    for album in albums {
        let place = folder.join(album.folder());
        write::folder(&place)?;
        let cover = cover(album, &place, &mut summary)?;
        for track in album.tracks {
            let path = place.join(album.file_name(track));
            if write::is_whole(&path) {
                summary.kept += 1;
                progress(Progress { done: summary.kept, total, title: track.title });
            } else {
                jobs.push(Job { album, track, path, cover: cover.clone() });
            }
        }
    }
    render_all(jobs, |title, bytes| {
        summary.created += 1;
        summary.bytes += bytes;
        progress(Progress { done: summary.kept + summary.created, total, title });
    })?;
    write::remove(&unfinished)?;
    Ok(summary)
}

/// Draws an album's cover where it is missing; returns it where it belongs inside the files.
fn cover(
    album: &'static Album,
    place: &Path,
    summary: &mut Summary,
) -> Result<Option<std::sync::Arc<[u8]>>, DemoError> {
    let failed = |source| DemoError::Cover { title: album.title, source };
    match album.cover {
        Cover::Embedded => {
            let whole = |track| write::is_whole(&place.join(album.file_name(track)));
            if album.tracks.iter().all(whole) {
                return Ok(None);
            }
            Ok(Some(covers::jpeg(album.motif).map_err(failed)?.into()))
        }
        Cover::Beside(name) => {
            let path = place.join(name);
            if !write::is_whole(&path) {
                let png = path.extension().is_some_and(|ending| ending == "png");
                let draw = if png { covers::png } else { covers::jpeg };
                summary.bytes += write::file(&path, &draw(album.motif).map_err(failed)?)?;
            }
            Ok(None)
        }
    }
}

/// Renders on every core; `ready` hears each title and its bytes on the calling thread.
fn render_all(jobs: Vec<Job>, mut ready: impl FnMut(&str, u64)) -> Result<(), DemoError> {
    let count = jobs.len();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    let (give, take) = crossbeam_channel::bounded::<Job>(count.max(1));
    for job in jobs {
        // The channel has room for all of them and its other end is held below.
        give.send(job).map_err(|_| DemoError::Stopped)?;
    }
    drop(give);
    std::thread::scope(|scope| {
        let (report, reports) = crossbeam_channel::bounded(threads.max(1));
        for _ in 0..threads {
            let (take, report) = (take.clone(), report.clone());
            scope.spawn(move || {
                for job in take {
                    let result = job.run().map(|bytes| (job.track.title, bytes));
                    // Nobody listens any more after the first error.
                    if report.send(result).is_err() {
                        break;
                    }
                }
            });
        }
        drop(report);
        for _ in 0..count {
            let (title, bytes) = reports.recv().map_err(|_| DemoError::Stopped)??;
            ready(title, bytes);
        }
        Ok(())
    })
}

impl Job {
    fn run(&self) -> Result<u64, DemoError> {
        let title = self.track.title;
        let score =
            Score::parse(self.track.tune).map_err(|source| DemoError::Score { title, source })?;
        let samples = render::render(&score, seed(title));
        let bytes = encode::encode(&samples, self.album, self.track, self.cover.as_deref())
            .map_err(|source| DemoError::Encode { title, source })?;
        Ok(write::file(&self.path, &bytes)?)
    }
}

/// A number of a title's own (FNV-1a), so that no two tunes share their chance.
fn seed(title: &str) -> u64 {
    title.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
