//! Probing and fingerprints over files on disk, through the public interface.
#![cfg(test)]

mod content;
mod distinct;
mod golden;
mod hostile;
mod survival;

use std::fs::File;
use std::io::Write;
use std::path::Path;

use hexachord_audio::{Probe, ProbeError, Scratch, probe};

/// Probes the file at `path` with fresh working memory.
fn probe_path(path: &Path) -> Result<Probe, ProbeError> {
    let file = File::open(path).unwrap();
    let len = file.metadata().unwrap().len();
    probe(&file, len, &mut Scratch::new())
}

/// Probes these bytes as a file.
fn probe_bytes(bytes: &[u8]) -> Result<Probe, ProbeError> {
    probe_with(bytes, &mut Scratch::new())
}

fn probe_with(bytes: &[u8], scratch: &mut Scratch) -> Result<Probe, ProbeError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    probe(&file, bytes.len() as u64, scratch)
}
