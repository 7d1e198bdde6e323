//! One transaction, as administrators see one: what was shown, who answered what, what became of it.

use askama::Template;

use super::deed::Deed;
use super::table::outcome_key;
use super::{Hall, Room, seated};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::transactions::show::{AnswerView, TransactionRecord, Waiting};
use crate::approval::key::ApproverId;
use crate::approval::question::Details;
use crate::clock::Timestamp;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::principal::user::UserId;
use crate::principal::words::Words;
use crate::transaction::{TransactionId, WaitsFor};

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
    /// What is kept of it.
    pub record: TransactionRecord,
    /// What people call it, in the page's language.
    pub title: String,
    /// The sentence below that; may be empty.
    pub sentence: String,
    /// What was shown: labels and values, in the page's language.
    pub fields: Vec<(String, Option<String>)>,
}

impl RecordPage {
    const fn room(&self) -> Room {
        Room::Transactions
    }

    const fn outcome_key(&self) -> &'static str {
        outcome_key(self.record.outcome)
    }

    const fn stage_key(&self, waiting: &Waiting) -> &'static str {
        match waiting.stage {
            WaitsFor::Password => "admin-stage-password",
            WaitsFor::Code => "admin-stage-code",
            WaitsFor::Pending => "admin-stage-pending",
            WaitsFor::Approved => "admin-stage-approved",
            WaitsFor::Forwarding => "admin-stage-forwarding",
        }
    }

    fn here(&self) -> String {
        paths::admin_transaction(self.record.transaction.as_str())
    }

    fn receipt(&self) -> String {
        paths::ADMIN_TRANSACTION_RECEIPT.replace("{transaction}", self.record.transaction.as_str())
    }

    const fn has_ended(&self) -> bool {
        self.record.ended_at.is_some()
    }
}

impl PortalPage for RecordPage {
    const NAME: &'static str = "admin-transaction";

    fn samples(frame: &Frame) -> Vec<Self> {
        let records = [
            (TransactionOutcome::Held, Some(WaitsFor::Password), Vec::new()),
            (TransactionOutcome::Held, Some(WaitsFor::Code), Vec::new()),
            (TransactionOutcome::Held, Some(WaitsFor::Pending), Vec::new()),
            (TransactionOutcome::Held, Some(WaitsFor::Approved), Vec::new()),
            (TransactionOutcome::Held, Some(WaitsFor::Forwarding), Vec::new()),
            (TransactionOutcome::Forwarded, None, vec![("bob", true), ("carol", true)]),
            (TransactionOutcome::Denied, None, vec![("bob", false)]),
            (TransactionOutcome::Unknown, None, Vec::new()),
            (TransactionOutcome::Cancelled, None, Vec::new()),
        ];
        let records = records.into_iter().filter_map(|(outcome, stage, answers)| sample(outcome, stage, &answers));
        let page = |record| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            notices: Vec::new(),
            record,
            title: "Transfer".to_owned(),
            sentence: "Money leaves the account at once.".to_owned(),
            fields: vec![
                ("Payee".to_owned(), Some("ACME 株式会社".to_owned())),
                ("Amount".to_owned(), Some("1,200,000 JPY".to_owned())),
                ("Note".to_owned(), None),
            ],
        };
        let mut pages: Vec<Self> = records.map(page).collect();
        if let Some(last) = pages.last_mut() {
            last.title = crate::portal::kit::sample::hostile();
            last.sentence = crate::portal::kit::sample::hostile();
            last.fields = vec![(crate::portal::kit::sample::hostile(), Some(crate::portal::kit::sample::hostile()))];
            last.record.requester = None;
            last.record.agent = crate::portal::kit::sample::hostile();
            last.record.target = crate::portal::kit::sample::hostile();
        }
        pages
    }
}

/// A record as the samples show it; there is a receipt of one that was denied, cancelled or forwarded.
fn sample(outcome: TransactionOutcome, stage: Option<WaitsFor>, answers: &[(&str, bool)]) -> Option<TransactionRecord> {
    let at = Timestamp::from_seconds(1_795_508_000);
    let approver = ApproverId::parse("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s")?;
    let answer = |(user, approved): &(&str, bool)| {
        Some(AnswerView { user: UserId::parse(user).ok()?, approver: approver.clone(), approved: *approved })
    };
    let has_receipt = match outcome {
        TransactionOutcome::Forwarded | TransactionOutcome::Denied | TransactionOutcome::Cancelled => true,
        TransactionOutcome::Held
        | TransactionOutcome::Forwarding
        | TransactionOutcome::Expired
        | TransactionOutcome::Refused
        | TransactionOutcome::NotSent
        | TransactionOutcome::Unknown => false,
    };
    let details = Details {
        name: "transfer".to_owned(),
        title: Words::default(),
        sentence: Words::default(),
        requester: None,
        fields: Vec::new(),
        request: None,
    };
    Some(TransactionRecord {
        transaction: TransactionId::parse("JZrC0e8cB3mQ5v1yKpX7nQ")?,
        app: "bank".to_owned(),
        name: "transfer".to_owned(),
        title: "Transfer".to_owned(),
        requester: Some("alice".to_owned()),
        outcome,
        status: (outcome == TransactionOutcome::Forwarded).then_some(303),
        asked_at: at,
        ended_at: stage.is_none().then_some(at),
        address: "192.0.2.7".to_owned(),
        agent: "Firefox, Linux".to_owned(),
        method: "POST".to_owned(),
        authority: "bank.example.com".to_owned(),
        target: "/transfer".to_owned(),
        request: "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU".to_owned(),
        shown: Vec::new(),
        waiting: stage.map(|stage| Waiting { stage, yes: 1, needed: 2, expires_at: at }),
        without_receipt: None,
        details,
        answers: answers.iter().map(answer).collect::<Option<_>>()?,
        receipt: has_receipt.then(String::new),
    })
}
