//! A web server on the loopback, for feeds, pictures and episodes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};

/// What is answered for a path.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    /// It stops in the middle, and never goes on.
    pub(crate) stops: bool,
}

#[derive(Debug, Default)]
struct Shown {
    pages: HashMap<String, Page>,
    /// Paths that were asked for, with the head of each request.
    asked: Vec<(String, String)>,
}

pub(crate) struct FeedServer {
    pub(crate) url: String,
    shown: Arc<Mutex<Shown>>,
    _running: JoinSet<()>,
}

impl FeedServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let shown = Arc::<Mutex<Shown>>::default();
        let pages = Arc::clone(&shown);
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let pages = Arc::clone(&pages);
                connections.spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        request.push(byte);
                    }
                    let head = String::from_utf8_lossy(&request).to_lowercase();
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    let page = {
                        let mut shown = pages.lock().expect("no test panics in it");
                        shown.asked.push((path.clone(), head));
                        shown.pages.get(&path).cloned()
                    };
                    let nothing =
                        Page { status: 404, headers: String::new(), body: vec![], stops: false };
                    let Page { status, headers, body, stops } = page.unwrap_or(nothing);
                    let head = format!(
                        "HTTP/1.1 {status} Said\r\n{headers}content-length: {}\r\n\r\n",
                        body.len()
                    );
                    let half = if stops { body.len() / 2 } else { body.len() };
                    drop(stream.write_all(&[head.as_bytes(), &body[..half]].concat()).await);
                    if stops {
                        std::future::pending::<()>().await;
                    }
                    drop(stream.shutdown().await);
                });
            }
        });
        Self { url, shown, _running: running }
    }

    pub(crate) fn show(&self, path: &str, body: impl Into<Vec<u8>>) {
        let page = Page { status: 200, headers: String::new(), body: body.into(), stops: false };
        self.show_page(path, page);
    }

    pub(crate) fn show_page(&self, path: &str, page: Page) {
        let mut shown = self.shown.lock().expect("no test panics in it");
        shown.pages.insert(path.to_owned(), page);
    }

    /// The heads of the requests for a path.
    pub(crate) fn asked(&self, path: &str) -> Vec<String> {
        let shown = self.shown.lock().expect("no test panics in it");
        let of_it = shown.asked.iter().filter(|(asked, _)| asked == path);
        of_it.map(|(_, head)| head.clone()).collect()
    }

    /// A feed of these episodes: number, the path of the sound, and a second of its minute.
    pub(crate) fn feed(&self, title: &str, episodes: &[(u32, &str)]) -> String {
        let url = &self.url;
        let items: Vec<String> = episodes
            .iter()
            .map(|(number, path)| {
                format!(
                    "<item><title>Episode {number}</title><guid>{number}</guid>\
                     <pubDate>Tue, 14 Nov 2023 22:13:{:02} GMT</pubDate>\
                     <description>About &lt;b&gt;{number}&lt;/b&gt;</description>\
                     <enclosure url=\"{url}{path}\" length=\"99\" type=\"audio/mpeg\"/></item>",
                    number % 60
                )
            })
            .collect();
        let items = items.concat();
        format!(
            "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel>\
             <title>{title}</title><description>Of {title}</description><link>{url}/</link>\
             <itunes:image href=\"{url}/cover.png\"/>{items}</channel></rss>"
        )
    }
}
