//! `/approver/`: the phone's page, and what its script and any other approver speak (docs/approver-protocol.md). Every
//! request of an approver carries the proof of its key (RFC 9449); no cookie is read here.
//! Invariant: nothing is answered about a user but to a key that is registered for that user.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use futures_util::{StreamExt as _, stream};
use http::header::{self, HeaderValue};
use http::{StatusCode, request};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::portal::account::circumstances;
use crate::portal::kit::assets;
use crate::portal::approver::page::ApproverPage;
use crate::portal::kit::protection;
use crate::portal::sign_in::Desk;
use crate::portal::kit::visit::Visit;
use crate::approval::Rejected;
use crate::approval::approver::Slot;
use crate::approval::key::PublicKey;
use crate::approval::question::{ApprovalId, Denial, Question, State as Outcome};
use crate::approval::signed::{Signatures, Unsigned};
use crate::approval::silence::{Silence, Why};
use crate::approval::web_push::Subscription;
use crate::core::Core;
use crate::facts::problem::ProblemDocument;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::self_service::ActError;
use crate::self_service::approvers;
use crate::telemetry::strangers::{self, Kind};

/// How often an event stream says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Adds the approver's routes.
pub(in crate::portal) fn routes(router: Router<Desk>) -> Router<Desk> {
    router
        .route("/approver/", get(page))
        .route("/approver", get(page))
        .route("/approver/manifest.webmanifest", get(manifest))
        .route("/approver/worker.js", get(worker))
        .route("/approver/api/register", post(register))
        .route("/approver/api/slots", get(slots))
        .route("/approver/api/slots/{user}", put(rename).delete(remove))
        .route("/approver/api/slots/{user}/silences", delete(ring_again))
        .route("/approver/api/approvals/{id}", get(asked).post(answer))
        .route("/approver/api/windows", post(release))
        .route("/approver/api/subscription", put(subscribe).delete(unsubscribe))
        .route("/approver/api/events", get(events))
}

/// GET /approver/
async fn page(State(desk): State<Desk>, request: Request) -> Response {
    match Visit::read(Arc::clone(&desk.core), request) {
        Ok((visit, _body)) => {
            let mut frame = visit.frame();
            frame.person = None;
            let mut page = visit.scripted_page(StatusCode::OK, &ApproverPage { frame });
            if visit.core.policies().scans() {
                protection::allow_camera(page.headers_mut());
            }
            page
        }
        Err(response) => response,
    }
}

/// GET /approver/manifest.webmanifest
async fn manifest(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let frame = visit.frame();
    let [small, large, maskable, _touch] = &*assets::ICONS;
    let picture = |icon: &assets::Asset, sizes: &str, purpose: &str| json!({ "src": icon.path, "sizes": sizes, "type": "image/png", "purpose": purpose });
    let manifest = json!({
        "id": "/approver/",
        "name": format!("{} · {}", frame.say("approver-title"), frame.organisation_name()),
        "short_name": frame.say("approver-title"),
        "lang": frame.language.tag(),
        "start_url": "/approver/",
        "scope": "/approver/",
        "display": "standalone",
        "background_color": "#f5f4ef",
        "theme_color": "#26457f",
        "icons": [
            { "src": frame.gate_path(), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            picture(small, "192x192", "any"),
            picture(large, "512x512", "any"),
            picture(maskable, "512x512", "maskable"),
        ],
    });
    answered(StatusCode::OK, &manifest, "application/manifest+json")
}

/// GET /approver/worker.js: at a fixed address, since a browser looks there for a newer one.
async fn worker(State(_): State<Desk>, request: Request) -> Response {
    // The place that it may answer for is the folder it lies in.
    let mut response = assets::WORKER.answer(request.headers()).map(Body::from);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; connect-src 'self'"));
    response
}

/// What a request brings, once its key was proved to be at hand.
struct Call {
    visit: Visit,
    key: PublicKey,
    body: Bytes,
}

impl Call {
    async fn read(desk: &Desk, request: Request) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&desk.core), request)?;
        let key = proved(&visit).await.map_err(|rejected| refused(&visit, &rejected))?;
        if visit.parts.headers.contains_key(header::CONTENT_ENCODING) {
            return Err(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", "send the body as it is"));
        }
        let limit = visit.core.config().file.limits.portal_body.bytes();
        let body = axum::body::to_bytes(body, limit).await;
        let body = body.map_err(|_| problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large"))?;
        Ok(Self { visit, key, body })
    }

    fn input<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Response> {
        serde_json::from_slice(&self.body)
            .map_err(|error| problem(StatusCode::BAD_REQUEST, "invalid_input", &format!("read the body: {error}")))
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
    // What a stranger signs opens nothing but a link, which is good once by itself: it takes no room in any store.
    if approvals.approvers.on(&key.id()).await?.is_empty() {
        once.is_of(now)?;
    } else {
        approvals.signatures.accept(&key, &once, now).await?;
    }
    Ok(key)
}

/// POST /approver/api/register `{ link, name }`
async fn register(State(desk): State<Desk>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        link: String,
        #[serde(default)]
        name: String,
    }
    called(&desk, request, async |call| {
        let Input { link, name } = call.input()?;
        let (visit, agent) = (&call.visit, call.visit.visitor().agent.to_owned());
        let slot = approvers::register(&visit.core, &circumstances(visit), &call.key, &link, &name, &agent).await;
        let slot = slot.map_err(|error| not_done(visit, &error))?;
        Ok((StatusCode::CREATED, json!({ "user": slot.user, "name": slot.name, "approver": slot.approver })))
    })
    .await
}

/// GET /approver/api/slots
async fn slots(State(desk): State<Desk>, request: Request) -> Response {
    called(&desk, request, async |call| {
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
        Ok((StatusCode::OK, json!({ "now": now, "approver": approver, "push_key": push_key, "slots": seen })))
    })
    .await
}

async fn registered(call: &Call) -> Result<Vec<Slot>, Response> {
    let slots = call.visit.core.approvals().approvers.on(&call.key.id()).await;
    slots.map_err(|error| refused(&call.visit, &error.into()))
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
    // A slot that answers nothing opens login forms alone.
    let kind = if user.standing().assigned.contains(Method::Push) { "push" } else { "login_protect" };
    Ok(json!({
        "user": slot.user,
        "name": if kind == "push" { slot.name.as_str() } else { "LoginProtect" },
        "kind": kind,
        "state": if standing.locked { "locked" } else if standing.suspended { "suspended" } else { "active" },
        "services": services,
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
        // How many are typed, never which: of a code, where it cannot be scanned.
        "digits": number.map_or(0, |number| number.shown().len()),
    })
}

/// GET /approver/api/approvals/{id}: how a question stands, answered or not.
async fn asked(State(desk): State<Desk>, Path(id): Path<String>, request: Request) -> Response {
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

/// DELETE /approver/api/slots/{user}/silences
async fn ring_again(State(desk): State<Desk>, Path(user): Path<String>, request: Request) -> Response {
    called(&desk, request, async |call| {
        let user = UserId::parse(&user).map_err(|_| refused(&call.visit, &Rejected::NotRegistered))?;
        let ended = approvers::end_silences(&call.visit.core, &call.key, &user).await;
        ended.map_err(|rejected| refused(&call.visit, &rejected))?;
        Ok((StatusCode::OK, json!({})))
    })
    .await
}

/// POST /approver/api/approvals/{id} `{ answer }`
async fn answer(State(desk): State<Desk>, Path(id): Path<String>, request: Request) -> Response {
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
async fn release(State(desk): State<Desk>, request: Request) -> Response {
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

/// PUT /approver/api/slots/{user} `{ name }`
async fn rename(State(desk): State<Desk>, Path(user): Path<String>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        name: String,
    }
    called(&desk, request, async |call| {
        let Input { name } = call.input()?;
        let user = UserId::parse(&user).map_err(|_| not_done(&call.visit, &ActError::NotFound))?;
        let renamed = approvers::rename(&call.visit.core, &call.key, &user, &name).await;
        renamed.map_err(|error| not_done(&call.visit, &error))?;
        Ok((StatusCode::OK, json!({})))
    })
    .await
}

/// DELETE /approver/api/slots/{user}
async fn remove(State(desk): State<Desk>, Path(user): Path<String>, request: Request) -> Response {
    called(&desk, request, async |call| {
        let visit = &call.visit;
        let user = UserId::parse(&user).ok().and_then(|user| visit.core.users().find(&user));
        let user = user.ok_or_else(|| not_done(visit, &ActError::NotFound))?;
        let removed = approvers::remove(&visit.core, &circumstances(visit), &user, &call.key.id(), None).await;
        removed.map_err(|error| not_done(visit, &error))?;
        Ok((StatusCode::OK, json!({})))
    })
    .await
}

/// PUT /approver/api/subscription `{ endpoint, key, secret }`: what `PushManager.subscribe` gave.
async fn subscribe(State(desk): State<Desk>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        endpoint: String,
        key: String,
        secret: String,
    }
    called(&desk, request, async |call| {
        let Input { endpoint, key, secret } = call.input()?;
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
        Ok((StatusCode::OK, json!({})))
    })
    .await
}

/// DELETE /approver/api/subscription `{ endpoint }`
async fn unsubscribe(State(desk): State<Desk>, request: Request) -> Response {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        endpoint: String,
    }
    called(&desk, request, async |call| {
        let Input { endpoint } = call.input()?;
        let forgotten = call.visit.core.approvals().approvers.unsubscribe(&call.key.id(), &endpoint).await;
        forgotten.map_err(|error| refused(&call.visit, &error.into()))?;
        Ok((StatusCode::OK, json!({})))
    })
    .await
}

/// GET /approver/api/events: an event for each change of what is asked of any user of this approver.
async fn events(State(desk): State<Desk>, request: Request) -> Response {
    let call = match Call::read(&desk, request).await {
        Ok(call) => call,
        Err(response) => return response,
    };
    let slots = match registered(&call).await {
        Ok(slots) if slots.is_empty() => return refused(&call.visit, &Rejected::NotRegistered),
        Ok(slots) => slots,
        Err(response) => return response,
    };
    let mut followed = Vec::new();
    for slot in &slots {
        match call.visit.core.approvals().follow_user(&slot.user).await {
            Ok(told) => followed.push(told),
            Err(error) => return refused(&call.visit, &error.into()),
        }
        match call.visit.core.login_protect().follow(&slot.user).await {
            Ok(told) => followed.extend(told),
            Err(error) => return refused(&call.visit, &error.into()),
        }
    }
    // A stream that goes on for ever would keep a gateway that ends waiting for it.
    let leaving = call.visit.core.approvals().shut_down();
    let (core, approver) = (Arc::clone(&call.visit.core), call.key.id());
    let served: Vec<UserId> = slots.into_iter().map(|slot| slot.user).collect();
    let told = stream::unfold((followed, core, approver, served), async |(mut followed, core, approver, served)| {
        let waited = tokio::time::timeout(HEARTBEAT, any(&mut followed)).await;
        // Removed for one of them: it hears no more of that one, and asks again for the others.
        let slots = core.approvals().approvers.on(&approver).await.unwrap_or_default();
        if served.iter().any(|user| !slots.iter().any(|slot| slot.user == *user)) {
            return None;
        }
        // What changed is asked again with a proof of its own; the event carries nothing.
        let line = if waited.is_ok() { "event: change\ndata: {}\n\n" } else { ": alive\n\n" };
        let next = (followed, core, approver, served);
        Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(line.as_bytes())), next))
    });
    let mut response = Response::new(Body::from_stream(told.take_until(leaving)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Resolves when any of them tells something.
async fn any(followed: &mut [mpsc::Receiver<Vec<u8>>]) {
    std::future::poll_fn(|context| {
        let mut told = std::task::Poll::Pending;
        for receiver in followed.iter_mut() {
            while let std::task::Poll::Ready(Some(_)) = receiver.poll_recv(context) {
                told = std::task::Poll::Ready(());
            }
        }
        told
    })
    .await;
}

/// Reads a request, does it, answers in JSON.
async fn called(desk: &Desk, request: Request, act: impl AsyncFnOnce(Call) -> Result<(StatusCode, Value), Response>) -> Response {
    let call = match Call::read(desk, request).await {
        Ok(call) => call,
        Err(response) => return response,
    };
    match act(call).await {
        Ok((status, value)) => answered(status, &value, "application/json"),
        Err(response) => response,
    }
}

fn refused(visit: &Visit, rejected: &Rejected) -> Response {
    let code = rejected.code();
    let status = match code {
        "approval_unknown" => StatusCode::NOT_FOUND,
        "approver_not_registered" | "approvals_suspended" => StatusCode::FORBIDDEN,
        "signature_invalid" | "signature_replayed" => StatusCode::UNAUTHORIZED,
        "state_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "approval_expired" => StatusCode::GONE,
        _ => StatusCode::CONFLICT,
    };
    told(visit, code);
    problem(status, code, &rejected.to_string())
}

fn not_done(visit: &Visit, error: &ActError) -> Response {
    let (status, code) = match error {
        ActError::DeadLink => (StatusCode::GONE, "dead_link"),
        ActError::TooMany(_) => (StatusCode::CONFLICT, "approver_limit"),
        ActError::Excluded => (StatusCode::CONFLICT, "authenticator_registered"),
        ActError::NotAllowed => (StatusCode::FORBIDDEN, "not_allowed"),
        ActError::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        ActError::Shared(_) | ActError::Database(_) => (StatusCode::SERVICE_UNAVAILABLE, "state_unavailable"),
        _ => (StatusCode::BAD_REQUEST, "not_done"),
    };
    told(visit, code);
    problem(status, code, &error.to_string())
}

/// Whether the phone is one that we know, not every refusal tells: the line counts as a stranger's.
fn told(visit: &Visit, code: &str) {
    if strangers::may_write(Kind::ApproverRefused, visit.arrival.address.ip()) {
        tracing::warn!(remote_ip = %visit.arrival.address, code, request_id = %visit.arrival.request_id, "approver_refused");
    }
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let mut response = ProblemDocument::new(status, code).untyped().with("detail", detail).respond(Body::from);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn answered(status: StatusCode, value: &Value, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
