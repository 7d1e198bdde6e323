//! The step of the password.

use std::time::Duration;

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::sign_in::step::{SignInStep, StepProblem, hostile_destination, sample_step};

/// User name and password.
#[derive(Debug, Template)]
#[template(path = "sign_in/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// What was typed as the user name before, or the user whose fresh sign-in is asked for.
    pub user: String,
    /// Whether it must be this user: there is a session, and it is too old.
    pub user_is_fixed: bool,
    /// Whether our own password and the directory's are asked for together.
    pub both: bool,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

impl PortalPage for PasswordPage {
    const NAME: &'static str = "sign-in-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |step: SignInStep, user: &str, user_is_fixed| Self {
            frame: frame.clone(),
            user: user.to_owned(),
            user_is_fixed,
            both: matches!(step.problem, Some(StepProblem::BothNeeded | StepProblem::DirectoryUnavailable)),
            push_at: user_is_fixed.then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            step,
        };
        let mut posting = sample_step(marks, Refusal::PrimaryFactorMissing, None);
        posting.destination.iter_mut().for_each(|destination| destination.holds_post = true);
        let mut worst = sample_step(marks, Refusal::PrimaryFactorMethod, Some(StepProblem::SlowDown(Duration::from_secs(40))));
        worst.destination = Some(hostile_destination());
        let mut portal =
            sample_step([NotNeeded, NotNeeded, NotNeeded, Now, NotNeeded, NotNeeded], Refusal::PrimaryFactorMissing, None);
        portal.destination = None;
        portal.departure = None;
        vec![
            page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::WrongCredentials)), "alice", false),
            page(
                sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::CertificateOf("alice".into()))),
                "alice",
                false,
            ),
            page(posting, "", false),
            page(portal, "", false),
            page(sample_step(marks, Refusal::PrimaryFactorTooOld, Some(StepProblem::Busy)), "alice", true),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::CookiesBlocked)), "", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::BothNeeded)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::DirectoryUnavailable)), "alice", false),
            page(worst, &hostile(), false),
        ]
    }
}
