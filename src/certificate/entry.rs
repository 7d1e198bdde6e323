//! A certificate of the register, as the directory keeps it.

use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};

/// A certificate of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is; `Nobody` if its holder was removed.
    pub holder: Holder,
    /// What it is called here.
    pub label: Option<String>,
    /// The switch.
    pub enabled: bool,
    /// Counts from here on, if the certificate itself does not begin later.
    pub valid_from: Option<Timestamp>,
    /// Counts to here, if the certificate itself does not end sooner.
    pub valid_until: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was revoked, for good.
    pub revoked_at: Option<Timestamp>,
    /// Where it was issued here: what its key and it itself say.
    pub issued: Option<IssuedHere>,
    /// The one that it follows.
    pub renews: Option<Fingerprint>,
}

impl RegisterEntry {
    /// From when on it counts, as far as that is known here: by the register, else by itself where it was issued here.
    pub fn counts_from(&self) -> Option<Timestamp> {
        self.valid_from.or_else(|| self.issued.as_ref().map(|issued| issued.not_before))
    }

    /// Whether it may still count for somebody: it is not revoked, and its end is not past.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.counts_until().is_none_or(|until| now <= until)
    }

    /// How many days are left to its last day, by the clocks of `zone`: 0 on the last day itself. `None` if it is not alive, or
    /// its end is not known here.
    pub fn days_left(&self, now: Timestamp, zone: &TimeZone) -> Option<i32> {
        now.days_to(self.counts_until().filter(|_| self.is_alive(now))?, zone)
    }

    /// Whether it takes over from `before`, which it follows: it is enabled and for the same holder, begins before that one ends
    /// and ends later. Otherwise the holder would stand without any at that end.
    pub fn takes_over_from(&self, before: &Self, now: Timestamp) -> bool {
        let follows = self.renews == Some(before.fingerprint) && self.holder == before.holder;
        let overlaps = before.counts_until().is_none_or(|end| {
            self.counts_from().is_none_or(|from| from <= end) && self.counts_until().is_none_or(|until| until > end)
        });
        follows && overlaps && self.enabled && self.is_alive(now)
    }

    /// To when it counts, as far as that is known here.
    pub fn counts_until(&self) -> Option<Timestamp> {
        self.valid_until.or_else(|| self.issued.as_ref().map(|issued| issued.not_after))
    }
}

/// What is known of a certificate that was issued here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedHere {
    /// The key of the authority that signed it.
    pub authority: String,
    /// Its serial number, hexadecimal, without leading zeros.
    pub serial: String,
    /// The first moment of its own validity.
    pub not_before: Timestamp,
    /// The last moment of its own validity.
    pub not_after: Timestamp,
}
