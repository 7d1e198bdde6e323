//! Values that acts read and answer, as people and programs write them: moments, pages of lists, what was done.
//! Invariant: a list that can grow is answered in pages.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::clock::Timestamp;

/// Items of a page unless more are asked for.
const PAGE: usize = 100;
/// Items of a page at most.
const LONGEST_PAGE: usize = 1000;

/// A moment, as RFC 3339 (`2027-01-31T12:00:00Z`) or as a day (`2027-01-31`: its beginning in UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
        let read = OffsetDateTime::parse(&whole, &Rfc3339);
        read.map(|moment| Self(Timestamp::from_seconds(moment.unix_timestamp())))
            .map_err(|_| format!("{text:?} is no moment; write 2027-01-31 or 2027-01-31T12:00:00Z"))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.rfc3339())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A number that a query writes as text and a body as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Count(pub u32);

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no number"))
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text.parse().map_err(D::Error::custom),
            serde_json::Value::Number(number) => {
                let number = number.as_u64().and_then(|number| u32::try_from(number).ok());
                number.map(Self).ok_or_else(|| D::Error::custom("write a number from 0 to 4294967295"))
            }
            _ => Err(D::Error::custom("write a number")),
        }
    }
}

/// Reads a switch, which a query writes as text and a body as `true` or `false`.
///
/// # Errors
/// What neither is.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Bool(flag) => Ok(flag),
        serde_json::Value::String(text) if text == "true" => Ok(true),
        serde_json::Value::String(text) if text == "false" => Ok(false),
        _ => Err(D::Error::custom("write true or false")),
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins, for `after`; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let next = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Where the next page begins, for `after`; absent on the last."));
        ObjectBuilder::new()
            .property("items", ArrayBuilder::new().items(Ref::from_schema_name(T::name())))
            .property("next", next)
            .required("items")
            .into()
    }
}

/// Named after what is on it: a page of users is not a page of tokens.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("PageOf{}", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T> Page<T> {
    /// The page behind `after` of a whole list, which is in the order of `key`.
    pub fn of(all: Vec<T>, after: Option<&str>, limit: Option<Count>, key: impl Fn(&T) -> String) -> Self {
        let limit = length(limit);
        let mut items: Vec<T> = all.into_iter().filter(|item| after.is_none_or(|after| key(item).as_str() > after)).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }

    /// A list that is always whole.
    pub const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// How long a page is.
pub fn length(asked: Option<Count>) -> usize {
    asked.map_or(PAGE, |Count(asked)| usize::try_from(asked).unwrap_or(LONGEST_PAGE).clamp(1, LONGEST_PAGE))
}

/// That it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// What was done, in a few words.
    pub done: String,
}

impl Done {
    /// In these words.
    pub fn saying(done: impl Into<String>) -> Self {
        Self { done: done.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_a_day_or_in_full() {
        assert_eq!("2027-01-31".parse::<Moment>().unwrap().to_string(), "2027-01-31T00:00:00Z");
        assert_eq!("2027-01-31T12:00:00+09:00".parse::<Moment>().unwrap().to_string(), "2027-01-31T03:00:00Z");
        assert!("soon".parse::<Moment>().unwrap_err().contains("write 2027-01-31"));
    }

    #[test]
    fn pages_hold_every_item_once() {
        let all: Vec<String> = (0..250).map(|number| format!("{number:03}")).collect();
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = Page::of(all.clone(), after.as_deref(), None, String::clone);
            seen.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }
}
