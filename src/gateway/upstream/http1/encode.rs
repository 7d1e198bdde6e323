//! The head of a request, written straight from what it is made of, and the framing of its body (RFC 9112 §6).

use http::Method;
use http::header::{HeaderName, HeaderValue};

use super::super::request_head::{FieldSink, RequestHead};

/// How the body of a request is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UploadFraming {
    /// There is none.
    Nothing,
    /// So many bytes are still to come.
    Length(u64),
    /// Chunks; whether one was begun already.
    Chunks { begun: bool },
}

impl UploadFraming {
    /// The framing of a body; `GET` and `HEAD` without a length have none, as an upstream expects none.
    pub(super) fn of(method: &Method, body: &impl http_body::Body) -> Self {
        if body.is_end_stream() {
            return Self::Nothing;
        }
        match body.size_hint().exact() {
            Some(0) => Self::Nothing,
            Some(length) => Self::Length(length),
            None if matches!(*method, Method::GET | Method::HEAD) => Self::Nothing,
            None => Self::Chunks { begun: false },
        }
    }
}

/// Writes a head that ends in its empty line. `host` is the upstream's own.
pub(super) fn write_head(head: &impl RequestHead, host: &HeaderValue, framing: UploadFraming, out: &mut Vec<u8>) {
    for part in [head.method().as_str(), " ", head.target(), " HTTP/1.1\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    head.fields(host, &mut WrittenFields(out));
    match framing {
        UploadFraming::Nothing if head.says_empty() => out.extend_from_slice(b"content-length: 0\r\n\r\n"),
        UploadFraming::Nothing => out.extend_from_slice(b"\r\n"),
        UploadFraming::Length(length) => {
            out.extend_from_slice(b"content-length: ");
            write_number(length, 10, out);
            out.extend_from_slice(b"\r\n\r\n");
        }
        UploadFraming::Chunks { .. } => out.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n"),
    }
}

/// Writes a number with digits of this base.
pub(super) fn write_number(mut number: u64, base: u64, out: &mut Vec<u8>) {
    let start = out.len();
    loop {
        // Below 16, so it is a digit.
        let digit = u32::try_from(number % base).ok().and_then(|digit| char::from_digit(digit, 16)).unwrap_or('0');
        out.push(u8::try_from(digit).unwrap_or(b'0'));
        number /= base;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

struct WrittenFields<'a>(&'a mut Vec<u8>);

impl FieldSink for WrittenFields<'_> {
    fn field(&mut self, name: &HeaderName, value: &HeaderValue) {
        self.parts(name, &[value.as_bytes()]);
    }

    fn parts(&mut self, name: &HeaderName, parts: &[&[u8]]) {
        let (name, out) = (name.as_str().as_bytes(), &mut *self.0);
        out.reserve(name.len() + parts.iter().map(|part| part.len()).sum::<usize>() + 4);
        out.extend_from_slice(name);
        out.extend_from_slice(b": ");
        for part in parts {
            out.extend_from_slice(part);
        }
        out.extend_from_slice(b"\r\n");
    }
}
