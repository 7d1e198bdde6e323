//! `/account/pattern`: changing the pattern that one-time passwords are read along.

use axum::response::Response;
use http::StatusCode;

use crate::portal::account::notice::AccountChange;
use crate::portal::kit::admission::{FreshForm, FreshVisit, circumstances};
use crate::portal::kit::not_done::refused;
use crate::portal::kit::paths;
use crate::portal::matrix::EntryForm;
use crate::portal::matrix::set_page::{SetPatternPage, WhySet};
use crate::self_service::pattern::{self, PatternChange};

/// GET /account/pattern
pub(super) async fn show(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    let step = pattern::step(&visit.core, &fresh).await.map_err(|error| refused(&visit, &error))?;
    let user = fresh.user();
    let status = if step.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SetPatternPage {
        frame: visit.frame(),
        user: user.id().to_string(),
        why: WhySet::Change,
        departure: None,
        rules: visit.core.matrices().rules(&user.standing()),
        step,
    };
    Ok(visit.page(status, &page, &[]))
}

/// POST /account/pattern
pub(super) async fn enter(FreshForm { visit, fresh, fields }: FreshForm<EntryForm>) -> Result<Response, Response> {
    let entered = pattern::enter(&visit.core, &circumstances(&visit), &fresh, fields.sent()).await;
    match entered.map_err(|error| refused(&visit, &error))? {
        PatternChange::GoesOn => Ok(visit.see_other(paths::PATTERN)),
        PatternChange::Changed => Ok(visit.see_other(&AccountChange::PatternChanged.at(paths::ACCOUNT))),
    }
}
