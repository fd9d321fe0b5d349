//! Reading what the kernel has in memory, and nothing else.

use std::{fs::File, io};

/// Reads without waiting for the disk: `WouldBlock` says that the bytes are not cached, any other error
/// that the file system cannot tell.
#[cfg(target_os = "linux")]
pub fn read_cached(file: &File, space: &mut [u8], at: u64) -> io::Result<usize> {
    let mut spaces = [io::IoSliceMut::new(space)];
    Ok(rustix::io::preadv2(file, &mut spaces, at, rustix::io::ReadWriteFlags::NOWAIT)?)
}

#[cfg(not(target_os = "linux"))]
pub fn read_cached(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Are the bytes from `at` on cached? Where the kernel reads ahead and drops in order, what is cached at
/// three places is so between them. The range must not be empty.
pub fn is_cached(file: &File, at: u64, len: u64) -> io::Result<bool> {
    for place in [at, at + len / 2, at + len - 1] {
        match read_cached(file, &mut [0], place) {
            Ok(1) => {}
            // The file ends before.
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
