//! The answer to missing evidence: a program gets a problem that names the check; a person is redirected to the portal, and
//! the posted body is kept where this is allowed.

use std::sync::Arc;

use http::header;
use http::{Method, Request, Response, StatusCode};

use crate::chain::Turn;
use crate::facts::cookies;
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::judge::certificate_standing;
use crate::gateway::exchange::outcome::note;
use crate::gateway::exchange::pass::is_upgrade;
use crate::gateway::hosts::AppHost;
use crate::gateway::posted::PostedRequests;
use crate::gateway::problem;
use crate::gateway::problem::{Caller, PostNotKept};
use crate::gateway::redirect;
use crate::session::handover::Departure;
use crate::telemetry::strangers::Kind;

impl Exchange<'_> {
    /// Answers missing evidence: a person is redirected to the portal, a program learns which check asks.
    pub(in crate::gateway) async fn ask(
        &self,
        app: &Arc<AppHost>,
        turn: &Turn,
        signed_in: bool,
        request: Request<Body>,
    ) -> Response<Body> {
        app.counters.asked.increment(1);
        let refusal = turn.refusal();
        if self.caller == Caller::Program || is_upgrade(&request) {
            let mut response = problem::answer(
                &self.problem_for(StatusCode::UNAUTHORIZED, refusal.code(), Some(refusal)),
                Caller::Program,
                request.headers(),
                &*self.gateway.pages,
            );
            response.headers_mut().insert(header::WWW_AUTHENTICATE, problem::challenge(turn, signed_in, &self.hosts.portal_url));
            note(&mut response, refusal.code());
            return response;
        }
        let mut response = self.depart(app, request).await;
        note(&mut response, refusal.code());
        response
    }

    /// Sends a person to the portal, remembering where they came from, and what they posted where it may be kept.
    pub(in crate::gateway) async fn depart(&self, app: &Arc<AppHost>, request: Request<Body>) -> Response<Body> {
        let core = &self.gateway.core;
        let (parts, body) = request.into_parts();
        let path_and_query = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        let posts = !matches!(parts.method, Method::GET | Method::HEAD);
        let mut held = None;
        let mut why = PostNotKept::Foreign;
        if posts && PostedRequests::may(&parts.headers, &app.origin) {
            match self.gateway.posted.keep(self.body_origin(Some(&app.name)), &parts, body, self.hosts.held_body).await {
                Ok(id) => held = Some(id),
                Err(reason) => {
                    why = reason;
                    if self.may_write(Kind::BodyNotHeld, &parts.headers) {
                        tracing::info!(remote_ip = %self.address, app = %app.name, ?reason, request_id = %self.request_id, "body_not_held");
                    }
                }
            }
        }
        let state = cookies::find(&parts.headers, cookies::STATE)
            .filter(|state| crate::random::from_base64url::<32>(state).is_some())
            .map_or_else(|| crate::random::base64url(&core.random().token()), str::to_owned);
        let Some(state_hash) = crate::seal::TokenHash::of_text(&state) else {
            return self.problem(StatusCode::INTERNAL_SERVER_ERROR, "state_unusable", &parts.headers);
        };
        // A certificate of an unknown authority passes nothing, and strangers can make any number of them.
        let is_trusted = certificate_standing(self.gateway, self.connection, self.address, core.clock().now())
            .is_some_and(|standing| standing.is_trusted());
        let departure = Departure {
            app: app.name.to_string(),
            method: parts.method.to_string(),
            // A method other than GET that was not kept ends at a page that can be got.
            path_and_query,
            state: state_hash,
            certificate: self.connection.certificate.clone().filter(|_| is_trusted),
            held: held.clone(),
            started: core.clock().now(),
        };
        let id = match core.handover().depart(&departure).await {
            Ok(id) => id,
            Err(error) => {
                if self.may_write(Kind::StateUnavailable, &parts.headers) {
                    tracing::error!(%error, request_id = %self.request_id, "departure_not_kept");
                }
                return self.problem(StatusCode::SERVICE_UNAVAILABLE, "shared_state_unavailable", &parts.headers);
            }
        };
        let sign_in = format!("{}/sign-in?for={id}", self.hosts.portal_url);
        let mut response = if posts && held.is_none() {
            let (headers, page) = self.gateway.pages.not_kept(
                why,
                &self.problem_for(StatusCode::UNAUTHORIZED, "not_kept", None),
                &sign_in,
                &parts.headers,
            );
            let mut response = Response::new(Body::full(page));
            *response.headers_mut() = headers;
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response
        } else {
            redirect::see_other(&sign_in)
        };
        // As long as a sign-in may take; several of one browser share it.
        response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::STATE, &state, Some(1800)));
        response
    }
}
