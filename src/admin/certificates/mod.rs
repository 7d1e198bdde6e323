//! The register of client certificates (check 2).

pub mod disable;
pub mod edit;
pub mod enable;
pub mod list;
pub mod register;
pub mod remove;
pub mod sightings;

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::AdminError;
use crate::certificate::register::Entry;
use crate::principal::certificate::{Fingerprint, Holder};

/// A certificate of the register as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// SHA-256 of its DER, 64 hexadecimal digits.
    pub certificate: String,
    /// `user`, `shared`, `machine` or `nobody`.
    pub holder: String,
    /// The user or the machine.
    pub name: Option<String>,
    /// What it is called here.
    pub label: Option<String>,
    /// The switch.
    pub enabled: bool,
    /// Counts here from, as the clocks of the zone under `[time]` show it.
    pub valid_from: Option<String>,
    /// Counts here until; this moment is within.
    pub valid_until: Option<String>,
    /// When it was added.
    pub added_at: String,
}

impl CertificateView {
    /// With its dates as the clocks of `zone` show them.
    fn of(entry: &Entry, zone: &TimeZone) -> Self {
        let (holder, name) = match &entry.holder {
            Holder::User(user) => ("user", Some(user.to_string())),
            Holder::Shared => ("shared", None),
            Holder::Machine(name) => ("machine", Some(name.to_string())),
            Holder::Nobody => ("nobody", None),
        };
        Self {
            certificate: entry.fingerprint.text(),
            holder: holder.to_owned(),
            name,
            label: entry.label.clone(),
            enabled: entry.enabled,
            valid_from: entry.valid_from.map(|from| from.rfc3339_in(zone)),
            valid_until: entry.valid_until.map(|until| until.rfc3339_in(zone)),
            added_at: entry.added_at.rfc3339(),
        }
    }
}

fn fingerprint(text: &str) -> Result<Fingerprint, AdminError> {
    Fingerprint::parse(text).ok_or_else(|| AdminError::Input {
        what: "read the fingerprint",
        why: "write the SHA-256 of the certificate as 64 hexadecimal digits (`openssl x509 -noout -fingerprint -sha256`)"
            .to_owned(),
    })
}
