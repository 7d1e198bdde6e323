//! Tables of digits and patterns on them: the step of a sign-in that takes an answer, the page that sets a pattern, and the notice
//! that tells a user the first one. A table is plain text in a real table; nothing on it can be clicked, and no script runs here, so
//! that no pointer shows where the pattern lies. Where the phone shows the table, the page has none.

pub mod notice_page;
pub mod page;
pub mod parts;
pub mod set_page;
pub mod token_page;
#[cfg(test)]
mod tests;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::factor::matrix::setting::SentEntry;
use crate::portal::kit::form::Form;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::matrix::set_page::{SetPatternPage, WhySet};
use crate::portal::sign_in::flow::{answer, troubled};
use crate::portal::sign_in::step::{StepProblem, TypedName};
use crate::portal::sign_in::towards::{goal, next, setting_at};
use crate::sign_in::goal::Goal;
use crate::sign_in::matrix::{PatternEntry, ReadOff, TypedAnswer};

/// What the form of a table sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct MatrixForm {
    #[serde(rename = "for")]
    goal: String,
    user: String,
    domain: String,
    table: String,
    answer: SecretString,
}

/// POST /sign-in/matrix
pub(in crate::portal) async fn take(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<MatrixForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let name: String = fields.user.chars().take(128).collect();
    let domain: String = fields.domain.chars().take(64).collect();
    let typed_name = TypedName { name: &name, domain: &domain };
    if fields.table.is_empty() && !name.trim().is_empty() {
        // Where sizes differ, the name comes first, and the table after it.
        return Ok(answer(&state, &visit, &goal, None, typed_name, None).await);
    }
    let typed = TypedAnswer { read_off: ReadOff::Page(&fields.table), answer: &fields.answer, domain: &domain };
    Ok(judged(&state, &visit, &goal, typed_name, typed, StepProblem::WrongAnswer).await)
}

/// What the form of a phone's table sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct TokenForm {
    #[serde(rename = "for")]
    goal: String,
    user: String,
    domain: String,
    answer: SecretString,
}

/// POST /sign-in/token
pub(in crate::portal) async fn take_off_phone(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<TokenForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let name: String = fields.user.chars().take(128).collect();
    let domain: String = fields.domain.chars().take(64).collect();
    let typed_name = TypedName { name: &name, domain: &domain };
    let typed = TypedAnswer { read_off: ReadOff::Phone, answer: &fields.answer, domain: &domain };
    Ok(judged(&state, &visit, &goal, typed_name, typed, StepProblem::WrongToken).await)
}

async fn judged(
    state: &PortalState,
    visit: &Visit,
    goal: &Goal,
    name: TypedName<'_>,
    typed: TypedAnswer<'_>,
    wrong: StepProblem,
) -> Response {
    if name.name.trim().is_empty() || typed.answer.expose_secret().trim().is_empty() {
        return answer(state, visit, goal, Some(StepProblem::Incomplete), name, None).await;
    }
    match state.sign_in.matrix(&visit.visitor(), goal, name.name, typed).await {
        Ok(Ok(())) => next(visit, goal),
        Ok(Err(trouble)) => troubled(state, visit, goal, &trouble, wrong, name).await,
        Err(error) => visit.failed(&error),
    }
}

/// GET /sign-in/pattern
pub(in crate::portal) async fn show_setting(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    Ok(setting_page(&state, &visit, &goal).await)
}

async fn setting_page(state: &PortalState, visit: &Visit, goal: &Goal) -> Response {
    let setter = match state.sign_in.pattern_setter(&visit.visitor(), goal).await {
        Ok(Some(setter)) => setter,
        Ok(None) => return next(visit, goal),
        Err(error) => return visit.failed(&error),
    };
    let step = match state.sign_in.pattern_step(&visit.visitor(), goal, &setter).await {
        Ok(step) => step,
        Err(error) => return visit.failed(&error),
    };
    let status = if step.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SetPatternPage {
        frame: visit.frame(),
        user: setter.user.id().to_string(),
        why: if setter.initial { WhySet::Initial } else { WhySet::Unfit },
        departure: Some(goal.id().to_owned()),
        rules: visit.core.matrices().rules(&setter.user.standing()),
        step,
    };
    visit.page(status, &page, &[])
}

/// What the form of an entry sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct EntryForm {
    #[serde(rename = "for")]
    goal: String,
    setting: String,
    entry: String,
    answer: SecretString,
}

impl EntryForm {
    /// As the acts take it. A number that is none is no entry that is asked for.
    pub(in crate::portal) fn sent(&self) -> SentEntry<'_> {
        SentEntry { id: &self.setting, entry: self.entry.parse().unwrap_or(0), typed: self.answer.expose_secret() }
    }
}

/// POST /sign-in/pattern
pub(in crate::portal) async fn enter(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<EntryForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    Ok(match state.sign_in.enter_pattern(&visit.visitor(), &goal, fields.sent()).await {
        Ok(PatternEntry::GoesOn) => visit.see_other(&setting_at(&goal)),
        Ok(PatternEntry::Set | PatternEntry::NotAsked) => next(&visit, &goal),
        Err(error) => visit.failed(&error),
    })
}
