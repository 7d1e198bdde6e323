//! Certificates that others issued, entered by their fingerprint: one, or many at once.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::{CertificateRegisterError, ClientCertificates, LinkedEntry, holder_of, in_order};
use crate::certificate::entry::RegisterEntry;
use crate::certificate::records;
use crate::clock::Timestamp;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::store::database::DatabaseError;

/// What is entered of a certificate that another authority issued.
#[derive(Clone, Debug)]
pub struct KnownCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub holder: Holder,
    /// What it is called here.
    pub label: Option<String>,
    /// From when to when it counts here; `None`: as long as it is valid itself.
    pub dates: (Option<Timestamp>, Option<Timestamp>),
}

impl ClientCertificates {
    /// Adds a certificate, switched on.
    ///
    /// # Errors
    /// [`CertificateRegisterError`].
    pub async fn add(
        &self,
        fingerprint: Fingerprint,
        holder: Holder,
        label: Option<String>,
        dates: (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<RegisterEntry, CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        let known = self.linked(KnownCertificate { fingerprint, holder, label, dates })?;
        match records::add(&self.database, &known.entry, None).await {
            Err(DatabaseError::Exists) => return Err(CertificateRegisterError::Exists(fingerprint)),
            other => other?,
        }
        let entry = known.entry.clone();
        self.hold(known);
        Ok(entry)
    }

    /// The turn to read a file of many, one at a time.
    ///
    /// # Errors
    /// That somebody else has it.
    pub fn import(&self) -> Result<tokio::sync::OwnedMutexGuard<()>, tokio::sync::TryLockError> {
        std::sync::Arc::clone(&self.importing).try_lock_owned()
    }

    /// Whether a certificate could be added, as far as that shows without writing it.
    ///
    /// # Errors
    /// [`CertificateRegisterError`].
    pub fn may_add(&self, known: &KnownCertificate) -> Result<(), CertificateRegisterError> {
        self.linked(known.clone()).map(drop)
    }

    /// Adds many, switched on: all of them or, if one cannot be, none. Nobody is judged by a part of them.
    ///
    /// # Errors
    /// [`CertificateRegisterError`], of the first that cannot be.
    pub async fn add_many(&self, many: Vec<KnownCertificate>) -> Result<(), CertificateRegisterError> {
        let _one_at_a_time = self.writing.lock().await;
        let mut seen = BTreeSet::new();
        let mut linked = Vec::with_capacity(many.len());
        for known in many {
            let fingerprint = known.fingerprint;
            if self.register.contains_key(&fingerprint) || !seen.insert(fingerprint) {
                return Err(CertificateRegisterError::Exists(fingerprint));
            }
            linked.push(self.linked(known)?);
        }
        let entries: Vec<&RegisterEntry> = linked.iter().map(|known| &known.entry).collect();
        records::add_many(&self.database, &entries).await?;
        for known in linked {
            self.register.insert(known.entry.fingerprint, known);
        }
        self.generation.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// The entry, tied to its very user.
    fn linked(&self, known: KnownCertificate) -> Result<LinkedEntry, CertificateRegisterError> {
        let KnownCertificate { fingerprint, holder, label, dates } = known;
        let user = holder_of(&self.users, &holder);
        match &holder {
            Holder::User(id) if user.is_none() => return Err(CertificateRegisterError::UnknownUser(id.clone())),
            Holder::Nobody => return Err(CertificateRegisterError::NoHolder),
            Holder::Machine(name) if name.is_empty() || name.len() > 256 || name.chars().any(char::is_control) => {
                return Err(CertificateRegisterError::NoHolder);
            }
            Holder::User(_) | Holder::Shared | Holder::Group(_) | Holder::Machine(_) => {}
        }
        let label = label.map(|label| label.chars().filter(|c| !c.is_control()).take(128).collect());
        let (valid_from, valid_until) = in_order(dates)?;
        let entry = RegisterEntry {
            fingerprint,
            holder,
            label,
            enabled: true,
            valid_from,
            valid_until,
            added_at: self.clock.now(),
            revoked_at: None,
            issued: None,
            renews: None,
        };
        Ok(LinkedEntry { entry, user })
    }
}
