//! The requester comes for the answer: the chain judges again, the held request is released and forwarded once, and the
//! upstream's own answer goes back.
//! Invariant: once a byte of it may have been sent, nothing reports it as not sent.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use tokio_util::task::TaskTracker;

use super::waiting::PREFER;
use crate::approval::id::ApprovalId;
use crate::chain::policy::selection::Selected;
use crate::chain::{Named, Permit, Verdict};
use crate::core::Core;
use crate::facts::cookies;
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::requirements;
use crate::gateway::exchange::requirements::Unjudged;
use crate::gateway::forward::{self, Passage};
use crate::gateway::hosts::AppHost;
use crate::gateway::redirect;
use crate::gateway::upstream::pinned::ConnectionOwner;
use crate::gateway::upstream::{SendOnce, UpstreamError};
use crate::identity::headers::UpstreamIdentity;
use crate::session::sessions::Admitted;
use crate::transaction::{Ending, Held, HeldError, HeldRequest, TransactionId};

impl<'a> Exchange<'a> {
    /// The requester comes for it: judged again, released, forwarded; the answer is the upstream's own.
    pub(super) async fn collect(&self, app: &'a Arc<AppHost>, held: &Arc<Held>, headers: &HeaderMap) -> Response<Body> {
        let core = &self.gateway.core;
        let admitted = self.admitted(&app.name, headers);
        let asked = match asked_of(app, held) {
            Ok(asked) => asked,
            Err(why) => return self.unjudged(&why, None, headers),
        };
        let judged = self.judge(app, asked, admitted.as_ref());
        let hold = match judged.verdict {
            Verdict::Hold(hold) => hold,
            // The session, the network, the certificate, or the config itself is not what it was: it goes no further.
            other => {
                if let Err(error) = core.transaction_engine().end(held, Ending::Refused).await {
                    return self.failed(&error, headers);
                }
                return match other {
                    Verdict::Refuse(refusal) => self.refuse(refusal, asked, judged.trace, judged.standing.as_deref(), headers),
                    Verdict::Ask(turn) => self.problem(StatusCode::UNAUTHORIZED, turn.refusal().code(), headers),
                    Verdict::Pass(_) | Verdict::Hold(_) => self.problem(StatusCode::FORBIDDEN, "transaction_refused", headers),
                };
            }
        };
        // On a task of its own: a client that leaves now must not leave it between two states.
        let releasing = {
            let (core, held, tasks) = (Arc::clone(core), Arc::clone(held), self.gateway.tasks.clone());
            self.gateway.tasks.spawn(async move {
                let released = core.transaction_engine().release(&held, hold).await?;
                Ok((released, Unfinished { core, tasks, held: Some(held), ending: Ending::NotSent }))
            })
        };
        let released = match releasing.await {
            Ok(released) => released,
            Err(error) => return self.failed(&error, headers),
        };
        let (released, mut unfinished) = match released {
            Ok(released) => released,
            Err(HeldError::NotNow(_)) => {
                return match core.transaction_engine().status(held).await {
                    Ok(status) => self.status_answer(held, &status, None),
                    Err(error) => self.failed(&error, headers),
                };
            }
            Err(HeldError::Unreleased(error)) => {
                tracing::warn!(%error, transaction = %held.id, request_id = %self.request_id, "transaction_refused");
                return self.problem(StatusCode::FORBIDDEN, "transaction_refused", headers);
            }
            Err(error) => return self.failed(&error, headers),
        };
        // From here on it may be sent: however this task ends, it is not reported as not sent.
        unfinished.ending = Ending::Unknown;
        let named = released.permit.named().cloned();
        let identity = self.identity_with_transaction(app, admitted.as_ref(), &released.permit, &held.id, &released.approvals);
        let request = as_it_was(released.request, headers);
        let opens = requirements::RequestedTargets::of(request.method(), request.uri(), request.headers());
        let (ending, response) = match self.forwarded(app, released.permit, request, &identity).await {
            Ok(response) => {
                let status = response.status().as_u16();
                (Ending::Forwarded(status), self.bound(app, opens, admitted.as_ref(), named, response))
            }
            Err(response) if response.extensions().get::<NeverSent>().is_some() => (Ending::NotSent, response),
            Err(response) => (Ending::Unknown, response),
        };
        unfinished.held = None;
        if let Err(error) = core.transaction_engine().end(held, ending).await {
            tracing::error!(%error, transaction = %held.id, "transaction_end_not_written");
        }
        response
    }

    /// The identity for the app: the user, and the transaction with its approvals.
    pub(super) fn identity_with_transaction(
        &self,
        app: &AppHost,
        admitted: Option<&Admitted>,
        permit: &Permit,
        id: &TransactionId,
        approvals: &[ApprovalId],
    ) -> UpstreamIdentity {
        let approvals: Vec<&str> = approvals.iter().map(ApprovalId::as_str).collect();
        match admitted {
            Some(admitted) if self.shows_what_it_was_made_with(admitted) => {
                let Admitted { session, evidence, .. } = admitted;
                let to = (&app.name, &app.form);
                self.gateway.core.assertions().identity_for_transaction(session, evidence, to, id.as_str(), &approvals)
            }
            Some(_) | None => {
                let assertions = self.gateway.core.assertions();
                let said = (id.as_str(), &*approvals);
                let known = self.known_by_certificate(permit.named(), |who, certificate| {
                    assertions.identity_by_certificate_for_transaction(who, certificate, (&app.name, &app.form), said)
                });
                known.unwrap_or_else(|| UpstreamIdentity::by_name(permit.named().map(Named::as_str)))
            }
        }
    }

    /// Forwards it; where the upstream fails, the page or problem that says whether it may have happened.
    pub(super) async fn forwarded(
        &self,
        app: &AppHost,
        permit: Permit,
        mut request: Request<Body>,
        identity: &UpstreamIdentity,
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
        request.extensions_mut().insert(SendOnce);
        let certificate = self.client_cert(app, &permit);
        let passage = Passage {
            address: self.address,
            request_id: &self.request_id,
            app: &app.name,
            // Held for a while, and sent once: what it signed in for is gone.
            owner: ConnectionOwner { pinned: None, session: None },
            identity,
            certificate,
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
                let never = matches!(error, UpstreamError::Unreachable { .. } | UpstreamError::Http11Required);
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
    pub(in crate::gateway) fn came_for(&self, app: &AppHost, request: &Request<Body>) -> Option<Arc<Held>> {
        if app.policy.transactions().is_empty() || *request.method() != Method::GET {
            return None;
        }
        let id = TransactionId::parse(cookies::find(request.headers(), cookies::TRANSACTION)?)?;
        let admitted = self.admitted(&app.name, request.headers());
        let held = self.own_transaction(app, &id, admitted.as_ref())?;
        let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        (*held.rule.app == *app.name && held.target == target).then_some(held)
    }

    /// Gives a browser the upstream's answer at the very address that it had posted to.
    pub(in crate::gateway) async fn deliver(
        &self,
        app: &'a Arc<AppHost>,
        held: &Arc<Held>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let mut response = match self.gateway.core.transaction_engine().status(held).await {
            Ok(status) if status.phase.is_approved() => self.collect(app, held, headers).await,
            // A reload of what was answered already, or too early: the page says how it stands.
            Ok(_) => redirect::see_other(&self.page_of(&held.id)),
            Err(error) => self.failed(&error, headers),
        };
        response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::TRANSACTION, "", Some(0)));
        response
    }
}

/// What a held request must meet now.
pub(super) fn asked_of<'a>(app: &'a AppHost, held: &Held) -> Result<Selected<'a>, Unjudged> {
    requirements::selected(app, &held.method, held.target.split('?').next().unwrap_or("/"), &held.fields())
}

/// That nothing of a request left the gateway.
#[derive(Clone, Copy, Debug)]
struct NeverSent;

/// A request that was released: where nobody comes to say how it ended (the client left, the task was dropped), it ended so.
struct Unfinished {
    core: Arc<Core>,
    tasks: TaskTracker,
    held: Option<Arc<Held>>,
    ending: Ending,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            let (core, ending) = (Arc::clone(&self.core), self.ending);
            self.tasks.spawn(async move {
                if let Err(error) = core.transaction_engine().end(&held, ending).await {
                    tracing::error!(%error, transaction = %held.id, "transaction_end_not_written");
                }
            });
        }
    }
}

/// The held request, with the present cookies of the client that fetches its result.
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
