//! What the tests of the approvals of apps share: two apps, a phone, and requests to either API.

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::approval::question::Question;
use crate::approval::testing::{PORTAL, Phone};
use crate::clock::{Clock as _, Timestamp};
use crate::portal::testing::{Browser, Gate};
use crate::principal::method::{Method, Methods};

pub(in crate::portal) const APPS: &str = r#"
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

pub(in crate::portal) const GRANT: &str = "urn:openid:params:grant-type:ciba";

/// A gate with two apps that ask, and Alice's phone.
pub(in crate::portal) struct World {
    pub(in crate::portal) gate: Gate,
    pub(in crate::portal) phone: Phone,
    pub(in crate::portal) bank: String,
    pub(in crate::portal) shop: String,
}

/// What came back.
#[derive(Debug)]
pub(in crate::portal) struct Said {
    pub(in crate::portal) status: StatusCode,
    pub(in crate::portal) headers: HeaderMap,
    pub(in crate::portal) body: Value,
}

impl Said {
    pub(in crate::portal) fn is(&self, status: u16, error: &str) {
        assert_eq!((self.status.as_u16(), &self.body["error"]), (status, &json!(error)), "{self:?}");
        assert_eq!(self.headers["cache-control"], "no-store");
    }

    pub(in crate::portal) fn is_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), &self.body["code"]), (status, &json!(code)), "{self:?}");
    }
}

pub(in crate::portal) async fn send(
    browser: &mut Browser,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Said {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = browser.send(request, Body::from(body)).await;
    Said { status: answer.status, headers: answer.headers, body: serde_json::from_str(&answer.body).unwrap_or_default() }
}

impl World {
    pub(in crate::portal) async fn open() -> Self {
        Self::with("").await
    }

    pub(in crate::portal) async fn with(more: &str) -> Self {
        let gate = Gate::with(&format!("{APPS}{more}")).await;
        let methods = Methods::of(&[Method::Push, Method::Password]);
        gate.at.core.assign(gate.alice.id(), methods).await.unwrap();
        let phone = Phone::registered(&gate.at.core, "alice").await;
        let (bank, shop) = (token(&gate, "bank").await, token(&gate, "shop").await);
        Self { gate, phone, bank, shop }
    }

    /// Our own API.
    pub(in crate::portal) async fn api(&self, token: &str, method: &str, path: &str, body: Value) -> Said {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(&mut self.gate.browser(), method, &format!("/api/v1{path}"), &headers, body).await
    }

    pub(in crate::portal) async fn asked(&self, request: Value) -> String {
        let said = self.api(&self.bank, "POST", "/approvals", request).await;
        assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
        said.body["auth_req_id"].as_str().unwrap().to_owned()
    }

    /// CIBA, with the client's secret in the header.
    pub(in crate::portal) async fn oidc(&self, client: (&str, &str), path: &str, fields: &[(&str, &str)]) -> Said {
        oidc(&mut self.gate.browser(), client, path, fields).await
    }

    pub(in crate::portal) async fn bc_authorize(&self, fields: &[(&str, &str)]) -> Said {
        self.oidc(("bank", &self.bank), "/oidc/bc-authorize", fields).await
    }

    pub(in crate::portal) async fn begun(&self) -> String {
        let fields = [("scope", "openid"), ("login_hint", "alice"), ("binding_message", "Pay 100 to Bob")];
        let said = self.bc_authorize(&fields).await;
        assert_eq!((said.status, said.headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"), "{said:?}");
        said.body["auth_req_id"].as_str().unwrap().to_owned()
    }

    pub(in crate::portal) async fn poll(&self, id: &str) -> Said {
        self.oidc(("bank", &self.bank), "/oidc/token", &[("grant_type", GRANT), ("auth_req_id", id)]).await
    }

    pub(in crate::portal) async fn question(&self) -> Question {
        let open = self.gate.at.core.approvals().open_of(self.gate.alice.id()).await.unwrap();
        assert_eq!(open.len(), 1, "{open:?}");
        open.into_iter().next().unwrap()
    }

    pub(in crate::portal) async fn answers(&self, decision: &str) {
        let question = self.question().await;
        let number = question.number.as_ref().map(|number| number.shown().to_owned());
        let text = self.phone.answer(&question, decision, number.as_deref(), self.gate.at.clock.now());
        self.gate.at.core.approvals().answer(&self.phone.key, &question.id, &text, PORTAL).await.unwrap();
    }

    /// The claims of a JWS, by the published keys alone.
    pub(in crate::portal) async fn verified(&self, kind: &str, text: &str) -> Value {
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

pub(in crate::portal) async fn token(gate: &Gate, app: &str) -> String {
    let until = Timestamp::from_seconds(1_900_000_000);
    gate.at.core.tokens().issue_for_app(app, app, None, until).await.unwrap().1
}

pub(in crate::portal) async fn oidc(
    browser: &mut Browser,
    (name, secret): (&str, &str),
    path: &str,
    fields: &[(&str, &str)],
) -> Said {
    use base64::Engine as _;
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{name}:{secret}")));
    let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    send(browser, "POST", path, &headers, form).await
}

pub(in crate::portal) fn digest(text: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref().to_vec()
}
