//! Times as people read them: in the reader's language, in one zone that is named, and with the exact instant beside it
//! for machines (`<time datetime>`).

use std::time::Duration;

use fluent_bundle::FluentValue;
use jiff::tz::{Offset, TimeZone};

use crate::clock::Timestamp;
use crate::portal::kit::language::{Language, words};

/// `24 Nov 2026, 08:30 UTC`, `2026年11月24日 8:30（UTC）`.
pub fn written(moment: Timestamp, zone: &TimeZone, language: Language) -> String {
    let Ok(instant) = jiff::Timestamp::from_second(moment.seconds()) else { return moment.rfc3339() };
    let there = instant.to_zoned(zone.clone());
    let month = language.say(match there.month() {
        1 => "month.january",
        2 => "month.february",
        3 => "month.march",
        4 => "month.april",
        5 => "month.may",
        6 => "month.june",
        7 => "month.july",
        8 => "month.august",
        9 => "month.september",
        10 => "month.october",
        11 => "month.november",
        _ => "month.december",
    });
    let value = FluentValue::from;
    words::say(
        language,
        "moment",
        &[
            ("year", value(there.year().to_string())),
            ("month", value(month)),
            ("day", value(there.day().to_string())),
            ("time", value(format!("{:02}:{:02}", there.hour(), there.minute()))),
            ("zone", value(behind_utc(there.offset()))),
        ],
    )
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
        assert_eq!(written(moment, &TimeZone::UTC, Language::English), "24 November 2026, 08:30 UTC");
        let there = |zone| written(moment, &TimeZone::get(zone).unwrap(), Language::Japanese);
        assert_eq!(there("Asia/Tokyo"), "2026年11月24日 17:30（UTC+09:00）");
        assert_eq!(there("America/St_Johns"), "2026年11月24日 05:00（UTC−03:30）");
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
