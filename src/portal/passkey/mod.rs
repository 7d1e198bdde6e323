//! Passkeys at a sign-in: a challenge for the page's script, and the answer that its form posts.

pub mod page;
pub mod part;
#[cfg(test)]
mod tests;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::factor::passkey::Ceremony;
use crate::facts::cookies;
use crate::portal::kit::form::Form;
use crate::portal::kit::state::PortalState;
use crate::portal::sign_in::flow::troubled;
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::towards::{goal, next};
use crate::sign_in::engine::Rejection;
use crate::sign_in::passkey::BroughtPasskey;

/// What the script sends for a challenge.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct OptionsForm {
    #[serde(rename = "for")]
    goal: String,
}

/// POST /sign-in/passkey/options
pub(in crate::portal) async fn options(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<OptionsForm>,
) -> Result<Response, Response> {
    // The page set the cookie; a browser that did not keep it would bring an answer that is bound to another one.
    if visit.is_new {
        return Ok(not_given(StatusCode::CONFLICT));
    }
    let goal = goal(&visit, &fields.goal).await?;
    Ok(match state.sign_in.passkey_challenge(&visit.visitor(), &goal).await {
        Ok(Ok(ceremony)) => given(&ceremony),
        Ok(Err(Rejection::SlowDown(_))) => not_given(StatusCode::TOO_MANY_REQUESTS),
        Ok(Err(_)) => not_given(StatusCode::CONFLICT),
        Err(error) => {
            drop(visit.failed(&error));
            not_given(StatusCode::SERVICE_UNAVAILABLE)
        }
    })
}

/// What the form of a box sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct PasskeyForm {
    #[serde(rename = "for")]
    goal: String,
    ceremony: String,
    credential: String,
    name: String,
}

/// POST /sign-in/passkey
pub(in crate::portal) async fn take(
    State(state): State<PortalState>,
    Form { visit, fields }: Form<PasskeyForm>,
) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let name: String = fields.name.chars().take(64).collect();
    let brought = BroughtPasskey { ceremony: &fields.ceremony, credential: &fields.credential, browser_name: Some(&name) };
    Ok(match state.sign_in.passkey(&visit.visitor(), &goal, brought).await {
        Ok(Ok(browser)) => {
            let mut response = next(&visit, &goal);
            if let Some(browser) = browser {
                let lasts = visit.core.config().file.session.browser.0.as_secs();
                response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &browser, Some(lasts)));
            }
            response
        }
        Ok(Err(trouble)) => troubled(&state, &visit, &goal, &trouble, StepProblem::PasskeyRefused, "").await,
        Err(error) => visit.failed(&error),
    })
}

/// A challenge, for the script.
pub(in crate::portal) fn given(ceremony: &Ceremony) -> Response {
    json_answer(StatusCode::OK, json!(ceremony).to_string())
}

/// No challenge: the script says why by the status.
pub(in crate::portal) fn not_given(status: StatusCode) -> Response {
    json_answer(status, "{}".to_owned())
}

fn json_answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().extend(HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]));
    response
}
