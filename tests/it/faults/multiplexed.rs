//! Many streams over one HTTP/2 connection: all arrive whole, and one that nobody reads holds up no
//! other.

use axum::body::{Body, Bytes};
use futures_util::future::join_all;
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};
use tokio_util::task::TaskTracker;

use super::slow::{large_file, stream_of};
use crate::support::{PATIENCE, Server, column};

const STREAMS: usize = 8;

#[test]
fn streams_share_one_connection() {
    let mut file = Vec::new();
    let server = Server::with_music(|music| file = large_file(&music.join("long.wav"), 9));
    let member = server.member("listener", "listener");
    let tracks = server.pages(&member, "/api/v1/tracks", 50);
    let url = format!("http://{}{}", server.address, stream_of(column(&tracks, "id")[0]));
    let request = || {
        let request = http::Request::get(&url);
        let bearer = format!("Bearer {}", member.token);
        request.header("authorization", bearer).body(Body::empty()).unwrap()
    };
    server.runtime().block_on(async {
        let socket = TokioIo::new(TcpStream::connect(server.address).await.unwrap());
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), socket).await.unwrap();
        let connection = TaskTracker::new().spawn(connection);
        let stalled = sender.send_request(request()).await.unwrap();
        assert_eq!(stalled.status(), 200);

        let streams = (0..STREAMS).map(|_| {
            let answer = sender.send_request(request());
            async { answer.await.unwrap().into_body().collect().await.unwrap().to_bytes() }
        });
        let heard: Vec<Bytes> = timeout(PATIENCE, join_all(streams)).await.unwrap();
        assert!(heard.iter().all(|heard| *heard == file), "a stream differs from the file");

        let late = timeout(PATIENCE, stalled.into_body().collect()).await.unwrap();
        assert!(late.unwrap().to_bytes() == file, "the stalled stream differs from the file");
        drop(sender);
        connection.await.unwrap().unwrap();
    });
}
