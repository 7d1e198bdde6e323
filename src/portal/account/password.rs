//! `/account/password`: changing the password.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::portal::account::AccountPage;
use crate::portal::account::notice::AccountChange;
use crate::portal::enrol::password::{PasswordProblem, password_problem};
use crate::portal::kit::admission::{FreshForm, FreshVisit, circumstances};
use crate::portal::kit::not_done::{busy, refused, with_wait};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::signed_in_sample;
use crate::portal::kit::visit::Visit;
use crate::self_service;
use crate::session::Fresh;

/// GET /account/password
pub(super) async fn show(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    self_service::has_proved_another(&fresh).map_err(|error| refused(&visit, &error))?;
    Ok(password_page(&visit, &fresh, None))
}

/// The form, with what was wrong with the last try.
pub(in crate::portal) fn password_page(visit: &Visit, fresh: &Fresh, problem: Option<PasswordProblem>) -> Response {
    let minimum_length = visit.core.passwords().minimum();
    let asks = visit.core.policies().apps().any(|(_, app)| app.transactions().iter().any(|held| held.transaction().password));
    let transaction_at = asks.then_some(paths::TRANSACTION_PASSWORD);
    let directory = self_service::directory_password::domain(&visit.core, fresh.user().id());
    let user = fresh.user().id().to_string();
    let page = PasswordChangePage { frame: visit.frame(), user, minimum_length, problem, transaction_at, directory };
    visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[])
}

/// What the form of a new password sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordChange {
    pub(super) current: SecretString,
    pub(super) new: String,
    pub(super) again: String,
}

/// POST /account/password
pub(super) async fn change(FreshForm { visit, fresh, fields }: FreshForm<PasswordChange>) -> Response {
    if fields.new != fields.again {
        return password_page(&visit, &fresh, Some(PasswordProblem::NotTheSame));
    }
    let (current, new) = (fields.current, SecretString::from(fields.new));
    match self_service::password::change(&visit.core, &circumstances(&visit), &fresh, current, new).await {
        Ok(_ended) => visit.see_other(&AccountChange::PasswordChanged.at(paths::ACCOUNT)),
        Err(error) => match password_problem(&error) {
            Some(problem) => with_wait(password_page(&visit, &fresh, Some(problem)), busy(&error)),
            None => refused(&visit, &error),
        },
    }
}

/// Changing the password.
#[derive(Debug, Template)]
#[template(path = "account/password.html")]
pub struct PasswordChangePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// Characters at least.
    pub minimum_length: usize,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
    /// Where the transaction password is set, where some app asks for one.
    pub transaction_at: Option<&'static str>,
    /// The directory whose password can be changed, by the name that people know.
    pub directory: Option<String>,
}

impl PasswordChangePage {
    const fn place(&self) -> AccountPage {
        AccountPage::Password
    }
}

impl PortalPage for PasswordChangePage {
    const NAME: &'static str = "account-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        use PasswordProblem::{AsBefore, Busy, WrongCurrent};
        [None, Some(WrongCurrent), Some(AsBefore), Some(Busy)]
            .map(|problem| Self {
                frame: signed_in_sample(frame),
                user: "alice".to_owned(),
                minimum_length: 15,
                problem,
                transaction_at: problem.is_none().then_some(paths::TRANSACTION_PASSWORD),
                directory: problem.is_none().then(|| "corp.example".to_owned()),
            })
            .into()
    }
}
