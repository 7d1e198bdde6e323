//! A host whose certificate no authority has issued yet: the gateway answers there, and asks nobody for anything.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use self::any_server::AnyServer;
use crate::support::World;

#[path = "../support/any_server.rs"]
mod any_server;

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
/// An authority that nobody answers at.
const AWAITED: &str = "[acme.ours]\ndirectory = \"https://127.0.0.1:1/directory\"\nagree_to_terms = true\n\
                       [[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"late.test\"]\n";

#[tokio::test]
async fn a_host_without_its_certificate_answers_503_whatever_is_asked_and_other_hosts_serve() {
    let apps = [("wiki", OPEN), ("late", OPEN)];
    let world = World::with(&apps, AWAITED).await;
    // The certificate of files is for the other hosts alone.
    let (chain, key) = world.authority.server(&["wiki.test", "auth.test", "mtls.test"]);
    for (name, text) in [("server.pem", chain), ("server.key", key)] {
        std::fs::write(world.folder.path().join(name), text).unwrap();
    }
    world.reload(&apps, AWAITED).unwrap();
    assert_eq!(world.browser().get(&world.url("wiki", "/")).await.status, 200);
    for path in ["/", "/.sekisho/whoami", "/.well-known/acme-challenge/token"] {
        let answer = ask(&world.url("late", path)).await;
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\"code\":\"certificate_awaited\""), "{path}: {answer}");
    }
}

/// A program's request, whatever certificate it is shown.
async fn ask(url: &str) -> String {
    let url: url::Url = url.parse().unwrap();
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
        .with_no_client_auth();
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let mut io = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let head =
        format!("GET {} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n", url.path());
    io.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ended = io.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}
