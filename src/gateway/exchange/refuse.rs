//! The answers of an exchange that does not reach its app: a refusal, a failed upstream, any other problem.

use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use std::sync::Arc;

use http::header::{self, HeaderMap};
use http::{Response, StatusCode};

use crate::chain::policy::selection::Selected;
use crate::chain::trace::Trace;
use crate::chain::{self};
use crate::facts::target;
use crate::gateway::accept::facts::Http11Required;
use crate::gateway::body::Body;

use crate::gateway::hosts::AppHost;
use crate::gateway::problem;
use crate::gateway::problem::Problem;
use crate::gateway::upstream::UpstreamError;
use crate::telemetry::strangers::{self, Kind};

impl Exchange<'_> {
    pub(in crate::gateway) fn refuse(
        &self,
        refusal: chain::refusal::Refusal,
        asked: Selected<'_>,
        trace: Trace,
        user: Option<&crate::principal::user::UserStanding>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let mut problem = self.problem_for(problem::status_of(refusal), refusal.code(), Some(refusal));
        problem.trace = Some(trace);
        problem.required = asked.required(user);
        problem.user = user.map(|standing| standing.user.clone());
        let mut response = problem::answer(&problem, self.caller, headers, &*self.gateway.pages);
        note(&mut response, refusal.code());
        response
    }

    pub(super) fn upstream_failed(
        &self,
        app: &AppHost,
        error: &UpstreamError,
        is_known: bool,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let (status, code) = match error {
            UpstreamError::Unreachable { .. } => (StatusCode::BAD_GATEWAY, "upstream_unreachable"),
            UpstreamError::Broken { .. } => (StatusCode::BAD_GATEWAY, "upstream_broken"),
            UpstreamError::TimedOut { .. } => (StatusCode::GATEWAY_TIMEOUT, "upstream_timed_out"),
            UpstreamError::ClientBody => (StatusCode::BAD_REQUEST, "body_malformed"),
            // Nobody reads it: the stream is reset for this reason, and the client comes by HTTP/1.1.
            UpstreamError::Http11Required => (StatusCode::HTTP_VERSION_NOT_SUPPORTED, "http_1_1_required"),
        };
        app.counters.failed.increment(1);
        if is_known || strangers::may_write(Kind::UpstreamFailed, self.address.ip()) {
            tracing::warn!(remote_ip = %self.address, app = %app.name, %error, request_id = %self.request_id, "upstream_failed");
        }
        let mut response = self.problem(status, code, headers);
        if matches!(error, UpstreamError::Http11Required) {
            response.extensions_mut().insert(Http11Required);
        }
        if matches!(error, UpstreamError::ClientBody) {
            // The rest of a broken body cannot be distinguished from the next request (T18).
            response.headers_mut().insert(header::CONNECTION, http::HeaderValue::from_static("close"));
        }
        response
    }

    pub(in crate::gateway) fn problem_for(
        &self,
        status: StatusCode,
        code: &'static str,
        refusal: Option<chain::refusal::Refusal>,
    ) -> Problem {
        let host = target::split(&self.authority).map_or("", |(host, _)| host);
        let helps = status == StatusCode::UNAUTHORIZED;
        Problem {
            status,
            code,
            refusal,
            request_id: Arc::clone(&self.request_id),
            app: self.app.map(|app| (Arc::clone(&app.title), Arc::from(host))),
            trace: None,
            required: [false; 6],
            address: Some(self.address),
            user: None,
            detail: None,
            sign_in: helps.then(|| format!("{}/sign-in", self.hosts.portal_url).into()),
            is_for_client: self.is_for_client,
        }
    }

    pub(in crate::gateway) fn problem(&self, status: StatusCode, code: &'static str, headers: &HeaderMap) -> Response<Body> {
        let mut response = problem::answer(&self.problem_for(status, code, None), self.caller, headers, &*self.gateway.pages);
        note(&mut response, code);
        response
    }
}
