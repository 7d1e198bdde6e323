//! Approvals that apps ask for by themselves over CIBA.

mod pings;

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::approval::testing::PORTAL;
use crate::clock::{Clock as _, Timestamp};
use crate::portal::tests::apps::{GRANT, World, digest, oidc, send, token};
use crate::random::base64url;

#[tokio::test]
async fn ciba_gives_tokens_that_verify_with_the_published_keys() {
    let world = World::open().await;
    let found = world.gate.browser().get("/.well-known/openid-configuration").await;
    let found: Value = serde_json::from_str(&found.body).unwrap();
    assert_eq!(found["issuer"], PORTAL);
    assert_eq!(found["backchannel_authentication_endpoint"], format!("{PORTAL}/oidc/bc-authorize"));
    assert_eq!(found["backchannel_token_delivery_modes_supported"], json!(["poll", "ping"]));
    assert_eq!((&found["grant_types_supported"], &found["scopes_supported"]), (&json!([GRANT]), &json!(["openid"])));

    let id = world.begun().await;
    assert_eq!(
        serde_json::from_str::<Value>(&world.question().await.shown).unwrap()["details"]["sentence"]["en"],
        "Pay 100 to Bob"
    );
    world.poll(&id).await.is(400, "authorization_pending");
    world.answers("approve").await;
    let said = world.poll(&id).await;
    assert_eq!((said.status, &said.body["token_type"]), (StatusCode::OK, &json!("Bearer")), "{said:?}");
    assert_eq!(
        (&said.headers["cache-control"], &said.headers["pragma"]),
        (&"no-store".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    let claims = world.verified("JWT", said.body["id_token"].as_str().unwrap()).await;
    assert_eq!((&claims["sub"], &claims["urn:openid:params:jwt:claim:auth_req_id"]), (&json!("alice"), &json!(id)));
    assert_eq!((&claims["auth_time"], &claims["amr"]), (&json!(world.gate.at.clock.now().seconds()), &json!(["swk"])));
    let access = said.body["access_token"].as_str().unwrap();
    assert_eq!(claims["at_hash"], base64url(&digest(access)[..16]));
    let stated = world.verified("sekisho-approval+jwt", said.body["approval"].as_str().unwrap()).await;
    assert_eq!(stated["shown_digest"], claims["urn:sekisho:claim:shown_digest"]);
    // The access token opens nothing, and the request is used up.
    world.api(access, "GET", "/approvals", Value::Null).await.is_problem(401, "invalid_token");
    world.poll(&id).await.is(400, "invalid_grant");

    // Who it was may be said by the token from then on, by the app that it was made for, as long after as it likes.
    let token = said.body["id_token"].as_str().unwrap();
    world.gate.at.clock.advance(Duration::from_secs(1800));
    let fields = [("scope", "openid"), ("id_token_hint", token), ("binding_message", "again")];
    assert_eq!(world.bc_authorize(&fields).await.status, StatusCode::OK);
    world.oidc(("shop", &world.shop), "/oidc/bc-authorize", &fields).await.is(400, "invalid_request");
    let other = if token.as_bytes()[token.len() - 6] == b'A' { 'B' } else { 'A' };
    let bent = format!("{}{other}{}", &token[..token.len() - 6], &token[token.len() - 5..]);
    let fields = [("scope", "openid"), ("id_token_hint", bent.as_str())];
    world.bc_authorize(&fields).await.is(400, "invalid_request");
}

#[tokio::test]
async fn an_app_that_looks_too_often_is_slowed_down_and_loses_nothing() {
    let world = World::open().await;
    let id = world.begun().await;
    world.poll(&id).await.is(400, "authorization_pending");
    world.gate.at.clock.advance(Duration::from_secs(4));
    world.poll(&id).await.is(400, "slow_down");
    // Five seconds more from now on.
    world.gate.at.clock.advance(Duration::from_secs(9));
    world.poll(&id).await.is(400, "slow_down");
    world.gate.at.clock.advance(Duration::from_secs(15));
    world.poll(&id).await.is(400, "authorization_pending");
    world.answers("approve").await;
    assert_eq!(world.poll(&id).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_who_exchange_one_approval_one_gets_the_tokens() {
    let world = World::open().await;
    let id = world.begun().await;
    world.answers("approve").await;
    let mut all = JoinSet::new();
    for _ in 0..100 {
        let (mut browser, bank, id) = (world.gate.browser(), world.bank.clone(), id.clone());
        all.spawn(async move {
            let fields = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
            let said = oidc(&mut browser, ("bank", &bank), "/oidc/token", &fields).await;
            (said.status.as_u16(), said.body["error"].as_str().map(str::to_owned))
        });
    }
    let mut reply: BTreeMap<(u16, Option<String>), usize> = BTreeMap::new();
    while let Some(one) = all.join_next().await {
        *reply.entry(one.unwrap()).or_default() += 1;
    }
    assert_eq!(reply, BTreeMap::from([((200, None), 1), ((400, Some("invalid_grant".to_owned())), 99)]));
}

#[tokio::test]
async fn only_the_very_client_gets_in_and_says_its_secret_once() {
    let world = World::open().await;
    let id = world.begun().await;
    let fields = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
    let cut = &world.bank[..world.bank.len() - 1];
    for client in [("shop", world.bank.as_str()), ("bank", &world.shop), ("bank", cut), ("bank", ""), ("", &world.bank)] {
        let said = world.oidc(client, "/oidc/token", &fields).await;
        said.is(401, "invalid_client");
        assert!(said.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let pairs = |more: &[(&str, &str)]| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter().chain(more)).finish()
    };
    let mut browser = world.gate.browser();
    let in_form = [("client_id", "bank"), ("client_secret", world.bank.as_str())];
    send(&mut browser, "POST", "/oidc/token", &form, pairs(&in_form)).await.is(400, "authorization_pending");
    send(&mut browser, "POST", "/oidc/token", &form, pairs(&[])).await.is(401, "invalid_client");
    let other = [("client_id", "shop"), ("client_secret", world.bank.as_str())];
    send(&mut browser, "POST", "/oidc/token", &form, pairs(&other)).await.is(401, "invalid_client");
    let twice = [fields.as_slice(), &[("client_secret", world.bank.as_str())]].concat();
    world.oidc(("bank", &world.bank), "/oidc/token", &twice).await.is(400, "invalid_request");
    let other = [fields.as_slice(), &[("client_id", "shop")]].concat();
    world.oidc(("bank", &world.bank), "/oidc/token", &other).await.is(400, "invalid_request");
    let repeated = [fields.as_slice(), &[("auth_req_id", "x")]].concat();
    world.oidc(("bank", &world.bank), "/oidc/token", &repeated).await.is(400, "invalid_request");
    let json = [("content-type", "application/json")];
    send(&mut browser, "POST", "/oidc/token", &json, "{}".to_owned()).await.is(400, "invalid_request");

    // Revoked, asleep with its owner, from another network, or with an app that may not ask any more: nothing.
    let owned = world.gate.at.core.tokens().issue_for_app(
        "o",
        "bank",
        Some(world.gate.alice.id().clone()),
        Timestamp::from_seconds(1_900_000_000),
    );
    let (_, owned) = owned.await.unwrap();
    world.oidc(("bank", &owned), "/oidc/token", &fields).await.is(400, "slow_down");
    world.gate.at.core.suspend_user(world.gate.alice.id()).await.unwrap();
    world.oidc(("bank", &owned), "/oidc/token", &fields).await.is(401, "invalid_client");
    let stranger = token(&world.gate, "wiki").await;
    world.oidc(("wiki", &stranger), "/oidc/token", &fields).await.is(400, "unauthorized_client");
    world.api(&stranger, "GET", "/approvals", Value::Null).await.is_problem(403, "approvals_not_offered");
    browser.address = [198, 51, 100, 1].into();
    oidc(&mut browser, ("shop", &world.shop), "/oidc/token", &fields).await.is(403, "access_denied");
    let listed = world.gate.at.core.tokens().list();
    let of_bank = listed.iter().find(|token| token.label == "bank").unwrap();
    assert_eq!(of_bank.app.as_deref(), Some("bank"));
    world.gate.at.core.tokens().revoke(&of_bank.id).await.unwrap();
    world.poll(&id).await.is(401, "invalid_client");
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_the_words_of_the_specification() {
    let world = World::open().await;
    let long = "字".repeat(201);
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("login_hint", "alice")], "invalid_scope"),
        (&[("scope", "profile"), ("login_hint", "alice")], "invalid_scope"),
        (&[("scope", "openid")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("id_token_hint", "x")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint_token", "x")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("request", "x.y.z")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("requested_expiry", "soon")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("requested_expiry", "0")], "invalid_request"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("user_code", "1234")], "invalid_user_code"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("binding_message", &long)], "invalid_binding_message"),
        (&[("scope", "openid"), ("login_hint", "alice"), ("binding_message", "")], "invalid_binding_message"),
        (&[("scope", "openid"), ("login_hint", "no name!")], "unknown_user_id"),
    ];
    for (fields, error) in cases {
        world.bc_authorize(fields).await.is(400, error);
    }
    let id = base64url(&[7; 32]);
    for (fields, error) in [
        (vec![("auth_req_id", id.as_str())], "invalid_request"),
        (vec![("grant_type", "authorization_code"), ("code", "x")], "unsupported_grant_type"),
        (vec![("grant_type", GRANT)], "invalid_request"),
        (vec![("grant_type", GRANT), ("auth_req_id", "../x")], "invalid_grant"),
    ] {
        world.oidc(("bank", &world.bank), "/oidc/token", &fields).await.is(400, error);
    }
    for (body, code) in [
        (json!({ "binding_message": "x" }), "invalid_input"),
        (json!({ "login_hint": "alice" }), "invalid_input"),
        (json!({ "login_hint": "alice", "binding_message": "x", "colour": 1 }), "invalid_input"),
        (json!({ "login_hint": "alice", "binding_message": long }), "invalid_binding_message"),
        (json!({ "login_hint": "alice", "title": { "ja": "振込" } }), "invalid_input"),
        (json!({ "login_hint": "alice", "title": { "en": "x", "tlh": "y" } }), "invalid_input"),
        (json!({ "login_hint": "a b", "title": "x" }), "unknown_user_id"),
    ] {
        world.api(&world.bank, "POST", "/approvals", body).await.is_problem(400, code);
    }
    assert!(world.gate.at.core.approvals().open_of(world.gate.alice.id()).await.unwrap().is_empty(), "nothing was asked");
    // What a client says nothing of is whether it is they.
    assert_eq!(world.bc_authorize(&[("scope", "openid"), ("login_hint", "alice")]).await.status, StatusCode::OK);
    let shown: Value = serde_json::from_str(&world.question().await.shown).unwrap();
    assert_eq!(shown["details"]["title"]["en"], "Is it you?");
}
