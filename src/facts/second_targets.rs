//! Resources that a request names beside its own path: where WebDAV copies or moves to (`Destination`, RFC 4918 §10.3), of
//! what it makes conditions (`If`, §10.4), what an object store copies from. What is done there is done by this request, so
//! each is judged as its path is; docs/paths.md says which fields and bodies are not looked at, and why.
//! Invariant: a field that names a resource which we cannot determine is an error.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, Method};

use super::path::{PathError, RequestPath};
use super::target;

/// Conditions on other resources that are looked at.
const MOST: usize = 16;

const DESTINATION: HeaderName = HeaderName::from_static("destination");
const IF: HeaderName = HeaderName::from_static("if");
/// `/BUCKET/KEY`, or an address.
const COPY_SOURCES: [HeaderName; 4] = [
    HeaderName::from_static("x-amz-copy-source"),
    HeaderName::from_static("x-goog-copy-source"),
    HeaderName::from_static("x-ms-copy-source"),
    HeaderName::from_static("x-ms-rename-source"),
];
/// Below the account, which the field does not name (OpenStack Swift).
const COPY_FROM: HeaderName = HeaderName::from_static("x-copy-from");
const DEPTH: HeaderName = HeaderName::from_static("depth");
const OVERWRITE: HeaderName = HeaderName::from_static("overwrite");

/// A resource that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondTarget<'a> {
    path: Cow<'a, str>,
    /// What is done to it.
    pub usage: TargetUse,
}

impl SecondTarget<'_> {
    /// Its path.
    ///
    /// # Errors
    /// [`PathError`]; none, since it was read before.
    pub fn path(&self) -> Result<RequestPath<'_>, PathError> {
        RequestPath::parse(&self.path)
    }
}

/// What a request does to a resource that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetUse {
    /// It is made, or made another.
    Write,
    /// It is read.
    Read,
    /// The answer depends on its state.
    Inspect,
}

/// What names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetField {
    /// `Destination`.
    Destination,
    /// `If`.
    If,
    /// What is copied.
    CopySource,
}

/// Why a request is refused for what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecondTargetError {
    /// The field is there more than once.
    #[error("send {} once", .0.name())]
    Repeated(TargetField),
    /// It is neither a path of this host nor an address.
    #[error("write {} as an address of this host (https://…) or as a path from its root", .0.name())]
    Malformed(TargetField),
    /// It names another host.
    #[error("name a resource of this host in {}", .0.name())]
    Elsewhere(TargetField),
    /// Its path is one that is refused.
    #[error("use the path in {}: {why}", .field.name())]
    Path {
        /// The field.
        field: TargetField,
        /// Why.
        why: PathError,
    },
}

impl TargetField {
    const fn name(self) -> &'static str {
        match self {
            Self::Destination => "Destination",
            Self::If => "If",
            Self::CopySource => "the field that names what is copied",
        }
    }
}

impl SecondTargetError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Repeated(TargetField::Destination) => "destination_repeated",
            Self::Malformed(TargetField::Destination) | Self::Path { field: TargetField::Destination, .. } => {
                "destination_malformed"
            }
            Self::Elsewhere(TargetField::Destination) => "destination_elsewhere",
            Self::Repeated(TargetField::If) => "if_repeated",
            Self::Malformed(TargetField::If) | Self::Path { field: TargetField::If, .. } => "if_malformed",
            Self::Elsewhere(TargetField::If) => "if_elsewhere",
            Self::Repeated(TargetField::CopySource) => "copy_source_repeated",
            Self::Malformed(TargetField::CopySource) | Self::Path { field: TargetField::CopySource, .. } => {
                "copy_source_malformed"
            }
            Self::Elsewhere(TargetField::CopySource) => "copy_source_elsewhere",
        }
    }
}

/// Whether a method is for nothing but to write at its destination.
pub fn has_destination(method: &Method) -> bool {
    matches!(method.as_str(), "COPY" | "MOVE")
}

/// Whether what stands at the destination of a copy has to give way to it (RFC 4918 §10.6): it does, unless the client says
/// otherwise in the one spelling that means so.
pub fn replaces(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(OVERWRITE).iter();
    said.next().is_none_or(|overwrite| overwrite != "F") || said.next().is_some()
}

/// Whether a request acts on all that is below its path: some methods do, unless they say otherwise (RFC 4918 §9.1, §9.8.3,
/// §9.10.3), or whatever they say (§9.9.2); others do where they say so (RFC 3253 §3.6, §7.1, §8.2).
pub fn is_deep(method: &Method, headers: &HeaderMap) -> bool {
    let mut depths = headers.get_all(DEPTH).iter();
    // Said twice, it says nothing.
    let depth = depths.next().filter(|_| depths.next().is_none());
    let is = |wanted: &str| depth.is_some_and(|depth| depth == wanted);
    match method.as_str() {
        "MOVE" => true,
        "COPY" | "LOCK" => !is("0"),
        "PROPFIND" => !is("0") && !is("1"),
        "REPORT" | "UPDATE" | "LABEL" => headers.contains_key(DEPTH) && !is("0") && !is("1"),
        _ => false,
    }
}

/// Whether the body of such a request names the resource that it acts on (RFC 5842, RFC 4437; the batches of Exchange's
/// WebDAV): it cannot be judged.
pub fn is_named_in_body(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "BIND"
            | "REBIND"
            | "UNBIND"
            | "MKREDIRECTREF"
            | "UPDATEREDIRECTREF"
            | "BCOPY"
            | "BMOVE"
            | "BDELETE"
            | "BPROPFIND"
            | "BPROPPATCH"
    )
}

/// What a request names. `origin` is the app's own: `https://host`, and the port if it is not 443.
///
/// # Errors
/// [`SecondTargetError`].
pub fn of<'a>(headers: &'a HeaderMap, origin: &str) -> Result<Vec<SecondTarget<'a>>, SecondTargetError> {
    let mut named = Vec::new();
    if let Some(value) = one(headers, &DESTINATION, TargetField::Destination)? {
        named.push(SecondTarget { path: address(value, origin, TargetField::Destination)?.into(), usage: TargetUse::Write });
    }
    if let Some(value) = one(headers, &IF, TargetField::If)? {
        for tag in tags(value)? {
            named.push(SecondTarget { path: address(tag, origin, TargetField::If)?.into(), usage: TargetUse::Inspect });
        }
    }
    for name in &COPY_SOURCES {
        if let Some(value) = one(headers, name, TargetField::CopySource)? {
            named.push(SecondTarget { path: copied(value, origin)?, usage: TargetUse::Read });
        }
    }
    if headers.contains_key(COPY_FROM) {
        return Err(SecondTargetError::Elsewhere(TargetField::CopySource));
    }
    Ok(named)
}

/// Whether a request names nothing beside its path: most do not.
pub fn are_none(headers: &HeaderMap) -> bool {
    ![DESTINATION, IF, COPY_FROM].iter().chain(&COPY_SOURCES).any(|name| headers.contains_key(name))
}

/// The fields of a head that are looked at here, and no others.
pub fn fields(headers: &HeaderMap) -> HeaderMap {
    let mut fields = HeaderMap::new();
    if are_none(headers) && !headers.contains_key(DEPTH) && !headers.contains_key(OVERWRITE) {
        return fields;
    }
    for name in [DESTINATION, IF, COPY_FROM, DEPTH, OVERWRITE].iter().chain(&COPY_SOURCES) {
        for value in headers.get_all(name) {
            fields.append(name.clone(), value.clone());
        }
    }
    fields
}

/// The field of a request that may be two of its client's: a proxy that asks may join the lines of a field by a comma (RFC 9110
/// §5.3) where it hands each to the app, which takes the first or the last. `joins`: this one does, and so no comma is believed;
/// of others one that a second address may stand behind.
pub fn joined(headers: &HeaderMap, joins: bool) -> Option<TargetField> {
    let begins_another = |rest: &str| {
        let rest = rest.trim_start();
        let scheme =
            ["http:", "https:"].iter().any(|scheme| rest.get(..scheme.len()).is_some_and(|is| is.eq_ignore_ascii_case(scheme)));
        rest.starts_with(['/', '\\', '.']) || scheme
    };
    let may_be_two = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| value.split(',').skip(1).any(|rest| joins || begins_another(rest)))
    };
    let copied = COPY_SOURCES.into_iter().map(|name| (name, TargetField::CopySource));
    let mut fields = std::iter::once((DESTINATION, TargetField::Destination)).chain(copied);
    fields.find(|(name, _)| may_be_two(name)).map(|(_, field)| field)
}

fn one<'a>(headers: &'a HeaderMap, name: &HeaderName, field: TargetField) -> Result<Option<&'a str>, SecondTargetError> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| SecondTargetError::Malformed(field))).transpose()?;
    if values.next().is_some() { Err(SecondTargetError::Repeated(field)) } else { Ok(first) }
}

/// RFC 4918 §8.3: an absolute URI, or a path from the root, with a query or without. No network path (`//host/…`), no
/// relative one, no fragment: a server that takes those would take them in its own way.
fn address<'a>(text: &'a str, origin: &str, field: TargetField) -> Result<&'a str, SecondTargetError> {
    let malformed = SecondTargetError::Malformed(field);
    if text.contains('#') || text.bytes().any(|byte| byte <= b' ' || byte >= 0x7f) {
        return Err(malformed);
    }
    let path = if text.starts_with('/') {
        if text.starts_with("//") {
            return Err(malformed);
        }
        text
    } else {
        let (scheme, rest) = text.split_once("://").ok_or(malformed)?;
        let default = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => 443,
            _ if scheme.eq_ignore_ascii_case("http") => 80,
            _ => return Err(malformed),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(malformed)?;
        let (host, port) = target::split(authority).map_err(|_| malformed)?;
        let own = origin.strip_prefix("https://").unwrap_or(origin);
        let (own_host, own_port) = target::split(own).map_err(|_| malformed)?;
        let is_own_port = port.is_none_or(|port| port == own_port.unwrap_or(443) || port == default);
        if !host.eq_ignore_ascii_case(own_host) || !is_own_port {
            return Err(SecondTargetError::Elsewhere(field));
        }
        path
    };
    let path = path.split('?').next().filter(|path| !path.is_empty()).unwrap_or("/");
    RequestPath::parse(path).map_err(|error| SecondTargetError::Path { field, why: error })?;
    Ok(path)
}

/// `/bucket/key?versionId=…`, with the first slash or without, or an address.
fn copied<'a>(text: &'a str, origin: &str) -> Result<Cow<'a, str>, SecondTargetError> {
    if text.starts_with('/') || text.contains("://") {
        return address(text, origin, TargetField::CopySource).map(Cow::Borrowed);
    }
    let path = format!("/{text}");
    address(&path, origin, TargetField::CopySource).map(str::to_owned).map(Cow::Owned)
}

/// The resources that a tagged list is about (RFC 4918 §10.4.2): `<tag> (conditions) <tag> (conditions)`; in conditions
/// there are `<state tokens>` and `["entity tags"]`.
fn tags(value: &str) -> Result<Vec<&str>, SecondTargetError> {
    let malformed = SecondTargetError::Malformed(TargetField::If);
    let mut tags = Vec::new();
    let (mut rest, mut inside) = (value, false);
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '(' if !inside => {
                inside = true;
                behind
            }
            ')' if inside => {
                inside = false;
                behind
            }
            '<' => {
                let (tag, behind) = behind.split_once('>').ok_or(malformed)?;
                if !inside {
                    if tags.len() == MOST {
                        return Err(malformed);
                    }
                    tags.push(tag);
                }
                behind
            }
            // An entity tag may hold brackets of every kind between its quotes.
            '[' if inside => {
                let tag = behind.strip_prefix("W/").unwrap_or(behind).strip_prefix('"').ok_or(malformed)?;
                let (_, behind) = tag.split_once('"').ok_or(malformed)?;
                behind.strip_prefix(']').ok_or(malformed)?
            }
            ' ' | '\t' => behind,
            'N' if inside => behind.strip_prefix("ot").ok_or(malformed)?,
            _ => return Err(malformed),
        };
    }
    if inside { Err(malformed) } else { Ok(tags) }
}

#[cfg(test)]
mod tests;
