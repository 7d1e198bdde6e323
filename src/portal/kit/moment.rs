//! Times as people read them: in the reader's language, in one zone that is named, and with the exact instant beside it
//! for machines (`<time datetime>`).

use std::time::Duration;

use fluent_bundle::FluentValue;
use http::HeaderMap;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use crate::clock::Timestamp;
use crate::facts::cookies;
use crate::portal::kit::language::{Language, words};

/// The cookie in which a browser says in which zone it is, from the first page of a sign-in on (`zone.js`).
const ZONE: &str = "__Host-sekisho-zone";

/// The zone of a reader, as the browser names it (`Europe/Paris`); `None` where it says none, or none that is known here.
pub fn zone_of(headers: &HeaderMap) -> Option<TimeZone> {
    let name = cookies::find(headers, ZONE)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    if name.is_empty() || name.len() > 64 || !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return None;
    }
    TimeZone::get(name).ok()
}

/// `24 November 2026 at 08:30 UTC`, `2026年11月24日 8:30（UTC）`: long, by the hour from 0 to 23, as CLDR has it.
pub fn written(moment: Timestamp, zone: &TimeZone, language: Language) -> String {
    let Ok(instant) = jiff::Timestamp::from_second(moment.seconds()) else { return moment.rfc3339() };
    let there = instant.to_zoned(zone.clone());
    let Some(text) = date_and_time(there.datetime(), language) else { return moment.rfc3339() };
    let value = FluentValue::from;
    words::say(language, "moment", &[("moment", value(text)), ("zone", value(behind_utc(there.offset())))])
}

fn date_and_time(there: jiff::civil::DateTime, language: Language) -> Option<String> {
    // Making one takes some microseconds: it reads tables that are compiled in.
    let formatter = DateTimeFormatter::try_new(language.locale().into(), YMD::long().with_time_hm()).ok()?;
    let part = |number: i8| u8::try_from(number).ok();
    let date = Date::try_new_gregorian(there.year().into(), part(there.month())?, part(there.day())?).ok()?;
    let time = Time::try_new(part(there.hour())?, part(there.minute())?, 0, 0).ok()?;
    Some(formatter.format(&DateTime { date, time }).to_string())
}

/// How long ago, in its largest unit: `just now`, `3 minutes ago`, `2 days ago`.
pub fn ago(length: Duration, language: Language) -> String {
    match length.as_secs() {
        0..60 => language.say("ago-now"),
        seconds @ 60..3600 => language.with("ago-minutes", "count", seconds / 60),
        seconds @ 3600..86_400 => language.with("ago-hours", "count", seconds / 3600),
        seconds => language.with("ago-days", "count", seconds / 86_400),
    }
}

/// A waiting time, rounded up: `20 seconds`, `15 minutes`.
pub fn lasting(length: Duration, language: Language) -> String {
    let seconds = length.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX).max(1);
    match seconds {
        0..=90 => language.with("lasting-seconds", "count", seconds),
        91..=5400 => language.with("lasting-minutes", "count", seconds.div_ceil(60)),
        _ => language.with("lasting-hours", "count", seconds.div_ceil(3600)),
    }
}

fn behind_utc(offset: Offset) -> String {
    let seconds = offset.seconds();
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let (sign, minutes) = (if seconds < 0 { '−' } else { '+' }, seconds.unsigned_abs() / 60);
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_its_readers_write_it() {
        let moment = Timestamp::from_seconds(1_795_509_000);
        assert_eq!(written(moment, &TimeZone::UTC, Language::English), "24 November 2026 at 08:30 UTC");
        let there = |zone| written(moment, &TimeZone::get(zone).unwrap(), Language::Japanese);
        assert_eq!(there("Asia/Tokyo"), "2026年11月24日 17:30（UTC+09:00）");
        assert_eq!(there("America/St_Johns"), "2026年11月24日 5:00（UTC−03:30）");
        for (language, text) in [
            (Language::SimplifiedChinese, "2026年11月24日 08:30（UTC）"),
            (Language::TraditionalChinese, "2026年11月24日 8:30（UTC）"),
            (Language::Korean, "2026년 11월 24일 08:30 (UTC)"),
            (Language::French, "24 novembre 2026 à 08:30 UTC"),
            (Language::Spanish, "24 de noviembre de 2026 a las 08:30 UTC"),
        ] {
            assert_eq!(written(moment, &TimeZone::UTC, language), text);
        }
    }

    #[test]
    fn a_reader_has_the_zone_that_the_browser_names() {
        let of = |cookie: &str| {
            let headers = HeaderMap::from_iter([(http::header::COOKIE, cookie.parse().unwrap())]);
            zone_of(&headers).map(|zone| written(Timestamp::from_seconds(1_795_509_000), &zone, Language::English))
        };
        let tokyo = of("a=b; __Host-sekisho-zone=Asia/Tokyo").unwrap();
        assert_eq!(tokyo, "24 November 2026 at 17:30 UTC+09:00");
        assert!(of("__Host-sekisho-zone=America/Argentina/Buenos_Aires").unwrap().ends_with("UTC−03:00"));
        for none in ["a=b", "__Host-sekisho-zone=", "__Host-sekisho-zone=Mars/Olympus", "__Host-sekisho-zone=../../etc/passwd"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(of(&format!("__Host-sekisho-zone={}", "a".repeat(65))), None);
    }

    #[test]
    fn lengths_are_told_in_their_largest_unit() {
        let say = |seconds| ago(Duration::from_secs(seconds), Language::English);
        assert_eq!([say(5), say(60), say(7200), say(200_000)], ["just now", "1 minute ago", "2 hours ago", "2 days ago"]);
        assert_eq!(lasting(Duration::from_millis(19_001), Language::Japanese), "20秒");
        assert_eq!(lasting(Duration::from_secs(900), Language::English), "15 minutes");
        assert_eq!(lasting(Duration::ZERO, Language::English), "1 second");
    }
}
