//! Why an act was not done: for a person a sentence and a hint, for a program a code that never changes.

use crate::account::AccountError;
use crate::account::outbox::OutboxError;
use crate::acme::own::OwnCertificateError;
use crate::admin::import::fault::ImportFault;
use crate::admin::shut_out::{ShutOut, WithoutCertificate};
use crate::approval::Rejected;
use crate::browser::application::DecisionError;
use crate::certificate::authority::AuthorityError;
use crate::certificate::register::CertificateRegisterError;
use crate::core::issuing::IssueError;
use crate::core::renewal::RenewalError;
use crate::session::NotAdministrator;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Why an act was not done; the text fits "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Who asks may not.
    #[error(transparent)]
    NotAdministrator(#[from] NotAdministrator),
    /// An account.
    #[error(transparent)]
    Account(AccountError),
    /// The register of certificates.
    #[error(transparent)]
    Register(CertificateRegisterError),
    /// The authority of our own.
    #[error(transparent)]
    Authority(AuthorityError),
    /// A certificate that cannot follow another.
    #[error("renew the certificate: {0}")]
    Renewal(RenewalError),
    /// An application for a browser.
    #[error(transparent)]
    Decision(DecisionError),
    /// There is no such thing.
    #[error("find {what} {name}: it does not exist")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// As it was named.
        name: String,
    },
    /// Something of the input cannot be used.
    #[error("{what}: {why}")]
    Input {
        /// What was to be done with it: `read the path`.
        what: &'static str,
        /// What is wrong, and what would do.
        why: String,
    },
    /// A file of certificates cannot be used, or certificates in it cannot be registered.
    #[error("import the certificates: {0}")]
    Import(ImportFault),
    /// It would shut somebody out or end a list, and nobody said that this is meant.
    #[error("set the list: {0}")]
    Unconfirmed(ShutOut),
    /// Users would be shut out for want of a certificate, and nobody said that this is meant.
    #[error("change of whom certificates are demanded: {0}")]
    WithoutCertificate(WithoutCertificate),
    /// It is meant for another version of the list than the one that is there.
    #[error("set the list: it was changed meanwhile, and its version is `{0}` now")]
    Changed(String),
    /// The directory or the short-lived state did not do it.
    #[error("{0}")]
    State(String),
}

impl AdminError {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAdministrator(NotAdministrator::Membership(_)) => "not_an_administrator",
            Self::NotAdministrator(NotAdministrator::Scope(_)) => "scope_missing",
            Self::Account(AccountError::UnknownUser(_)) | Self::Register(CertificateRegisterError::UnknownUser(_)) => {
                "unknown_user"
            }
            Self::Account(AccountError::UserExists(_)) => "user_exists",
            Self::Account(AccountError::UnknownGroup(_)) => "unknown_group",
            Self::Account(AccountError::GroupExists(_)) => "group_exists",
            Self::Account(AccountError::Field { .. }) | Self::Input { .. } | Self::Import(_) | Self::Renewal(_) => {
                "invalid_input"
            }
            Self::Register(CertificateRegisterError::Exists(_)) => "certificate_exists",
            Self::Register(CertificateRegisterError::Unknown(_)) => "unknown_certificate",
            Self::Register(
                CertificateRegisterError::NoHolder
                | CertificateRegisterError::Dates
                | CertificateRegisterError::Beyond { .. }
                | CertificateRegisterError::NotIssuedHere(_),
            ) => "invalid_input",
            Self::Register(CertificateRegisterError::IssuedHere(_)) => "certificate_issued_here",
            Self::Register(CertificateRegisterError::Revoked(_)) => "revoked_for_good",
            Self::Register(CertificateRegisterError::Repeated(_)) | Self::Account(AccountError::TokenMade(_)) => {
                "request_repeated"
            }
            Self::Authority(AuthorityError::Missing) | Self::Register(CertificateRegisterError::KeyWithdrawn(_)) => {
                "no_authority"
            }
            Self::Authority(AuthorityError::Exists(_)) => "authority_exists",
            Self::Authority(AuthorityError::Unknown(_)) => "not_found",
            Self::Authority(
                AuthorityError::Name(_)
                | AuthorityError::Imported(_)
                | AuthorityError::Import(_)
                | AuthorityError::Outlives { .. }
                | AuthorityError::Precedes { .. }
                | AuthorityError::Date,
            ) => "invalid_input",
            Self::Authority(
                AuthorityError::File(..)
                | AuthorityError::List(..)
                | AuthorityError::Ended(_)
                | AuthorityError::Make(_)
                | AuthorityError::Container(_)
                | AuthorityError::Seal(_)
                | AuthorityError::Database(_),
            ) => "state_unavailable",
            Self::Decision(DecisionError::Unknown) | Self::NotFound { .. } => "not_found",
            Self::Decision(DecisionError::Decided(_)) => "already_decided",
            Self::Decision(DecisionError::TooMany { .. }) => "too_many_devices",
            Self::Account(AccountError::Excluded { .. }) => "excluded",
            Self::Unconfirmed(_) | Self::WithoutCertificate(_) => "confirmation_needed",
            Self::Changed(_) => "changed_meanwhile",
            Self::Account(AccountError::Database(_))
            | Self::Register(CertificateRegisterError::Database(_))
            | Self::Decision(DecisionError::Database(_))
            | Self::State(_) => "state_unavailable",
        }
    }

    /// The status of HTTP.
    pub fn status(&self) -> u16 {
        match self.code() {
            "not_an_administrator" | "scope_missing" => 403,
            "unknown_user" | "unknown_group" | "unknown_certificate" | "not_found" => 404,
            "user_exists"
            | "group_exists"
            | "certificate_exists"
            | "certificate_issued_here"
            | "revoked_for_good"
            | "request_repeated"
            | "no_authority"
            | "authority_exists"
            | "already_decided"
            | "too_many_devices"
            | "excluded"
            | "confirmation_needed"
            | "changed_meanwhile" => 409,
            "state_unavailable" => 503,
            _ => 400,
        }
    }

    /// What would help, where something simple does.
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotAdministrator(NotAdministrator::Scope(_)) => "`sekisho token issue --scope …` makes a token that may",
            Self::Account(AccountError::UnknownUser(_)) | Self::Register(CertificateRegisterError::UnknownUser(_)) => {
                "`sekisho user list` shows all users"
            }
            Self::Account(AccountError::Excluded { .. }) => {
                "switch the other one off first: `sekisho user set-certificates`, `sekisho user set-device-designation`"
            }
            Self::Unconfirmed(_) | Self::WithoutCertificate(_) => {
                "if that is meant, say it again with `--confirm` (in the API `\"confirm\": true`)"
            }
            Self::Changed(_) => {
                "`sekisho network list` shows it (`GET /api/v1/networks`); look at it, and say that version or leave it out"
            }
            Self::Account(AccountError::UserExists(_)) => "`sekisho user change` changes the one that is there",
            Self::Register(CertificateRegisterError::Unknown(_)) => {
                "`sekisho certificate list` shows the register, `sekisho certificate sightings` what was presented"
            }
            _ => return None,
        })
    }
}

impl From<OwnCertificateError> for AdminError {
    fn from(error: OwnCertificateError) -> Self {
        Self::State(error.to_string())
    }
}

impl From<AccountError> for AdminError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Database(error) => error.into(),
            error => Self::Account(error),
        }
    }
}

impl From<CertificateRegisterError> for AdminError {
    fn from(error: CertificateRegisterError) -> Self {
        match error {
            CertificateRegisterError::Database(error) => error.into(),
            error => Self::Register(error),
        }
    }
}

impl From<DecisionError> for AdminError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Database(error) => error.into(),
            error => Self::Decision(error),
        }
    }
}

impl From<AuthorityError> for AdminError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Database(error) => error.into(),
            error => Self::Authority(error),
        }
    }
}

impl From<IssueError> for AdminError {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Authority(error) => error.into(),
            IssueError::Register(error) => error.into(),
            IssueError::Renewal(error) => Self::Renewal(error),
            IssueError::UnknownGroup(group) => AccountError::UnknownGroup(group).into(),
            IssueError::Request(why) => Self::Input { what: "read the request", why: why.to_string() },
            IssueError::Dates => Self::Input {
                what: "set the dates of a certificate",
                why: "it would end before it begins, or has ended already".to_owned(),
            },
        }
    }
}

impl From<OutboxError> for AdminError {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Account(error) => error.into(),
            OutboxError::Database(error) => error.into(),
            error @ OutboxError::Seal(_) => Self::State(error.to_string()),
        }
    }
}

impl From<DatabaseError> for AdminError {
    fn from(error: DatabaseError) -> Self {
        Self::State(error.to_string())
    }
}

impl From<Rejected> for AdminError {
    fn from(error: Rejected) -> Self {
        Self::State(error.to_string())
    }
}

impl From<SharedStateError> for AdminError {
    fn from(error: SharedStateError) -> Self {
        Self::State(error.to_string())
    }
}
