//! The sign-in pages: each GET shows the step that the chain asks for, each POST submits one and leads back to the GET, so
//! that reload and back button never send anything twice.

pub(super) mod flow;
mod ask;
pub mod await_key_page;
pub mod code_page;
pub(super) mod device;
pub mod device_page;
pub mod new_password_page;
pub mod onward_page;
pub mod over_page;
mod parts;
pub mod password_page;
pub mod step;
mod ticket;
pub mod ticket_page;
pub mod ticket_problem;
pub(super) mod towards;
#[cfg(test)]
mod tests;

use axum::extract::State;
use axum::response::Response;
use http::header;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::facts::cookies;
use crate::portal::kit::form::{Form, narrow};
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::{answer, found, troubled};
use crate::portal::sign_in::step::{StepProblem, TypedName};
use crate::portal::sign_in::ticket::Negotiation;
use crate::portal::sign_in::towards::{COOKIE_SET, goal, next};
use crate::principal::method::Method;
use crate::sign_in::password::Typed;

/// GET /sign-in
pub(in crate::portal) async fn show(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    if let Some(response) = found(&state, &visit, &goal).await {
        return Ok(response);
    }
    // An earlier answer set the cookie, and the browser did not send it back.
    let is_blocked = visit.is_new && visit.query(COOKIE_SET).is_some();
    // The question is unknown: it ended long ago, or a restart lost it.
    let is_over = visit.query(paths::ASKED).is_some();
    let negotiation = Negotiation::of(&state, &visit, &goal).await?;
    let problem = is_blocked.then_some(StepProblem::CookiesBlocked).or(is_over.then_some(StepProblem::QuestionOver));
    Ok(negotiation.finish(answer(&state, &visit, &goal, problem.or(negotiation.problem()), "", None).await))
}

/// What the form of the password sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct PasswordForm {
    #[serde(rename = "for")]
    goal: String,
    user: String,
    password: SecretString,
    directory_password: SecretString,
    domain: String,
}

/// POST /sign-in/password
pub(in crate::portal) async fn password(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<PasswordForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let name: String = fields.user.chars().take(128).collect();
    let domain: String = fields.domain.chars().take(64).collect();
    let typed_name = TypedName { name: &name, domain: &domain };
    if name.trim().is_empty() || fields.password.expose_secret().is_empty() {
        return Ok(answer(&state, &visit, &goal, Some(StepProblem::Incomplete), typed_name, None).await);
    }
    let typed = Typed { password: fields.password, directory: fields.directory_password, domain: domain.clone() };
    Ok(match state.sign_in.password(&visit.visitor(), &goal, &name, typed).await {
        Ok(Ok(())) => next(&visit, &goal),
        Ok(Err(trouble)) => troubled(&state, &visit, &goal, &trouble, StepProblem::WrongCredentials, typed_name).await,
        Err(error) => visit.failed(&error),
    })
}

/// What the forms of a one-time password send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct CodeForm {
    #[serde(rename = "for")]
    goal: String,
    method: String,
    name: String,
    code: SecretString,
}

/// POST /sign-in/otp and POST /sign-in/browser
pub(in crate::portal) async fn code(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<CodeForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let (method, wrong) = match fields.method.as_str() {
        "recovery_code" => (Method::RecoveryCode, StepProblem::WrongRecoveryCode),
        _ => (Method::Totp, StepProblem::WrongCode),
    };
    let name: String = fields.name.chars().take(64).collect();
    if fields.code.expose_secret().trim().is_empty() {
        return Ok(answer(&state, &visit, &goal, Some(StepProblem::Incomplete), "", None).await);
    }
    let code = SecretString::from(narrow(fields.code.expose_secret()));
    Ok(match state.sign_in.code(&visit.visitor(), &goal, method, &code, Some(&name)).await {
        Ok(Ok(browser)) => {
            let mut response = next(&visit, &goal);
            if let Some(browser) = browser {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &browser, Some(lasts)));
            }
            response
        }
        Ok(Err(trouble)) => troubled(&state, &visit, &goal, &trouble, wrong, "").await,
        Err(error) => visit.failed(&error),
    })
}
