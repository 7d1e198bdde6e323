//! What is shown of a held request, read of exactly the bytes that would be forwarded. An upstream may read a request
//! otherwise than we do: where a value could be read in two ways (a name twice, a name that some frameworks take for
//! another, a second encoding, a body that some take for a form, a number that some round) the request is refused, never
//! shown by half.
//! Invariant: what is shown is the whole of the one value that there is, or the request goes no further.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use futures_util::TryStreamExt as _;
use http::HeaderMap;
use http::header::{self, HeaderName};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::spool::{self, HeldBody, SpoolError};
use crate::approval::question::Detail;
use crate::chain::policy::transaction::{FieldSource, Format, ShownField, Transaction};
use crate::config::field_names;
use crate::facts::hiding::hides;
use crate::facts::path::RequestPath;
use crate::random::base64url;

/// The longest form or JSON body of which values are read.
const LONGEST: u64 = 1 << 20;
/// The longest value of a multipart form that is shown.
const LONGEST_PART: usize = 64 * 1024;
/// Parameters and parts that are looked at.
const MOST: usize = 1000;
/// Characters of a value that are shown as they are.
const SHOWN: usize = 240;

/// Why something cannot be shown, so that the request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not there, or empty.
    #[error("show {0}: the request does not say it")]
    Missing(String),
    /// It is there more than once, or under names that some upstreams take for one.
    #[error("show {0}: the request says it more than once, or under two spellings")]
    Ambiguous(String),
    /// It is no plain value.
    #[error("show {0}: it is no plain value")]
    NotPlain(String),
    /// It is no decimal number.
    #[error("show {0}: it is no decimal number (digits, and a point before decimals)")]
    NotANumber(String),
    /// It is a number that is another one in programs that count in binary fractions.
    #[error("show {0}: some programs round this number; send it as a string, or with 15 digits at most and below 2^53")]
    Inexact(String),
    /// The body is not what its type says, or not UTF-8.
    #[error("read the request's body: {0}")]
    Malformed(&'static str),
    /// The body is of another type than what is to be shown is read from.
    #[error("read the request's body: it must be {0}")]
    AnotherType(&'static str),
    /// It is encoded in a way that we do not read.
    #[error("read the request's body: send it without a content-encoding, in UTF-8")]
    Encoded,
    /// It is longer than is read.
    #[error("read the request's body: it is longer than {0} bytes, and values of it are to be shown")]
    TooLong(u64),
    /// It could not be read back.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Unreadable {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "transaction_field_missing",
            Self::Ambiguous(_) => "transaction_field_ambiguous",
            Self::NotPlain(_) => "transaction_field_not_plain",
            Self::NotANumber(_) => "transaction_field_not_a_number",
            Self::Inexact(_) => "transaction_field_inexact",
            Self::Malformed(_) => "transaction_body_malformed",
            Self::AnotherType(_) => "transaction_body_type",
            Self::Encoded => "transaction_body_encoded",
            Self::TooLong(_) => "transaction_body_too_long",
            Self::Spool(_) => "transaction_not_held",
        }
    }
}

/// What of a request values are read from.
#[derive(Debug)]
pub struct Source<'a> {
    /// The path, as it was received.
    pub path: RequestPath<'a>,
    /// The query, as it was received.
    pub query: &'a str,
    /// The fields of its head.
    pub headers: &'a HeaderMap,
    /// Its body.
    pub body: &'a Arc<HeldBody>,
}

/// Reads all that a transaction shows.
///
/// # Errors
/// [`Unreadable`].
pub async fn read(transaction: &Transaction, source: &Source<'_>) -> Result<Vec<Detail>, Unreadable> {
    let query = parameters(source.query.as_bytes())?;
    let wants = |kind: fn(&FieldSource) -> bool| transaction.show.iter().any(|field| kind(&field.source));
    // Where a value of the query is shown, a body that says the same name would count instead of it for some.
    let queried = wants(|from| matches!(from, FieldSource::Query(_))) && !source.body.is_empty();
    let beside = if queried { Beside::of(source.headers)? } else { Beside::Nothing };
    let form = if beside == Beside::Form || wants(|from| matches!(from, FieldSource::Form(_))) {
        form(source).await?
    } else {
        Vec::new()
    };
    let names: Vec<&str> = transaction.show.iter().filter_map(|field| name_in_form(&field.source)).collect();
    let parts = if beside == Beside::Parts || wants(|from| matches!(from, FieldSource::Multipart(_))) {
        multipart(source, &names).await?
    } else {
        Vec::new()
    };
    let json = if beside == Beside::Json || wants(|from| matches!(from, FieldSource::Json(_))) {
        Some(json_text(source).await?)
    } else {
        None
    };
    let members = match &json {
        Some(text) if beside == Beside::Json => members(text)?,
        _ => Vec::new(),
    };
    let mut details = Vec::with_capacity(transaction.show.len());
    for field in &transaction.show {
        let what = field.label.en.as_str();
        let value = match &field.source {
            FieldSource::Path(place) => source.path.segment(*place).map_err(|_| Unreadable::Ambiguous(what.to_owned()))?,
            FieldSource::Query(name) => {
                // Rails takes `transfer[amount]` for the `amount` of a JSON body, and takes the query's values first.
                if members.iter().any(|member| within(name).any(|part| alike(&member.name, part))) {
                    return Err(Unreadable::Ambiguous(what.to_owned()));
                }
                let elsewhere = if parts.is_empty() { &form } else { &parts };
                one_of(&query, name, elsewhere, what)?.map(Cow::Borrowed)
            }
            // Some frameworks look into the query as well.
            FieldSource::Form(name) => one_of(&form, name, &query, what)?.map(Cow::Borrowed),
            FieldSource::Multipart(name) => one_of(&parts, name, &query, what)?.map(Cow::Borrowed),
            FieldSource::Json(pointer) => {
                // Rails takes the query's value first, and `transfer[amount]` there in the place of the body's `amount`.
                if pointer.first().is_some_and(|top| query.iter().any(|said| said.might_be(top))) {
                    return Err(Unreadable::Ambiguous(what.to_owned()));
                }
                match &json {
                    Some(text) => pointed(text, pointer, what)?.map(Cow::Owned),
                    None => None,
                }
            }
            FieldSource::Header(name) => header_value(source.headers, name, what)?.map(Cow::Borrowed),
        };
        // Some end a text there, and some make a blank of it.
        if value.as_ref().is_some_and(|value| value.contains('\0')) {
            return Err(Unreadable::NotPlain(what.to_owned()));
        }
        let value = value.filter(|value| !value.trim().is_empty());
        let value = match value {
            None if field.optional => None,
            None => return Err(Unreadable::Missing(what.to_owned())),
            Some(value) => Some(written(field, &value)?),
        };
        details.push(Detail { label: field.label.clone(), value });
    }
    Ok(details)
}

/// The header fields that a transaction shows: its digest covers them.
pub fn shown_headers(transaction: &Transaction) -> Vec<HeaderName> {
    let names = transaction.show.iter().filter_map(|field| match &field.source {
        FieldSource::Header(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// The name by which a part of a form might say a value, too.
const fn name_in_form(source: &FieldSource) -> Option<&str> {
    match source {
        FieldSource::Multipart(name) | FieldSource::Query(name) => Some(name.as_str()),
        _ => None,
    }
}

/// A name and its value, as a query, a form or the top of a JSON body says them.
#[derive(Debug)]
struct Parameter {
    name: String,
    value: String,
    /// Whether a `;` stood in it as it came: some part parameters there, and some drop the whole of it.
    parted: bool,
}

type Parameters = Vec<Parameter>;

impl Parameter {
    fn new(name: String, value: String) -> Self {
        Self { name, value, parted: false }
    }

    /// Whether some upstream might take it, or what stands behind a `;` in it, for a parameter of this name, or for a part
    /// of it (`transfer[amount]`).
    fn might_be(&self, name: &str) -> bool {
        within(&self.name).any(|part| alike(part, name)) || self.hides(name)
    }

    /// `a=1;b=2` is two parameters to some.
    fn hides(&self, name: &str) -> bool {
        let more = |text: &str, skipped: usize| {
            text.split(';').skip(skipped).any(|part| alike(part.split('=').next().unwrap_or_default(), name))
        };
        self.name.contains(';') && more(&self.name, 0) || more(&self.value, 1)
    }
}

/// A name, and what its brackets enclose.
fn within(name: &str) -> impl Iterator<Item = &str> {
    std::iter::once(name).chain(name.split(['[', ']']).skip(1).filter(|part| !part.is_empty()))
}

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// What a body beside a shown value of the query may say of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Nothing: no framework looks for names in it, or it is empty.
    Nothing,
    Form,
    Parts,
    Json,
}

impl Beside {
    /// By the type that is said, once. What is no file, and nothing that is read here, may be a form to somebody: Rack reads
    /// a body without a type as one, and `multipart/mixed`; Tornado and axum look at the beginning of the type alone.
    fn of(headers: &HeaderMap) -> Result<Self, Unreadable> {
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

fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// A query or a posted form (WHATWG URL §5.1), strictly: what is no UTF-8 is no form.
fn parameters(bytes: &[u8]) -> Result<Parameters, Unreadable> {
    let text = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let bad = spaced
            .iter()
            .enumerate()
            .any(|(at, byte)| *byte == b'%' && !(1..=2).all(|ahead| spaced.get(at + ahead).is_some_and(u8::is_ascii_hexdigit)));
        if bad {
            return Err(Unreadable::Malformed("an escape is no percent sign with two hexadecimal digits"));
        }
        let decoded = percent_encoding::percent_decode(&spaced).decode_utf8();
        decoded.map(Cow::into_owned).map_err(|_| Unreadable::Malformed("a value is no UTF-8"))
    };
    let mut found = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        if found.len() == MOST {
            return Err(Unreadable::Malformed("it has more than a thousand values"));
        }
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        found.push(Parameter { name: text(name)?, value: text(value)?, parted: pair.contains(&b';') });
    }
    Ok(found)
}

/// How some framework or other might call it: PHP takes dots and blanks for underscores and ends a name at a NUL, many
/// take a bracket for a list and some throw brackets around a name away, some take capitals for small letters, by Unicode's
/// rules; a query may begin with a second question mark (Koa, PHP). Without what its brackets enclose, and with it.
fn likenesses(name: &str) -> [String; 2] {
    let fold = |part: &str| {
        let folded = part.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>()
    };
    let whole = name.split('\0').next().unwrap_or_default().trim().trim_start_matches('?').trim_start();
    let bare = whole.trim_start_matches(['[', ']']);
    let bare = bare.split(['[', ']']).next().unwrap_or_default().trim();
    [fold(bare), fold(whole)]
}

/// Whether two names might be one to some upstream.
fn alike(one: &str, other: &str) -> bool {
    let [other_bare, other_whole] = likenesses(other);
    likenesses(one).iter().any(|likeness| *likeness == other_bare || *likeness == other_whole)
}

/// The one value of a name; an error where there might be another.
fn one_of<'p>(
    parameters: &'p [Parameter],
    name: &str,
    elsewhere: &[Parameter],
    what: &str,
) -> Result<Option<&'p str>, Unreadable> {
    let named = |found: &&Parameter| alike(&found.name, name);
    let mut found = parameters.iter().filter(named);
    let first = found.next();
    let another = found.next().is_some() || elsewhere.iter().any(|one| named(&one));
    let plain = first.is_none_or(|found| found.name == name && !found.parted);
    if another || !plain || parameters.iter().chain(elsewhere).any(|one| one.hides(name)) {
        return Err(Unreadable::Ambiguous(what.to_owned()));
    }
    Ok(first.map(|found| found.value.as_str()))
}

/// The type of a body and the parameters behind it, where exactly one is said.
fn content_type(headers: &HeaderMap) -> Option<(String, Vec<(String, String)>)> {
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

fn typed(headers: &HeaderMap, right: impl Fn(&str) -> bool, called: &'static str) -> Result<(), Unreadable> {
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

async fn whole(body: &HeldBody) -> Result<bytes::Bytes, Unreadable> {
    body.whole(LONGEST).await.map_err(|error| match error {
        SpoolError::TooLong(limit) => Unreadable::TooLong(limit),
        other => other.into(),
    })
}

async fn form(source: &Source<'_>) -> Result<Parameters, Unreadable> {
    typed(source.headers, |found| found == FORM, FORM)?;
    let found = parameters(&whole(source.body).await?)?;
    other_charset(&found)?;
    Ok(found)
}

/// A hidden field by which a form says its own encoding (HTML §4.10.21).
fn other_charset(found: &[Parameter]) -> Result<(), Unreadable> {
    let foreign = found.iter().any(|found| found.name == "_charset_" && !found.value.eq_ignore_ascii_case("utf-8"));
    if foreign { Err(Unreadable::Encoded) } else { Ok(()) }
}

async fn multipart(source: &Source<'_>, names: &[&str]) -> Result<Parameters, Unreadable> {
    typed(source.headers, |found| found == MULTIPART, MULTIPART)?;
    let boundaries =
        content_type(source.headers).map_or(0, |(_, said)| said.iter().filter(|(name, _)| name == "boundary").count());
    if boundaries != 1 {
        return Err(Unreadable::Malformed("its type says no boundary, or several"));
    }
    let text = source.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(text).map_err(|_| Unreadable::Malformed("its type says no boundary"))?;
    let names_of_parts = named_parts(source.body, &boundary).await?;
    let mut form = multer::Multipart::new(spool::parts(Arc::clone(source.body)), boundary);
    let broken = |_| Unreadable::Malformed("it is no multipart form");
    let mut found: Parameters = Vec::new();
    let mut count = 0;
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        count += 1;
        if count > MOST {
            return Err(Unreadable::Malformed("it has more than a thousand parts"));
        }
        let (name, is_file) =
            disposition(part.headers()).ok_or(Unreadable::Malformed("what a part is called can be read in two ways"))?;
        if !names.iter().any(|wanted| alike(&name, wanted)) && name != "_charset_" {
            continue;
        }
        let plain = !is_file
            && !part.headers().contains_key("content-transfer-encoding")
            && part.headers().get(header::CONTENT_TYPE).is_none_or(|kind| {
                let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
                kind.starts_with("text/plain") && (!kind.contains("charset") || kind.contains("utf-8"))
            });
        if !plain {
            return Err(Unreadable::NotPlain(name));
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            value.extend_from_slice(&chunk);
            if value.len() > LONGEST_PART {
                return Err(Unreadable::TooLong(LONGEST_PART as u64));
            }
        }
        let value = String::from_utf8(value).map_err(|_| Unreadable::Malformed("a value is no UTF-8"))?;
        found.push(Parameter::new(name, value));
    }
    // Of a name said twice, one is lost to us; which one counts for the upstream nobody knows.
    if names_of_parts != count {
        return Err(Unreadable::Malformed("a part is named twice, or holds a line that could name one"));
    }
    other_charset(&found)?;
    Ok(found)
}

/// The name in a part's one Content-Disposition (RFC 7578 §4.2), and whether it is a file: `name` and `filename` once each,
/// quoted, nothing escaped, nothing else. What says more is read by some in another way.
fn disposition(headers: &HeaderMap) -> Option<(String, bool)> {
    let mut all = headers.get_all(header::CONTENT_DISPOSITION).iter();
    let text = std::str::from_utf8(all.next()?.as_bytes()).ok()?;
    if all.next().is_some() {
        return None;
    }
    let (kind, mut rest) = text.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut is_file) = (None, false);
    loop {
        let (key, quoted) = rest.trim_start().split_once("=\"")?;
        let (value, after) = quoted.split_once('"')?;
        if value.contains('\\') {
            return None;
        }
        match key {
            "name" if name.is_none() => name = Some(value.to_owned()),
            "filename" if !is_file => is_file = true,
            _ => return None,
        }
        match after.trim_start().strip_prefix(';') {
            Some(more) => rest = more,
            None if after.trim().is_empty() => return Some((name?, is_file)),
            None => return None,
        }
    }
}

/// How many lines name a part. Some end a line at a bare line feed or carriage return: a boundary behind one is a boundary
/// to them alone, and is refused.
async fn named_parts(body: &Arc<HeldBody>, boundary: &str) -> Result<usize, Unreadable> {
    const NAMES: &[u8] = b"\ncontent-disposition";
    let line = format!("--{boundary}");
    let (boundaries, names) = (memchr::memmem::Finder::new(line.as_bytes()), memchr::memmem::Finder::new(NAMES));
    let mut chunks = std::pin::pin!(spool::parts(Arc::clone(body)));
    let mut seen: Vec<u8> = Vec::new();
    let mut count = 0;
    while let Some(chunk) = chunks.try_next().await? {
        let before = seen.len();
        seen.extend_from_slice(&chunk);
        for at in boundaries.find_iter(&seen).filter(|at| at + line.len() > before) {
            let ahead = seen.get(..at).unwrap_or_default();
            if matches!(ahead.last(), Some(b'\n' | b'\r')) && !ahead.ends_with(b"\r\n") {
                return Err(Unreadable::Malformed("a boundary stands behind half a line end"));
            }
        }
        count += names.find_iter(&seen.to_ascii_lowercase()).filter(|at| at + NAMES.len() > before).count();
        // As much as either may reach back, and what stands ahead of a boundary.
        seen.drain(..seen.len().saturating_sub(NAMES.len().max(line.len() + 1)));
    }
    Ok(count)
}

async fn json_text(source: &Source<'_>) -> Result<String, Unreadable> {
    typed(source.headers, is_json, "application/json")?;
    let bytes = whole(source.body).await?;
    // RFC 8259 §8.1: UTF-8, and no byte order mark.
    let text = std::str::from_utf8(&bytes).map_err(|_| Unreadable::Malformed("it is no UTF-8"))?;
    if text.starts_with('\u{FEFF}') {
        return Err(Unreadable::Malformed("it begins with a byte order mark"));
    }
    Ok(text.to_owned())
}

/// The members of an object in their order, names as they are read, values as they are written.
struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reader).map(Members)
    }
}

/// A member's name: borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

/// The names at the top of a JSON body, which some frameworks put beside those of the query.
fn members(text: &str) -> Result<Parameters, Unreadable> {
    let malformed = |_| Unreadable::Malformed("it is no JSON");
    let whole: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    if !whole.get().starts_with('{') {
        return Ok(Vec::new());
    }
    let Members(members) = serde_json::from_str(whole.get()).map_err(malformed)?;
    Ok(members.into_iter().map(|(name, _)| Parameter::new(name.into_owned(), String::new())).collect())
}

/// The plain value at a pointer (RFC 6901 §4), as text; `None` where it is not there, or null.
fn pointed(text: &str, pointer: &[String], what: &str) -> Result<Option<String>, Unreadable> {
    let malformed = |_| Unreadable::Malformed("it is no JSON");
    let mut value: &RawValue = serde_json::from_str(text).map_err(malformed)?;
    for token in pointer {
        let written = value.get();
        if written.starts_with('{') {
            let Members(members) = serde_json::from_str(written).map_err(malformed)?;
            let mut named = members.into_iter().filter(|(name, _)| alike(name, token));
            let Some((name, found)) = named.next() else { return Ok(None) };
            // The last one of a name counts for some, the first for others; and some take capitals for small letters.
            if named.next().is_some() || name != token.as_str() {
                return Err(Unreadable::Ambiguous(what.to_owned()));
            }
            value = found;
        } else if written.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(written).map_err(malformed)?;
            let is_index =
                !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
            let place = token.parse::<usize>().ok().filter(|_| is_index);
            let Some(found) = place.and_then(|place| items.get(place).copied()) else { return Ok(None) };
            value = found;
        } else {
            return Ok(None);
        }
    }
    let written = value.get();
    match written.bytes().next() {
        Some(b'"') => serde_json::from_str::<String>(written).map(Some).map_err(malformed),
        Some(b'{' | b'[') => Err(Unreadable::NotPlain(what.to_owned())),
        Some(b'n') => Ok(None),
        Some(b't' | b'f') => Ok(Some(written.to_owned())),
        // A number is shown as it is written, so it must be that one to everybody.
        _ if is_exact(written) => Ok(Some(written.to_owned())),
        _ => Err(Unreadable::Inexact(what.to_owned())),
    }
}

/// Whether a JSON number stays what it is where it is read as a binary fraction (RFC 8259 §6, RFC 7493 §2.2): 15 digits do
/// always, whole numbers do below 2^53; beyond, Node, PHP and Go read another one, and what is too large or too small is
/// infinite or nothing to some.
fn is_exact(number: &str) -> bool {
    const WHOLE: u64 = 1 << 53;
    if let Ok(whole) = number.parse::<i64>() {
        return whole.unsigned_abs() < WHOLE;
    }
    let digits = number.split(['e', 'E']).next().unwrap_or_default().bytes().filter(u8::is_ascii_digit);
    let digits: Vec<u8> = digits.skip_while(|digit| *digit == b'0').collect();
    let count = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    let Ok(read) = number.parse::<f64>() else { return false };
    count == 0 || count <= 15 && (f64::MIN_POSITIVE..9_007_199_254_740_992.0).contains(&read.abs())
}

/// The one value of a field. Node, WSGI and servlets read what is not ASCII otherwise than others do, CherryPy decodes
/// encoded words (RFC 2047), and `X_Amount` is `X-Amount` to some.
fn header_value<'h>(headers: &'h HeaderMap, name: &HeaderName, what: &str) -> Result<Option<&'h str>, Unreadable> {
    let same = |found: &&HeaderName| field_names::same(found.as_str().as_bytes(), name.as_str().as_bytes());
    let spellings = headers.keys().filter(same).count();
    let mut all = headers.get_all(name).iter();
    let first = all.next();
    if all.next().is_some() || spellings > usize::from(first.is_some()) {
        return Err(Unreadable::Ambiguous(what.to_owned()));
    }
    let Some(first) = first else { return Ok(None) };
    // Visible ASCII, or it is none.
    first.to_str().ok().filter(|value| !value.contains("=?")).map(Some).ok_or_else(|| Unreadable::NotPlain(what.to_owned()))
}

fn written(field: &ShownField, value: &str) -> Result<String, Unreadable> {
    match &field.format {
        Format::Text => Ok(legible(value)),
        Format::Number => grouped(value).ok_or_else(|| Unreadable::NotANumber(field.label.en.clone())),
        Format::Currency(currency) => {
            let number = grouped(value).ok_or_else(|| Unreadable::NotANumber(field.label.en.clone()))?;
            Ok(format!("{number} {currency}"))
        }
    }
}

/// `-1250000.5` as `-1,250,000.5`; `None` for everything that is written in any other way.
fn grouped(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, decimals)| (whole, Some(decimals)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fine = all_digits(whole) && (whole == "0" || !whole.starts_with('0')) && decimals.is_none_or(all_digits);
    if !fine || text.len() > 64 {
        return None;
    }
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push('.');
        out.push_str(decimals);
    }
    Some(out)
}

/// A text with all that hides or reorders made visible, and cut where it is long: the end stays in sight, and how long
/// the whole is, with its digest.
pub fn legible(text: &str) -> String {
    let mut shown = String::new();
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => shown.push('⏎'),
            _ if hides(c) => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            _ => shown.push(c),
        }
    }
    let count = shown.chars().count();
    if count <= SHOWN {
        return shown;
    }
    let head: String = shown.chars().take(SHOWN * 2 / 3).collect();
    let tail: String = shown.chars().skip(count - SHOWN / 6).collect();
    let hash = base64url(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    format!("{head} … {tail} ({count} characters, SHA-256 {})", hash.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests;
