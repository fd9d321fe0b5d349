//! A certificate of the program's own: made once, kept with its key in the data folder, made anew
//! when it is about to expire or the server goes by other names.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use hexachord_contracts::Timestamp;
use rcgen::{CertificateParams, DnType, KeyPair};
use time::OffsetDateTime;

use super::TlsError;
use crate::config::Server;

const DAY: Duration = Duration::from_hours(24);
/// Apple's systems take no certificate that is valid for longer (825 days).
const VALID: Duration = Duration::from_hours(24 * 820);
/// It is made anew so long before its end.
const RENEW: Duration = Duration::from_hours(24 * 30);

/// Names that the certificate holds for: this machine's, and those that the configuration knows.
pub(super) fn names(server: &Server) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    if let Ok(host) = rustix::system::uname().nodename().to_str() {
        let host = host.to_lowercase();
        names.insert(format!("{host}.local"));
        names.insert(host);
    }
    if !server.listen.ip().is_unspecified() {
        names.insert(server.listen.ip().to_string());
    }
    let url = server.public_url.parse::<http::Uri>().unwrap_or_default();
    names.extend(url.host().map(|host| host.trim_matches(['[', ']']).to_owned()));
    names
}

/// The certificate and the key in `folder`, made where need be.
pub(super) fn files(
    folder: &Path,
    names: BTreeSet<String>,
    now: Timestamp,
) -> Result<(PathBuf, PathBuf), TlsError> {
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    if !is_good(&certificate, &names, now) || !key.exists() {
        let made = make(names, now)?;
        let keep = || -> io::Result<()> {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            // Never a certificate beside the key of another.
            match fs::remove_file(&certificate) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            write(&key, &made.key)?;
            write(&certificate, &made.certificate)
        };
        keep().map_err(|error| TlsError::NotKept { path: folder.to_owned(), error })?;
    }
    Ok((certificate, key))
}

/// The first line says what the certificate is good for; whoever reads PEM skips it.
fn heading(until: Timestamp, names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("valid until {} for {}", until.as_millis(), names.join(" "))
}

fn is_good(certificate: &Path, names: &BTreeSet<String>, now: Timestamp) -> bool {
    let Ok(text) = fs::read_to_string(certificate) else { return false };
    let first = text.lines().next().unwrap_or_default();
    let until = first.split(' ').nth(2).and_then(|millis| millis.parse().ok());
    let Some(until) = until.map(Timestamp::from_millis) else { return false };
    first == heading(until, names) && now.plus(RENEW) < until
}

struct Made {
    certificate: String,
    key: String,
}

fn make(names: BTreeSet<String>, now: Timestamp) -> Result<Made, TlsError> {
    let until = now.plus(VALID);
    let heading = heading(until, &names);
    let mut params = CertificateParams::new(names.into_iter().collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, "Hexachord");
    // A client's clock may be a little behind.
    params.not_before = date(now) - DAY;
    params.not_after = date(until);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    Ok(Made { certificate: format!("{heading}\n{certificate}"), key: key.serialize_pem() })
}

fn date(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0))
}

/// Whole or not at all, and for its owner alone.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    let options = || OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).clone();
    let mut file = options().open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn it_is_kept_until_it_expires_or_the_names_change() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_millis(1_800_000_000_000);
        let read = |names: &[&str], now| {
            let (certificate, key) = files(folder.path(), set(names), now).unwrap();
            (fs::read(certificate).unwrap(), fs::read(key).unwrap())
        };
        let first = read(&["localhost", "::1"], now);
        assert_eq!(read(&["localhost", "::1"], now.plus(DAY * 700)), first);
        let renewed = read(&["localhost", "::1"], now.plus(DAY * 800));
        assert!(renewed.0 != first.0 && renewed.1 != first.1);
        let other = read(&["localhost", "music.example"], now.plus(DAY * 800));
        assert_ne!(other.0, renewed.0);
        fs::remove_file(folder.path().join("key.pem")).unwrap();
        assert_ne!(read(&["localhost", "music.example"], now.plus(DAY * 800)).0, other.0);
    }
}
