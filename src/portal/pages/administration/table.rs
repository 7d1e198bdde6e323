//! A room that is a list: search, lines, paging, and what may be done to the lines that are picked.

use askama::Template;
use strum::VariantArray;

use super::deed::Deed;
use super::{Hall, Room, seated};
use crate::admin::transactions::outcome::TransactionOutcome;
use crate::clock::Timestamp;
use crate::portal::kit::legible::short;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// A list.
#[derive(Debug, Template)]
#[template(path = "admin/table.html")]
pub struct TablePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// Which list.
    pub room: Room,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// What is looked for.
    pub search: Vec<Field>,
    /// The heads of the columns: message keys.
    pub columns: &'static [&'static str],
    /// The lines of this page.
    pub rows: Vec<Row>,
    /// What may be done to lines.
    pub deeds: Vec<Deed>,
    /// Whether it may be done to all that the search finds, beyond this page.
    pub everything: bool,
    /// Where all that the search finds is written as a file: addresses, and message keys.
    pub exports: Vec<(String, &'static str)>,
    /// This page, to come back to.
    pub back: String,
    /// The first page, where this is a later one.
    pub first: Option<String>,
    /// The next page.
    pub next: Option<String>,
    /// Whether it shows itself again while it is looked at.
    pub live: bool,
}

/// A field of the search.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the address.
    pub name: &'static str,
    /// What it is called: a message key.
    pub key: &'static str,
    /// What is looked for.
    pub kind: Sought,
}

/// What a field of the search holds.
#[derive(Clone, Debug)]
pub enum Sought {
    /// A text.
    Text(String),
    /// One of these, or none.
    Choice(String, Vec<String>),
    /// One of these words, each with a message key, or none.
    Words(String, Vec<(&'static str, &'static str)>),
    /// A day.
    Day(String),
    /// A switch.
    Switch(bool),
}

impl Field {
    /// As the address carries it; empty where nothing is sought.
    pub fn value(&self) -> &str {
        match &self.kind {
            Sought::Text(text) | Sought::Choice(text, _) | Sought::Words(text, _) | Sought::Day(text) => text,
            Sought::Switch(true) => "true",
            Sought::Switch(false) => "",
        }
    }
}

/// A line.
#[derive(Clone, Debug)]
pub struct Row {
    /// What a deed is told; empty where none can be done to it.
    pub id: String,
    /// What it is called, for whoever hears the page, and where a deed is asked back.
    pub name: String,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

impl Row {
    /// What the form carries: the id, and behind a bar the name where it is another.
    fn pick(&self) -> String {
        if self.id == self.name { self.id.clone() } else { format!("{}|{}", self.id, short(&self.name)) }
    }
}

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Somebody's text.
    Text(String),
    /// Somebody's text that leads somewhere.
    Link(String, String),
    /// Words of ours: a message key.
    Words(&'static str),
    /// Words of ours that want attention: a message key.
    Alarm(&'static str),
    /// Several short texts.
    Tags(Vec<String>),
    /// How many.
    Count(usize),
    /// How long ago.
    Ago(Timestamp),
    /// When.
    Moment(Timestamp),
}

impl TablePage {
    const fn room(&self) -> Room {
        self.room
    }

    fn head(&self, column: &usize) -> &'static str {
        self.columns.get(*column).copied().unwrap_or("admin-column-what")
    }

    fn is_sought(&self) -> bool {
        self.search.iter().any(|field| !field.value().is_empty())
    }
}

impl PortalPage for TablePage {
    const NAME: &'static str = "admin-table";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at = Timestamp::from_seconds(1_795_508_000);
        let text = |text: &str| Cell::Text(text.to_owned());
        let page = |room: Room, columns, cells: Vec<Cell>| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            room,
            notices: Vec::new(),
            search: vec![Field { name: "user", key: "admin-search-user", kind: Sought::Text(String::new()) }],
            columns,
            rows: vec![
                Row { id: "1".to_owned(), name: "alice".to_owned(), cells: cells.clone() },
                Row { id: "2".to_owned(), name: "bob".to_owned(), cells },
            ],
            deeds: Deed::of(room),
            everything: false,
            exports: Vec::new(),
            back: room.path().to_owned(),
            first: None,
            next: None,
            live: false,
        };
        let user = |name: &str, state| {
            vec![
                Cell::Link(name.to_owned(), "/admin/users/alice".to_owned()),
                text("Alice Arai"),
                Cell::Tags(vec!["staff".to_owned(), "administrators".to_owned()]),
                Cell::Tags(vec!["push".to_owned(), "password".to_owned()]),
                Cell::Count(2),
                state,
            ]
        };
        let mut users = page(Room::Users, columns::USERS, user("alice", Cell::Words("admin-on")));
        users.rows.push(Row {
            id: "mallory".to_owned(),
            name: crate::portal::kit::sample::hostile(),
            cells: user(&crate::portal::kit::sample::hostile(), Cell::Alarm("admin-off")),
        });
        users.search = vec![
            Field { name: "search", key: "admin-search-text", kind: Sought::Text("ali".to_owned()) },
            Field {
                name: "group",
                key: "admin-search-group",
                kind: Sought::Choice("staff".to_owned(), vec!["administrators".to_owned(), "staff".to_owned()]),
            },
            Field { name: "without_phone", key: "admin-search-without-phone", kind: Sought::Switch(true) },
        ];
        users.everything = true;
        users.next = Some("/admin/users?after=bob".to_owned());
        let told = Deed::ALL.iter().map(|deed| PageNotice::Administered(*deed, 2)).collect();
        let phone = vec![
            Cell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            text("Pixel"),
            text("Chrome, Android"),
            Cell::Words("admin-phone-active"),
            Cell::Ago(at),
            Cell::Moment(at),
        ];
        let mut phones = page(Room::Phones, columns::PHONES, phone);
        phones.first = Some(paths::ADMIN_PHONES.to_owned());
        let approval = |purpose| {
            vec![
                Cell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
                Cell::Words(purpose),
                text("Wiki"),
                text("Firefox, Linux"),
                text("192.0.2.7"),
                Cell::Words("admin-yes"),
                Cell::Ago(at),
            ]
        };
        let mut approvals = page(Room::Approvals, columns::APPROVALS, approval("approver-what-sign-in"));
        approvals.live = true;
        let mut none = page(Room::Approvals, columns::APPROVALS, approval("approver-what-second"));
        none.rows.clear();
        none.live = true;
        let transaction = |outcome| {
            vec![
                Cell::Moment(at),
                Cell::Link("Transfer".to_owned(), "/admin/transactions/AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
                text("bank"),
                Cell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
                outcome,
                Cell::Tags(vec!["Payee: ACME".to_owned(), crate::portal::kit::sample::hostile()]),
            ]
        };
        let mut transactions = page(Room::Transactions, columns::TRANSACTIONS, transaction(Cell::Words("admin-outcome-held")));
        transactions.rows.extend(TransactionOutcome::VARIANTS.iter().map(|outcome| {
            let cells = transaction(outcome_cell(*outcome));
            Row { id: String::new(), name: outcome.word().to_owned(), cells }
        }));
        transactions.search = vec![
            Field { name: "app", key: "admin-column-app", kind: Sought::Text("bank".to_owned()) },
            Field { name: "requester", key: "admin-column-requester", kind: Sought::Text(String::new()) },
            Field { name: "outcome", key: "admin-column-outcome", kind: Sought::Words("held".to_owned(), outcome_choices()) },
            Field { name: "text", key: "admin-search-shown", kind: Sought::Text("\">ACME".to_owned()) },
            Field { name: "since", key: "admin-search-since", kind: Sought::Day("2026-11-25".to_owned()) },
            Field { name: "until", key: "admin-search-until", kind: Sought::Day(String::new()) },
        ];
        transactions.exports = EXPORTS.map(|(format, key)| (format!("/admin/transactions/export?format={format}"), key)).into();
        let session = vec![
            Cell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            text("Firefox, Linux"),
            text("192.0.2.7"),
            Cell::Tags(vec!["primary_factor:push".to_owned()]),
            Cell::Moment(at),
            Cell::Ago(at),
        ];
        let mut sessions = page(Room::Sessions, columns::SESSIONS, session);
        sessions.notices = vec![PageNotice::NothingPicked];
        let browser = vec![
            Cell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            text("Firefox, Linux"),
            text("browser_by_number"),
            text("192.0.2.7"),
            Cell::Moment(at),
            Cell::Ago(at),
        ];
        let browsers = page(Room::Browsers, columns::BROWSERS, browser);
        let lock = vec![text("alice"), Cell::Words("admin-step-first"), text("192.0.2.0"), Cell::Moment(at)];
        let mut locks = page(Room::Locks, columns::LOCKS, lock);
        locks.rows.extend(locks.rows.clone());
        for (row, step) in locks.rows.iter_mut().zip(["admin-step-second", "admin-step-network", "admin-step-transaction"]) {
            row.cells.splice(1..2, [Cell::Words(step)]);
        }
        let line = vec![
            Cell::Moment(at),
            text("user.add"),
            Cell::Alarm("admin-refused"),
            text("alice"),
            text("root"),
            text("192.0.2.7"),
            text("scope_missing"),
        ];
        let mut audit = page(Room::Audit, columns::AUDIT, line);
        for row in audit.rows.iter_mut().skip(1) {
            row.cells.splice(2..3, [Cell::Words("admin-done")]);
        }
        let mut empty: Vec<Self> =
            [Room::Users, Room::Phones, Room::Transactions, Room::Sessions, Room::Browsers, Room::Locks, Room::Audit]
                .map(|room| {
                    let mut page = page(room, columns::LOCKS, Vec::new());
                    page.rows.clear();
                    page
                })
                .into();
        for page in empty.iter_mut().take(1) {
            page.hall = Hall::sample(true);
        }
        let mut nothing = page(Room::Audit, columns::AUDIT, Vec::new());
        nothing.rows.clear();
        nothing.notices = told;
        nothing.search = vec![Field { name: "what", key: "admin-search-what", kind: Sought::Text("nothing".to_owned()) }];
        let mut all = vec![nothing, users, phones, approvals, none, transactions, sessions, browsers, locks, audit];
        all.extend(empty);
        all
    }
}

/// What is said of how a transaction stands or ended: a message key.
pub const fn outcome_key(outcome: TransactionOutcome) -> &'static str {
    match outcome {
        TransactionOutcome::Held => "admin-outcome-held",
        TransactionOutcome::Forwarding => "admin-outcome-forwarding",
        TransactionOutcome::Forwarded => "admin-outcome-forwarded",
        TransactionOutcome::Denied => "admin-outcome-denied",
        TransactionOutcome::Cancelled => "admin-outcome-cancelled",
        TransactionOutcome::Expired => "admin-outcome-expired",
        TransactionOutcome::Refused => "admin-outcome-refused",
        TransactionOutcome::NotSent => "admin-outcome-not-sent",
        TransactionOutcome::Unknown => "admin-outcome-unknown",
    }
}

/// The cell of an outcome: one that may need somebody's attention stands out.
pub const fn outcome_cell(outcome: TransactionOutcome) -> Cell {
    let key = outcome_key(outcome);
    match outcome {
        TransactionOutcome::Denied | TransactionOutcome::Refused | TransactionOutcome::Unknown => Cell::Alarm(key),
        TransactionOutcome::Held
        | TransactionOutcome::Forwarding
        | TransactionOutcome::Forwarded
        | TransactionOutcome::Cancelled
        | TransactionOutcome::Expired
        | TransactionOutcome::NotSent => Cell::Words(key),
    }
}

/// Every outcome that can be searched for: its word in the address, and what is said of it.
pub fn outcome_choices() -> Vec<(&'static str, &'static str)> {
    TransactionOutcome::VARIANTS.iter().map(|outcome| (outcome.word(), outcome_key(*outcome))).collect()
}

/// Kinds of files that transactions are exported to, and what their links say.
pub const EXPORTS: [(&str, &str); 2] = [("csv", "admin-export-csv"), ("jsonl", "admin-export-jsonl")];

/// What the columns of each list are called.
pub mod columns {
    /// Of users.
    pub const USERS: &[&str] = &[
        "admin-column-user",
        "admin-column-name",
        "admin-column-groups",
        "admin-column-methods",
        "admin-phones",
        "admin-column-state",
    ];
    /// Of phones.
    pub const PHONES: &[&str] = &[
        "admin-column-user",
        "admin-column-phone",
        "approvers-agent",
        "admin-column-state",
        "sessions-last-seen",
        "browsers-since",
    ];
    /// Of approvals.
    pub const APPROVALS: &[&str] = &[
        "admin-column-user",
        "admin-column-purpose",
        "admin-column-app",
        "admin-column-browser",
        "admin-column-address",
        "admin-column-number",
        "admin-column-asked",
    ];
    /// Of transactions.
    pub const TRANSACTIONS: &[&str] = &[
        "admin-column-at",
        "admin-column-transaction",
        "admin-column-app",
        "admin-column-requester",
        "admin-column-outcome",
        "admin-column-shown",
    ];
    /// Of sessions.
    pub const SESSIONS: &[&str] = &[
        "admin-column-user",
        "admin-column-browser",
        "admin-column-address",
        "admin-column-evidence",
        "sessions-since",
        "sessions-last-seen",
    ];
    /// Of browsers.
    pub const BROWSERS: &[&str] = &[
        "admin-column-user",
        "admin-column-browser",
        "admin-column-way",
        "admin-column-address",
        "browsers-since",
        "sessions-last-seen",
    ];
    /// Of locks.
    pub const LOCKS: &[&str] = &["admin-column-user", "admin-column-step", "admin-column-network", "admin-column-until"];
    /// Of the audit log.
    pub const AUDIT: &[&str] = &[
        "admin-column-at",
        "admin-column-what",
        "admin-column-outcome",
        "admin-column-user",
        "admin-column-actor",
        "admin-column-address",
        "admin-column-refusal",
    ];
}
