//! Approvals that apps ask for by themselves: our own API and CIBA, by their rules, with a phone that answers.

use std::collections::BTreeMap;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::*;
use crate::account::tokens::{Scope, Scopes};
use crate::approval::question::{Question, State};
use crate::approval::signed;
use crate::approval::testing::{PORTAL, Phone};
use crate::clock::{Clock as _, Timestamp};
use crate::principal::method::{Method, Methods};
use crate::random::base64url;

const APPS: &str = r#"
[[app]]
name = "bank"
title = "First Bank"
url = "https://bank.example.com"
upstream = ["http://127.0.0.1:8090"]
demands.primary_factor = {}
approvals = {}
[[app]]
name = "shop"
url = "https://shop.example.com"
upstream = ["http://127.0.0.1:8091"]
demands.primary_factor = {}
approvals = { tell_unknown = true, groups = ["buyers"], number = true, networks = ["192.0.2.0/24"], per_minute = 3 }
"#;
const GRANT: &str = "urn:openid:params:grant-type:ciba";

/// A gate with two apps that ask, and Alice's phone.
struct World {
    gate: Gate,
    phone: Phone,
    bank: String,
    shop: String,
}

/// What came back.
#[derive(Debug)]
struct Said {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Said {
    fn is(&self, status: u16, error: &str) {
        assert_eq!((self.status.as_u16(), &self.body["error"]), (status, &json!(error)), "{self:?}");
        assert_eq!(self.headers["cache-control"], "no-store");
    }

    fn is_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), &self.body["code"]), (status, &json!(code)), "{self:?}");
    }
}

async fn send(browser: &mut Browser, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Said {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = browser.send(request, Body::from(body)).await;
    Said { status: answer.status, headers: answer.headers, body: serde_json::from_str(&answer.body).unwrap_or_default() }
}

impl World {
    async fn open() -> Self {
        Self::with("").await
    }

    async fn with(more: &str) -> Self {
        let gate = Gate::with(&format!("{APPS}{more}")).await;
        let methods = Methods::of(&[Method::Push, Method::Password]);
        gate.at.core.assign(gate.alice.id(), methods).await.unwrap();
        let phone = Phone::registered(&gate.at.core, "alice").await;
        let (bank, shop) = (token(&gate, "bank").await, token(&gate, "shop").await);
        Self { gate, phone, bank, shop }
    }

    /// Our own API.
    async fn api(&self, token: &str, method: &str, path: &str, body: Value) -> Said {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(&mut self.gate.browser(), method, &format!("/api/v1{path}"), &headers, body).await
    }

    async fn asked(&self, wish: Value) -> String {
        let said = self.api(&self.bank, "POST", "/approvals", wish).await;
        assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
        said.body["auth_req_id"].as_str().unwrap().to_owned()
    }

    /// CIBA, with the client's secret in the header.
    async fn oidc(&self, client: (&str, &str), path: &str, fields: &[(&str, &str)]) -> Said {
        oidc(&mut self.gate.browser(), client, path, fields).await
    }

    async fn bc_authorize(&self, fields: &[(&str, &str)]) -> Said {
        self.oidc(("bank", &self.bank), "/oidc/bc-authorize", fields).await
    }

    async fn begun(&self) -> String {
        let fields = [("scope", "openid"), ("login_hint", "alice"), ("binding_message", "Pay 100 to Bob")];
        let said = self.bc_authorize(&fields).await;
        assert_eq!((said.status, said.headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"), "{said:?}");
        said.body["auth_req_id"].as_str().unwrap().to_owned()
    }

    async fn poll(&self, id: &str) -> Said {
        self.oidc(("bank", &self.bank), "/oidc/token", &[("grant_type", GRANT), ("auth_req_id", id)]).await
    }

    async fn question(&self) -> Question {
        let open = self.gate.at.core.approvals().open_of(self.gate.alice.id()).await.unwrap();
        assert_eq!(open.len(), 1, "{open:?}");
        open.into_iter().next().unwrap()
    }

    async fn answers(&self, decision: &str) {
        let question = self.question().await;
        let number = question.number.as_ref().map(|number| number.shown().to_owned());
        let text = self.phone.answer(&question, decision, number.as_deref(), self.gate.at.clock.now());
        self.gate.at.core.approvals().answer(&self.phone.key, &question.id, &text, PORTAL).await.unwrap();
    }

    /// The claims of a JWS, by the published keys alone.
    async fn verified(&self, kind: &str, text: &str) -> Value {
        let keys: JwkSet = serde_json::from_str(&self.gate.browser().get("/.well-known/jwks.json").await.body).unwrap();
        let header = jsonwebtoken::decode_header(text).unwrap();
        assert_eq!((header.typ.as_deref(), header.alg), (Some(kind), Algorithm::ES256));
        let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["bank"]);
        validation.set_issuer(&[PORTAL]);
        // The clock of this world is another than this machine's.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Value>(text, &key, &validation).unwrap().claims;
        let now = self.gate.at.clock.now().seconds();
        assert!(claims["iat"] == now && claims["exp"].as_i64().unwrap() > now, "{claims}");
        claims
    }
}

async fn token(gate: &Gate, app: &str) -> String {
    let until = Timestamp::from_seconds(1_900_000_000);
    gate.at.core.tokens().issue_for_app(app, app, None, until).await.unwrap().1
}

async fn oidc(browser: &mut Browser, (name, secret): (&str, &str), path: &str, fields: &[(&str, &str)]) -> Said {
    use base64::Engine as _;
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}")));
    let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    send(browser, "POST", path, &headers, form).await
}

fn digest(text: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec()
}

#[tokio::test]
async fn an_app_asks_and_can_verify_what_the_phone_showed_and_signed() {
    let world = World::open().await;
    let wish = json!({
        "login_hint": "Alice", "title": { "en": "Transfer", "ja": "振込" }, "binding_message": "Invoice 7\u{202e}",
        "fields": [{ "label": { "en": "Payee", "ja": "振込先" }, "value": "Bob" }, { "label": "Amount", "value": "1,000 JPY" }],
        "requested_expiry": 90,
    });
    let said = world.api(&world.bank, "POST", "/approvals", wish).await;
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
    // Approved, and not fetched as long as it is kept for whoever asked.
    let late = world.begun().await;
    world.answers("approve").await;
    world.gate.at.clock.advance(Duration::from_secs(301));
    world.poll(&late).await.is(400, "expired_token");

    // After a restart nothing of it is there: that is told as expired, and what was never made here is not.
    let lost = world.begun().await;
    let at = world.gate.at.crash_and_restart().await;
    let mut browser = Browser { router: super::router(&at), cookies: BTreeMap::new(), address: [192, 0, 2, 7].into() };
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
    let (_, administrator) = world.gate.at.core.tokens().issue("desk", scopes, None, until).await.unwrap();
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
    let mut told: BTreeMap<(u16, Option<String>), usize> = BTreeMap::new();
    while let Some(one) = all.join_next().await {
        *told.entry(one.unwrap()).or_default() += 1;
    }
    assert_eq!(told, BTreeMap::from([((200, None), 1), ((400, Some("invalid_grant".to_owned())), 99)]));
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
    // Whoever may do everything is still no app.
    let (_, all) = tokens.issue("all", Scopes::of(&[Scope::All]), None, until).await.unwrap();
    world
        .api(&all, "POST", "/approvals", json!({ "login_hint": "alice", "title": "x" }))
        .await
        .is_problem(401, "app_token_missing");
    world.oidc(("bank", &all), "/oidc/token", &[("grant_type", GRANT)]).await.is(401, "invalid_client");
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
    // This app is told, of those outside its groups too.
    for name in ["mallory", "alice"] {
        let wish = json!({ "login_hint": name, "binding_message": "hello" });
        world.api(&world.shop, "POST", "/approvals", wish).await.is_problem(400, "unknown_user_id");
    }
    world.gate.at.core.audit().flush().await.unwrap();
    let log = world.gate.at.core.audit().query(&crate::audit::Filter::default(), None, 50).await.unwrap();
    let unknown = |row: &&crate::audit::Record| row.what == "backchannel.ask" && row.refusal.as_deref() == Some("unknown_user");
    assert_eq!(log.iter().filter(unknown).count(), 4, "administrators can see what the app cannot");
}

#[tokio::test]
async fn an_app_shows_the_number_that_is_carried_and_asks_no_more_than_its_share() {
    let world = World::open().await;
    let group = crate::principal::user::GroupName::parse("buyers").unwrap();
    world.gate.at.core.groups().add(group.clone(), None).await.unwrap();
    world.gate.at.core.users().set_groups(world.gate.alice.id(), vec![group]).await.unwrap();
    let wish = json!({ "login_hint": "alice", "binding_message": "hello" });
    let said = world.api(&world.shop, "POST", "/approvals", wish.clone()).await;
    let question = world.question().await;
    assert_eq!(said.body["number"], question.number.as_ref().unwrap().shown());
    world.answers("approve").await;
    let path = format!("/approvals/{}", said.body["auth_req_id"].as_str().unwrap());
    assert_eq!(world.api(&world.shop, "GET", &path, Value::Null).await.body["status"], "approved");
    for _ in 0..2 {
        assert_eq!(world.api(&world.shop, "POST", "/approvals", wish.clone()).await.status, StatusCode::CREATED);
    }
    world.api(&world.shop, "POST", "/approvals", wish.clone()).await.is_problem(429, "too_many_requests");
    let fields = [("scope", "openid"), ("login_hint", "alice")];
    let said = world.oidc(("shop", &world.shop), "/oidc/bc-authorize", &fields).await;
    said.is(429, "temporarily_unavailable");
    assert_eq!(said.headers["retry-after"], "60");
    // Another app has a share of its own, and the phones of one user have theirs, whoever asks.
    for _ in 0..2 {
        world.asked(wish.clone()).await;
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

/// An app whose pings go to this port of ours.
fn pinged(name: &str, port: u16, networks: &str, authority: &std::path::Path) -> String {
    format!(
        r#"
[[app]]
name = "{name}"
url = "https://{name}.example.com"
upstream = ["http://127.0.0.1:8092"]
demands.primary_factor = {{}}
approvals.ping = {{ endpoint = "https://localhost:{port}/ciba?app={name}", networks = {networks}, authority = "{}" }}
"#,
        authority.display()
    )
}

const LOOPBACK: &str = "[\"127.0.0.0/8\", \"::1/128\"]";

/// What a ping's receiver saw, once it saw something.
async fn rung(seen: &crate::approval::push_tests::Seen) -> (HeaderMap, Value) {
    for _ in 0..1000 {
        if let Some((headers, body)) = seen.lock().unwrap().first() {
            return (headers.clone(), serde_json::from_slice(body).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody was told");
}

#[tokio::test]
async fn a_ping_tells_the_app_which_request_and_nothing_of_the_answer() {
    let (port, authority, seen) = crate::approval::push_tests::service(Some(204)).await;
    let (wrong_port, _, unseen) = crate::approval::push_tests::service(Some(204)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ping.pem");
    std::fs::write(&file, authority).unwrap();
    let apps = [
        pinged("told", port, LOOPBACK, &file),
        // An address of the inside that is not listed, and one that this authority does not vouch for.
        pinged("inside", wrong_port, "[]", &file),
        pinged("stranger", wrong_port, LOOPBACK, &file),
    ];
    let world = World::with(&apps.concat()).await;
    let fields = [("scope", "openid"), ("login_hint", "alice"), ("binding_message", "hello")];
    let told = token(&world.gate, "told").await;
    world.oidc(("told", &told), "/oidc/bc-authorize", &fields).await.is(400, "invalid_request");
    let bad = [&fields[..], &[("client_notification_token", "two words")]].concat();
    world.oidc(("told", &told), "/oidc/bc-authorize", &bad).await.is(400, "invalid_request");
    let good = [&fields[..], &[("client_notification_token", "notify-8.me")]].concat();
    for name in ["inside", "stranger", "told"] {
        let secret = token(&world.gate, name).await;
        let said = world.oidc((name, &secret), "/oidc/bc-authorize", &good).await;
        let id = said.body["auth_req_id"].as_str().unwrap_or_else(|| panic!("{said:?}")).to_owned();
        world.answers(if name == "told" { "deny" } else { "approve" }).await;
        let exchange = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
        if name == "told" {
            let (headers, body) = rung(&seen).await;
            assert_eq!(
                (headers["authorization"].to_str().unwrap(), &headers["content-type"]),
                ("Bearer notify-8.me", &"application/json".parse().unwrap())
            );
            assert_eq!(body, json!({ "auth_req_id": id }));
            world.oidc((name, &secret), "/oidc/token", &exchange).await.is(400, "access_denied");
        } else {
            // Nobody is told, and whoever looks finds it all the same.
            assert_eq!(world.oidc((name, &secret), "/oidc/token", &exchange).await.status, StatusCode::OK, "{name}");
        }
    }
    assert_eq!((seen.lock().unwrap().len(), unseen.lock().unwrap().len()), (1, 0), "once, and to nobody else");
}

#[tokio::test]
async fn a_receiver_of_pings_that_hangs_delays_nobody() {
    let (port, authority, seen) = crate::approval::push_tests::service(None).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ping.pem");
    std::fs::write(&file, authority).unwrap();
    let world = World::with(&pinged("slow", port, LOOPBACK, &file)).await;
    let slow = token(&world.gate, "slow").await;
    let fields = [("scope", "openid"), ("login_hint", "alice"), ("client_notification_token", "x")];
    let id = world.oidc(("slow", &slow), "/oidc/bc-authorize", &fields).await.body["auth_req_id"].as_str().unwrap().to_owned();
    world.answers("approve").await;
    rung(&seen).await;
    // It has been told and does not answer; everybody else goes on, and so does the app itself.
    let exchange = [("grant_type", GRANT), ("auth_req_id", id.as_str())];
    assert_eq!(world.oidc(("slow", &slow), "/oidc/token", &exchange).await.status, StatusCode::OK);
    let other = world.begun().await;
    world.answers("approve").await;
    assert_eq!(world.poll(&other).await.status, StatusCode::OK);
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
