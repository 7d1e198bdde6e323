//! What is shown of a held request, read of exactly the bytes that would be forwarded. An upstream may read a request
//! otherwise than we do: where a value could be read in two ways (a name twice, a name that some frameworks take for
//! another, a second encoding, a body that some take for a form, a number that some round) the request is refused, never
//! shown by half.
//! Invariant: what is shown is the whole of the one value that there is, or the request goes no further.

mod error;
mod form;
mod format;
mod json;
mod media_type;
mod multipart;
mod parameter;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderMap;
use http::header::HeaderName;

use self::form::{form, parameters};
use self::format::written;
use self::json::{json_text, members, pointed};
use self::media_type::Beside;
use self::multipart::multipart;
use self::parameter::{alike, one_of, within};
use crate::approval::question::Detail;
use crate::chain::policy::transaction::{FieldSource, Transaction};
use crate::config::field_names;
use crate::facts::path::RequestPath;
use crate::transaction::spool::HeldBody;

pub use self::error::Unreadable;
pub use self::format::legible;

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
                // Rails takes the query's value first, and `transfer[amount]` there instead of the body's `amount`.
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
