//! The step of the password.

use std::time::Duration;

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::directory::Domain;
use crate::portal::idp::page::ProviderChoice;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::destination::hostile_destination;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::passkey::part::PasskeyOffer;
use crate::portal::sign_in::step::{OpenedBy, SignInStep, StepProblem, sample_step};

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
    /// The directories to choose from, where the name alone does not say whose password it is.
    pub domains: Vec<DomainChoice>,
    /// Whether our own password and the directory's are asked for together.
    pub both: bool,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
    /// The identity providers that can be chosen instead.
    pub idp: ProviderChoice,
    /// Whether they are offered first.
    pub idp_first: bool,
    /// A passkey, where one does as well.
    pub passkey: Option<PasskeyOffer>,
}

/// One line of the chooser.
#[derive(Clone, Debug)]
pub struct DomainChoice {
    /// What the form sends.
    pub value: String,
    /// What people read; `None` for the users of this site.
    pub title: Option<String>,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// The lines of the chooser: the users of this site first, where they have passwords here.
pub(super) fn choices(own: bool, directories: Vec<Domain>, chosen: &str, first: &str) -> Vec<DomainChoice> {
    let known = directories.iter().any(|one| one.value == chosen);
    let chosen = if known || own { chosen } else { first };
    let line = |value: String, title| DomainChoice { is_chosen: value == chosen, value, title };
    let local = own.then(|| line(String::new(), None));
    local.into_iter().chain(directories.into_iter().map(|one| line(one.value, Some(one.title)))).collect()
}

impl PortalPage for PasswordPage {
    const NAME: &'static str = "sign-in-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |step: SignInStep, user: &str, user_is_fixed| Self {
            frame: frame.clone(),
            user: user.to_owned(),
            user_is_fixed,
            domains: Vec::new(),
            both: matches!(step.problem, Some(StepProblem::BothNeeded | StepProblem::DirectoryUnavailable)),
            passkey: None,
            push_at: user_is_fixed.then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
            idp: ProviderChoice::default(),
            idp_first: false,
            step,
        };
        let mut with_idp = page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::UnknownMail)), "", false);
        with_idp.idp = ProviderChoice::sample();
        let mut idp_first = page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false);
        (idp_first.idp, idp_first.idp_first) = (ProviderChoice::sample(), true);
        let mut posting = sample_step(marks, Refusal::PrimaryFactorMissing, None);
        posting.destination.iter_mut().for_each(|destination| destination.holds_post = true);
        let mut worst = sample_step(marks, Refusal::PrimaryFactorMethod, Some(StepProblem::SlowDown(Duration::from_secs(40))));
        worst.destination = Some(hostile_destination());
        let mut portal =
            sample_step([NotNeeded, NotNeeded, NotNeeded, Now, NotNeeded, NotNeeded], Refusal::PrimaryFactorMissing, None);
        portal.destination = None;
        portal.departure = None;
        let corp = |title: &str| vec![Domain { value: "corp".to_owned(), title: title.to_owned() }];
        let mut several = page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false);
        several.domains = choices(true, corp("corp.example"), "", "");
        several.step.matrix_at = Some("/sign-in?for=8mL2xQ&method=matrix".to_owned());
        several.step.token_at = Some("/sign-in?for=8mL2xQ&method=token_matrix".to_owned());
        let mut chosen =
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::WrongCredentials)), "carol", false);
        chosen.domains = choices(true, corp(&hostile()), "corp", "");
        let opened_by_phone = |by, why, problem| {
            let mut page = page(sample_step(marks, why, problem), "alice", false);
            page.step.opened_by_phone = Some(by);
            page
        };
        let with_passkey = |first| {
            let mut page = page(sample_step(marks, Refusal::PrimaryFactorMissing, None), "", false);
            page.passkey = Some(PasskeyOffer { conditional: true, first, browser_name: None });
            page
        };
        vec![
            with_passkey(true),
            with_passkey(false),
            several,
            chosen,
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
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::MustChangeThere)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::BothNeeded)), "alice", false),
            page(sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::DirectoryUnavailable)), "alice", false),
            page(
                sample_step(marks, Refusal::PrimaryFactorMissing, Some(StepProblem::DirectoryDown("corp.example".into()))),
                "alice",
                false,
            ),
            page(worst, &hostile(), false),
            with_idp,
            idp_first,
            opened_by_phone(OpenedBy::Everybody, Refusal::PrimaryFactorMissing, None),
            opened_by_phone(OpenedBy::Some, Refusal::PrimaryFactorMissing, Some(StepProblem::WrongCredentials)),
            opened_by_phone(OpenedBy::Everybody, Refusal::PrimaryFactorUnprotected, None),
        ]
    }
}
