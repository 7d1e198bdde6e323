//! What a request must meet: what its path is judged by in every reading, all of it together; where it cannot be put
//! together, it is refused.

use http::{HeaderMap, Method, Response, StatusCode};

use super::answer;
use super::body::Body;
use super::hosts::AppHost;
use super::request::{Traveller, note};
use crate::chain::policy::selection::{Ambiguous, Selected};
use crate::facts::path::{PathError, RequestPath};
use crate::facts::target::Target;

/// Why a request is refused before the chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unjudged {
    /// The path is one that is refused.
    #[error("the path is refused: {0}")]
    Path(#[from] PathError),
    /// Its readings cannot be judged together.
    #[error("the path cannot be judged: {0}")]
    Ambiguous(#[from] Ambiguous),
}

impl Unjudged {
    /// The stable code.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Path(error) => error.code(),
            Self::Ambiguous(error) => error.code(),
        }
    }
}

/// What a request must meet.
pub(super) fn selected<'p>(app: &'p AppHost, method: &Method, path: &str) -> Result<Selected<'p>, Unjudged> {
    Ok(app.policy.select(&Target { method, path: RequestPath::parse(path)? })?)
}

impl Traveller<'_> {
    /// Refuses what cannot be judged, with what is wrong in words.
    pub(super) fn unjudged(&self, why: &Unjudged, status: Option<StatusCode>, headers: &HeaderMap) -> Response<Body> {
        let status = status.unwrap_or(StatusCode::BAD_REQUEST);
        tracing::info!(remote_ip = %self.address, reason = why.code(), error = %why, request_id = %self.request_id, "request_not_judged");
        let mut told = self.told(status, why.code(), None);
        told.detail = Some(why.to_string().into());
        let mut response = answer::problem(&told, self.caller, headers, &*self.gateway.pages);
        note(&mut response, why.code());
        response
    }
}
