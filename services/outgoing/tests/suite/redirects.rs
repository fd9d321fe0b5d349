//! Redirects are checked like the first address.

use crate::house::{Server, loopback, ok, text, to};

#[tokio::test]
async fn redirects_are_followed() {
    let server = Server::answering(|request| match request.split(' ').nth(1) {
        Some("/a") => to("/b?x=1#part"),
        Some("/b?x=1") => to("c"),
        Some("/c") => ok("there"),
        _ => ok("elsewhere"),
    })
    .await;
    assert_eq!(text(&loopback(), &server.url("/a")).await.unwrap(), "there");
}

#[tokio::test]
async fn nobody_is_sent_inside() {
    for place in [
        "http://10.0.0.1/",
        "http://[::1]/",
        "//169.254.169.254/latest/meta-data",
        "http://0xA000001/",
        "http://[::ffff:10.0.0.1]/",
        "http://192.168.0.1:8080/",
    ] {
        let place = place.to_owned();
        let server = Server::answering(move |_| to(&place)).await;
        let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
        assert!(refused.contains("outgoing.allowed_networks"), "{refused}");
        assert_eq!(server.asked(), 1);
    }
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_than_to_the_web() {
    for (place, why) in [
        ("file:///etc/passwd", "`file` addresses"),
        ("http://who:secret@127.0.0.1/", "a name or a password"),
        ("http://[::1", "not an address"),
    ] {
        let server = Server::answering(move |_| to(place)).await;
        let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
        assert!(refused.contains(why), "{place}: {refused}");
    }
}

#[tokio::test]
async fn a_circle_ends() {
    let server = Server::answering(|_| to("/again")).await;
    let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
    assert!(refused.contains("more than 5 times"), "{refused}");
    assert_eq!(server.asked(), 6);
}
