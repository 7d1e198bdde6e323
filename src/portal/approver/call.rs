//! A request of an approver: the proof of its key, its body, and the answers in JSON.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::header::{self, HeaderValue};
use http::{StatusCode, request};
use serde::Deserialize;
use serde_json::Value;

use crate::approval::Rejected;
use crate::approval::approver::Slot;
use crate::approval::key::PublicKey;
use crate::approval::signed::{Signatures, Unsigned};
use crate::facts::problem::ProblemDocument;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::self_service::{ActError, approvers};
use crate::telemetry::strangers::{self, Kind};

/// A request whose key is proved.
pub(super) struct ApproverCall {
    pub(super) visit: Visit,
    pub(super) key: PublicKey,
    body: Bytes,
}

impl FromRequest<PortalState> for ApproverCall {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&state.core), request)?;
        let key = proved(&visit).await.map_err(|rejected| refused(&visit, &rejected))?;
        let body = whole(&visit, body).await?;
        Ok(Self { visit, key, body })
    }
}

/// A request of a phone that is no approver, and proves nothing but by what is in its body.
pub(super) struct OpenCall {
    pub(super) visit: Visit,
    body: Bytes,
}

impl FromRequest<PortalState> for OpenCall {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&state.core), request)?;
        let body = whole(&visit, body).await?;
        Ok(Self { visit, body })
    }
}

impl OpenCall {
    /// The body as JSON.
    pub(super) fn input<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Response> {
        read(&self.body)
    }
}

async fn whole(visit: &Visit, body: Body) -> Result<Bytes, Response> {
    if visit.parts.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", "send the body as it is"));
    }
    let limit = visit.core.config().file.limits.portal_body.bytes();
    let body = axum::body::to_bytes(body, limit).await;
    body.map_err(|_| problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large"))
}

fn read<'b, T: Deserialize<'b>>(body: &'b Bytes) -> Result<T, Response> {
    serde_json::from_slice(body)
        .map_err(|error| problem(StatusCode::BAD_REQUEST, "invalid_input", &format!("read the body: {error}")))
}

impl ApproverCall {
    /// The body as JSON.
    pub(super) fn input<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Response> {
        read(&self.body)
    }
}

/// The key that the `DPoP` header proves.
async fn proved(visit: &Visit) -> Result<PublicKey, Rejected> {
    let request::Parts { headers, method, uri, .. } = &visit.parts;
    let mut proofs = headers.get_all("dpop").iter();
    let (Some(proof), None) = (proofs.next().and_then(|value| value.to_str().ok()), proofs.next()) else {
        return Err(Unsigned::Malformed("dpop+jwt").into());
    };
    let address = format!("{}{}", approvers::portal(&visit.core), uri.path());
    let now = visit.core.clock().now();
    let (key, once) = Signatures::key_of(proof, method.as_str(), &address)?;
    let approvals = &visit.core.approvals();
    // A key that is not registered can only use a link, which works once by itself: its proofs are not stored.
    if approvals.approvers.on(&key.id()).await?.is_empty() {
        once.is_of(now)?;
    } else {
        approvals.signatures.accept(&key, &once, now).await?;
    }
    Ok(key)
}

pub(super) async fn registered(call: &ApproverCall) -> Result<Vec<Slot>, Response> {
    let slots = call.visit.core.approvals().approvers.on(&call.key.id()).await;
    slots.map_err(|error| refused(&call.visit, &error.into()))
}

/// An answer in JSON.
pub(super) fn in_json(status: StatusCode, value: &Value) -> Response {
    answered(status, value, "application/json")
}

pub(super) fn refused(visit: &Visit, rejected: &Rejected) -> Response {
    let code = rejected.code();
    let status = match code {
        "approval_unknown" => StatusCode::NOT_FOUND,
        "approver_not_registered" | "approvals_suspended" => StatusCode::FORBIDDEN,
        "signature_invalid" | "signature_replayed" => StatusCode::UNAUTHORIZED,
        "passkey_refused" | "passkey_not_verified" | "passkey_over" => StatusCode::UNAUTHORIZED,
        "state_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "approval_expired" => StatusCode::GONE,
        _ => StatusCode::CONFLICT,
    };
    log_refusal(visit, code);
    problem(status, code, &rejected.to_string())
}

pub(super) fn not_done(visit: &Visit, error: &ActError) -> Response {
    let (status, code) = match error {
        ActError::DeadLink => (StatusCode::GONE, "dead_link"),
        ActError::TooMany(_) => (StatusCode::CONFLICT, "approver_limit"),
        ActError::Excluded => (StatusCode::CONFLICT, "authenticator_registered"),
        ActError::NotAllowed => (StatusCode::FORBIDDEN, "not_allowed"),
        ActError::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        ActError::Shared(_) | ActError::Database(_) => (StatusCode::SERVICE_UNAVAILABLE, "state_unavailable"),
        _ => (StatusCode::BAD_REQUEST, "not_done"),
    };
    log_refusal(visit, code);
    problem(status, code, &error.to_string())
}

/// Not every refusal shows whether the phone is known, so the log line counts against the limit for strangers.
fn log_refusal(visit: &Visit, code: &str) {
    if strangers::may_write(Kind::ApproverRefused, visit.arrival.address.ip()) {
        tracing::warn!(remote_ip = %visit.arrival.address, code, request_id = %visit.arrival.request_id, "approver_refused");
    }
}

pub(super) fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let mut response = ProblemDocument::new(status, code).untyped().with("detail", detail).respond(Body::from);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

pub(super) fn answered(status: StatusCode, value: &Value, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
