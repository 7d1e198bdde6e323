//! The areas of the administration, as its navigation lists them. An area that is added gets a variant here; most are a
//! [`ListPage`](super::list_page::ListPage) and need no template of their own.

use strum::VariantArray;

use crate::portal::kit::paths;

/// An area of the administration, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum AdminArea {
    /// [`paths::ADMIN`]
    Overview,
    /// [`paths::ADMIN_USERS`], and each of them.
    Users,
    /// [`paths::ADMIN_PATTERNS`], and their notices.
    Patterns,
    /// [`paths::ADMIN_GROUPS`]
    Groups,
    /// [`paths::ADMIN_NETWORKS`], and each of their lists.
    Networks,
    /// [`paths::ADMIN_PHONES`]
    Phones,
    /// [`paths::ADMIN_APPROVALS`]
    Approvals,
    /// [`paths::ADMIN_TRANSACTIONS`], and each of them.
    Transactions,
    /// [`paths::ADMIN_LOGIN_PROTECT`]
    LoginProtect,
    /// [`paths::ADMIN_SESSIONS`]
    Sessions,
    /// [`paths::ADMIN_DEVICES`]
    Devices,
    /// [`paths::ADMIN_BROWSERS`]
    Browsers,
    /// [`paths::ADMIN_CERTIFICATES`], and each of them.
    Certificates,
    /// [`paths::ADMIN_CERTIFICATE_RESULTS`]
    CertificateResults,
    /// [`paths::ADMIN_SIGHTINGS`]
    Sightings,
    /// [`paths::ADMIN_CERTIFICATE_TEST`]
    CertificateTest,
    /// [`paths::ADMIN_AUTHORITIES`]
    Authorities,
    /// [`paths::ADMIN_CERTIFICATE_ROLLOUT`]
    CertificateRollout,
    /// [`paths::ADMIN_CRLS`]
    Crls,
    /// [`paths::ADMIN_IDENTITY_PROVIDERS`]
    IdentityProviders,
    /// [`paths::ADMIN_DIRECTORIES`]
    Directories,
    /// [`paths::ADMIN_TLS`]
    OwnCertificates,
    /// [`paths::ADMIN_OUTBOX`], and each of them.
    Outbox,
    /// [`paths::ADMIN_TOKENS`]
    Tokens,
    /// [`paths::ADMIN_LOCKS`]
    Locks,
    /// [`paths::ADMIN_AUDIT`], and the keys that its signatures verify with.
    Audit,
    /// [`paths::ADMIN_EXPLAIN`]
    Explain,
    /// [`paths::ADMIN_SETTINGS`]
    Settings,
}

impl AdminArea {
    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => paths::ADMIN,
            Self::Users => paths::ADMIN_USERS,
            Self::Patterns => paths::ADMIN_PATTERNS,
            Self::Groups => paths::ADMIN_GROUPS,
            Self::Networks => paths::ADMIN_NETWORKS,
            Self::Phones => paths::ADMIN_PHONES,
            Self::Approvals => paths::ADMIN_APPROVALS,
            Self::Transactions => paths::ADMIN_TRANSACTIONS,
            Self::LoginProtect => paths::ADMIN_LOGIN_PROTECT,
            Self::Sessions => paths::ADMIN_SESSIONS,
            Self::Devices => paths::ADMIN_DEVICES,
            Self::Browsers => paths::ADMIN_BROWSERS,
            Self::Certificates => paths::ADMIN_CERTIFICATES,
            Self::CertificateResults => paths::ADMIN_CERTIFICATE_RESULTS,
            Self::Sightings => paths::ADMIN_SIGHTINGS,
            Self::CertificateTest => paths::ADMIN_CERTIFICATE_TEST,
            Self::Authorities => paths::ADMIN_AUTHORITIES,
            Self::CertificateRollout => paths::ADMIN_CERTIFICATE_ROLLOUT,
            Self::IdentityProviders => paths::ADMIN_IDENTITY_PROVIDERS,
            Self::Directories => paths::ADMIN_DIRECTORIES,
            Self::OwnCertificates => paths::ADMIN_TLS,
            Self::Outbox => paths::ADMIN_OUTBOX,
            Self::Tokens => paths::ADMIN_TOKENS,
            Self::Crls => paths::ADMIN_CRLS,
            Self::Locks => paths::ADMIN_LOCKS,
            Self::Audit => paths::ADMIN_AUDIT,
            Self::Explain => paths::ADMIN_EXPLAIN,
            Self::Settings => paths::ADMIN_SETTINGS,
        }
    }

    /// Its name: a message key; `.about` says what it is for, `.empty` that it lists nothing.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "admin-overview",
            Self::Users => "admin-users",
            Self::Patterns => "admin-patterns",
            Self::Groups => "admin-groups",
            Self::Networks => "admin-networks",
            Self::Phones => "admin-phones",
            Self::Approvals => "admin-approvals",
            Self::Transactions => "admin-transactions",
            Self::LoginProtect => "admin-login-protect",
            Self::Sessions => "admin-sessions",
            Self::Devices => "admin-devices",
            Self::Browsers => "admin-browsers",
            Self::Certificates => "admin-certificates",
            Self::CertificateResults => "admin-certificate-results",
            Self::Sightings => "admin-sightings",
            Self::CertificateTest => "admin-certificate-test",
            Self::Authorities => "admin-authorities",
            Self::CertificateRollout => "admin-certificate-rollout",
            Self::IdentityProviders => "admin-identity-providers",
            Self::Directories => "admin-directories",
            Self::OwnCertificates => "admin-tls",
            Self::Outbox => "admin-outbox",
            Self::Tokens => "admin-tokens",
            Self::Crls => "admin-crls",
            Self::Locks => "admin-locks",
            Self::Audit => "admin-audit",
            Self::Explain => "admin-explain",
            Self::Settings => "admin-settings",
        }
    }

    pub(super) fn about(self) -> String {
        format!("{}.about", self.key())
    }

    pub(super) fn empty(self) -> String {
        format!("{}.empty", self.key())
    }
}
