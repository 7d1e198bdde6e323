//! What the account pages post: each takes a form of ours and a fresh sign-in, calls one act, and goes back to a page that
//! tells of it, so that a reload does nothing twice.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use crate::portal::account::{EnrolForm, circumstances, enrol_page, fresh, password_page, transaction_password_page};
use crate::portal::account::pages::{NotLikeThis, NotLikeThisPage};
use crate::portal::enrol::{Course, DeadLink, DeadLinkPage, EnrolProblem, PasswordProblem, RecoveryCodesPage};
use crate::portal::kit::paths;
use crate::portal::sign_in::pages::SlowDownPage;
use crate::portal::sign_in::{Desk, narrow, retry_after};
use crate::portal::kit::visit::{Fields, Visit};
use crate::factor::password::{LONGEST, Unsuitable};
use crate::principal::method::CredentialId;
use crate::self_service::{self, ActError};
use crate::session::{Fresh, SessionId};

/// What an act that was not done answers.
pub(in crate::portal) fn refused(visit: &Visit, error: &ActError) -> Response {
    match error {
        ActError::NeedsAnotherFactor => not_like_this(visit, NotLikeThis::NeedsAnotherFactor),
        ActError::Excluded => not_like_this(visit, NotLikeThis::Excluded),
        ActError::Demanded => not_like_this(visit, NotLikeThis::AuthenticatorDemanded),
        ActError::NotAllowed => not_like_this(visit, NotLikeThis::AdministratorsOnly),
        ActError::TooMany(limit) => not_like_this(visit, NotLikeThis::TooManyApprovers(*limit)),
        ActError::NotFound => visit.error(StatusCode::NOT_FOUND, "not_found"),
        ActError::WrongCurrent | ActError::AsBefore | ActError::Unsuitable(_) | ActError::WrongCode => {
            visit.error(StatusCode::BAD_REQUEST, "not_taken")
        }
        ActError::DeadLink => {
            let page = DeadLinkPage { frame: visit.frame(), reason: DeadLink::Unknown };
            visit.page(StatusCode::GONE, &page, &[])
        }
        ActError::SlowDown(wait) => {
            let page = SlowDownPage { frame: visit.frame(), barrier: None, departure: None, retry_after: *wait };
            let mut response = visit.page(StatusCode::TOO_MANY_REQUESTS, &page, &[]);
            retry_after(&mut response, *wait);
            response
        }
        ActError::Busy(wait) => {
            let mut response = visit.error(StatusCode::SERVICE_UNAVAILABLE, "busy");
            retry_after(&mut response, *wait);
            response
        }
        ActError::Shared(_) | ActError::Database(_) | ActError::Factor(_) => visit.failed(error),
    }
}

fn not_like_this(visit: &Visit, reason: NotLikeThis) -> Response {
    visit.page(StatusCode::FORBIDDEN, &NotLikeThisPage { frame: visit.frame(), reason }, &[])
}

/// What the password forms say of an act that was not done; `None` where the form is not the place to say it.
pub(in crate::portal) const fn password_problem(error: &ActError) -> Option<PasswordProblem> {
    Some(match error {
        ActError::WrongCurrent => PasswordProblem::WrongCurrent,
        ActError::AsBefore => PasswordProblem::AsBefore,
        ActError::Busy(_) => PasswordProblem::Busy,
        ActError::Unsuitable(Unsuitable::TooShort(least)) => PasswordProblem::TooShort(*least),
        ActError::Unsuitable(Unsuitable::TooLong) => PasswordProblem::TooLong(LONGEST),
        ActError::Unsuitable(Unsuitable::Common | Unsuitable::LikeTheName) => PasswordProblem::TooCommon,
        _ => return None,
    })
}

/// A busy moment is told with its status and when to come again, whatever page tells it.
pub(in crate::portal) fn with_wait(mut response: Response, wait: Option<Duration>) -> Response {
    if let Some(wait) = wait {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        retry_after(&mut response, wait);
    }
    response
}

/// The wait of a busy moment.
pub(in crate::portal) const fn busy(error: &ActError) -> Option<Duration> {
    match error {
        ActError::Busy(wait) => Some(*wait),
        _ => None,
    }
}

/// What a confirming code and the key it is of look like once read: 52 sealed bytes and six digits.
pub(in crate::portal) fn enrolment(fields: &mut Fields) -> Option<([u8; 52], SecretString)> {
    let drawn = crate::random::from_base64url::<52>(fields.text("enrolment"))?;
    let code = narrow(fields.secret("code").expose_secret()).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    Some((drawn, SecretString::from(code)))
}

/// What was wrong with a confirming code.
pub(in crate::portal) fn code_problem(code: &SecretString) -> EnrolProblem {
    let code = code.expose_secret();
    let is_whole = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole { EnrolProblem::WrongCode } else { EnrolProblem::Incomplete }
}

/// Reads a form and a fresh sign-in, and acts; `path` is the page to come back to after a fresh sign-in.
async fn act(
    desk: Desk,
    request: Request,
    path: &str,
    act: impl AsyncFnOnce(&Visit, &Fresh, Fields) -> Result<Response, ActError>,
) -> Response {
    let (visit, body): (Visit, Body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let fields = match visit.form(body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let fresh = match fresh(&visit, path).await {
        Ok(fresh) => fresh,
        Err(response) => return response,
    };
    match act(&visit, &fresh, fields).await {
        Ok(response) => response,
        Err(error) => refused(&visit, &error),
    }
}

/// POST /account/sessions/revoke
pub(in crate::portal) async fn revoke_session(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::SESSIONS, async |visit, fresh, fields| {
        let id = SessionId::parse(fields.text("id")).ok_or(ActError::NotFound)?;
        self_service::sessions::revoke(&visit.core, &circumstances(visit), fresh, id).await?;
        Ok(visit.see_other(&format!("{}?done=session-ended", paths::SESSIONS)))
    })
    .await
}

/// POST /account/sessions/revoke-others
pub(in crate::portal) async fn revoke_other_sessions(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::SESSIONS, async |visit, fresh, _fields| {
        let ended = self_service::sessions::revoke_others(&visit.core, &circumstances(visit), fresh).await?;
        Ok(visit.see_other(&format!("{}?done=others-ended&count={ended}", paths::SESSIONS)))
    })
    .await
}

/// POST /account/browsers/forget
pub(in crate::portal) async fn forget_browser(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::BROWSERS, async |visit, fresh, fields| {
        let id = CredentialId::parse(fields.text("id")).ok_or(ActError::NotFound)?;
        self_service::browsers::forget(&visit.core, &circumstances(visit), fresh, id).await?;
        Ok(visit.see_other(&format!("{}?done=browser-forgotten", paths::BROWSERS)))
    })
    .await
}

/// POST /account/password
pub(in crate::portal) async fn change_password(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::PASSWORD_CHANGE, async |visit, fresh, mut fields| {
        if fields.text("new") != fields.text("again") {
            return Ok(password_page(visit, fresh, Some(PasswordProblem::NotTheSame)));
        }
        let (current, new) = (fields.secret("current"), fields.secret("new"));
        match self_service::password::change(&visit.core, &circumstances(visit), fresh, current, new).await {
            Ok(_ended) => Ok(visit.see_other(&format!("{}?done=password-changed", paths::ACCOUNT))),
            Err(error) => match password_problem(&error) {
                Some(problem) => Ok(with_wait(password_page(visit, fresh, Some(problem)), busy(&error))),
                None => Err(error),
            },
        }
    })
    .await
}

/// POST /account/transaction-password
pub(in crate::portal) async fn set_transaction_password(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::TRANSACTION_PASSWORD, async |visit, fresh, mut fields| {
        let again = |problem| async move {
            transaction_password_page(visit, fresh, Some(problem)).await.unwrap_or_else(|response| response)
        };
        if fields.text("new") != fields.text("again") {
            return Ok(again(PasswordProblem::NotTheSame).await);
        }
        let new = fields.secret("new");
        match self_service::transaction_password::set(&visit.core, &circumstances(visit), fresh, new).await {
            Ok(()) => Ok(visit.see_other(&format!("{}?done=transaction-password-set", paths::ACCOUNT))),
            Err(error) => match password_problem(&error) {
                Some(problem) => Ok(with_wait(again(problem).await, busy(&error))),
                None => Err(error),
            },
        }
    })
    .await
}

/// POST /account/authenticator/enrol
pub(in crate::portal) async fn confirm_authenticator(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::AUTHENTICATOR_ENROL, async |visit, fresh, mut fields| {
        let (drawn, code) = enrolment(&mut fields).ok_or(ActError::NotFound)?;
        let core = &visit.core;
        let user = fresh.user().id();
        match self_service::totp::confirm(core, &circumstances(visit), fresh, &drawn, &code).await {
            Ok(()) => Ok(visit.see_other(&format!("{}?done=authenticator-added", paths::AUTHENTICATOR))),
            Err(ActError::WrongCode) => {
                let shown = core.totps().show(user, &drawn).map_err(|error| ActError::Factor(error.to_string()))?;
                let form = EnrolForm {
                    course: Course::Account,
                    action: paths::AUTHENTICATOR_ENROL.to_owned(),
                    user: user.to_string(),
                    replaces: core.totps().has(user).await?,
                };
                Ok(enrol_page(visit, form, &shown, &drawn, Some(code_problem(&code))))
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// POST /account/authenticator/remove
pub(in crate::portal) async fn remove_authenticator(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::AUTHENTICATOR, async |visit, fresh, fields| {
        let id = CredentialId::parse(fields.text("id")).ok_or(ActError::NotFound)?;
        self_service::totp::remove(&visit.core, &circumstances(visit), fresh, id).await?;
        Ok(visit.see_other(&format!("{}?done=authenticator-removed", paths::AUTHENTICATOR)))
    })
    .await
}

/// POST /account/recovery-codes: the one answer that shows the codes.
pub(in crate::portal) async fn renew_recovery_codes(State(desk): State<Desk>, request: Request) -> Response {
    act(desk, request, paths::RECOVERY_CODES, async |visit, fresh, _fields| {
        let codes = self_service::recovery_codes::renew(&visit.core, &circumstances(visit), fresh).await?;
        let next = format!("{}?done=recovery-codes-made", paths::RECOVERY_CODES);
        Ok(codes_page(visit, Course::Account, next, fresh.user().id().to_string(), &codes))
    })
    .await
}

/// A new set, shown once.
pub(in crate::portal) fn codes_page(visit: &Visit, course: Course, next: String, user: String, codes: &[SecretString]) -> Response {
    let codes = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
    visit.page(StatusCode::OK, &RecoveryCodesPage { frame: visit.frame(), course, next, user, codes }, &[])
}
