//! Days that are entered: whole days in the zone of the config, the last moment included.

use std::time::Duration;

use aws_lc_rs::digest;
use hyper::Method;
use jiff::tz::TimeZone;
use sekisho::account::tokens::{Scope, Scopes};
use sekisho::clock::{Clock as _, Timestamp};
use serde_json::{Value, json};

use crate::support::{Browser, World};

const BY_CERTIFICATE: &str =
    "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\nmode = \"off\"\n";

/// What the API answers to somebody who may manage certificates.
async fn call_api(world: &World, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let core = world.server.core();
    let ends = world.clock.now().plus(Duration::from_secs(3600));
    let (_, token) = core.tokens().issue("days", Scopes::of(&[Scope::Certificates]), None, ends).await.unwrap();
    let browser = world.browser().with_header("authorization", &format!("Bearer {token}"));
    let mut browser = browser.with_header("accept", "application/json").with_header("content-type", "application/json");
    let answer = browser.send(method, &world.url("auth", &format!("/api/v1{path}")), Some(&body.to_string())).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}")))
}

/// The next day on which the clocks of a zone are changed, and its first and its last millisecond.
fn next_change(world: &World, zone: &TimeZone) -> (String, i64, i64) {
    let now = jiff::Timestamp::from_millisecond(world.clock.now().millis()).unwrap();
    // Never the running day: there is to be a moment before it.
    let after = now + jiff::SignedDuration::from_hours(48);
    let day = zone.following(after).next().unwrap().timestamp().to_zoned(zone.clone()).date();
    let begins = |day: jiff::civil::Date| day.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond();
    (day.to_string(), begins(day), begins(day.tomorrow().unwrap()) - 1)
}

/// Moves the clock to a moment that is to come.
fn at(world: &World, millis: i64) {
    world.clock.advance(Duration::from_millis((millis - world.clock.now().millis()).try_into().unwrap()));
    assert_eq!(world.clock.now(), Timestamp::from_millis(millis));
}

#[tokio::test]
async fn a_certificate_counts_for_the_whole_of_its_days_r_224_a_26() {
    for name in ["America/New_York", "Europe/Berlin"] {
        let zone = TimeZone::get(name).unwrap();
        let world = World::with(&[("vault", BY_CERTIFICATE)], &format!("[time]\nzone = \"{name}\"\n")).await;
        world.person("alice").await;
        let (chain, key) = world.authority.client("alice");
        let hash = digest::digest(&digest::SHA256, &chain[0]);
        let fingerprint: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut browser = Browser::new(world.authority.der(), Some((chain, key))).with_header("accept", "application/json");
        let vault = world.url("vault", "/");

        let (day, first, last) = next_change(&world, &zone);
        assert_ne!(last + 1 - first, 86_400_000, "a day of 23 or 25 hours");
        let dates = json!({ "certificate": fingerprint, "user": "alice", "valid_from": day, "valid_until": day });
        let (status, got) = call_api(&world, Method::POST, "/certificates", &dates).await;
        assert_eq!(status, 200, "{got}");
        let text = |key: &str| got[key].as_str().unwrap().to_owned();
        let (from, until) = (text("valid_from"), text("valid_until"));
        assert!(from.starts_with(&format!("{day}T00:00:00")) && until.starts_with(&format!("{day}T23:59:59.999")), "{got}");
        assert_ne!(from[19..], until[23..], "the offsets of summer and winter: {got}");

        at(&world, first - 1);
        assert_eq!(browser.send(Method::GET, &vault, None).await.code(), "certificate_not_yet_valid");
        at(&world, first);
        assert_eq!(browser.send(Method::GET, &vault, None).await.status, 200, "from the first moment of the day");
        at(&world, last);
        assert_eq!(browser.send(Method::GET, &vault, None).await.status, 200, "to its last");
        at(&world, last + 1);
        assert_eq!(browser.send(Method::GET, &vault, None).await.code(), "certificate_expired");

        // Edited, by a moment: that very moment is the last.
        let edit = json!({ "valid_until": Timestamp::from_millis(last + 5000).rfc3339() });
        let (status, got) = call_api(&world, Method::PUT, &format!("/certificates/{fingerprint}"), &edit).await;
        assert_eq!(status, 200, "{got}");
        at(&world, last + 5000);
        assert_eq!(browser.send(Method::GET, &vault, None).await.status, 200);
        at(&world, last + 5001);
        assert_eq!(browser.send(Method::GET, &vault, None).await.code(), "certificate_expired");
        // And by what is shown of a day, which is that day again.
        let again = json!({ "valid_from": from, "valid_until": until });
        let (_, same) = call_api(&world, Method::PUT, &format!("/certificates/{fingerprint}"), &again).await;
        assert_eq!((&same["valid_from"], &same["valid_until"]), (&from.into(), &until.into()));
    }
}
