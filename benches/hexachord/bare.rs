//! The floor of HTTP: this program started once more as a hyper server that answers fixed bytes.

use std::{
    convert::Infallible,
    io::{Read, Write},
    net::SocketAddr,
    pin::Pin,
    process::{Command, Stdio},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

use crate::child::Child;

/// The first argument of the child.
pub(crate) const ARGUMENT: &str = "serve-bare";

/// Starts the server: `GET /N` is answered with N bytes.
pub(crate) fn start() -> Child {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped());
    Child::start(&mut command, |child| child.stdout.take(), |line| line.parse().ok())
}

/// The child: serves until its parent is gone.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("threads can be started");
    runtime.block_on(async {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = TcpListener::bind(any).await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        writeln!(std::io::stdout(), "{address}").expect("the parent reads");
        std::thread::spawn(|| {
            drop(std::io::stdin().read(&mut [0]));
            std::process::exit(0);
        });
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let connections = TaskTracker::new();
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("it is TCP");
            connections.spawn(converse(stream, chunk.clone()));
        }
    });
}

async fn converse(stream: TcpStream, chunk: Bytes) {
    let service = service_fn(|request: Request<Incoming>| {
        let left = request.uri().path()[1..].parse().unwrap_or(0);
        let body = Repeat { chunk: chunk.clone(), left };
        async { Ok::<_, Infallible>(Response::new(body)) }
    });
    // The parent's connections end when it is done with them.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}

const CHUNK: usize = 256 * 1024;

/// The same bytes again and again, never copied.
struct Repeat {
    chunk: Bytes,
    left: u64,
}

impl Body for Repeat {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(self.left).map_or(CHUNK, |left| left.min(CHUNK));
        self.left -= size as u64;
        Poll::Ready(Some(Ok(Frame::data(self.chunk.slice(..size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
