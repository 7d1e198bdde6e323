//! Approvals that apps ask for by themselves over our own API, with a phone that answers.

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::account::tokens::{Scope, Scopes};
use crate::approval::question::{Question, State};
use crate::approval::signed;
use crate::approval::testing::{PORTAL, Phone};
use crate::clock::{Clock as _, Timestamp};
use crate::portal::testing::{Browser, router};
use crate::portal::tests::apps::{GRANT, World, digest, oidc, send};
use crate::random::base64url;

#[tokio::test]
async fn an_app_asks_and_can_verify_what_the_phone_showed_and_signed() {
    let world = World::open().await;
    let request = json!({
        "login_hint": "Alice", "title": { "en": "Transfer", "ja": "振込" }, "binding_message": "Invoice 7\u{202e}",
        "fields": [{ "label": { "en": "Payee", "ja": "振込先" }, "value": "Bob" }, { "label": "Amount", "value": "1,000 JPY" }],
        "requested_expiry": 90,
    });
    let said = world.api(&world.bank, "POST", "/approvals", request).await;
    assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
    let id = said.body["auth_req_id"].as_str().unwrap().to_owned();
    assert_eq!(said.body, json!({ "auth_req_id": id, "expires_in": 90, "interval": 5 }));
    assert_eq!(said.headers["location"], format!("/api/v1/approvals/{id}"));
    let path = format!("/approvals/{id}");
    let pending = world.api(&world.bank, "GET", &path, Value::Null).await.body;
    assert_eq!((&pending["status"], &pending["user"], &pending["expires_in"]), (&json!("pending"), &json!("alice"), &json!(90)));

    let question = world.question().await;
    let shown: Value = serde_json::from_str(&question.shown).unwrap();
    assert_eq!((&shown["purpose"], &shown["app"], &shown["user"]), (&json!("app"), &json!("First Bank"), &json!("alice")));
    assert_eq!(shown["details"]["title"], json!({ "en": "Transfer", "ja": "振込" }));
    assert_eq!(shown["details"]["sentence"]["en"], "Invoice 7\\u{202e}");
    assert_eq!(shown["details"]["fields"][0], json!({ "label": { "en": "Payee", "ja": "振込先" }, "value": "Bob" }));
    world.answers("approve").await;

    let approved = world.api(&world.bank, "GET", &path, Value::Null).await.body;
    assert_eq!(approved["status"], "approved");
    let claims = world.verified("sekisho-approval+jwt", approved["approval"].as_str().unwrap()).await;
    assert_eq!((&claims["sub"], &claims["auth_req_id"], &claims["amr"]), (&json!("alice"), &json!(id), &json!(["swk"])));
    assert_eq!(claims["shown"], question.shown);
    assert_eq!(claims["shown_digest"], base64url(&digest(&question.shown)));
    // The phone's own signature, by its own key, over the very same text.
    let key = serde_json::from_value(claims["answer_key"].clone()).unwrap();
    assert_eq!(key, world.phone.key);
    let own: Value = signed::open(claims["answer"].as_str().unwrap(), "sekisho-answer+jwt", &key).unwrap();
    assert_eq!(
        (&own["decision"], &own["shown"], &own["approval"]),
        (&json!("approve"), &claims["shown_digest"], &claims["approval"])
    );
    // Read again it is the same statement; and what our API asked is exchanged for no tokens.
    assert_eq!(world.api(&world.bank, "GET", &path, Value::Null).await.body["approval"], approved["approval"]);
    world.poll(&id).await.is(400, "invalid_grant");
    world.api(&world.bank, "DELETE", &path, Value::Null).await.is_problem(409, "approval_closed");
}

#[tokio::test]
async fn an_app_that_waits_is_told_at_once_and_one_that_does_not_has_a_bound() {
    let world = World::open().await;
    let id = world.asked(json!({ "login_hint": "alice", "binding_message": "hello" })).await;
    let mut browser = world.gate.browser();
    let bearer = format!("Bearer {}", world.bank);
    let path = format!("/api/v1/approvals/{id}");
    let headers = [("authorization", bearer.as_str()), ("prefer", "respond-async, wait=3600")];
    let (said, ()) = tokio::join!(send(&mut browser, "GET", &path, &headers, String::new()), world.answers("approve"));
    assert_eq!((&said.body["status"], said.headers["preference-applied"].to_str().unwrap()), (&json!("approved"), "wait=60"));
    let id = world.asked(json!({ "login_hint": "alice", "binding_message": "again" })).await;
    let bounded = world.api(&world.bank, "GET", &format!("/approvals/{id}?wait=1"), Value::Null).await;
    assert_eq!(bounded.body["status"], "pending", "{bounded:?}");
    let unread = world.api(&world.bank, "GET", &format!("/approvals/{id}?wait=long"), Value::Null).await;
    unread.is_problem(400, "invalid_input");
}

#[tokio::test]
async fn denied_expired_withdrawn_and_forgotten_are_told_apart() {
    let world = World::open().await;
    let denied = world.begun().await;
    world.answers("deny").await;
    world.poll(&denied).await.is(400, "access_denied");
    world.poll(&denied).await.is(400, "access_denied");

    let expired = world.begun().await;
    world.gate.at.clock.advance(Duration::from_secs(120));
    world.poll(&expired).await.is(400, "expired_token");
    let path = format!("/approvals/{expired}");
    assert_eq!(world.api(&world.bank, "GET", &path, Value::Null).await.body["status"], "expired");
    world.api(&world.bank, "DELETE", &path, Value::Null).await.is_problem(409, "approval_closed");

    let withdrawn = world.begun().await;
    let by_app = world.api(&world.bank, "DELETE", &format!("/approvals/{withdrawn}"), Value::Null).await;
    assert_eq!((by_app.status, &by_app.body["status"]), (StatusCode::OK, &json!("cancelled")));
    world.poll(&withdrawn).await.is(400, "transaction_failed");
    assert!(world.gate.at.core.approvals().open_of(world.gate.alice.id()).await.unwrap().is_empty());

    // Three are unanswered by now: the phone is asked again when they lie back long enough.
    world.gate.at.clock.advance(Duration::from_secs(600));
    // Approved, and not fetched within the time that it is kept for the app.
    let late = world.begun().await;
    world.answers("approve").await;
    world.gate.at.clock.advance(Duration::from_secs(301));
    world.poll(&late).await.is(400, "expired_token");

    // After a restart nothing of it is there: such a request is answered as expired, and one that was never made here is not.
    let lost = world.begun().await;
    let at = world.gate.at.crash_and_restart().await;
    let mut browser = Browser { router: router(&at), cookies: BTreeMap::new(), address: [192, 0, 2, 7].into() };
    let fields = [("grant_type", GRANT), ("auth_req_id", lost.as_str())];
    oidc(&mut browser, ("bank", &world.bank), "/oidc/token", &fields).await.is(400, "expired_token");
    oidc(&mut browser, ("shop", &world.shop), "/oidc/token", &fields).await.is(400, "invalid_grant");
    let never = base64url(&[7; 32]);
    let fields = [("grant_type", GRANT), ("auth_req_id", never.as_str())];
    oidc(&mut browser, ("bank", &world.bank), "/oidc/token", &fields).await.is(400, "invalid_grant");
}

#[tokio::test]
async fn an_administrator_who_withdraws_it_ends_it_for_the_app() {
    let world = World::open().await;
    let id = world.begun().await;
    let until = Timestamp::from_seconds(1_900_000_000);
    let scopes = Scopes::of(&[Scope::Read, Scope::Sessions]);
    let (_, administrator) = world.gate.at.core.tokens().issue("operator", scopes, None, until).await.unwrap();
    let listed = world.api(&administrator, "GET", "/approvals", Value::Null).await;
    assert_eq!((&listed.body["items"][0]["purpose"], &listed.body["items"][0]["app"]), (&json!("app"), &json!("First Bank")));
    let approval = listed.body["items"][0]["approval"].as_str().unwrap();
    assert!(!listed.body.to_string().contains(&id), "the list names approvals, not requests");
    let done = world.api(&administrator, "DELETE", &format!("/approvals/{approval}"), Value::Null).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    world.poll(&id).await.is(400, "transaction_failed");
    world.api(&administrator, "POST", "/approvals", json!({ "login_hint": "alice" })).await.is_problem(401, "app_token_missing");
    world.api(&administrator, "GET", &format!("/approvals/{id}"), Value::Null).await.is_problem(401, "app_token_missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_goes_away_in_the_middle_of_a_look_loses_nothing_and_all_who_look_see_one_statement() {
    let world = World::open().await;
    let id = world.asked(json!({ "login_hint": "alice", "binding_message": "hello" })).await;
    world.answers("approve").await;
    let path = format!("/approvals/{id}");
    for patience in 0..20 {
        let look = world.api(&world.bank, "GET", &path, Value::Null);
        let _gone_or_not = tokio::time::timeout(Duration::from_micros(patience * 20), look).await;
    }
    let mut statements = Vec::new();
    for _ in 0..3 {
        let (one, other) =
            tokio::join!(world.api(&world.bank, "GET", &path, Value::Null), world.api(&world.bank, "GET", &path, Value::Null));
        statements.extend([one.body["approval"].clone(), other.body["approval"].clone()]);
    }
    assert!(statements[0].is_string() && statements.iter().all(|one| *one == statements[0]), "{statements:?}");
}

#[tokio::test]
async fn an_app_knows_nothing_of_what_another_asked() {
    let world = World::open().await;
    let id = world.begun().await;
    let path = format!("/approvals/{id}");
    for (method, path) in
        [("GET", path.as_str()), ("DELETE", path.as_str()), ("GET", "/approvals/x"), ("GET", "/approvals/%2e%2e")]
    {
        world.api(&world.shop, method, path, Value::Null).await.is_problem(404, "not_found");
    }
    let fields = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
    world.oidc(("shop", &world.shop), "/oidc/token", &fields).await.is(400, "invalid_grant");
    assert_eq!(world.api(&world.shop, "GET", "/approvals", Value::Null).await.body, json!({ "items": [] }));
    let own = world.api(&world.bank, "GET", "/approvals", Value::Null).await.body;
    assert_eq!((own["items"].as_array().unwrap().len(), &own["items"][0]["auth_req_id"]), (1, &json!(id)));
    // Nothing of that was an answer, and nothing was used up.
    world.answers("approve").await;
    world.oidc(("shop", &world.shop), "/oidc/token", &fields).await.is(400, "invalid_grant");
    assert_eq!(world.poll(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_an_app_opens_its_approvals_and_nothing_else() {
    let world = World::open().await;
    for (method, path) in [
        ("GET", "/users"),
        ("POST", "/tokens"),
        ("GET", "/audit"),
        ("GET", "/openapi.json"),
        ("PUT", "/approvals"),
        ("GET", "/nothing"),
    ] {
        world.api(&world.bank, method, path, Value::Null).await.is_problem(403, "scope_missing");
    }
    let tokens = &world.gate.at.core.tokens();
    let until = Timestamp::from_seconds(1_900_000_000);
    for scopes in [&[Scope::Approvals][..], &[Scope::Approvals, Scope::Read], &[Scope::Approvals, Scope::All]] {
        assert!(tokens.issue("no app", Scopes::of(scopes), None, until).await.is_err(), "{scopes:?}");
    }
    // A token that may do everything still does not speak for an app.
    let (_, all) = tokens.issue("all", Scopes::of(&[Scope::All]), None, until).await.unwrap();
    world
        .api(&all, "POST", "/approvals", json!({ "login_hint": "alice", "title": "x" }))
        .await
        .is_problem(401, "app_token_missing");
    world.oidc(("bank", &all), "/oidc/token", &[("grant_type", GRANT)]).await.is(401, "invalid_client");
}

#[tokio::test]
async fn nobody_of_that_name_looks_like_somebody_who_does_not_answer_unless_the_config_says_otherwise() {
    let world = World::open().await;
    world.gate.at.user("bob").await;
    let quiet = |name: &'static str| world.asked(json!({ "login_hint": name, "binding_message": "hello" }));
    // Nobody, somebody without a phone, and Alice.
    let ids = [quiet("mallory").await, quiet("bob").await, quiet("alice").await];
    let mut seen = Vec::new();
    for id in &ids {
        let mut said = world.api(&world.bank, "GET", &format!("/approvals/{id}"), Value::Null).await.body;
        let fields = said.as_object_mut().unwrap();
        fields.remove("auth_req_id");
        fields.remove("user");
        seen.push(said);
    }
    assert!(seen.iter().all(|one| *one == seen[0] && one["status"] == "pending"), "{seen:?}");
    assert_eq!(world.api(&world.bank, "GET", "/approvals", Value::Null).await.body["items"].as_array().unwrap().len(), 3);
    world.gate.at.clock.advance(Duration::from_secs(120));
    for id in &ids {
        assert_eq!(world.api(&world.bank, "GET", &format!("/approvals/{id}"), Value::Null).await.body["status"], "expired");
    }
    // This app learns it, also for users outside its groups.
    for name in ["mallory", "alice"] {
        let request = json!({ "login_hint": name, "binding_message": "hello" });
        world.api(&world.shop, "POST", "/approvals", request).await.is_problem(400, "unknown_user_id");
    }
    world.gate.at.core.audit().flush().await.unwrap();
    let log = world.gate.at.core.audit().query(&crate::audit::Filter::default(), None, 50).await.unwrap();
    let unknown =
        |row: &&crate::audit::AuditRecord| row.what == "backchannel.ask" && row.refusal.as_deref() == Some("unknown_user");
    assert_eq!(log.iter().filter(unknown).count(), 4, "administrators can see what the app cannot");
}

#[tokio::test]
async fn an_app_shows_the_number_that_is_carried_and_asks_no_more_than_its_share() {
    let world = World::open().await;
    let group = crate::principal::user::GroupName::parse("buyers").unwrap();
    world.gate.at.core.groups().add(group.clone(), None).await.unwrap();
    world.gate.at.core.users().set_groups(world.gate.alice.id(), vec![group]).await.unwrap();
    let request = json!({ "login_hint": "alice", "binding_message": "hello" });
    let said = world.api(&world.shop, "POST", "/approvals", request.clone()).await;
    let question = world.question().await;
    assert_eq!(said.body["number"], question.number.as_ref().unwrap().shown());
    world.answers("approve").await;
    let path = format!("/approvals/{}", said.body["auth_req_id"].as_str().unwrap());
    assert_eq!(world.api(&world.shop, "GET", &path, Value::Null).await.body["status"], "approved");
    for _ in 0..2 {
        assert_eq!(world.api(&world.shop, "POST", "/approvals", request.clone()).await.status, StatusCode::CREATED);
    }
    world.api(&world.shop, "POST", "/approvals", request.clone()).await.is_problem(429, "too_many_requests");
    let fields = [("scope", "openid"), ("login_hint", "alice")];
    let said = world.oidc(("shop", &world.shop), "/oidc/bc-authorize", &fields).await;
    said.is(429, "temporarily_unavailable");
    assert_eq!(said.headers["retry-after"], "60");
    // Another app has a share of its own, and the phones of one user have theirs, for all apps together.
    for _ in 0..2 {
        world.asked(request.clone()).await;
    }
    let core = &world.gate.at.core;
    assert_eq!(core.approvals().open_of(world.gate.alice.id()).await.unwrap().len(), 3, "three unanswered, then silence");
}

#[tokio::test]
async fn an_answer_over_another_text_is_none() {
    let world = World::open().await;
    let id = world.begun().await;
    let question = world.question().await;
    let now = world.gate.at.clock.now();
    let bent = Question { shown: question.shown.replace("100", "999"), ..question.clone() };
    assert_ne!(bent.shown, question.shown);
    let text = world.phone.answer(&bent, "approve", None, now);
    let core = &world.gate.at.core;
    let refused = core.approvals().answer(&world.phone.key, &question.id, &text, PORTAL).await.unwrap_err();
    assert_eq!(refused.code(), "shown_otherwise");
    world.gate.at.user("bob").await;
    let stranger = Phone::registered(core, "bob").await;
    let text = stranger.answer(&question, "approve", None, now);
    assert!(core.approvals().answer(&stranger.key, &question.id, &text, PORTAL).await.is_err());
    world.poll(&id).await.is(400, "authorization_pending");
    assert_eq!(core.approvals().find(&question.id).await.unwrap().unwrap().state, State::Pending);
}

#[tokio::test]
async fn the_description_tells_of_what_apps_do() {
    let world = World::open().await;
    let document: Value = serde_json::from_str(&world.gate.browser().get("/api/v1/openapi.json").await.body).unwrap();
    let paths = &document["paths"];
    assert_eq!(paths["/approvals"]["post"]["security"], json!([{ "app": [] }, { "certificate": [] }]));
    assert_eq!(paths["/approvals/{approval}"]["get"]["operationId"], "app_approval.look");
    // The acts of administrators are where they were.
    assert_eq!(paths["/approvals"]["get"]["operationId"], "approval.list");
    assert_eq!(paths["/approvals/{approval}"]["delete"]["operationId"], "approval.cancel");
    assert!(paths["/approvals"]["get"]["security"].as_array().unwrap().contains(&json!({ "app": [] })));
    let schemas = &document["components"]["schemas"];
    assert!(schemas["AskForApproval"]["required"] == json!(["login_hint"]) && schemas["AppApproval"].is_object());
    let tokens = async |input: Value| {
        let until = Timestamp::from_seconds(1_900_000_000);
        let (_, all) = world.gate.at.core.tokens().issue("all", Scopes::of(&[Scope::All]), None, until).await.unwrap();
        world.api(&all, "POST", "/tokens", input).await
    };
    let made = tokens(json!({ "label": "b", "scopes": ["approvals"], "app": "bank" })).await;
    assert_eq!((made.status, &made.body["about"]["app"]), (StatusCode::OK, &json!("bank")), "{made:?}");
    for (input, status, code) in [
        (json!({ "label": "b", "scopes": ["approvals"] }), 400, "invalid_input"),
        (json!({ "label": "b", "scopes": ["read"], "app": "bank" }), 400, "invalid_input"),
        (json!({ "label": "b", "scopes": ["approvals", "all"], "app": "bank" }), 400, "invalid_input"),
        (json!({ "label": "b", "scopes": ["approvals"], "app": "wiki" }), 400, "invalid_input"),
        (json!({ "label": "b", "scopes": ["approvals"], "app": "nothing" }), 404, "not_found"),
    ] {
        tokens(input).await.is_problem(status, code);
    }
}
