//! `/approver/api/subscription` and `/approver/api/events`: how a phone learns that something is asked.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use http::header::{self, HeaderValue};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use crate::approval::Rejected;
use crate::approval::web_push::Subscription;
use crate::portal::approver::call::{ApproverCall, in_json, problem, refused, registered};
use crate::principal::user::UserId;

/// How often an event stream says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// What the body of `subscribe` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubscribeInput {
    endpoint: String,
    key: String,
    secret: String,
}

/// PUT /approver/api/subscription `{ endpoint, key, secret }`: what `PushManager.subscribe` gave.
pub(super) async fn subscribe(call: ApproverCall) -> Result<Response, Response> {
    let SubscribeInput { endpoint, key, secret } = call.input()?;
    let (key, secret) = (crate::random::from_base64url(&key), crate::random::from_base64url(&secret));
    let wrong = |why: &str| problem(StatusCode::BAD_REQUEST, "subscription_invalid", why);
    let (Some(key), Some(secret)) = (key, secret) else {
        return Err(wrong("take the subscription: its key must be 65 bytes and its secret 16, base64url"));
    };
    let approvals = &call.visit.core.approvals();
    if registered(&call).await?.is_empty() {
        return Err(refused(&call.visit, &Rejected::NotRegistered));
    }
    approvals.delivery.reach(&endpoint).await.map_err(|error| wrong(&error.to_string()))?;
    let kept = approvals.approvers.subscribe(&call.key.id(), &Subscription { endpoint, key, secret }).await;
    kept.map_err(|error| refused(&call.visit, &error.into()))?;
    Ok(in_json(StatusCode::OK, &json!({})))
}

/// What the body of `unsubscribe` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnsubscribeInput {
    endpoint: String,
}

/// DELETE /approver/api/subscription `{ endpoint }`
pub(super) async fn unsubscribe(call: ApproverCall) -> Result<Response, Response> {
    let UnsubscribeInput { endpoint } = call.input()?;
    let forgotten = call.visit.core.approvals().approvers.unsubscribe(&call.key.id(), &endpoint).await;
    forgotten.map_err(|error| refused(&call.visit, &error.into()))?;
    Ok(in_json(StatusCode::OK, &json!({})))
}

/// GET /approver/api/events: an event for each change of what is asked of any user of this approver.
pub(super) async fn events(call: ApproverCall) -> Response {
    let slots = match registered(&call).await {
        Ok(slots) if slots.is_empty() => return refused(&call.visit, &Rejected::NotRegistered),
        Ok(slots) => slots,
        Err(response) => return response,
    };
    let mut followed = Vec::new();
    for slot in &slots {
        match call.visit.core.approvals().follow_user(&slot.user).await {
            Ok(changes) => followed.push(changes),
            Err(error) => return refused(&call.visit, &error.into()),
        }
        match call.visit.core.login_protect().follow(&slot.user).await {
            Ok(changes) => followed.extend(changes),
            Err(error) => return refused(&call.visit, &error.into()),
        }
    }
    // The stream ends at shutdown; otherwise the gateway would wait for it for ever.
    let leaving = call.visit.core.approvals().shut_down();
    let (core, approver) = (Arc::clone(&call.visit.core), call.key.id());
    let served: Vec<UserId> = slots.into_iter().map(|slot| slot.user).collect();
    let stream = stream::unfold((followed, core, approver, served), async |(mut followed, core, approver, served)| {
        let waited = tokio::time::timeout(HEARTBEAT, any(&mut followed)).await;
        // The phone was removed for one of its users: the stream ends, and the phone connects again for the others.
        let slots = core.approvals().approvers.on(&approver).await.unwrap_or_default();
        if served.iter().any(|user| !slots.iter().any(|slot| slot.user == *user)) {
            return None;
        }
        // The phone asks what changed by a request with its own proof; the event carries no data.
        let line = if waited.is_ok() { "event: change\ndata: {}\n\n" } else { ": alive\n\n" };
        let next = (followed, core, approver, served);
        Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(line.as_bytes())), next))
    });
    let mut response = Response::new(Body::from_stream(stream.take_until(leaving)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Resolves when any of the receivers has something.
async fn any(followed: &mut [mpsc::Receiver<Vec<u8>>]) {
    std::future::poll_fn(|context| {
        let mut found = std::task::Poll::Pending;
        for receiver in followed.iter_mut() {
            while let std::task::Poll::Ready(Some(_)) = receiver.poll_recv(context) {
                found = std::task::Poll::Ready(());
            }
        }
        found
    })
    .await;
}
