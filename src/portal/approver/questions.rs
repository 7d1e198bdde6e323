//! `/approver/api/approvals` and `/approver/api/windows`: what is asked on a phone, and its answers.

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::approval::Rejected;
use crate::approval::id::ApprovalId;
use crate::approval::question::{Denial, State as Outcome};
use crate::portal::approver::call::{ApproverCall, in_json, refused};
use crate::portal::kit::admission::circumstances;
use crate::self_service::approvers;

/// GET /approver/api/approvals/{id}: the state of a question.
pub(super) async fn asked(Path(id): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let id = ApprovalId::parse(&id).ok_or_else(|| refused(&call.visit, &Rejected::Unknown))?;
    let asked = approvers::asked(&call.visit.core, &call.key, &id).await;
    let asked = asked.map_err(|rejected| refused(&call.visit, &rejected))?;
    let state = if asked.lapsed { "lapsed" } else { word(&asked.state) };
    Ok(in_json(StatusCode::OK, &json!({ "state": state, "here": asked.here, "shown": asked.shown })))
}

/// How a question stands, in the protocol.
pub(super) const fn word(state: &Outcome) -> &'static str {
    match state {
        Outcome::Pending => "pending",
        Outcome::Approved { .. } | Outcome::Used { .. } => "approved",
        Outcome::Denied { why: Denial::Refused, .. } => "denied",
        Outcome::Denied { why: Denial::WrongNumber, .. } => "wrong_number",
        Outcome::Denied { why: Denial::NotMe, .. } => "not_me",
        Outcome::Closed { why } => why.word(),
    }
}

/// What the body of `answer` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerInput {
    answer: String,
}

/// POST /approver/api/approvals/{id} `{ answer }`
pub(super) async fn answer(Path(id): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let AnswerInput { answer } = call.input()?;
    let id = ApprovalId::parse(&id).ok_or_else(|| refused(&call.visit, &Rejected::Unknown))?;
    let state = approvers::answer(&call.visit.core, &call.key, &id, &answer).await;
    let state = state.map_err(|rejected| refused(&call.visit, &rejected))?;
    Ok(in_json(StatusCode::OK, &json!({ "state": word(&state) })))
}

/// What the body of `release` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseInput {
    release: String,
}

/// POST /approver/api/windows `{ release }`
pub(super) async fn release(call: ApproverCall) -> Result<Response, Response> {
    let ReleaseInput { release } = call.input()?;
    let visit = &call.visit;
    let opened = approvers::release(&visit.core, &circumstances(visit), &call.key, &release).await;
    let opened = opened.map_err(|rejected| refused(visit, &rejected))?;
    Ok(in_json(StatusCode::OK, &json!({ "until": opened.until.rfc3339(), "refused": opened.refused })))
}
