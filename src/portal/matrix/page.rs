//! The step of a sign-in that shows a table of digits.

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::factor::matrix::ShownTable;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::matrix::parts::sample_table;
use crate::portal::sign_in::password_page::DomainChoice;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};

/// User name, table, answer.
#[derive(Debug, Template)]
#[template(path = "matrix/sign_in.html")]
pub struct MatrixPage {
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
    /// The table; `None` where the name must be known first, since sizes differ.
    pub table: Option<ShownTable>,
    /// Where another method can be chosen.
    pub other_at: Option<String>,
    /// Where the table of the phone is used instead.
    pub phone_at: Option<String>,
    /// Where the phone is asked instead.
    pub push_at: Option<String>,
}

impl PortalPage for MatrixPage {
    const NAME: &'static str = "sign-in-matrix";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, Done, NotNeeded, Now, NotNeeded, ToCome];
        let page = |problem: Option<StepProblem>, user: &str, shape: Option<(u8, u8, u8)>| Self {
            frame: frame.clone(),
            step: sample_step(marks, Refusal::PrimaryFactorMissing, problem),
            user: user.to_owned(),
            user_is_fixed: user == "alice",
            domains: Vec::new(),
            table: shape.map(|(blocks, rows, columns)| ShownTable {
                table: sample_table(blocks, rows, columns),
                sealed: "c2VhbGVk".to_owned(),
            }),
            other_at: (user != "alice").then(|| "/sign-in?for=8mL2xQ&method=password".to_owned()),
            phone_at: (user == "carol").then(|| "/sign-in?for=8mL2xQ&method=token_matrix".to_owned()),
            push_at: (user == "alice").then(|| "/sign-in?for=8mL2xQ&method=push".to_owned()),
        };
        let mut with_domains = page(Some(StepProblem::WrongAnswer), "carol", Some((3, 4, 4)));
        let line = |value: &str, title: Option<String>, is_chosen| DomainChoice { value: value.to_owned(), title, is_chosen };
        with_domains.domains = vec![line("", None, true), line("corp", Some(hostile()), false)];
        vec![
            page(None, "", Some((3, 4, 4))),
            with_domains,
            page(Some(StepProblem::TableOver), "alice", Some((3, 4, 4))),
            page(None, "", None),
            page(Some(StepProblem::Incomplete), &hostile(), Some((3, 8, 8))),
            page(None, "bob", Some((1, 4, 4))),
        ]
    }
}
