//! A server on the loopback that answers by a script, and clients that may ask it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hexachord_outgoing::{Client, Guard};
use http::{HeaderMap, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};

/// Answers each connection with what `answer` makes of the request.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<AtomicUsize>,
    _running: JoinSet<()>,
}

impl Server {
    pub(crate) async fn answering(
        answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self::at("127.0.0.1", answer).await
    }

    pub(crate) async fn at(
        host: &str,
        answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let asked = Arc::new(AtomicUsize::new(0));
        let (counter, answer) = (Arc::clone(&asked), Arc::new(answer));
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                let answer = Arc::clone(&answer);
                connections.spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        request.push(byte);
                    }
                    let answer = answer(&String::from_utf8_lossy(&request));
                    // The client may have heard enough.
                    drop(stream.write_all(&answer).await);
                    drop(stream.shutdown().await);
                });
            }
        });
        Self { address, asked, _running: running }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections were made.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

pub(crate) fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

pub(crate) fn to(place: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nlocation: {place}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn product() -> HeaderValue {
    HeaderValue::from_static("Hexachord/0")
}

/// As it is without a word in the configuration.
pub(crate) fn strict() -> Client {
    Client::new(Guard::default(), product())
}

/// May ask the loopback.
pub(crate) fn loopback() -> Client {
    let network = "127.0.0.0/8".parse().expect("it is a network");
    Client::new(Guard::new(vec![network]), product())
}

/// The text at `url`, or why there is none.
pub(crate) async fn text(client: &Client, url: &str) -> Result<String, String> {
    let answer = client.get(url, HeaderMap::new()).await.map_err(|error| error.to_string())?;
    let bytes = answer.whole(1000).await.map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
