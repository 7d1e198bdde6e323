//! What a sign-in answers: the page of the next step, or its end.

use axum::response::Response;
use http::{StatusCode, header};

use crate::chain::Check;
use crate::facts::cookies;
use crate::portal::answer::RefusedPage;
use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::not_done::retry_after;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::ask::ask;
use crate::portal::sign_in::over_page::{ExpiredPage, SlowDownPage};
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::towards::{address, destination, next, waits};
use crate::principal::method::Method;
use crate::sign_in::engine::{AttemptError, Rejection};
use crate::sign_in::goal::Goal;
use crate::sign_in::position::{AskedStep, Position};
use crate::sign_in::push::{Collected, Waited};

pub(in crate::portal) async fn troubled(
    state: &PortalState,
    visit: &Visit,
    goal: &Goal,
    trouble: &Rejection,
    wrong: StepProblem,
    name: &str,
) -> Response {
    match trouble {
        Rejection::Wrong => answer(state, visit, goal, Some(wrong), name, None).await,
        // The form is filled with the only name that this certificate may sign in as.
        Rejection::CertificateOf(holder) => {
            let problem = StepProblem::CertificateOf(holder.as_str().into());
            answer(state, visit, goal, Some(problem), holder.as_str(), None).await
        }
        Rejection::NotNow => next(visit, goal),
        Rejection::BothNeeded => answer(state, visit, goal, Some(StepProblem::BothNeeded), name, None).await,
        Rejection::Busy(wait) | Rejection::Unavailable(wait) => {
            let problem =
                if matches!(trouble, Rejection::Busy(_)) { StepProblem::Busy } else { StepProblem::DirectoryUnavailable };
            let mut response = answer(state, visit, goal, Some(problem), name, None).await;
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            retry_after(&mut response, *wait);
            response
        }
        Rejection::SlowDown(wait) => {
            let page =
                SlowDownPage { frame: visit.frame(), barrier: None, departure: Some(goal.id().to_owned()), retry_after: *wait };
            let mut response = visit.page(StatusCode::TOO_MANY_REQUESTS, &page, &[]);
            retry_after(&mut response, *wait);
            response
        }
    }
}

/// Shows where the sign-in stands, or ends it.
pub(in crate::portal) async fn answer(
    state: &PortalState,
    visit: &Visit,
    goal: &Goal,
    problem: Option<StepProblem>,
    name: &str,
    waited: Option<Waited>,
) -> Response {
    let position = match state.sign_in.position(&visit.visitor(), goal).await {
        Ok(position) => position,
        Err(AttemptError::Gone) => {
            return visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[]);
        }
        Err(error) => return visit.failed(&error),
    };
    match position {
        Position::Passed { session, cookie } => {
            let mut response = match goal {
                Goal::Portal { back, .. } => visit.see_other(back),
                Goal::App { id, departure } => match onward(visit, id, departure, session.id()).await {
                    Ok(location) => {
                        let app = destination(visit, goal).map_or_else(|| departure.app.clone(), |to| to.title);
                        visit.leave_for(&address(goal), &app, &location)
                    }
                    Err(response) => return response,
                },
            };
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::SESSION, &cookie, None));
            }
            response
        }
        Position::Refused { refusal, trace, user } => {
            let page = RefusedPage {
                frame: visit.frame(),
                barrier: Some(Barrier::of(&trace, &crate::chain::policy::Policy::default(), None)),
                destination: destination(visit, goal),
                refusal,
                address: Some(visit.arrival.address.to_string()),
                user: user.map(|user| user.to_string()),
            };
            visit.page(StatusCode::FORBIDDEN, &page, &[])
        }
        Position::Asked(asked) => {
            if waited.is_none() && begins_by_itself(visit, &asked, problem.as_ref()) {
                // The phone is asked once, when the step is first shown; to ask again, the user must say so (T41).
                return match state.sign_in.ask_for_step(&visit.visitor(), goal).await {
                    Ok(Ok(())) => waits(visit, goal),
                    Ok(Err(_)) => ask(visit, goal, &asked, problem, name, None),
                    Err(error) => visit.failed(&error),
                };
            }
            ask(visit, goal, &asked, problem, name, waited.as_ref())
        }
    }
}

/// The app's callback with a one-time code.
async fn onward(
    visit: &Visit,
    id: &str,
    departure: &crate::session::handover::Departure,
    session: crate::session::SessionId,
) -> Result<String, Response> {
    let config = visit.core.config();
    let app = config.file.app.iter().find(|app| app.name == departure.app);
    let code = visit.core.handover().issue(id, session).await.map_err(|error| visit.failed(&error))?;
    match (app, code) {
        (Some(app), Some(code)) => Ok(format!("{}/.sekisho/callback?code={code}", app.url.trim_end_matches('/'))),
        _ => Err(visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[])),
    }
}

/// Whether the phone is asked without a button: at check 6, if it is the first method.
fn begins_by_itself(visit: &Visit, asked: &AskedStep, problem: Option<&StepProblem>) -> bool {
    let is_first = asked.usable.first() == Some(&Method::Push) && asked.turn.check() == Check::Otp;
    is_first && problem.is_none() && visit.parts.method == http::Method::GET && visit.query("method").is_none()
}

/// The answer to a GET if a phone was asked: the step passed, or the page that waits. `None` if the sign-in page is shown.
pub(in crate::portal) async fn found(state: &PortalState, visit: &Visit, goal: &Goal) -> Option<Response> {
    match state.sign_in.collect(&visit.visitor(), goal).await {
        Ok(Collected::Nothing) => None,
        Ok(Collected::Passed(cookie)) => {
            let mut response = next(visit, goal);
            if let Some(cookie) = cookie {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &cookie, Some(lasts)));
            }
            Some(response)
        }
        // The user chose another method.
        Ok(Collected::Waits(_)) if visit.query("method").is_some_and(|method| method != "push") => None,
        Ok(Collected::Waits(waited)) => Some(answer(state, visit, goal, None, &waited.waiting.name.clone(), Some(waited)).await),
        Err(AttemptError::Gone) => None,
        Err(error) => Some(visit.failed(&error)),
    }
}
