//! Around the answers: compression, HTTP/2, the page, and what a browser is told about all of it.

use std::{collections::BTreeSet, io::Read};

use axum::body::Body;
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_util::task::TaskTracker;

use crate::support::{Server, Setup, column, get, head, music, post};

#[test]
fn text_is_compressed_and_music_is_not() {
    let server = Server::with_music(|folder| {
        music::album(folder, "Guido", "Ut", 8);
    });
    let anna = server.member("anna", "listener");
    let ask = |path: &str| get(path).bearer(&anna.token).header("accept-encoding", "gzip, br");
    let packed = server.send(ask("/api/v1/tracks")).expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.header("vary").is_some_and(|vary| vary.contains("accept-encoding")));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
    let plain = server.send(get("/api/v1/tracks").bearer(&anna.token)).expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    assert!(unpacked == plain.body && packed.body.len() * 2 < plain.body.len());
    let small = server.send(ask("/api/v1/me")).expect(200);
    assert_eq!(small.header("content-encoding"), None);

    let tracks = server.pages(&anna, "/api/v1/tracks", 1);
    let stream = format!("/api/v1/tracks/{}/stream", column(&tracks, "id")[0]);
    let stream = server.send(ask(&stream)).expect(200);
    assert_eq!(stream.header("content-encoding"), None);
    assert_eq!(stream.header("content-length"), Some(stream.body.len().to_string().as_str()));
}

#[test]
fn the_page_and_its_parts_are_served() {
    let server = Setup::new().start();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/keys", "text/html; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/share.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let answer = server.send(get(path)).expect(200);
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        let etag = answer.header("etag").expect("a part of the page has its tag");
        server.send(get(path).header("if-none-match", etag)).expect(304);
        let described = server.send(head(path)).expect(200);
        assert_eq!(described.header("content-type"), Some(kind), "{path}");
    }
    let page = server.send(get("/")).expect(200).body;
    let page = String::from_utf8(page).unwrap();
    let parts: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(parts.len() >= 2, "the page has a script and a style: {page}");
    let mut packed = 0;
    for part in parts {
        let file = hexachord_player::find(&part[1..]).expect("it is a file of the player");
        let answer = server.send(get(part).header("accept-encoding", "gzip")).expect(200);
        let control = answer.header("cache-control").unwrap_or_default().to_owned();
        assert!(control.contains("immutable"), "{part} is named by its content: {control}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{part}");
        let encoding = file.gzip.map(|_| "gzip");
        assert_eq!(answer.header("content-encoding"), encoding, "{part}");
        assert!(answer.body == file.gzip.unwrap_or(file.bytes), "{part} as it was built");
        assert!(server.send(get(part)).expect(200).body == file.bytes, "{part}");
        if file.gzip.is_some() {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == file.bytes, "{part}");
            packed += 1;
        }
    }
    assert!(packed >= 2, "what is large was compressed when it was built");
    // Whoever reads pages gets the player at each of its addresses, but not in place of what others own.
    let browser = |path: &str| get(path).header("accept", "text/html,application/xhtml+xml");
    for path in ["/albums/al-1", "/admin/users", "/nothing"] {
        let view = server.send(browser(path)).expect(200);
        assert!(view.body == page.as_bytes(), "{path}");
        assert_eq!(view.header("vary"), Some("accept, accept-encoding"), "{path}");
        let packed = server.send(browser(path).header("accept-encoding", "gzip")).expect(200);
        let index = hexachord_player::index().expect("there is a page");
        assert!(index.gzip == Some(&packed.body[..]), "{path}");
        let described = server.send(head(path).header("accept", "text/html")).expect(200);
        for name in ["content-type", "content-length", "etag", "vary"] {
            assert_eq!(described.header(name), view.header(name), "{path}: {name}");
        }
        assert!(described.body.is_empty(), "{path}");
        assert_eq!(server.send(get(path)).expect(404).header("vary"), Some("accept"), "{path}");
        server.send(post(path).header("accept", "text/html")).expect(404);
    }
    let others = ["/api/v1/nothing", "/api", "/assets/nothing.js", "/s/"];
    let files = ["/favicon.ico", "/albums/x.php", "/.env", "/.git/config", "/albums/.hidden/x"];
    for path in others.into_iter().chain(files) {
        server.send(browser(path)).expect(404);
    }
    assert_eq!(server.send(get("/healthz")).expect(200).body, b"ok\n");
    let metrics = server.send(get("/metrics")).expect(200).body;
    let metrics = String::from_utf8(metrics).unwrap();
    let counted =
        "hexachord_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1";
    assert!(metrics.contains(counted) && metrics.ends_with("# EOF\n"), "{metrics}");
}

#[test]
fn a_page_names_the_files_of_its_view() {
    let server = Setup::new().start();
    let named = |path: &str| -> BTreeSet<String> {
        let page = server.send(get(path).header("accept", "text/html")).expect(200);
        let links = page.header("link").unwrap_or_default();
        let parts = links.split(['<', '>']).filter(|part| part.starts_with("/assets/"));
        parts.map(ToOwned::to_owned).collect()
    };
    let (home, album) = (named("/"), named("/albums/al-1"));
    assert!(!home.is_empty(), "the page needs files");
    assert!(album.is_superset(&home) && album.len() > home.len(), "{album:?}");
    for file in &album {
        server.send(get(file)).expect(200);
    }
    assert_eq!(named("/nothing/here"), BTreeSet::new());
}

#[test]
fn http_2_is_spoken_with_prior_knowledge() {
    let server = Setup::new().start();
    let (status, version, problem) = server.runtime().block_on(async {
        let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        let connection = TaskTracker::new().spawn(connection);
        let request = http::Request::get(format!("http://{}/api/v1/me", server.address));
        let answer = sender.send_request(request.body(Body::empty()).unwrap()).await.unwrap();
        let (status, version) = (answer.status(), answer.version());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        drop(sender);
        connection.await.unwrap().unwrap();
        (status, version, serde_json::from_slice::<serde_json::Value>(&body).unwrap())
    });
    assert_eq!((status.as_u16(), version), (401, http::Version::HTTP_2));
    assert_eq!(problem["type"], "urn:hexachord:problem:not-signed-in");
}
