//! What the access log says of a request's outcome: handed on with the response, as an extension of it.

use http::Response;

use crate::gateway::body::Body;

/// The code that stands in the access log.
#[derive(Clone, Copy, Debug)]
struct LoggedOutcome(&'static str);

/// Notes the outcome of a request for the access log.
pub(in crate::gateway) fn note(response: &mut Response<Body>, code: &'static str) {
    response.extensions_mut().insert(LoggedOutcome(code));
}

/// Whether the gateway itself answered: an answer of the app has no note.
pub(super) fn is_noted(response: &Response<Body>) -> bool {
    response.extensions().get::<LoggedOutcome>().is_some()
}

/// Takes the note out of a response; `None` where nothing was noted.
pub(super) fn noted(response: &mut Response<Body>) -> Option<&'static str> {
    response.extensions_mut().remove::<LoggedOutcome>().map(|outcome| outcome.0)
}
