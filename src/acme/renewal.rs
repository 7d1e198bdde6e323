//! When a certificate is renewed: by the authority's advice (ARI, RFC 9773) where there is any, else when two thirds of its
//! lifetime are over, however long that is. And from when on its end is an alarm.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::random::Random;

/// How early before its end a certificate is an alarm at most.
const ALARM: Duration = Duration::from_secs(14 * 24 * 3600);

/// When two thirds of a lifetime are over.
pub(super) fn by_lifetime(begins: Timestamp, ends: Timestamp) -> Timestamp {
    begins.plus(ends.since(begins) / 3 * 2)
}

/// From when on it is an alarm that nothing newer is there: when a sixth of the lifetime is left, or 14 days.
pub(super) fn alarm_from(begins: Timestamp, ends: Timestamp) -> Timestamp {
    let before = (ends.since(begins) / 6).min(ALARM);
    Timestamp::from_millis(ends.millis().saturating_sub(i64::try_from(before.as_millis()).unwrap_or(i64::MAX)))
}

/// Before this nothing is renewed by itself, whatever a wrong clock or a strange advice says: a day after it came, or a third of its
/// lifetime where that is shorter. Otherwise a clock that is ahead would order without end.
pub(super) fn earliest(issued_at: Timestamp, begins: Timestamp, ends: Timestamp) -> Timestamp {
    issued_at.plus((ends.since(begins) / 3).min(Duration::from_secs(24 * 3600)))
}

/// What an authority advised for one certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct RenewalAdvice {
    /// A moment in the window that it named, drawn once.
    pub(super) renew_at: Timestamp,
}

impl RenewalAdvice {
    /// A moment in the window `from` to `until`, for a certificate that ends at `ends`; `None` for a window that cannot be meant.
    pub(super) fn within(from: Timestamp, until: Timestamp, ends: Timestamp, random: &dyn Random) -> Option<Self> {
        if until <= from || from >= ends {
            return None;
        }
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        let part = f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX);
        Some(Self { renew_at: from.plus(until.min(ends).since(from).mul_f64(part)) })
    }
}

/// How long an authority is left alone after so many failures in a row.
pub(super) fn rest_after(failures: u32) -> Duration {
    const MINUTES: [u64; 6] = [1, 5, 15, 60, 240, 720];
    let place = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    Duration::from_secs(60 * MINUTES.get(place).copied().unwrap_or(720))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    const DAY: i64 = 86_400;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_seconds(day * DAY)
    }

    #[test]
    fn a_third_of_any_lifetime_is_left_for_the_renewal() {
        for (lifetime, renewed, alarm) in [(90, 60, 76), (6, 4, 5), (398, 265, 384)] {
            assert_eq!(by_lifetime(day(100), day(100 + lifetime)).seconds() / DAY, 100 + renewed);
            assert_eq!(earliest(day(165), day(100), day(100 + lifetime)).seconds() / DAY, 166);
            assert_eq!(alarm_from(day(100), day(100 + lifetime)).seconds() / DAY, 100 + alarm);
        }
    }

    #[test]
    fn advice_is_a_moment_in_its_window_and_nonsense_is_no_advice() {
        let random = OsRandom::new();
        let advised = |from, until| RenewalAdvice::within(day(from), day(until), day(90), &random).map(|advice| advice.renew_at);
        for _ in 0..50 {
            let moment = advised(55, 57).unwrap();
            assert!((day(55)..=day(57)).contains(&moment), "{moment:?}");
            assert!(advised(-3, -1).unwrap() < day(0), "a window in the past: now");
            assert!(advised(80, 200).unwrap() <= day(90), "never after the end");
        }
        assert!(advised(57, 55).is_none() && advised(55, 55).is_none() && advised(91, 95).is_none());
    }

    #[test]
    fn failures_in_a_row_are_tried_again_more_and_more_rarely() {
        let rests: Vec<u64> = (0..8).map(|failures| rest_after(failures).as_secs() / 60).collect();
        assert_eq!(rests, [1, 1, 5, 15, 60, 240, 720, 720]);
    }
}
