//! The outbox as tests, with a mail relay of our own.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock as _;
use crate::config::schema;
use crate::core::testing::TestCore;

/// A relay that takes `messages` messages, then refuses; the text of each message is sent on.
async fn relay(refuses: bool) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (messages, received) = mpsc::channel(8);
    tokio_util::task::TaskTracker::new().spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"220 relay\r\n").await.unwrap();
            converse(stream, refuses, &messages).await;
        }
    });
    (port, received)
}

/// Takes mail from somebody who was greeted.
async fn converse(stream: impl AsyncRead + AsyncWrite, refuses: bool, messages: &mpsc::Sender<String>) {
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    let (mut data, mut is_data) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        let answer: &[u8] = match line.as_str() {
            "." if is_data => {
                is_data = false;
                messages.send(std::mem::take(&mut data)).await.unwrap();
                b"250 taken\r\n"
            }
            _ if is_data => {
                data.push_str(&line);
                data.push('\n');
                continue;
            }
            "DATA" => {
                is_data = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            text if text.starts_with("MAIL") && refuses => b"451 later\r\n",
            _ => b"250 well\r\n",
        };
        write.write_all(answer).await.unwrap();
    }
}

/// A relay with a certificate that it signed itself, which is given as PEM; with STARTTLS or with TLS from the first byte.
async fn relay_by_tls(security: &str) -> (u16, String, mpsc::Receiver<String>) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let server = server.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], der).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (messages, received) = mpsc::channel(8);
    let begins_plain = security == "starttls";
    tokio_util::task::TaskTracker::new().spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(server));
        while let Ok((mut stream, _)) = listener.accept().await {
            if begins_plain {
                stream.write_all(b"220 relay\r\n").await.unwrap();
                let mut lines = BufReader::new(&mut stream);
                let mut line = String::new();
                lines.read_line(&mut line).await.unwrap();
                lines.write_all(b"250-relay\r\n250 STARTTLS\r\n").await.unwrap();
                line.clear();
                lines.read_line(&mut line).await.unwrap();
                assert_eq!(line, "STARTTLS\r\n", "nothing is said in the clear");
                lines.write_all(b"220 go on\r\n").await.unwrap();
            }
            // A client that does not trust the certificate ends here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            if !begins_plain {
                stream.write_all(b"220 relay\r\n").await.unwrap();
            }
            converse(stream, false, &messages).await;
        }
    });
    (port, certificate.pem(), received)
}

#[tokio::test]
async fn a_relay_is_verified_by_the_authority_that_the_config_names_and_by_no_other() {
    let test = TestCore::open().await;
    let outbox = &test.core.outbox();
    let folder = tempfile::tempdir().unwrap();
    for security in ["starttls", "tls"] {
        let (port, authority, mut heard) = relay_by_tls(security).await;
        let (_, other, _) = relay_by_tls(security).await;
        let file = folder.path().join("relay.pem");
        let named = format!("authority = '{}'", file.display());
        let of = |authority: &str| -> schema::Mail {
            let text = format!("host = '127.0.0.1'\nport = {port}\nsecurity = '{security}'\nfrom = 'a@example.com'\n{authority}");
            toml::from_str(&text).unwrap()
        };
        let id = outbox.post(None, Some("alice@example.com"), security, "Your link: x").await.unwrap();
        // Neither the system's authorities nor another one signed it.
        std::fs::write(&file, &other).unwrap();
        for authority in ["", &named] {
            outbox.configure(Some(&of(authority))).unwrap();
            assert_eq!(outbox.deliver().await.unwrap(), 0, "{security} {authority}");
            assert!(outbox.show(&id).await.unwrap().unwrap().0.last_error.is_some());
            test.clock.advance(Duration::from_secs(7200));
        }
        assert!(heard.try_recv().is_err(), "nothing was said to it");
        std::fs::write(&file, format!("{other}{authority}")).unwrap();
        outbox.configure(Some(&of(&named))).unwrap();
        assert_eq!(outbox.deliver().await.unwrap(), 1, "{security}");
        assert!(heard.recv().await.unwrap().contains("Your link: x"));
        for nonsense in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&file, nonsense).unwrap();
            let complaint = outbox.configure(Some(&of(&named))).unwrap_err();
            assert!(complaint.path == "mail.authority" && complaint.help.is_some(), "{complaint:?}");
        }
    }
}

#[tokio::test]
async fn a_relay_without_tls_gets_mail_in_listed_networks_alone() {
    let test = TestCore::open().await;
    let outbox = &test.core.outbox();
    let (port, mut heard) = relay(false).await;
    // A name that leads to this machine stands for one that leads into a network. `localhost` itself is always fine.
    let of = |networks: &str, more: &str| -> schema::Mail {
        let host = "relay.localhost";
        let text = format!(
            "host = '{host}'\nport = {port}\nsecurity = 'plain'\nfrom = 'a@example.com'\nplain_networks = [{networks}]\n{more}"
        );
        toml::from_str(&text).unwrap()
    };
    let leads_here = tokio::net::lookup_host(("relay.localhost", port)).await.is_ok_and(|mut found| found.any(|at| at.is_ipv4()));
    let id = outbox.post(None, Some("alice@example.com"), "Welcome", "x").await.unwrap();
    outbox.configure(Some(&of("'10.1.0.0/16'", ""))).unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0, "it is at 127.0.0.1, or at no address");
    let error = outbox.show(&id).await.unwrap().unwrap().0.last_error.unwrap();
    assert!(error.contains("relay.localhost"), "{error}");
    assert!(!leads_here || error.contains("no network of mail.plain_networks has"), "{error}");
    test.clock.advance(Duration::from_secs(7200));
    let mut here = of("'127.0.0.0/8'", "");
    if !leads_here {
        here.host = "127.0.0.1".to_owned();
    }
    outbox.configure(Some(&here)).unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert!(heard.recv().await.is_some());
    // With a password it is refused, whatever is listed.
    let file = tempfile::NamedTempFile::new().unwrap();
    let sign_in = format!("user = 'x'\npassword_file = '{}'", file.path().display());
    assert_eq!(outbox.configure(Some(&of("'127.0.0.0/8'", &sign_in))).unwrap_err().path, "mail.user");
}

fn mail(port: u16) -> schema::Mail {
    let text = format!("host = '127.0.0.1'\nport = {port}\nsecurity = 'plain'\nfrom = 'Sekisho <gate@example.com>'");
    toml::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_message_is_mailed_once_and_can_be_shown() {
    let test = TestCore::open().await;
    let (port, mut heard) = relay(false).await;
    let outbox = &test.core.outbox();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome 関所", "Your link: x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0, "no relay: it waits");
    assert_eq!(outbox.show(&id).await.unwrap().unwrap().1, "Your link: x");
    outbox.configure(Some(&mail(port))).unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let text = heard.recv().await.unwrap();
    assert!(text.contains("From: Sekisho <gate@example.com>") && text.contains("To: alice@example.com"), "{text}");
    assert!(text.contains("Your link: x"));
    assert_eq!(outbox.list().await.unwrap()[0].sent_at, Some(test.clock.now()));
    test.clock.advance(Duration::from_secs(31 * 86_400));
    outbox.sweep().await.unwrap();
    assert!(outbox.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_relay_error_is_recorded_and_tried_again_later() {
    let test = TestCore::open().await;
    let (port, _heard) = relay(true).await;
    let outbox = &test.core.outbox();
    outbox.configure(Some(&mail(port))).unwrap();
    let id = outbox.post(None, Some("alice@example.com"), "Welcome", "x").await.unwrap();
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    let (message, _body) = outbox.show(&id).await.unwrap().unwrap();
    assert!(message.last_error.is_some_and(|error| error.contains("later")));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 1, "a minute must pass first");
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    test.clock.advance(Duration::from_secs(60));
    outbox.deliver().await.unwrap();
    assert_eq!(outbox.list().await.unwrap()[0].attempts, 2, "then two");
    let (good, mut heard) = relay(false).await;
    outbox.configure(Some(&mail(good))).unwrap();
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    assert!(heard.recv().await.is_some());
}

#[tokio::test]
async fn no_line_break_reaches_a_header_and_mail_in_the_clear_stays_on_this_machine() {
    let test = TestCore::open().await;
    let outbox = &test.core.outbox();
    for (recipient, subject) in [
        ("a@example.com\r\nBcc: b@example.com", "Welcome"),
        ("a@example.com", "Welcome\r\nBcc: b@example.com"),
        ("a@example.com", "Welcome\nX"),
        ("a@example.com", ""),
        ("nobody", "Welcome"),
    ] {
        assert!(outbox.post(None, Some(recipient), subject, "x").await.is_err(), "{recipient:?} {subject:?}");
    }
    let complained = |text: &str| outbox.configure(Some(&toml::from_str(text).unwrap())).unwrap_err().path;
    assert_eq!(complained("host = 'mail.example.com'\nsecurity = 'plain'\nfrom = 'a@example.com'"), "mail.security");
    assert_eq!(complained("host = 'localhost'\nsecurity = 'plain'\nfrom = 'nobody'"), "mail.from");
    assert_eq!(complained("host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'"), "mail.user");
    let no_file = "host = 'localhost'\nsecurity = 'plain'\nfrom = 'a@example.com'\nuser = 'x'\npassword_file = '/no/such'";
    assert_eq!(complained(no_file), "mail.password_file");
    assert!(!outbox.mails());
}
