//! The page that makes a passkey.

use askama::Template;
use askama::filters::Safe;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::factor::passkey::refusal::{PasskeyError, PasskeyRefusal};
use crate::portal::enrol::Course;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::parts::written;
use crate::portal::kit::paths;
use crate::portal::kit::sample::{hostile, signed_in_sample};
use crate::portal::kit::visit::Visit;
use crate::portal::passkey::part::{BoxKind, PasskeyBox};
use crate::self_service::ActError;

/// What the box of a page that makes a passkey sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct PasskeyFields {
    pub(in crate::portal) ceremony: String,
    pub(in crate::portal) credential: String,
    pub(in crate::portal) name: String,
}

/// A passkey is made here.
#[derive(Debug, Template)]
#[template(path = "enrol/passkey.html")]
pub struct EnrolPasskeyPage {
    /// The frame.
    pub frame: Frame,
    /// On which way one came here.
    pub course: Course,
    /// Where the script draws a challenge.
    pub options: String,
    /// Where the form is posted.
    pub action: String,
    /// For whom.
    pub user: String,
    /// What to call it, proposed.
    pub name: String,
    /// What was wrong with the last try: the key of a text.
    pub problem: Option<&'static str>,
}

impl EnrolPasskeyPage {
    fn make(&self) -> Safe<String> {
        written(&PasskeyBox {
            frame: &self.frame,
            kind: BoxKind::Create,
            options: &self.options,
            action: &self.action,
            fields: self.frame.token(),
            name: Some(&self.name),
            conditional: false,
            primary: true,
        })
    }

    /// The page, or the page with what was wrong.
    pub(in crate::portal) fn answer(&self, visit: &Visit) -> Response {
        visit.scripted_page(if self.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, self)
    }
}

/// What to say of a passkey that was not made; `None`: not a matter of the passkey.
pub(in crate::portal) const fn passkey_problem(error: &ActError) -> Option<&'static str> {
    let ActError::Passkey(error) = error else { return None };
    Some(match error {
        PasskeyError::Over => "problem-passkey-over",
        PasskeyError::Registered => "passkey-registered-already",
        PasskeyError::TooMany(_) => "passkey-too-many",
        PasskeyError::Unavailable => "passkey-unavailable",
        PasskeyError::Refused(PasskeyRefusal::NotVerified) => "problem-passkey-not-verified",
        PasskeyError::Refused(PasskeyRefusal::Attestation) => "passkey-model-refused",
        PasskeyError::Refused(PasskeyRefusal::Synced) => "passkey-synced-refused",
        _ => "passkey-failed",
    })
}

impl PortalPage for EnrolPasskeyPage {
    const NAME: &'static str = "enrol-passkey";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |course, frame: Frame, name: &str, problem| Self {
            frame,
            course,
            options: paths::PASSKEY_ADD_OPTIONS.to_owned(),
            action: paths::PASSKEY_ADD.to_owned(),
            user: "alice".to_owned(),
            name: name.to_owned(),
            problem,
        };
        vec![
            page(Course::Account, signed_in_sample(frame), "Firefox, Windows", None),
            page(Course::Reset, frame.clone(), "Safari, iPhone", Some("problem-passkey-not-verified")),
            page(Course::Account, signed_in_sample(frame), &hostile(), Some("passkey-model-refused")),
            page(Course::Account, signed_in_sample(frame), "Firefox", Some("passkey-too-many")),
            page(Course::Account, signed_in_sample(frame), "Firefox", Some("passkey-unavailable")),
            page(Course::Account, signed_in_sample(frame), "Firefox", Some("passkey-synced-refused")),
        ]
    }
}
