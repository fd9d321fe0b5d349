//! A key for an app in one step: what its owner is told, and where the address comes from.

use std::net::TcpStream;

use serde_json::{Value, json};

use super::stage::envelope;
use crate::support::{Member, PASSWORD, Request, Server, Setup, get, post, text};

fn wanted(member: &Member) -> Request {
    post("/api/v1/me/device-keys").bearer(&member.token).json(&json!({ "label": "Tempus" }))
}

#[test]
fn a_key_comes_with_all_that_an_app_asks_for() {
    let server = Setup::new().start();
    let ida = server.member("Ida", "listener");
    let made = server.send(wanted(&ida)).expect(201);
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.json();
    let (secret, address) = (text(&made["secret"]), format!("http://{}", server.address));
    assert_eq!([&made["address"], &made["username"]], [&json!(address), &json!("Ida")]);
    assert_eq!(made["link"], json!(format!("{address}/keys#user=Ida&key={secret}")));
    assert!(text(&made["qr"]).starts_with("<svg xmlns="), "{made}");
    let ping = format!("/rest/ping?f=json&u={}&p={secret}", text(&made["username"]));
    assert_eq!(envelope(&server.send(get(&ping)))["status"], "ok");
    let listed = server.send(get("/api/v1/me/device-keys").bearer(&ida.token)).expect(200);
    assert!(!String::from_utf8_lossy(&listed.body).contains(secret), "it is told once");
}

#[test]
fn an_app_without_a_key_is_sent_to_the_page_of_keys() {
    let server = Setup::new().start();
    server.member("ida", "listener");
    let password = format!("/rest/ping?f=json&u=ida&p={PASSWORD}").replace(' ', "+");
    let refused = envelope(&server.send(get(&password)));
    let help = text(&refused["error"]["helpUrl"]).to_owned();
    assert_eq!(help, format!("http://{}/keys", server.address));
    let page = server.send(get("/keys")).expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.body, server.send(get("/")).expect(200).body, "a view of the player");
}

#[test]
fn the_address_is_the_one_that_people_use() {
    /// The address of a key that is asked for at `host`, with a proxy's headers.
    fn told(server: &Server, ida: &Member, host: &str, headers: &[(&str, &str)]) -> Value {
        let mut request = wanted(ida);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let stream = TcpStream::connect(server.address).unwrap();
        let made = request.converse(stream, host).expect(201).json();
        assert!(text(&made["link"]).starts_with(text(&made["address"])), "{made}");
        made["address"].clone()
    }
    let proxy = [("x-forwarded-host", "music.example"), ("x-forwarded-proto", "https")];
    let proxies =
        [("x-forwarded-host", "music.example, inner:80"), ("x-forwarded-for", "192.0.2.7")];

    let server = Setup::new().start();
    let ida = server.member("ida", "listener");
    assert_eq!(told(&server, &ida, "music.local:4747", &[]), "http://music.local:4747");
    assert_eq!(told(&server, &ida, "192.168.1.5", &proxy), "http://192.168.1.5", "not trusted");
    // Others cannot use these names of the machine.
    let own = json!(format!("http://{}", server.address));
    assert_eq!(told(&server, &ida, "localhost:1", &[]), own);
    let path = format!("/api/v1/admin/accounts/{}/device-keys", ida.id);
    let made = server.control(post(&path).json(&json!({ "label": "radio" }))).expect(201).json();
    assert_eq!([&made["address"], &made["username"]], [&own, &json!("ida")]);

    let mut setup = Setup::new();
    setup.config.server.trusted_proxies = vec![[127, 0, 0, 1].into()];
    let server = setup.start();
    let ida = server.member("ida", "listener");
    assert_eq!(told(&server, &ida, "inner:80", &proxy), "https://music.example");
    assert_eq!(told(&server, &ida, "inner:80", &proxies), "http://music.example");
    assert_eq!(told(&server, &ida, "music.example", &[]), "http://music.example");

    let mut setup = Setup::new();
    setup.config.server.public_url = "https://music.example/".to_owned();
    let server = setup.start();
    let ida = server.member("ida", "listener");
    assert_eq!(told(&server, &ida, "192.168.1.5", &[]), "https://music.example");
}
