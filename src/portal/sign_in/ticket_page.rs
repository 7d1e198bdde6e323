//! The step of the workplace computer's ticket, where it is required and there is none.

use askama::Template;

use crate::chain::refusal::Refusal;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};
use crate::portal::sign_in::ticket_problem::TicketProblem;

/// The computer's ticket is required, and there is none that counts.
#[derive(Debug, Template)]
#[template(path = "sign_in/ticket.html")]
pub struct TicketPage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who has signed in so far, where somebody has.
    pub user: String,
    /// Whether this network's browsers are asked for a ticket.
    pub is_asked: bool,
}

impl TicketPage {
    /// Whether the head of the step leads to a new request already.
    fn has_again(&self) -> bool {
        self.step.problem.as_ref().is_some_and(StepProblem::offers_again)
    }
}

impl PortalPage for TicketPage {
    const NAME: &'static str = "sign-in-ticket";

    fn samples(frame: &Frame) -> Vec<Self> {
        let marks = [Done, NotNeeded, Now, ToCome, NotNeeded, ToCome];
        let page = |problem, user: &str, is_asked| Self {
            frame: frame.clone(),
            step: sample_step(marks, Refusal::DesktopSsoMissing, problem),
            user: user.to_owned(),
            is_asked,
        };
        let ticket = |problem| Some(StepProblem::Ticket(problem));
        vec![
            page(None, "", true),
            page(None, "", false),
            page(None, "alice", true),
            page(ticket(TicketProblem::Used), "", true),
            page(ticket(TicketProblem::Clock), "", true),
            page(ticket(TicketProblem::Old), "", true),
            page(ticket(TicketProblem::Connection), "", true),
            page(ticket(TicketProblem::Account(Some("alice@CORP.EXAMPLE".to_owned()))), "", true),
            page(ticket(TicketProblem::Account(None)), "", true),
            page(ticket(TicketProblem::Another("bob@CORP.EXAMPLE".to_owned())), "alice", true),
            page(ticket(TicketProblem::Gateway), "", true),
            page(Some(StepProblem::TicketOf("alice".into())), "", true),
            page(ticket(TicketProblem::Account(Some(hostile()))), &hostile(), true),
        ]
    }
}
