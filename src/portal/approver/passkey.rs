//! `/approver/api/passkey`: a question that is read from a code and answered with a passkey. No key proves these requests and no
//! cookie is read: the id and the number in the code show the question, and only the passkey answers it.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Deserializer, de};
use serde_json::json;
use serde_json::value::RawValue;

use crate::approval::Rejected;
use crate::approval::id::ApprovalId;
use crate::approval::question::Decision;
use crate::factor::passkey::answering::Answered;
use crate::portal::approver::call::{OpenCall, in_json, refused};
use crate::portal::approver::questions::word;
use crate::self_service::passkey_answers;

/// What the body of `scanned` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScannedInput {
    #[serde(deserialize_with = "id")]
    approval: ApprovalId,
    number: String,
}

/// What the body of `challenge` holds, and part of that of `answer`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeInput {
    #[serde(deserialize_with = "id")]
    approval: ApprovalId,
    number: String,
    shown: String,
    decision: Decision,
}

/// What the body of `answer` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasskeyAnswerInput<'b> {
    #[serde(deserialize_with = "id")]
    approval: ApprovalId,
    number: String,
    shown: String,
    decision: Decision,
    ceremony: String,
    #[serde(borrow)]
    credential: &'b RawValue,
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ApprovalId, D::Error> {
    let text = String::deserialize(deserializer)?;
    ApprovalId::parse(&text).ok_or_else(|| de::Error::custom("an approval's id is 22 characters of base64url"))
}

/// POST /approver/api/passkey/question `{ approval, number }`
pub(super) async fn question(call: OpenCall) -> Result<Response, Response> {
    let ScannedInput { approval, number } = call.input()?;
    let core = &call.visit.core;
    let question = passkey_answers::scanned(core, &approval, &number).await;
    let question = question.map_err(|rejected| refused(&call.visit, &rejected))?;
    let now = core.clock().now();
    let state = if question.is_expired(now) { "lapsed" } else { word(&question.state) };
    let (now, expires_at) = (now.rfc3339(), question.expires_at.rfc3339());
    Ok(in_json(StatusCode::OK, &json!({ "now": now, "state": state, "shown": question.shown, "expires_at": expires_at })))
}

/// POST /approver/api/passkey/challenge `{ approval, number, shown, decision }`
pub(super) async fn challenge(call: OpenCall) -> Result<Response, Response> {
    let ChallengeInput { approval, number, shown, decision } = call.input()?;
    let to = Answered { approval, shown, decision };
    let ceremony = passkey_answers::challenge(&call.visit.core, &number, to).await;
    let ceremony = ceremony.map_err(|rejected| refused(&call.visit, &rejected))?;
    Ok(in_json(StatusCode::OK, &json!({ "id": ceremony.id, "options": ceremony.options })))
}

/// POST /approver/api/passkey/answer `{ approval, number, shown, decision, ceremony, credential }`
pub(super) async fn answer(call: OpenCall) -> Result<Response, Response> {
    let PasskeyAnswerInput { approval, number, shown, decision, ceremony, credential } = call.input()?;
    let to = Answered { approval, shown, decision };
    let state = passkey_answers::answer(&call.visit.core, &number, to, &ceremony, credential.get()).await;
    let state = state.map_err(|rejected: Rejected| refused(&call.visit, &rejected))?;
    Ok(in_json(StatusCode::OK, &json!({ "state": word(&state) })))
}
