//! A radio station on the loopback, which sends without an end.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

use super::PATIENCE;

/// What it sends to whoever asks, whatever for.
pub(crate) struct Programme {
    /// Status line and headers.
    pub(crate) head: &'static str,
    pub(crate) begin: Vec<u8>,
    /// Sent again and again; empty: it is silent from then on.
    pub(crate) again: Vec<u8>,
}

/// Takes nobody in any more when it is dropped.
pub(crate) struct Station {
    address: SocketAddr,
    asked: Receiver<String>,
    left: Receiver<()>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Station {
    pub(crate) fn sending(programme: Programme) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let (asking, asked) = channel();
        let (leaving, left) = channel();
        let (programme, over) = (Arc::new(programme), Arc::new(AtomicBool::new(false)));
        let ends = Arc::clone(&over);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                let (programme, asking, leaving) =
                    (Arc::clone(&programme), asking.clone(), leaving.clone());
                thread::spawn(move || {
                    send(stream, &programme, &asking);
                    // The test may have heard enough.
                    leaving.send(()).ok();
                });
            }
        });
        Self { address, asked, left, over, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request, in lower case.
    #[track_caller]
    pub(crate) fn asked(&self) -> String {
        self.asked.recv_timeout(PATIENCE).expect("the station is asked")
    }

    /// Was it asked for nothing more?
    pub(crate) fn is_unasked(&self) -> bool {
        self.asked.try_recv().is_err()
    }

    /// Waits until somebody who listened has closed the connection.
    #[track_caller]
    pub(crate) fn is_left(&self) {
        self.left.recv_timeout(PATIENCE).expect("the connection is closed");
    }
}

/// Until the other end has left.
fn send(mut stream: TcpStream, programme: &Programme, asking: &Sender<String>) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).is_err() {
            return;
        }
        request.push(byte[0]);
    }
    drop(asking.send(String::from_utf8_lossy(&request).to_lowercase()));
    let Programme { head, begin, again } = programme;
    if stream.write_all(&[head.as_bytes(), b"\r\n\r\n", begin].concat()).is_err() {
        return;
    }
    if again.is_empty() {
        drop(stream.read_exact(&mut byte));
    }
    while !again.is_empty() && stream.write_all(again).is_ok() {}
}

impl Drop for Station {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}
