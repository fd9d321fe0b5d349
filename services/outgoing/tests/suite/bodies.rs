//! Bodies and heads have limits, packed ones too, and say who asks.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};

use crate::house::{Server, loopback, ok, text};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

fn packed(bytes: &[u8], as_what: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: {as_what}\r\ncontent-length: {}\r\n\r\n",
        bytes.len()
    );
    [head.as_bytes(), bytes].concat()
}

#[tokio::test]
async fn it_says_who_asks_and_for_what() {
    let server = Server::answering(|request| ok(&request.to_lowercase())).await;
    let heard = text(&loopback(), &server.url("/feed?a=b%20c#part")).await.unwrap();
    assert!(heard.starts_with("get /feed?a=b%20c http/1.1\r\n"), "{heard}");
    assert!(heard.contains(&format!("host: {}\r\n", server.address)), "{heard}");
    assert!(heard.contains("user-agent: hexachord/0\r\n"), "{heard}");
    assert!(heard.contains("accept-encoding: gzip\r\n"), "{heard}");
    assert!(!heard.contains("cookie") && !heard.contains("referer"), "{heard}");
}

#[tokio::test]
async fn a_body_has_a_limit_whether_it_says_its_length_or_not() {
    let said = Server::answering(|_| ok(&"x".repeat(1001))).await;
    let refused = text(&loopback(), &said.url("/")).await.unwrap_err();
    assert!(refused.contains("larger than 1000 bytes"), "{refused}");
    let unsaid =
        Server::answering(|_| [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &vec![b'x'; 100_000]].concat())
            .await;
    let refused = text(&loopback(), &unsaid.url("/")).await.unwrap_err();
    assert!(refused.contains("larger than 1000 bytes"), "{refused}");
    let exact = Server::answering(|_| ok(&"x".repeat(1000))).await;
    assert_eq!(text(&loopback(), &exact.url("/")).await.unwrap().len(), 1000);
}

#[tokio::test]
async fn what_is_packed_counts_unpacked() {
    let fine = Server::answering(|_| packed(&gzip(b"well packed"), "gzip")).await;
    assert_eq!(text(&loopback(), &fine.url("/")).await.unwrap(), "well packed");
    let bomb = Server::answering(|_| packed(&gzip(&vec![0; 50_000_000]), "gzip")).await;
    let refused = text(&loopback(), &bomb.url("/")).await.unwrap_err();
    assert!(refused.contains("larger than 1000 bytes"), "{refused}");
    for (bytes, kind) in
        [(gzip(b"cut")[..10].to_vec(), "gzip"), (b"x".to_vec(), "gzip"), (b"x".to_vec(), "br")]
    {
        let server = Server::answering(move |_| packed(&bytes, kind)).await;
        let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
        assert!(refused.contains("cannot be unpacked"), "{refused}");
    }
}

#[tokio::test]
async fn who_wants_no_packing_says_so() {
    let server = Server::answering(|request| ok(&request.to_lowercase())).await;
    let headers =
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
    let answer = loopback().get(&server.url("/"), headers).await.unwrap();
    let heard = String::from_utf8(answer.whole(1000).await.unwrap()).unwrap();
    assert!(heard.contains("accept-encoding: identity") && !heard.contains("gzip"), "{heard}");
}

#[tokio::test]
async fn what_breaks_off_is_no_body() {
    let server =
        Server::answering(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec()).await;
    let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
    assert!(refused.contains("breaks off"), "{refused}");
}

#[tokio::test]
async fn an_endless_head_and_other_protocols_are_refused() {
    let endless = Server::answering(|_| {
        let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
        head.extend((0..100_000).flat_map(|n| format!("x-{n}: y\r\n").into_bytes()));
        head
    })
    .await;
    let other = Server::answering(|_| b"220 mail.example ESMTP\r\n".to_vec()).await;
    let silent = Server::answering(|_| Vec::new()).await;
    for server in [endless, other, silent] {
        let refused = text(&loopback(), &server.url("/")).await.unwrap_err();
        assert!(refused.contains("something else than HTTP"), "{refused}");
    }
}

#[tokio::test]
async fn nobody_there_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = text(&loopback(), &format!("http://{address}/")).await.unwrap_err();
    assert!(refused.contains("cannot be reached"), "{refused}");
}

/// The clock stands still until everybody waits.
#[tokio::test(start_paused = true)]
async fn silence_is_not_waited_for_for_ever() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let refused = text(&loopback(), &format!("http://{address}/")).await.unwrap_err();
    assert!(refused.contains("does not answer in time"), "{refused}");
}
