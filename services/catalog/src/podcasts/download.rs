//! Downloads an episode: bounded, beside its place, looked into, and then put there.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hexachord_contracts::{
    catalog::EpisodeStatus,
    ids::{EpisodeId, PodcastId},
};
use hexachord_outgoing::Answer;
use hexachord_storage::StoreError;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::{
    fs::File,
    io::AsyncWriteExt,
    time::{Instant, sleep, timeout},
};

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
/// Bytes a second, on average, below which a transfer is given up when it took longer than `WARM`.
const SLOWEST: u64 = 4 * 1024;
const WARM: Duration = Duration::from_mins(1);

/// Does what the store wants; a failure of the other end is an outcome that is kept.
pub(super) async fn download(setup: &Arc<KeeperSetup>, id: EpisodeId) -> Result<(), StoreError> {
    let row: Option<EpisodeRow> =
        setup.store.read(move |read| record(&read.open_table(EPISODES)?, id.0)).await?;
    let Some(row) = row.filter(|row| row.status == EpisodeStatus::Downloading) else {
        return setup.store.write(move |write| change::no_longer_wanted(write, id)).await;
    };
    let unfinished = setup.folders.unfinished(row.podcast, id);
    let outcome = match timeout(LONGEST, fetch(setup, id, &row, &unfinished)).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Err(too_slow()),
    };
    if !matches!(outcome, Ok(Some(_))) {
        on_disk(setup, move || Folders::remove(&unfinished)).await.ok();
    }
    let Some(outcome) = outcome.transpose() else {
        tracing::info!(episode = %id, "a download was given up");
        return Ok(());
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

/// `None`: nobody wants it any more.
async fn fetch(
    setup: &Arc<KeeperSetup>,
    id: EpisodeId,
    row: &EpisodeRow,
    unfinished: &Path,
) -> Result<Option<EpisodeFile>, String> {
    let headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("audio/*, */*;q=0.5")),
        // Sound is packed already.
        (header::ACCEPT_ENCODING, HeaderValue::from_static("identity")),
    ]);
    let asked = tokio::select! {
        answer = setup.settings.client.get(&row.told.url, headers) => answer,
        () = given_up(setup, id) => return Ok(None),
    };
    let answer = asked.map_err(|error| error.to_string())?;
    check_status(&answer)?;
    if answer.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(format!("{} sends it packed, which nobody asked for", answer.host()));
    }
    let most = setup.settings.episode_bytes;
    if answer.length().is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let room = answer.length().unwrap_or(0);
    let (folders, podcast, path) = (setup.folders.clone(), row.podcast, unfinished.to_owned());
    let begun = on_disk(setup, move || {
        let begun = folders.begin(podcast, &path).map_err(|error| not_kept(&error))?;
        // The folder is there now, and tells of its disk.
        if folders.has_room(room) { Ok(begun) } else { Err(no_room()) }
    });
    let file = File::from_std(begun.await??);
    let size = tokio::select! {
        size = write(setup, answer, file) => size?,
        () = given_up(setup, id) => return Ok(None),
    };
    keep(setup, podcast, id, unfinished.to_owned(), size).await.map(Some)
}

/// Waits until nobody wants an episode any more.
async fn given_up(setup: &Arc<KeeperSetup>, id: EpisodeId) {
    loop {
        sleep(setup.settings.look).await;
        let row: Result<Option<EpisodeRow>, StoreError> =
            setup.store.read(move |read| record(&read.open_table(EPISODES)?, id.0)).await;
        // A store that cannot be read now says nothing.
        if let Ok(row) = row
            && row.is_none_or(|row| row.status != EpisodeStatus::Downloading)
        {
            return;
        }
    }
}

/// How many bytes there were.
async fn write(
    setup: &Arc<KeeperSetup>,
    mut answer: Answer,
    mut file: File,
) -> Result<u64, String> {
    let most = setup.settings.episode_bytes;
    let (mut size, mut looked_at, began) = (0, 0, Instant::now());
    while let Some(bytes) = answer.next().await.map_err(|error| error.to_string())? {
        size += bytes.len() as u64;
        if size > most {
            return Err(too_large(most));
        }
        if is_too_slow(size, began.elapsed()) {
            return Err(too_slow());
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

fn is_too_slow(size: u64, elapsed: Duration) -> bool {
    elapsed > WARM && size / SLOWEST < elapsed.as_secs()
}

fn too_slow() -> String {
    "it comes too slowly".to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drips_is_too_slow() {
        let minutes = Duration::from_mins;
        assert!(!is_too_slow(0, minutes(1)), "it may take its time to begin");
        assert!(is_too_slow(3, minutes(1) + Duration::from_secs(27)));
        assert!(is_too_slow(SLOWEST * 599, minutes(10)));
        assert!(!is_too_slow(SLOWEST * 600, minutes(10)));
    }
}
