//! Downloads an episode: bounded, beside its place, looked into, and then put there.

use std::{path::PathBuf, sync::Arc, time::Duration};

use hexachord_contracts::ids::{EpisodeId, PodcastId};
use hexachord_outgoing::Answer;
use hexachord_storage::StoreError;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::{fs::File, io::AsyncWriteExt, time::timeout};

use super::{
    change,
    files::{Folders, name_of},
    keeper::KeeperSetup,
};
use crate::{
    read::{ReadJob, ReadOutcome, Reading},
    store::{EPISODES, EpisodeFile, EpisodeRow, record},
};

/// However slowly it comes, it ends.
const LONGEST: Duration = Duration::from_hours(6);
/// Looking into a file that takes longer is given up.
const SLOWEST_LOOK: Duration = Duration::from_mins(1);
/// Bytes between two looks at how full the disk is.
const STEP: u64 = 32 * 1024 * 1024;

/// Does what the store wants; a failure of the other end is an outcome that is kept.
pub(super) async fn download(setup: &Arc<KeeperSetup>, id: EpisodeId) -> Result<(), StoreError> {
    let row: Option<EpisodeRow> =
        setup.store.read(move |read| record(&read.open_table(EPISODES)?, id.0)).await?;
    let Some(row) = row else {
        return setup.store.write(move |write| change::no_longer_wanted(write, id)).await;
    };
    let outcome = match timeout(LONGEST, fetch(setup, id, &row)).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Err("it comes too slowly".to_owned()),
    };
    let path = outcome.as_ref().ok().map(|file| setup.folders.episode(row.podcast, &file.name));
    match &outcome {
        Ok(file) => tracing::info!(episode = %id, bytes = file.size, "an episode was downloaded"),
        Err(error) => tracing::info!(episode = %id, error, "an episode cannot be downloaded"),
    }
    let kept = setup.store.write(move |write| change::downloaded(write, id, &outcome)).await?;
    if let Some(path) = path.filter(|_| !kept) {
        // Nobody wants it any more.
        on_disk(setup, move || Folders::remove(&path)).await.ok();
    }
    Ok(())
}

async fn fetch(
    setup: &Arc<KeeperSetup>,
    id: EpisodeId,
    row: &EpisodeRow,
) -> Result<EpisodeFile, String> {
    let headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("audio/*, */*;q=0.5")),
        // Sound is packed already.
        (header::ACCEPT_ENCODING, HeaderValue::from_static("identity")),
    ]);
    let answer = setup.settings.client.get(&row.told.url, headers).await;
    let answer = answer.map_err(|error| error.to_string())?;
    check_status(&answer)?;
    if answer.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(format!("{} sends it packed, which nobody asked for", answer.host()));
    }
    let most = setup.settings.episode_bytes;
    if answer.length().is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let room = answer.length().unwrap_or(0);
    let (folders, podcast) = (setup.folders.clone(), row.podcast);
    let begun = on_disk(setup, move || {
        let begun = folders.begin(podcast, id).map_err(|error| not_kept(&error))?;
        // The folder is there now, and tells of its disk.
        if folders.has_room(room) { Ok(begun) } else { Err(no_room()) }
    });
    let (file, path) = begun.await??;
    let written = write(setup, answer, File::from_std(file)).await;
    let kept = match written {
        Ok(size) => keep(setup, podcast, id, path.clone(), size).await,
        Err(reason) => Err(reason),
    };
    if kept.is_err() {
        on_disk(setup, move || Folders::remove(&path)).await.ok();
    }
    kept
}

/// How many bytes there were.
async fn write(
    setup: &Arc<KeeperSetup>,
    mut answer: Answer,
    mut file: File,
) -> Result<u64, String> {
    let most = setup.settings.episode_bytes;
    let (mut size, mut looked_at) = (0, 0);
    while let Some(bytes) = answer.next().await.map_err(|error| error.to_string())? {
        size += bytes.len() as u64;
        if size > most {
            return Err(too_large(most));
        }
        if size - looked_at > STEP {
            looked_at = size;
            let folders = setup.folders.clone();
            if !on_disk(setup, move || folders.has_room(STEP)).await? {
                return Err(no_room());
            }
        }
        file.write_all(&bytes).await.map_err(|error| not_kept(&error))?;
    }
    file.flush().await.map_err(|error| not_kept(&error))?;
    Ok(size)
}

/// Looks into a whole file, and puts it where it belongs.
async fn keep(
    setup: &Arc<KeeperSetup>,
    podcast: PodcastId,
    id: EpisodeId,
    path: PathBuf,
    size: u64,
) -> Result<EpisodeFile, String> {
    let (folders, worker) = (setup.folders.clone(), setup.worker.clone());
    let kept = on_disk(setup, move || {
        let began = std::time::Instant::now();
        let too_late = || began.elapsed() > SLOWEST_LOOK;
        let outcomes = Reading::new(worker).read(&[ReadJob::of(&path)], &too_late);
        let outcomes = outcomes.map_err(|error| format!("it cannot be looked into: {error}"))?;
        let music = match outcomes.into_iter().next() {
            Some(ReadOutcome::Music(music)) => music,
            Some(ReadOutcome::Unreadable { reason }) => {
                return Err(format!("what was sent cannot be played: {reason}"));
            }
            None => return Err("it cannot be looked into".to_owned()),
        };
        let name = name_of(id, &music.content_type, &music.codec);
        folders.finish(&path, podcast, &name).map_err(|error| not_kept(&error))?;
        Ok(EpisodeFile {
            name,
            content_type: music.content_type,
            codec: music.codec,
            bitrate_kbps: music.bitrate_kbps,
            duration_ms: music.duration_ms,
            size,
        })
    });
    kept.await?
}

/// Runs what blocks off the runtime.
pub(super) async fn on_disk<T: Send + 'static>(
    setup: &Arc<KeeperSetup>,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    setup.threads.run(job).await.map_err(|error| error.to_string())
}

/// Anything but the thing itself is none.
pub(super) fn check_status(answer: &Answer) -> Result<(), String> {
    match answer.status() {
        StatusCode::OK => Ok(()),
        status => Err(format!("{} answers {status}", answer.host())),
    }
}

fn too_large(most: u64) -> String {
    format!("it is larger than {} MiB (podcasts.episode_mb)", most / (1024 * 1024))
}

fn no_room() -> String {
    "the disk that holds the data folder is almost full".to_owned()
}

fn not_kept(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull => no_room(),
        _ => format!("it cannot be kept in the data folder: {error}"),
    }
}
