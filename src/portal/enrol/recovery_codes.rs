//! A new set of recovery codes, shown once.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use crate::portal::enrol::Course;
use crate::portal::enrol::steps::InvitationStep;
use crate::portal::kit::page::{Frame, Person, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::visit::Visit;

/// A new set of recovery codes, shown once.
#[derive(Template)]
#[template(path = "enrol/recovery_codes.html")]
pub struct RecoveryCodesPage {
    /// The frame.
    pub frame: Frame,
    /// What it is part of.
    pub course: Course,
    /// Where "I have kept them" leads: a GET in the account, a POST while an invitation is being finished.
    pub next: String,
    /// For whom.
    pub user: String,
    /// The codes.
    pub codes: Vec<String>,
}

debug_by_name!(RecoveryCodesPage);

impl RecoveryCodesPage {
    /// The codes as a text file in a link: works without script, asks no server.
    fn file(&self) -> String {
        let mut text = format!(
            "{} ({})\r\n\r\n",
            self.frame.with("recovery-codes-file", "organisation", self.frame.organisation_name()),
            self.user
        );
        for code in &self.codes {
            text.push_str(code);
            text.push_str("\r\n");
        }
        // A mark of its encoding, for editors that guess.
        format!(
            "data:text/plain;charset=utf-8,%EF%BB%BF{}",
            percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC)
        )
    }

    fn is_invitation(&self) -> bool {
        self.course == Course::Invitation
    }
}

impl PortalPage for RecoveryCodesPage {
    const NAME: &'static str = "recovery-codes-shown";

    fn samples(frame: &Frame) -> Vec<Self> {
        let codes =
            ["MJQW-6Q5X-UP7W-NMBW", "UCPO-AU5G-UNHV-RJTH", "6HJW-LPKP-YK5P-NGS4", "6ULK-32WE-75PV-K2GP", "E3KL-25K3-A5QW-4HIA"];
        let page = |course, user: String| Self {
            frame: if course == Course::Account {
                Frame { person: Some(Person::sample(false)), ..frame.clone() }
            } else {
                frame.clone()
            },
            course,
            next: paths::ACCOUNT.to_owned(),
            user,
            codes: codes.iter().chain(&codes).map(|&code| code.to_owned()).collect(),
        };
        vec![
            page(Course::Invitation, "alice".to_owned()),
            page(Course::Account, "alice".to_owned()),
            page(Course::Account, "mallory".to_owned()),
        ]
    }
}

/// A new set, shown once.
pub(in crate::portal) fn codes_page(
    visit: &Visit,
    course: Course,
    next: String,
    user: String,
    codes: &[SecretString],
) -> Response {
    let codes = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
    visit.page(StatusCode::OK, &RecoveryCodesPage { frame: visit.frame(), course, next, user, codes }, &[])
}
