//! Unpacks gzip as it comes, and counts what comes out.

use std::io::{self, Write};

use flate2::write::GzDecoder;

use crate::OutgoingError;

pub(crate) struct Inflate(GzDecoder<Bounded>);

/// Takes so many bytes and no more.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Inflate {
    pub(crate) fn new(most: u64) -> Self {
        Self(GzDecoder::new(Bounded { bytes: Vec::new(), most }))
    }

    pub(crate) fn push(&mut self, packed: &[u8], host: &str) -> Result<(), OutgoingError> {
        let most = self.0.get_ref().most;
        self.0.write_all(packed).map_err(|error| failed(&error, host, most))
    }

    pub(crate) fn finish(self, host: &str) -> Result<Vec<u8>, OutgoingError> {
        let most = self.0.get_ref().most;
        let bounded = self.0.finish().map_err(|error| failed(&error, host, most))?;
        Ok(bounded.bytes)
    }
}

fn failed(error: &io::Error, host: &str, most: u64) -> OutgoingError {
    let host = host.to_owned();
    if error.kind() == io::ErrorKind::FileTooLarge {
        return OutgoingError::TooLarge { host, most };
    }
    OutgoingError::NotUnpacked { host, reason: error.to_string() }
}
