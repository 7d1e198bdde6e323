//! A certificate that follows another (R-249…R-254): for the same holder, under the same name, and the first one still counts
//! when it begins, so that there is time to install it.

use super::Core;
use crate::certificate::order::{CertificateName, CertificateNameError};
use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};

/// Why a certificate cannot follow another; the text fits "failed to renew the certificate: …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    /// There is no such certificate.
    #[error("certificate {} is not in the register", .0.text())]
    Unknown(Fingerprint),
    /// The one before is revoked.
    #[error("it is revoked, so that the two could not overlap; issue another without `renews`")]
    Revoked,
    /// The one before has ended.
    #[error("it has ended ({0}), so that the two could not overlap; issue another without `renews`")]
    Ended(String),
    /// What the one before is called cannot be the name of a certificate that is issued here.
    #[error("its name, {0:?}, cannot be that of a certificate that is issued here: {1}; issue another without `renews`")]
    Name(String, CertificateNameError),
    /// Nobody holds the one before, or a machine does.
    #[error("it is no user's, no group's and not everybody's; issue another without `renews`")]
    Holder,
    /// The new one is for another holder.
    #[error("the new one has to be for the same holder; leave user and group out")]
    AnotherHolder,
    /// The new one has another name.
    #[error("the new one has to have the same name, {0:?}; leave the name out")]
    AnotherName(String),
    /// It would begin when the one before has ended.
    #[error(
        "the new one would begin on {begins}, after the end of this one ({ends}): the two have to overlap; choose an earlier first day"
    )]
    Gap {
        /// When the new one would begin.
        begins: String,
        /// When the one before ends.
        ends: String,
    },
    /// It would not outlast the one before.
    #[error("the new one would end on {0}, no later than this one; choose a later last day")]
    NoLonger(String),
}

impl Core {
    /// Whose the certificate is that follows this one, and what it is called: both as before.
    ///
    /// # Errors
    /// A [`RenewalError`] where none can follow it, whatever its days.
    pub fn renewed(&self, before: Fingerprint) -> Result<(Holder, CertificateName), RenewalError> {
        let entry = self.certificates().find(before).ok_or(RenewalError::Unknown(before))?;
        if entry.revoked_at.is_some() {
            return Err(RenewalError::Revoked);
        }
        if matches!(entry.holder, Holder::Machine(_) | Holder::Nobody) {
            return Err(RenewalError::Holder);
        }
        if let Some(end) = entry.counts_until().filter(|end| *end < self.clock().now()) {
            return Err(RenewalError::Ended(end.written_in(&self.zone())));
        }
        let called = entry.label.unwrap_or_default();
        let name = CertificateName::parse(&called).map_err(|why| RenewalError::Name(called, why))?;
        Ok((entry.holder, name))
    }

    /// Whether a certificate for this holder, under this name and with these first and last moments, may follow another.
    pub(super) fn may_renew(
        &self,
        before: Fingerprint,
        (holder, name): (&Holder, &str),
        (from, until): (Timestamp, Timestamp),
    ) -> Result<(), RenewalError> {
        let (of_before, called) = self.renewed(before)?;
        let entry = self.certificates().find(before).ok_or(RenewalError::Unknown(before))?;
        if *holder != of_before {
            return Err(RenewalError::AnotherHolder);
        }
        if name != called.as_str() {
            return Err(RenewalError::AnotherName(called.as_str().to_owned()));
        }
        // Where no end is known here, the one before counts as long as it is valid itself: nobody can say that there is a gap.
        let Some(end) = entry.counts_until() else { return Ok(()) };
        let zone = self.zone();
        if from > end {
            return Err(RenewalError::Gap { begins: from.written_in(&zone), ends: end.written_in(&zone) });
        }
        if until <= end {
            return Err(RenewalError::NoLonger(until.written_in(&zone)));
        }
        Ok(())
    }
}
