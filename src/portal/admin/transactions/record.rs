//! `/admin/transactions/{transaction}`: one transaction, as administrators see one: what was shown, who answered what, and how
//! it ended; and its receipt.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;

use crate::admin::error::AdminError;
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::admin::transactions::show::{AnswerView, ShowTransaction, TransactionRecord, Waiting};
use crate::approval::key::ApproverId;
use crate::approval::question::Details;
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice;
use crate::portal::admin::transactions::in_language;
use crate::portal::admin::transactions::outcome::outcome_key;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::principal::user::UserId;
use crate::principal::words::Words;
use crate::transaction::{TransactionId, WaitsFor};

/// The id that the address names.
type NamedId = Result<Path<String>, PathRejection>;

/// The transaction that the address names.
async fn named(admin: &AdminSession, id: NamedId) -> Result<TransactionRecord, Response> {
    let transaction = id.map(|Path(id)| id).unwrap_or_default();
    admin.required(ShowTransaction { transaction }).await
}

/// GET /admin/transactions/{transaction}
pub(in crate::portal::admin) async fn show(id: NamedId, admin: AdminSession) -> Result<Response, Response> {
    let record = named(&admin, id).await?;
    let language = admin.visit.language.tag();
    let page = TransactionRecordPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(&admin, AdminArea::Transactions),
        notices: notice::done(&admin),
        title: record.details.title.say(language).to_owned(),
        sentence: record.details.sentence.say(language).to_owned(),
        fields: in_language(&record.details, language),
        record,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// GET /admin/transactions/{transaction}/receipt
pub(in crate::portal::admin) async fn receipt(id: NamedId, admin: AdminSession) -> Result<Response, Response> {
    let record = named(&admin, id).await?;
    let none = || admin.refused(&AdminError::NotFound { what: "the receipt of", name: record.transaction.to_string() });
    let receipt = record.receipt.clone().ok_or_else(none)?;
    let name = format!("receipt-{}.jwt", record.transaction);
    Ok(admin.visit.file(&name, "application/jose", Body::from(format!("{receipt}\n"))))
}

/// One transaction.
#[derive(Debug, Template)]
#[template(path = "admin/transactions/record.html")]
pub struct TransactionRecordPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
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

impl TransactionRecordPage {
    const fn outcome_key(&self) -> &'static str {
        outcome_key(self.record.outcome)
    }

    const fn stage_key(&self, waiting: &Waiting) -> &'static str {
        match waiting.stage {
            WaitsFor::Password => "admin-transaction-stage-password",
            WaitsFor::Code => "admin-transaction-stage-code",
            WaitsFor::Pending => "admin-transaction-stage-pending",
            WaitsFor::Approved => "admin-transaction-stage-approved",
            WaitsFor::Forwarding => "admin-transaction-stage-forwarding",
        }
    }

    fn here(&self) -> String {
        paths::admin_transaction(self.record.transaction.as_str())
    }

    fn receipt(&self) -> String {
        paths::ADMIN_TRANSACTION_RECEIPT.replace("{transaction}", self.record.transaction.as_str())
    }

    /// The transaction as the target of an action.
    fn target(&self) -> String {
        SelectedLine::new(self.record.transaction.as_str(), &self.title).to_string()
    }

    const fn has_ended(&self) -> bool {
        self.record.ended_at.is_some()
    }
}

impl PortalPage for TransactionRecordPage {
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
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Transactions),
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
            last.title = hostile();
            last.sentence = hostile();
            last.fields = vec![(hostile(), Some(hostile()))];
            last.record.requester = None;
            last.record.agent = hostile();
            last.record.target = hostile();
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
