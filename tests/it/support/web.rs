//! Somebody else's web server: feeds, pictures and sound on the loopback.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

type Pages = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// Ends when it is dropped.
pub(crate) struct Web {
    address: SocketAddr,
    pages: Pages,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Web {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let (pages, over) = (Pages::default(), Arc::new(AtomicBool::new(false)));
        let (shown, ends) = (Arc::clone(&pages), Arc::clone(&over));
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::Relaxed) {
                    return;
                }
                answer(stream, &shown);
            }
        });
        Self { address, pages, over, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn show(&self, path: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        self.raw(path, [head.into_bytes(), body].concat());
    }

    /// A whole answer.
    pub(crate) fn raw(&self, path: &str, answer: Vec<u8>) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path.to_owned(), answer);
    }
}

fn answer(mut stream: TcpStream, pages: &Pages) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).is_err() {
            return;
        }
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request);
    let path = request.split(' ').nth(1).unwrap_or_default();
    let page = pages.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
    let nothing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec();
    // Whoever asked may have left.
    drop(stream.write_all(&page.unwrap_or(nothing)));
    drop(stream.shutdown(Shutdown::Both));
}

impl Drop for Web {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}
