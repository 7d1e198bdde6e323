//! `/.sekisho/` on an app's host, the only prefix there that is ours: the way back from a sign-in, sign-out of this app,
//! who is signed in, and forward-auth.

use std::sync::Arc;

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use serde_json::json;

use super::body::Body;
use super::hosts::AppHost;
use crate::chain::Check;
use crate::facts::{cookies, device_session, origin};
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::redirect;
use crate::session::handover::Refused;
use crate::session::sessions::Admitted;
use crate::telemetry::strangers::Kind;

impl<'a> Exchange<'a> {
    /// Answers a path of ours on an app's host.
    pub(super) async fn own_path(&mut self, app: &'a Arc<AppHost>, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        match path.as_str() {
            "/.sekisho/callback" if request.method() == Method::GET => {
                let (parts, _no_body) = request.into_parts();
                self.callback(app, &parts.uri, &parts.headers).await
            }
            "/.sekisho/whoami" if request.method() == Method::GET => self.whoami(app, request.headers()),
            "/.sekisho/sign-out" if request.method() == Method::POST => {
                let (parts, _unread) = request.into_parts();
                self.sign_out(app, &parts.headers).await
            }
            "/.sekisho/sign-out" if request.method() == Method::GET => {
                redirect::see_other(&format!("{}/sign-out", self.hosts.portal_url))
            }
            "/.sekisho/callback" | "/.sekisho/whoami" | "/.sekisho/sign-out" => {
                self.problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", request.headers())
            }
            _ if path.starts_with(super::transaction::PREFIX) => {
                if let Some(answer) = self.without_device(&app.name, &request) {
                    return answer;
                }
                let (parts, _no_body) = request.into_parts();
                self.transaction_path(app, &parts).await
            }
            _ if path.starts_with(super::device::PREFIX) => {
                let (parts, _no_body) = request.into_parts();
                self.device_path(&app.name, &app.origin, &parts).await
            }
            _ if super::exchange::forward_auth::is_question(&path) => self.forward_auth(request).await,
            _ => self.problem(StatusCode::NOT_FOUND, "no_such_page", request.headers()),
        }
    }

    /// The way back: takes the one-time code, gives this host its own cookie, and goes on to the very page asked for.
    async fn callback(&self, app: &'a Arc<AppHost>, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
        let code = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("code=")));
        let state = cookies::find(headers, cookies::STATE);
        let (Some(code), Some(state)) = (code, state) else {
            return self.problem(StatusCode::BAD_REQUEST, "handover_incomplete", headers);
        };
        let core = &self.gateway.core;
        let arrived = match core.handover().redeem(code, &app.name, state).await {
            Ok(arrived) => arrived,
            Err(Refused::Unavailable(error)) => {
                if self.may_write(Kind::StateUnavailable, headers) {
                    tracing::error!(%error, request_id = %self.request_id, "handover_unavailable");
                }
                return self.problem(StatusCode::SERVICE_UNAVAILABLE, "shared_state_unavailable", headers);
            }
            Err(refused) => {
                if self.may_write(Kind::HandoverRefused, headers) {
                    tracing::info!(remote_ip = %self.address, app = %app.name, reason = %refused, request_id = %self.request_id, "handover_refused");
                }
                // A reload of this very address: a signed-in browser goes on, any other begins again.
                if self.admitted(&app.name, headers).is_some() {
                    return redirect::see_other("/");
                }
                return self.problem(StatusCode::BAD_REQUEST, "handover_refused", headers);
            }
        };
        let binds = app.policy.binds_certificate_of(&arrived.session.user().standing());
        let binding = self.connection.certificate.as_deref().filter(|_| binds);
        let certificate = binding.map(|certificate| certificate.fingerprint());
        let device = core.device_shown(&app.name, headers);
        let token = match core.sessions().admit(&arrived.session, &app.name, certificate, device).await {
            Ok(token) => token,
            Err(error) => {
                tracing::error!(%error, request_id = %self.request_id, "session_not_admitted");
                return self.problem(StatusCode::SERVICE_UNAVAILABLE, "session_not_admitted", headers);
            }
        };
        // What this browser held before is of no use any more, least of all with what the session rose to (T26).
        if let Some(before) = cookies::find(headers, cookies::SESSION)
            && let Err(error) = core.sessions().revoke_cookie(&app.name, before).await
        {
            tracing::error!(%error, request_id = %self.request_id, "older_cookie_not_ended");
            return self.problem(StatusCode::SERVICE_UNAVAILABLE, "session_not_admitted", headers);
        }
        // The page is one that this very host was asked for: it was kept on the server, never in the address (T17).
        let page = &arrived.departure.path_and_query;
        let mut response = redirect::see_other(if page.starts_with('/') && !page.starts_with("//") { page } else { "/" });
        let set = response.headers_mut();
        set.append(header::SET_COOKIE, cookies::set(cookies::SESSION, token.text(), None));
        // A proxy that asks by forward-auth hands on no more than the answer to a question.
        if app.destination.is_some()
            && let Some(offer) = core.device_offer(&app.name, token.text(), headers)
        {
            set.insert(device_session::REGISTRATION, offer);
        }
        if let Some(held) = &arrived.departure.held {
            set.append(header::SET_COOKIE, cookies::set(cookies::RESUME, held, Some(60)));
        }
        response
    }

    /// Who is signed in here, for the app's own pages: no secret in it.
    fn whoami(&self, app: &AppHost, headers: &HeaderMap) -> Response<Body> {
        let Some(admitted) = self.admitted(&app.name, headers) else {
            return self.problem(StatusCode::UNAUTHORIZED, "not_signed_in", headers);
        };
        let session = &admitted.session;
        let (standing, profile, evidence) = (session.user().standing(), session.user().profile(), &admitted.evidence);
        let proved: Vec<_> = evidence
            .iter()
            .map(|piece| json!({ "check": piece.check().word(), "method": piece.method().word(), "at": piece.at().rfc3339() }))
            .collect();
        let document = json!({
            "user": standing.user.as_str(),
            "groups": standing.groups.iter().map(|group| group.as_str()).collect::<Vec<_>>(),
            "name": profile.display_name,
            "email": profile.email,
            "signed_in_at": evidence.of(Check::PrimaryFactor).map_or(session.created(), |piece| piece.at()).rfc3339(),
            "evidence": proved,
        });
        let mut response = Response::new(Body::full(document.to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// Ends this app's part of the session. A form of the app itself may do it; another site's may not.
    async fn sign_out(&self, app: &AppHost, headers: &HeaderMap) -> Response<Body> {
        if !origin::is_own(headers, &app.origin) {
            return self.problem(StatusCode::FORBIDDEN, "foreign_origin", headers);
        }
        if let Some(Admitted { session, .. }) = self.admitted(&app.name, headers)
            && let Err(error) = self.gateway.core.sessions().sign_out_of(&session, &app.name).await
        {
            tracing::error!(%error, request_id = %self.request_id, "sign_out_failed");
            return self.problem(StatusCode::SERVICE_UNAVAILABLE, "sign_out_failed", headers);
        }
        let mut response = redirect::see_other(&format!("{}/sign-out?app={}", self.hosts.portal_url, app.name));
        for name in [cookies::SESSION, cookies::BOUND] {
            response.headers_mut().append(header::SET_COOKIE, cookies::set(name, "", Some(0)));
        }
        note(&mut response, "signed_out");
        response
    }
}
