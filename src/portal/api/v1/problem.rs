//! Errors of the API (RFC 9457): a stable code, a sentence, and a hint where one helps.

use axum::body::Body;
use axum::response::Response;
use http::header::{self, HeaderValue};
use http::{HeaderName, StatusCode};

use crate::admin::error::AdminError;
use crate::admin::told;
use crate::facts::problem::ProblemDocument;
use crate::principal::language::Language;

/// A problem, before it is written.
#[derive(Debug)]
pub(super) struct ApiProblem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    hint: Option<String>,
    /// Of the detail and the hint, where that is another than English.
    language: Option<Language>,
    request_id: Option<String>,
    challenge: Option<HeaderValue>,
}

impl ApiProblem {
    pub(super) fn new(status: StatusCode, code: &'static str, detail: &str) -> Self {
        Self { status, code, detail: detail.to_owned(), hint: None, language: None, request_id: None, challenge: None }
    }

    /// Something of the input cannot be read.
    pub(super) fn input(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_input", detail)
    }

    /// What an act says, in this language.
    pub(super) fn of(error: &AdminError, language: Language) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(%error, "act_failed");
        }
        let detail = told::error(error, language);
        let other = Some(language).filter(|language| *language != Language::English);
        Self { hint: told::hint(error, language), language: other, ..Self::new(status, error.code(), &detail) }
    }

    /// A fault of ours.
    pub(super) fn fault(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "answer_not_written");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "write the answer")
    }

    /// With `WWW-Authenticate`.
    pub(super) fn challenged(mut self, challenge: &'static str) -> Self {
        self.challenge = Some(HeaderValue::from_static(challenge));
        self
    }

    /// Of this request.
    pub(super) fn of_request(mut self, id: Option<&str>) -> Self {
        self.request_id = id.map(str::to_owned);
        self
    }

    pub(super) fn answer(self) -> Response {
        let request_id = self.request_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok());
        let document = ProblemDocument::new(self.status, self.code)
            .with("detail", self.detail)
            .with_some("hint", self.hint)
            .with_some("request_id", self.request_id);
        let mut response = document.respond(Body::from);
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(language) = self.language {
            response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        }
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(id) = request_id {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }
}
