//! `/account/directory-password`: changing the password of the company's directory.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;

use crate::portal::account::AccountPage;
use crate::portal::account::password::PasswordChange;
use crate::portal::enrol::password::{PasswordProblem, password_problem};
use crate::portal::kit::admission::{FreshForm, FreshVisit, circumstances};
use crate::portal::kit::not_done::{busy, refused, with_wait};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{hostile, signed_in_sample};
use crate::portal::kit::visit::Visit;
use crate::self_service::{self, ActError, directory_password};
use crate::session::Fresh;

/// GET /account/directory-password
pub(super) async fn show(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    self_service::has_proved_another(&fresh).map_err(|error| refused(&visit, &error))?;
    page(&visit, &fresh, None)
}

fn page(visit: &Visit, fresh: &Fresh, problem: Option<PasswordProblem>) -> Result<Response, Response> {
    let user = fresh.user().id();
    let Some(domain) = directory_password::domain(&visit.core, user) else {
        return Err(refused(visit, &ActError::NotFound));
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = DirectoryPasswordPage { frame: visit.frame(), user: user.to_string(), domain, problem };
    Ok(visit.page(status, &page, &[]))
}

/// POST /account/directory-password
pub(super) async fn change(FreshForm { visit, fresh, fields }: FreshForm<PasswordChange>) -> Result<Response, Response> {
    if fields.new != fields.again {
        return page(&visit, &fresh, Some(PasswordProblem::NotTheSame));
    }
    let (current, new) = (fields.current, SecretString::from(fields.new));
    match directory_password::change(&visit.core, &circumstances(&visit), &fresh, current, new).await {
        Ok(_ended) => Ok(visit.see_other(&format!("{}?done=password-changed", paths::ACCOUNT))),
        Err(ActError::Unavailable) => {
            let shown = page(&visit, &fresh, Some(PasswordProblem::Unavailable))?;
            Ok(with_wait(shown, Some(Duration::from_secs(5))))
        }
        Err(error) => match password_problem(&error) {
            Some(problem) => Ok(with_wait(page(&visit, &fresh, Some(problem))?, busy(&error))),
            None => Err(refused(&visit, &error)),
        },
    }
}

/// Changing the password of a directory.
#[derive(Debug, Template)]
#[template(path = "account/directory_password.html")]
pub struct DirectoryPasswordPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// What people call the directory.
    pub domain: String,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
}

impl DirectoryPasswordPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Password
    }
}

impl PortalPage for DirectoryPasswordPage {
    const NAME: &'static str = "account-directory-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        use PasswordProblem::{NotTaken, Unavailable, WrongCurrent};
        let page = |domain: &str, problem| Self {
            frame: signed_in_sample(frame),
            user: "alice".to_owned(),
            domain: domain.to_owned(),
            problem,
        };
        vec![
            page("corp.example", None),
            page("corp.example", Some(WrongCurrent)),
            page("corp.example", Some(NotTaken)),
            page("corp.example", Some(Unavailable)),
            page(&hostile(), None),
        ]
    }
}
