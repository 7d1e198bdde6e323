//! `/account/authenticator`: the authenticator, how another replaces it and how it is removed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::account::recovery_codes::few;
use crate::portal::enrol::Course;
use crate::portal::enrol::authenticator::{ConfirmingCode, EnrolForm, code_problem, enrol_page};
use crate::portal::kit::admission::{FreshForm, FreshVisit, SignedIn, circumstances};
use crate::portal::kit::form::IdField;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, signed_in_sample};
use crate::principal::method::CredentialId;
use crate::self_service::{self, ActError};

/// GET /account/authenticator
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let authenticator = core.totps().of_user(user.id()).await.map_err(failed)?;
    let left = core.recovery_codes().left(user.id()).await.map_err(failed)?;
    let mut notices = done(&visit);
    notices.extend(few(authenticator.is_some(), left));
    let authenticators = authenticator
        .map(|there| AuthenticatorRow { id: there.id.text(), added_at: there.added_at, last_used_at: there.last_used_at })
        .into_iter()
        .collect();
    let may_remove = self_service::totp::may_remove(core, user);
    let page = AuthenticatorPage { frame: visit.frame(), notices, authenticators, may_remove };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET /account/authenticator/enrol
pub(super) async fn enrol(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    let refused = |error: ActError| refused(&visit, &error);
    self_service::totp::is_not_excluded(&visit.core, fresh.user()).await.map_err(refused)?;
    let (shown, drawn) = self_service::totp::begin(&visit.core, &fresh).map_err(refused)?;
    let replaces = visit.core.totps().has(fresh.user().id()).await.map_err(|error| visit.failed(&error))?;
    let user = fresh.user().id().to_string();
    let form = EnrolForm { course: Course::Account, action: paths::AUTHENTICATOR_ENROL.to_owned(), user, replaces };
    Ok(enrol_page(&visit, form, &shown, &drawn, None))
}

/// POST /account/authenticator/enrol
pub(super) async fn confirm(FreshForm { visit, fresh, fields }: FreshForm<ConfirmingCode>) -> Result<Response, Response> {
    let refused = |error: ActError| refused(&visit, &error);
    let (drawn, code) = fields.read().ok_or_else(|| refused(ActError::NotFound))?;
    let core = &visit.core;
    let user = fresh.user().id();
    match self_service::totp::confirm(core, &circumstances(&visit), &fresh, &drawn, &code).await {
        Ok(()) => Ok(visit.see_other(&AccountChange::AuthenticatorAdded.at(paths::AUTHENTICATOR))),
        Err(ActError::WrongCode) => {
            let shown = core.totps().show(user, &drawn).map_err(|error| refused(ActError::Factor(error.to_string())))?;
            let form = EnrolForm {
                course: Course::Account,
                action: paths::AUTHENTICATOR_ENROL.to_owned(),
                user: user.to_string(),
                replaces: core.totps().has(user).await.map_err(|error| refused(error.into()))?,
            };
            Ok(enrol_page(&visit, form, &shown, &drawn, Some(code_problem(&code))))
        }
        Err(error) => Err(refused(error)),
    }
}

/// POST /account/authenticator/remove
pub(super) async fn remove(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = CredentialId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    self_service::totp::remove(&visit.core, &circumstances(&visit), &fresh, id).await.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::AuthenticatorRemoved.at(paths::AUTHENTICATOR)))
}

/// The authenticator.
#[derive(Debug, Template)]
#[template(path = "account/authenticator.html")]
pub struct AuthenticatorPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// What is set up.
    pub authenticators: Vec<AuthenticatorRow>,
    /// Whether the user may remove it: not if a policy demands one.
    pub may_remove: bool,
}

impl AuthenticatorPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Authenticator
    }
}

/// One authenticator.
#[derive(Clone, Debug)]
pub struct AuthenticatorRow {
    /// Its id, posted back to remove it.
    pub id: String,
    /// Since when.
    pub added_at: Timestamp,
    /// When a code of it was last accepted.
    pub last_used_at: Option<Timestamp>,
}

impl PortalPage for AuthenticatorPage {
    const NAME: &'static str = "account-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, last_used_at: Option<i64>| AuthenticatorRow {
            id: id.to_owned(),
            added_at: Timestamp::from_seconds(NOW - 9_000_000),
            last_used_at: last_used_at.map(Timestamp::from_seconds),
        };
        let page = |notices: &[PageNotice], authenticators: &[AuthenticatorRow], may_remove| Self {
            frame: signed_in_sample(frame),
            notices: notices.to_vec(),
            authenticators: authenticators.to_vec(),
            may_remove,
        };
        vec![
            page(&[AccountChange::RecoveryCodesMade.notice(0)], &[row("a", Some(NOW - 4000))], true),
            page(&[], &[row("a", None), row("b", Some(NOW - 400_000))], false),
            page(&[AccountChange::AuthenticatorRemoved.notice(0)], &[], true),
        ]
    }
}
