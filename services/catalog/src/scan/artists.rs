//! The folder of pictures that are named after artists.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::Path,
};

use hexachord_contracts::ids::ArtistId;
use hexachord_storage::{Record, StoreError};

use super::{
    ScanSetup, is_cancelled,
    run::Run,
    silence::{NoOutcome, patiently},
};
use crate::{
    artwork::picture_stem,
    identity::artist_id,
    read::PictureId,
    store::{ARTIST_PICTURES, Apply, ArtistPictureRow, PictureContent, PictureRow},
    walk::WalkProgress,
};

/// Pictures that are stored in one transaction.
const BATCH: usize = 500;

type Rows = BTreeMap<ArtistId, ArtistPictureRow>;

/// Brings the store up to what the folder holds. One that cannot be read changes nothing; without
/// one there are no such pictures.
pub(super) fn take_in(run: &Run<'_>) -> Result<(), StoreError> {
    let Run { setup, now, stop, progress, .. } = *run;
    let known = known(setup)?;
    let found = match &setup.artists {
        None => Rows::new(),
        Some(folder) => match list_patiently(run, folder, &known) {
            Ok(found) => found,
            Err(reason) => {
                let folder = folder.display();
                progress.warn(format!("the folder of artists' pictures {folder}: {reason}"));
                return Ok(());
            }
        },
    };
    if is_cancelled(stop) {
        return Ok(());
    }
    let gone = known.keys().filter(|artist| !found.contains_key(artist));
    let gone: Vec<_> = gone.map(|artist| (*artist, None)).collect();
    let new = found.into_iter().filter(|(artist, row)| known.get(artist) != Some(row));
    let changes: Vec<_> = gone.into_iter().chain(new.map(|(id, row)| (id, Some(row)))).collect();
    for batch in changes.chunks(BATCH) {
        let batch = batch.to_vec();
        setup.store.write_blocking(move |write| {
            let mut apply = Apply::new(write, now)?;
            for (artist, row) in &batch {
                apply.set_artist_picture(*artist, row.as_ref())?;
            }
            apply.finish().map(drop)
        })?;
    }
    Ok(())
}

fn known(setup: &ScanSetup) -> Result<Rows, StoreError> {
    setup.store.read_blocking(|read| {
        let mut known = Rows::new();
        for entry in redb::ReadableTable::iter(&read.open_table(ARTIST_PICTURES)?)? {
            let (artist, row) = entry?;
            known.insert(ArtistId(artist.value()), ArtistPictureRow::from_bytes(row.value())?);
        }
        Ok(known)
    })
}

/// Says why there is nothing.
fn list_patiently(run: &Run<'_>, folder: &Path, known: &Rows) -> Result<Rows, String> {
    let listing = {
        let (folder, known) = (folder.to_path_buf(), known.clone());
        move |progress: &WalkProgress| list(&folder, &known, progress)
    };
    match patiently(run, folder, listing, |_| {}) {
        Ok(listed) => listed.map_err(|error| error.to_string()),
        Err(NoOutcome::Silent) => {
            Err("it does not answer: its disk or its network may be away".to_owned())
        }
        Err(NoOutcome::Cancelled) => Ok(Rows::new()),
        Err(NoOutcome::BrokeOff(error)) => Err(error.to_string()),
    }
}

/// In the order of their names: of two pictures of one artist the first counts.
fn list(folder: &Path, known: &Rows, stop: &WalkProgress) -> std::io::Result<Rows> {
    let mut names: Vec<_> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<Result<_, _>>()?;
    names.sort();
    let mut found = Rows::new();
    for name in names {
        if is_cancelled(stop) {
            break;
        }
        stop.step();
        let Some(stem) = picture_stem(name.as_bytes()) else { continue };
        let artist = artist_id(&String::from_utf8_lossy(stem));
        let path = folder.join(&name);
        // What is gone meanwhile is not there.
        let Ok(facts) = fs::metadata(&path) else { continue };
        if found.contains_key(&artist) || !facts.is_file() {
            continue;
        }
        let mtime_ns =
            facts.mtime().saturating_mul(1_000_000_000).saturating_add(facts.mtime_nsec());
        let (size, name) = (facts.size(), name.as_bytes().to_vec());
        let is_same = |before: &&ArtistPictureRow| {
            before.name == name
                && (before.row.size, before.row.mtime_ns) == (size, mtime_ns)
                && before.row.content != PictureContent::Unread
        };
        if let Some(before) = known.get(&artist).filter(is_same) {
            found.insert(artist, before.clone());
            continue;
        }
        let content = match PictureId::of_file(folder, &path) {
            Ok(Some(picture)) => PictureContent::Is(picture),
            Ok(None) => PictureContent::Unusable,
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "a picture cannot be read");
                PictureContent::Unread
            }
        };
        found
            .insert(artist, ArtistPictureRow { name, row: PictureRow { size, mtime_ns, content } });
    }
    Ok(found)
}
