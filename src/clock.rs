//! Time as a parameter: everything that asks what time it is asks a [`Clock`] it was handed.
//! The system clock lives at the edge; tests hold a [`ManualClock`] and move it by hand.
//! Invariant: no other module of this crate reads the system's clocks (clippy.toml forbids it).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point on the wall clock: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From whole seconds since the Unix epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment and `length` more; saturates at the end of time.
    pub fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero if it lies in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC with milliseconds, as logs, the audit and the API write it.
    pub fn rfc3339(self) -> String {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok())
            .unwrap_or_else(|| self.0.to_string())
    }

    /// The same in a zone: `2027-01-31T23:59:59.999+09:00`.
    pub fn rfc3339_in(self, zone: &TimeZone) -> String {
        self.there(zone).map_or_else(|| self.rfc3339(), |there| there.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string())
    }

    /// As a mail says it to people: `2027-01-31 23:59 (UTC+09:00)`.
    pub fn written_in(self, zone: &TimeZone) -> String {
        self.there(zone).map_or_else(|| self.rfc3339(), |there| there.strftime("%Y-%m-%d %H:%M (UTC%:z)").to_string())
    }

    /// The day that the clocks of a zone show; `None` beyond the years that a calendar has.
    pub fn day_in(self, zone: &TimeZone) -> Option<Date> {
        self.there(zone).map(|there| there.date())
    }

    /// How many days of a zone's calendar are left to `later`: 0 if it is on the same day, however long that is.
    pub fn days_to(self, later: Self, zone: &TimeZone) -> Option<i32> {
        Some((later.day_in(zone)? - self.day_in(zone)?).get_days())
    }

    fn there(self, zone: &TimeZone) -> Option<jiff::Zoned> {
        jiff::Timestamp::from_millisecond(self.0).ok().map(|moment| moment.to_zoned(zone.clone()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.rfc3339())
    }
}

/// Where time comes from.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The wall clock: for expiry that outlives the process and for what people read.
    fn now(&self) -> Timestamp;
    /// A clock that never goes back: for time-to-live and windows. Counted from an arbitrary start.
    fn monotonic(&self) -> Duration;
}

/// The clock handed around.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clocks.
#[derive(Debug)]
pub struct SystemClock {
    started: std::time::Instant,
}

impl SystemClock {
    /// Starts the monotonic count now.
    #[expect(clippy::disallowed_methods, reason = "the one edge where the machine's clock enters")]
    pub fn new() -> Self {
        Self { started: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one edge where the machine's clock enters")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still until it is moved: tests own time.
#[derive(Debug)]
pub struct ManualClock {
    wall: AtomicI64,
    monotonic: AtomicI64,
}

impl ManualClock {
    /// Stands at `start`.
    pub const fn at(start: Timestamp) -> Self {
        Self { wall: AtomicI64::new(start.0), monotonic: AtomicI64::new(0) }
    }

    /// Moves both clocks forward.
    pub fn advance(&self, length: Duration) {
        let millis = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        self.wall.fetch_add(millis, Ordering::SeqCst);
        self.monotonic.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the wall clock back, as an administrator or a time server does; the monotonic clock never goes back.
    pub fn set_back(&self, length: Duration) {
        self.wall.fetch_sub(i64::try_from(length.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.monotonic.load(Ordering::SeqCst)).unwrap_or(0))
    }
}
