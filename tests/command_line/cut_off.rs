//! What breaks off is logged: a handshake that fails, a body that does not come to its end. Whose it was and why stands in the
//! log under names that never change, and is counted.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::ResolvesClientCert;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::support::process::{PATIENCE, until};
use crate::support::{OPEN, World};

const BY_CERTIFICATE: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n";
const FAILED: &str = "sekisho_handshakes_failed_total";

/// A value of DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let length = if length < 128 { vec![u8::try_from(length).unwrap()] } else { vec![0x81, u8::try_from(length).unwrap()] };
    [&[tag], length.as_slice(), content].concat()
}

/// A certificate of version 1 for this key: without the field that says the version, and without extensions (RFC 5280 §4.1).
fn version_1(key: &rcgen::KeyPair) -> Vec<u8> {
    // ecdsa-with-SHA256
    let algorithm = der(0x30, &der(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
    let name = der(0x30, &der(0x31, &der(0x30, &[der(0x06, &[0x55, 0x04, 0x03]), der(0x0c, b"an old one")].concat())));
    let validity = der(0x30, &[der(0x17, b"200101000000Z"), der(0x17, b"490101000000Z")].concat());
    let spki = rcgen::PublicKeyData::subject_public_key_info(key);
    let got = der(0x30, &[der(0x02, &[1]), algorithm.clone(), name.clone(), validity, name, spki].concat());
    // Nobody comes as far as its own signature.
    der(0x30, &[got, algorithm, der(0x03, &[0, 0x30, 0])].concat())
}

#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesClientCert for Always {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// A client of the world that shows a certificate, whatever it is.
fn showing(world: &World, certificate: Vec<u8>, key: &rcgen::KeyPair, alpn: &[&[u8]]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(world.authority.der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let private = provider.key_provider.load_private_key(private).unwrap();
    let shown = Arc::new(CertifiedKey::new(vec![CertificateDer::from(certificate)], private));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(Always(shown)));
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

async fn dial(world: &World) -> TcpStream {
    TcpStream::connect(("127.0.0.1", world.port)).await.unwrap()
}

#[tokio::test]
async fn a_failed_handshake_is_logged_with_its_peer_and_reason() {
    let world = World::with(&[("wiki", BY_CERTIFICATE)], "").await;
    let gateway = world.start().await;
    let got = async |reason: &str| {
        let metric = format!("{FAILED}{{reason=\"{reason}\"}}");
        until(&metric, async || world.metric(&metric).await >= 1.0).await;
        gateway.says(&format!("reason=\"{reason}\"")).await;
        let words = gateway.words();
        let line = words.lines().find(|line| line.contains(&format!("reason=\"{reason}\""))).unwrap().to_owned();
        assert!(line.contains("handshake_failed") && line.contains("remote_ip=127.0.0.1"), "{line}");
        line
    };
    let name = || ServerName::try_from("wiki.test").unwrap();

    // A certificate of version 1: the client is ended by an alert, sometimes after it believes the handshake done.
    let key = rcgen::KeyPair::generate().unwrap();
    let old = showing(&world, version_1(&key), &key, &[]);
    if let Ok(mut stream) = old.connect(name(), dial(&world).await).await {
        let _alert = timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap_err();
    }
    assert!(got("client_certificate").await.contains("UnsupportedCertVersion"), "what is wrong with it");

    // No protocol in common, no TLS, a client that goes away.
    let spdy = showing(&world, version_1(&key), &key, &[b"spdy/1"]);
    assert!(spdy.connect(name(), dial(&world).await).await.is_err());
    got("no_protocol_in_common").await;
    dial(&world).await.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    got("not_tls").await;

    // Who trusts another authority.
    let other = World::with(&[("wiki", OPEN)], "").await;
    let distrusts = showing(&other, version_1(&key), &key, &[]);
    assert!(distrusts.connect(name(), dial(&world).await).await.is_err());
    got("ended_by_client").await;

    // A port that is only looked at is not an error.
    drop(dial(&world).await);
    let metric = format!("{FAILED}{{reason=\"said_nothing\"}}");
    until(&metric, async || world.metric(&metric).await >= 1.0).await;
    assert!(!gateway.words().contains("said_nothing"));
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_logged_with_its_peer_and_reason() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let gateway = world.start().await;
    for (body, reason) in
        [("Content-Length: 100\r\n\r\nonly this", "ended_early"), ("Transfer-Encoding: chunked\r\n\r\nx\r\n", "malformed")]
    {
        let mut stream = world.browser().connect(&world.url("wiki", "/").parse().unwrap()).await;
        stream.write_all(format!("POST /p HTTP/1.1\r\nHost: wiki.test:{}\r\n{body}", world.port).as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.shutdown().await.unwrap();
        let line = format!("remote_ip=127.0.0.1 app=wiki reason=\"{reason}\"");
        gateway.says(&line).await;
        let words = gateway.words();
        let got = words.lines().find(|got| got.contains(&line)).unwrap();
        assert!(got.contains("request_body_cut") && got.contains("request_id="), "{got}");
        let metric = format!("sekisho_request_bodies_cut_total{{reason=\"{reason}\"}}");
        assert!(world.metric(&metric).await >= 1.0, "{metric}");
    }
}
