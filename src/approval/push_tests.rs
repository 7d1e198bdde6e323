//! Web Push against a push service of the tests' own: TLS, VAPID checked, the message decrypted as a browser would.

use std::sync::{Arc, Mutex};

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::question::Purpose;
use super::testing::{PORTAL, Phone};
use super::web_push::{Subscription, decrypt};
use super::{Ask, RequesterClass};
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::outbound::guard::EndpointError;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;
use crate::random::{base64url, from_base64url};

pub(crate) type Seen = Arc<Mutex<Vec<(http::HeaderMap, Vec<u8>)>>>;

/// A push service that answers every message with `status`, or never; its port, authority and what it saw.
pub(crate) async fn service(status: Option<u16>) -> (u16, String, Seen) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (authority, key) = (made.cert.pem(), PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der())));
    let config =
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    drop(tokio_util::task::TaskTracker::new().spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(stream) = acceptor.accept(stream).await else { continue };
            let log = Arc::clone(&log);
            let answer = service_fn(move |request: Request<Incoming>| {
                let log = Arc::clone(&log);
                async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await.unwrap().to_bytes().to_vec();
                    log.lock().unwrap().push((parts.headers, body));
                    let Some(status) = status else { return std::future::pending().await };
                    Ok::<_, hyper::Error>(Response::builder().status(status).body(Full::new(Bytes::new())).unwrap())
                }
            });
            let _ended = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        }
    }));
    (port, authority, seen)
}

/// A core that believes this service, with Alice and her phone.
async fn core(authority: &str) -> (TestCore, Phone, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("push.pem");
    std::fs::write(&file, authority).unwrap();
    let more = format!("[approval]\npush_networks = [\"127.0.0.0/8\", \"::1/128\"]\npush_authority = \"{}\"\n", file.display());
    let at = TestCore::with(&more).await;
    at.user("alice").await;
    let phone = Phone::registered(&at.core, "alice").await;
    (at, phone, folder)
}

async fn ask(at: &TestCore) {
    asked(at).await;
    at.core.approvals().delivery.settle().await;
}

async fn asked(at: &TestCore) {
    let alice = UserId::parse("alice").unwrap();
    let address = ClientAddress::new([192, 0, 2, 7].into());
    let ask = Ask {
        purpose: Purpose::SignIn,
        user: &alice,
        asker: "browser",
        browser: "Firefox",
        address,
        app: None,
        portal: PORTAL,
        requester: RequesterClass::Anonymous,
        number: Some(NumberStyle::Choose),
        by_passkey: false,
        anybody: true,
        request_id: "r1",
        matter: None,
    };
    at.core.approvals().ask(ask).await.unwrap();
}

async fn subscribed(at: &TestCore, phone: &Phone, port: u16) -> (PrivateKey, [u8; 16]) {
    let own = PrivateKey::generate(&ECDH_P256).unwrap();
    let secret = [9; 16];
    let key = own.compute_public_key().unwrap().as_ref().try_into().unwrap();
    let to = Subscription { endpoint: format!("https://localhost:{port}/push/alice"), key, secret };
    assert!(at.core.approvals().approvers.subscribe(&phone.key.id(), &to).await.unwrap());
    (own, secret)
}

#[tokio::test]
async fn a_question_reaches_a_closed_page_encrypted_and_signed_for_rfc_8030_8291_8292() {
    let (port, authority, seen) = service(Some(201)).await;
    let (at, phone, _folder) = core(&authority).await;
    let (own, secret) = subscribed(&at, &phone, port).await;
    ask(&at).await;
    let (headers, body) = seen.lock().unwrap().pop().expect("the push service got a message");
    let message: Value = serde_json::from_slice(&decrypt(&own, secret, &body)).unwrap();
    assert_eq!((&message["user"], &message["purpose"]), (&"alice".into(), &"sign_in".into()));
    let mut keys: Vec<&String> = message.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["approval", "purpose", "user"], "no number leaves the core");
    assert_eq!(
        (&headers["ttl"], &headers["urgency"], &headers["content-encoding"]),
        (&"60".parse().unwrap(), &"high".parse().unwrap(), &"aes128gcm".parse().unwrap())
    );

    // RFC 8292: a JWT of the key that browsers subscribed for, for this service's origin, good for less than a day.
    let words = headers["authorization"].to_str().unwrap();
    let (token, key) = words.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let point: [u8; 65] = from_base64url(key).unwrap();
    assert_eq!(point.as_slice(), at.core.approvals().delivery.public_key());
    let public = super::key::PublicKey::from_point(&point).unwrap();
    let (x, y) = public.coordinates();
    let decoding = jsonwebtoken::DecodingKey::from_ec_components(x, y).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.validate_exp = false;
    validation.set_audience(&[format!("https://localhost:{port}")]);
    let claims = jsonwebtoken::decode::<Value>(token, &decoding, &validation).unwrap().claims;
    let good_for = claims["exp"].as_i64().unwrap() - at.core.clock().now().seconds();
    assert!(good_for > 0 && good_for <= 24 * 3600, "{claims}");
    assert_eq!(claims["sub"], PORTAL);
    assert!(!base64url(&body).is_empty());
}

#[tokio::test]
async fn a_subscription_that_is_gone_is_forgotten_and_a_trouble_is_not() {
    for (status, is_kept) in [(404, false), (410, false), (429, true), (500, true), (201, true)] {
        let (port, authority, _seen) = service(Some(status)).await;
        let (at, phone, _folder) = core(&authority).await;
        subscribed(&at, &phone, port).await;
        ask(&at).await;
        let left = at.core.approvals().approvers.subscriptions(&UserId::parse("alice").unwrap()).await.unwrap();
        assert_eq!(!left.is_empty(), is_kept, "{status}");
    }
}

/// Also R-455.
#[tokio::test]
async fn a_push_service_that_hangs_delays_nobody() {
    let (port, authority, seen) = service(None).await;
    let (at, phone, _folder) = core(&authority).await;
    subscribed(&at, &phone, port).await;
    let asked = tokio::time::timeout(std::time::Duration::from_secs(5), asked(&at)).await;
    assert!(asked.is_ok(), "asking does not wait for the push service");
    assert_eq!(at.core.approvals().open_of(&UserId::parse("alice").unwrap()).await.unwrap().len(), 1);
    drop(seen);
}

#[tokio::test]
async fn no_endpoint_leads_inside() {
    let at = TestCore::open().await;
    let delivery = &at.core.approvals().delivery;
    for (endpoint, why) in [
        ("http://push.example.com/x", EndpointError::Address),
        ("https://user@push.example.com/x", EndpointError::Address),
        ("ftp://push.example.com/x", EndpointError::Address),
        ("not an address", EndpointError::Address),
        ("https://127.0.0.1/x", EndpointError::Inside),
        ("https://localhost:8443/x", EndpointError::Inside),
        ("https://[::1]/x", EndpointError::Inside),
        ("https://169.254.169.254/latest/meta-data", EndpointError::Inside),
        ("https://10.0.0.1/x", EndpointError::Inside),
        ("https://[::ffff:10.0.0.1]/x", EndpointError::Inside),
        ("https://0x7f000001/x", EndpointError::Inside),
        ("https://2130706433/x", EndpointError::Inside),
    ] {
        assert_eq!(delivery.reach(endpoint).await.map(drop), Err(why), "{endpoint}");
    }
}

#[tokio::test]
async fn the_key_of_the_gateway_survives_a_restart() {
    let at = TestCore::open().await;
    let before = at.core.approvals().delivery.public_key().to_vec();
    let at = at.crash_and_restart().await;
    assert_eq!(at.core.approvals().delivery.public_key(), before);
}
