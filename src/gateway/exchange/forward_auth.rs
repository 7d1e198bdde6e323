//! Forward-auth: another proxy stays in front and asks, for each request, what the chain says. nginx (`auth_request`),
//! Traefik (`forwardAuth`), Caddy (`forward_auth`), Envoy (`ext_authz` over HTTP), HAProxy and Apache (a script of ours) each
//! say in their own way which request they mean; behind that it is the same papers, the same `examine`, the same answer.
//! Invariant: a question is a listed peer's own (T6). A client asks through that peer, too, so a question shows the key
//! that the proxy alone knows, and what a client may have put into it is replaced by the answer, or refused.

use std::sync::Arc;

use http::header::{self, HeaderMap, HeaderValue};
use http::{HeaderName, Method, Request, Response, StatusCode, Uri};

use crate::chain::Verdict;
use crate::config::field_names::{self, Says};
use crate::facts::second_targets::{self, SecondTargetError};
use crate::facts::{cookies, target};
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::exchange::overrides;
use crate::gateway::exchange::overrides::Override;
use crate::gateway::exchange::requirements;
use crate::gateway::hosts::AppHost;
use crate::gateway::problem;
use crate::gateway::problem::Caller;
use crate::identity::headers::ASSERTION;
use crate::seal::TokenHash;
use crate::telemetry::strangers::{self, Kind};

/// How a proxy wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// nginx knows 2xx, 401 and 403, and makes a 500 of the rest; its recipe asks for the answer itself afterwards.
    AuthRequest,
    /// Everything but 2xx goes to the client as it is.
    PassedOn,
}

/// The request that a proxy asks about.
struct ProxyQuestion {
    method: Method,
    uri: Uri,
    authority: String,
    dialect: Dialect,
    /// The fields in which the proxy said so: in these names alone they are its words.
    words: &'static [&'static str],
    /// Whether it makes one line of several of one name, which it hands to the app as they came.
    joins_lines: bool,
}

const PREFIX: &str = "/.sekisho/forward-auth";

/// What only the proxy knows. A client cannot send it, so a question that went through a proxy instead of coming from it
/// shows none.
const KEY: HeaderName = HeaderName::from_static("sekisho-proxy-key");
/// `refusal` where the proxy was refused already and asks for the answer to its client: then the answer holds nothing else.
const ASK: HeaderName = HeaderName::from_static("sekisho-ask");

/// Whether a path is a proxy's question.
pub(in crate::gateway) fn is_question(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Exchange<'_> {
    /// Answers a proxy that asks.
    pub(in crate::gateway) async fn forward_auth(&mut self, request: Request<Body>) -> Response<Body> {
        let connected = self.connection.connected();
        if !self.hosts.trusted.include(connected) {
            if strangers::may_write(Kind::ForwardAuthRefused, connected) {
                tracing::warn!(remote_ip = %connected, request_id = %self.request_id, "forward_auth_from_unlisted_peer");
            }
            return self.problem(StatusCode::FORBIDDEN, "proxy_not_listed", request.headers());
        }
        if let Err(code) = shows_key(request.headers(), self.gateway.core.forward_auth_key()) {
            if strangers::may_write(Kind::ForwardAuthRefused, self.address.ip()) {
                tracing::warn!(remote_ip = %self.address, by = %connected, request_id = %self.request_id, reason = code, "forward_auth_without_key");
            }
            return self.problem(StatusCode::FORBIDDEN, code, request.headers());
        }
        let asked = match asked(&request, &self.authority) {
            Ok(asked) => asked,
            Err(code) => return self.problem(StatusCode::BAD_REQUEST, code, request.headers()),
        };
        let dialect = asked.dialect;
        let mut response = self.judge_asked(asked, request).await;
        // Of what nginx does not know it makes a 500; its second question gets the answer as it is.
        if dialect == Dialect::AuthRequest && (response.status().is_redirection() || response.status().is_client_error()) {
            *response.status_mut() = match response.status() {
                StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED => StatusCode::UNAUTHORIZED,
                _ => StatusCode::FORBIDDEN,
            };
        }
        response
    }

    async fn judge_asked(&mut self, asked: ProxyQuestion, request: Request<Body>) -> Response<Body> {
        let Ok((host, _)) = target::split(&asked.authority) else {
            return self.problem(StatusCode::BAD_REQUEST, "host_malformed", request.headers());
        };
        let hosts = self.hosts;
        let Some(app) = hosts.app(&host.to_ascii_lowercase()) else {
            return self.problem(StatusCode::FORBIDDEN, "unknown_host", request.headers());
        };
        // A proxy may not ask about an app that the gateway forwards to: the assertions are for that app alone.
        if app.destination.is_some() {
            return self.problem(StatusCode::FORBIDDEN, "not_by_forward_auth", request.headers());
        }
        self.app = Some(app);
        self.authority.clear();
        self.authority.push_str(&app.authority);
        self.caller = Caller::of(&asked.method, request.headers());
        // The proxy hands its client's fields to the app, where one might name another method or path than is judged here.
        if app.policy.has_parts()
            && let Some(found) = Override::of(request.headers(), |name| asked.words.contains(&name))
        {
            return self.overridden(&found, request.headers());
        }
        // The same of every name that the answer does not replace, and that only we or the proxy may say (T1).
        if let Some(name) = clients_own_identity(request.headers(), app) {
            if self.may_write(Kind::IdentityHeaderSent, request.headers()) {
                tracing::warn!(remote_ip = %self.address, app = %app.name, field = %name, request_id = %self.request_id, "identity_header_sent");
            }
            let mut problem = self.problem_for(StatusCode::BAD_REQUEST, "identity_header_sent", None);
            problem.detail =
                Some(format!("the proxy lets the field {name} of its client through; its config must remove it").into());
            let mut response = problem::answer(&problem, self.caller, request.headers(), &*self.gateway.pages);
            note(&mut response, "identity_header_sent");
            return response;
        }
        if let Some(field) = second_targets::joined(request.headers(), asked.joins_lines) {
            let why = SecondTargetError::Repeated(field).into();
            return self.unjudged(&why, Some(StatusCode::FORBIDDEN), request.headers());
        }
        let selected = match requirements::selected(app, &asked.method, asked.uri.path(), request.headers()) {
            Ok(selected) => selected,
            // A proxy that asks knows no other status than these of a refusal.
            Err(why) => return self.unjudged(&why, Some(StatusCode::FORBIDDEN), request.headers()),
        };
        let admitted = self.admitted(&app.name, request.headers());
        // The handshake of a WebSocket, whose own `Upgrade` ends at the proxy (T25); over HTTP/2 it is a CONNECT (RFC 8441 §5).
        let names = [header::SEC_WEBSOCKET_KEY, header::SEC_WEBSOCKET_VERSION, header::UPGRADE];
        let socket = asked.method == Method::CONNECT || names.iter().any(|name| request.headers().contains_key(name));
        if socket && !self.may_upgrade(app, request.headers()) {
            app.counters.refused.increment(1);
            return self.problem(StatusCode::FORBIDDEN, "websocket_origin", request.headers());
        }
        let judged = self.judge(app, selected, admitted.as_ref());
        match judged.verdict {
            // Refused a moment ago and permitted now: the client may ask again, nothing of the permit is for it.
            Verdict::Pass(_permit) if request.headers().contains_key(ASK) => {
                let mut response = self.problem(StatusCode::SERVICE_UNAVAILABLE, "ask_again", request.headers());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                response
            }
            Verdict::Pass(_) if self.asks_for_another_cookie(admitted.as_ref(), &asked.method, request.headers()) && !socket => {
                self.send_away(app, asked, request).await
            }
            // The permit is for one request: the proxy that asked forwards it.
            Verdict::Pass(permit) => {
                app.counters.passed.increment(1);
                let mut response = Response::new(Body::empty());
                let answer = response.headers_mut();
                self.identity_for(app, admitted.as_ref(), permit.named()).name_each(&app.names, answer);
                self.note_passed(admitted.as_ref(), judged.standing, permit.named());
                // The proxy hands the app these instead of its client's: no app learns our session (T8).
                if let Some(rest) = cookies::without_ours(request.headers()) {
                    answer.insert(header::COOKIE, rest);
                } else if let Some(line) = whole_cookie(request.headers()) {
                    answer.insert(header::COOKIE, line);
                }
                answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Verdict::Ask(turn) => {
                if self.caller == Caller::Program {
                    app.counters.asked.increment(1);
                    let problem = self.problem_for(StatusCode::UNAUTHORIZED, turn.refusal().code(), Some(turn.refusal()));
                    let mut response = problem::answer(&problem, Caller::Program, request.headers(), &*self.gateway.pages);
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, problem::challenge(&turn, admitted.is_some(), &self.hosts.portal_url));
                    note(&mut response, turn.refusal().code());
                    return response;
                }
                self.send_away(app, asked, request).await
            }
            // The proxy that asks forwards the request itself: nothing can be held here.
            Verdict::Hold(_) => {
                app.counters.refused.increment(1);
                self.problem(StatusCode::FORBIDDEN, "transaction_not_held_here", request.headers())
            }
            Verdict::Refuse(refusal) => {
                app.counters.refused.increment(1);
                let problem = self.problem_for(StatusCode::FORBIDDEN, refusal.code(), Some(refusal));
                let mut response = problem::answer(&problem, self.caller, request.headers(), &*self.gateway.pages);
                note(&mut response, refusal.code());
                response
            }
        }
    }

    async fn send_away(&self, app: &Arc<AppHost>, asked: ProxyQuestion, request: Request<Body>) -> Response<Body> {
        app.counters.asked.increment(1);
        let mut departing = Request::new(Body::empty());
        // The body stays with the proxy: what was posted comes back as the page it was posted to.
        *departing.method_mut() = Method::GET;
        *departing.uri_mut() = asked.uri;
        *departing.headers_mut() = request.headers().clone();
        let mut response = self.depart(app, departing).await;
        note(&mut response, "sent_to_sign_in");
        response
    }
}

/// Whether a question shows the key of the proxies.
fn shows_key(headers: &HeaderMap, key: &TokenHash) -> Result<(), &'static str> {
    let mut shown = headers.get_all(KEY).iter();
    match (shown.next(), shown.next()) {
        (None, _) => Err("proxy_key_missing"),
        // Hashes are compared in constant time, so that the time does not show how much of a guess is right.
        (Some(shown), None) => {
            aws_lc_rs::constant_time::verify_slices_are_equal(TokenHash::of(shown.as_bytes()).as_bytes(), key.as_bytes())
                .map_err(|_| "proxy_key_wrong")
        }
        (Some(_), Some(_)) => Err("proxy_key_repeated"),
    }
}

/// A name that only we may set, or the proxy in its one spelling, and that the proxy's client sent. Our answer replaces the
/// app's own in their own spelling alone; apps take `Remote_User` and `Remote.User` for the same.
fn clients_own_identity<'h>(headers: &'h HeaderMap, app: &AppHost) -> Option<&'h HeaderName> {
    let replaced = |name: &HeaderName| app.names.each().contains(&name) || *name == ASSERTION;
    let ours = |name: &HeaderName| *name == KEY || *name == ASK;
    headers.keys().find(|name| (app.reserved.contains(name) || is_look_alike(name)) && !replaced(name) && !ours(name))
}

/// Whether a name is a known one in a spelling that no proxy writes: `X_Real_IP`, `HTTP_X_Forwarded_For`.
fn is_look_alike(name: &HeaderName) -> bool {
    let name = name.as_str().as_bytes();
    let strange = name.starts_with(b"http-") || name.iter().any(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    strange && field_names::known(name).is_some_and(|known| known.says != Says::Message)
}

/// The request's cookies in one line, as the answer names them.
fn whole_cookie(headers: &HeaderMap) -> Option<HeaderValue> {
    let lines: Vec<&[u8]> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if lines.is_empty() { None } else { HeaderValue::from_bytes(&lines.join(&b"; "[..])).ok() }
}

/// Which request a proxy means. A proxy hands on its client's own fields, too: where the fields of two dialects stand in
/// one question, or a host that the recipe does not write, a client may have chosen what is judged (T6).
fn asked(request: &Request<Body>, authority: &str) -> Result<ProxyQuestion, &'static str> {
    let headers = request.headers();
    let said = |name: &str| one(headers, name);
    // Envoy: the original request with our path before its own.
    if let Some(path) =
        request.uri().path_and_query().and_then(|path| path.as_str().strip_prefix(PREFIX)).filter(|path| path.starts_with('/'))
    {
        return Ok(ProxyQuestion {
            method: request.method().clone(),
            uri: origin_form(path)?,
            authority: authority.to_owned(),
            dialect: Dialect::PassedOn,
            words: &[],
            joins_lines: true,
        });
    }
    // nginx: what the recipe writes, and the Host that it writes.
    if let Some(uri) = said("x-original-uri")? {
        if headers.contains_key("x-forwarded-uri") || headers.contains_key("x-forwarded-method") {
            return Err("dialect_ambiguous");
        }
        if said("x-forwarded-host")?.is_some_and(|host| !host.eq_ignore_ascii_case(authority)) {
            return Err("host_ambiguous");
        }
        let method = said("x-original-method")?.ok_or("method_missing")?;
        return Ok(ProxyQuestion {
            method: method_of(method)?,
            uri: origin_form(uri)?,
            authority: authority.to_owned(),
            dialect: Dialect::AuthRequest,
            words: &["x-original-uri", "x-original-method"],
            joins_lines: false,
        });
    }
    // Traefik and Caddy.
    if headers.contains_key("x-original-method") {
        return Err("dialect_ambiguous");
    }
    let uri = said("x-forwarded-uri")?.ok_or("uri_missing")?;
    let method = said("x-forwarded-method")?.ok_or("method_missing")?;
    Ok(ProxyQuestion {
        method: method_of(method)?,
        uri: origin_form(uri)?,
        authority: said("x-forwarded-host")?.ok_or("host_missing")?.to_owned(),
        dialect: Dialect::PassedOn,
        words: &["x-forwarded-uri", "x-forwarded-method"],
        joins_lines: false,
    })
}

/// A method that every app reads as it is judged here.
fn method_of(text: &str) -> Result<Method, &'static str> {
    let method: Method = text.parse().map_err(|_| "method_malformed")?;
    if overrides::is_lower_case(&method) { Err(overrides::LOWER_CASE) } else { Ok(method) }
}

/// A target as a request line has it: a path, and nothing that a parser drops unseen (T11).
fn origin_form(text: &str) -> Result<Uri, &'static str> {
    if !text.starts_with('/') || text.contains('#') {
        return Err("uri_malformed");
    }
    let uri: Uri = text.parse().map_err(|_| "uri_malformed")?;
    if uri.authority().is_some() { Err("uri_malformed") } else { Ok(uri) }
}

/// The one value of a header; two are an ambiguity that nobody honest makes.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, &'static str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| "header_malformed")).transpose()?;
    if values.next().is_some() { Err("header_repeated") } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NGINX: [(&str, &str); 2] = [("x-original-uri", "/secret?q=1"), ("x-original-method", "POST")];
    const TRAEFIK: [(&str, &str); 3] =
        [("x-forwarded-uri", "/secret?q=1"), ("x-forwarded-method", "POST"), ("x-forwarded-host", "wiki.test")];

    fn ask(path: &str, fields: &[(&str, &str)]) -> Result<(String, String, String), &'static str> {
        let mut request = Request::builder().uri(path);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let asked = asked(&request.body(Body::empty()).unwrap(), "wiki.test")?;
        Ok((asked.method.to_string(), asked.authority, asked.uri.to_string()))
    }

    fn post_secret() -> Result<(String, String, String), &'static str> {
        Ok(("POST".to_owned(), "wiki.test".to_owned(), "/secret?q=1".to_owned()))
    }

    #[test]
    fn each_proxy_is_understood_in_its_own_words() {
        assert_eq!(ask(PREFIX, &NGINX), post_secret());
        assert_eq!(ask(PREFIX, &TRAEFIK), post_secret());
        let envoy = ask("/.sekisho/forward-auth/secret?q=1", &[]).unwrap();
        assert_eq!(envoy, ("GET".to_owned(), "wiki.test".to_owned(), "/secret?q=1".to_owned()));
        assert_eq!(ask(PREFIX, &[]), Err("uri_missing"));
    }

    #[test]
    fn a_clients_own_fields_cannot_choose_what_is_judged_t6_cve_2026_40575() {
        let with = |fields: &[(&'static str, &'static str)], more: &[(&'static str, &'static str)]| {
            ask(PREFIX, &[fields, more].concat())
        };
        // Through Traefik and Caddy, which hand on every field of their client, nginx's words.
        assert_eq!(with(&TRAEFIK, &[("x-original-uri", "/public"), ("x-original-method", "GET")]), Err("dialect_ambiguous"));
        assert_eq!(with(&TRAEFIK, &[("x-original-method", "GET")]), Err("dialect_ambiguous"));
        // Through nginx, Traefik's words, and the host of an app that demands less.
        assert_eq!(with(&NGINX, &[("x-forwarded-uri", "/public")]), Err("dialect_ambiguous"));
        assert_eq!(with(&NGINX, &[("x-forwarded-method", "GET")]), Err("dialect_ambiguous"));
        assert_eq!(with(&NGINX, &[("x-forwarded-host", "open.test")]), Err("host_ambiguous"));
        assert_eq!(with(&NGINX, &[("x-forwarded-host", "Wiki.test")]), post_secret());
        // The same word twice.
        assert_eq!(with(&TRAEFIK, &[("x-forwarded-uri", "/public")]), Err("header_repeated"));
        assert_eq!(with(&TRAEFIK, &[("x-forwarded-host", "open.test")]), Err("header_repeated"));
        assert_eq!(with(&NGINX, &[("x-original-uri", "/public")]), Err("header_repeated"));
    }

    #[test]
    fn a_method_that_some_apps_would_write_in_capitals_is_refused() {
        for (method, expected) in [("POST", Ok("POST")), ("post", Err("method_lower_case")), ("Post", Err("method_lower_case"))] {
            let expected = expected.map(str::to_owned);
            let asked = |fields: &[(&str, &str)]| ask(PREFIX, fields).map(|(method, ..)| method);
            assert_eq!(asked(&[("x-original-uri", "/"), ("x-original-method", method)]), expected);
            let traefik = [("x-forwarded-uri", "/"), ("x-forwarded-method", method), ("x-forwarded-host", "wiki.test")];
            assert_eq!(asked(&traefik), expected);
        }
    }

    #[test]
    fn a_target_that_a_parser_would_shorten_is_refused_t11() {
        for target in ["/public#/../secret", "http://open.test/secret", "secret", "", "*", "/a b"] {
            let fields = [("x-original-uri", target), ("x-original-method", "GET")];
            assert_eq!(ask(PREFIX, &fields), Err("uri_malformed"), "{target:?}");
        }
    }
}
