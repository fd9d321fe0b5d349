//! TLS by rustls: with one's own certificate files, or with a certificate that the program makes.

mod own;
mod plain;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use hexachord_contracts::Clock;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

pub use self::plain::send_to_https;
use crate::{
    config::{Server, Tls},
    data_folder::DataFolder,
};

/// HTTP/2 where the client speaks it (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What the server needs to speak TLS, and its certificate's fingerprint for people.
pub struct LoadedTls {
    pub acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, `AB:CD:…`.
    pub fingerprint: String,
}

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("server.{key} is not set: server.tls = \"files\" needs both certificate and key")]
    NotSet { key: &'static str },
    #[error("cannot read the {what} {path}: {reason}")]
    Unreadable { what: &'static str, path: PathBuf, reason: String },
    #[error("the certificate {path} cannot be used with its key: {reason}")]
    Unusable { path: PathBuf, reason: String },
    #[error("the server's own certificate cannot be kept in {path}: {error}")]
    NotKept { path: PathBuf, error: io::Error },
    #[error("a certificate cannot be made: {0}")]
    NotMade(#[from] rcgen::Error),
}

/// As the configuration says; `None` for plain HTTP.
pub fn load(
    server: &Server,
    data: &DataFolder,
    clock: &Clock,
) -> Result<Option<LoadedTls>, TlsError> {
    let (certificate, key) = match server.tls {
        Tls::Off => return Ok(None),
        Tls::SelfSigned => own::files(&data.tls(), own::names(server), clock.now())?,
        Tls::Files => {
            let set = |path: &Path, key| {
                if path.as_os_str().is_empty() {
                    Err(TlsError::NotSet { key })
                } else {
                    Ok(path.to_owned())
                }
            };
            (set(&server.tls_certificate, "tls_certificate")?, set(&server.tls_key, "tls_key")?)
        }
    };
    of_files(&certificate, &key).map(Some)
}

fn of_files(certificate: &Path, key: &Path) -> Result<LoadedTls, TlsError> {
    let unreadable = |what, path: &Path, reason: &dyn std::fmt::Display| TlsError::Unreadable {
        what,
        path: path.to_owned(),
        reason: reason.to_string(),
    };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain: Vec<CertificateDer<'static>> =
        chain.map_err(|error| unreadable("certificate", certificate, &error))?;
    let Some(first) = chain.first() else {
        return Err(unreadable("certificate", certificate, &"there is none in it"));
    };
    let fingerprint = fingerprint(first);
    let private = PrivateKeyDer::from_pem_file(key);
    let private = private.map_err(|error| unreadable("private key", key, &error))?;
    let unusable = |error: rustls::Error| TlsError::Unusable {
        path: certificate.to_owned(),
        reason: error.to_string(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unusable)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(LoadedTls { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint })
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes = Sha256::digest(certificate);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
