//! `/approver/api/approvals` and `/approver/api/windows`: what is asked on a phone, and its answers.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::{StatusCode, request};
use serde::Deserialize;
use serde_json::json;

use crate::approval::Rejected;
use crate::approval::question::{ApprovalId, Denial, State as Outcome};
use crate::portal::approver::call::{called, refused};
use crate::portal::kit::admission::circumstances;
use crate::portal::kit::state::Desk;
use crate::self_service::approvers;

/// GET /approver/api/approvals/{id}: how a question stands, answered or not.
pub(super) async fn asked(State(desk): State<Desk>, Path(id): Path<String>, request: Request) -> Response {
    called(&desk, request, async |call| {
        let id = ApprovalId::parse(&id).ok_or_else(|| refused(&call.visit, &Rejected::Unknown))?;
        let asked = approvers::asked(&call.visit.core, &call.key, &id).await;
        let asked = asked.map_err(|rejected| refused(&call.visit, &rejected))?;
        let state = if asked.lapsed { "lapsed" } else { word(&asked.state) };
        Ok((StatusCode::OK, json!({ "state": state, "here": asked.here, "shown": asked.shown })))
    })
    .await
}

/// How a question stands, in the protocol.
const fn word(state: &Outcome) -> &'static str {
    match state {
        Outcome::Pending => "pending",
        Outcome::Approved { .. } | Outcome::Used { .. } => "approved",
        Outcome::Denied { why: Denial::Refused, .. } => "denied",
        Outcome::Denied { why: Denial::WrongNumber, .. } => "wrong_number",
        Outcome::Denied { why: Denial::NotMe, .. } => "not_me",
        Outcome::Closed { why } => why.word(),
    }
}

/// POST /approver/api/approvals/{id} `{ answer }`
pub(super) async fn answer(State(desk): State<Desk>, Path(id): Path<String>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        answer: String,
    }
    called(&desk, request, async |call| {
        let Input { answer } = call.input()?;
        let id = ApprovalId::parse(&id).ok_or_else(|| refused(&call.visit, &Rejected::Unknown))?;
        let state = approvers::answer(&call.visit.core, &call.key, &id, &answer).await;
        let state = state.map_err(|rejected| refused(&call.visit, &rejected))?;
        Ok((StatusCode::OK, json!({ "state": word(&state) })))
    })
    .await
}

/// POST /approver/api/windows `{ release }`
pub(super) async fn release(State(desk): State<Desk>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        release: String,
    }
    called(&desk, request, async |call| {
        let Input { release } = call.input()?;
        let visit = &call.visit;
        let opened = approvers::release(&visit.core, &circumstances(visit), &call.key, &release).await;
        let opened = opened.map_err(|rejected| refused(visit, &rejected))?;
        Ok((StatusCode::OK, json!({ "until": opened.until.rfc3339(), "refused": opened.refused })))
    })
    .await
}
