//! From an address to an open connection: resolved, checked, connected, proven.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::{Guard, OutgoingError, client::Resolver};

/// For one of several addresses of a host.
const CONNECTING: Duration = Duration::from_secs(6);
/// Addresses of a host that are tried.
const MOST_ADDRESSES: usize = 4;
/// Of an answer's head.
const HEAD_BYTES: usize = 64 * 1024;
const HEAD_LINES: usize = 128;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// One connection, for one request.
pub(crate) struct Connection {
    pub(crate) requests: SendRequest<Empty<Bytes>>,
    /// Carries the bytes until it is dropped.
    pub(crate) driver: JoinSet<()>,
}

pub(crate) async fn open(
    url: &Url,
    guard: &Guard,
    resolver: &Resolver,
    tls: &TlsConnector,
) -> Result<Connection, OutgoingError> {
    let name = host_of(url);
    let stream = connect(url, guard, resolver).await?;
    // Small requests leave at once; where that cannot be set they leave a little later.
    drop(stream.set_nodelay(true));
    let stream: Box<dyn Stream> = if url.scheme() == "https" {
        let unproven = |reason: String| OutgoingError::Unproven { host: name.clone(), reason };
        let server = match url.host() {
            Some(Host::Domain(domain)) => ServerName::try_from(domain.to_owned()),
            Some(Host::Ipv4(address)) => Ok(ServerName::from(std::net::IpAddr::V4(address))),
            Some(Host::Ipv6(address)) => Ok(ServerName::from(std::net::IpAddr::V6(address))),
            None => ServerName::try_from(String::new()),
        };
        let server = server.map_err(|error| unproven(error.to_string()))?;
        let proven = tls.connect(server, stream).await;
        Box::new(proven.map_err(|error| unproven(error.to_string()))?)
    } else {
        Box::new(stream)
    };
    let shaken = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEAD_LINES)
        .handshake(TokioIo::new(stream))
        .await;
    let (requests, connection) =
        shaken.map_err(|error| OutgoingError::NotHttp { host: name, reason: error.to_string() })?;
    let mut driver = JoinSet::new();
    // What goes wrong on the way is told to who waits for the answer.
    driver.spawn(async move { drop(connection.await) });
    Ok(Connection { requests, driver })
}

/// Connects to an address that was checked, and to no other.
async fn connect(
    url: &Url,
    guard: &Guard,
    resolver: &Resolver,
) -> Result<TcpStream, OutgoingError> {
    let host = host_of(url);
    let port = url.port_or_known_default().unwrap_or(80);
    let found: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(domain)) => resolver(domain.to_owned(), port).await.map_err(|error| {
            OutgoingError::Unresolved { host: host.clone(), reason: error.to_string() }
        })?,
        None => Vec::new(),
    };
    if found.is_empty() {
        let reason = "it has no address".to_owned();
        return Err(OutgoingError::Unresolved { host, reason });
    }
    let mut last = None;
    let allowed = found.into_iter().filter(|address| guard.allows(address.ip()));
    for address in allowed.take(MOST_ADDRESSES) {
        match timeout(CONNECTING, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = Some(error),
            Err(_elapsed) => last = Some(io::ErrorKind::TimedOut.into()),
        }
    }
    Err(match last {
        Some(error) => OutgoingError::Unreachable { host, reason: error.to_string() },
        None => OutgoingError::Inside { host },
    })
}

/// How errors name the other end.
pub(crate) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The system's names.
pub(crate) fn system_resolver() -> Resolver {
    Arc::new(|host, port| {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host.as_str(), port)).await?.collect::<Vec<_>>())
        })
    })
}
