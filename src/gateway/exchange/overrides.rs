//! Fields by which a client names another method or path than its request line does. Where what is demanded depends on the
//! one or the other, such a request is judged as one and done as another: it is refused, whatever the spelling of the field.
//! Invariant: an app with rules or transactions gets no request with such a field; every other app gets it without the field.

use std::sync::Arc;

use http::header::{HeaderMap, HeaderName};
use http::{Method, Response, StatusCode};

use crate::config::field_names::{self, Says};
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::problem;
use crate::telemetry::strangers::Kind;

/// A field that names another method or path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) struct Override {
    name: HeaderName,
    says: Says,
}

impl Override {
    /// The first one of a request; what `a_proxy` wrote, by its exact name, is none.
    pub(in crate::gateway) fn of(headers: &HeaderMap, a_proxy: impl Fn(&str) -> bool) -> Option<Self> {
        headers.keys().find_map(|name| {
            let says = field_names::known(name.as_str().as_bytes())?.says;
            (matches!(says, Says::Method | Says::Target) && !a_proxy(name.as_str())).then(|| Self { name: name.clone(), says })
        })
    }

    fn code(&self) -> &'static str {
        if self.says == Says::Method { "method_override" } else { "target_override" }
    }
}

/// What a proxy in front of us may have written of the request that it got.
pub(in crate::gateway) fn is_of_a_proxy(name: &str) -> bool {
    name.starts_with("x-forwarded-")
        || matches!(name, "x-original-uri" | "x-original-method" | "x-envoy-original-path" | "x-envoy-original-method")
}

/// Whether a method is one to us and another to an app that writes it in capitals (RFC 9110 §9.1: methods are
/// case-sensitive, and all that are registered are capitals).
pub(in crate::gateway) fn is_lower_case(method: &Method) -> bool {
    method.as_str().bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The code of the refusal.
pub(in crate::gateway) const LOWER_CASE: &str = "method_lower_case";

impl Exchange<'_> {
    /// The answer to a request with such a field.
    pub(in crate::gateway) fn overridden(&self, found: &Override, headers: &HeaderMap) -> Response<Body> {
        if let Some(app) = self.app {
            app.counters.refused.increment(1);
        }
        let Override { name, says } = found;
        if self.may_write(Kind::RequestRefused, headers) {
            tracing::info!(remote_ip = %self.address, reason = found.code(), field = %name, request_id = %self.request_id, "request_refused");
        }
        let detail = format!(
            "the field `{name}` says {} than the request line, and what is demanded here depends on that; send the request without it",
            says.words()
        );
        let mut problem = self.problem_for(StatusCode::BAD_REQUEST, found.code(), None);
        problem.detail = Some(Arc::from(detail));
        let mut response = problem::answer(&problem, self.caller, headers, &*self.gateway.pages);
        note(&mut response, found.code());
        response
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn found(names: &[&'static str]) -> Option<&'static str> {
        let one = HeaderValue::from_static("x");
        let headers = names.iter().map(|name| (HeaderName::from_static(name), one.clone())).collect();
        Override::of(&headers, is_of_a_proxy).map(|found| found.code())
    }

    #[test]
    fn a_field_that_names_another_method_or_path_is_found_in_every_spelling() {
        for (name, code) in [
            ("x-http-method-override", "method_override"),
            ("x_http_method_override", "method_override"),
            ("x-http_method-override", "method_override"),
            ("x.http.method.override", "method_override"),
            ("http_x_http_method_override", "method_override"),
            ("x-http-method", "method_override"),
            ("x-method-override", "method_override"),
            ("x-original-url", "target_override"),
            ("x_rewrite_url", "target_override"),
            // A proxy writes its own names with hyphens: another spelling is a client's.
            ("x_original_uri", "target_override"),
            ("x_forwarded_uri", "target_override"),
            ("x_forwarded-prefix", "target_override"),
            ("script_name", "target_override"),
        ] {
            assert_eq!(found(&["accept", name]), Some(code), "{name}");
        }
        let words = ["x-forwarded-uri", "x-original-uri", "x-forwarded-for", "x-payment-method", "content-type", "x-real-ip"];
        assert_eq!(found(&words), None);
    }

    #[test]
    fn a_method_is_written_in_capitals() {
        for (method, is_lower) in
            [("POST", false), ("M-SEARCH", false), ("post", true), ("POSt", true), ("X1_", false), ("p", true)]
        {
            assert_eq!(is_lower_case(&Method::from_bytes(method.as_bytes()).unwrap()), is_lower, "{method}");
        }
    }
}
