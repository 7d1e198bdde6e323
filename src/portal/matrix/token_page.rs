//! The step of a sign-in that takes what was read off the table of a phone: the page shows no table.

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::sign_in::password_page::DomainChoice;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};

/// User name and answer.
#[derive(Debug, Template)]
#[template(path = "matrix/token.html")]
pub struct TokenPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// What was typed as the user name before, or the user whose fresh sign-in is asked for.
    pub user: String,
    /// Whether it must be this user.
    pub user_is_fixed: bool,
    /// The directories to choose from.
    pub domains: Vec<DomainChoice>,
    /// Where a table on the page is used instead.
    pub table_at: Option<String>,
    /// Where another method can be chosen.
    pub other_at: Option<String>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

impl PortalPage for TokenPage {
    const NAME: &'static str = "sign-in-token";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |problem: Option<StepProblem>, user: &str| Self {
            frame: frame.clone(),
            step: sample_step(marks, Refusal::PrimaryFactorMissing, problem),
            user: user.to_owned(),
            user_is_fixed: user == "alice",
            domains: Vec::new(),
            table_at: (user == "carol").then(|| "/sign-in?for=8mL2xQ&method=matrix".to_owned()),
            other_at: (user != "alice").then(|| "/sign-in?for=8mL2xQ&method=password".to_owned()),
            push_at: (user == "alice").then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
        };
        let mut with_domains = page(Some(StepProblem::WrongToken), "carol");
        let line = |value: &str, title: Option<String>, is_chosen| DomainChoice { value: value.to_owned(), title, is_chosen };
        with_domains.domains = vec![line("", None, true), line("corp", Some(hostile()), false)];
        vec![page(None, ""), with_domains, page(None, "alice"), page(Some(StepProblem::Incomplete), &hostile())]
    }
}
