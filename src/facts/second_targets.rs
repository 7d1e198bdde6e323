//! Resources that a request names beside its own path: where WebDAV copies or moves to (`Destination`, RFC 4918 §10.3), of
//! what it makes conditions (`If`, §10.4), what an object store copies from. What is done there is done by this request, so
//! each is judged as its path is; docs/paths.md says which fields and bodies are not looked at, and why.
//! Invariant: a field that names a resource which we could not tell is an error.

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
    pub act: Act,
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
pub enum Act {
    /// It is made, or made another.
    Write,
    /// It is read.
    Read,
    /// The answer says how it stands.
    Tell,
}

/// What names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
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
    Repeated(Field),
    /// It is no path of this host and no address.
    #[error("write {} as an address of this host (https://…) or as a path from its root", .0.name())]
    Malformed(Field),
    /// It names another host.
    #[error("name a resource of this host in {}", .0.name())]
    Elsewhere(Field),
    /// Its path is one that is refused.
    #[error("mend the path in {}: {why}", .field.name())]
    Path {
        /// The field.
        field: Field,
        /// Why.
        why: PathError,
    },
}

impl Field {
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
            Self::Repeated(Field::Destination) => "destination_repeated",
            Self::Malformed(Field::Destination) | Self::Path { field: Field::Destination, .. } => "destination_malformed",
            Self::Elsewhere(Field::Destination) => "destination_elsewhere",
            Self::Repeated(Field::If) => "if_repeated",
            Self::Malformed(Field::If) | Self::Path { field: Field::If, .. } => "if_malformed",
            Self::Elsewhere(Field::If) => "if_elsewhere",
            Self::Repeated(Field::CopySource) => "copy_source_repeated",
            Self::Malformed(Field::CopySource) | Self::Path { field: Field::CopySource, .. } => "copy_source_malformed",
            Self::Elsewhere(Field::CopySource) => "copy_source_elsewhere",
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
    if let Some(value) = one(headers, &DESTINATION, Field::Destination)? {
        named.push(SecondTarget { path: address(value, origin, Field::Destination)?.into(), act: Act::Write });
    }
    if let Some(value) = one(headers, &IF, Field::If)? {
        for tag in tags(value)? {
            named.push(SecondTarget { path: address(tag, origin, Field::If)?.into(), act: Act::Tell });
        }
    }
    for name in &COPY_SOURCES {
        if let Some(value) = one(headers, name, Field::CopySource)? {
            named.push(SecondTarget { path: copied(value, origin)?, act: Act::Read });
        }
    }
    if headers.contains_key(COPY_FROM) {
        return Err(SecondTargetError::Elsewhere(Field::CopySource));
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
pub fn joined(headers: &HeaderMap, joins: bool) -> Option<Field> {
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
    let copied = COPY_SOURCES.into_iter().map(|name| (name, Field::CopySource));
    let mut fields = std::iter::once((DESTINATION, Field::Destination)).chain(copied);
    fields.find(|(name, _)| may_be_two(name)).map(|(_, field)| field)
}

fn one<'a>(headers: &'a HeaderMap, name: &HeaderName, field: Field) -> Result<Option<&'a str>, SecondTargetError> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| SecondTargetError::Malformed(field))).transpose()?;
    if values.next().is_some() { Err(SecondTargetError::Repeated(field)) } else { Ok(first) }
}

/// RFC 4918 §8.3: an absolute URI, or a path from the root, with a query or without. No network path (`//host/…`), no
/// relative one, no fragment: a server that takes those would take them in its own way.
fn address<'a>(text: &'a str, origin: &str, field: Field) -> Result<&'a str, SecondTargetError> {
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
        return address(text, origin, Field::CopySource).map(Cow::Borrowed);
    }
    let path = format!("/{text}");
    address(&path, origin, Field::CopySource).map(str::to_owned).map(Cow::Owned)
}

/// The resources that a tagged list is about (RFC 4918 §10.4.2): `<tag> (conditions) <tag> (conditions)`; in conditions
/// there are `<state tokens>` and `["entity tags"]`.
fn tags(value: &str) -> Result<Vec<&str>, SecondTargetError> {
    let malformed = SecondTargetError::Malformed(Field::If);
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
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const OWN: &str = "https://files.example.com:8443";

    fn named(fields: &[(&'static str, &str)]) -> Result<Vec<(String, Act)>, &'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let named = of(&headers, OWN).map_err(SecondTargetError::code)?;
        assert!(!are_none(&headers));
        Ok(named.into_iter().map(|one| (one.path().unwrap().as_received().to_owned(), one.act)).collect())
    }

    #[test]
    fn a_destination_is_a_path_of_this_host_rfc_4918_10_3() {
        for (value, path) in [
            ("/b", "/b"),
            ("/b?c=d", "/b"),
            ("/a%2Fb", "/a%2Fb"),
            ("https://files.example.com:8443/b", "/b"),
            ("HTTPS://Files.Example.com/b/", "/b/"),
            ("https://files.example.com:443/b", "/b"),
            ("http://files.example.com/b", "/b"),
            ("https://files.example.com./b", "/b"),
            ("https://files.example.com", "/"),
            ("https://files.example.com?c", "/"),
        ] {
            assert_eq!(named(&[("destination", value)]), Ok(vec![(path.to_owned(), Act::Write)]), "{value}");
        }
        for (value, code) in [
            ("https://other.example.com/b", "destination_elsewhere"),
            ("https://files.example.com:9/b", "destination_elsewhere"),
            ("http://files.example.com:81/b", "destination_elsewhere"),
            ("https://files.example.com.evil.example/b", "destination_elsewhere"),
            ("//files.example.com/b", "destination_malformed"),
            ("b", "destination_malformed"),
            ("../b", "destination_malformed"),
            ("", "destination_malformed"),
            ("https:/files.example.com/b", "destination_malformed"),
            ("https:///b", "destination_malformed"),
            ("ftp://files.example.com/b", "destination_malformed"),
            ("https://me@files.example.com/b", "destination_malformed"),
            ("https://files.example.com\\b", "destination_malformed"),
            ("/b#c", "destination_malformed"),
            ("/b c", "destination_malformed"),
            ("/é", "destination_malformed"),
            ("/b%00", "destination_malformed"),
            ("/../b", "destination_malformed"),
        ] {
            assert_eq!(named(&[("destination", value)]), Err(code), "{value}");
        }
        assert_eq!(named(&[("destination", "/a"), ("destination", "/a")]), Err("destination_repeated"));
    }

    #[test]
    fn a_condition_on_another_resource_names_it_rfc_4918_10_4() {
        let read = |path: &str| (path.to_owned(), Act::Tell);
        for (value, expected) in [
            ("(<urn:uuid:1>)", Ok(vec![])),
            ("(Not <urn:uuid:1> [\"a)>\"]) (<urn:uuid:2>)", Ok(vec![])),
            ("</locked/> (<urn:uuid:1>)", Ok(vec![read("/locked/")])),
            ("<https://files.example.com/a> (<u:1> [W/\"x\"]) </b> (Not <u:2>)(<u:3>)", Ok(vec![read("/a"), read("/b")])),
            ("<https://other.example.com/a> (<u:1>)", Err("if_elsewhere")),
            ("</a (<u:1>)", Err("if_malformed")),
            ("(<u:1>", Err("if_malformed")),
            ("(<u:1>))", Err("if_malformed")),
            ("([\"a]) </b> (<u:1>)", Err("if_malformed")),
            ("W/\"a\"", Err("if_malformed")),
        ] {
            assert_eq!(named(&[("if", value)]), expected, "{value}");
        }
        assert_eq!(named(&[("if", "(<u:1>)"), ("if", "</a> (<u:1>)")]), Err("if_repeated"));
        assert_eq!(named(&[("if", &"</a> (<u:1>) ".repeat(17))]), Err("if_malformed"));
    }

    #[test]
    fn what_an_object_store_copies_is_read() {
        assert_eq!(named(&[("x-amz-copy-source", "/bucket/key?versionId=1")]), Ok(vec![("/bucket/key".to_owned(), Act::Read)]));
        assert_eq!(named(&[("x-ms-copy-source", "https://files.example.com/c/b")]), Ok(vec![("/c/b".to_owned(), Act::Read)]));
        assert_eq!(named(&[("x-ms-copy-source", "https://other.example.com/c/b")]), Err("copy_source_elsewhere"));
        assert_eq!(named(&[("x-copy-from", "/container/object")]), Err("copy_source_elsewhere"));
        assert_eq!(named(&[("x-amz-copy-source", "bucket/key")]), Ok(vec![("/bucket/key".to_owned(), Act::Read)]));
        assert!(are_none(&HeaderMap::new()));
    }

    #[test]
    fn what_goes_deep_does_so_unless_it_says_otherwise() {
        let deep = |method: &str, depth: Option<&'static str>| {
            let headers = depth.map(|depth| (DEPTH, HeaderValue::from_static(depth))).into_iter().collect();
            is_deep(&Method::from_bytes(method.as_bytes()).unwrap(), &headers)
        };
        for method in ["COPY", "LOCK", "PROPFIND"] {
            assert!(deep(method, None) && deep(method, Some("infinity")) && !deep(method, Some("0")), "{method}");
        }
        // RFC 4918 §9.9.2: whatever it says.
        assert!(deep("MOVE", None) && deep("MOVE", Some("0")) && deep("MOVE", Some("infinity")));
        assert!(!deep("REPORT", None) && !deep("REPORT", Some("1")) && deep("REPORT", Some("infinity")));
        let twice = [(DEPTH, HeaderValue::from_static("0")), (DEPTH, HeaderValue::from_static("infinity"))];
        let mut headers = HeaderMap::new();
        headers.extend(twice.map(|(name, value)| (Some(name), value)));
        assert!(is_deep(&Method::from_bytes(b"COPY").unwrap(), &headers), "said twice, it says nothing");
    }

    #[test]
    fn a_copy_replaces_what_is_there_unless_it_says_f_rfc_4918_10_6() {
        let said = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(OVERWRITE, HeaderValue::from_static(value));
            }
            replaces(&headers)
        };
        assert!(said(&[]) && said(&["T"]) && said(&["f"]) && said(&["false"]) && said(&["F", "T"]) && said(&["F", "F"]));
        assert!(!said(&["F"]));
    }

    #[test]
    fn a_field_that_a_proxy_may_have_joined_of_two_is_found_rfc_9110_5_3() {
        let two =
            |value: &'static str, joins| joined(&[(DESTINATION, HeaderValue::from_static(value))].into_iter().collect(), joins);
        for value in ["/open/b,/closed/b", "/open/b, /closed/b", "/a,https://files.example.com/b", "/a,HTTP://x/b", "/a,../b"] {
            assert_eq!(two(value, false), Some(Field::Destination), "{value}");
        }
        for value in ["/Report,final.odt", "/Report,%20final.odt"] {
            assert_eq!((two(value, false), two(value, true)), (None, Some(Field::Destination)), "{value}");
        }
        assert_eq!((two("/Report%2Cfinal.odt", true), two("/a", true)), (None, None));
        let copied = [(COPY_SOURCES[0].clone(), HeaderValue::from_static("/a,/b"))].into_iter().collect();
        assert_eq!((joined(&copied, false), joined(&HeaderMap::new(), true)), (Some(Field::CopySource), None));
    }

    #[test]
    fn of_other_methods_depth_says_nothing() {
        let deep = |method: &str, depth: Option<&'static str>| {
            let headers = depth.map(|depth| (DEPTH, HeaderValue::from_static(depth))).into_iter().collect();
            is_deep(&Method::from_bytes(method.as_bytes()).unwrap(), &headers)
        };
        assert!(!deep("PROPFIND", Some("1")) && deep("COPY", Some("1")) && !deep("GET", None) && !deep("DELETE", None));
    }

    proptest! {
        #[test]
        fn no_field_makes_it_panic(value in "[ -~]{0,64}", tags in "[<>()\\[\\]\"/aN ot]{0,32}") {
            for (name, value) in [("destination", &value), ("if", &value), ("if", &tags), ("x-amz-copy-source", &value)] {
                let headers = [(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())];
                let _judged = of(&headers.into_iter().collect(), OWN);
            }
        }
    }
}
