//! `Client-Cert` and `Client-Cert-Chain` (RFC 9440) at apps: whose certificate arrives, whose never does, and that no client
//! says so itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use rustls::pki_types::CertificateDer;

use crate::support::wire::{BOTH, Over, Said};
use crate::support::{BY_FORWARD_AUTH, Browser, PASSWORD_AND_TOTP, World};

const CERTIFICATE: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n";
const SENT: &str = "identity = { client_cert = true, client_cert_chain = true }\n";
const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";
const OBSERVED: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n[app.demands.client_certificate]\nmode = \"observe\"\ntrust = [\"world\"]\n";

const SPELLINGS: [&str; 10] = [
    "Client-Cert",
    "client_cert",
    "Client.Cert",
    "HTTP_CLIENT_CERT",
    "http-client-cert",
    "Client-Cert-Chain",
    "client_cert-chain",
    "CLIENT_CERT_CHAIN",
    "client-cert_chain",
    "HTTP_CLIENT_CERT_CHAIN",
];

/// An app that gets certificates, one that gets none, one that is open, and one where the certificate is only observed.
async fn world() -> World {
    let [sent, open, observed] = [CERTIFICATE, OPEN, OBSERVED].map(|demands| [SENT, demands].concat());
    World::with(&[("sent", &sent), ("kept", CERTIFICATE), ("open", &open), ("observed", &observed)], "").await
}

/// What is sent of a certificate.
fn written(der: &CertificateDer<'_>) -> String {
    format!(":{}:", STANDARD.encode(der))
}

#[tokio::test]
async fn an_app_gets_the_certificate_that_check_2_accepted_and_no_other_does() {
    let world = world().await;
    let (chain, key) = world.authority.client("machine-7");
    let leaf = written(&chain[0]);
    let mut machine = Browser::new(world.authority.der(), Some((chain, key)));
    for (app, expected) in [("sent", vec![leaf.as_str()]), ("kept", vec![]), ("open", vec![]), ("observed", vec![])] {
        assert_eq!(machine.send(Method::GET, &world.url(app, "/"), None).await.status, 200, "{app}");
        let seen = world.upstream.last();
        assert_eq!(seen.all("client-cert"), expected, "{app}");
        assert!(seen.all("client-cert-chain").is_empty(), "the authority is the anchor itself: {app}");
    }
    // An answer that depends on it is kept nowhere, and none carries one.
    let answer = machine.send(Method::GET, &world.url("sent", "/varies"), None).await;
    assert_eq!((answer.header("vary"), answer.header("client-cert")), (Some("*"), None));
    let answer = machine.send(Method::GET, &world.url("kept", "/varies"), None).await;
    assert_eq!((answer.header("vary"), answer.header("client-cert")), (Some("Accept, Client-Cert"), None));
    // A socket's handshake carries it, too.
    let mut socket = machine.clone().with_header("connection", "upgrade").with_header("upgrade", "websocket");
    assert_eq!(socket.send(Method::GET, &world.url("sent", "/"), None).await.status, 101);
    assert_eq!(world.upstream.last().all("client-cert"), [leaf.as_str()]);
}

#[tokio::test]
async fn an_app_gets_the_authorities_between_and_nothing_else_of_what_was_shown() {
    let world = world().await;
    let between = world.authority.below("an authority between", |_| {});
    let stranger = crate::support::Authority::new();
    let (mut chain, key) = between.client("machine-7");
    // In no order, with the anchor, and with one that has nothing to do with it.
    chain.extend([world.authority.der(), stranger.der(), between.der()]);
    let mut machine = Browser::new(world.authority.der(), Some((chain.clone(), key)));
    assert_eq!(machine.send(Method::GET, &world.url("sent", "/"), None).await.status, 200);
    let seen = world.upstream.last();
    assert_eq!(seen.all("client-cert"), [written(&chain[0])]);
    assert_eq!(seen.all("client-cert-chain"), [written(&between.der())]);
}

#[tokio::test]
async fn no_client_says_which_certificate_it_showed_t1_t3_t5() {
    let world = world().await;
    for over in BOTH {
        for app in ["sent", "kept", "open", "observed"] {
            for spelling in SPELLINGS {
                // HTTP/2 has names in small letters alone.
                let spelling = if over == Over::H2 { spelling.to_ascii_lowercase() } else { spelling.to_owned() };
                let said = Said::to(&world, app, "GET", "/").with(&spelling, ":Zm9yZ2Vk:").with(&spelling, ":Zm9yZ2Vk:");
                let said = said.shown_by("machine-7");
                assert_eq!(said.say(&world, &format!("{app}.test"), over).await.status, 200, "{app} {spelling} {over:?}");
                let seen = world.upstream.last();
                assert!(seen.headers.iter().all(|(_, value)| !value.contains("Zm9yZ2Vk")), "{app} {spelling} {over:?}: {seen:?}");
                let count = seen.headers.iter().filter(|(name, _)| name.replace('_', "-").contains("client-cert")).count();
                assert_eq!(count, usize::from(app == "sent"), "{app} {spelling} {over:?}: {seen:?}");
            }
        }
    }
    // Named in `Connection`, ours stays (T2).
    let said = Said::to(&world, "sent", "GET", "/").with("connection", "close, Client-Cert").shown_by("machine-7");
    assert_eq!(said.say(&world, "sent.test", Over::H1).await.status, 200);
    assert_eq!(world.upstream.last().all("client-cert").len(), 1);
    // A certificate that the check did not accept reaches nobody.
    let stranger = crate::support::Authority::new().client("machine-7");
    let mut stranger = Browser::new(world.authority.der(), Some(stranger)).with_header("accept", "application/json");
    let before = world.upstream.seen().len();
    assert_eq!(stranger.send(Method::GET, &world.url("sent", "/"), None).await.code(), "certificate_untrusted");
    assert_eq!(world.upstream.seen().len(), before);
    for app in ["open", "observed"] {
        assert_eq!(stranger.send(Method::GET, &world.url(app, "/"), None).await.status, 200, "{app}");
        assert!(world.upstream.last().all("client-cert").is_empty(), "{app}");
    }
}

#[tokio::test]
async fn where_another_proxy_ends_tls_nobody_says_which_certificate_was_shown_t6() {
    let by_proxy = [BY_FORWARD_AUTH, OPEN].concat();
    let world = World::with(&[("wiki", &by_proxy)], "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    for spelling in SPELLINGS {
        let mut asking = world
            .browser()
            .with_header("accept", "application/json")
            .with_header("sekisho-proxy-key", &world.proxy_key())
            .with_header("x-forwarded-method", "GET")
            .with_header("x-forwarded-uri", "/")
            .with_header("x-forwarded-host", &format!("wiki.test:{}", world.port))
            .with_header(spelling, ":Zm9yZ2Vk:");
        let answer = asking.send(Method::GET, &world.url("auth", "/.sekisho/forward-auth"), None).await;
        assert_eq!(answer.code(), "identity_header_sent", "{spelling}");
    }
    let refused = world.reload(&[("wiki", &[BY_FORWARD_AUTH, SENT, OPEN].concat())], "").unwrap_err();
    assert!(refused.contains("the other proxy ends TLS"), "{refused}");
    let alone = "identity = { client_cert_chain = true }\n";
    let refused = world.reload(&[("wiki", &[alone, PASSWORD_AND_TOTP].concat())], "").unwrap_err();
    assert!(refused.contains("never sent without the certificate"), "{refused}");
}
