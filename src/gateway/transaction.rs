//! Requests that are held until they are approved by themselves: taken in whole, shown, and forwarded once,
//! when whoever asked comes for the answer and the chain still lets them pass. A person waits at the portal; a program gets
//! `202` with where to look, or waits with `Prefer: wait=N` (RFC 7240).
//! Invariant: a held request is forwarded with a `Permit` that was made from its own approval, and with nothing else.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use serde_json::json;
use tokio_util::task::TaskTracker;

use super::answer::{self, Caller};
use super::body::{Body, BodyError};
use super::forward::{self, Passage};
use super::hosts::AppHost;
use super::request::{Traveller, is_upgrade, note};
use super::upstream::{Once, UpstreamError};
use crate::approval::question::Details;
use crate::chain::policy::transaction::Transaction;
use crate::chain::{Hold, Verdict};
use crate::facts::cookies;
use crate::facts::request_digest::{Head, RequestDigest};
use crate::facts::target::{NormalPath, Target};
use crate::house::House;
use crate::house::transactions::{NotHeld, NotReleased, Standing};
use crate::session::sessions::Admitted;
use crate::transaction::fields::{self, Source, Unreadable};
use crate::transaction::spool::{HeldBody, SpoolError};
use crate::transaction::{Ending, Held, HeldRequest, NewTransaction, Owner, Taken, TransactionId};

/// Below this everything of ours about held requests lies, on an app's host.
pub(super) const PREFIX: &str = "/.sekisho/transactions/";
/// The script that an app's page may load to have its background requests wait.
const SCRIPT: &str = include_str!("transactions.js");
/// How long a program may wait at most, whatever it prefers.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Why a body could not be taken in.
enum NotTaken {
    Spool(SpoolError),
    Client(BodyError),
    Slow,
}

impl<'a> Traveller<'a> {
    /// A request that passed all six checks and is a transaction.
    pub(super) async fn hold(
        &self,
        app: &'a Arc<AppHost>,
        hold: Hold,
        admitted: Option<Admitted>,
        request: Request<Body>,
        path: &NormalPath,
    ) -> Response<Body> {
        let refused = |status, code| self.problem(status, code, request.headers());
        if is_upgrade(&request) {
            return refused(StatusCode::FORBIDDEN, "transaction_upgrade");
        }
        if app.destination.is_none() {
            return refused(StatusCode::MISDIRECTED_REQUEST, "served_by_another_proxy");
        }
        let Some(owner) = self.owner(admitted.as_ref()) else {
            return refused(StatusCode::FORBIDDEN, "transaction_without_user");
        };
        let house = &self.gateway.house;
        let (rule, user) = (Arc::clone(hold.transaction()), hold.user().cloned());
        // Where the cover does not hold after all, it is held as any other: what was judged says nothing else.
        if house.is_covered(owner, &rule)
            && let Some((permit, of)) = house.covered(owner, hold)
        {
            let told = self.told_of(app, admitted.as_ref(), &of, &[]);
            return self.forwarded(app, permit, request, &told).await.unwrap_or_else(|response| response);
        }
        let (parts, body) = request.into_parts();
        let (body, hash) = match self.take_in(body).await {
            Ok(taken) => taken,
            Err(why) => return self.not_taken(&why, &parts.headers),
        };
        let body = Arc::new(body);
        let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let source =
            Source { path: path.as_str(), query: parts.uri.query().unwrap_or_default(), headers: &parts.headers, body: &body };
        let fields = match fields::read(&rule, &source).await {
            Ok(fields) => fields,
            Err(why) => return self.unreadable(&why, &rule, &parts.headers),
        };
        let shown = fields::shown_headers(&rule);
        let head = Head {
            app: &rule.app,
            transaction: &rule.name,
            method: parts.method.as_str(),
            authority: &self.authority,
            target,
            headers: &parts.headers,
            shown: &shown,
        };
        let digest = RequestDigest::of(&head, body.len(), &hash);
        let details = Details {
            name: rule.name.to_string(),
            title: rule.title.clone(),
            sentence: rule.sentence.clone(),
            requester: None,
            fields,
            request: Some(digest),
        };
        let present = parts.headers.clone();
        let new = NewTransaction {
            rule,
            owner,
            user,
            digest,
            details,
            address: self.address,
            agent: admitted.as_ref().map_or_else(|| "–".to_owned(), |admitted| admitted.session.agent().to_owned()),
            authority: self.authority.clone(),
            request: HeldRequest { method: parts.method, uri: parts.uri, headers: parts.headers, body },
        };
        match house.hold(new, &self.request_id).await {
            Ok(Taken::New(held) | Taken::Joined(held)) => self.wait(app, &held, &present).await,
            Ok(Taken::Before(_)) => self.problem(StatusCode::CONFLICT, "transaction_done_before", &present),
            Err(error) => self.not_held(&error, &present),
        }
    }

    /// Whose a request is: a session's, or a machine's that a trusted certificate names.
    fn owner(&self, admitted: Option<&Admitted>) -> Option<Owner> {
        if let Some(admitted) = admitted {
            return Some(Owner::Session(admitted.session.id()));
        }
        self.machine().user.as_ref()?;
        self.connection.certificate.as_deref().map(|certificate| Owner::Machine(certificate.fingerprint()))
    }

    /// Takes in a body: bounded in size, in pace and in time.
    async fn take_in(&self, body: Body) -> Result<(HeldBody, aws_lc_rs::digest::Digest), NotTaken> {
        let limits = self.gateway.house.config.load().file.limits.clone();
        let mut receiving = self.gateway.house.transactions.spool.receive();
        let mut body = std::pin::pin!(body.watched(limits.idle.0).in_haste());
        let all = async {
            while let Some(frame) = std::future::poll_fn(|context| http_body::Body::poll_frame(body.as_mut(), context)).await {
                if let Ok(data) = frame.map_err(NotTaken::Client)?.into_data() {
                    receiving.push(&data).await.map_err(NotTaken::Spool)?;
                }
            }
            Ok(())
        };
        match tokio::time::timeout(limits.transaction_within.0, all).await {
            Ok(Ok(())) => receiving.finish().await.map_err(NotTaken::Spool),
            Ok(Err(why)) => Err(why),
            Err(_elapsed) => Err(NotTaken::Slow),
        }
    }

    fn not_taken(&self, why: &NotTaken, headers: &HeaderMap) -> Response<Body> {
        let (status, code) = match why {
            NotTaken::Spool(SpoolError::TooLong(_)) => (StatusCode::PAYLOAD_TOO_LARGE, "transaction_body_too_long"),
            NotTaken::Spool(SpoolError::Full) => (StatusCode::SERVICE_UNAVAILABLE, "transaction_no_room"),
            NotTaken::Spool(error @ (SpoolError::Disk(_) | SpoolError::Damaged)) => {
                tracing::error!(%error, request_id = %self.request_id, "transaction_not_held");
                (StatusCode::SERVICE_UNAVAILABLE, "transaction_not_held")
            }
            NotTaken::Client(BodyError::Stalled(_)) | NotTaken::Slow => {
                (StatusCode::REQUEST_TIMEOUT, "transaction_body_too_slow")
            }
            NotTaken::Client(_) => (StatusCode::BAD_REQUEST, "body_malformed"),
        };
        let mut response = self.problem(status, code, headers);
        // What is left of the body cannot be told from the next request (T18).
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }

    fn unreadable(&self, why: &Unreadable, rule: &Transaction, headers: &HeaderMap) -> Response<Body> {
        tracing::info!(remote_ip = %self.address, app = %rule.app, transaction = %rule.name, reason = why.code(), error = %why, request_id = %self.request_id, "transaction_unreadable");
        let status = match why {
            Unreadable::Spool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Unreadable::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Unreadable::AnotherType(_) | Unreadable::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut told = self.told(status, why.code(), None);
        told.detail = Some(why.to_string().into());
        let mut response = answer::problem(&told, self.caller, headers, &*self.gateway.pages);
        note(&mut response, why.code());
        response
    }

    fn not_held(&self, error: &NotHeld, headers: &HeaderMap) -> Response<Body> {
        let status = match error {
            NotHeld::TooMany => StatusCode::TOO_MANY_REQUESTS,
            NotHeld::Database(_) | NotHeld::Approval(_) | NotHeld::Shared(_) => {
                tracing::error!(%error, request_id = %self.request_id, "transaction_not_held");
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => StatusCode::FORBIDDEN,
        };
        let mut told = self.told(status, error.code(), None);
        told.detail = Some(error.to_string().into());
        let mut response = answer::problem(&told, self.caller, headers, &*self.gateway.pages);
        note(&mut response, error.code());
        response
    }

    /// Held: a person is sent to where it can be watched; a program is told where, or waits as long as it prefers.
    async fn wait(&self, app: &'a Arc<AppHost>, held: &Arc<Held>, headers: &HeaderMap) -> Response<Body> {
        if self.caller == Caller::Person {
            let mut response = answer::see_other(&self.page_of(&held.id));
            note(&mut response, "transaction_held");
            return response;
        }
        match self.waited(held, preferred(headers)).await {
            Ok(standing) if standing.word == "approved" => self.collect(app, held, headers).await,
            Ok(standing) => self.standing(held, &standing, preferred(headers)),
            Err(error) => self.failed(&error, headers),
        }
    }

    /// Waits until it is approved or over, at most so long.
    async fn waited(&self, held: &Arc<Held>, at_most: Option<Duration>) -> Result<Standing, NotReleased> {
        let house = &self.gateway.house;
        let until = house.clock.monotonic() + at_most.unwrap_or_default();
        loop {
            let standing = house.transaction(held).await?;
            let left = until.saturating_sub(house.clock.monotonic());
            let over = left.is_zero() || house.approvals.has_left();
            if over || !matches!(standing.word, "password" | "code" | "pending") {
                return Ok(standing);
            }
            house.wait_for_transaction(held, left).await?;
        }
    }

    fn page_of(&self, id: &TransactionId) -> String {
        format!("{}/transaction/{id}", self.hosts.portal_url)
    }

    /// What a program is told of one that is held or over.
    fn standing(&self, held: &Held, standing: &Standing, waited: Option<Duration>) -> Response<Body> {
        let (status, code) = match standing.ending {
            None => (StatusCode::ACCEPTED, "transaction_held"),
            Some(Ending::Denied) => (StatusCode::FORBIDDEN, "transaction_denied"),
            Some(Ending::Expired) => (StatusCode::FORBIDDEN, "transaction_expired"),
            Some(Ending::Cancelled) => (StatusCode::FORBIDDEN, "transaction_cancelled"),
            Some(Ending::Refused) => (StatusCode::FORBIDDEN, "transaction_refused"),
            Some(Ending::Forwarded(_)) => (StatusCode::GONE, "transaction_collected"),
            Some(Ending::NotSent) => (StatusCode::BAD_GATEWAY, "transaction_not_sent"),
            Some(Ending::Unknown) => (StatusCode::BAD_GATEWAY, "transaction_unknown"),
        };
        let mut response = match standing.ending {
            None => json_answer(status, &self.document(held, standing)),
            Some(_) => answer::problem(&self.told(status, code, None), Caller::Program, &HeaderMap::new(), &*self.gateway.pages),
        };
        if standing.ending.is_none() {
            let at = format!("{PREFIX}{}", held.id);
            let set = response.headers_mut();
            for (name, value) in [
                (header::LOCATION, format!("{at}/result")),
                (header::LINK, format!("<{at}>; rel=\"status\"")),
                (header::RETRY_AFTER, "1".to_owned()),
            ] {
                if let Ok(value) = HeaderValue::try_from(value) {
                    set.insert(name, value);
                }
            }
            if let Some(Ok(applied)) = waited.map(|waited| HeaderValue::try_from(format!("wait={}", waited.as_secs()))) {
                set.insert(PREFERENCE_APPLIED, applied);
            }
        }
        note(&mut response, code);
        response
    }

    fn document(&self, held: &Held, standing: &Standing) -> serde_json::Value {
        let at = format!("{PREFIX}{}", held.id);
        json!({
            "transaction": held.id.as_str(),
            "name": &*held.rule.name,
            "state": standing.word,
            "expires_at": held.expires_at.rfc3339(),
            "expires_in": standing.left.as_secs(),
            "approved_by": standing.yes.0,
            "approvals_needed": standing.yes.1,
            "number": standing.number,
            "request": held.digest.text(),
            "status": at,
            "result": format!("{at}/result"),
            "page": self.page_of(&held.id),
        })
    }

    fn failed(&self, error: &dyn std::fmt::Display, headers: &HeaderMap) -> Response<Body> {
        tracing::error!(%error, request_id = %self.request_id, "transaction_failed");
        self.problem(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable", headers)
    }

    /// Whoever asked comes for it: judged anew, released, forwarded; the answer is the upstream's own.
    async fn collect(&self, app: &'a Arc<AppHost>, held: &Arc<Held>, headers: &HeaderMap) -> Response<Body> {
        let house = &self.gateway.house;
        let admitted = self.admitted(&app.name, headers);
        let path = held.target.split('?').next().unwrap_or("/");
        let Ok(path) = NormalPath::parse(path) else {
            return self.problem(StatusCode::BAD_REQUEST, "path_not_absolute", headers);
        };
        let judged = self.judge(app, &Target { method: held.method.clone(), path }, admitted.as_ref());
        let hold = match judged.verdict {
            Verdict::Hold(hold) => hold,
            // The session, the network, the certificate, or the config itself is not what it was: it goes no further.
            other => {
                if let Err(error) = house.end_transaction(held, Ending::Refused).await {
                    return self.failed(&error, headers);
                }
                return match other {
                    Verdict::Refuse(refusal) => self.refuse(refusal, judged.trace, judged.standing.as_deref(), headers),
                    Verdict::Ask(turn) => self.problem(StatusCode::UNAUTHORIZED, turn.refusal().code(), headers),
                    Verdict::Pass(_) | Verdict::Hold(_) => self.problem(StatusCode::FORBIDDEN, "transaction_refused", headers),
                };
            }
        };
        // On a task of its own: a client that leaves now must not leave it between two states.
        let releasing = {
            let (house, held, tasks) = (Arc::clone(house), Arc::clone(held), self.gateway.tasks.clone());
            self.gateway.tasks.spawn(async move {
                let released = house.release_transaction(&held, hold).await?;
                Ok((released, Unfinished { house, tasks, held: Some(held), ending: Ending::NotSent }))
            })
        };
        let released = match releasing.await {
            Ok(released) => released,
            Err(error) => return self.failed(&error, headers),
        };
        let (released, mut unfinished) = match released {
            Ok(released) => released,
            Err(NotReleased::NotNow(_)) => {
                return match house.transaction(held).await {
                    Ok(standing) => self.standing(held, &standing, None),
                    Err(error) => self.failed(&error, headers),
                };
            }
            Err(NotReleased::Unreleased(error)) => {
                tracing::warn!(%error, transaction = %held.id, request_id = %self.request_id, "transaction_refused");
                return self.problem(StatusCode::FORBIDDEN, "transaction_refused", headers);
            }
            Err(error) => return self.failed(&error, headers),
        };
        // From here on it may happen: whatever ends this task, it is not told as undone.
        unfinished.ending = Ending::Unknown;
        let told = self.told_of(app, admitted.as_ref(), &held.id, &released.approvals);
        let request = as_it_was(released.request, headers);
        let (ending, response) = match self.forwarded(app, released.permit, request, &told).await {
            Ok(response) => (Ending::Forwarded(response.status().as_u16()), response),
            Err(response) if response.extensions().get::<NeverSent>().is_some() => (Ending::NotSent, response),
            Err(response) => (Ending::Unknown, response),
        };
        unfinished.held = None;
        if let Err(error) = house.end_transaction(held, ending).await {
            tracing::error!(%error, transaction = %held.id, "transaction_end_not_written");
        }
        response
    }

    /// What the app is told: the user, and the transaction with its approvals.
    fn told_of(
        &self,
        app: &AppHost,
        admitted: Option<&Admitted>,
        id: &TransactionId,
        approvals: &[crate::approval::question::ApprovalId],
    ) -> crate::identity::headers::Told {
        let approvals: Vec<&str> = approvals.iter().map(crate::approval::question::ApprovalId::as_str).collect();
        match admitted {
            Some(admitted) => {
                self.gateway.house.assertions.told_of_transaction(&admitted.session, &app.name, id.as_str(), &approvals)
            }
            None => self.machine(),
        }
    }

    /// Forwards it; where the upstream fails, the page or problem that says whether it may have happened.
    async fn forwarded(
        &self,
        app: &AppHost,
        permit: crate::chain::Permit,
        mut request: Request<Body>,
        told: &crate::identity::headers::Told,
    ) -> Result<Response<Body>, Response<Body>> {
        let headers: HeaderMap = request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .map(|language| (header::ACCEPT_LANGUAGE, language.clone()))
            .into_iter()
            .collect();
        let Some(destination) = &app.destination else {
            return Err(self.problem(StatusCode::MISDIRECTED_REQUEST, "served_by_another_proxy", &headers));
        };
        request.extensions_mut().insert(Once);
        let passage = Passage {
            address: self.address,
            authority: &self.authority,
            request_id: &self.request_id,
            told,
            ended: None,
            tasks: &self.gateway.tasks,
        };
        match forward::forward(permit, request, destination, passage).await {
            Ok(response) => {
                app.counters.passed.increment(1);
                Ok(response)
            }
            Err(error) => {
                app.counters.failed.increment(1);
                tracing::warn!(remote_ip = %self.address, app = %app.name, %error, request_id = %self.request_id, "transaction_upstream_failed");
                let never = matches!(error, UpstreamError::Unreachable { .. });
                let status = if matches!(error, UpstreamError::TimedOut { .. }) {
                    StatusCode::GATEWAY_TIMEOUT
                } else {
                    StatusCode::BAD_GATEWAY
                };
                let code = if never { "transaction_not_sent" } else { "transaction_unknown" };
                let mut response = self.problem(status, code, &headers);
                if never {
                    response.extensions_mut().insert(NeverSent);
                }
                Err(response)
            }
        }
    }

    /// The held request that a browser comes back for, by the cookie that was set for this very target.
    pub(super) fn came_for(&self, app: &AppHost, request: &Request<Body>) -> Option<Arc<Held>> {
        if app.policy.transactions().is_empty() || *request.method() != Method::GET {
            return None;
        }
        let id = TransactionId::parse(cookies::find(request.headers(), cookies::TRANSACTION)?)?;
        let admitted = self.admitted(&app.name, request.headers());
        let held = self.gateway.house.transactions.find(&id, self.owner(admitted.as_ref())?)?;
        let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        (*held.rule.app == *app.name && held.target == target).then_some(held)
    }

    /// Gives a browser the upstream's answer at the very address that it had posted to.
    pub(super) async fn deliver(&self, app: &'a Arc<AppHost>, held: &Arc<Held>, headers: &HeaderMap) -> Response<Body> {
        let mut response = match self.gateway.house.transaction(held).await {
            Ok(standing) if standing.word == "approved" => self.collect(app, held, headers).await,
            // A reload of what was answered already, or too early: the page says how it stands.
            Ok(_) => answer::see_other(&self.page_of(&held.id)),
            Err(error) => self.failed(&error, headers),
        };
        response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::TRANSACTION, "", Some(0)));
        response
    }

    /// `/.sekisho/transactions/…`: how one stands, its result, its end.
    pub(super) async fn transaction_path(&self, app: &'a Arc<AppHost>, parts: &http::request::Parts) -> Response<Body> {
        let headers = &parts.headers;
        let rest = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        if rest == "script.js" && parts.method == Method::GET {
            let mut response = Response::new(Body::full(SCRIPT));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
            response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            return response;
        }
        let (id, deed) = rest.split_once('/').map_or((rest, ""), |(id, deed)| (id, deed));
        let admitted = self.admitted(&app.name, headers);
        let found = TransactionId::parse(id)
            .zip(self.owner(admitted.as_ref()))
            .and_then(|(id, owner)| self.gateway.house.transactions.find(&id, owner))
            .filter(|held| *held.rule.app == *app.name);
        let Some(held) = found else {
            return self.problem(StatusCode::NOT_FOUND, "transaction_unknown_here", headers);
        };
        match (&parts.method, deed) {
            (&Method::GET, "") => match self.waited(&held, preferred(headers)).await {
                Ok(standing) => json_answer(StatusCode::OK, &self.document(&held, &standing)),
                Err(error) => self.failed(&error, headers),
            },
            (&Method::GET, "result") => match self.waited(&held, preferred(headers)).await {
                Ok(standing) if standing.word == "approved" => self.collect(app, &held, headers).await,
                Ok(standing) => self.standing(&held, &standing, preferred(headers)),
                Err(error) => self.failed(&error, headers),
            },
            (&Method::GET, "go") => {
                let mut response = answer::see_other(&held.target);
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::TRANSACTION, held.id.as_str(), Some(60)));
                response
            }
            (&Method::DELETE, "") => match self.gateway.house.cancel_transaction(&held).await {
                Ok(_) => {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::NO_CONTENT;
                    response
                }
                Err(error) => self.failed(&error, headers),
            },
            _ => self.problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", headers),
        }
    }
}

/// That nothing of a request left the gateway.
#[derive(Clone, Copy, Debug)]
struct NeverSent;

/// A request that was released: where nobody comes to say how it ended (the client left, the task was dropped), it ended so.
struct Unfinished {
    house: Arc<House>,
    tasks: TaskTracker,
    held: Option<Arc<Held>>,
    ending: Ending,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            let (house, ending) = (Arc::clone(&self.house), self.ending);
            self.tasks.spawn(async move {
                if let Err(error) = house.end_transaction(&held, ending).await {
                    tracing::error!(%error, transaction = %held.id, "transaction_end_not_written");
                }
            });
        }
    }
}

/// The held request, with the cookies of whoever came for it.
fn as_it_was(held: HeldRequest, present: &HeaderMap) -> Request<Body> {
    let HeldRequest { method, uri, mut headers, body } = held;
    headers.remove(header::COOKIE);
    for cookie in present.get_all(header::COOKIE) {
        headers.append(header::COOKIE, cookie.clone());
    }
    for name in [header::TRANSFER_ENCODING, header::EXPECT, PREFER] {
        headers.remove(name);
    }
    if !body.is_empty() || headers.contains_key(header::CONTENT_LENGTH) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let body = if body.is_empty() {
        Body::empty()
    } else {
        let parts = crate::transaction::spool::parts(body).map_err(axum::Error::new);
        Body::portal(axum::body::Body::from_stream(parts))
    };
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    request
}

/// `Prefer: wait=N` (RFC 7240 §4.3), in seconds.
fn preferred(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get_all(PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().to_ascii_lowercase().strip_prefix("wait=")?.trim_matches('"').parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT))
}

fn json_answer(status: StatusCode, document: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::full(document.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
