//! What a body says of itself by its Content-Type, and the whole of it where that is short enough.

use http::{HeaderMap, header};

use super::error::Unreadable;
use crate::transaction::spool::{HeldBody, SpoolError};

/// The longest form or JSON body of which values are read.
const LONGEST: u64 = 1 << 20;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(super) const MULTIPART: &str = "multipart/form-data";

/// What a body beside a shown value of the query may say of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing: no framework looks for names in it, or it is empty.
    Nothing,
    Form,
    Parts,
    Json,
}

impl Beside {
    /// By the type that is said, once. A type that is neither a file nor read here may be a form to some framework: Rack reads
    /// a body without a type as one, and `multipart/mixed`; Tornado and axum look at the beginning of the type alone.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Unreadable> {
        const SOUGHT: &str = "a form, JSON or a file, said once: a value of the query is shown, and others may count instead";
        let (kind, _) = content_type(headers).ok_or(Unreadable::AnotherType(SOUGHT))?;
        let (class, format) = kind.split_once('/').ok_or(Unreadable::AnotherType(SOUGHT))?;
        let plain = format.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        match class {
            _ if kind == FORM => Ok(Self::Form),
            _ if kind == MULTIPART => Ok(Self::Parts),
            _ if is_json(&kind) => Ok(Self::Json),
            "image" | "audio" | "video" | "font" if !format.contains([',', ' ']) => Ok(Self::Nothing),
            "application"
                if matches!(format, "octet-stream" | "pdf" | "zip" | "gzip" | "msword")
                    || plain && format.starts_with("vnd.") =>
            {
                Ok(Self::Nothing)
            }
            _ => Err(Unreadable::AnotherType(SOUGHT)),
        }
    }
}

pub(super) fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The type of a body and the parameters behind it, where exactly one is said.
pub(super) fn content_type(headers: &HeaderMap) -> Option<(String, Vec<(String, String)>)> {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let text = all.next()?.to_str().ok()?;
    if all.next().is_some() {
        return None;
    }
    let mut parts = text.split(';');
    let kind = parts.next()?.trim().to_ascii_lowercase();
    let parameters = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
    });
    Some((kind, parameters.collect()))
}

pub(super) fn typed(headers: &HeaderMap, right: impl Fn(&str) -> bool, called: &'static str) -> Result<(), Unreadable> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Unreadable::Encoded);
    }
    let (kind, parameters) = content_type(headers).ok_or(Unreadable::AnotherType(called))?;
    if !right(&kind) {
        return Err(Unreadable::AnotherType(called));
    }
    let utf8 = |charset: &str| charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8");
    if parameters.iter().any(|(name, value)| name == "charset" && !utf8(value)) {
        return Err(Unreadable::Encoded);
    }
    Ok(())
}

pub(super) async fn whole(body: &HeldBody) -> Result<bytes::Bytes, Unreadable> {
    body.whole(LONGEST).await.map_err(|error| match error {
        SpoolError::TooLong(limit) => Unreadable::TooLong(limit),
        other => other.into(),
    })
}
