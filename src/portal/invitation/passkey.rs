//! `/invitation/{token}/passkey`: a link that makes a passkey.

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;

use super::{answered, course, done_path};
use crate::portal::enrol::passkey::{EnrolPasskeyPage, PasskeyFields, passkey_problem};
use crate::portal::kit::admission::circumstances;
use crate::portal::kit::form::{Form, NoFields};
use crate::portal::kit::visit::Visit;
use crate::portal::passkey::{given, not_given};
use crate::self_service::ActError;
use crate::self_service::invitation::{self, Invited};
use crate::self_service::passkeys::MadePasskey;

/// GET /invitation/{token}/passkey
pub(super) async fn show(Path(token): Path<String>, visit: Visit) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        if !invitation::makes_passkey(&invited) {
            return Err(ActError::DeadLink);
        }
        Ok(page(&visit, &invited, &token, "", None))
    })
    .await
}

fn page(visit: &Visit, invited: &Invited, token: &str, name: &str, problem: Option<&'static str>) -> Response {
    let page = EnrolPasskeyPage {
        frame: visit.frame(),
        course: course(invited.link.purpose),
        options: format!("/invitation/{token}/passkey/options"),
        action: format!("/invitation/{token}/passkey"),
        user: invited.user.id().to_string(),
        name: if name.is_empty() { visit.visitor().agent } else { name }.to_owned(),
        problem,
    };
    page.answer(visit)
}

/// POST /invitation/{token}/passkey/options
pub(super) async fn options(Path(token): Path<String>, Form { visit, .. }: Form<NoFields>) -> Response {
    match invitation::begin_passkey(&visit.core, &token).await {
        Ok(ceremony) => given(&ceremony),
        Err(ActError::DeadLink) => not_given(StatusCode::GONE),
        Err(ActError::Passkey(_)) => not_given(StatusCode::CONFLICT),
        Err(error) => {
            drop(visit.failed(&error));
            not_given(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// POST /invitation/{token}/passkey: the only step.
pub(super) async fn made(Path(token): Path<String>, Form { visit, fields }: Form<PasskeyFields>) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        let made = MadePasskey { ceremony: &fields.ceremony, credential: &fields.credential, name: &fields.name };
        match invitation::make_passkey(&visit.core, &circumstances(&visit), &token, made).await {
            Ok(user) => Ok(visit.see_other(&done_path(user.id()))),
            Err(error) => match passkey_problem(&error) {
                Some(problem) => Ok(page(&visit, &invited, &token, &fields.name, Some(problem))),
                None => Err(error),
            },
        }
    })
    .await
}
