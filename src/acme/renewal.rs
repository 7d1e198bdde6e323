//! When a certificate is renewed: by the authority's advice (ARI, RFC 9773) where there is any, else when two thirds of its
//! lifetime are over, however long that is. And from when on its end is an alarm.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::issued::CertificateLife;
use crate::clock::Timestamp;
use crate::random::Random;

/// How early before its end a certificate is renewed at most, whatever an authority advises: a week before it is an alarm.
const LATEST: Duration = Duration::from_secs(21 * 24 * 3600);
/// How early before its end a certificate is an alarm at most.
const ALARM: Duration = Duration::from_secs(14 * 24 * 3600);

/// When two thirds of a lifetime are over.
pub(super) fn by_lifetime(begins: Timestamp, ends: Timestamp) -> Timestamp {
    begins.plus(ends.since(begins) / 3 * 2)
}

/// From when on it is an alarm that nothing newer is there: when a sixth of the lifetime is left, or 14 days.
pub(super) fn alarm_from(begins: Timestamp, ends: Timestamp) -> Timestamp {
    before(ends, (ends.since(begins) / 6).min(ALARM))
}

/// When it is renewed at the latest: when a quarter of the lifetime is left, or 21 days. So there is time for failures before the alarm.
fn latest(begins: Timestamp, ends: Timestamp) -> Timestamp {
    before(ends, (ends.since(begins) / 4).min(LATEST))
}

fn before(moment: Timestamp, rest: Duration) -> Timestamp {
    Timestamp::from_millis(moment.millis().saturating_sub(i64::try_from(rest.as_millis()).unwrap_or(i64::MAX)))
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
    /// A moment in the window that an authority named for a certificate, and never so late that nothing may fail any more; `None` for
    /// a window that cannot be meant.
    pub(super) fn within(window: &RangeInclusive<Timestamp>, life: &CertificateLife, random: &dyn Random) -> Option<Self> {
        let (from, until) = (*window.start(), *window.end());
        if until <= from || from >= life.ends {
            return None;
        }
        let latest = latest(life.begins, life.ends);
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        let part = f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX);
        Some(Self { renew_at: from.plus(until.min(latest).since(from).mul_f64(part)).min(latest) })
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

    fn life(begins: i64, ends: i64) -> CertificateLife {
        CertificateLife { begins: day(begins), ends: day(ends), issuer: String::new(), serial: String::new(), names: Vec::new() }
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
        let life = life(0, 90);
        let advised =
            |from, until| RenewalAdvice::within(&(day(from)..=day(until)), &life, &random).map(|advice| advice.renew_at);
        for _ in 0..50 {
            let moment = advised(55, 57).unwrap();
            assert!((day(55)..=day(57)).contains(&moment), "{moment:?}");
            assert!(advised(-3, -1).unwrap() < day(0), "a window in the past: now");
        }
        assert!(advised(57, 55).is_none() && advised(55, 55).is_none() && advised(91, 95).is_none());
    }

    #[test]
    fn advice_that_leaves_no_time_for_failures_is_followed_no_further_than_that() {
        let random = OsRandom::new();
        for (lifetime, from, until, latest) in
            [(90, 80, 200, 69), (90, 89, 90, 69), (90, 60, 90, 69), (398, 390, 398, 377), (8, 7, 8, 6)]
        {
            let life = life(0, lifetime);
            let alarm = alarm_from(life.begins, life.ends);
            for _ in 0..50 {
                let moment = RenewalAdvice::within(&(day(from)..=day(until)), &life, &random).unwrap().renew_at;
                assert!(moment <= day(latest) && moment < alarm, "{lifetime} {from} {until}: {moment:?}");
                assert!(from >= latest || moment >= day(from), "a window that begins before that still holds");
            }
        }
    }

    #[test]
    fn failures_in_a_row_are_tried_again_more_and_more_rarely() {
        let rests: Vec<u64> = (0..8).map(|failures| rest_after(failures).as_secs() / 60).collect();
        assert_eq!(rests, [1, 1, 5, 15, 60, 240, 720, 720]);
    }
}
