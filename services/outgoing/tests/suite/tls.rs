//! Certificates are checked.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{RootCertStore, ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::house::{loopback, ok, text};

#[tokio::test]
async fn a_certificate_is_believed_for_its_name_and_by_its_roots_alone() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut server = JoinSet::new();
    server.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 1024];
            drop(stream.read(&mut request).await);
            drop(stream.write_all(&ok("proven")).await);
            drop(stream.shutdown().await);
        }
    });
    let url = format!("https://127.0.0.1:{port}/");
    let refused = text(&loopback(), &url).await.unwrap_err();
    assert!(refused.contains("does not prove who it is"), "{refused}");

    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let client = loopback().with_roots(roots);
    assert_eq!(text(&client, &url).await.unwrap(), "proven");
    let address = format!("127.0.0.1:{port}").parse().unwrap();
    let client =
        client.with_resolver(Arc::new(move |_, _| Box::pin(async move { Ok(vec![address]) })));
    let other = text(&client, &format!("https://other.example:{port}/")).await.unwrap_err();
    assert!(other.contains("does not prove who it is"), "{other}");
}
