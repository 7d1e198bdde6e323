//! Calls of scripts of other origins (CORS, Fetch §3.3): whose preflights reach an app, and what our own answers say, so
//! that such a script can read why it was refused. What the app answers is the app's own matter.
//! Invariant: an origin that the app does not list changes nothing; a preflight is what a browser sends, and no more of it
//! reaches the app: no credentials, no body, no field that names another request.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request};

use super::body::Body;
use crate::chain::policy::rules::AppPolicy;
use crate::config::field_names::{self, Says};

/// What an app permits to pages of other origins.
#[derive(Debug)]
pub struct AppCors {
    /// As an `Origin` field says them.
    origins: Box<[HeaderValue]>,
    /// What their preflights must meet.
    policy: AppPolicy,
}

/// The fields of our own answers that a script may read.
const EXPOSED: &str = "WWW-Authenticate, Retry-After, X-Request-Id, Grpc-Status, Grpc-Message";

impl AppCors {
    /// For these origins; `None` if there are none.
    pub fn new(origins: &[String], policy: &AppPolicy) -> Option<Self> {
        let origin = |text: &String| HeaderValue::try_from(url::Url::parse(text).ok()?.origin().ascii_serialization()).ok();
        let origins: Box<[_]> = origins.iter().filter_map(origin).filter(|origin| origin != "null").collect();
        (!origins.is_empty()).then(|| Self { origins, policy: policy.for_preflights() })
    }

    /// The origin of the page behind a request, if it is one of those.
    pub fn listed(&self, headers: &HeaderMap) -> Option<&HeaderValue> {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let origin = given.next().filter(|_| given.next().is_none())?;
        self.origins.iter().find(|listed| *listed == origin)
    }

    /// What a preflight must meet.
    pub const fn policy(&self) -> &AppPolicy {
        &self.policy
    }

    /// Says on an answer of ours who may read it.
    pub fn say(&self, listed: Option<&HeaderValue>, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = listed {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

/// Whether a request is a preflight as browsers send it. What has more to say is judged as any request.
pub fn is_preflight(request: &Request<Body>) -> bool {
    let headers = request.headers();
    let mut asked = headers.get_all(header::ACCESS_CONTROL_REQUEST_METHOD).iter();
    let asks_once = match (asked.next(), asked.next()) {
        (Some(method), None) => Method::from_bytes(method.as_bytes()).is_ok(),
        _ => false,
    };
    let says_more = [header::COOKIE, header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::UPGRADE];
    request.method() == Method::OPTIONS
        && asks_once
        && http_body::Body::is_end_stream(request.body())
        && !says_more.iter().any(|name| headers.contains_key(name))
        && !headers.keys().any(names_another_request)
}

/// Removes what no browser puts into a preflight.
pub fn reduce(headers: &mut HeaderMap) {
    let others: Vec<HeaderName> = headers.keys().filter(|name| !is_of_preflights(name)).cloned().collect();
    for name in others {
        headers.remove(name);
    }
}

fn names_another_request(name: &HeaderName) -> bool {
    let known = field_names::known(name.as_str().as_bytes());
    // What a proxy in front of us writes of the request that it got is removed with the rest.
    known.is_some_and(|known| matches!(known.says, Says::Method | Says::Target)) && !name.as_str().starts_with("x-forwarded-")
}

fn is_of_preflights(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.starts_with("access-control-request-")
        || name.starts_with("sec-fetch-")
        || matches!(
            name,
            "host"
                | "origin"
                | "referer"
                | "user-agent"
                | "accept"
                | "accept-encoding"
                | "accept-language"
                | "cache-control"
                | "pragma"
                | "priority"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::policy::Policy;

    fn cors() -> AppCors {
        let origins = ["https://desk.example.com/", "http://localhost:3000"].map(str::to_owned);
        AppCors::new(&origins, &AppPolicy::new(Policy::default(), Vec::new(), Vec::new())).unwrap()
    }

    fn asked(method: Method, fields: &[(&'static str, &'static str)]) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        for (name, value) in fields {
            request.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        request
    }

    const LEAST: (&str, &str) = ("access-control-request-method", "PUT");

    #[test]
    fn an_origin_is_listed_in_the_spelling_of_browsers_and_once() {
        let cors = cors();
        for (fields, listed) in [
            (&[("origin", "https://desk.example.com")][..], true),
            (&[("origin", "http://localhost:3000")], true),
            (&[("origin", "https://desk.example.com/")], false),
            (&[("origin", "https://desk.example.com:8443")], false),
            (&[("origin", "https://desk.example.com.evil.example")], false),
            (&[("origin", "http://desk.example.com")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://desk.example.com"), ("origin", "https://desk.example.com")], false),
            (&[], false),
        ] {
            assert_eq!(cors.listed(asked(Method::GET, fields).headers()).is_some(), listed, "{fields:?}");
        }
        let none = AppPolicy::new(Policy::default(), Vec::new(), Vec::new());
        assert!(AppCors::new(&[], &none).is_none() && AppCors::new(&["data:text".to_owned()], &none).is_none());
    }

    #[test]
    fn a_preflight_is_what_a_browser_sends_and_no_more() {
        assert!(is_preflight(&asked(Method::OPTIONS, &[LEAST])));
        for method in [Method::GET, Method::POST, Method::HEAD] {
            assert!(!is_preflight(&asked(method, &[LEAST])));
        }
        for more in [
            ("cookie", "a=b"),
            ("authorization", "Basic YTpi"),
            ("upgrade", "websocket"),
            ("x-http-method-override", "DELETE"),
            ("x_http_method_override", "DELETE"),
            ("x-original-url", "/admin"),
            ("access-control-request-method", "GET"),
        ] {
            assert!(!is_preflight(&asked(Method::OPTIONS, &[LEAST, more])), "{more:?}");
        }
        assert!(!is_preflight(&asked(Method::OPTIONS, &[])));
        assert!(!is_preflight(&asked(Method::OPTIONS, &[("access-control-request-method", "no method")])));
        assert!(!is_preflight(&asked(Method::OPTIONS, &[LEAST]).map(|_| Body::full("a=b"))));
    }

    #[test]
    fn nothing_else_of_a_preflight_goes_on() {
        let fields =
            [LEAST, ("access-control-request-headers", "x-a"), ("x-a", "1"), ("destination", "/b"), ("sec-fetch-mode", "cors")];
        let mut request = asked(Method::OPTIONS, &fields);
        reduce(request.headers_mut());
        let mut left: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["access-control-request-headers", "access-control-request-method", "sec-fetch-mode"]);
    }

    #[test]
    fn an_answer_of_ours_is_readable_for_listed_origins_alone() {
        let cors = cors();
        let mut headers = HeaderMap::new();
        cors.say(None, &mut headers);
        assert_eq!((headers.len(), &headers[header::VARY]), (1, &HeaderValue::from_static("Origin")));
        let request = asked(Method::GET, &[("origin", "https://desk.example.com")]);
        cors.say(cors.listed(request.headers()), &mut headers);
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://desk.example.com");
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
    }
}
