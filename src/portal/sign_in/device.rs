//! Check 5 by an administrator: the form that applies for this browser, and what the waiting page asks.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use http::header;
use serde::Deserialize;

use crate::facts::cookies;
use crate::portal::kit::form::Form;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::waiting::waiting_state;
use crate::portal::sign_in::flow::answer;
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::towards::{goal, next};
use crate::sign_in::application::ApplicationOutcome;

/// How long an answer about a waiting application is held back.
const HELD: Duration = Duration::from_secs(20);

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct DeviceForm {
    #[serde(rename = "for")]
    goal: String,
    name: String,
    note: String,
}

/// POST /sign-in/device
pub(in crate::portal) async fn apply(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<DeviceForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    Ok(match state.sign_in.apply_for_browser(&visit.visitor(), &goal, &fields.name, &fields.note).await {
        Ok(ApplicationOutcome::Waits(cookie)) => {
            let mut response = next(&visit, &goal);
            let lasts = visit.core.config().file.session.browser.0.as_secs();
            response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &cookie, Some(lasts)));
            response
        }
        Ok(ApplicationOutcome::TooMany) => answer(&state, &visit, &goal, Some(StepProblem::DevicesWait), "", None).await,
        Ok(ApplicationOutcome::Later(wait)) => {
            answer(&state, &visit, &goal, Some(StepProblem::DeviceLater(wait)), "", None).await
        }
        Ok(ApplicationOutcome::NotNow) => next(&visit, &goal),
        Err(error) => visit.failed(&error),
    })
}

/// GET /sign-in/device/state?for=: answers as soon as it is decided, at the latest after [`HELD`].
pub(in crate::portal) async fn decided(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    let decided = state.sign_in.is_decided(&visit.visitor(), &goal, HELD).await;
    decided.map(waiting_state).map_err(|error| visit.failed(&error))
}
