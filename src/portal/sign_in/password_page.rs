//! The step of the password.

use std::time::Duration;

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::Mark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, Page};
use crate::portal::sign_in::step::{Problem, Step, hostile_destination, sample_step};

/// User name and password.
#[derive(Debug, Template)]
#[template(path = "sign_in/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: Step,
    /// What was typed as the user name before, or whom a fresh sign-in is asked of.
    pub user: String,
    /// Whether it must be this user (a session is there, only older than asked).
    pub user_is_fixed: bool,
    /// Whether our own password and the directory's are asked for together.
    pub both: bool,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

impl Page for PasswordPage {
    const NAME: &'static str = "sign-in-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |step: Step, user: &str, user_is_fixed| Self {
            frame: frame.clone(),
            user: user.to_owned(),
            user_is_fixed,
            both: matches!(step.problem, Some(Problem::BothNeeded | Problem::DirectoryUnavailable)),
            push_at: user_is_fixed.then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            step,
        };
        let mut posting = sample_step(marks, Refusal::PrimaryFactorMissing, None);
        posting.destination.iter_mut().for_each(|destination| destination.holds_post = true);
        let mut hostile = sample_step(marks, Refusal::PrimaryFactorMethod, Some(Problem::SlowDown(Duration::from_secs(40))));
        hostile.destination = Some(hostile_destination());
        let mut portal =
            sample_step([NotNeeded, NotNeeded, NotNeeded, Now, NotNeeded, NotNeeded], Refusal::PrimaryFactorMissing, None);
        portal.destination = None;
        portal.departure = None;
        vec![
            page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::WrongCredentials)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::CertificateOf("alice".into()))), "alice", false),
            page(posting, "", false),
            page(portal, "", false),
            page(sample_step(marks, Refusal::PrimaryFactorTooOld, Some(Problem::Busy)), "alice", true),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::CookiesBlocked)), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::BothNeeded)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(Problem::DirectoryUnavailable)), "alice", false),
            page(hostile, &hostile(), false),
        ]
    }
}
