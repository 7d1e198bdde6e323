//! Certificates of the register that were issued here: entered with what was handed out, revoked for good, and named to the
//! revocation list of their key.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{CertificateRegisterError, ClientCertificates, LinkedEntry, holder_of, in_order};
use crate::certificate::authority::RevokedSerial;
use crate::certificate::container::ContainerKind;
use crate::certificate::entry::{IssuedHere, RegisterEntry};
use crate::certificate::records::{self, IssueRow};
use crate::certificate::withdrawn::WithdrawnKeys;
use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::store::database::DatabaseError;

/// What is entered of a certificate that was issued here.
#[derive(Clone, Debug)]
pub struct NewCertificate<'a> {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is: a user's own, or shared.
    pub holder: Holder,
    /// What it is called.
    pub label: String,
    /// Whether it counts at once.
    pub enabled: bool,
    /// From when to when it counts here: its own validity, to the millisecond.
    pub dates: (Timestamp, Timestamp),
    /// Its key, its serial number, its own validity.
    pub issued: IssuedHere,
    /// What the request for it calls itself.
    pub request: Option<&'a str>,
    /// What is handed out.
    pub container: &'a [u8],
    /// The one that it follows.
    pub renews: Option<Fingerprint>,
}

impl ClientCertificates {
    /// Enters a certificate that was issued here.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Repeated`] if its request was done before, by whichever of two at once was first.
    pub async fn add_issued(&self, new: NewCertificate<'_>) -> Result<RegisterEntry, CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        let user = holder_of(&self.users, &new.holder);
        match &new.holder {
            Holder::User(id) if user.is_none() => return Err(CertificateRegisterError::UnknownUser(id.clone())),
            Holder::Nobody | Holder::Machine(_) => return Err(CertificateRegisterError::NoHolder),
            Holder::User(_) | Holder::Shared | Holder::Group(_) => {}
        }
        if self.withdrawn.load().since(Some(&new.issued)).is_some() {
            return Err(CertificateRegisterError::KeyWithdrawn(new.issued.authority));
        }
        let (valid_from, valid_until) = in_order((Some(new.dates.0), Some(new.dates.1)))?;
        let entry = RegisterEntry {
            fingerprint: new.fingerprint,
            holder: new.holder,
            label: Some(new.label),
            enabled: new.enabled,
            valid_from,
            valid_until,
            added_at: self.clock.now(),
            revoked_at: None,
            issued: Some(new.issued),
            renews: new.renews,
        };
        let row = IssueRow { request: new.request, container: new.container };
        match records::add(&self.database, &entry, Some(row)).await {
            Err(DatabaseError::Exists) => {
                let before = self.of_request(new.request).await?;
                return Err(CertificateRegisterError::Repeated(before.unwrap_or(new.fingerprint)));
            }
            other => other?,
        }
        self.hold(LinkedEntry { entry: entry.clone(), user });
        Ok(entry)
    }

    /// The certificate that was issued for a request which calls itself so.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn of_request(&self, request: Option<&str>) -> Result<Option<Fingerprint>, DatabaseError> {
        match request {
            Some(request) => records::of_request(&self.database, request).await,
            None => Ok(None),
        }
    }

    /// What was handed out of a certificate: PKCS#12 under a passphrase that is kept nowhere, or its chain in PEM.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Unknown`], [`CertificateRegisterError::NotIssuedHere`].
    pub async fn container(&self, fingerprint: Fingerprint) -> Result<(RegisterEntry, Vec<u8>), CertificateRegisterError> {
        let entry = self.held(fingerprint)?.entry();
        let container = records::container(&self.database, fingerprint).await?;
        Ok((entry, container.ok_or(CertificateRegisterError::NotIssuedHere(fingerprint))?))
    }

    /// What kind of thing was handed out of a certificate, without reading it; `None` if nothing was.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn container_kind(&self, fingerprint: Fingerprint) -> Result<Option<ContainerKind>, DatabaseError> {
        let head = records::container_head(&self.database, fingerprint).await?;
        Ok(head.as_deref().and_then(ContainerKind::of))
    }

    /// Whether one that follows this certificate [takes over](RegisterEntry::takes_over_from) from it.
    pub fn is_followed(&self, entry: &RegisterEntry) -> bool {
        let now = self.clock.now();
        self.register.iter().any(|held| held.entry.renews.is_some() && held.entry().takes_over_from(entry, now))
    }

    /// Revokes certificates that were issued here, for good: all of them or, if one cannot be, none. Their sessions and the
    /// lists are the caller's next steps.
    ///
    /// # Errors
    /// [`CertificateRegisterError::Unknown`], [`CertificateRegisterError::NotIssuedHere`] of the first that cannot be.
    pub async fn revoke(&self, fingerprints: &[Fingerprint]) -> Result<(), CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        for fingerprint in fingerprints {
            if self.held(*fingerprint)?.entry.issued.is_none() {
                return Err(CertificateRegisterError::NotIssuedHere(*fingerprint));
            }
        }
        let now = self.clock.now();
        records::revoke(&self.database, fingerprints, now).await?;
        for mut held in fingerprints.iter().filter_map(|fingerprint| self.register.get_mut(fingerprint)) {
            held.entry.revoked_at.get_or_insert(now);
        }
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Takes over which keys are withdrawn, and revokes everything that they signed: what they signed counts no more from the
    /// first moment, and is written down as revoked when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError`]: it counts no more all the same, and is written down at the next call.
    pub async fn withdraw(&self, withdrawn: WithdrawnKeys) -> Result<OfWithdrawnKeys, DatabaseError> {
        let withdrawn = Arc::new(withdrawn);
        self.withdrawn.store(Arc::clone(&withdrawn));
        self.generation.fetch_add(1, Ordering::Release);
        // What is being entered at this moment is in the register when the lock is had, or finds its key withdrawn.
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        for id in withdrawn.ids() {
            records::revoke_all_of(&self.database, id, now).await?;
        }
        let mut found = OfWithdrawnKeys::default();
        for mut held in self.register.iter_mut() {
            if withdrawn.since(held.entry.issued.as_ref()).is_some() {
                found.all.insert(held.entry.fingerprint);
                found.revoked += usize::from(held.entry.revoked_at.is_none());
                held.entry.revoked_at.get_or_insert(now);
            }
        }
        self.generation.fetch_add(1, Ordering::Release);
        Ok(found)
    }

    /// What the revocation list of each key has to name: an expired certificate needs no line any more (RFC 5280 §3.3).
    pub fn revoked_by_key(&self) -> BTreeMap<String, Vec<RevokedSerial>> {
        let (now, withdrawn) = (self.clock.now(), self.withdrawn.load());
        let mut by_key: BTreeMap<String, Vec<RevokedSerial>> = BTreeMap::new();
        for held in &self.register {
            let Some(issued) = held.entry.issued.as_ref().filter(|issued| issued.not_after >= now) else { continue };
            let at = held.entry.revoked_at.or_else(|| withdrawn.since(Some(issued)));
            let serial = data_encoding::HEXLOWER.decode(issued.serial.as_bytes()).ok();
            if let (Some(at), Some(serial)) = (at, serial) {
                by_key.entry(issued.authority.clone()).or_default().push(RevokedSerial { serial, at });
            }
        }
        for lines in by_key.values_mut() {
            lines.sort_unstable_by(|one, other| one.serial.cmp(&other.serial));
        }
        by_key
    }
}

/// The certificates of keys that were withdrawn.
#[derive(Clone, Debug, Default)]
pub struct OfWithdrawnKeys {
    /// All of them.
    pub all: HashSet<Fingerprint>,
    /// How many were not revoked before.
    pub revoked: usize,
}

/// Dates of a certificate that was issued here lie within its own: beyond them nothing would happen.
pub(super) fn within(
    issued: Option<&IssuedHere>,
    (from, until): (Option<Timestamp>, Option<Timestamp>),
) -> Result<(), CertificateRegisterError> {
    match issued {
        Some(own)
            if from.is_some_and(|from| from < own.not_before || from > own.not_after)
                || until.is_some_and(|until| until > own.not_after || until < own.not_before) =>
        {
            Err(CertificateRegisterError::Beyond { from: own.not_before.rfc3339(), until: own.not_after.rfc3339() })
        }
        _ => Ok(()),
    }
}
