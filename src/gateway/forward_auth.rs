//! Forward-auth: another proxy stays in front and asks, for each request, what the chain says. nginx (`auth_request`),
//! Traefik (`forwardAuth`), Caddy (`forward_auth`) and Envoy (`ext_authz` over HTTP) each say in their own way which
//! request they mean; behind that it is the same papers, the same `examine`, the same answer.
//! Invariant: what a proxy says is believed only of peers that the config lists (T6).

use std::sync::Arc;

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};

use super::answer::{self, Caller};
use super::body::Body;
use super::hosts::AppHost;
use super::request::{Traveller, note};
use crate::chain::Verdict;
use crate::facts::target::{self, NormalPath, Target};

/// How a proxy wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// nginx knows 2xx, 401 and 403; it takes `Location` from the 401 by itself.
    AuthRequest,
    /// Everything but 2xx goes to the client as it is.
    PassedOn,
}

/// The request that a proxy asks about.
struct Asked {
    method: Method,
    uri: Uri,
    authority: String,
    dialect: Dialect,
}

const PREFIX: &str = "/.sekisho/forward-auth";

impl Traveller<'_> {
    /// Answers a proxy that asks.
    pub(super) async fn forward_auth(&mut self, request: Request<Body>) -> Response<Body> {
        if !self.hosts.trusted.include(self.connection.peer.ip()) {
            tracing::warn!(remote_ip = %self.connection.peer.ip(), request_id = %self.request_id, "forward_auth_from_unlisted_peer");
            return self.problem(StatusCode::FORBIDDEN, "proxy_not_listed", request.headers());
        }
        let asked = match asked(&request, &self.authority) {
            Ok(asked) => asked,
            Err(code) => return self.problem(StatusCode::BAD_REQUEST, code, request.headers()),
        };
        let Ok((host, _)) = target::split(&asked.authority) else {
            return self.problem(StatusCode::BAD_REQUEST, "host_malformed", request.headers());
        };
        let hosts = self.hosts;
        let Some(app) = hosts.app(&host.to_ascii_lowercase()) else {
            return self.problem(StatusCode::FORBIDDEN, "unknown_host", request.headers());
        };
        self.app = Some(app);
        self.authority.clone_from(&asked.authority);
        self.caller = Caller::of(&asked.method, request.headers());
        let path = match NormalPath::parse(asked.uri.path()) {
            Ok(path) => path,
            Err(error) => return self.problem(StatusCode::FORBIDDEN, error.code(), request.headers()),
        };
        let target = Target { method: asked.method.clone(), path };
        let admitted = self.admitted(&app.name, request.headers());
        let judged = self.judge(app, &target, admitted.as_ref());
        match judged.verdict {
            // The permit is for one request: the proxy that asked forwards it.
            Verdict::Pass(_permit) => {
                app.counters.passed.increment(1);
                let mut response = Response::new(Body::empty());
                let names = &app.names;
                match &admitted {
                    Some(admitted) => {
                        self.gateway.house.assertions.told(&admitted.session, &app.name).set(names, response.headers_mut())
                    }
                    None => self.machine().set(names, response.headers_mut()),
                }
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Verdict::Ask(turn) => {
                if self.caller == Caller::Program {
                    app.counters.asked.increment(1);
                    let told = self.told(StatusCode::UNAUTHORIZED, turn.refusal().code(), Some(turn.refusal()));
                    let mut response = answer::problem(&told, Caller::Program, request.headers(), &*self.gateway.pages);
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, answer::challenge(&turn, admitted.is_some(), &self.hosts.portal_url));
                    note(&mut response, turn.refusal().code());
                    return response;
                }
                self.send_away(app, asked, request).await
            }
            Verdict::Refuse(refusal) => {
                app.counters.refused.increment(1);
                let told = self.told(StatusCode::FORBIDDEN, refusal.code(), Some(refusal));
                let mut response = answer::problem(&told, self.caller, request.headers(), &*self.gateway.pages);
                note(&mut response, refusal.code());
                response
            }
        }
    }

    async fn send_away(&self, app: &Arc<AppHost>, asked: Asked, request: Request<Body>) -> Response<Body> {
        app.counters.asked.increment(1);
        let mut departing = Request::new(Body::empty());
        // The body stays with the proxy: what was posted comes back as the page it was posted to.
        *departing.method_mut() = Method::GET;
        *departing.uri_mut() = asked.uri;
        *departing.headers_mut() = request.headers().clone();
        let mut response = self.depart(app, departing).await;
        if asked.dialect == Dialect::AuthRequest && response.status() == StatusCode::SEE_OTHER {
            *response.status_mut() = StatusCode::UNAUTHORIZED;
        }
        note(&mut response, "sent_to_sign_in");
        response
    }
}

/// Which request a proxy means.
fn asked(request: &Request<Body>, authority: &str) -> Result<Asked, &'static str> {
    let headers = request.headers();
    let said = |name: &str| one(headers, name);
    // Envoy: the original request with our path before its own.
    if let Some(path) =
        request.uri().path_and_query().and_then(|path| path.as_str().strip_prefix(PREFIX)).filter(|path| path.starts_with('/'))
    {
        let uri = path.parse().map_err(|_| "uri_malformed")?;
        return Ok(Asked { method: request.method().clone(), uri, authority: authority.to_owned(), dialect: Dialect::PassedOn });
    }
    // nginx: what the recipe writes.
    if let Some(uri) = said("x-original-uri")? {
        let method = said("x-original-method")?.ok_or("method_missing")?;
        return Ok(Asked {
            method: method.parse().map_err(|_| "method_malformed")?,
            uri: uri.parse().map_err(|_| "uri_malformed")?,
            authority: said("x-forwarded-host")?.unwrap_or(authority).to_owned(),
            dialect: Dialect::AuthRequest,
        });
    }
    // Traefik and Caddy.
    let uri = said("x-forwarded-uri")?.ok_or("uri_missing")?;
    let method = said("x-forwarded-method")?.ok_or("method_missing")?;
    Ok(Asked {
        method: method.parse().map_err(|_| "method_malformed")?,
        uri: uri.parse().map_err(|_| "uri_malformed")?,
        authority: said("x-forwarded-host")?.ok_or("host_missing")?.to_owned(),
        dialect: Dialect::PassedOn,
    })
}

/// The one value of a header; two are an ambiguity that nobody honest makes.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, &'static str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| "header_malformed")).transpose()?;
    if values.next().is_some() { Err("header_repeated") } else { Ok(first) }
}
