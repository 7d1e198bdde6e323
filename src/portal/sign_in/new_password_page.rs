//! A password of a directory that must be changed before its owner signs in.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::portal::enrol::password::PasswordProblem;
use crate::portal::kit::form::Form;
use crate::portal::kit::not_done::retry_after;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::{answer, troubled};
use crate::portal::sign_in::step::{StepProblem, TypedName};
use crate::portal::sign_in::towards::{address, goal, next};
use crate::sign_in::directory_change::ChangeRejection;
use crate::sign_in::engine::Rejection;
use crate::sign_in::goal::Goal;

/// GET /sign-in/new-password
pub(in crate::portal) async fn show(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    Ok(page(&state, &visit, &goal, None).await)
}

/// The form, with what was wrong with the last try; without a password to change the next step of the sign-in.
async fn page(state: &PortalState, visit: &Visit, goal: &Goal, problem: Option<PasswordProblem>) -> Response {
    match state.sign_in.must_change(&visit.visitor(), goal).await {
        Ok(Some((user, domain))) => {
            let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let (user, departure) = (user.to_string(), goal.id().to_owned());
            let page = MustChangePage { frame: visit.frame(), user, domain, departure, problem, sign_in_at: None };
            visit.page(status, &page, &[])
        }
        Ok(None) => next(visit, goal),
        Err(error) => visit.failed(&error),
    }
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct MustChangeForm {
    #[serde(rename = "for")]
    goal: String,
    current: SecretString,
    new: SecretString,
    again: SecretString,
}

/// POST /sign-in/new-password
pub(in crate::portal) async fn change(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<MustChangeForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let [current, new, again] = [&fields.current, &fields.new, &fields.again].map(|secret| secret.expose_secret());
    let wrong = match () {
        () if new != again || new.is_empty() => Some(PasswordProblem::NotTheSame),
        () if new == current => Some(PasswordProblem::AsBefore),
        () => None,
    };
    if wrong.is_some() {
        return Ok(page(&state, &visit, &goal, wrong).await);
    }
    let who = state.sign_in.must_change(&visit.visitor(), &goal).await.map_err(|error| visit.failed(&error))?;
    let changed = state.sign_in.change_directory_password(&visit.visitor(), &goal, &fields.current, &fields.new).await;
    let rejection = match changed {
        Ok(Ok(())) => {
            let (user, domain) = who.map(|(user, domain)| (user.to_string(), domain)).unwrap_or_default();
            let (departure, sign_in_at) = (goal.id().to_owned(), Some(address(&goal)));
            let page = MustChangePage { frame: visit.frame(), user, domain, departure, problem: None, sign_in_at };
            return Ok(visit.page(StatusCode::OK, &page, &[]));
        }
        Ok(Err(rejection)) => rejection,
        Err(error) => return Err(visit.failed(&error)),
    };
    Ok(match rejection {
        ChangeRejection::WrongCurrent => page(&state, &visit, &goal, Some(PasswordProblem::WrongCurrent)).await,
        ChangeRejection::NotTaken => page(&state, &visit, &goal, Some(PasswordProblem::NotTaken)).await,
        ChangeRejection::NotPossible => {
            answer(&state, &visit, &goal, Some(StepProblem::MustChangeThere), TypedName::default(), None).await
        }
        ChangeRejection::NotAsked => next(&visit, &goal),
        ChangeRejection::Held(Rejection::Unavailable(wait) | Rejection::Busy(wait)) => {
            let mut shown = page(&state, &visit, &goal, Some(PasswordProblem::Unavailable)).await;
            *shown.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            retry_after(&mut shown, wait);
            shown
        }
        ChangeRejection::Held(trouble) => {
            troubled(&state, &visit, &goal, &trouble, StepProblem::WrongCredentials, TypedName::default()).await
        }
    })
}

/// A new password of a directory, before the sign-in goes on.
#[derive(Debug, Template)]
#[template(path = "sign_in/new_password.html")]
pub struct MustChangePage {
    /// The frame.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// What people call the directory.
    pub domain: String,
    /// What is signed in for, sent back as `for`.
    pub departure: String,
    /// What was wrong with the last try.
    pub problem: Option<PasswordProblem>,
    /// Where to sign in, once it is changed.
    pub sign_in_at: Option<String>,
}

impl PortalPage for MustChangePage {
    const NAME: &'static str = "sign-in-new-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        use PasswordProblem::{NotTaken, NotTheSame, Unavailable, WrongCurrent};
        let page = |domain: &str, problem, sign_in_at: Option<&str>| Self {
            frame: frame.clone(),
            user: "alice".to_owned(),
            domain: domain.to_owned(),
            departure: "8mL2xQ".to_owned(),
            problem,
            sign_in_at: sign_in_at.map(str::to_owned),
        };
        let mut all = vec![page("corp.example", None, None), page(&hostile(), None, None)];
        all.extend([WrongCurrent, NotTaken, NotTheSame, Unavailable].map(|problem| page("corp.example", Some(problem), None)));
        all.push(page("corp.example", None, Some("/sign-in?for=8mL2xQ")));
        all
    }
}
