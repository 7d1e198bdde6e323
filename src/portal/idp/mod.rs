//! The way to an identity provider and back, and the addresses that providers themselves call.

mod kept;
mod link;
pub mod page;
mod posted;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use serde::Deserialize;
use url::Url;

use crate::idp::{CallbackQuery, FlowFault, IdentityProvider, LogoutFault, LogoutNotice};
use crate::portal::idp::page::{IdpProblemPage, IdpWhat, RETURNS_REST, begins_at};
use crate::portal::kit::continue_page::ContinuePage;
use crate::portal::kit::form::Form;
use crate::portal::kit::paths;
use crate::portal::kit::slow_down::SlowDownReason;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::{answer, slow_down};
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::towards::{address, goal, next};
use crate::sign_in::goal::Goal;
use crate::sign_in::idp::{IdpReturn, IdpTrouble};
use crate::telemetry::strangers::{self, Kind};

/// Adds the routes.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route(paths::IDP, get(begin))
        .route(paths::IDP_FIND, post(by_mail))
        .route(paths::IDP_LINK, post(link::begin))
        .route("/sign-in/idp/{provider}/callback", get(callback))
        .route("/sign-in/idp/{provider}/assertion", post(posted::assertion))
        .route("/sign-in/idp/{provider}/metadata", get(posted::metadata))
        .route("/sign-in/idp/{provider}/backchannel-logout", post(backchannel_logout))
        .route("/sign-in/idp/{provider}/frontchannel-logout", get(frontchannel_logout))
}

/// GET /sign-in/idp: to the provider.
async fn begin(State(state): State<PortalState>, visit: Visit) -> Result<Response, Response> {
    let goal = goal(&visit, &visit.query("for").unwrap_or_default()).await?;
    // A page of another site begins no sign-in by itself: its visitor comes to the page with the button.
    if visit.parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Ok(next(&visit, &goal));
    }
    let Some(provider) = visit.query("provider").and_then(|name| state.core.idp().find(&name)) else {
        return Ok(next(&visit, &goal));
    };
    let mail = visit.query("mail").filter(|mail| provider.settings().has_mail_of(mail));
    Ok(match state.sign_in.begin_idp(&visit.visitor(), &goal, &provider, mail.as_deref()).await {
        Ok(Ok(way)) => kept::keeping(&visit, visit.see_other(way.url.as_str()), way.keeps),
        Ok(Err(IdpTrouble::NotNow)) => next(&visit, &goal),
        Ok(Err(trouble)) => troubled(&visit, &goal, &provider, trouble),
        Err(error) => visit.failed(&error),
    })
}

/// What the form of a mail address sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct MailForm {
    #[serde(rename = "for")]
    goal: String,
    mail: String,
}

/// POST /sign-in/idp/find: to the provider whose people have such an address.
async fn by_mail(State(state): State<PortalState>, Form { visit, fields }: Form<MailForm>) -> Result<Response, Response> {
    let goal = goal(&visit, &fields.goal).await?;
    let mail: String = fields.mail.trim().chars().take(254).collect();
    let Some(provider) = state.core.idp().of_mail(&mail) else {
        return Ok(answer(&state, &visit, &goal, Some(StepProblem::UnknownMail), "", None).await);
    };
    // A browser holds the `form-action` of a page against every redirect after its form, and where a provider leads is not
    // ours to know: the form ends at a page, and the browser goes on from there.
    let next = begins_at(provider.settings().name(), goal.id(), Some(&mail));
    let page = ContinuePage { frame: visit.frame(), app: provider.settings().title().to_owned(), next };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET …/callback: what a browser brings back.
async fn callback(State(state): State<PortalState>, Path(name): Path<String>, visit: Visit) -> Result<Response, Response> {
    let Some(provider) = state.core.idp().find(&name) else {
        return Err(visit.error(StatusCode::NOT_FOUND, "no_such_page"));
    };
    let brought = visit.query("state");
    let is_saml = provider.settings().is_saml();
    let query = CallbackQuery {
        state: if is_saml { brought.as_deref().and_then(|brought| kept::found(&visit, brought)) } else { brought },
        code: visit.query("code"),
        error: visit.query("error"),
        error_description: visit.query("error_description"),
        issuer: visit.query("iss"),
    };
    if is_saml && query.state.is_none() {
        return Err(not_back(&state, &visit, &provider, &query, &FlowFault::AnotherBrowser).await);
    }
    let flow = match state.core.idp().back(&name, &visit.sign_in_cookie, &query).await {
        Ok(flow) => flow,
        Err(fault) => return Err(not_back(&state, &visit, &provider, &query, &fault).await),
    };
    if flow.links().is_some() {
        return link::finish(&visit, &provider, &flow, &query).await;
    }
    let goal = goal(&visit, flow.goal()).await?;
    Ok(match state.sign_in.return_by_idp(&visit.visitor(), &goal, &flow, &query).await {
        Ok(IdpReturn::Passed | IdpReturn::Trouble(IdpTrouble::NotNow)) => next(&visit, &goal),
        Ok(IdpReturn::Again(url, after)) => {
            // Waited for here: a page that goes on by itself after some seconds takes the time from people who need it
            // (WCAG 2.2.1). Only the browser of a sign-in that this gateway sent out comes this far, and only once.
            tokio::time::sleep(after).await;
            visit.see_other(url.as_str())
        }
        Ok(IdpReturn::Trouble(IdpTrouble::TooMany)) => slow_down(&visit, &goal, SlowDownReason::Returns, RETURNS_REST),
        Ok(IdpReturn::Trouble(trouble)) => troubled(&visit, &goal, &provider, trouble),
        Err(error) => visit.failed(&error),
    })
}

/// The answer to a way back that belongs to no flow.
async fn not_back(
    state: &PortalState,
    visit: &Visit,
    provider: &IdentityProvider,
    query: &CallbackQuery,
    fault: &FlowFault,
) -> Response {
    let what = match fault {
        // A reload, or the back button: the sign-in is shown where it stands.
        FlowFault::Used => {
            let goal = state.core.idp().goal_of_used(provider.settings().name(), &visit.sign_in_cookie, query).await;
            return visit.see_other(&begin_again(goal.as_deref().unwrap_or_default()));
        }
        FlowFault::Unavailable(error) => return visit.failed(error),
        FlowFault::AnotherBrowser => IdpWhat::AnotherBrowser,
        FlowFault::Expired => IdpWhat::Over,
        FlowFault::Unknown if query.error.is_some() => IdpWhat::Denied,
        FlowFault::Unknown => IdpWhat::Over,
    };
    if strangers::may_write(Kind::SignInFailed, visit.arrival.address.ip()) {
        let name = provider.settings().name();
        tracing::info!(remote_ip = %visit.arrival.address, provider = name, reason = %fault, "idp_no_flow");
    }
    let code = what.code();
    visit.page(StatusCode::BAD_REQUEST, &nowhere(visit, provider, what, code), &[])
}

/// The page of what belongs to no sign-in that is known.
fn nowhere(visit: &Visit, provider: &IdentityProvider, what: IdpWhat, code: &'static str) -> IdpProblemPage {
    IdpProblemPage {
        frame: visit.frame(),
        provider: provider.settings().title().to_owned(),
        code,
        what,
        word: None,
        again: begin_again(""),
        other: None,
    }
}

fn begin_again(goal: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", goal).finish();
    if goal.is_empty() { paths::SIGN_IN.to_owned() } else { format!("{}?{query}", paths::SIGN_IN) }
}

/// The page of what went wrong, with the way to try again and the way to sign in otherwise.
fn troubled(visit: &Visit, goal: &Goal, provider: &IdentityProvider, trouble: IdpTrouble) -> Response {
    let code = trouble.code();
    let word = match &trouble {
        IdpTrouble::Provider(failure) => failure.word.clone(),
        _ => None,
    };
    let what = IdpWhat::of(trouble);
    let page = IdpProblemPage {
        frame: visit.frame(),
        provider: provider.settings().title().to_owned(),
        code,
        word,
        again: begins_at(provider.settings().name(), goal.id(), None),
        other: Some(address(goal)),
        what,
    };
    visit.page(page.what.status(), &page, &[])
}

/// POST …/backchannel-logout (OpenID Connect Back-Channel Logout 1.0 §2.5): called by the provider, not by a browser.
async fn backchannel_logout(State(state): State<PortalState>, Path(name): Path<String>, request: Request) -> Response {
    let limit = state.core.config().file.limits.portal_body.bytes();
    let Some(provider) = state.core.idp().find(&name).filter(|provider| !provider.settings().is_saml()) else {
        return plain(StatusCode::NOT_FOUND, "invalid_request", "there is no such provider");
    };
    let Ok(body) = axum::body::to_bytes(request.into_body(), limit).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "the body is too large");
    };
    let token = url::form_urlencoded::parse(&body).find(|(name, _)| name == "logout_token").map(|(_, value)| value);
    let Some(token) = token else {
        return plain(StatusCode::BAD_REQUEST, "invalid_request", "there is no logout_token");
    };
    let notice = match state.core.idp().logged_out(&provider, &token).await {
        Ok(notice) => notice,
        // What was done already is answered as done: a provider may send it twice.
        Err(LogoutFault::Replayed) => return fine(),
        Err(LogoutFault::Unavailable(error)) => {
            tracing::error!(%error, provider = name, "idp_logout_failed");
            return plain(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again later");
        }
        Err(fault @ LogoutFault::Refused(_)) => {
            tracing::warn!(error = %fault, provider = name, "idp_logout_refused");
            return plain(StatusCode::BAD_REQUEST, "invalid_request", &fault.to_string());
        }
    };
    match state.core.signed_out_there(&provider, &notice, "back").await {
        Ok(_ended) => fine(),
        Err(error) => {
            tracing::error!(%error, provider = name, "idp_logout_failed");
            plain(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again later")
        }
    }
}

fn fine() -> Response {
    (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response()
}

fn plain(status: StatusCode, error: &str, description: &str) -> Response {
    let body = serde_json::json!({ "error": error, "error_description": description }).to_string();
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], body).into_response()
}

/// GET …/frontchannel-logout (OpenID Connect Front-Channel Logout 1.0 §3): in a frame of the provider's page, where a browser
/// sends no cookie of ours. It ends the sessions of the session there that is named; a person's name alone ends nothing, since
/// anybody could write it.
async fn frontchannel_logout(State(state): State<PortalState>, Path(name): Path<String>, visit: Visit) -> Response {
    let Some(provider) = state.core.idp().find(&name).filter(|provider| !provider.settings().is_saml()) else {
        return visit.error(StatusCode::NOT_FOUND, "no_such_page");
    };
    let issuer = &provider.settings().section().issuer;
    let session = visit.query("sid").filter(|sid| !sid.is_empty() && sid.len() <= 512);
    if visit.query("iss").is_none_or(|said| said == *issuer) && session.is_some() {
        let notice = LogoutNotice { issuer: issuer.clone(), subject: None, session };
        if let Err(error) = state.core.signed_out_there(&provider, &notice, "front").await {
            tracing::error!(%error, provider = name, "idp_logout_failed");
        }
    }
    let origin = Url::parse(issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let mut response = Response::new(Body::empty());
    let policy = HeaderValue::try_from(format!("default-src 'none'; frame-ancestors {origin}"));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        policy.unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
