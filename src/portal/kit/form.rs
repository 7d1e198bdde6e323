//! Posted forms: taken only from our own pages, within limits, and read into a struct of the fields that a handler needs.
//! Invariant: a handler that takes a [`Form`] runs only for a form that one of our own pages sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::{StatusCode, header};
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer};
use serde::{Deserialize, forward_to_deserialize_any};

use crate::portal::kit::multipart;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;

/// Fields that a form may have: a page of a list with every line picked, and some more.
const MOST_FIELDS: usize = 512;

/// A visit that posts a form, with its fields. A field that is not sent is empty, of several with one name the last counts,
/// and fields that `T` does not have are ignored. `T` is a struct with `#[serde(default)]`.
pub(in crate::portal) struct Form<T> {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) fields: T,
}

impl<T: DeserializeOwned> FromRequest<PortalState> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let (visit, body) = Visit::read(Arc::clone(&state.core), request)?;
        Self::read(visit, body, 0).await
    }
}

impl<T: DeserializeOwned> Form<T> {
    /// Reads the fields of a body, which `limits.portal_body` bounds, or `largest` if that is more.
    pub(in crate::portal) async fn read(visit: Visit, body: Body, largest: usize) -> Result<Self, Response> {
        let limit = visit.core.config().file.limits.portal_body.bytes().max(largest);
        let fields = visit.fields(body, limit).await?;
        Ok(Self { visit, fields })
    }
}

/// A form that has no fields: its button says everything.
#[derive(Debug, Deserialize)]
pub(in crate::portal) struct NoFields {}

/// A form that names one thing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct IdField {
    pub(in crate::portal) id: String,
}

/// The fields of a posted form.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn into_struct<T: DeserializeOwned>(self) -> Result<T, Error> {
        let mut by_name: BTreeMap<String, Values> = BTreeMap::new();
        for (name, value) in self.0 {
            by_name.entry(name).or_default().0.push(value);
        }
        T::deserialize(MapDeserializer::new(by_name.into_iter()))
    }
}

impl Visit {
    /// The fields of a form of up to `limit` bytes, that one of our own pages sent.
    pub(in crate::portal) async fn fields<T: DeserializeOwned>(&self, body: Body, limit: usize) -> Result<T, Response> {
        let fields = self.form(body, limit).await?.into_struct();
        fields.map_err(|_unread| self.error(StatusCode::BAD_REQUEST, "invalid_input"))
    }

    /// The answer to a form that no page of ours sent.
    pub(in crate::portal) fn refuse_foreign(&self) -> Result<(), Response> {
        if self.is_from_our_pages() { Ok(()) } else { Err(self.error(StatusCode::FORBIDDEN, "foreign_origin")) }
    }

    async fn form(&self, body: Body, limit: usize) -> Result<Fields, Response> {
        self.refuse_foreign()?;
        if self.parts.headers.contains_key(header::CONTENT_ENCODING) {
            // Compressed bodies are not read (T24).
            return Err(self.error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding"));
        }
        let Ok(bytes) = axum::body::to_bytes(body, limit).await else {
            return Err(self.error(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
        };
        let kind = self.parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            let read = multipart::fields(bytes, boundary, MOST_FIELDS).await;
            return read.map(Fields).ok_or_else(|| self.error(StatusCode::BAD_REQUEST, "invalid_input"));
        }
        // A form that is cut short would do half of what was asked.
        let fields = url::form_urlencoded::parse(&bytes);
        if fields.clone().nth(MOST_FIELDS).is_some() {
            return Err(self.error(StatusCode::PAYLOAD_TOO_LARGE, "too_many_fields"));
        }
        Ok(Fields(fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }
}

/// The values that one name has in a form.
#[derive(Default)]
struct Values(Vec<String>);

impl IntoDeserializer<'_, Error> for Values {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Values {
    type Error = Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0.pop().unwrap_or_default())
    }

    fn deserialize_seq<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        map struct enum identifier ignored_any
    }
}

/// Replaces full-width digits, which a Japanese keyboard types, by ASCII digits.
pub(in crate::portal) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c) } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
    #[serde(default)]
    struct Read {
        user: String,
        pick: Vec<String>,
        again: Option<String>,
    }

    fn read(pairs: &[(&str, &str)]) -> Read {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).into_struct().unwrap()
    }

    #[test]
    fn the_last_of_a_name_counts_lists_take_all_and_the_rest_is_ignored() {
        let read_all =
            read(&[("pick", "b"), ("user", "alice"), ("pick", "a"), ("user", "bob"), ("other", "x"), ("user", "carol")]);
        assert_eq!(read_all, Read { user: "carol".to_owned(), pick: vec!["b".to_owned(), "a".to_owned()], again: None });
        assert_eq!(read(&[]), Read::default());
        assert_eq!(read(&[("again", "")]).again.as_deref(), Some(""));
    }
}
