//! Opening the index, and making a new one where there is none that can be used.

use std::{
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use crate::{committed::Committed, error::IndexError, schema::Fields, view::View};

/// Without this file there is no index.
const META: &str = "meta.json";
/// What is damaged or of another version lies here until another index is complete.
const SET_ASIDE: &str = "set-aside";
/// Bytes of stored names that are unpacked together: who suggests needs one of them.
const STORED_BLOCK: usize = 2048;

pub(crate) struct Opened {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) view: View,
    pub(crate) state: State,
}

/// What was found where the index should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Usable,
    /// Nothing: it was made.
    Absent,
    /// One that was set aside: another was made.
    Damaged,
}

impl Opened {
    /// Whether it was written by this version.
    fn is_current(&self) -> bool {
        self.view.committed.is_current() && self.index.schema() == Fields::new().1
    }
}

pub(crate) fn is_there(folder: &Path) -> bool {
    folder.join(META).exists()
}

/// Opens the index in `folder`. One that is of another version or damaged is set aside, and a new
/// one is made: nothing is in it that is not told again.
pub(crate) fn open(folder: &Path) -> Result<Opened, IndexError> {
    fs::create_dir_all(folder)?;
    let mut state = State::Absent;
    if is_there(folder) {
        let place = folder.join(SET_ASIDE);
        let place = place.display();
        match open_as_it_is(folder) {
            Ok(opened) if opened.is_current() => {
                if opened.view.committed.is_complete()
                    && let Err(error) = remove_set_aside(folder)
                {
                    tracing::warn!(%error, "what was set aside cannot be removed");
                }
                return Ok(opened);
            }
            Ok(_) => {
                tracing::info!(%place, "the index is of another version: set aside and built anew");
            }
            Err(error) => {
                tracing::warn!(%error, %place, "the index is not usable: set aside and built anew");
            }
        }
        state = State::Damaged;
    }
    set_aside(folder)?;
    let (_, schema) = Fields::new();
    let settings = IndexSettings { docstore_blocksize: STORED_BLOCK, ..IndexSettings::default() };
    let index = Index::builder().schema(schema).settings(settings).create_in_dir(folder)?;
    read(index, Committed::default(), state)
}

/// What the index that was set aside answers, of whatever version it is: `None` unless it is whole,
/// undamaged and has the fields that everything is found by.
pub(crate) fn set_aside_view(folder: &Path) -> Option<View> {
    let folder = folder.join(SET_ASIDE);
    if !is_there(&folder) {
        return None;
    }
    match open_as_it_is(&folder) {
        Ok(opened) => opened.view.committed.is_complete().then_some(opened.view),
        Err(error) => {
            tracing::info!(%error, "what was set aside cannot be searched");
            None
        }
    }
}

fn open_as_it_is(folder: &Path) -> Result<Opened, IndexError> {
    let open = || {
        check(folder)?;
        let index = Index::open_in_dir(folder)?;
        let payload = index.load_metas()?.payload;
        // One that was made and never written to says nothing.
        let committed = match payload {
            Some(payload) => Committed::from_payload(&payload),
            None if index.searchable_segment_ids()?.is_empty() => Some(Committed::default()),
            None => None,
        };
        let committed = committed.ok_or_else(|| unusable("what it says of itself is damaged"))?;
        read(index, committed, State::Usable)
    };
    // Damage that no checksum covers may also end in a panic.
    let opened = catch_unwind(AssertUnwindSafe(open));
    opened.unwrap_or_else(|_panic| Err(unusable("it cannot be read")))
}

/// Whether all files of the index are as they were written.
pub(crate) fn check(folder: &Path) -> Result<(), IndexError> {
    // Read by an index of its own, so that the pages that this touches are let go again.
    match Index::open_in_dir(folder)?.validate_checksum()?.into_iter().next() {
        Some(file) => Err(unusable(&format!("{} is damaged", file.display()))),
        None => Ok(()),
    }
}

fn read(index: Index, committed: Committed, state: State) -> Result<Opened, IndexError> {
    let fields = Fields::of(&index.schema()).ok_or_else(|| unusable("it has other fields"))?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let view = View::new(&reader.searcher(), &fields, committed, &View::default())?;
    Ok(Opened { index, reader, fields, view, state })
}

fn unusable(why: &str) -> IndexError {
    TantivyError::InvalidArgument(why.to_owned()).into()
}

/// Moves all files of an index out of the way. What was set aside before stays in its place: what
/// came after it was never complete, and goes. An index has no folders inside: whatever else lies
/// there is left alone.
fn set_aside(folder: &Path) -> io::Result<()> {
    let aside = folder.join(SET_ASIDE);
    let follows_another = is_there(&aside);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            continue;
        }
        if follows_another {
            fs::remove_file(entry.path())?;
        } else {
            fs::create_dir_all(&aside)?;
            fs::rename(entry.path(), aside.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// There is an index that is complete: nobody needs the one before it.
pub(crate) fn remove_set_aside(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder.join(SET_ASIDE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
