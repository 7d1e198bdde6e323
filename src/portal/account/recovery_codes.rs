//! `/account/recovery-codes`: how many codes are left, and a new set.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done, few_recovery_codes};
use crate::portal::enrol::Course;
use crate::portal::enrol::recovery_codes::codes_page;
use crate::portal::kit::admission::{FreshForm, SignedIn, circumstances};
use crate::portal::kit::form::NoFields;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, signed_in_sample};
use crate::self_service;

/// GET /account/recovery-codes
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let page = RecoveryPage {
        frame: visit.frame(),
        notices: done(&visit),
        left: core.recovery_codes().left(user.id()).await.map_err(failed)?,
        made_at: core.recovery_codes().made_at(user.id()).await.map_err(failed)?,
        has_authenticator: core.totps().has(user.id()).await.map_err(failed)?,
    };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// Fewer recovery codes than are comfortable.
pub(super) fn few(has_authenticator: bool, left: usize) -> Option<PageNotice> {
    (has_authenticator && left <= 3).then(|| few_recovery_codes(left))
}

/// POST /account/recovery-codes: the one answer that shows the codes.
pub(super) async fn renew(FreshForm { visit, fresh, .. }: FreshForm<NoFields>) -> Result<Response, Response> {
    let codes = self_service::recovery_codes::renew(&visit.core, &circumstances(&visit), &fresh).await;
    let codes = codes.map_err(|error| refused(&visit, &error))?;
    let next = AccountChange::RecoveryCodesMade.at(paths::RECOVERY_CODES);
    Ok(codes_page(&visit, Course::Account, next, fresh.user().id().to_string(), &codes))
}

/// Recovery codes: how many are left, and a button for a new set.
#[derive(Debug, Template)]
#[template(path = "account/recovery_codes.html")]
pub struct RecoveryPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// Codes left.
    pub left: usize,
    /// When the set was made; `None` if there is none.
    pub made_at: Option<Timestamp>,
    /// Without an authenticator there is nothing to recover.
    pub has_authenticator: bool,
}

impl RecoveryPage {
    const fn place(&self) -> AccountPage {
        AccountPage::RecoveryCodes
    }
}

impl PortalPage for RecoveryPage {
    const NAME: &'static str = "account-recovery-codes";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |left, made_at: Option<i64>, has_authenticator| Self {
            frame: signed_in_sample(frame),
            notices: Vec::new(),
            left,
            made_at: made_at.map(Timestamp::from_seconds),
            has_authenticator,
        };
        vec![page(8, Some(NOW - 9_000_000), true), page(0, None, true), page(0, None, false), page(1, Some(NOW), true)]
    }
}
