//! `secret.key`: 32 bytes beside the stores that make stored device keys readable again.
//!
//! A device key has to be told apart by its hash alone, and some protocols need its text (the
//! salted hashes of OpenSubsonic). So it is also stored encrypted, with XChaCha20-Poly1305 (draft
//! irtf-cfrg-xchacha), a random nonce, and its id as associated data: a ciphertext moved to
//! another key's row does not open.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hexachord_contracts::{authentication::Secret, ids::DeviceKeyId};
use zeroize::Zeroizing;

const LENGTH: usize = 32;
const NONCE: usize = 24;

/// The key itself. It never leaves this type.
pub struct SecretKey {
    bytes: Zeroizing<[u8; LENGTH]>,
}

/// Why there is no secret key.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    #[error("{path} has {found} bytes instead of 32: put back the right file from a backup")]
    WrongLength { path: PathBuf, found: u64 },
    #[error("others may read {path} (mode {mode:o}): run `chmod 600` on it")]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("the disk that holds the data folder is full: free some space")]
    DiskFull,
    #[error("cannot read or make {path}: {error}")]
    Io { path: PathBuf, error: io::Error },
}

impl SecretKey {
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Self { bytes: Zeroizing::new(bytes) }
    }

    /// Reads the key file, or makes it of `fresh` (32 random bytes) where there is none. Blocks.
    /// Only for who holds the lock on the data folder: two may not make it at once.
    pub fn open(path: &Path, fresh: [u8; LENGTH]) -> Result<Self, SecretKeyError> {
        let fresh = Zeroizing::new(fresh);
        let failed = |error| SecretKeyError::Io { path: path.to_owned(), error };
        match File::open(path) {
            Ok(file) => Self::read(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, fresh.as_slice()).map_err(|error| match error.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                        SecretKeyError::DiskFull
                    }
                    _ => failed(error),
                })?;
                Ok(Self { bytes: fresh })
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn read(path: &Path, mut file: File) -> Result<Self, SecretKeyError> {
        let failed = |error| SecretKeyError::Io { path: path.to_owned(), error };
        let about = file.metadata().map_err(failed)?;
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SecretKeyError::TooOpen { path: path.to_owned(), mode });
        }
        if about.len() != LENGTH as u64 {
            let found = about.len();
            return Err(SecretKeyError::WrongLength { path: path.to_owned(), found });
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        file.read_exact(bytes.as_mut_slice()).map_err(failed)?;
        Ok(Self { bytes })
    }

    /// The text of a device key as it is stored. `nonce` must be fresh random bytes.
    pub(crate) fn seal(&self, id: DeviceKeyId, text: &Secret, nonce: [u8; NONCE]) -> Vec<u8> {
        let about = associated(id);
        let payload = Payload { msg: text.reveal().as_bytes(), aad: &about };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("only messages of many gigabytes cannot be encrypted");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The text of a device key out of what is stored; `None` when it was sealed with another
    /// secret key, for another device key, or is damaged.
    pub fn reveal(&self, id: DeviceKeyId, sealed: &[u8]) -> Option<Secret> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let about = associated(id);
        let payload = Payload { msg: sealed, aad: &about };
        let text = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok().map(Secret::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.bytes).into())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

fn associated(id: DeviceKeyId) -> Vec<u8> {
    format!("hexachord {id}").into_bytes()
}

/// All of the file or nothing, readable by its owner only from its first instant on.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("key.new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let made = SecretKey::open(&path, [1; 32]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = SecretKey::open(&path, [2; 32]).unwrap();
        assert_eq!(made.bytes, read.bytes);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
    }

    #[test]
    fn an_interrupted_start_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret.key.new"), [7; 5]).unwrap();
        SecretKey::open(&folder.path().join("secret.key"), [1; 32]).unwrap();
    }

    #[test]
    fn a_wrong_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        SecretKey::open(&path, [1; 32]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = SecretKey::open(&path, [1; 32]).unwrap_err().to_string();
        assert!(error.contains("secret.key (mode 640)"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, [1; 31]).unwrap();
        let error = SecretKey::open(&path, [1; 32]).unwrap_err().to_string();
        assert!(error.contains("has 31 bytes"), "{error}");
        let nowhere = folder.path().join("none").join("secret.key");
        let error = SecretKey::open(&nowhere, [1; 32]).unwrap_err();
        assert!(matches!(error, SecretKeyError::Io { .. }));
    }

    #[test]
    fn only_the_same_key_and_id_reveal() {
        let key = SecretKey::new([1; 32]);
        let text = Secret::new("hxk_abc");
        let mut sealed = key.seal(DeviceKeyId(5), &text, [9; 24]);
        assert!(!sealed.windows(4).any(|part| part == b"hxk_"));
        assert_eq!(key.reveal(DeviceKeyId(5), &sealed), Some(text));
        assert_eq!(key.reveal(DeviceKeyId(6), &sealed), None);
        assert_eq!(SecretKey::new([2; 32]).reveal(DeviceKeyId(5), &sealed), None);
        sealed[30] ^= 1;
        assert_eq!(key.reveal(DeviceKeyId(5), &sealed), None);
        assert_eq!(key.reveal(DeviceKeyId(5), &[]), None);
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }
}
