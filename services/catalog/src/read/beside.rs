//! Lyrics in files beside the music, or where links beside it lead to in its library.

use std::ffi::OsStr;
use std::io::{Error, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::io::Errno;

use super::ReadJob;
use super::collector::Collector;
use super::file::open_itself;
use super::picture::open_below;

/// Bytes read of one file: times and UTF-16 need more than the text that is kept.
const MOST_BYTES: u64 = 256 * 1024;
/// Files beside one piece of music.
const MOST_FILES: usize = 4;

/// One that cannot be read is as if it were not there.
pub(super) fn read(job: &ReadJob, collector: &mut Collector) {
    for name in job.beside.iter().take(MOST_FILES) {
        let path = job.path().with_file_name(OsStr::from_bytes(name));
        if let Ok(content) = content(job.library(), &path) {
            collector.lyrics().add_file(&content);
        }
    }
}

fn content(library: &Path, path: &Path) -> Result<Vec<u8>, Error> {
    let is_link = |error: &Error| Errno::from_io_error(error) == Some(Errno::LOOP);
    let (file, _len) = match open_itself(path) {
        Err(error) if is_link(&error) => open_below(library, path)?,
        opened => opened?,
    };
    let mut content = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut content)?;
    Ok(content)
}
