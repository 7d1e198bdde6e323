//! A request for an app: what it must meet, the judgement of the chain, and what each verdict leads to.

use crate::gateway::exchange::outcome::note;
use crate::gateway::exchange::pass::is_upgrade;
use crate::gateway::exchange::{Exchange, overrides, requirements};
use std::sync::Arc;

use http::header::{self, HeaderMap};
use http::{Method, Request, Response, StatusCode};

use crate::chain::Verdict;
use crate::chain::refusal::Refusal;
use crate::facts::cookies;
use crate::gateway::body::Body;

use crate::gateway::exchange::overrides::Override;

use crate::gateway::hosts::AppHost;
use crate::gateway::problem::Caller;
use crate::session::sessions::Admitted;
use crate::telemetry::strangers::{self, Kind};

impl<'a> Exchange<'a> {
    /// A request for an app: papers, judgement, obedience.
    pub(super) async fn to_app(&self, app: &'a Arc<AppHost>, request: Request<Body>, resumed: bool) -> Response<Body> {
        let asked = match requirements::selected(app, request.method(), request.uri().path(), request.headers()) {
            Ok(asked) => asked,
            Err(_) if request.method() == Method::OPTIONS && request.uri().path() == "*" => {
                return self.problem(StatusCode::NOT_FOUND, "no_such_target", request.headers());
            }
            Err(why) => return self.unjudged(&why, None, request.headers()),
        };
        // Judged by one method and path, done by another: no rule would bite. What a listed peer wrote is removed later.
        if app.policy.has_parts()
            && let Some(found) = Override::of(request.headers(), |name| overrides::is_of_a_proxy(name) && self.is_listed())
        {
            return self.overridden(&found, request.headers());
        }
        let admitted = self.admitted(&app.name, request.headers());
        if admitted.is_none()
            && let Some(answer) = self.without_device(&app.name, &request)
        {
            return answer;
        }
        let judged = self.judge(app, asked, admitted.as_ref());
        if let (Verdict::Pass(_) | Verdict::Hold(_), Some(admitted)) = (&judged.verdict, &admitted)
            && let Some(shown) = self.binds_from_now_on(app, admitted, &judged)
        {
            match Box::pin(self.gateway.core.sessions().bind_certificate(admitted, shown)).await {
                Ok(true) => {}
                Ok(false) => {
                    app.counters.refused.increment(1);
                    let refusal = Refusal::CertificateChanged;
                    return self.refuse(refusal, asked, judged.trace, judged.standing.as_deref(), request.headers());
                }
                Err(error) => {
                    tracing::error!(%error, request_id = %self.request_id, "session_not_bound");
                    return self.problem(StatusCode::SERVICE_UNAVAILABLE, "session_not_admitted", request.headers());
                }
            }
        }
        match judged.verdict {
            Verdict::Pass(_)
                if self.asks_for_another_cookie(admitted.as_ref(), request.method(), request.headers())
                    && !is_upgrade(&request) =>
            {
                app.counters.asked.increment(1);
                let mut response = Box::pin(self.depart(app, request)).await;
                note(&mut response, "cookie_outgrown");
                response
            }
            Verdict::Pass(permit) => self.pass(app, permit, admitted, request, judged.standing).await,
            Verdict::Ask(turn) => {
                let mut response = Box::pin(self.ask(app, &turn, admitted.is_some(), request)).await;
                if resumed {
                    response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::RESUME, "", Some(0)));
                }
                response
            }
            Verdict::Hold(hold) => Box::pin(self.hold(app, hold, admitted, request)).await,
            Verdict::Refuse(refusal) => {
                app.counters.refused.increment(1);
                if judged.standing.is_some() || strangers::may_write(Kind::RequestRefused, self.address.ip()) {
                    tracing::info!(remote_ip = %self.address, app = %app.name, reason = refusal.code(), rules = asked.names(), request_id = %self.request_id, "request_refused");
                }
                self.refuse(refusal, asked, judged.trace, judged.standing.as_deref(), request.headers())
            }
        }
    }

    /// Whether a page is to be come back to with a newer cookie: more was proved since this one was given out, at another
    /// host of the session. What it stands for is as much as it was; by way of the portal this browser gets one that stands
    /// for all of it, and the older one is dead (T26). Nothing but a page can go that way: all else goes on as it was.
    pub(in crate::gateway) fn asks_for_another_cookie(
        &self,
        admitted: Option<&Admitted>,
        method: &Method,
        headers: &HeaderMap,
    ) -> bool {
        admitted.is_some_and(Admitted::is_outgrown)
            && self.caller == Caller::Person
            && matches!(*method, Method::GET | Method::HEAD)
            && headers.get("sec-fetch-dest").is_none_or(|to| to == "document")
    }
}
