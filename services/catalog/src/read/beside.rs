//! Lyrics in files beside the music.

use std::ffi::OsStr;
use std::io::{Error, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::ReadJob;
use super::collector::Collector;
use super::file::open_itself;

/// Bytes read of one file: times and UTF-16 need more than the text that is kept.
const MOST_BYTES: u64 = 256 * 1024;
/// Files beside one piece of music.
const MOST_FILES: usize = 4;

/// One that cannot be read is as if it were not there.
pub(super) fn read(job: &ReadJob, collector: &mut Collector) {
    for name in job.beside.iter().take(MOST_FILES) {
        let path = job.path().with_file_name(OsStr::from_bytes(name));
        if let Ok(content) = content(&path) {
            collector.lyrics().add_file(&content);
        }
    }
}

fn content(path: &Path) -> Result<Vec<u8>, Error> {
    let (file, _len) = open_itself(path)?;
    let mut content = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut content)?;
    Ok(content)
}
