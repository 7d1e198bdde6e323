//! Asks the running gateway, through the socket in its state directory, by the very API that programs use.

use std::io::ErrorKind::{ConnectionRefused, InvalidInput, NotADirectory, NotFound, PermissionDenied};
use std::path::Path;

use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HOST};
use http::{Method, Request};
use http_body_util::Full;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use tokio::net::UnixStream;

use crate::admin::act::{Act, Route, Verb};
use crate::cli::CommandFailure;
use crate::cli::words::{say, spoken};
use crate::outbound::https;
use crate::portal::api::v1::PREFIX;
use crate::server::control;

/// What stands in a path or a query as it is (RFC 3986 §2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The longest answer that is read.
const LONGEST: usize = 64 * 1024 * 1024;

/// What the running gateway answers; `None` if none runs.
///
/// # Errors
/// [`CommandFailure`]: it was not done, or the gateway did not answer.
pub(super) async fn ask<A: Act>(state: &Path, act: &A) -> Result<Option<Value>, CommandFailure> {
    let stream = match UnixStream::connect(control::path(state)).await {
        Ok(stream) => stream,
        // A fault of the directory itself is reported by the command that opens it; a path too long for a socket has none.
        Err(error) if matches!(error.kind(), NotFound | ConnectionRefused | NotADirectory | InvalidInput) => return Ok(None),
        Err(error) => {
            let hint = (error.kind() == PermissionDenied).then(|| say("failure-gateway-hint", &[]).into());
            return Err(CommandFailure::Failed(say("failure-gateway", &[("why", &error)]), hint));
        }
    };
    let fields = match serde_json::to_value(act) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => Map::new(),
        Err(error) => return Err(CommandFailure::failed(&error)),
    };
    let failed = |error: &dyn std::fmt::Display| CommandFailure::Failed(say("failure-gateway", &[("why", error)]), None);
    let request = request(A::ROUTE, fields).map_err(|error| failed(&error))?;
    let exchanged = https::exchange_over(stream, request, LONGEST).await;
    let (head, body) = exchanged.map_err(|error| failed(&error))?.into_parts();
    let (status, language) = (head.status, head.headers.get(CONTENT_LANGUAGE));
    let answer: Value = serde_json::from_slice(&body).map_err(|error| failed(&error))?;
    if status.is_success() {
        return Ok(Some(answer));
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    let what = match text("detail") {
        // A sentence in our language; without the field it is English, as for any program.
        Some(detail) if language.is_some_and(|own| own == spoken().tag()) => detail,
        Some(detail) => say("failure", &[("why", &detail)]),
        None => say("failure-gateway-status", &[("status", &status)]),
    };
    Err(CommandFailure::Failed(what, text("hint").map(Into::into)))
}

/// What is named in the path stands there; the rest in the query or the body. What was not given is left out.
fn request(route: Route, mut fields: Map<String, Value>) -> http::Result<Request<Full<Bytes>>> {
    fields.retain(|_, value| !value.is_null());
    let mut path = format!("{PREFIX}{}", route.path);
    for name in route.parameters() {
        let value = fields.remove(name).as_ref().map(text).unwrap_or_default();
        path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&value, ESCAPED).to_string());
    }
    let (method, has_body) = match route.verb {
        Verb::Get => (Method::GET, false),
        Verb::Delete => (Method::DELETE, false),
        Verb::Post => (Method::POST, true),
        Verb::Put => (Method::PUT, true),
        Verb::Patch => (Method::PATCH, true),
    };
    let body = if has_body {
        Value::Object(fields).to_string()
    } else {
        for (place, (name, value)) in fields.iter().enumerate() {
            let value = text(value);
            let value = utf8_percent_encode(&value, ESCAPED);
            path.push_str(&format!("{}{name}={value}", if place == 0 { '?' } else { '&' }));
        }
        String::new()
    };
    Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "gateway")
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT_LANGUAGE, spoken().tag())
        .body(Full::new(Bytes::from(body)))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_path_names_is_escaped_and_the_rest_goes_to_query_or_body() {
        let fields = |value: Value| value.as_object().unwrap().clone();
        let route = Route::new(Verb::Get, "/users/{user}/things");
        let asked = request(route, fields(json!({ "user": "a@b/..?c", "limit": 3, "after": null }))).unwrap();
        assert_eq!(asked.uri(), "/api/v1/users/a%40b%2F..%3Fc/things?limit=3");
        let route = Route::new(Verb::Put, "/users/{user}/groups");
        let asked = request(route, fields(json!({ "user": "alice", "groups": ["staff"] }))).unwrap();
        assert_eq!((asked.uri().path(), asked.uri().query()), ("/api/v1/users/alice/groups", None));
    }
}
