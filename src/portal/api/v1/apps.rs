//! `/api/v1/approvals` of an app: asked, looked after and withdrawn with a token that is bound to it, or at a host of its own
//! with a client certificate (docs/approvals-api.md). Either is looked for before anything else, and opens nothing else.
//! Invariant: an app is told of its own requests alone; another's is not there.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, request};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use super::admission::bearer;
use super::problem::Problem;
use super::{Api, Door, PREFIX, body_of, json as answered};
use crate::backchannel::client::{Client, NoClient};
use crate::backchannel::wish::{NotAsked, Wish};
use crate::backchannel::{Asked, Backchannel, Circumstances, Outcome, Seen, Trouble};
use crate::facts::arrival::Arrival;
use crate::principal::words::Words;
use crate::telemetry::strangers::{self, Kind};

/// The longest that a look is held back.
const HELD: Duration = Duration::from_secs(60);
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

#[derive(Debug)]
struct Apps {
    api: Api,
    backchannel: Arc<Backchannel>,
}

/// Lets apps in beside the acts of administrators.
pub fn beside(acts: Router, backchannel: Arc<Backchannel>) -> Router {
    let apps = Apps::new(backchannel);
    // Before any route is looked for: a path that both have would carry the parameters of both.
    let layer = middleware::from_fn_with_state((Arc::clone(&apps), own(apps)), divert);
    Router::new().fallback_service(acts).layer(layer)
}

/// Lets nobody in but apps, by certificate or token.
pub fn alone(backchannel: Arc<Backchannel>) -> Router {
    let apps = Apps::new(backchannel);
    own(Arc::clone(&apps)).layer(middleware::from_fn_with_state(apps, admit))
}

impl Apps {
    fn new(backchannel: Arc<Backchannel>) -> Arc<Self> {
        Arc::new(Self { api: Api { core: Arc::clone(backchannel.core()), door: Door::Portal }, backchannel })
    }

    /// Who asks, at this moment: by the token where there is one, since whoever sends it means it, else by the certificate.
    fn client(&self, headers: &HeaderMap, arrival: &Arrival) -> Result<Client, NoClient> {
        match (headers.contains_key(header::AUTHORIZATION), &arrival.certificate) {
            (true, _) => self.backchannel.client(bearer(headers).ok_or(NoClient::Token)?, arrival.address),
            (false, Some(shown)) => self.backchannel.client_by_certificate(shown, arrival.address),
            (false, None) => Err(NoClient::Nothing),
        }
    }
}

fn own(apps: Arc<Apps>) -> Router {
    Router::new()
        .route("/approvals", post(create).get(list))
        .route("/approvals/{auth_req_id}", get(look).delete(cancel))
        .fallback(elsewhere)
        .method_not_allowed_fallback(elsewhere)
        .with_state(apps)
}

/// Whoever brings a token of an app is an app.
async fn divert(State((apps, own)): State<(Arc<Apps>, Router)>, mut request: Request, next: Next) -> Response {
    let token = bearer(request.headers()).filter(|token| apps.backchannel.app_of(token).is_some());
    let Some(token) = token else { return next.run(request).await };
    let Some(arrival) = request.extensions().get::<Arrival>().cloned() else { return past().answer() };
    match apps.backchannel.client(token, arrival.address) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            match own.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
        Err(error) => no_client(&error, &arrival),
    }
}

/// Where certificates are asked for: by either.
async fn admit(State(apps): State<Arc<Apps>>, mut request: Request, next: Next) -> Response {
    let Some(arrival) = request.extensions().get::<Arrival>().cloned() else { return past().answer() };
    match apps.client(request.headers(), &arrival) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(error) => no_client(&error, &arrival),
    }
}

fn past() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "this request came past the gateway")
}

fn no_client(error: &NoClient, arrival: &Arrival) -> Response {
    let (status, code) = match error {
        NoClient::Token => (StatusCode::UNAUTHORIZED, "invalid_token"),
        NoClient::Nothing => (StatusCode::UNAUTHORIZED, "certificate_missing"),
        NoClient::Unfit(_) | NoClient::Certificate | NoClient::AnotherName => (StatusCode::UNAUTHORIZED, "invalid_certificate"),
        NoClient::NotOffered => (StatusCode::FORBIDDEN, "approvals_not_offered"),
        NoClient::Network => (StatusCode::FORBIDDEN, "address_not_allowed"),
    };
    if strangers::may_write(Kind::ApiRefused, arrival.address.ip()) {
        tracing::warn!(remote_ip = %arrival.address, code, %error, request_id = %arrival.request_id, "api_refused");
    }
    Problem::new(status, code, &error.to_string()).of_request(Some(&arrival.request_id)).answer()
}

/// What a request brings.
struct Call {
    client: Client,
    arrival: Arrival,
    parts: request::Parts,
    body: Body,
}

impl Call {
    /// `divert` or `admit` put both there.
    fn read(request: Request) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        match (parts.extensions.get::<Client>().cloned(), parts.extensions.get::<Arrival>().cloned()) {
            (Some(client), Some(arrival)) => Ok(Self { client, arrival, parts, body }),
            _ => Err(past()),
        }
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { address: self.arrival.address, request_id: &self.arrival.request_id }
    }
}

/// What an app sends to ask.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    login_hint: String,
    #[serde(default)]
    binding_message: Option<String>,
    #[serde(default)]
    title: Option<Said>,
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    requested_expiry: Option<u64>,
    #[serde(default)]
    number: bool,
    #[serde(default)]
    client_notification_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    label: Said,
    value: String,
}

/// Words by language, or one text for all.
#[derive(Debug)]
struct Said(Words);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(en) => Ok(Self(Words { en, ..Words::default() })),
            other => serde_json::from_value(other).map(Self).map_err(serde::de::Error::custom),
        }
    }
}

/// POST /approvals
async fn create(State(apps): State<Arc<Apps>>, request: Request) -> Response {
    called(request, async |call| {
        let body = std::mem::take(&mut call.body);
        let fields = body_of(&apps.api, &call.parts.headers, body).await?;
        // A body may be long in coming: what was revoked meanwhile asks nobody.
        if let Err(error) = apps.client(&call.parts.headers, &call.arrival) {
            return Ok(no_client(&error, &call.arrival));
        }
        let input: Create = serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
            let place = error.path().to_string();
            let place = if place == "." { "the request".to_owned() } else { format!("`{place}`") };
            Problem::input(&format!("read {place}: {}", error.inner()))
        })?;
        let wish = Wish {
            login_hint: input.login_hint,
            binding_message: input.binding_message,
            title: input.title.map(|said| said.0),
            fields: input.fields.into_iter().map(|field| (field.label.0, field.value)).collect(),
            requested_expiry: input.requested_expiry,
            number: input.number,
            notification_token: input.client_notification_token,
            openid: false,
        };
        let asked = apps.backchannel.ask(&call.client, &wish, call.circumstances()).await.map_err(|error| not_asked(&error))?;
        let mut response = answered(StatusCode::CREATED, &told(&asked), "application/json");
        if let Ok(location) = HeaderValue::try_from(format!("{PREFIX}/approvals/{}", asked.auth_req_id)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    })
    .await
}

/// What an app that asked is told, here and by CIBA.
pub(in crate::portal) fn told(asked: &Asked) -> Value {
    let mut told = json!({
        "auth_req_id": asked.auth_req_id,
        "expires_in": asked.expires_in.as_secs(),
        "interval": asked.interval,
    });
    if let (Some(number), Some(told)) = (&asked.number, told.as_object_mut()) {
        told.insert("number".to_owned(), json!(number.digits));
        told.insert("number_style".to_owned(), json!(number.style.word()));
        if let Some(address) = &number.address {
            told.insert("number_code".to_owned(), json!(address));
        }
    }
    told
}

fn not_asked(error: &NotAsked) -> Problem {
    let (status, code) = match error {
        NotAsked::Input(_) => (StatusCode::BAD_REQUEST, "invalid_input"),
        NotAsked::BindingMessage => (StatusCode::BAD_REQUEST, "invalid_binding_message"),
        NotAsked::UnknownUser => (StatusCode::BAD_REQUEST, "unknown_user_id"),
        NotAsked::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        NotAsked::Trouble(error) => return trouble(error),
    };
    Problem::new(status, code, &error.to_string())
}

fn trouble(error: &Trouble) -> Problem {
    tracing::error!(%error, "backchannel_failed");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable", "reach the state of approvals")
}

/// GET /approvals: this app's own.
async fn list(State(apps): State<Arc<Apps>>, request: Request) -> Response {
    called(request, async |call| {
        let open = apps.backchannel.open_of(&call.client).await.map_err(|error| trouble(&error))?;
        let items: Vec<Value> = open.iter().map(shown).collect();
        Ok(answered(StatusCode::OK, &json!({ "items": items }), "application/json"))
    })
    .await
}

/// GET /approvals/{auth_req_id}, held back until it is answered where the app wants to wait.
async fn look(State(apps): State<Arc<Apps>>, Path(id): Path<String>, request: Request) -> Response {
    called(request, async |call| {
        let wait = wait_of(&call.parts)?;
        let at_most = wait.as_ref().map_or(Duration::ZERO, |(at_most, _)| *at_most);
        let seen = apps.backchannel.look(&call.client, &id, at_most).await.map_err(|error| trouble(&error))?;
        let mut response = answered(StatusCode::OK, &shown(&seen.ok_or_else(unknown)?), "application/json");
        // RFC 7240 §3.
        if let Some((at_most, true)) = wait
            && let Ok(applied) = HeaderValue::try_from(format!("wait={}", at_most.as_secs()))
        {
            response.headers_mut().insert(PREFERENCE_APPLIED, applied);
        }
        Ok(response)
    })
    .await
}

/// How long a look may be held back, bounded; whether that was said as a preference (RFC 7240 §4.3).
fn wait_of(parts: &request::Parts) -> Result<Option<(Duration, bool)>, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    let said = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "wait");
    let seconds = |text: &str| text.trim().parse::<u64>().ok().map(|seconds| Duration::from_secs(seconds).min(HELD));
    if let Some((_, text)) = said {
        let wait = seconds(&text).ok_or_else(|| Problem::input("read `wait`: it is no number of seconds"))?;
        return Ok(Some((wait, false)));
    }
    // A preference that cannot be read is none.
    Ok(preferred(&parts.headers).and_then(|text| seconds(&text)).map(|wait| (wait, true)))
}

fn preferred(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut wanted = all.filter_map(|one| one.split(';').next()?.split_once('='));
    let (_, text) = wanted.find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))?;
    Some(text.trim().trim_matches('"').to_owned())
}

/// DELETE /approvals/{auth_req_id}
async fn cancel(State(apps): State<Arc<Apps>>, Path(id): Path<String>, request: Request) -> Response {
    called(request, async |call| {
        let cancelled = apps.backchannel.cancel(&call.client, &id).await.map_err(|error| trouble(&error))?;
        let (was_open, seen) = cancelled.ok_or_else(unknown)?;
        if !was_open {
            let detail = "withdraw the approval: it was answered, withdrawn or over before";
            return Err(Problem::new(StatusCode::CONFLICT, "approval_closed", detail));
        }
        Ok(answered(StatusCode::OK, &shown(&seen), "application/json"))
    })
    .await
}

fn shown(seen: &Seen) -> Value {
    let status = match seen.outcome {
        Outcome::Pending => "pending",
        Outcome::Approved(_) => "approved",
        Outcome::Denied => "denied",
        Outcome::Expired => "expired",
        Outcome::Cancelled => "cancelled",
        Outcome::Failed => "failed",
    };
    let mut shown = json!({ "auth_req_id": seen.auth_req_id, "status": status });
    if let (Some(shown), Some(user)) = (shown.as_object_mut(), &seen.user) {
        shown.insert("user".to_owned(), json!(user));
    }
    let more = match &seen.outcome {
        Outcome::Approved(statement) => json!({ "approval": statement }),
        Outcome::Pending => json!({ "expires_in": seen.expires_in.as_secs(), "interval": seen.interval }),
        _ => return shown,
    };
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    shown
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "find the approval: this app asked for none of this auth_req_id")
}

/// A page that makes its visitor's browser show a certificate is no app: programs send no `Origin` of somebody else's.
pub async fn no_page(State(backchannel): State<Arc<Backchannel>>, request: Request, next: Next) -> Response {
    let config = backchannel.core().config();
    let own = config.file.portal.mtls_url.as_deref().unwrap_or_default().trim_end_matches('/');
    if request.headers().get_all(header::ORIGIN).iter().any(|origin| origin.as_bytes() != own.as_bytes()) {
        return Problem::new(StatusCode::FORBIDDEN, "foreign_origin", "ask as an app: this comes from a page").answer();
    }
    next.run(request).await
}

/// Everything else at a host that is there for apps alone.
pub async fn nothing_else() -> Response {
    let detail = "apps ask for approvals here, and nothing else is served; people go to the portal";
    Problem::new(StatusCode::NOT_FOUND, "no_such_path", detail).answer()
}

/// Everything else below [`PREFIX`].
async fn elsewhere() -> Response {
    let detail = "an app's token or certificate opens `/api/v1/approvals` and nothing else";
    Problem::new(StatusCode::FORBIDDEN, "scope_missing", detail).answer()
}

/// What only an app may do, by somebody who is none.
pub(super) async fn no_app() -> Response {
    let detail = "only an app asks for approvals: bring a token of one (`sekisho token issue --scope approvals --app …`)";
    let challenge = "Bearer realm=\"sekisho\"";
    Problem::new(StatusCode::UNAUTHORIZED, "app_token_missing", detail).challenged(challenge).answer()
}

async fn called(request: Request, act: impl AsyncFnOnce(&mut Call) -> Result<Response, Problem>) -> Response {
    let mut call = match Call::read(request) {
        Ok(call) => call,
        Err(problem) => return problem.answer(),
    };
    let done = act(&mut call).await;
    done.unwrap_or_else(|problem| problem.of_request(Some(&call.arrival.request_id)).answer())
}

/// What the description of the API says of all this.
pub(super) fn describe(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let words = json!({
        "description": "A text, or texts by language: `en` at least.",
        "oneOf": [{ "type": "string" }, { "type": "object", "required": ["en"], "additionalProperties": { "type": "string" } }],
    });
    let text = |longest: usize| json!({ "type": "string", "minLength": 1, "maxLength": longest });
    let asked = json!({
        "type": "object",
        "required": ["auth_req_id", "expires_in", "interval"],
        "properties": {
            "auth_req_id": { "type": "string", "description": "Names the request; opens nothing without the app's token or certificate." },
            "expires_in": { "type": "integer", "description": "How long it may be answered, in seconds." },
            "interval": { "type": "integer", "description": "How often to look, in seconds." },
            "number": { "type": "string", "description": "What the app shows to the person, where a number is carried to the phone." },
            "number_style": { "type": "string", "enum": ["choose", "type", "scan"], "description": "How it is carried: chosen, typed or scanned." },
            "number_code": { "type": "string", "description": "What the app draws as a QR code above the number, where it is scanned." },
        },
    });
    let seen = json!({
        "type": "object",
        "required": ["auth_req_id", "status"],
        "properties": {
            "auth_req_id": { "type": "string" },
            "user": { "type": "string" },
            "status": { "type": "string", "enum": ["pending", "approved", "denied", "expired", "cancelled", "failed"] },
            "approval": { "type": "string", "description": "The statement, a JWS of the type `sekisho-approval+jwt`, once approved." },
            "expires_in": { "type": "integer" },
            "interval": { "type": "integer" },
        },
    });
    let create = json!({
        "type": "object",
        "required": ["login_hint"],
        "additionalProperties": false,
        "properties": {
            "login_hint": { "type": "string", "description": "The user's name here." },
            "binding_message": text(200),
            "title": words,
            "fields": { "type": "array", "maxItems": 16, "items": {
                "type": "object", "required": ["label", "value"], "additionalProperties": false,
                "properties": { "label": words, "value": text(200) },
            } },
            "requested_expiry": { "type": "integer", "minimum": 1, "description": "How long it may be answered, in seconds." },
            "number": { "type": "boolean", "description": "Whether a number is carried to the phone." },
            "client_notification_token": text(1024),
        },
    });
    for (name, schema) in [("AppApprovalAsked", asked), ("AppApproval", seen), ("AskForApproval", create)] {
        schemas.insert(name.to_owned(), schema);
    }
    let answers = |status: &str, schema: &str| {
        json!({
            status: { "description": "Done.", "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } },
            "default": { "description": "Not done.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
        })
    };
    let mut at = |path: &str, verb: &str, operation: Value| {
        let path = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(verb.to_owned(), operation);
        }
    };
    at(
        "/approvals",
        "post",
        json!({
            "operationId": "app_approval.ask",
            "summary": "Ask a user's phone for an approval, as an app",
            "tags": ["app_approval"],
            "security": [{ "app": [] }, { "certificate": [] }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/AskForApproval" } } } },
            "responses": answers("201", "AppApprovalAsked"),
        }),
    );
    at(
        "/approvals/{approval}",
        "get",
        json!({
            "operationId": "app_approval.look",
            "summary": "See how an approval stands, as the app that asked for it",
            "tags": ["app_approval"],
            "security": [{ "app": [] }, { "certificate": [] }],
            "description": "`{approval}` is the `auth_req_id`. `Prefer: wait=N` (RFC 7240) does the same as `?wait=N`.",
            "parameters": [
                { "name": "approval", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "wait", "in": "query", "required": false, "description": "Seconds to wait for an answer, 60 at most.", "schema": { "type": "integer" } },
            ],
            "responses": answers("200", "AppApproval"),
        }),
    );
    // The acts of the same paths mean an app's own with an app's token.
    for (path, verb, more) in [
        (
            "/approvals",
            "get",
            "With a token or certificate of an app: what this app asked and may still be answered, as `AppApproval`s.",
        ),
        (
            "/approvals/{approval}",
            "delete",
            "With a token or certificate of an app: `{approval}` is the `auth_req_id` of a request of its own; an `AppApproval` is answered.",
        ),
    ] {
        let operation = paths.get_mut(path).and_then(|path| path.get_mut(verb)).and_then(Value::as_object_mut);
        if let Some(operation) = operation {
            let said = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            operation.insert("description".to_owned(), json!(format!("{said} {more}")));
            operation
                .insert("security".to_owned(), json!([{ "token": [] }, { "session": [] }, { "app": [] }, { "certificate": [] }]));
        }
    }
}
