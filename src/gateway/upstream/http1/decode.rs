//! The head of an answer: its fields, and where its body ends (RFC 9112 §6.3). httparse reads the grammar; what it forgives,
//! and what frames the body twice, is judged here.
//! Invariant: a head that passes says in one way only where its body ends.

use std::mem::{self, MaybeUninit};

use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use hyper::ext::ReasonPhrase;

use super::fault::AnswerFault;

/// The longest head, bytes.
pub(super) const LONGEST: usize = 256 * 1024;
/// The most fields of a head.
const FIELDS: usize = 100;
/// Digits of a length, so that no reader's number overflows.
const DIGITS: usize = 18;

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFraming {
    /// Nothing: the answer is complete.
    Nothing,
    /// A body of so many bytes, at least one.
    Length(u64),
    /// A chunked body.
    Chunks,
    /// Whatever comes until the connection ends.
    ToTheEnd,
    /// Another protocol (101).
    Switched,
}

/// The head of a final answer, or of a switch of protocols.
#[derive(Debug)]
pub struct AnswerHead {
    /// Status and fields; a reason phrase of its own is an extension.
    pub response: Response<()>,
    /// What follows.
    pub framing: AnswerFraming,
    /// Whether the connection may be used again after a clean end.
    pub keeps: bool,
}

/// How far a head was read.
#[derive(Debug)]
pub enum HeadReading {
    /// There is no whole head yet.
    Partial,
    /// An interim answer (1xx) was read and is dropped; the next head follows.
    Interim,
    /// A head, and what came behind it.
    Head(AnswerHead, Bytes),
}

/// Reads a head from the front of `bytes`, which are used up but for [`HeadReading::Partial`]. `method` is the request's.
///
/// # Errors
/// [`AnswerFault::Malformed`].
pub fn read_head(bytes: &mut BytesMut, method: &Method) -> Result<HeadReading, AnswerFault> {
    let all = mem::take(bytes).freeze();
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
    let mut parsed = httparse::Response::new(&mut []);
    let parser = httparse::ParserConfig::default();
    let length = match parser.parse_response_with_uninit_headers(&mut parsed, &all, &mut fields) {
        Ok(httparse::Status::Complete(length)) if length <= LONGEST => length,
        Ok(httparse::Status::Partial) if all.len() < LONGEST => {
            *bytes = BytesMut::from(all);
            return Ok(HeadReading::Partial);
        }
        Ok(_) => return Err(AnswerFault::Malformed("its head is too long")),
        Err(error) => return Err(AnswerFault::Malformed(words(error))),
    };
    let status = parsed.code.and_then(|code| StatusCode::from_u16(code).ok());
    let status = status.ok_or(AnswerFault::Malformed("its status is none"))?;
    if status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS {
        *bytes = BytesMut::from(all.slice(length..));
        return Ok(HeadReading::Interim);
    }
    let mut said = SaidOfBody::default();
    // Room for what the gateway adds.
    let mut headers = HeaderMap::with_capacity(parsed.headers.len() + 2);
    for field in parsed.headers.iter() {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        let name = name.map_err(|_error| AnswerFault::Malformed("a field's name is too long"))?;
        let value = HeaderValue::from_maybe_shared(all.slice_ref(field.value));
        let value = value.map_err(|_error| AnswerFault::Malformed(words(httparse::Error::HeaderValue)))?;
        said.note(&name, &value)?;
        headers.append(name, value);
    }
    let is_http_11 = parsed.version == Some(1);
    let framing = said.framing(status, method, is_http_11)?;
    let ends_with_it = matches!(framing, AnswerFraming::ToTheEnd | AnswerFraming::Switched);
    let keeps = is_http_11 && !said.closes && !ends_with_it && is_by_the_letter(all.get(..length).unwrap_or_default());
    let mut response = Response::new(());
    if let Some(reason) = parsed.reason
        && status.canonical_reason() != Some(reason)
        && let Ok(reason) = ReasonPhrase::try_from(reason.as_bytes())
    {
        response.extensions_mut().insert(reason);
    }
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let rest = all.slice(length..);
    Ok(HeadReading::Head(AnswerHead { response, framing, keeps }, rest))
}

/// What the fields of a head say of its body and its connection.
#[derive(Debug, Default)]
struct SaidOfBody {
    length: Option<u64>,
    codings: u8,
    chunked: bool,
    closes: bool,
}

impl SaidOfBody {
    fn note(&mut self, name: &HeaderName, value: &HeaderValue) -> Result<(), AnswerFault> {
        if *name == header::CONTENT_LENGTH {
            if self.length.is_some() {
                return Err(AnswerFault::Malformed("it has more than one Content-Length"));
            }
            let length = decimal(value.as_bytes());
            self.length = Some(length.ok_or(AnswerFault::Malformed("its Content-Length is no number"))?);
        } else if *name == header::TRANSFER_ENCODING {
            self.codings = self.codings.saturating_add(1);
            self.chunked = value.as_bytes().eq_ignore_ascii_case(b"chunked");
        } else if *name == header::CONNECTION {
            let mut options = value.as_bytes().split(|byte| *byte == b',');
            self.closes |= options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        }
        Ok(())
    }

    fn framing(&self, status: StatusCode, method: &Method, is_http_11: bool) -> Result<AnswerFraming, AnswerFault> {
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(AnswerFraming::Switched);
        }
        if *method == Method::HEAD || status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
            return Ok(AnswerFraming::Nothing);
        }
        if *method == Method::CONNECT && status.is_success() {
            return Err(AnswerFault::Malformed("it opens a tunnel"));
        }
        match (self.codings, self.length) {
            (0, Some(0)) => Ok(AnswerFraming::Nothing),
            (0, Some(length)) => Ok(AnswerFraming::Length(length)),
            (0, None) => Ok(AnswerFraming::ToTheEnd),
            (_, Some(_)) => Err(AnswerFault::Malformed("it has Content-Length and Transfer-Encoding")),
            (1, None) if self.chunked && is_http_11 => Ok(AnswerFraming::Chunks),
            (_, None) => Err(AnswerFault::Malformed("its Transfer-Encoding is not chunked, once, over HTTP/1.1")),
        }
    }
}

/// Digits and nothing else.
fn decimal(digits: &[u8]) -> Option<u64> {
    if !(1..=DIGITS).contains(&digits.len()) {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

/// Whether a head begins with its status line, and each line of it ends in CR LF.
fn is_by_the_letter(head: &[u8]) -> bool {
    let is_after_cr = |at: usize| at.checked_sub(1).and_then(|before| head.get(before)) == Some(&b'\r');
    head.starts_with(b"HTTP/") && memchr::memchr_iter(b'\n', head).all(is_after_cr)
}

const fn words(error: httparse::Error) -> &'static str {
    match error {
        httparse::Error::HeaderName => "a field's name holds what no name has",
        httparse::Error::HeaderValue => "a field's value holds what no value has",
        httparse::Error::NewLine => "a line does not end in CR LF",
        httparse::Error::Status => "its status line is none",
        httparse::Error::Token => "its status line is none",
        httparse::Error::TooManyHeaders => "it has too many fields",
        httparse::Error::Version => "it is neither HTTP/1.1 nor HTTP/1.0",
    }
}
