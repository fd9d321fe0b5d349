//! HTTPS: with a certificate of the server's own, and with one's own files.

use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Arc,
};

use hexachord::config::Tls;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{
    Api, Console, Member, PASSWORD, Request, Response, Server, Setup, column, get, music, post,
    program::subfolder,
};

/// A server with music and a certificate of its own.
fn served() -> Server {
    let mut setup = Setup::new();
    music::album(&setup.music(), "Guido", "Hymns", 2);
    setup.config.library.scan_on_start = true;
    setup.config.server.tls = Tls::SelfSigned;
    let server = setup.start();
    assert_eq!(server.scanned()["phase"], "finished");
    server
}

fn certificate(data: &Path) -> PathBuf {
    data.join("tls/certificate.pem")
}

/// As a browser would print it.
fn fingerprint(certificate: &Path) -> String {
    let certificate = CertificateDer::from_pem_file(certificate).expect("it is a certificate");
    let bytes = Sha256::digest(&certificate);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// A connection that trusts `certificate` alone.
fn connect(
    api: &Api,
    certificate: &Path,
    protocols: &[&[u8]],
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(certificate).expect("it is a certificate"))
        .expect("TLS can be set up");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().expect("TLS can be set up");
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let name = ServerName::try_from("localhost").expect("TLS can be set up");
    let client = ClientConnection::new(Arc::new(config), name).expect("TLS can be set up");
    StreamOwned::new(client, TcpStream::connect(api.address).expect("TLS can be set up"))
}

fn send(api: &Api, certificate: &Path, request: Request) -> Response {
    request.converse(connect(api, certificate, &[b"http/1.1"]), "localhost")
}

#[test]
fn a_certificate_of_its_own_is_enough_to_listen() {
    let server = served();
    let certificate = certificate(&server.path().join("data"));
    let account = json!({ "username": "anna", "password": PASSWORD, "role": "listener" });
    server.control(post("/api/v1/admin/accounts").json(&account)).expect(201);
    let body = json!({ "username": "anna", "password": PASSWORD });
    let signed_in = send(&server, &certificate, post("/api/v1/session").json(&body)).expect(201);
    let cookie = signed_in.header("set-cookie").expect("a session has a cookie");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    let member = Member::of(&signed_in.json());
    let ask = |path: &str| send(&server, &certificate, get(path).bearer(&member.token));
    let tracks = ask("/api/v1/tracks").expect(200).json();
    let track = column(tracks["items"].as_array().unwrap(), "id")[0].to_owned();
    let heard = ask(&format!("/api/v1/tracks/{track}/stream")).expect(200).body;
    let file = fs::read(server.path().join("music/Hymns/1.flac")).unwrap();
    assert!(heard == file, "the stream differs from the file");
}

#[test]
fn http_2_is_agreed_on() {
    let server = served();
    let certificate = certificate(&server.path().join("data"));
    for (offered, agreed) in [
        (&[b"h2".as_slice(), b"http/1.1"][..], b"h2".as_slice()),
        (&[b"http/1.1".as_slice()][..], b"http/1.1"),
    ] {
        let mut stream = connect(&server, &certificate, offered);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        assert_eq!(stream.conn.alpn_protocol(), Some(agreed));
    }
}

#[test]
fn who_says_nothing_over_tls_is_cut_off() {
    let server = served();
    let certificate = certificate(&server.path().join("data"));
    let mut stream = connect(&server, &certificate, &[b"http/1.1"]);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).unwrap();
    }
    // An end without the words that TLS has for it is an error of its own.
    let ended = std::io::Read::read(&mut stream, &mut [0]);
    let ended = ended.map_err(|error| error.kind());
    assert!(matches!(ended, Ok(0) | Err(std::io::ErrorKind::UnexpectedEof)), "{ended:?}");
}

#[test]
fn who_forgets_the_s_is_sent_on() {
    let server = served();
    let request = "GET /albums?limit=5 HTTP/1.1\r\nhost: music.example:4747\r\n\r\n";
    let mut stream = TcpStream::connect(server.address).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let answer = Response::read_head(&mut std::io::BufReader::new(stream));
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location"), Some("https://music.example:4747/albums?limit=5"));
}

#[test]
fn the_fingerprint_is_shown_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    subfolder(folder.path(), "music");
    let start = || {
        let console = Console::new(folder.path()).variable("HEXACHORD_SERVER__TLS", "self_signed");
        console.words("--music music").serve(&data)
    };
    let first = start();
    let shown = first.shown.clone();
    assert!(shown.contains(&fingerprint(&certificate(&data))), "{shown}");
    assert!(shown.contains("https://localhost:"), "{shown}");
    send(&first, &certificate(&data), get("/healthz")).expect(200);
    first.stop();
    let second = start();
    assert!(second.shown.contains(&fingerprint(&certificate(&data))));
    assert_eq!(fingerprint_of(&second.shown), fingerprint_of(&shown));
}

fn fingerprint_of(shown: &str) -> &str {
    shown.lines().find(|line| line.matches(':').count() == 31).expect("a fingerprint is shown")
}

#[test]
fn files_of_ones_own_are_used_or_named() {
    let folder = tempfile::tempdir().unwrap();
    subfolder(folder.path(), "music");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    for name in ["good", "other"] {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        write(&format!("{name}.crt"), &cert.pem());
        write(&format!("{name}.key"), &signing_key.serialize_pem());
    }
    write("words.crt", "not a certificate\n");
    let console = |certificate: &str, key: &str| {
        Console::new(folder.path())
            .words("--music music")
            .variable("HEXACHORD_SERVER__TLS", "files")
            .variable("HEXACHORD_SERVER__TLS_CERTIFICATE", certificate)
            .variable("HEXACHORD_SERVER__TLS_KEY", key)
    };
    let data = folder.path().join("data");
    let server = console("good.crt", "good.key").serve(&data);
    send(&server, &folder.path().join("good.crt"), get("/healthz")).expect(200);
    assert!(server.shown.contains(&fingerprint(&folder.path().join("good.crt"))));
    server.stop();

    let refused = |certificate: &str, key: &str| {
        console(certificate, key).words("serve --listen 127.0.0.1:0 --data data").fails(1)
    };
    assert!(refused("", "good.key").starts_with("server.tls_certificate is not set"));
    assert!(refused("gone.crt", "good.key").starts_with("cannot read the certificate gone.crt"));
    assert!(refused("words.crt", "good.key").contains("words.crt: there is none in it"));
    assert!(refused("good.crt", "good.crt").starts_with("cannot read the private key good.crt"));
    let wrong = refused("good.crt", "other.key");
    assert!(wrong.starts_with("the certificate good.crt cannot be used with its key"), "{wrong}");
}
