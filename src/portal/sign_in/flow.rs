//! What a sign-in answers: the page of the next step, or its end.

use std::time::Duration;

use axum::response::Response;
use http::{StatusCode, header};

use crate::chain::Check;
use crate::facts::cookies;
use crate::portal::answer::RefusedPage;
use crate::portal::kit::barrier::Barrier;
use crate::portal::kit::not_done::retry_after;
use crate::portal::kit::paths;
use crate::portal::kit::slow_down::{SlowDownPage, SlowDownReason};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::ask::ask;
use crate::portal::sign_in::await_key_page::AwaitKeyPage;
use crate::portal::sign_in::onward_page::leave;
use crate::portal::sign_in::over_page::ExpiredPage;
use crate::portal::sign_in::step::{StepProblem, TypedName};
use crate::portal::sign_in::towards::{address, destination, next, setting_at, waits};
use crate::principal::method::Method;
use crate::sign_in::engine::{AttemptError, Rejection};
use crate::sign_in::goal::Goal;
use crate::sign_in::position::{AskedStep, Position};
use crate::sign_in::push::{Collected, Waited};

/// How long the answer to a page that waits for the key of a browser takes, before it is looked for once more.
const KEY_LOOKED_FOR: Duration = Duration::from_secs(1);

pub(in crate::portal) async fn troubled(
    state: &PortalState,
    visit: &Visit,
    goal: &Goal,
    trouble: &Rejection,
    wrong: StepProblem,
    name: impl Into<TypedName<'_>>,
) -> Response {
    let name = name.into();
    match trouble {
        Rejection::Wrong => answer(state, visit, goal, Some(wrong), name, None).await,
        // The form is filled with the only name that this certificate may sign in as.
        Rejection::CertificateOf(holder) => {
            let problem = StepProblem::CertificateOf(holder.as_str().into());
            answer(state, visit, goal, Some(problem), holder.as_str(), None).await
        }
        Rejection::NotVerified => answer(state, visit, goal, Some(StepProblem::PasskeyNotVerified), name, None).await,
        Rejection::TableOver => answer(state, visit, goal, Some(StepProblem::TableOver), name, None).await,
        Rejection::MustSetPattern => visit.see_other(&setting_at(goal)),
        Rejection::Over => answer(state, visit, goal, Some(StepProblem::PasskeyOver), name, None).await,
        Rejection::TicketOf(holder) => {
            let problem = StepProblem::TicketOf(holder.as_str().into());
            answer(state, visit, goal, Some(problem), holder.as_str(), None).await
        }
        Rejection::NotNow => next(visit, goal),
        Rejection::MustChange => visit.see_other(&address(goal).replacen(paths::SIGN_IN, paths::NEW_PASSWORD, 1)),
        Rejection::MustChangeThere => answer(state, visit, goal, Some(StepProblem::MustChangeThere), name, None).await,
        Rejection::BothNeeded => answer(state, visit, goal, Some(StepProblem::BothNeeded), name, None).await,
        Rejection::Busy(wait) | Rejection::Unavailable(wait) => {
            let directories = visit.core.ad_passwords().directories();
            let problem = match (trouble, directories.named(name.domain)) {
                (Rejection::Busy(_), _) => StepProblem::Busy,
                // Whose directory was asked is what was chosen on the page, and nothing of the user.
                (_, Some(directory)) => StepProblem::DirectoryDown(directory.domain().into()),
                (_, None) => StepProblem::DirectoryUnavailable,
            };
            let mut response = answer(state, visit, goal, Some(problem), name, None).await;
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            retry_after(&mut response, *wait);
            response
        }
        Rejection::SlowDown(wait) => slow_down(visit, goal, SlowDownReason::Guesses, *wait),
    }
}

/// The page of a wait, with the way back to the sign-in.
pub(in crate::portal) fn slow_down(visit: &Visit, goal: &Goal, reason: SlowDownReason, wait: Duration) -> Response {
    let departure = Some(goal.id().to_owned());
    let page = SlowDownPage { frame: visit.frame(), barrier: None, departure, reason, retry_after: wait };
    let mut response = visit.page(StatusCode::TOO_MANY_REQUESTS, &page, &[]);
    retry_after(&mut response, wait);
    response
}

/// The page that waits for the key of the browser. It asks again at once, and the answer to that takes a moment: a page that goes
/// on by itself after some seconds takes the time from people who need it (WCAG 2.2.1).
async fn wait_for_key(visit: &Visit, goal: &Goal) -> Response {
    if visit.query(paths::KEY_AWAITED).is_some() {
        tokio::time::sleep(KEY_LOOKED_FOR).await;
    }
    let next = format!("{}&{}", address(goal), paths::KEY_AWAITED);
    visit.page(StatusCode::OK, &AwaitKeyPage { frame: visit.frame(), next }, &[])
}

/// Shows where the sign-in stands, or ends it.
pub(in crate::portal) async fn answer(
    state: &PortalState,
    visit: &Visit,
    goal: &Goal,
    problem: Option<StepProblem>,
    name: impl Into<TypedName<'_>>,
    waited: Option<Waited>,
) -> Response {
    let name = name.into();
    let position = match state.sign_in.position(&visit.visitor(), goal).await {
        Ok(position) => position,
        Err(AttemptError::Gone) => {
            return visit.page(StatusCode::GONE, &ExpiredPage { frame: visit.frame(), start_over: None }, &[]);
        }
        Err(error) => return visit.failed(&error),
    };
    match position {
        Position::Passed { session, cookie, awaits_key } => {
            let mut response = match goal {
                _ if awaits_key => wait_for_key(visit, goal).await,
                Goal::Portal { back, .. } => visit.see_other(back),
                Goal::App { id, departure } => match onward(visit, id, departure, session.id()).await {
                    Ok(location) => {
                        let app = destination(visit, goal).map_or_else(|| departure.app.clone(), |to| to.title);
                        leave(visit, goal, &app, &location)
                    }
                    Err(response) => return response,
                },
            };
            if let Some(cookie) = cookie {
                visit.admit(&mut response, &cookie);
            }
            response
        }
        Position::Refused { refusal, trace, required, user } => {
            let page = RefusedPage {
                frame: visit.frame(),
                barrier: Some(Barrier::marked(&trace, required)),
                destination: destination(visit, goal),
                refusal,
                address: Some(visit.arrival.address.to_string()),
                user: user.map(|user| user.to_string()),
                portal: String::new(),
                again: Some(address(goal)),
                departure: Some(goal.id().to_owned()),
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

/// Whether the phone is asked without a button: at check 6, if it is what the user used last, or else the first method.
fn begins_by_itself(visit: &Visit, asked: &AskedStep, problem: Option<&StepProblem>) -> bool {
    // A passkey that the policy names before the phone is asked for instead.
    let after_passkey =
        asked.usable.contains(&Method::Passkey) && asked.policy.base.otp.names_before(Method::Passkey, Method::Push);
    // A code to be read by another device is a longer way than the passkey itself, which may be at hand here.
    let after_passkey = after_passkey || (asked.by_passkey && asked.usable.contains(&Method::Passkey));
    let is_first = match asked.last {
        Some(last) => last == Method::Push,
        None => asked.usable.first() == Some(&Method::Push) && !after_passkey,
    };
    let is_first = is_first && asked.turn.check() == Check::Otp;
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
        Ok(Collected::Waits(waited)) => Some(answer(state, visit, goal, None, &*waited.waiting.name.clone(), Some(waited)).await),
        Err(AttemptError::Gone) => None,
        Err(error) => Some(visit.failed(&error)),
    }
}
