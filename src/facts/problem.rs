//! The problem document (RFC 9457): every error that a program reads is written here, so that all of them have the same
//! members. `code` never changes; `detail` is for people.

use http::header::{self, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

/// The media type of the document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as a program reads it.
#[derive(Clone, Debug)]
pub struct ProblemDocument {
    status: StatusCode,
    members: Map<String, Value>,
}

impl ProblemDocument {
    /// `type`, `title`, `status` and `code`.
    pub fn new(status: StatusCode, code: &str) -> Self {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!(format!("urn:sekisho:problem:{code}")));
        members.insert("title".to_owned(), json!(status.canonical_reason().unwrap_or("error")));
        members.insert("status".to_owned(), json!(status.as_u16()));
        members.insert("code".to_owned(), json!(code));
        Self { status, members }
    }

    /// Without a type of its own: `about:blank`, as the protocol of approvers has it (docs/approver-protocol.md).
    pub fn untyped(self) -> Self {
        self.with("type", "about:blank")
    }

    /// With one member more; it replaces an earlier one of that name.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The same where there is a value.
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The answer: status, content type, and that no cache keeps it. `body` makes the body of the text.
    pub fn respond<B>(self, body: impl FnOnce(String) -> B) -> Response<B> {
        let mut response = Response::new(body(Value::Object(self.members).to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_the_members_of_rfc_9457_and_its_code() {
        let document = ProblemDocument::new(StatusCode::NOT_FOUND, "not_found").with("detail", "find it");
        let response = document.with_some("hint", None::<&str>).respond(|text| text);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let read: Value = serde_json::from_str(response.body()).unwrap();
        let whole = json!({
            "type": "urn:sekisho:problem:not_found", "title": "Not Found", "status": 404, "code": "not_found", "detail": "find it",
        });
        assert_eq!(read, whole);
    }

    #[test]
    fn an_untyped_document_is_about_blank() {
        let response = ProblemDocument::new(StatusCode::GONE, "dead_link").untyped().respond(|text| text);
        assert!(response.body().contains(r#""type":"about:blank""#));
    }
}
