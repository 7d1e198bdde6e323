//! A new authenticator: the page with its key, and the code that confirms it.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::factor::totp::Enrolment;
use crate::portal::enrol::Course;
use crate::portal::enrol::steps::InvitationStep;
use crate::portal::kit::form::narrow;
use crate::portal::kit::page::{Frame, Person, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::{paths, qr};

/// A new authenticator: key and QR code, confirmed by a code.
#[derive(Template)]
#[template(path = "enrol/authenticator.html")]
pub struct EnrolPage {
    /// The frame.
    pub frame: Frame,
    /// What it is part of.
    pub course: Course,
    /// Where the form goes: POST `code`, `enrolment`.
    pub action: String,
    /// Names the key that is being set up.
    pub enrolment: String,
    /// For whom.
    pub user: String,
    /// The name shown in the authenticator app.
    pub issuer: String,
    /// The key in base32.
    pub key: String,
    /// `otpauth://totp/…`, what the QR code says.
    pub uri: String,
    /// Whether it takes the place of another.
    pub replaces: bool,
    /// What was wrong.
    pub problem: Option<EnrolProblem>,
}

debug_by_name!(EnrolPage);

impl EnrolPage {
    /// The key in groups of four, as people copy it.
    fn grouped(&self) -> String {
        let characters: Vec<char> = self.key.chars().collect();
        characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    /// The key for an app on this device itself, which no camera reaches.
    fn link(&self) -> Option<&str> {
        Some(self.uri.as_str()).filter(|uri| uri.starts_with("otpauth://"))
    }

    fn picture(&self) -> Option<String> {
        qr::svg(&self.uri, &self.frame.say("enrol-qr-label"))
    }

    fn trouble(&self) -> Option<String> {
        self.problem.map(|problem| {
            self.frame.say(match problem {
                EnrolProblem::WrongCode => "enrol-problem-wrong-code",
                EnrolProblem::Incomplete => "problem-incomplete",
            })
        })
    }
}

/// What can be wrong with a confirming code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolProblem {
    /// Not the code that this key gives now.
    WrongCode,
    /// Not six digits.
    Incomplete,
}

const SAMPLE_URI: &str = "otpauth://totp/Sekisho:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sekisho";

impl PortalPage for EnrolPage {
    const NAME: &'static str = "enrol-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |course, replaces, problem| Self {
            frame: if course == Course::Account {
                Frame { person: Some(Person::sample(false)), ..frame.clone() }
            } else {
                frame.clone()
            },
            course,
            action: paths::AUTHENTICATOR_ENROL.to_owned(),
            enrolment: "4TnK".to_owned(),
            user: "alice".to_owned(),
            issuer: "Sekisho".to_owned(),
            key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
            uri: SAMPLE_URI.to_owned(),
            replaces,
            problem,
        };
        let mut worst = page(Course::Invitation, false, Some(EnrolProblem::Incomplete));
        (worst.user, worst.issuer, worst.uri) = (hostile(), hostile(), hostile());
        vec![
            page(Course::Invitation, false, None),
            page(Course::Account, true, Some(EnrolProblem::WrongCode)),
            page(Course::Account, false, None),
            worst,
        ]
    }
}

/// What differs between the forms of an enrolment.
pub(in crate::portal) struct EnrolForm {
    pub(in crate::portal) course: Course,
    pub(in crate::portal) action: String,
    pub(in crate::portal) user: String,
    pub(in crate::portal) replaces: bool,
}

/// The page of a new key, with the problem of the last attempt.
pub(in crate::portal) fn enrol_page(
    visit: &Visit,
    form: EnrolForm,
    shown: &Enrolment,
    drawn: &[u8],
    problem: Option<EnrolProblem>,
) -> Response {
    let page = EnrolPage {
        frame: visit.frame(),
        course: form.course,
        action: form.action,
        enrolment: crate::random::base64url(drawn),
        user: form.user,
        issuer: visit.core.config().file.totp.issuer.clone(),
        key: shown.key.chars().filter(|c| !c.is_whitespace()).collect(),
        uri: shown.uri.to_string(),
        replaces: form.replaces,
        problem,
    };
    visit.scripted_page(if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// What the form that confirms a new authenticator sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct ConfirmingCode {
    enrolment: String,
    code: SecretString,
}

impl ConfirmingCode {
    /// The sealed key (52 bytes) and the code in narrow digits; `None` if the key cannot be read.
    pub(in crate::portal) fn read(&self) -> Option<([u8; 52], SecretString)> {
        let drawn = crate::random::from_base64url::<52>(&self.enrolment)?;
        let code = narrow(self.code.expose_secret()).chars().filter(|c| !c.is_whitespace()).collect::<String>();
        Some((drawn, SecretString::from(code)))
    }
}

/// What was wrong with a confirming code.
pub(in crate::portal) fn code_problem(code: &SecretString) -> EnrolProblem {
    let code = code.expose_secret();
    let is_whole = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole { EnrolProblem::WrongCode } else { EnrolProblem::Incomplete }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::kit::language::Language;

    #[test]
    fn an_app_on_this_device_opens_the_key_and_nothing_else_is_a_link() {
        let pages = EnrolPage::samples(&Frame::bare(Language::English));
        let html = pages[0].html();
        let link = "href=\"otpauth://totp/Sekisho:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&#38;issuer=Sekisho\"";
        assert!(html.contains(link), "{html}");
        assert!(html.contains("data-copy=\"key\" hidden"), "without script no button that does nothing: {html}");
        assert_eq!(pages.last().and_then(EnrolPage::link), None, "what is no otpauth address is no link");
    }
}
