//! The steps of a sign-in that a phone answers: asked by a form, waited for on a page that looks by itself.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::portal::push::page::{Asked, Over, WaitingPage};
use crate::portal::sign_in::pages::{Problem, Step};
use crate::portal::sign_in::{Desk, address, answer, goal, next, troubled, waits};
use crate::portal::kit::visit::Visit;
use crate::approval::question::Purpose;
use crate::chain::Check;
use crate::facts::cookies;
use crate::sign_in::attempt::AttemptError;
use crate::sign_in::goal::Goal;
use crate::sign_in::push::{Collected, Ended, Waited};

/// How long an answer about a waiting sign-in is held back.
const HELD: Duration = Duration::from_secs(20);

/// POST /sign-in/push `user` (empty: the phone of whoever has signed in so far), `for`
pub(in crate::portal) async fn ask(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    let name: String = fields.text("user").chars().take(128).collect();
    let asked = if name.trim().is_empty() {
        desk.sign_in.ask_for_step(&visit.visitor(), &goal).await
    } else {
        desk.sign_in.ask_by_push(&visit.visitor(), &goal, &name).await
    };
    match asked {
        Ok(Ok(())) => waits(&visit, &goal),
        Ok(Err(trouble)) => troubled(&desk, &visit, &goal, &trouble, Problem::Incomplete, &name).await,
        Err(error) => visit.failed(&error),
    }
}

/// POST /sign-in/push/cancel `for`
pub(in crate::portal) async fn cancel(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    match desk.sign_in.withdraw(&visit.visitor(), &goal).await {
        // Towards another method where there is one: the phone was not the way.
        Ok(()) => visit.see_other(&format!("{}&cancelled", address(&goal))),
        Err(error) => visit.failed(&error),
    }
}

/// GET /sign-in/push/state?for=: answers as soon as the waiting is over, at the latest after a while.
pub(in crate::portal) async fn state(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let goal = match goal(&visit, &visit.query("for").unwrap_or_default()).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    match desk.sign_in.is_over(&visit.visitor(), &goal, HELD).await {
        Ok(over) => told(over),
        Err(error) => visit.failed(&error),
    }
}

/// What the waiting script reads.
pub(in crate::portal) fn told(over: bool) -> Response {
    let mut response = Response::new(Body::from(if over { r#"{"state":"over"}"# } else { r#"{"state":"waiting"}"# }));
    response.headers_mut().extend(HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]));
    response
}

/// What a GET of the sign-in finds of a phone: the step passed, or the page that waits; `None` where it is another's turn.
pub(in crate::portal) async fn found(desk: &Desk, visit: &Visit, goal: &Goal) -> Option<Response> {
    match desk.sign_in.collect(&visit.visitor(), goal).await {
        Ok(Collected::Nothing) => None,
        Ok(Collected::Passed(cookie)) => {
            let mut response = next(visit, goal);
            if let Some(cookie) = cookie {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &cookie, Some(lasts)));
            }
            Some(response)
        }
        // Another way to pass the check was chosen, or the phone was sent away.
        Ok(Collected::Waits(_)) if visit.query("method").is_some_and(|method| method != "push") => None,
        Ok(Collected::Waits(waited)) => Some(answer(desk, visit, goal, None, &waited.waiting.name.clone(), Some(waited)).await),
        Err(AttemptError::Gone) => None,
        Err(error) => Some(visit.failed(&error)),
    }
}

/// The page that waits, if what is waited for is the check that is asked for.
pub(in crate::portal) fn waiting(visit: &Visit, goal: &Goal, check: Check, step: Step, waited: &Waited, other: bool) -> Option<Response> {
    let asked = match (waited.waiting.purpose, check) {
        (Purpose::SignIn, Check::PrimaryFactor) => Asked::SignIn,
        (Purpose::RegisterBrowser, Check::Cookie) => Asked::Browser,
        (Purpose::SecondFactor, Check::Otp) => Asked::SecondFactor,
        _ => return None,
    };
    let method = if asked == Asked::SignIn { "password" } else { "totp" };
    let page = WaitingPage {
        frame: visit.frame(),
        step,
        user: waited.waiting.name.clone(),
        asked,
        number: waited.number.clone(),
        left: waited.left,
        over: waited.ended.map(|ended| match ended {
            Ended::Denied => Over::Denied,
            Ended::Expired => Over::Expired,
            Ended::Cancelled => Over::Cancelled,
            Ended::Superseded => Over::Superseded,
        }),
        other_at: other.then(|| format!("{}&method={method}", address(goal))),
    };
    Some(visit.scripted_page(StatusCode::OK, &page))
}

/// Where a page offers the phone instead.
pub(in crate::portal) fn offered(goal: &Goal) -> String {
    format!("{}&method=push", address(goal))
}
