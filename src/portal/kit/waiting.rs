//! What the script of a waiting page reads.

use axum::body::Body;
use axum::response::Response;
use http::HeaderMap;
use http::header::{self, HeaderValue};

/// Whether what the page waits for is over.
pub(in crate::portal) fn waiting_state(over: bool) -> Response {
    let mut response = Response::new(Body::from(if over { r#"{"state":"over"}"# } else { r#"{"state":"waiting"}"# }));
    response.headers_mut().extend(HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]));
    response
}
