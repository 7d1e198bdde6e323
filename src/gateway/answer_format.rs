//! How a program reads an error: most read a problem document (RFC 9457), a gRPC client only the status that ends a call, and
//! git prints nothing but plain text. By what a request says of itself.
//! Invariant: the status of a call is answered with 200, so it is for the client itself alone, never for a proxy that asks.

use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use super::body::Body;

/// How a program reads an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum AnswerFormat {
    /// A problem document.
    Document,
    /// A call of gRPC or gRPC-Web, of this content type: trailers only, which is a head with the status and no body.
    Call(HeaderValue),
    /// Plain text.
    Text,
}

/// The longest message of a call, as it is written: clients bound the heads that they take, often by 8 KiB.
const LONGEST: usize = 2048;

impl AnswerFormat {
    /// By the fields of a request.
    pub(in crate::gateway) fn of(request: &HeaderMap) -> Self {
        let kind = request.get(header::CONTENT_TYPE);
        if let Some(kind) = kind.filter(|kind| is_call(kind.as_bytes())) {
            return Self::Call(kind.clone());
        }
        let starts = |name: header::HeaderName, words: &[&[u8]]| {
            request.get(name).is_some_and(|value| words.iter().any(|word| value.as_bytes().starts_with(word)))
        };
        let is_git = starts(header::USER_AGENT, &[b"git/", b"JGit/", b"go-git/"])
            || starts(header::CONTENT_TYPE, &[b"application/x-git-"]);
        if is_git { Self::Text } else { Self::Document }
    }
}

/// The end of a call that was never made (gRPC over HTTP/2, "Trailers-Only").
pub(in crate::gateway) fn call_ended(kind: HeaderValue, status: StatusCode, message: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert("grpc-status", HeaderValue::from_static(call_status(status)));
    if let Ok(message) = HeaderValue::try_from(percent_encoded(message)) {
        headers.insert("grpc-message", message);
    }
    response
}

/// Plain text, with a line that names where to sign in.
pub(in crate::gateway) fn text(status: StatusCode, detail: &str, sign_in: Option<&str>) -> Response<Body> {
    let lines: String = std::iter::once(detail).chain(sign_in).map(|line| format!("{line}\n")).collect();
    let mut response = Response::new(Body::full(lines));
    // At a 401 git asks for a password, which is none of ours, forgets the one that it keeps, and prints the text last.
    *response.status_mut() = if status == StatusCode::UNAUTHORIZED { StatusCode::FORBIDDEN } else { status };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `application/grpc`, `application/grpc-web`, `application/grpc-web-text`, each with a format (`+proto`) or parameters.
fn is_call(kind: &[u8]) -> bool {
    const CALL: &[u8] = b"application/grpc";
    let is_named = kind.get(..CALL.len()).is_some_and(|start| start.eq_ignore_ascii_case(CALL));
    is_named && matches!(kind.get(CALL.len()), None | Some(b'+' | b'-' | b';' | b' '))
}

/// The number of a status of gRPC: 16 unauthenticated, 7 not permitted, 12 unimplemented, 8 a bound is reached, 4 too late,
/// 14 unavailable, 13 a fault of the protocol, 2 anything else (doc/http-grpc-status-mapping.md of gRPC, but for 413, 429,
/// 431, which are bounds here, and 504: what may have been done is not to be repeated by itself).
const fn call_status(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "16",
        403 => "7",
        404 | 405 => "12",
        413 | 429 | 431 => "8",
        504 => "4",
        502 | 503 => "14",
        400 => "13",
        _ => "2",
    }
}

/// As gRPC writes a message: visible ASCII and blanks as they are, the rest and `%` as `%XX` of its UTF-8; whole characters of it,
/// as many as there is room for.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        let before = encoded.len();
        if matches!(character, ' '..='~') && character != '%' {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        if encoded.len() > LONGEST {
            encoded.truncate(before);
            break;
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(fields: &[(&'static str, &'static str)]) -> AnswerFormat {
        let headers = fields.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        AnswerFormat::of(&headers.collect())
    }

    #[test]
    fn a_program_is_answered_in_the_way_that_it_reads() {
        for kind in [
            "application/grpc",
            "application/grpc+proto",
            "Application/gRPC;x=y",
            "application/grpc-web",
            "application/grpc-web+proto",
            "application/grpc-web-text",
        ] {
            assert_eq!(format(&[("content-type", kind)]), AnswerFormat::Call(HeaderValue::from_static(kind)), "{kind}");
        }
        for agent in ["git/2.47.3", "git/2.0 (libgit2 1.9.0)", "JGit/6.10", "go-git/5.x"] {
            assert_eq!(format(&[("user-agent", agent)]), AnswerFormat::Text, "{agent}");
        }
        assert_eq!(format(&[("content-type", "application/x-git-upload-pack-request")]), AnswerFormat::Text);
        for fields in [
            &[("content-type", "application/grpcx")][..],
            &[("content-type", "application/json")],
            &[("content-type", "text/application/grpc")],
            &[("user-agent", "git-lfs/3.6.1 (GitHub; linux amd64)")],
            &[("user-agent", "curl/8.5 git/2")],
            &[],
        ] {
            assert_eq!(format(fields), AnswerFormat::Document, "{fields:?}");
        }
    }

    #[test]
    fn a_call_ends_with_a_status_of_its_own_and_a_message() {
        for (status, number) in
            [(401, "16"), (403, "7"), (404, "12"), (429, "8"), (502, "14"), (503, "14"), (504, "4"), (400, "13"), (418, "2")]
        {
            let response =
                call_ended(HeaderValue::from_static("application/grpc"), StatusCode::from_u16(status).unwrap(), "100 %\nサ");
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(
                (&response.headers()["grpc-status"], &response.headers()["grpc-message"]),
                (&HeaderValue::from_static(number), &HeaderValue::from_static("100 %25%0A%E3%82%B5")),
                "{status}"
            );
            assert!(http_body::Body::is_end_stream(response.body()), "trailers only");
        }
    }

    #[test]
    fn a_message_is_cut_at_a_whole_character() {
        let encoded = percent_encoded(&"関".repeat(1000));
        assert_eq!((encoded.len() % 9, encoded.len() <= LONGEST, encoded.len() > LONGEST - 9), (0, true, true));
    }

    #[test]
    fn git_is_told_what_it_prints_and_never_asked_for_a_password() {
        let response = text(StatusCode::UNAUTHORIZED, "Sign in first.", Some("https://auth.example.com/sign-in"));
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(text(StatusCode::BAD_GATEWAY, "The app does not answer.", None).status(), StatusCode::BAD_GATEWAY);
    }
}
