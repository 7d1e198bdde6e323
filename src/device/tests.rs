//! Hostile proofs, cookies and challenges as tests.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::{ChallengePurpose, DeviceId, MOST, Unproved, life};
use crate::clock::Clock as _;
use crate::core::testing::TestCore;
use crate::random::base64url;
use crate::seal::TokenHash;

fn here() -> ChallengePurpose<'static> {
    ChallengePurpose::Registration { scope: "portal", cookie: TokenHash::of(b"one") }
}

fn key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

fn jwk(key: &EcdsaKeyPair) -> Value {
    let point = key.public_key().as_ref();
    json!({"kty": "EC", "crv": "P-256", "x": base64url(&point[1..33]), "y": base64url(&point[33..])})
}

fn signed(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let text = |value: &Value| base64url(value.to_string().as_bytes());
    let signed = format!("{}.{}", text(header), text(claims));
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64url(signature.as_ref()))
}

fn registration(key: &EcdsaKeyPair, challenge: &str) -> String {
    signed(key, &json!({"alg": "ES256", "typ": "dbsc+jwt", "jwk": jwk(key)}), &json!({"jti": challenge}))
}

fn proof(key: &EcdsaKeyPair, challenge: &str) -> String {
    signed(key, &json!({"alg": "ES256", "typ": "dbsc+jwt"}), &json!({"jti": challenge}))
}

#[tokio::test]
async fn a_key_is_kept_by_a_proof_of_it_alone_and_is_not_asked_for_times_or_audience() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    let (own, challenge) = (key(), devices.challenge(here()));
    assert!(devices.proved(registration(&own, &challenge).as_bytes(), "portal").is_ok());
    assert!(devices.proved(format!("\"{}\"", registration(&own, &challenge)).as_bytes(), "portal").is_ok(), "in quotes");
    let more =
        json!({"jti": challenge, "aud": "https://elsewhere.test/x", "authorization": "a", "exp": 1, "nbf": 9_999_999_999_i64});
    let header = json!({"alg": "ES256", "typ": "dbsc+jwt", "jwk": jwk(&own)});
    assert!(devices.proved(signed(&own, &header, &more).as_bytes(), "portal").is_ok(), "no audience and no time is looked at");
}

#[tokio::test]
async fn hostile_registrations_bind_nothing() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    let (own, other, challenge) = (key(), key(), devices.challenge(here()));
    let claims = json!({"jti": challenge});
    let by = |header: Value| signed(&own, &header, &claims);
    let good = registration(&own, &challenge);
    let parts: Vec<&str> = good.split('.').collect();
    let none = format!("{}.{}.", base64url(br#"{"alg":"none","typ":"dbsc+jwt"}"#), parts[1]);
    let secret = base64url(own.public_key().as_ref());
    let hs256 = jsonwebtoken::encode(
        &jsonwebtoken::Header { typ: Some("dbsc+jwt".to_owned()), ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256) },
        &claims,
        &jsonwebtoken::EncodingKey::from_secret(secret.as_bytes()),
    )
    .unwrap();
    let mut bent = good.clone().into_bytes();
    *bent.last_mut().unwrap() ^= 1;
    let (x, y) = (jwk(&own)["x"].clone(), jwk(&own)["y"].clone());
    let elsewhere = devices.challenge(ChallengePurpose::Registration { scope: "wiki", cookie: TokenHash::of(b"one") });
    let another = {
        // The cookie that a challenge names is under its MAC.
        let of_two = devices.challenge(ChallengePurpose::Registration { scope: "portal", cookie: TokenHash::of(b"two") });
        format!("{}{}", &of_two[..40], &challenge[40..])
    };
    let refresh = devices.challenge(ChallengePurpose::Refresh(DeviceId([1; 16])));
    for (what, proof, expected) in [
        ("nothing", String::new(), Unproved::Malformed),
        ("no JWS", "abc".to_owned(), Unproved::Malformed),
        ("not base64", format!("%{good}"), Unproved::Malformed),
        ("huge", format!("{good}{}", "A".repeat(9000)), Unproved::Malformed),
        ("alg none", none, Unproved::Malformed),
        ("HS256 by the public key", hs256, Unproved::Algorithm),
        ("ES384 in the head", by(json!({"alg": "ES384", "typ": "dbsc+jwt", "jwk": jwk(&own)})), Unproved::Algorithm),
        ("RS256 with a P-256 key", by(json!({"alg": "RS256", "typ": "dbsc+jwt", "jwk": jwk(&own)})), Unproved::Algorithm),
        ("critical", by(json!({"alg": "ES256", "typ": "dbsc+jwt", "crit": ["b64"], "jwk": jwk(&own)})), Unproved::Algorithm),
        ("a JWT of another type", by(json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk(&own)})), Unproved::Type),
        ("no type", by(json!({"alg": "ES256", "jwk": jwk(&own)})), Unproved::Type),
        ("no key", by(json!({"alg": "ES256", "typ": "dbsc+jwt"})), Unproved::Key),
        (
            "a key of another curve",
            by(json!({"alg": "ES256", "typ": "dbsc+jwt", "jwk": {"kty": "EC", "crv": "P-384", "x": x, "y": y}})),
            Unproved::Key,
        ),
        (
            "a shared secret as the key",
            by(json!({"alg": "ES256", "typ": "dbsc+jwt", "jwk": {"kty": "oct", "k": "AAAA"}})),
            Unproved::Key,
        ),
        (
            "RSA of 1024 bits",
            by(json!({"alg": "RS256", "typ": "dbsc+jwt", "jwk": {"kty": "RSA", "n": base64url(&[0xff; 128]), "e": "AQAB"}})),
            Unproved::Key,
        ),
        ("another's key", by(json!({"alg": "ES256", "typ": "dbsc+jwt", "jwk": jwk(&other)})), Unproved::Signature),
        ("altered", String::from_utf8(bent).unwrap(), Unproved::Signature),
        ("the challenge of another host", registration(&own, &elsewhere), Unproved::Challenge),
        ("the challenge of another session", registration(&own, &another), Unproved::Challenge),
        ("the challenge of a renewal", registration(&own, &refresh), Unproved::Challenge),
        ("a challenge of one's own", registration(&own, "abc"), Unproved::Challenge),
    ] {
        assert_eq!(devices.proved(proof.as_bytes(), "portal").map(drop), Err(expected), "{what}");
    }
}

#[tokio::test]
async fn a_renewal_is_proved_by_the_kept_key_and_a_challenge_of_this_device() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    let (own, other) = (key(), key());
    let kept = devices.proved(registration(&own, &devices.challenge(here())).as_bytes(), "portal").unwrap().0;
    let device = devices.add("portal", kept.clone()).await.unwrap();
    let second = devices.add("portal", kept).await.unwrap();
    let challenge = devices.challenge(ChallengePurpose::Refresh(device.id()));
    assert!(!device.binds());
    for (proof, expected) in [
        (proof(&other, &challenge), Unproved::Signature),
        // A key that a proof brings with it is not the one that was kept.
        (registration(&other, &challenge), Unproved::Signature),
        (proof(&own, &devices.challenge(ChallengePurpose::Refresh(second.id()))), Unproved::Challenge),
        (proof(&own, &devices.challenge(here())), Unproved::Challenge),
    ] {
        assert_eq!(devices.refresh(&device, proof.as_bytes()), Err(expected));
        assert!(!device.binds() && device.refreshed().is_none());
    }
    assert_eq!(devices.refresh(&device, proof(&own, &challenge).as_bytes()), Ok(()));
    assert!(device.binds() && device.refreshed().is_some());
}

#[tokio::test]
async fn a_key_of_rsa_is_kept_and_proves_with_rs256_alone() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key();
    let (n, e) = (public.modulus().big_endian_without_leading_zero(), public.exponent().big_endian_without_leading_zero());
    let jwk = json!({"kty": "RSA", "n": base64url(n), "e": base64url(e)});
    let text = |value: Value| base64url(value.to_string().as_bytes());
    let sign = |header: Value, challenge: &str| {
        let signed = format!("{}.{}", text(header), text(json!({"jti": challenge})));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", base64url(&signature))
    };
    let head = json!({"alg": "RS256", "typ": "dbsc+jwt", "jwk": jwk});
    let kept = devices.proved(sign(head.clone(), &devices.challenge(here())).as_bytes(), "portal").unwrap().0;
    let device = devices.add("portal", kept).await.unwrap();
    let challenge = devices.challenge(ChallengePurpose::Refresh(device.id()));
    let by_another = proof(&key(), &challenge);
    assert_eq!(devices.refresh(&device, by_another.as_bytes()), Err(Unproved::Algorithm));
    assert_eq!(devices.refresh(&device, sign(json!({"alg": "RS256", "typ": "dbsc+jwt"}), &challenge).as_bytes()), Ok(()));
}

#[tokio::test]
async fn a_challenge_stays_the_same_for_minutes_and_is_good_for_half_an_hour() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    // To the beginning of a stretch of five minutes.
    let into = u64::try_from(test.clock.now().seconds().rem_euclid(300)).unwrap();
    test.clock.advance(Duration::from_secs(300 - into));
    let first = devices.challenge(here());
    test.clock.advance(Duration::from_secs(299));
    assert_eq!(devices.challenge(here()), first);
    test.clock.advance(Duration::from_secs(1));
    assert_ne!(devices.challenge(here()), first);
    let own = key();
    let proof = registration(&own, &first);
    test.clock.advance(Duration::from_secs(30 * 60 - 1));
    assert!(devices.proved(proof.as_bytes(), "portal").is_ok());
    test.clock.advance(Duration::from_secs(1));
    assert_eq!(devices.proved(proof.as_bytes(), "portal"), Err(Unproved::Challenge));
}

#[tokio::test]
async fn the_cookie_of_a_device_is_its_own_and_ends() {
    let test = TestCore::open().await;
    let devices = test.core.devices();
    let kept = devices.proved(registration(&key(), &devices.challenge(here())).as_bytes(), "portal").unwrap().0;
    let (one, other) = (devices.add("portal", kept.clone()).await.unwrap(), devices.add("wiki", kept).await.unwrap());
    let cookie = devices.cookie(&one, Duration::from_secs(600));
    assert_eq!(cookie.len(), 75);
    let bent = cookie.replace(&cookie[..1], if cookie.starts_with('_') { "-" } else { "_" });
    for wrong in ["", "x", &cookie[1..], &format!("{cookie}A"), &"A".repeat(75), &bent, &"é".repeat(40)] {
        assert!(devices.shown("portal", wrong).is_none(), "{wrong}");
    }
    assert!(devices.shown("wiki", &cookie).is_none(), "another host");
    assert!(!devices.is_shown(&other, Some(&cookie)) && !devices.is_shown(&one, None));
    assert!(!one.binds(), "what is not shown does not bind yet");
    assert_eq!(devices.shown("portal", &cookie), Some(one.clone()));
    assert!(one.binds() && !other.binds());
    test.clock.advance(Duration::from_secs(599));
    assert!(devices.is_shown(&one, Some(&cookie)));
    test.clock.advance(Duration::from_secs(1));
    assert!(!devices.is_shown(&one, Some(&cookie)));
}

#[tokio::test]
async fn what_was_shown_is_written_down_and_what_nothing_is_bound_to_is_forgotten() {
    let test = TestCore::open().await;
    let kept =
        test.core.devices().proved(registration(&key(), &test.core.devices().challenge(here())).as_bytes(), "portal").unwrap().0;
    let device = test.core.devices().add("portal", kept).await.unwrap();
    let cookie = test.core.devices().cookie(&device, Duration::from_secs(600));
    assert!(test.core.devices().is_shown(&device, Some(&cookie)));
    test.core.devices().flush().await.unwrap();
    let id = device.id();
    let test = test.crash_and_restart().await;
    assert!(test.core.devices().find(id).unwrap().binds());
    assert!(test.core.devices().is_shown(&device, Some(&cookie)), "its cookie is good after a restart");
    test.core.devices().sweep().await.unwrap();
    assert!(test.core.devices().find(id).is_some(), "made a moment ago");
    test.clock.advance(Duration::from_secs(3601));
    test.core.devices().sweep().await.unwrap();
    assert!(test.core.devices().find(id).is_none());
}

#[test]
fn cookies_live_longer_the_more_there_are_of_a_session() {
    assert_eq!([1, 3, 4, MOST, 100].map(|count| life(count).as_secs() / 60), [10, 10, 12, 27, 27]);
    assert!(life(0).as_secs() >= 300, "shorter ones use up what a browser signs");
    // Six signatures in nine minutes are a browser's limit for one site, and it renews two minutes before the end.
    for count in 1..=MOST {
        let renewals = 9.0 * count as f64 / (life(count).as_secs() as f64 / 60.0 - 2.0);
        assert!(renewals <= 4.0, "{count} devices are renewed {renewals} times in nine minutes");
    }
}

#[test]
fn an_id_begins_with_a_letter_and_is_read_back() {
    let id = DeviceId([0xfb; 16]);
    assert!(
        id.text().starts_with("sekisho-") && id.text().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    assert_eq!(DeviceId::parse(&id.text()), Some(id));
    for wrong in ["", "sekisho-", "abc", &id.text()[1..], "sekisho-AAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(DeviceId::parse(wrong), None, "{wrong}");
    }
}
