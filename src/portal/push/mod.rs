//! The steps of a sign-in that a phone answers: asked by a form, awaited on a page that looks by itself.

pub mod page;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;

use crate::portal::kit::state::Desk;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::waiting::told;
use crate::portal::sign_in::flow::troubled;
use crate::portal::sign_in::step::Problem;
use crate::portal::sign_in::towards::{address, goal, waits};

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
