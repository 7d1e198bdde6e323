//! `/account/transaction-password`: setting the password that some transactions ask for.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::AccountChange;
use crate::portal::enrol::password::{NewPassword, PasswordProblem, password_problem};
use crate::portal::kit::admission::{FreshForm, FreshVisit, circumstances};
use crate::portal::kit::not_done::{busy, refused, with_wait};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, signed_in_sample};
use crate::portal::kit::visit::Visit;
use crate::self_service;
use crate::session::Fresh;

/// GET /account/transaction-password
pub(super) async fn show(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    self_service::has_proved_another(&fresh).map_err(|error| refused(&visit, &error))?;
    transaction_password_page(&visit, &fresh, None).await
}

/// The form, with what was wrong with the last try.
pub(in crate::portal) async fn transaction_password_page(
    visit: &Visit,
    fresh: &Fresh,
    problem: Option<PasswordProblem>,
) -> Result<Response, Response> {
    let set_at = visit.core.transaction_passwords().set_at(fresh.user().id()).await.map_err(|error| visit.failed(&error))?;
    let user = fresh.user().id().to_string();
    let minimum_length = visit.core.passwords().minimum();
    let page = TransactionPasswordPage { frame: visit.frame(), user, minimum_length, set_at, problem };
    Ok(visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[]))
}

/// POST /account/transaction-password
pub(super) async fn set(FreshForm { visit, fresh, fields }: FreshForm<NewPassword>) -> Result<Response, Response> {
    if fields.new != fields.again {
        return transaction_password_page(&visit, &fresh, Some(PasswordProblem::NotTheSame)).await;
    }
    let new = SecretString::from(fields.new);
    match self_service::transaction_password::set(&visit.core, &circumstances(&visit), &fresh, new).await {
        Ok(()) => Ok(visit.see_other(&AccountChange::TransactionPasswordSet.at(paths::ACCOUNT))),
        Err(error) => match password_problem(&error) {
            Some(problem) => {
                let page = transaction_password_page(&visit, &fresh, Some(problem)).await;
                Ok(with_wait(page.unwrap_or_else(|response| response), busy(&error)))
            }
            None => Err(refused(&visit, &error)),
        },
    }
}

/// Setting the transaction password.
#[derive(Debug, Template)]
#[template(path = "account/transaction_password.html")]
pub struct TransactionPasswordPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// Characters at least.
    pub minimum_length: usize,
    /// When it was set, if it was.
    pub set_at: Option<Timestamp>,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
}

impl TransactionPasswordPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Password
    }

    fn problem_text(&self, problem: &PasswordProblem) -> String {
        match problem {
            PasswordProblem::AsBefore => self.frame.say("transaction-password-same"),
            problem => problem.text(&self.frame),
        }
    }
}

impl PortalPage for TransactionPasswordPage {
    const NAME: &'static str = "account-transaction-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |set_at: Option<i64>, problem| Self {
            frame: signed_in_sample(frame),
            user: "alice".to_owned(),
            minimum_length: 15,
            set_at: set_at.map(Timestamp::from_seconds),
            problem,
        };
        vec![page(None, None), page(Some(NOW - 9_000_000), Some(PasswordProblem::AsBefore))]
    }
}
