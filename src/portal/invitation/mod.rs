//! The pages behind a one-time link: an invitation's three steps, a new password, a new authenticator. Nobody is signed in
//! here; the link in the address is the right to be.

pub mod browser;
pub mod pages;
mod passkey;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use secrecy::SecretString;

use crate::account::links::LinkPurpose;
use crate::portal::enrol::Course;
use crate::portal::enrol::authenticator::{ConfirmingCode, EnrolForm, code_problem, enrol_page};
use crate::portal::enrol::password::{NewPassword, PasswordProblem, password_problem};
use crate::portal::enrol::recovery_codes::codes_page;
use crate::portal::invitation::pages::{DonePage, SetPasswordPage, WelcomePage};
use crate::portal::kit::admission::circumstances;
use crate::portal::kit::form::Form;
use crate::portal::kit::not_done::{busy, refused, with_wait};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::principal::user::UserId;
use crate::self_service::ActError;
use crate::self_service::invitation::{self, Invited, PasswordStep};

/// Adds the routes of links.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route("/invitation/{token}", get(welcome))
        .route("/invitation/{token}/password", get(password).post(set_password))
        .route("/invitation/{token}/authenticator", get(authenticator).post(confirm_authenticator))
        .route("/invitation/{token}/passkey", get(passkey::show).post(passkey::made))
        .route("/invitation/{token}/passkey/options", post(passkey::options))
        .route("/invitation/{token}/browser", get(browser::show).post(browser::register))
        .route("/invitation/done", get(done).post(done))
}

const fn course(purpose: LinkPurpose) -> Course {
    match purpose {
        LinkPurpose::Invitation => Course::Invitation,
        LinkPurpose::ResetPassword
        | LinkPurpose::ResetTotp
        | LinkPurpose::ResetPasskey
        | LinkPurpose::Browser
        | LinkPurpose::Approver => Course::Reset,
    }
}

/// GET /invitation/{token}
async fn welcome(Path(token): Path<String>, visit: Visit) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        if invitation::makes_passkey(&invited) {
            return Ok(visit.see_other(&format!("/invitation/{token}/passkey")));
        }
        let Invited { link, user } = invited;
        Ok(match link.purpose {
            LinkPurpose::Invitation => {
                let page = WelcomePage {
                    frame: visit.frame(),
                    next: format!("/invitation/{token}/password"),
                    user: user.id().to_string(),
                    display_name: user.profile().display_name.clone(),
                    expires_at: link.expires_at,
                };
                visit.page(StatusCode::OK, &page, &[])
            }
            LinkPurpose::ResetPassword => visit.see_other(&format!("/invitation/{token}/password")),
            LinkPurpose::ResetTotp => visit.see_other(&format!("/invitation/{token}/authenticator")),
            LinkPurpose::Browser => visit.see_other(&format!("/invitation/{token}/browser")),
            LinkPurpose::ResetPasskey | LinkPurpose::Approver => return Err(ActError::DeadLink),
        })
    })
    .await
}

/// GET /invitation/{token}/password
async fn password(Path(token): Path<String>, visit: Visit) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        if matches!(invited.link.purpose, LinkPurpose::ResetTotp | LinkPurpose::ResetPasskey | LinkPurpose::Browser) {
            return Err(ActError::DeadLink);
        }
        Ok(password_page(&visit, &invited, &token, None))
    })
    .await
}

fn password_page(visit: &Visit, invited: &Invited, token: &str, problem: Option<PasswordProblem>) -> Response {
    let page = SetPasswordPage {
        frame: visit.frame(),
        course: course(invited.link.purpose),
        action: format!("/invitation/{token}/password"),
        user: invited.user.id().to_string(),
        minimum_length: visit.core.passwords().minimum(),
        problem,
    };
    visit.page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page, &[])
}

/// POST /invitation/{token}/password
async fn set_password(Path(token): Path<String>, Form { visit, fields }: Form<NewPassword>) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        if fields.new != fields.again {
            return Ok(password_page(&visit, &invited, &token, Some(PasswordProblem::NotTheSame)));
        }
        match invitation::set_password(&visit.core, &circumstances(&visit), &token, SecretString::from(fields.new)).await {
            Ok(PasswordStep::Next(sealed)) => Ok(visit.see_other(&authenticator_path(&token, Some(&sealed)))),
            Ok(PasswordStep::Done(user)) => Ok(visit.see_other(&done_path(user.id()))),
            Err(error) => match password_problem(&error) {
                Some(problem) => Ok(with_wait(password_page(&visit, &invited, &token, Some(problem)), busy(&error))),
                None => Err(error),
            },
        }
    })
    .await
}

/// GET /invitation/{token}/authenticator
async fn authenticator(Path(token): Path<String>, visit: Visit) -> Response {
    answered(&visit, async {
        let password = password_brought(&visit);
        match invitation::show_authenticator(&visit.core, &token, password.as_deref(), None).await {
            Ok((invited, shown, drawn)) => {
                let form = form(&visit, &invited, &token).await?;
                Ok(enrol_page(&visit, form, &shown, &drawn, None))
            }
            // The step before comes first.
            Err(ActError::NotFound) => Ok(visit.see_other(&format!("/invitation/{token}/password"))),
            Err(error) => Err(error),
        }
    })
    .await
}

async fn form(visit: &Visit, invited: &Invited, token: &str) -> Result<EnrolForm, ActError> {
    Ok(EnrolForm {
        course: course(invited.link.purpose),
        action: authenticator_path(token, password_brought(visit).as_deref()),
        user: invited.user.id().to_string(),
        replaces: visit.core.totps().has(invited.user.id()).await?,
    })
}

/// POST /invitation/{token}/authenticator: the last step; its answer shows the recovery codes.
async fn confirm_authenticator(Path(token): Path<String>, Form { visit, fields }: Form<ConfirmingCode>) -> Response {
    answered(&visit, async {
        let Some((drawn, code)) = fields.read() else {
            return Ok(visit.see_other(&authenticator_path(&token, password_brought(&visit).as_deref())));
        };
        let password = password_brought(&visit);
        let password = password.as_deref();
        let purpose = invitation::open(&visit.core, &token).await?.link.purpose;
        match invitation::confirm_authenticator(&visit.core, &circumstances(&visit), &token, password, &drawn, &code).await {
            Ok(accepted) => {
                let next = done_path(accepted.user.id());
                Ok(codes_page(&visit, course(purpose), next, accepted.user.id().to_string(), &accepted.codes))
            }
            Err(ActError::WrongCode) => {
                let (invited, shown, drawn) = invitation::show_authenticator(&visit.core, &token, password, Some(&drawn)).await?;
                let form = form(&visit, &invited, &token).await?;
                Ok(enrol_page(&visit, form, &shown, &drawn, Some(code_problem(&code))))
            }
            Err(ActError::NotFound) => Ok(visit.see_other(&format!("/invitation/{token}/password"))),
            Err(error) => Err(error),
        }
    })
    .await
}

/// The step of the authenticator, with the sealed password of the step before.
fn authenticator_path(token: &str, password: Option<&[u8]>) -> String {
    let query = password.map(|sealed| format!("?password={}", URL_SAFE_NO_PAD.encode(sealed))).unwrap_or_default();
    format!("/invitation/{token}/authenticator{query}")
}

fn password_brought(visit: &Visit) -> Option<Vec<u8>> {
    visit.query("password").and_then(|sealed| URL_SAFE_NO_PAD.decode(sealed).ok())
}

fn done_path(user: &UserId) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("user", user.as_str()).finish();
    format!("/invitation/done?{query}")
}

/// GET and POST /invitation/done: says that all is set up; changes nothing.
async fn done(visit: Visit) -> Response {
    answered(&visit, async {
        let user = visit.query("user").and_then(|user| UserId::parse(&user).ok()).ok_or(ActError::NotFound)?;
        Ok(visit.page(StatusCode::OK, &DonePage { frame: visit.frame(), user: user.to_string() }, &[]))
    })
    .await
}

async fn answered(visit: &Visit, answer: impl Future<Output = Result<Response, ActError>>) -> Response {
    answer.await.unwrap_or_else(|error| refused(visit, &error))
}
