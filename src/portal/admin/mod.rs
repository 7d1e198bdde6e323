//! The administration's pages: one file or folder an area, with its handler, its page and its template. A handler reads the
//! address or a form, performs acts of `crate::admin`, and fills in a page; it does not know how an act is done.

pub mod action;
mod approvals;
pub mod area;
mod audit;
mod authorities;
mod browsers;
mod certificate_results;
pub mod certificate_test;
pub mod certificates;
mod devices;
pub mod explain;
pub mod forms;
mod groups;
mod identity;
pub mod layout;
pub mod list_page;
mod locks;
pub mod login_protect;
pub mod many;
pub mod meant;
pub mod networks;
pub mod notice;
pub mod outbox;
pub mod overview;
pub mod patterns;
mod phones;
mod rollout;
pub mod rollout_guide;
mod samples;
mod sessions;
mod sightings;
pub mod settings;
pub mod sources;
mod tokens;
pub mod transactions;
pub mod user;
mod users;
#[cfg(test)]
pub(in crate::portal) mod tests;

use axum::Router;
use axum::routing::{get, post};

use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;

/// Adds the administration's routes.
pub(super) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route(paths::ADMIN, get(overview::show))
        .route(paths::ADMIN_USERS, get(users::list))
        .route(paths::ADMIN_USER, get(user::show))
        .route(paths::ADMIN_PATTERNS, get(patterns::show).post(patterns::test))
        .route(paths::ADMIN_PATTERN_NOTICES, get(patterns::notices))
        .route(paths::ADMIN_GROUPS, get(groups::list))
        .route(paths::ADMIN_FORM, get(forms::show).post(forms::send))
        .route(paths::ADMIN_PHONES, get(phones::list))
        .route(paths::ADMIN_APPROVALS, get(approvals::list))
        .route(paths::ADMIN_TRANSACTIONS, get(transactions::list))
        .route(paths::ADMIN_TRANSACTIONS_EXPORT, get(transactions::export::export))
        .route(paths::ADMIN_TRANSACTION, get(transactions::record::show))
        .route(paths::ADMIN_TRANSACTION_RECEIPT, get(transactions::record::receipt))
        .route(paths::ADMIN_NETWORKS, get(networks::list))
        .route(paths::ADMIN_NETWORK_LIST, get(networks::form).post(networks::save))
        .route(paths::ADMIN_SESSIONS, get(sessions::list))
        .route(paths::ADMIN_DEVICES, get(devices::list))
        .route(paths::ADMIN_BROWSERS, get(browsers::list))
        .route(paths::ADMIN_CERTIFICATES, get(certificates::list))
        .route(paths::ADMIN_CERTIFICATE_RESULTS, get(certificate_results::list))
        .route(paths::ADMIN_SIGHTINGS, get(sightings::list))
        .route(paths::ADMIN_AUTHORITIES, get(authorities::list))
        .route(paths::ADMIN_CERTIFICATE_TEST, get(certificate_test::form).post(certificate_test::test))
        .route(paths::ADMIN_CERTIFICATE_ROLLOUT, get(rollout::show))
        .route(paths::ADMIN_CERTIFICATE, get(certificates::show))
        .route(paths::ADMIN_CERTIFICATE_SIGN, get(certificates::sign::form).post(certificates::sign::sign))
        .route(paths::ADMIN_CERTIFICATE_IMPORT, get(certificates::import::form).post(certificates::import::import))
        .route(paths::ADMIN_CERTIFICATE_DATES, post(certificates::dates::set))
        .route(paths::ADMIN_CERTIFICATE_ISSUE, get(certificates::form).post(certificates::issue))
        .route(paths::ADMIN_CERTIFICATE_CONTAINER, post(certificates::container))
        .route(paths::ADMIN_IDENTITY_PROVIDERS, get(sources::providers))
        .route(paths::ADMIN_IDENTITY_PROVIDER_METADATA, get(sources::provider_metadata))
        .route(paths::ADMIN_DIRECTORIES, get(sources::directories))
        .route(paths::ADMIN_TLS, get(sources::certificates))
        .route(paths::ADMIN_CRLS, get(sources::crls))
        .route(paths::ADMIN_LINK_IDENTITY, post(identity::link))
        .route(paths::ADMIN_OUTBOX, get(outbox::list))
        .route(paths::ADMIN_MESSAGE, get(outbox::about).post(outbox::show))
        .route(paths::ADMIN_TOKENS, get(tokens::list))
        .route(paths::ADMIN_LOCKS, get(locks::list))
        .route(paths::ADMIN_AUDIT, get(audit::list))
        .route(paths::ADMIN_AUDIT_KEYS, get(audit::keys))
        .route(paths::ADMIN_EXPLAIN, get(explain::show).post(explain::explain))
        .route(paths::ADMIN_MANY, get(many::show).post(many::send))
        .route(paths::ADMIN_ACTION, post(action::act))
        .route(paths::ADMIN_LOGIN_PROTECT, get(login_protect::show))
        .route(paths::ADMIN_MIGRATION, get(login_protect::migration))
        .route(paths::ADMIN_LOGIN_PROTECT_DISABLE, post(login_protect::disable))
        .route(paths::ADMIN_LOGIN_PROTECT_RESTORE, post(login_protect::restore))
        .route(paths::ADMIN_LOGIN_PROTECT_SERVICE, post(login_protect::draw_service))
        .route(paths::ADMIN_SETTINGS, get(settings::show).post(settings::set))
}
