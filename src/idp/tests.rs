//! What a token must say.

use serde_json::{Value, json};

use super::claims::Claims;
use super::id_token;
use super::provider::IdentityProvider;
use super::settings::ProviderSettings;
use super::testing::TestProvider;
use crate::clock::Timestamp;
use crate::core::testing::TestCore;

const NOW: i64 = 1_800_000_000;

async fn settings() -> (TestCore, std::sync::Arc<IdentityProvider>) {
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let core = TestCore::with(&provider.table(folder.path(), "")).await;
    let found = core.core.idp().find("corp").unwrap();
    (core, found)
}

fn judged(settings: &ProviderSettings, change: impl FnOnce(&mut Value)) -> bool {
    let mut claims = json!({ "iss": settings.section().issuer, "aud": "sekisho", "iat": NOW, "exp": NOW + 300 });
    change(&mut claims);
    id_token::for_us(settings, &Claims(claims.as_object().unwrap().clone()), Timestamp::from_seconds(NOW)).is_ok()
}

#[tokio::test]
async fn a_claim_of_the_wrong_type_is_not_an_absent_one_t30() {
    let (_core, provider) = settings().await;
    let settings = provider.settings();
    assert!(judged(settings, |_| {}));
    for (name, value) in [
        ("azp", json!(7)),
        ("azp", json!(["sekisho"])),
        ("aud", json!([7, "sekisho"])),
        ("aud", json!({ "sekisho": true })),
        ("exp", json!("2000000000")),
        ("exp", json!(true)),
        ("iat", json!("1800000000")),
        ("nbf", json!("soon")),
        ("iss", json!([settings.section().issuer])),
    ] {
        assert!(!judged(settings, |claims| claims[name] = value.clone()), "{name} = {value}");
    }
}

#[tokio::test]
async fn times_count_with_a_minute_of_tolerance_and_fractions_are_times() {
    let (_core, provider) = settings().await;
    let settings = provider.settings();
    for (name, value, good) in [
        ("exp", json!(NOW - 59), true),
        ("exp", json!(NOW - 60), false),
        ("exp", json!(f64::from(1_800_000_300) + 0.5), true),
        ("iat", json!(NOW + 60), true),
        ("iat", json!(NOW + 61), false),
        ("nbf", json!(NOW + 61), false),
        ("aud", json!(["other", "sekisho"]), true),
        ("aud", json!([]), false),
    ] {
        assert_eq!(judged(settings, |claims| claims[name] = value.clone()), good, "{name} = {value}");
    }
}

#[test]
fn a_fresh_sign_in_is_later_than_the_request_and_an_unknown_time_proves_none() {
    let started = Timestamp::from_seconds(NOW);
    assert!(id_token::fresh(Some(Timestamp::from_seconds(NOW + 5)), started).is_ok());
    assert!(id_token::fresh(Some(Timestamp::from_seconds(NOW - 60)), started).is_ok(), "clocks differ");
    assert!(id_token::fresh(Some(Timestamp::from_seconds(NOW - 61)), started).is_err());
    assert!(id_token::fresh(None, started).is_err());
}

#[tokio::test]
async fn a_secret_that_others_may_read_is_refused_and_debug_shows_none() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let table = provider.table(folder.path(), "");
    let config = crate::core::testing::config(folder.path(), &table);
    let read = ProviderSettings::read(0, &config.file.idp[0], "https://auth.example.com").unwrap();
    assert!(!format!("{read:?}").contains("a secret"));
    std::fs::set_permissions(folder.path().join("idp.secret"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let complaint = ProviderSettings::read(0, &config.file.idp[0], "https://auth.example.com").unwrap_err();
    assert_eq!(complaint.path, "idp[0].client_secret_file");
    assert!(complaint.message.contains("others may read"), "{}", complaint.message);
}

#[tokio::test]
async fn requests_that_are_repeated_take_moments_of_their_own() {
    let (core, provider) = settings().await;
    let seconds = || provider.next_retry().map(|after| after.as_secs());
    assert_eq!([seconds(), seconds(), seconds()], [Some(2), Some(4), Some(6)]);
    core.clock.advance(std::time::Duration::from_secs(3));
    assert_eq!([seconds(), seconds(), seconds(), seconds()], [Some(5), Some(7), Some(9), None], "nobody is kept for longer");
    core.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(seconds(), Some(2));
}

#[tokio::test]
async fn what_a_provider_said_outlives_a_restart_while_it_is_down_for_a_week_and_for_its_issuer_alone() {
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let at = TestCore::with(&provider.table(folder.path(), "")).await;
    at.core.idp_turn().await;
    provider.is_down(true);
    let at = at.crash_and_restart().await;
    let corp = || at.core.idp().find("corp").unwrap();
    let asked = provider.asked("/jwks");
    let token = provider.sign(&json!({ "sub": "somebody" }));
    assert!(corp().verified(&token).await.is_ok(), "the keys that were kept verify");
    assert_eq!((corp().state().keys, provider.asked("/jwks")), (1, asked), "and nothing was asked for it");
    at.clock.advance(std::time::Duration::from_secs(1));
    at.core.idp_turn().await;
    let state = corp().state();
    assert!(state.known_since.is_some() && state.trouble.is_some(), "{state:?}");
    // Another issuer under the same name learns nothing of it.
    let kept = &at.core.idp().kept;
    let now = at.core.clock().now();
    assert!(kept.of("corp", &provider.issuer(), now).await.unwrap().is_some());
    assert!(kept.of("corp", "https://localhost", now).await.unwrap().is_none());
    assert!(kept.of("other", &provider.issuer(), now).await.unwrap().is_none());
    // A week later they prove nothing any more.
    at.clock.advance(std::time::Duration::from_secs(7 * 86_400));
    assert!(corp().verified(&token).await.is_err());
    let at = at.crash_and_restart().await;
    assert!(at.core.idp().find("corp").unwrap().verified(&token).await.is_err());
    provider.is_down(false);
    at.clock.advance(std::time::Duration::from_secs(60));
    at.core.idp_turn().await;
    assert!(at.core.idp().find("corp").unwrap().verified(&token).await.is_ok());
}

#[tokio::test]
async fn a_provider_is_looked_at_more_often_while_people_are_shown_the_way_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let at = TestCore::with(&provider.table(folder.path(), "")).await;
    let corp = at.core.idp().find("corp").unwrap();
    at.core.idp_turn().await;
    let seconds = std::time::Duration::from_secs;
    provider.is_down(true);
    at.clock.advance(seconds(60));
    at.core.idp_turn().await;
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 1, "nobody looks at it");
    assert!(!corp.shown());
    at.core.idp_turn().await;
    assert!(corp.shown(), "it does not answer, and the next page says so");
    assert!(corp.verified(&provider.sign(&json!({}))).await.is_ok(), "what is known of it is used");
    for _turn in 0..5 {
        at.core.idp_turn().await;
    }
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 2, "no more often than every ten seconds");
    provider.is_down(false);
    at.clock.advance(seconds(10));
    at.core.idp_turn().await;
    assert!(!corp.shown());
}
