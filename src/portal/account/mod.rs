//! The account pages: what users see of their own account and change in it. Each page, what it shows and what is posted from it
//! lie in one file. What is posted needs a fresh sign-in, and its answer leads back to a page that says what was done, so that a
//! reload does nothing twice.

pub mod authenticator;
pub mod browsers;
pub mod certificates;
pub mod directory_password;
pub mod identities;
pub mod notice;
pub mod overview;
pub mod passkeys;
pub mod password;
mod pattern;
pub mod phones;
pub mod recovery_codes;
pub mod sessions;
pub mod transaction_password;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};

use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;

/// Adds the account's routes.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    let router = router
        .route(paths::ACCOUNT, get(overview::show))
        .route(paths::SESSIONS, get(sessions::show))
        .route(paths::SESSION_REVOKE, post(sessions::revoke))
        .route(paths::SESSIONS_REVOKE_OTHERS, post(sessions::revoke_others))
        .route(paths::BROWSERS, get(browsers::show))
        .route(paths::BROWSER_FORGET, post(browsers::forget))
        .route(paths::PASSWORD_CHANGE, get(password::show).post(password::change))
        .route(paths::PATTERN, get(pattern::show).post(pattern::enter))
        .route(paths::DIRECTORY_PASSWORD, get(directory_password::show).post(directory_password::change))
        .route(paths::TRANSACTION_PASSWORD, get(transaction_password::show).post(transaction_password::set))
        .route(paths::AUTHENTICATOR, get(authenticator::show))
        .route(paths::AUTHENTICATOR_ENROL, get(authenticator::enrol).post(authenticator::confirm))
        .route(paths::AUTHENTICATOR_REMOVE, post(authenticator::remove))
        .route(paths::PASSKEYS, get(passkeys::show))
        .route(paths::PASSKEY_ADD, get(passkeys::add).post(passkeys::made))
        .route(paths::PASSKEY_ADD_OPTIONS, post(passkeys::options))
        .route(paths::PASSKEY_RENAME, post(passkeys::rename))
        .route(paths::PASSKEY_REMOVE, post(passkeys::remove))
        .route(paths::IDENTITIES, get(identities::show))
        .route(paths::IDENTITY_REMOVE, post(identities::remove))
        .route(paths::CERTIFICATES, get(certificates::show))
        .route(paths::CERTIFICATE_FILE, get(certificates::file))
        .route(paths::RECOVERY_CODES, get(recovery_codes::show).post(recovery_codes::renew));
    phones::routes(router)
}

/// Where in the account one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPage {
    /// [`paths::ACCOUNT`]
    Overview,
    /// [`paths::SESSIONS`]
    Sessions,
    /// [`paths::BROWSERS`]
    Browsers,
    /// [`paths::APPROVERS`]
    Approvers,
    /// [`paths::PASSKEYS`]
    Passkeys,
    /// [`paths::PASSWORD_CHANGE`]
    Password,
    /// [`paths::AUTHENTICATOR`]
    Authenticator,
    /// [`paths::RECOVERY_CODES`]
    RecoveryCodes,
    /// [`paths::CERTIFICATES`]
    Certificates,
}

impl AccountPage {
    pub(in crate::portal) const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Overview, paths::ACCOUNT, "account-overview"),
        (Self::Sessions, paths::SESSIONS, "account-sessions"),
        (Self::Browsers, paths::BROWSERS, "account-browsers"),
        (Self::Approvers, paths::APPROVERS, "account-approvers"),
        (Self::Passkeys, paths::PASSKEYS, "account-passkeys"),
        (Self::Password, paths::PASSWORD_CHANGE, "account-password"),
        (Self::Authenticator, paths::AUTHENTICATOR, "account-authenticator"),
        (Self::RecoveryCodes, paths::RECOVERY_CODES, "account-recovery"),
        (Self::Certificates, paths::CERTIFICATES, "account-certificates"),
    ];
}
