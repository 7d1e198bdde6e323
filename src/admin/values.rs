//! Values that acts read and answer, as people and programs write them: moments, pages of lists, what was done.
//! Invariant: a list that can grow is answered in pages.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::admin::error::AdminError;
use crate::admin::sentences::{self, SentenceValue};
use crate::clock::Timestamp;
use crate::principal::language::Language;
use crate::principal::method::Method;

/// How a provider or a directory stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceHealth {
    /// It answered when it was asked last.
    Ready,
    /// It did not, or not as it should; what is known of it is still used.
    Troubled,
    /// It was not asked yet.
    Unknown,
}

impl SourceHealth {
    /// By when it was asked or became known, and what was wrong then.
    pub const fn of(since: Option<Timestamp>, trouble: Option<&String>) -> Self {
        match (since, trouble) {
            (None, _) => Self::Unknown,
            (Some(_), Some(_)) => Self::Troubled,
            (Some(_), None) => Self::Ready,
        }
    }
}

/// Items of a page unless more are asked for.
const PAGE: usize = 100;
/// Items of a page at most.
const LONGEST_PAGE: usize = 1000;

/// A moment, as RFC 3339 (`2027-01-31T12:00:00+09:00`), or a whole day (`2027-01-31`) in the zone of the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A moment.
    At(Timestamp),
    /// A day: from its first moment where something begins, to its last where something ends.
    Day(Date),
}

impl Moment {
    /// Where something begins that begins with it.
    pub fn beginning(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Day(day) => begins(day, zone),
        }
    }

    /// The first moment after something that lasts to it; a moment itself is not within.
    pub fn end(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Day(day) => day.tomorrow().map_or(Timestamp::from_millis(i64::MAX), |next| begins(next, zone)),
        }
    }

    /// The last moment of something that lasts to it, itself within.
    pub fn last(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Day(_) => Timestamp::from_millis(self.end(zone).millis().saturating_sub(1)),
        }
    }
}

/// The first moment of a day. Where summer time takes midnight away it is the moment at which it does; where it comes twice,
/// the first.
fn begins(day: Date, zone: &TimeZone) -> Timestamp {
    let there = day.to_zoned(zone.clone());
    there.map_or(Timestamp::from_millis(i64::MAX), |there| Timestamp::from_millis(there.timestamp().as_millisecond()))
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a date or time; write a day as 2027-01-31, or 2027-01-31T12:00:00+09:00");
        if text.len() == 10 {
            return text.parse().map(Self::Day).map_err(|_| wrong());
        }
        let read = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| wrong())?;
        let millis = read.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(millis).map(|millis| Self::At(Timestamp::from_millis(millis))).map_err(|_| wrong())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(moment) => out.write_str(&moment.rfc3339()),
            Self::Day(day) => day.fmt(out),
        }
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
        text.parse().map(Self).map_err(|_| format!("{text:?} is not a number"))
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

/// What a request calls itself, so that it is done once: 1 to 64 letters, digits, hyphens and underscores.
///
/// # Errors
/// [`AdminError::Input`] of `what` was to be done.
pub(super) fn request_id<'a>(what: &'static str, request: Option<&'a str>) -> Result<Option<&'a str>, AdminError> {
    let fits =
        |id: &str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if request.is_none_or(fits) {
        return Ok(request);
    }
    let why = "a request calls itself by 1 to 64 letters, digits, hyphens and underscores".to_owned();
    Err(AdminError::Input { what, why })
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

/// Writes a moment of a view as RFC 3339 in UTC.
///
/// # Errors
/// Those of the serializer.
pub fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.rfc3339())
}

/// Writes a moment as [`rfc3339`] does, or null.
///
/// # Errors
/// Those of the serializer.
pub fn rfc3339_if_any<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.serialize_some(&at.rfc3339()),
        None => serializer.serialize_none(),
    }
}

/// Writes a value as its text.
///
/// # Errors
/// Those of the serializer.
pub fn displayed<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Writes the word of a method.
///
/// # Errors
/// Those of the serializer.
pub fn word<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.word())
}

/// Writes the words of methods.
///
/// # Errors
/// Those of the serializer.
pub fn words<S: Serializer>(methods: &[Method], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(methods.iter().map(|method| method.word()))
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
    /// The same in Japanese, for a terminal; programs get one language.
    #[serde(skip)]
    japanese: Option<String>,
}

impl Done {
    /// In the words of this key of `locales`, with its values.
    pub fn saying(key: &'static str, values: &[SentenceValue<'_>]) -> Self {
        let say = |language| sentences::say(language, key, values);
        Self { done: say(Language::English), japanese: Some(say(Language::Japanese)) }
    }

    /// With this alone, which is no sentence: what was drawn, say.
    pub const fn answering(done: String) -> Self {
        Self { done, japanese: None }
    }

    /// What was done, in the language of a terminal.
    pub fn told(&self, language: Language) -> &str {
        self.japanese.as_deref().filter(|_| language == Language::Japanese).unwrap_or(&self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::units::Zone;

    #[test]
    fn a_moment_is_read_as_a_day_or_in_full() {
        for text in ["2027-01-31", "2027-01-31T03:00:00Z", "2027-01-31T14:59:59.999Z"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert_eq!("2027-01-31T12:00:00+09:00".parse::<Moment>().unwrap().to_string(), "2027-01-31T03:00:00Z");
        for text in ["soon", "2027-02-30", "2027-1-31", "31.01.2027", "2027-01-31T25:00:00Z"] {
            assert!(text.parse::<Moment>().unwrap_err().contains("write a day as 2027-01-31"), "{text}");
        }
    }

    /// The first and the last moment of a day, as the zone's clocks show them.
    fn bounds(day: &str, zone: &str) -> (String, String) {
        let (day, zone) = (day.parse::<Moment>().unwrap(), zone.parse::<Zone>().unwrap().0);
        assert_eq!(day.end(&zone).millis() - day.last(&zone).millis(), 1);
        (day.beginning(&zone).rfc3339_in(&zone), day.last(&zone).rfc3339_in(&zone))
    }

    #[test]
    fn a_day_is_the_whole_day_in_its_zone_on_days_of_another_length_too_a_26() {
        for (day, zone, from, until) in [
            ("2027-01-31", "UTC", "2027-01-31T00:00:00+00:00", "2027-01-31T23:59:59.999+00:00"),
            ("2027-01-31", "Asia/Tokyo", "2027-01-31T00:00:00+09:00", "2027-01-31T23:59:59.999+09:00"),
            ("2024-02-29", "Asia/Kathmandu", "2024-02-29T00:00:00+05:45", "2024-02-29T23:59:59.999+05:45"),
            // 23 hours, and 25.
            ("2026-03-29", "Europe/Berlin", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59.999+02:00"),
            ("2026-10-25", "Europe/Berlin", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59.999+01:00"),
            // No midnight at the beginning, none at the end.
            ("2024-04-26", "Africa/Cairo", "2024-04-26T01:00:00+03:00", "2024-04-26T23:59:59.999+03:00"),
            ("2024-04-25", "Africa/Cairo", "2024-04-25T00:00:00+02:00", "2024-04-25T23:59:59.999+02:00"),
            // Midnight twice.
            ("2023-11-05", "America/Havana", "2023-11-05T00:00:00-04:00", "2023-11-05T23:59:59.999-05:00"),
        ] {
            assert_eq!(bounds(day, zone), (from.to_owned(), until.to_owned()), "{day} {zone}");
        }
    }

    #[test]
    fn what_is_shown_of_a_day_is_read_as_that_very_moment_again() {
        let zone = "America/New_York".parse::<Zone>().unwrap().0;
        let day = "2026-11-01".parse::<Moment>().unwrap();
        for moment in [day.beginning(&zone), day.last(&zone)] {
            assert_eq!(moment.rfc3339_in(&zone).parse::<Moment>().unwrap(), Moment::At(moment));
        }
    }

    proptest::proptest! {
        #[test]
        fn days_follow_upon_each_other_without_a_gap_in_every_zone(day in 0_i32..30_000, at in 0_usize..600) {
            let names: Vec<_> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let zone = TimeZone::get(&names[at % names.len()]).unwrap();
            let day = Date::constant(1990, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let (one, next) = (Moment::Day(day), Moment::Day(day.tomorrow().unwrap()));
            proptest::prop_assert_eq!(one.end(&zone), next.beginning(&zone));
            // A day that an island left out is no time at all.
            proptest::prop_assert!(one.beginning(&zone) <= one.end(&zone));
            if one.beginning(&zone) < one.end(&zone) {
                let on = |moment: Timestamp| jiff::Timestamp::from_millisecond(moment.millis()).unwrap().to_zoned(zone.clone()).date();
                proptest::prop_assert_eq!((on(one.beginning(&zone)), on(one.last(&zone))), (day, day));
            }
        }
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
