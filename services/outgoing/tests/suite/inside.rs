//! Nobody is sent inside: not by a literal, not by a name, not by a name that changes its mind.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hexachord_outgoing::{Client, Guard};
use http::HeaderValue;

use crate::house::{Server, loopback, ok, strict, text, to};

#[tokio::test]
async fn literals_of_every_form_are_refused() {
    let server = Server::answering(|_| ok("secret")).await;
    let port = server.address.port();
    let client = strict();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "１２７.0.0.1",
    ] {
        let url = format!("http://{host}:{port}/");
        let refused = text(&client, &url).await.unwrap_err();
        assert!(refused.contains("outgoing.allowed_networks"), "{host}: {refused}");
        assert!(client.check(&url).is_err(), "{host} is refused before anything is asked");
    }
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn zones_are_no_addresses_here() {
    for host in ["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]"] {
        let refused = text(&strict(), &format!("http://{host}/")).await.unwrap_err();
        assert!(refused.contains("not an address of the web"), "{host}: {refused}");
    }
}

#[tokio::test]
async fn a_name_of_this_machine_is_refused() {
    let server = Server::answering(|_| ok("secret")).await;
    let port = server.address.port();
    for host in ["localhost", "LOCALHOST", "localhost."] {
        let refused = text(&strict(), &format!("http://{host}:{port}/")).await.unwrap_err();
        assert!(
            refused.contains("outgoing.allowed_networks") || refused.contains("is not known"),
            "{host}: {refused}"
        );
    }
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn only_the_web_is_asked() {
    for (url, why) in [
        ("file:///etc/passwd", "`file` addresses"),
        ("ftp://example.org/", "`ftp` addresses"),
        ("gopher://127.0.0.1/", "`gopher` addresses"),
        ("data:text/plain,x", "`data` addresses"),
        ("http://who:secret@example.org/", "a name or a password"),
        ("http://who@example.org/", "a name or a password"),
        ("example.org/feed", "not an address"),
        ("", "not an address"),
        ("http://", "not an address"),
    ] {
        let refused = text(&strict(), url).await.unwrap_err();
        assert!(refused.contains(why), "{url}: {refused}");
    }
    let long = format!("http://example.org/{}", "x".repeat(3000));
    assert!(text(&strict(), &long).await.unwrap_err().contains("longer than"));
}

/// The first look gives an address that may be asked, every later one the machine itself: each is
/// judged by what is connected to, and a redirect to the same name looks again.
#[tokio::test]
async fn a_name_that_changes_its_mind_wins_nothing() {
    let server = Server::at("127.0.0.2", |_| to("http://changing.example/again")).await;
    let fine = server.address;
    let looked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&looked);
    let guard = Guard::new(vec!["127.0.0.2".parse().unwrap()]);
    let client = Client::new(guard, HeaderValue::from_static("Hexachord/0"));
    let client = client.with_resolver(Arc::new(move |_, _| {
        let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
        let inside = SocketAddr::from(([127, 0, 0, 1], fine.port()));
        Box::pin(async move { Ok(vec![if first { fine } else { inside }]) })
    }));
    for looks in [2, 3] {
        let refused = text(&client, "http://changing.example/").await.unwrap_err();
        assert!(refused.contains("outgoing.allowed_networks"), "{refused}");
        assert_eq!(looked.load(Ordering::Relaxed), looks, "one look for each request");
    }
    assert_eq!(server.asked(), 1);
}

/// Of several addresses only those that may be asked are.
#[tokio::test]
async fn addresses_inside_are_passed_over() {
    let server = Server::answering(|_| ok("fine")).await;
    let allowed = server.address;
    let client = loopback().with_resolver(Arc::new(move |_, port| {
        let found = vec![SocketAddr::from(([192, 168, 0, 1], port)), allowed];
        Box::pin(async move { Ok(found) })
    }));
    assert_eq!(text(&client, "http://both.example/").await.unwrap(), "fine");
}
