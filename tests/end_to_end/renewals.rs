//! Renewals of the cookies that browsers get for their keys, and what ends them.

use crate::devices::{BOUND, Bound, SESSION, load};

#[tokio::test]
async fn a_renewal_is_answered_by_nothing_that_ends_it_by_mistake() {
    let mut it = Bound::new().await;
    let world = &it.world;
    // No proof, somebody else's proof, a proof of another challenge, twice a proof: 403 and the challenge, and no cookie.
    let good = it.wiki.proof(&it.wiki.challenge, false);
    let other = it.portal.proof(&it.wiki.challenge, false);
    let foreign = it.wiki.proof(&it.portal.challenge, false);
    for proof in [None, Some(other.as_str()), Some(&foreign), Some("x"), Some(&"A".repeat(9000))] {
        let answer = it.wiki.refresh_with(world, &mut it.browser, proof).await;
        assert_eq!(answer.status, 403, "{proof:?}");
        assert!(answer.header("secure-session-challenge").is_some() && answer.header("set-cookie").is_none(), "{answer:?}");
    }
    let id = it.wiki.id.clone();
    let twice = [("sec-secure-session-id", id.as_str()), ("secure-session-response", &good), ("secure-session-response", &good)];
    assert_eq!(it.wiki.post(world, &mut it.browser, "/.sekisho/device/refresh", &twice).await.status, 403);
    let quoted = (format!("\"{id}\""), format!("\"{good}\""));
    let fields = [("sec-secure-session-id", quoted.0.as_str()), ("secure-session-response", &quoted.1)];
    assert_eq!(it.wiki.post(world, &mut it.browser, "/.sekisho/device/refresh", &fields).await.status, 200, "in quotes");
    // Only what a browser itself sends is a renewal (D19).
    let answer = it.wiki.post(world, &mut it.browser, "/.sekisho/device/refresh", &[("secure-session-response", &good)]).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "no_device_named"));
    assert!(answer.header("set-cookie").is_none());
    // The device of another host, one that nobody has, no id at all: over, and said so with 200.
    let portal = it.portal.id.clone();
    for id in [portal.as_str(), "sekisho-AAAAAAAAAAAAAAAAAAAAAA", "x", "\"\u{e9}\""] {
        let answer = it.wiki.post(world, &mut it.browser, "/.sekisho/device/refresh", &[("sec-secure-session-id", id)]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"continue":false}"#), "{id}");
    }
}

#[tokio::test]
async fn a_proof_is_good_again_while_its_challenge_is_and_not_after_it() {
    let mut it = Bound::new().await;
    let proof = it.wiki.proof(&it.wiki.challenge.clone(), false);
    for _ in 0..2 {
        // Browsers send the proof of one challenge again (D17).
        assert_eq!(it.wiki.refresh_with(&it.world, &mut it.browser, Some(&proof)).await.status, 200);
    }
    it.world.advance(35 * 60);
    let answer = it.wiki.refresh_with(&it.world, &mut it.browser, Some(&proof)).await;
    assert_eq!(answer.status, 403, "replayed too late");
    assert!(answer.header("set-cookie").is_none());
    assert_eq!(it.wiki.refresh(&it.world, &mut it.browser).await.status, 200, "and the key itself renews");
    assert_eq!(load(&mut it.browser, &it.world.url("wiki", "/page")).await.0.status, 200);
}

#[tokio::test]
async fn what_ends_the_session_ends_its_keys() {
    let mut it = Bound::new().await;
    let core = it.world.server.core();
    let session = core.sessions().of_user(&it.alice.user)[0].id();
    core.sessions().revoke(session).await.unwrap();
    for (device, host) in [(&mut it.portal, "auth.test"), (&mut it.wiki, "wiki.test")] {
        let answer = device.refresh(&it.world, &mut it.browser).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"continue":false}"#));
        assert_eq!(it.browser.cookie(host, BOUND), None, "its cookie is taken away");
    }
}

#[tokio::test]
async fn a_sign_out_ends_the_session_and_then_the_key() {
    let mut it = Bound::new().await;
    let answer = it.browser.post(&it.world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("clear-site-data").is_none(), "what else the browser keeps of this host stays");
    assert_eq!((it.browser.cookie("auth.test", BOUND), it.browser.cookie("auth.test", SESSION)), (None, None));
    let answer = it.portal.refresh(&it.world, &mut it.browser).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"continue":false}"#));
    let answer = it.wiki.refresh(&it.world, &mut it.browser).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"continue":false}"#), "at the app, too");
}

#[tokio::test]
async fn a_disabled_user_keeps_no_key() {
    let mut it = Bound::new().await;
    it.world.server.core().users().set_enabled(&it.alice.user, false).await.unwrap();
    let answer = it.wiki.refresh(&it.world, &mut it.browser).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"continue":false}"#));
}
