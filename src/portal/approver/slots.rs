//! `/approver/api/register` and `/approver/api/slots`: the users that a phone approves for.

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::approval::Rejected;
use crate::approval::approver::Slot;
use crate::approval::question::Question;
use crate::approval::silence::{Silence, Why};
use crate::core::Core;
use crate::portal::approver::call::{ApproverCall, in_json, not_done, refused, registered};
use crate::portal::approver::tables::shown as shown_tables;
use crate::portal::kit::admission::circumstances;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::self_service::{ActError, approvers, tables};

/// What the body of `register` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterInput {
    link: String,
    #[serde(default)]
    name: String,
}

/// POST /approver/api/register `{ link, name }`
pub(super) async fn register(call: ApproverCall) -> Result<Response, Response> {
    let RegisterInput { link, name } = call.input()?;
    let (visit, agent) = (&call.visit, call.visit.visitor().agent.to_owned());
    let slot = approvers::register(&visit.core, &circumstances(visit), &call.key, &link, &name, &agent).await;
    let slot = slot.map_err(|error| not_done(visit, &error))?;
    Ok(in_json(StatusCode::CREATED, &json!({ "user": slot.user, "name": slot.name, "approver": slot.approver })))
}

/// GET /approver/api/slots
pub(super) async fn slots(call: ApproverCall) -> Result<Response, Response> {
    let core = &call.visit.core;
    let approver = call.key.id();
    let mut seen = Vec::new();
    let slots = registered(&call).await?;
    for slot in &slots {
        seen.push(shown(core, slot).await.map_err(|rejected| refused(&call.visit, &rejected))?);
    }
    if let Some(slot) = slots.first() {
        core.approvals().approvers.seen(slot).await.map_err(|error| refused(&call.visit, &error.into()))?;
    }
    let push_key = crate::random::base64url(core.approvals().delivery.public_key());
    let now = core.clock().now().rfc3339();
    Ok(in_json(StatusCode::OK, &json!({ "now": now, "approver": approver, "push_key": push_key, "slots": seen })))
}

/// A slot with all that is asked there.
async fn shown(core: &Core, slot: &Slot) -> Result<Value, Rejected> {
    let Some(user) = core.users().find(&slot.user) else { return Ok(Value::Null) };
    let standing = core.approvals().approvers.standing(&slot.user).await?;
    let asked = if standing.is_good() { core.approvals().open_of(&slot.user).await? } else { Vec::new() };
    let mut services = Vec::new();
    for (service, apps) in approvers::services(core, &user) {
        let until = core.login_protect().open_until(user.id(), &service).await?;
        let mut seen = json!({ "service": approvers::called(&service), "apps": apps, "open": until.is_some() });
        if let (Some(until), Some(seen)) = (until, seen.as_object_mut()) {
            seen.insert("until".to_owned(), json!(until.rfc3339()));
        }
        services.push(seen);
    }
    let tables = tables::of(core, &slot.approver, &user, standing).await?;
    // A slot of a user without push and without tables only opens login forms.
    let kind = match (user.standing().assigned.contains(Method::Push), &tables) {
        (true, _) => "push",
        (false, Some(_)) => "table",
        (false, None) => "login_protect",
    };
    Ok(json!({
        "user": slot.user,
        "name": if kind == "login_protect" { "LoginProtect" } else { slot.name.as_str() },
        "kind": kind,
        "state": if standing.locked { "locked" } else if standing.suspended { "suspended" } else { "active" },
        "services": services,
        "table": tables.as_ref().map(shown_tables),
        "silences": core.approvals().silences_of(&slot.user).await?.iter().map(silence).collect::<Vec<_>>(),
        "approvals": asked.iter().map(question).collect::<Vec<_>>(),
    }))
}

fn silence(silence: &Silence) -> Value {
    let until = silence.until.rfc3339();
    match &silence.why {
        Why::Unanswered(askers) => json!({ "why": "unanswered", "askers": askers, "until": until }),
        Why::NotMe(network) => json!({ "why": "not_me", "network": network, "until": until }),
    }
}

fn question(question: &Question) -> Value {
    let number = question.number.as_ref();
    json!({
        "id": question.id,
        "shown": question.shown,
        "expires_at": question.expires_at.rfc3339(),
        "number": number.map_or("none", |number| number.style().word()),
        "offered": number.map(|number| number.offered().to_vec()).unwrap_or_default(),
        // How many digits are typed where the code cannot be scanned; never the digits themselves.
        "digits": number.map_or(0, |number| number.shown().len()),
    })
}

/// DELETE /approver/api/slots/{user}/silences
pub(super) async fn ring_again(Path(user): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let user = UserId::parse(&user).map_err(|_| refused(&call.visit, &Rejected::NotRegistered))?;
    let ended = approvers::end_silences(&call.visit.core, &call.key, &user).await;
    ended.map_err(|rejected| refused(&call.visit, &rejected))?;
    Ok(in_json(StatusCode::OK, &json!({})))
}

/// What the body of `rename` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenameInput {
    name: String,
}

/// PUT /approver/api/slots/{user} `{ name }`
pub(super) async fn rename(Path(user): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let RenameInput { name } = call.input()?;
    let user = UserId::parse(&user).map_err(|_| not_done(&call.visit, &ActError::NotFound))?;
    let renamed = approvers::rename(&call.visit.core, &call.key, &user, &name).await;
    renamed.map_err(|error| not_done(&call.visit, &error))?;
    Ok(in_json(StatusCode::OK, &json!({})))
}

/// DELETE /approver/api/slots/{user}
pub(super) async fn remove(Path(user): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let visit = &call.visit;
    let user = UserId::parse(&user).ok().and_then(|user| visit.core.users().find(&user));
    let user = user.ok_or_else(|| not_done(visit, &ActError::NotFound))?;
    let removed = approvers::remove(&visit.core, &circumstances(visit), &user, &call.key.id(), None).await;
    removed.map_err(|error| not_done(visit, &error))?;
    Ok(in_json(StatusCode::OK, &json!({})))
}
