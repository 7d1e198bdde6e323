//! The sign-in pages: each GET shows the step that the chain asks for, each POST submits one and leads back to the GET, so
//! that reload and back button never send anything twice.

pub(super) mod flow;
mod ask;
pub mod code_page;
pub mod over_page;
pub mod password_page;
pub mod step;
pub(super) mod towards;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::header;

use crate::facts::cookies;
use crate::portal::kit::form::narrow;
use crate::portal::kit::paths;
use crate::portal::kit::state::Desk;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::{answer, found, troubled};
use crate::portal::sign_in::step::Problem;
use crate::portal::sign_in::towards::{COOKIE_SET, goal, next};
use crate::principal::method::Method;
use crate::sign_in::password::Typed;

/// GET /sign-in
pub(in crate::portal) async fn show(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, _body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let goal = match goal(&visit, &visit.query("for").unwrap_or_default()).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    if let Some(response) = found(&desk, &visit, &goal).await {
        return response;
    }
    // A step was sent, its answer set the cookie, and the browser still brings none.
    let is_blocked = visit.is_new && visit.query(COOKIE_SET).is_some();
    // What was waited for is not known any more: over long since, or lost with a restart.
    let is_over = visit.query(paths::ASKED).is_some();
    let problem = is_blocked.then_some(Problem::CookiesBlocked).or(is_over.then_some(Problem::QuestionOver));
    answer(&desk, &visit, &goal, problem, "", None).await
}

/// POST /sign-in/password
pub(in crate::portal) async fn password(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let mut fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    let name: String = fields.text("user").chars().take(128).collect();
    let candidate = fields.secret("password");
    if name.trim().is_empty() || secrecy::ExposeSecret::expose_secret(&candidate).is_empty() {
        return answer(&desk, &visit, &goal, Some(Problem::Incomplete), &name, None).await;
    }
    let typed = Typed { password: candidate, directory: fields.secret("directory_password") };
    match desk.sign_in.password(&visit.visitor(), &goal, &name, typed).await {
        Ok(Ok(())) => next(&visit, &goal),
        Ok(Err(trouble)) => troubled(&desk, &visit, &goal, &trouble, Problem::WrongCredentials, &name).await,
        Err(error) => visit.failed(&error),
    }
}

/// POST /sign-in/otp and POST /sign-in/browser
pub(in crate::portal) async fn code(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let mut fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let goal = match goal(&visit, fields.text("for")).await {
        Ok(goal) => goal,
        Err(response) => return response,
    };
    let (method, wrong) = match fields.text("method") {
        "recovery_code" => (Method::RecoveryCode, Problem::WrongRecoveryCode),
        _ => (Method::Totp, Problem::WrongCode),
    };
    let name: String = fields.text("name").chars().take(64).collect();
    let code = fields.secret("code");
    if secrecy::ExposeSecret::expose_secret(&code).trim().is_empty() {
        return answer(&desk, &visit, &goal, Some(Problem::Incomplete), "", None).await;
    }
    // Full-width digits are what a Japanese keyboard types.
    let code = secrecy::SecretString::from(narrow(secrecy::ExposeSecret::expose_secret(&code)));
    match desk.sign_in.code(&visit.visitor(), &goal, method, &code, Some(&name)).await {
        Ok(Ok(browser)) => {
            let mut response = next(&visit, &goal);
            if let Some(browser) = browser {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &browser, Some(lasts)));
            }
            response
        }
        Ok(Err(trouble)) => troubled(&desk, &visit, &goal, &trouble, wrong, "").await,
        Err(error) => visit.failed(&error),
    }
}
