//! What an app asks, looks at and withdraws.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, request};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::backchannel::RequestOrigin;
use crate::backchannel::authentication_request::{AuthenticationRequest, RequestError};
use crate::backchannel::client::Client;
use crate::backchannel::error::BackchannelError;
use crate::backchannel::status::{RequestOutcome, RequestStatus};
use crate::facts::arrival::Arrival;
use crate::portal::api::v1::apps::{Apps, no_client, past};
use crate::portal::api::v1::problem::ApiProblem;
use crate::portal::api::v1::{PREFIX, body_of, json as answered};
use crate::principal::words::Words;

/// The longest time that an answer is held back.
const HELD: Duration = Duration::from_secs(60);

const PREFER: HeaderName = HeaderName::from_static("prefer");

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// What a request brings.
struct AppRequest {
    client: Client,
    arrival: Arrival,
    parts: request::Parts,
    body: Body,
}

impl AppRequest {
    /// `divert` or `admit` put both there.
    fn read(request: Request) -> Result<Self, ApiProblem> {
        let (parts, body) = request.into_parts();
        match (parts.extensions.get::<Client>().cloned(), parts.extensions.get::<Arrival>().cloned()) {
            (Some(client), Some(arrival)) => Ok(Self { client, arrival, parts, body }),
            _ => Err(past()),
        }
    }

    fn circumstances(&self) -> RequestOrigin<'_> {
        RequestOrigin { address: self.arrival.address, request_id: &self.arrival.request_id }
    }
}

async fn called(request: Request, act: impl AsyncFnOnce(&mut AppRequest) -> Result<Response, ApiProblem>) -> Response {
    let mut call = match AppRequest::read(request) {
        Ok(call) => call,
        Err(problem) => return problem.answer(),
    };
    let done = act(&mut call).await;
    done.unwrap_or_else(|problem| problem.of_request(Some(&call.arrival.request_id)).answer())
}

/// What an app sends to ask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    login_hint: String,
    #[serde(default)]
    binding_message: Option<String>,
    #[serde(default)]
    title: Option<LocalizedText>,
    #[serde(default)]
    fields: Vec<AppField>,
    #[serde(default)]
    requested_expiry: Option<u64>,
    #[serde(default)]
    number: bool,
    #[serde(default)]
    client_notification_token: Option<String>,
}

debug_by_name!(Create);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppField {
    label: LocalizedText,
    value: String,
}

/// Words by language, or one text for all.
#[derive(Debug)]
struct LocalizedText(Words);

impl<'de> Deserialize<'de> for LocalizedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(en) => Ok(Self(Words { en, ..Words::default() })),
            other => serde_json::from_value(other).map(Self).map_err(serde::de::Error::custom),
        }
    }
}

/// POST /approvals
pub(super) async fn create(State(apps): State<Arc<Apps>>, request: Request) -> Response {
    called(request, async |call| {
        let body = std::mem::take(&mut call.body);
        let limit = apps.api.core.config().file.limits.portal_body.bytes();
        let fields = body_of(&call.parts.headers, body, limit).await?;
        // The body may arrive slowly: a token that was revoked meanwhile must not ask anybody.
        if let Err(error) = apps.client(&call.parts.headers, &call.arrival) {
            return Ok(no_client(&error, &call.arrival));
        }
        let input: Create = serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
            let place = error.path().to_string();
            let place = if place == "." { "the request".to_owned() } else { format!("`{place}`") };
            ApiProblem::input(&format!("read {place}: {}", error.inner()))
        })?;
        let wish = AuthenticationRequest {
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
        let mut response = answered(StatusCode::CREATED, &asked.document(), "application/json");
        if let Ok(location) = HeaderValue::try_from(format!("{PREFIX}/approvals/{}", asked.auth_req_id)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    })
    .await
}

fn not_asked(error: &RequestError) -> ApiProblem {
    let (status, code) = match error {
        RequestError::Input(_) => (StatusCode::BAD_REQUEST, "invalid_input"),
        RequestError::BindingMessage => (StatusCode::BAD_REQUEST, "invalid_binding_message"),
        RequestError::UnknownUser => (StatusCode::BAD_REQUEST, "unknown_user_id"),
        RequestError::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        RequestError::Backchannel(error) => return trouble(error),
    };
    ApiProblem::new(status, code, &error.to_string())
}

fn trouble(error: &BackchannelError) -> ApiProblem {
    tracing::error!(%error, "backchannel_failed");
    ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable", "reach the state of approvals")
}

/// GET /approvals: this app's own.
pub(super) async fn list(State(apps): State<Arc<Apps>>, request: Request) -> Response {
    called(request, async |call| {
        let open = apps.backchannel.open_of(&call.client).await.map_err(|error| trouble(&error))?;
        let items: Vec<Value> = open.iter().map(shown).collect();
        Ok(answered(StatusCode::OK, &json!({ "items": items }), "application/json"))
    })
    .await
}

/// GET /approvals/{auth_req_id}, held back until it is answered where the app wants to wait.
pub(super) async fn look(State(apps): State<Arc<Apps>>, Path(id): Path<String>, request: Request) -> Response {
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

/// How long the answer may be held back, bounded, and whether the client said so as a preference (RFC 7240 §4.3).
fn wait_of(parts: &request::Parts) -> Result<Option<(Duration, bool)>, ApiProblem> {
    let query = parts.uri.query().unwrap_or_default();
    let said = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "wait");
    let seconds = |text: &str| text.trim().parse::<u64>().ok().map(|seconds| Duration::from_secs(seconds).min(HELD));
    if let Some((_, text)) = said {
        let wait = seconds(&text).ok_or_else(|| ApiProblem::input("read `wait`: it is not a number of seconds"))?;
        return Ok(Some((wait, false)));
    }
    // A preference that cannot be read is ignored.
    Ok(preferred(&parts.headers).and_then(|text| seconds(&text)).map(|wait| (wait, true)))
}

fn preferred(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut wanted = all.filter_map(|one| one.split(';').next()?.split_once('='));
    let (_, text) = wanted.find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))?;
    Some(text.trim().trim_matches('"').to_owned())
}

/// DELETE /approvals/{auth_req_id}
pub(super) async fn cancel(State(apps): State<Arc<Apps>>, Path(id): Path<String>, request: Request) -> Response {
    called(request, async |call| {
        let cancelled = apps.backchannel.cancel(&call.client, &id).await.map_err(|error| trouble(&error))?;
        let (was_open, seen) = cancelled.ok_or_else(unknown)?;
        if !was_open {
            let detail = "withdraw the approval: it was answered, withdrawn or over before";
            return Err(ApiProblem::new(StatusCode::CONFLICT, "approval_closed", detail));
        }
        Ok(answered(StatusCode::OK, &shown(&seen), "application/json"))
    })
    .await
}

pub(super) fn shown(seen: &RequestStatus) -> Value {
    let status = match seen.outcome {
        RequestOutcome::Pending => "pending",
        RequestOutcome::Approved(_) => "approved",
        RequestOutcome::Denied => "denied",
        RequestOutcome::Expired => "expired",
        RequestOutcome::Cancelled => "cancelled",
        RequestOutcome::Failed => "failed",
    };
    let mut shown = json!({ "auth_req_id": seen.auth_req_id, "status": status });
    if let (Some(shown), Some(user)) = (shown.as_object_mut(), &seen.user) {
        shown.insert("user".to_owned(), json!(user));
    }
    let more = match &seen.outcome {
        RequestOutcome::Approved(statement) => json!({ "approval": statement }),
        RequestOutcome::Pending => json!({ "expires_in": seen.expires_in.as_secs(), "interval": seen.interval }),
        _ => return shown,
    };
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), more) {
        shown.extend(more);
    }
    shown
}

fn unknown() -> ApiProblem {
    ApiProblem::new(StatusCode::NOT_FOUND, "not_found", "find the approval: this app asked for none of this auth_req_id")
}
