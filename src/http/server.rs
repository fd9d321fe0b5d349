//! Listening: TCP for everyone, a socket in the data folder for its owner.

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{body::Body, response::Response};
use http::{Request, Version};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream, UnixListener},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    arrival::Way,
    edge::Handler,
    sendfile::{Connection, Windows},
    tls,
};

/// A client that needs longer to send its headers is cut off.
pub(super) const SLOWEST_HEADERS: Duration = Duration::from_secs(15);
/// Of an HTTP/2 request. HTTP/1 has hyper's own limits: 100 headers, and its read buffer.
const MOST_HEADER_BYTES: u32 = 64 * 1024;
/// Requests on one HTTP/2 connection at a time.
const MOST_STREAMS: u32 = 128;
/// The first byte of a TLS connection (RFC 8446 section 5.1); no HTTP request begins with it.
const HANDSHAKE: u8 = 22;
/// Without file descriptors (or memory) the next try is so far away.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Serves connections until it is stopped, then lets those that run finish. Until they have, who
/// comes anew is told that the server is about to end.
pub struct Server {
    handler: Arc<Handler>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    /// Connections that nobody waits for: they have said nothing yet, or came after the stop.
    silent: TaskTracker,
    stop: CancellationToken,
    /// Cancelled when all that ran at the stop has ended.
    ended: CancellationToken,
    connection: auto::Builder<TokioExecutor>,
    /// Absent: plain HTTP.
    tls: Option<TlsAcceptor>,
}

impl Server {
    pub fn new(
        handler: Arc<Handler>,
        most_connections: u32,
        tls: Option<TlsAcceptor>,
        stop: CancellationToken,
    ) -> Arc<Self> {
        let mut connection = auto::Builder::new(TokioExecutor::new());
        connection
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(SLOWEST_HEADERS)
            // Windows must reach the connection as they are.
            .writev(true);
        connection
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MOST_STREAMS)
            .max_header_list_size(MOST_HEADER_BYTES)
            .keep_alive_interval(Duration::from_secs(30));
        let places = Arc::new(Semaphore::new(most_connections.max(1) as usize));
        let (tasks, silent) = (TaskTracker::new(), TaskTracker::new());
        let ended = CancellationToken::new();
        Arc::new(Self { handler, places, tasks, silent, stop, ended, connection, tls })
    }

    /// Binds the address, so that a taken port is told before anything else begins.
    pub fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
        let domain = socket2::Domain::for_address(address);
        let socket = socket2::Socket::new(domain, socket2::Type::STREAM, None)?;
        // A restart must not wait for connections of the one before to time out.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(1024)?;
        Ok(socket.into())
    }

    pub async fn serve_tcp(self: Arc<Self>, listener: TcpListener) {
        // A place first: clients beyond them wait in the kernel, and cost nothing here.
        while let Some(place) = self.place().await
            && let Some((stream, peer)) = self.accept(|| listener.accept()).await
        {
            // Answers of a few packets would wait for the client's delayed acknowledgement.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
            let server = Arc::clone(&self);
            self.silent.spawn(async move {
                let _place = place;
                if let Some(first) = first_byte(&stream, &server.ended).await {
                    server.welcome(stream, peer.ip(), first).await;
                }
            });
        }
    }

    pub async fn serve_control(self: Arc<Self>, listener: UnixListener) {
        while let Some((stream, _peer)) = self.accept(|| listener.accept()).await {
            let server = Arc::clone(&self);
            self.tasks.spawn(async move { server.converse(Way::Control, stream, None).await });
        }
    }

    /// Serves a connection whose client has begun to speak.
    async fn welcome(&self, stream: TcpStream, peer: IpAddr, first: u8) {
        let Some(tls) = &self.tls else {
            let connection = Connection::new(stream);
            let windows = Arc::clone(connection.windows());
            return self.serve(Way::Network { peer, tls: false }, connection, Some(windows)).await;
        };
        if first != HANDSHAKE {
            return tls::send_to_https(stream).await;
        }
        match timeout(SLOWEST_HEADERS, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(Way::Network { peer, tls: true }, stream, None).await,
            // Browsers end it like this where the certificate is not trusted yet.
            Ok(Err(error)) => tracing::debug!(%error, "no TLS connection"),
            Err(_too_slow) => tracing::debug!("a TLS handshake takes too long"),
        }
    }

    async fn serve(
        &self,
        way: Way,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        windows: Option<Arc<Windows>>,
    ) {
        if self.stop.is_cancelled() {
            return self.converse_once(way, stream).await;
        }
        let _waited_for = self.tasks.token();
        self.converse(way, stream, windows).await;
    }

    /// Waits until every connection from before `stop` has ended, and lets nobody in from then on.
    pub async fn drained(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.close();
    }

    /// Lets nobody in any more, whatever still runs.
    pub fn close(&self) {
        self.ended.cancel();
    }

    async fn accept<T, F: Future<Output = io::Result<T>>>(
        &self,
        next: impl Fn() -> F,
    ) -> Option<T> {
        loop {
            let accepted = tokio::select! {
                () = self.ended.cancelled() => return None,
                accepted = next() => accepted,
            };
            match accepted {
                Ok(connection) => return Some(connection),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }

    /// Waits until another connection may be served; `None` when the server has ended.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            () = self.ended.cancelled() => None,
            place = Arc::clone(&self.places).acquire_owned() => place.ok(),
        }
    }

    async fn converse(
        &self,
        way: Way,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        windows: Option<Arc<Windows>>,
    ) {
        let _connected = self.handler.edge().metrics.connected();
        let asked = CancellationToken::new();
        let answer = self.answer(way, windows, asked.clone());
        let connection = self.connection.serve_connection(TokioIo::new(stream), answer);
        let graceful = GracefulShutdown::new();
        let connection = graceful.watch(connection);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            // First: what has arrived is read before anyone is told to leave.
            biased;
            ended = &mut connection => ended,
            () = async { self.stop.cancelled().await; graceful.shutdown().await } => Ok(()),
            () = asks_nothing(&asked) => Ok(()),
        };
        if let Err(error) = ended {
            // Clients leave in the middle of things all the time.
            tracing::debug!(%error, "connection ended");
        }
    }

    /// Answers one request while the server is about to end.
    async fn converse_once(
        &self,
        way: Way,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) {
        let mut connection = http1::Builder::new();
        connection.timer(TokioTimer::new()).header_read_timeout(SLOWEST_HEADERS).keep_alive(false);
        let connection = connection.serve_connection(
            TokioIo::new(stream),
            self.answer(way, None, CancellationToken::new()),
        );
        tokio::select! {
            // Whether it heard it is its own affair.
            ended = connection => drop(ended),
            () = self.ended.cancelled() => {}
        }
    }

    /// Cancels `asked` with the first request. HTTP/2 cuts bodies into frames: it cannot use windows.
    fn answer(
        &self,
        way: Way,
        windows: Option<Arc<Windows>>,
        asked: CancellationToken,
    ) -> impl Service<
        Request<Incoming>,
        Response = Response,
        Error = Infallible,
        Future: Send + 'static,
    >
    + Send
    + 'static
    + use<> {
        let handler = Arc::clone(&self.handler);
        service_fn(move |request: Request<Incoming>| {
            let handler = Arc::clone(&handler);
            let windows = windows.clone().filter(|_windows| request.version() < Version::HTTP_2);
            asked.cancel();
            async move {
                let mut request = request.map(Body::new);
                if let Some(windows) = windows {
                    request.extensions_mut().insert(windows);
                }
                Ok::<_, Infallible>(handler.handle(way, request).await)
            }
        })
    }
}

/// Ends when a client asks nothing for too long. hyper hurries headers once it knows which HTTP they
/// are of, but not half a preface of HTTP/2, nor silence behind a TLS handshake.
async fn asks_nothing(asked: &CancellationToken) {
    if timeout(SLOWEST_HEADERS, asked.cancelled()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

/// The first byte of a client, which is not taken. hyper's limit for headers begins only with it.
async fn first_byte(stream: &TcpStream, until: &CancellationToken) -> Option<u8> {
    let mut first = [0];
    let came = tokio::select! {
        biased;
        came = timeout(SLOWEST_HEADERS, stream.peek(&mut first)) => came,
        () = until.cancelled() => return None,
    };
    matches!(came, Ok(Ok(1))).then_some(first[0])
}

/// The control socket of a data folder: whoever may use it may do everything.
pub fn bind_control(folder: &Path) -> io::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt;

    let path = control_path(folder);
    // The data folder is locked by this process: a socket that is there is a dead one.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Nobody else may connect between binding and restricting: the bind happens under another
    // name inside a folder that is the owner's alone.
    let private = folder.join(".control");
    std::fs::create_dir_all(&private)?;
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o700))?;
    let unfinished = private.join("sock");
    drop(std::fs::remove_file(&unfinished));
    let listener = UnixListener::bind(&unfinished)?;
    std::fs::set_permissions(&unfinished, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&unfinished, &path)?;
    std::fs::remove_dir(&private)?;
    Ok(listener)
}

pub fn control_path(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}
