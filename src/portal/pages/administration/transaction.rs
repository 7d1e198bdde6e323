//! One transaction, as administrators see one: what was shown, who answered what, what became of it.

use askama::Template;

use super::deed::Deed;
use super::table::outcome_key;
use super::{Hall, Room, seated};
use crate::clock::Timestamp;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::transaction::WaitsFor;

/// One transaction.
#[derive(Debug, Template)]
#[template(path = "admin/transaction.html")]
pub struct RecordPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// Its id.
    pub transaction: String,
    /// The app.
    pub app: String,
    /// Which of its transactions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The sentence below that; may say nothing.
    pub sentence: String,
    /// What was shown.
    pub fields: Vec<(String, Option<String>)>,
    /// Who asked; `None`: a machine.
    pub requester: Option<String>,
    /// Where from.
    pub address: String,
    /// With which browser.
    pub agent: String,
    /// The request's method.
    pub method: String,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// Its digest.
    pub request: String,
    /// How it stands, or ended.
    pub outcome: String,
    /// The status that the app answered with.
    pub status: Option<u16>,
    /// When it was held.
    pub asked_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it waits.
    pub waiting: Option<WaitingRow>,
    /// Who answered what.
    pub answers: Vec<AnswerRow>,
    /// Whether there is a receipt.
    pub has_receipt: bool,
}

/// How a transaction waits.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// For what.
    pub stage: WaitsFor,
    /// How many said yes.
    pub yes: usize,
    /// How many must.
    pub needed: usize,
    /// Until when.
    pub until: Timestamp,
}

/// What one approver answered.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// Who.
    pub user: String,
    /// On which approver.
    pub approver: String,
    /// Whether it was yes.
    pub approved: bool,
}

impl RecordPage {
    const fn room(&self) -> Room {
        Room::Transactions
    }

    fn outcome_key(&self) -> &'static str {
        outcome_key(&self.outcome)
    }

    const fn stage_key(&self, waiting: &WaitingRow) -> &'static str {
        match waiting.stage {
            WaitsFor::Password => "admin-stage-password",
            WaitsFor::Code => "admin-stage-code",
            WaitsFor::Pending => "admin-stage-pending",
            WaitsFor::Approved => "admin-stage-approved",
            WaitsFor::Forwarding => "admin-stage-forwarding",
        }
    }

    fn here(&self) -> String {
        paths::admin_transaction(&self.transaction)
    }

    fn receipt(&self) -> String {
        paths::ADMIN_TRANSACTION_RECEIPT.replace("{transaction}", &self.transaction)
    }

    fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }
}

impl PortalPage for RecordPage {
    const NAME: &'static str = "admin-transaction";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at = Timestamp::from_seconds(1_795_508_000);
        let approver = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s";
        let answer = |user: &str, approved| AnswerRow { user: user.to_owned(), approver: approver.to_owned(), approved };
        let page = |outcome: &str, waiting: Option<WaitsFor>, answers, has_receipt| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            notices: Vec::new(),
            transaction: "JZrC0e8cB3mQ5v1yKpX7nQ".to_owned(),
            app: "bank".to_owned(),
            name: "transfer".to_owned(),
            title: "Transfer".to_owned(),
            sentence: "Money leaves the account at once.".to_owned(),
            fields: vec![
                ("Payee".to_owned(), Some("ACME 株式会社".to_owned())),
                ("Amount".to_owned(), Some("1,200,000 JPY".to_owned())),
                ("Note".to_owned(), None),
            ],
            requester: Some("alice".to_owned()),
            address: "192.0.2.7".to_owned(),
            agent: "Firefox, Linux".to_owned(),
            method: "POST".to_owned(),
            authority: "bank.example.com".to_owned(),
            target: "/transfer".to_owned(),
            request: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU".to_owned(),
            outcome: outcome.to_owned(),
            status: (outcome == "forwarded").then_some(303),
            asked_at: at,
            ended_at: waiting.is_none().then_some(at),
            waiting: waiting.map(|stage| WaitingRow { stage, yes: 1, needed: 2, until: at }),
            answers,
            has_receipt,
        };
        let mut pages: Vec<Self> =
            [WaitsFor::Password, WaitsFor::Code, WaitsFor::Pending, WaitsFor::Approved, WaitsFor::Forwarding]
                .map(|stage| page("held", Some(stage), Vec::new(), false))
                .into();
        pages.push(page("forwarded", None, vec![answer("bob", true), answer("carol", true)], true));
        pages.push(page("denied", None, vec![answer("bob", false)], true));
        pages.push(page("unknown", None, Vec::new(), false));
        pages.push(Self {
            title: crate::portal::kit::sample::hostile(),
            sentence: crate::portal::kit::sample::hostile(),
            fields: vec![(crate::portal::kit::sample::hostile(), Some(crate::portal::kit::sample::hostile()))],
            requester: None,
            agent: crate::portal::kit::sample::hostile(),
            target: crate::portal::kit::sample::hostile(),
            ..page("cancelled", None, Vec::new(), true)
        });
        pages
    }
}
