//! The steps of a sign-in that a phone answers: asked by a form, awaited on a page that looks by itself.

pub mod page;
mod place;
#[cfg(test)]
pub(in crate::portal) mod tests;

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::portal::kit::form::Form;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::waiting::waiting_state;
use crate::portal::sign_in::flow::troubled;
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::towards::{address, goal, waits};

/// How long an answer about a waiting sign-in is held back.
const HELD: Duration = Duration::from_secs(20);

/// What the form that asks a phone sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct PushForm {
    /// Empty: the phone of the user who passed the steps so far.
    user: String,
    #[serde(rename = "for")]
    goal: String,
}

/// POST /sign-in/push
pub(in crate::portal) async fn ask(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<PushForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let name: String = fields.user.chars().take(128).collect();
    let asked = if name.trim().is_empty() {
        state.sign_in.ask_for_step(&visit.visitor(), &goal).await
    } else {
        state.sign_in.ask_by_push(&visit.visitor(), &goal, &name).await
    };
    Ok(match asked {
        Ok(Ok(())) => waits(&visit, &goal),
        Ok(Err(trouble)) => troubled(&state, &visit, &goal, &trouble, StepProblem::Incomplete, &*name).await,
        Err(error) => visit.failed(&error),
    })
}

/// POST /sign-in/push/cancel `for`
pub(in crate::portal) async fn cancel(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<PushForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    Ok(match state.sign_in.withdraw(&visit.visitor(), &goal).await {
        // The page then offers another method, if there is one.
        Ok(()) => visit.see_other(&format!("{}&cancelled", address(&goal))),
        Err(error) => visit.failed(&error),
    })
}

/// GET /sign-in/push/state?for=: answers as soon as the waiting is over, at the latest after [`HELD`].
pub(in crate::portal) async fn state(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    let over = state.sign_in.is_over(&visit.visitor(), &goal, HELD).await;
    over.map(waiting_state).map_err(|error| visit.failed(&error))
}
