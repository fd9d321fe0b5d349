//! Lyrics and cue sheets in files beside the music, or where links beside it lead to in its library.

use std::ffi::OsStr;
use std::io::{Error, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::io::Errno;

use super::collector::Collector;
use super::file::open_itself;
use super::picture::open_below;
use super::{ReadJob, cue, text};

/// Bytes read of one file: times and UTF-16 need more than the text that is kept.
const MOST_BYTES: u64 = 256 * 1024;
/// Files of each kind beside one piece of music.
const MOST_FILES: usize = 4;

/// One that cannot be read is as if it were not there.
pub(super) fn read(job: &ReadJob, collector: &mut Collector) {
    let lyrics = job.beside.iter().filter(|name| !is_sheet(name));
    for name in lyrics.take(MOST_FILES) {
        if let Ok(content) = content(job, name, MOST_BYTES) {
            collector.lyrics().add_file(&content);
        }
    }
}

/// Cue sheets, those that are called like the music first.
///
/// # Errors
/// Fails when the disk does: without its sheet the file would be another one.
pub(super) fn cue_sheets(job: &ReadJob) -> Result<Vec<cue::Offered>, Error> {
    let music = job.path().file_name().unwrap_or_default();
    let stem = job.path().file_stem().unwrap_or_default();
    let is_own = |name: &[u8]| {
        let sheet = Path::new(OsStr::from_bytes(name)).file_stem();
        sheet.is_some_and(|sheet| sheet == stem || sheet == music)
    };
    let sheets = job.beside.iter().filter(|name| is_sheet(name)).take(MOST_FILES);
    let mut offered = Vec::new();
    for name in sheets {
        match content(job, name, cue::MOST_BYTES) {
            Ok(content) => {
                let text = text::decoded(&content);
                offered.push(cue::Offered { text, is_own: is_own(name) });
            }
            Err(error) if is_of_the_disk(&error) => return Err(error),
            Err(_) => {}
        }
    }
    offered.sort_by_key(|sheet| !sheet.is_own);
    Ok(offered)
}

fn is_of_the_disk(error: &Error) -> bool {
    let errno = Errno::from_io_error(error);
    errno.is_some_and(|errno| [Errno::IO, Errno::STALE, Errno::TIMEDOUT].contains(&errno))
}

fn is_sheet(name: &[u8]) -> bool {
    name.len() > 4 && name[name.len() - 4..].eq_ignore_ascii_case(b".cue")
}

fn content(job: &ReadJob, name: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let path = job.path().with_file_name(OsStr::from_bytes(name));
    let is_link = |error: &Error| Errno::from_io_error(error) == Some(Errno::LOOP);
    let (file, _len) = match open_itself(&path) {
        Err(error) if is_link(&error) => open_below(job.library(), &path)?,
        opened => opened?,
    };
    let mut content = Vec::new();
    file.take(most).read_to_end(&mut content)?;
    Ok(content)
}
