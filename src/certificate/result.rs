//! How check 2 ended for one user, with one certificate or none, as the directory keeps it.

use std::sync::Arc;

use super::passed::Backing;
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::UserId;

/// How check 2 ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    clap::ValueEnum,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum CertificateOutcome {
    /// It passed.
    Passed,
    /// It did not pass, and the request was refused.
    Refused,
    /// It did not pass where the policy only observes: it would be refused where the policy demands it.
    WouldBeRefused,
}

impl CertificateOutcome {
    /// The word in rows and filters.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// How check 2 ended for one user with one certificate at one app: the last time, and since when it ends so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateResult {
    /// Who was signed in, or whose the certificate is by the register or a mapping.
    pub user: UserId,
    /// SHA-256 of the certificate's DER; `None`: none was presented.
    pub fingerprint: Option<Fingerprint>,
    /// Its subject, as text; empty where none was presented.
    pub subject: String,
    /// How it ended.
    pub outcome: CertificateOutcome,
    /// Why it did not pass: a problem code; empty where it did.
    pub reason: String,
    /// What stood behind the certificate the last time that it passed.
    pub backing: Backing,
    /// The app.
    pub app: Arc<str>,
    /// Where the last request came from.
    pub address: ClientAddress,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time, to a few minutes.
    pub last_at: Timestamp,
}

/// Which results are looked for.
#[derive(Clone, Debug, Default)]
pub struct CertificateResultQuery {
    /// Of this user.
    pub user: Option<UserId>,
    /// With this in the user's name or the certificate's subject, in any case.
    pub text: Option<String>,
    /// With this end.
    pub outcome: Option<CertificateOutcome>,
    /// For this reason: a problem code.
    pub reason: Option<&'static str>,
    /// With this certificate.
    pub fingerprint: Option<Fingerprint>,
    /// At this app.
    pub app: Option<String>,
    /// The last time at this moment or later.
    pub since: Option<Timestamp>,
    /// The last time before this moment.
    pub until: Option<Timestamp>,
    /// Behind this place: a moment and an id.
    pub after: Option<(Timestamp, String)>,
    /// So many at most.
    pub limit: usize,
}
