//! Which certificate is shown, what is asked of clients, what a ticket opens, and what is reported when files are wrong.

use std::fs;
use std::sync::Arc;

use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, HandshakeKind, NamedGroup, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::client::TlsStream;

use super::host_certificates::dns_names;
use super::*;
use crate::acme::listeners::ACME_TLS;
use crate::acme::names::OwnCertificateName;
use crate::config::schema::TlsCertificate;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::gateway::testing::{LIMITS, NOW, TestGateway, builder, client, config, stranger, write_pair, write_pair_with};

/// Sends a request, so that tickets have arrived and the handler has seen the connection.
async fn ask<IO: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(io: &mut TlsStream<IO>, host: &str) {
    io.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    io.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", answer.escape_ascii());
}

fn names_shown<IO>(io: &TlsStream<IO>) -> Vec<String> {
    let leaf = io.get_ref().1.peer_certificates().unwrap().first().unwrap();
    let (_, parsed) = X509Certificate::from_der(leaf).unwrap();
    dns_names(&parsed)
}

#[tokio::test]
async fn the_certificate_is_the_one_for_the_name_asked_for() {
    let gateway = TestGateway::open();
    for (asked, shown) in [
        ("wiki.example.com", "auth.example.com"),
        ("MAIL.example.com", "mail.example.com"),
        ("bank.example.com", "*.example.com"),
        // A wildcard stands for one label; what no certificate is for gets the first.
        ("a.bank.example.com", "auth.example.com"),
        ("elsewhere.test", "auth.example.com"),
        ("127.0.0.1", "auth.example.com"),
    ] {
        let io = gateway.connect(&client(&[b"http/1.1"]), asked).await.unwrap();
        assert_eq!(names_shown(&io).first().map(String::as_str), Some(shown), "{asked}");
    }
}

#[tokio::test]
async fn another_stands_in_for_a_certificate_that_is_awaited_and_validators_alone_see_a_challenge() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path(), "");
    let names = vec!["New.example.com".to_owned()];
    let awaited = TlsCertificate { chain: None, key: None, acme: vec!["ours".to_owned()], names, challenge: None };
    config.file.tls.certificate.insert(0, awaited);
    let tls = ServerTls::load(&config, NOW).unwrap();
    let issued = Arc::new(ListenerCertificates::default());
    tls.attach(&issued);
    assert!(tls.covers("new.example.com") && tls.end_point(Some("new.example.com")).is_none());
    let gateway = TestGateway::of(LIMITS, tls, folder);
    let stands_in = async |host: &str| {
        let mut io = gateway.connect(&client(&[b"http/1.1"]), host).await.unwrap();
        ask(&mut io, host).await;
        (names_shown(&io), gateway.mirror.last().is_stand_in)
    };
    assert_eq!(stands_in("new.example.com").await, (vec!["new.example.com".to_owned()], true));
    assert_eq!(stands_in("mail.example.com").await, (vec!["mail.example.com".to_owned()], false));
    let requests = gateway.mirror.paths().len();
    let open = issued.open_by_tls(&OwnCertificateName::read("mail.example.com"), &[7; 32]).unwrap();
    let validator = gateway.connect(&client(&[ACME_TLS]), "mail.example.com").await.unwrap();
    assert_eq!(validator.get_ref().1.alpn_protocol(), Some(ACME_TLS));
    let leaf = validator.get_ref().1.peer_certificates().unwrap()[0].clone();
    let (_, parsed) = X509Certificate::from_der(&leaf).unwrap();
    // id-pe-acmeIdentifier, critical (RFC 8737 §3).
    assert!(parsed.extensions().iter().any(|it| it.oid.to_id_string() == "1.3.6.1.5.5.7.1.31" && it.critical));
    for offered in [&[ACME_TLS, b"h2".as_slice()][..], &[b"h2", ACME_TLS]] {
        let browser = gateway.connect(&client(offered), "mail.example.com").await.unwrap();
        assert_eq!(browser.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        assert_ne!(browser.get_ref().1.peer_certificates().unwrap()[0], leaf);
    }
    drop(open);
    assert!(gateway.connect(&client(&[ACME_TLS]), "mail.example.com").await.is_err(), "no challenge is open");
    assert_eq!(gateway.mirror.paths().len(), requests, "a validator asks nothing");
    let folder = tempfile::tempdir().unwrap();
    write_pair(folder.path(), "issued", &["new.example.com"]);
    let provider = aws_lc_rs::default_provider();
    let made = certified(&folder.path().join("issued.pem"), &folder.path().join("issued.key"), &provider, NOW).unwrap();
    let bytes = made.cert[0].clone();
    issued.put_in_use(&"new.example.com".into(), &Arc::new(made));
    let mut io = gateway.connect(&client(&[b"http/1.1"]), "new.example.com").await.unwrap();
    ask(&mut io, "new.example.com").await;
    assert_eq!(io.get_ref().1.peer_certificates().unwrap()[0], bytes);
    assert!(!gateway.mirror.last().is_stand_in);
}

#[test]
fn what_tickets_are_bound_to_follows_the_certificate_that_was_issued_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path(), "");
    let names = vec!["new.example.com".to_owned()];
    config.file.tls.certificate[0] =
        TlsCertificate { chain: None, key: None, acme: vec!["ours".to_owned()], names, challenge: None };
    let tls = ServerTls::load(&config, NOW).unwrap();
    let issued = Arc::new(ListenerCertificates::default());
    tls.attach(&issued);
    assert_eq!(tls.end_point(Some("new.example.com")), None, "nobody binds a ticket to what stands in");
    for name in ["one", "two"] {
        write_pair(folder.path(), name, &["new.example.com"]);
        let provider = aws_lc_rs::default_provider();
        let file = |end: &str| folder.path().join(format!("{name}.{end}"));
        let made = certified(&file("pem"), &file("key"), &provider, NOW).unwrap();
        let expected: Option<Arc<[u8]>> = end_point::of(&made.cert[0]).map(Arc::from);
        issued.put_in_use(&"new.example.com".into(), &Arc::new(made));
        let first = tls.end_point(Some("new.example.com"));
        assert_eq!(first, expected, "{name}");
        assert!(Arc::ptr_eq(&first.unwrap(), &tls.end_point(Some("new.example.com")).unwrap()), "worked out once");
    }
}

#[tokio::test]
async fn http2_is_preferred_and_the_key_exchange_outlives_quantum_computers() {
    let gateway = TestGateway::open();
    let io = gateway.connect(&client(&[b"http/1.1", b"h2"]), "wiki.example.com").await.unwrap();
    assert_eq!(io.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let group = io.get_ref().1.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, NamedGroup::X25519MLKEM768);
    assert!(gateway.connect(&client(&[b"spdy/3"]), "wiki.example.com").await.is_err(), "no protocol in common");
    let io = gateway.connect(&client(&[]), "wiki.example.com").await.unwrap();
    assert_eq!(io.get_ref().1.alpn_protocol(), None);
}

#[tokio::test]
async fn tls_1_2_is_spoken_unless_the_config_says_otherwise() {
    let old = Arc::new(builder(&[&rustls::version::TLS12]).with_no_client_auth());
    let gateway = TestGateway::open();
    let mut io = gateway.connect(&old, "wiki.example.com").await.unwrap();
    ask(&mut io, "wiki.example.com").await;
    let suite = io.get_ref().1.negotiated_cipher_suite().unwrap().suite();
    assert!(format!("{suite:?}").starts_with("TLS_ECDHE_"), "forward secrecy and AEAD only: {suite:?}");
    let gateway = TestGateway::with(LIMITS, "minimum = \"1.3\"");
    assert!(gateway.connect(&old, "wiki.example.com").await.is_err());
    assert!(gateway.connect(&client(&[]), "wiki.example.com").await.is_ok());
}

#[tokio::test]
async fn any_certificate_is_recorded_where_one_is_asked_for_and_none_is_demanded_a_04() {
    let gateway = TestGateway::open();
    let (certificate, key) = stranger();
    let fingerprint = PresentedCertificate::new(std::slice::from_ref(&certificate)).unwrap().fingerprint();
    for version in rustls::ALL_VERSIONS {
        let with = Arc::new(builder(&[version]).with_client_auth_cert(vec![certificate.clone()], key.clone_key()).unwrap());
        let without = Arc::new(builder(&[version]).with_no_client_auth());
        for (client, host, recorded) in [
            (&with, "mail.example.com", Some(fingerprint)),
            (&without, "mail.example.com", None),
            // Not asked for, so not shown: no prompt on hosts whose policy wants none.
            (&with, "wiki.example.com", None),
        ] {
            let mut io = gateway.connect(client, host).await.unwrap();
            ask(&mut io, host).await;
            let facts = gateway.mirror.last();
            assert_eq!(facts.certificate.as_ref().map(|shown| shown.fingerprint()), recorded, "{host} {version:?}");
            assert_eq!(facts.sni.as_deref(), Some(host));
        }
    }
}

/// Shows a certificate whose key it does not have.
#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl rustls::client::ResolvesClientCert for Thief {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_certificate_shown_without_its_key_ends_the_handshake() {
    let gateway = TestGateway::open();
    let ((stolen, _), (_, own_key)) = (stranger(), stranger());
    let key = aws_lc_rs::default_provider().key_provider.load_private_key(own_key).unwrap();
    let thief = Arc::new(Thief(Arc::new(CertifiedKey::new(vec![stolen], key))));
    for version in rustls::ALL_VERSIONS {
        let client = Arc::new(builder(&[version]).with_client_cert_resolver(Arc::clone(&thief) as _));
        // TLS 1.3 clients learn of it when they read.
        if let Ok(mut io) = gateway.connect(&client, "mail.example.com").await {
            let _written = io.write_all(b"GET / HTTP/1.1\r\nHost: mail.example.com\r\n\r\n").await;
            assert!(io.read_to_end(&mut Vec::new()).await.is_err(), "{version:?}");
        }
    }
    assert_eq!(gateway.mirror.paths(), Vec::<String>::new());
}

/// Offers whatever ticket it has to whatever host it talks to.
#[derive(Debug)]
struct OneTicketForAll(ClientSessionMemoryCache);

fn somewhere() -> ServerName<'static> {
    ServerName::try_from("somewhere.test").unwrap()
}

impl ClientSessionStore for OneTicketForAll {
    fn set_kx_hint(&self, _: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(somewhere(), group);
    }

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.kx_hint(&somewhere())
    }

    fn set_tls12_session(&self, _: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(somewhere(), value);
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(&somewhere())
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.0.remove_tls12_session(&somewhere());
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(somewhere(), value);
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(&somewhere())
    }
}

fn resuming(version: &'static SupportedProtocolVersion) -> Arc<ClientConfig> {
    let (certificate, key) = stranger();
    let mut client = builder(&[version]).with_client_auth_cert(vec![certificate], key).unwrap();
    client.resumption = Resumption::store(Arc::new(OneTicketForAll(ClientSessionMemoryCache::new(8))));
    Arc::new(client)
}

#[tokio::test]
async fn a_ticket_of_one_host_opens_no_other_t13_cve_2025_23419() {
    let gateway = TestGateway::open();
    for version in rustls::ALL_VERSIONS {
        for (first, second, kind) in [
            ("mail.example.com", "mail.example.com", HandshakeKind::Resumed),
            ("wiki.example.com", "wiki.example.com", HandshakeKind::Resumed),
            // Of the same authorities, of others, of none; and from none to some.
            ("mail.example.com", "board.example.com", HandshakeKind::Full),
            ("mail.example.com", "bank.example.com", HandshakeKind::Full),
            ("mail.example.com", "wiki.example.com", HandshakeKind::Full),
            ("wiki.example.com", "mail.example.com", HandshakeKind::Full),
        ] {
            let client = resuming(version);
            let mut io = gateway.connect(&client, first).await.unwrap();
            ask(&mut io, first).await;
            let shown_at_first = gateway.mirror.last().certificate.clone();
            let mut io = gateway.connect(&client, second).await.unwrap();
            ask(&mut io, second).await;
            assert_eq!(io.get_ref().1.handshake_kind(), Some(kind), "{version:?} {first} then {second}");
            if first == second {
                assert_eq!(gateway.mirror.last().certificate, shown_at_first, "the certificate goes with the session");
            }
        }
    }
}

type Spoil<'a> = Box<dyn Fn() + 'a>;

#[test]
fn wrong_files_are_told_with_what_to_do_and_nothing_is_half_loaded() {
    let year = 365 * 86_400;
    let at = |seconds| time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let config = config(path, "");
    assert!(ServerTls::load(&config, NOW).is_ok());
    let complaints = || match ServerTls::load(&config, NOW) {
        Ok(_) => panic!("loaded"),
        Err(complaints) => complaints.into_iter().map(|complaint| (complaint.path, complaint.message)).collect::<Vec<_>>(),
    };
    let mend = || write_pair(path, "first", &["wiki.example.com"]);

    let files: [(&str, Spoil<'_>, &str, &str); 8] = [
        ("missing", Box::new(|| fs::remove_file(path.join("first.pem")).unwrap()), "chain", "cannot be read as PEM"),
        ("garbage", Box::new(|| fs::write(path.join("first.pem"), "hello").unwrap()), "chain", "holds no certificate"),
        (
            "broken",
            Box::new(|| {
                fs::write(path.join("first.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
            }),
            "chain",
            "cannot be read",
        ),
        (
            "expired",
            Box::new(|| {
                write_pair_with(path, "first", &["a"], |params| {
                    params.not_before = at(NOW.seconds() - 2 * year);
                    params.not_after = at(NOW.seconds() - year);
                });
            }),
            "chain",
            "expired on Jan 15",
        ),
        (
            "early",
            Box::new(|| write_pair_with(path, "first", &["a"], |params| params.not_before = at(NOW.seconds() + year))),
            "chain",
            "is not valid before Jan 15",
        ),
        ("no key", Box::new(|| fs::remove_file(path.join("first.key")).unwrap()), "key", "cannot be read as a PEM private key"),
        ("key garbage", Box::new(|| fs::write(path.join("first.key"), "hello").unwrap()), "key", "cannot be read as a PEM"),
        (
            "mismatch",
            Box::new(|| {
                fs::copy(path.join("mail.key"), path.join("first.key")).unwrap();
            }),
            "key",
            "is not the key of",
        ),
    ];
    for (name, spoil, key, message) in files {
        spoil();
        let complaints = complaints();
        assert!(
            complaints.len() == 1
                && complaints.iter().all(|(path, said)| *path == format!("tls.certificate[0].{key}") && said.contains(message)),
            "{name}: {complaints:?}"
        );
        mend();
    }
    fs::write(path.join("staff.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(complaints().iter().any(|(path, _)| path == "trust.staff.bundle"));
}
