//! Until a held request is approved: a person waits at the portal; a program gets `202` with where to look, or waits with
//! `Prefer: wait=N` (RFC 7240).

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use serde_json::json;

use crate::facts::cookies;
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::hosts::AppHost;
use crate::gateway::problem::{self, Caller};
use crate::gateway::redirect;
use crate::transaction::{Ending, Held, HeldError, TransactionId, TransactionStatus};

/// Below this everything of ours about held requests lies, on an app's host.
pub(in crate::gateway) const PREFIX: &str = "/.sekisho/transactions/";
/// The script that an app's page may load to have its background requests wait.
const SCRIPT: &str = include_str!("script.js");
/// How long a program may wait at most, whatever it prefers.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
pub(super) const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

impl<'a> Exchange<'a> {
    /// Held: a person is redirected to the page that shows it; a program gets its address, or waits as long as it prefers.
    pub(super) async fn wait(&self, app: &'a Arc<AppHost>, held: &Arc<Held>, headers: &HeaderMap) -> Response<Body> {
        if self.caller == Caller::Person {
            let mut response = redirect::see_other(&self.page_of(&held.id));
            note(&mut response, "transaction_held");
            return response;
        }
        match self.waited(held, preferred(headers)).await {
            Ok(status) if status.phase.is_approved() => self.collect(app, held, headers).await,
            Ok(status) => self.status_answer(held, &status, preferred(headers)),
            Err(error) => self.failed(&error, headers),
        }
    }

    /// Waits until it is approved or over, at most so long.
    async fn waited(&self, held: &Arc<Held>, at_most: Option<Duration>) -> Result<TransactionStatus, HeldError> {
        let core = &self.gateway.core;
        let until = core.clock().monotonic() + at_most.unwrap_or_default();
        loop {
            let status = core.transaction_engine().status(held).await?;
            let left = until.saturating_sub(core.clock().monotonic());
            let over = left.is_zero() || core.approvals().is_shut_down();
            if over || !status.phase.is_undecided() {
                return Ok(status);
            }
            core.transaction_engine().wait(held, left).await?;
        }
    }

    pub(super) fn page_of(&self, id: &TransactionId) -> String {
        format!("{}/transaction/{id}", self.hosts.portal_url)
    }

    /// The answer to a program about a request that is held or over.
    pub(super) fn status_answer(&self, held: &Held, status: &TransactionStatus, waited: Option<Duration>) -> Response<Body> {
        let (answer_status, code) = match status.phase.ending() {
            None => (StatusCode::ACCEPTED, "transaction_held"),
            Some(Ending::Denied) => (StatusCode::FORBIDDEN, "transaction_denied"),
            Some(Ending::Expired) => (StatusCode::FORBIDDEN, "transaction_expired"),
            Some(Ending::Cancelled) => (StatusCode::FORBIDDEN, "transaction_cancelled"),
            Some(Ending::Refused) => (StatusCode::FORBIDDEN, "transaction_refused"),
            Some(Ending::Forwarded(_)) => (StatusCode::GONE, "transaction_collected"),
            Some(Ending::NotSent) => (StatusCode::BAD_GATEWAY, "transaction_not_sent"),
            Some(Ending::Unknown) => (StatusCode::BAD_GATEWAY, "transaction_unknown"),
        };
        let mut response = match status.phase.ending() {
            None => json_answer(answer_status, &self.document(held, status)),
            Some(_) => problem::answer(
                &self.problem_for(answer_status, code, None),
                Caller::Program,
                &HeaderMap::new(),
                &*self.gateway.pages,
            ),
        };
        if status.phase.waits_for().is_some() {
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

    fn document(&self, held: &Held, status: &TransactionStatus) -> serde_json::Value {
        let at = format!("{PREFIX}{}", held.id);
        json!({
            "transaction": held.id.as_str(),
            "name": &*held.rule.name,
            "state": status.phase.word(),
            "expires_at": held.expires_at.rfc3339(),
            "expires_in": status.left.as_secs(),
            "approved_by": status.yes.0,
            "approvals_needed": status.yes.1,
            "number": status.number.as_ref().map(|number| number.digits.as_str()).filter(|digits| !digits.is_empty()),
            "number_style": status.number.as_ref().map(|number| number.style.word()),
            "number_code": status.number.as_ref().and_then(|number| number.address.as_deref()),
            "reached": status.quorum_reachable,
            "request": held.digest.text(),
            "status": at,
            "result": format!("{at}/result"),
            "page": self.page_of(&held.id),
        })
    }

    /// `/.sekisho/transactions/…`: how one stands, its result, its end.
    pub(in crate::gateway) async fn transaction_path(
        &self,
        app: &'a Arc<AppHost>,
        parts: &http::request::Parts,
    ) -> Response<Body> {
        let headers = &parts.headers;
        let rest = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        if rest == "script.js" && parts.method == Method::GET {
            let mut response = Response::new(Body::full(SCRIPT));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
            response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            return response;
        }
        let (id, action) = rest.split_once('/').map_or((rest, ""), |(id, action)| (id, action));
        let admitted = self.admitted(&app.name, headers);
        let found = TransactionId::parse(id)
            .and_then(|id| self.own_transaction(app, &id, admitted.as_ref()))
            .filter(|held| *held.rule.app == *app.name);
        let Some(held) = found else {
            return self.problem(StatusCode::NOT_FOUND, "transaction_unknown_here", headers);
        };
        match (&parts.method, action) {
            (&Method::GET, "") => match self.waited(&held, preferred(headers)).await {
                Ok(status) => json_answer(StatusCode::OK, &self.document(&held, &status)),
                Err(error) => self.failed(&error, headers),
            },
            (&Method::GET, "result") => match self.waited(&held, preferred(headers)).await {
                Ok(status) if status.phase.is_approved() => self.collect(app, &held, headers).await,
                Ok(status) => self.status_answer(&held, &status, preferred(headers)),
                Err(error) => self.failed(&error, headers),
            },
            (&Method::GET, "go") => {
                let mut response = redirect::see_other(&held.target);
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::TRANSACTION, held.id.as_str(), Some(60)));
                response
            }
            (&Method::DELETE, "") => match self.gateway.core.transaction_engine().cancel(&held).await {
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
