//! The API by an administrator's own session: as strong, as fresh and as much from our own pages as the pages would be.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};

use crate::portal::testing::{Browser, Gate, ORIGIN};
use crate::principal::user::GroupName;

async fn acts(browser: &mut Browser, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = Request::post("/api/v1/users").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = browser.send(request, Body::from(r#"{"user":"bob"}"#)).await;
    (answer.status, answer.body)
}

async fn make_administrator(gate: &Gate) {
    let group = GroupName::parse("administrators").unwrap();
    gate.at.core.groups().add(group.clone(), None).await.unwrap();
    gate.at.core.users().set_groups(gate.alice.id(), vec![group]).await.unwrap();
}

#[tokio::test]
async fn an_administrators_session_acts_from_our_own_pages_alone() {
    let gate = Gate::open().await;
    make_administrator(&gate).await;
    let mut browser = gate.signed_in().await;
    let (status, body) = acts(&mut browser, &[("origin", "https://evil.example.com")]).await;
    assert_eq!((status, body.contains("foreign_origin")), (StatusCode::FORBIDDEN, true), "{body}");
    assert_eq!(acts(&mut browser, &[]).await.0, StatusCode::FORBIDDEN);
    let (status, body) = acts(&mut browser, &[("origin", ORIGIN)]).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(gate.at.core.users().list().iter().any(|user| user.id().as_str() == "bob"));
}

#[tokio::test]
async fn a_session_that_grew_old_still_reads_and_no_longer_changes() {
    let gate = Gate::open().await;
    make_administrator(&gate).await;
    let mut browser = gate.signed_in().await;
    gate.at.clock.advance(Duration::from_secs(11 * 60));
    assert_eq!(browser.get("/api/v1/users").await.status, StatusCode::OK);
    let (status, body) = acts(&mut browser, &[("origin", ORIGIN)]).await;
    assert_eq!((status, body.contains("sign_in_too_old")), (StatusCode::UNAUTHORIZED, true), "{body}");
}

#[tokio::test]
async fn who_is_no_administrator_reads_nothing() {
    let gate = Gate::open().await;
    let mut browser = gate.signed_in().await;
    let answer = browser.get("/api/v1/users").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    make_administrator(&gate).await;
    assert_eq!(browser.get("/api/v1/users").await.status, StatusCode::OK);
    gate.at.core.suspend_user(gate.alice.id()).await.unwrap();
    assert_eq!(browser.get("/api/v1/users").await.status, StatusCode::UNAUTHORIZED);
}
