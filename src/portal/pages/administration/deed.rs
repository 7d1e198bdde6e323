//! What may be done to lines of a list: asked back where it is dangerous, told of when it is done.

use askama::Template;

use super::{Hall, Room, seated};
use crate::portal::kit::legible::short;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::qr;

/// What may be done to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A user may sign in by phone.
    AssignPush,
    /// A user may no more, and the phones are removed.
    UnassignPush,
    /// A one-time link that registers a phone.
    InvitePhone,
    /// Nobody may approve for the user.
    SuspendApprovals,
    /// They may again.
    ResumeApprovals,
    /// Ends a lock after wrong answers.
    UnlockApprovals,
    /// All phones of a user are removed.
    UnregisterPhones,
    /// Ends every session of a user.
    SignOut,
    /// Switches a user off.
    DisableUser,
    /// Switches a user on.
    EnableUser,
    /// Removes one phone.
    RemovePhone,
    /// Removes the transaction password of a user, who sets a new one.
    RemoveTransactionPassword,
    /// Takes a held request back.
    CancelTransaction,
    /// Withdraws an approval.
    CancelApproval,
    /// Ends a session.
    EndSession,
    /// Makes a browser register again.
    ForgetBrowser,
    /// Lifts a lock.
    LiftLock,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::AssignPush,
        Self::UnassignPush,
        Self::InvitePhone,
        Self::SuspendApprovals,
        Self::ResumeApprovals,
        Self::UnlockApprovals,
        Self::UnregisterPhones,
        Self::SignOut,
        Self::DisableUser,
        Self::EnableUser,
        Self::RemovePhone,
        Self::RemoveTransactionPassword,
        Self::CancelTransaction,
        Self::CancelApproval,
        Self::EndSession,
        Self::ForgetBrowser,
        Self::LiftLock,
    ];
    /// Those to the lines of a room.
    pub fn of(room: Room) -> Vec<Self> {
        Self::ALL.into_iter().filter(|deed| deed.room() == room).collect()
    }

    /// The word that a form carries.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AssignPush => "assign-push",
            Self::UnassignPush => "unassign-push",
            Self::InvitePhone => "invite-phone",
            Self::SuspendApprovals => "suspend",
            Self::ResumeApprovals => "resume",
            Self::UnlockApprovals => "unlock",
            Self::UnregisterPhones => "unregister",
            Self::SignOut => "sign-out",
            Self::DisableUser => "disable-user",
            Self::EnableUser => "enable-user",
            Self::RemovePhone => "remove-phone",
            Self::RemoveTransactionPassword => "remove-transaction-password",
            Self::CancelTransaction => "cancel-transaction",
            Self::CancelApproval => "cancel-approval",
            Self::EndSession => "end-session",
            Self::ForgetBrowser => "forget-browser",
            Self::LiftLock => "lift-lock",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }

    /// Whether it takes something away that cannot be given back by another click.
    pub const fn is_stern(self) -> bool {
        matches!(
            self,
            Self::UnassignPush
                | Self::SuspendApprovals
                | Self::UnregisterPhones
                | Self::SignOut
                | Self::DisableUser
                | Self::RemovePhone
                | Self::RemoveTransactionPassword
                | Self::CancelTransaction
        )
    }

    /// Where its lines are.
    pub const fn room(self) -> Room {
        match self {
            Self::RemovePhone => Room::Phones,
            Self::CancelTransaction => Room::Transactions,
            Self::CancelApproval => Room::Approvals,
            Self::EndSession => Room::Sessions,
            Self::ForgetBrowser => Room::Browsers,
            Self::LiftLock => Room::Locks,
            Self::AssignPush
            | Self::UnassignPush
            | Self::InvitePhone
            | Self::SuspendApprovals
            | Self::ResumeApprovals
            | Self::UnlockApprovals
            | Self::UnregisterPhones
            | Self::SignOut
            | Self::DisableUser
            | Self::EnableUser
            | Self::RemoveTransactionPassword => Room::Users,
        }
    }

    /// What its button says: a message key.
    pub(super) fn label(self) -> String {
        format!("admin-deed-{}", self.word())
    }

    /// What it brings about: a message key.
    fn sure(self) -> String {
        format!("admin-deed-{}.sure", self.word())
    }

    /// That it is done, to `count`: a message key.
    pub(in crate::portal) fn done(self) -> String {
        format!("admin-deed-{}.done", self.word())
    }
}

/// Asks back.
#[derive(Debug, Template)]
#[template(path = "admin/confirm.html")]
pub struct ConfirmPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What is to be done.
    pub deed: Deed,
    /// To whom or what.
    pub picks: Vec<String>,
    /// What was searched for, where it is to be done to all that is found: the form carries that, and how many it was,
    /// in the place of the picks.
    pub search: Option<Vec<(&'static str, String)>>,
    /// Where to go back to.
    pub back: String,
}

/// Names that are shown before the rest is counted.
const SHOWN: usize = 20;

impl ConfirmPage {
    const fn room(&self) -> Room {
        self.deed.room()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.picks.iter().take(SHOWN).map(|pick| pick.split_once('|').map_or(pick.as_str(), |(_, name)| name))
    }

    fn more(&self) -> usize {
        self.picks.len().saturating_sub(SHOWN)
    }
}

/// What came of it, where there is more to say than that it is done.
#[derive(Debug, Template)]
#[template(path = "admin/outcome.html")]
pub struct OutcomePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What was to be done.
    pub deed: Deed,
    /// To how many it is done.
    pub done: usize,
    /// Links that were made: shown this once.
    pub invitations: Vec<InvitationRow>,
    /// To whom or what it is not, and why.
    pub failures: Vec<Failure>,
    /// Where to go back to.
    pub back: String,
}

/// A link that was made.
#[derive(Clone, Debug)]
pub struct InvitationRow {
    /// For whom.
    pub user: String,
    /// The link.
    pub url: String,
    /// Whether it is on its way by mail; else it waits in the outbox.
    pub mailed: bool,
}

/// What was not done.
#[derive(Clone, Debug)]
pub struct Failure {
    /// To whom or what.
    pub name: String,
    /// Why, in a word of a person's language.
    pub why: FailedFor,
    /// The stable word.
    pub code: &'static str,
    /// What there is to say, in English.
    pub detail: String,
}

/// Whose matter it is that something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedFor {
    /// It is not there any more.
    Gone,
    /// Who asked may not.
    Forbidden,
    /// The directory or the short-lived state did not answer.
    State,
    /// It cannot be done like this.
    Input,
}

impl Failure {
    const fn key(&self) -> &'static str {
        match self.why {
            FailedFor::Gone => "admin-failed-gone",
            FailedFor::Forbidden => "admin-failed-forbidden",
            FailedFor::State => "admin-failed-state",
            FailedFor::Input => "admin-failed-input",
        }
    }
}

impl OutcomePage {
    const fn room(&self) -> Room {
        self.deed.room()
    }

    const fn is_done(&self) -> bool {
        self.done > 0
    }

    fn picture(&self, link: &str) -> Option<String> {
        qr::svg(link, &self.frame.say("approver-qr-label"))
    }
}

impl PortalPage for ConfirmPage {
    const NAME: &'static str = "admin-confirm";

    fn samples(frame: &Frame) -> Vec<Self> {
        let mut pages: Vec<Self> = Deed::ALL
            .into_iter()
            .map(|deed| Self {
                frame: seated(frame),
                hall: Hall::sample(false),
                deed,
                picks: vec!["alice".to_owned(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s|Pixel".to_owned()],
                search: None,
                back: deed.room().path().to_owned(),
            })
            .collect();
        pages.push(Self {
            frame: seated(frame),
            hall: Hall::sample(true),
            deed: Deed::SignOut,
            picks: (0..120)
                .map(|number| format!("user{number}"))
                .chain([short(&crate::portal::kit::sample::hostile())])
                .rev()
                .collect(),
            search: Some(vec![("search", "user".to_owned()), ("group", String::new()), ("without_phone", "true".to_owned())]),
            back: paths::ADMIN_USERS.to_owned(),
        });
        pages
    }
}

impl PortalPage for OutcomePage {
    const NAME: &'static str = "admin-outcome";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |user: &str, mailed| InvitationRow {
            user: user.to_owned(),
            url: "https://auth.example.com/approver/#add=JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4".to_owned(),
            mailed,
        };
        let failure = |(why, code)| {
            let detail = "find the user mallory: there is none".to_owned();
            Failure { name: "mallory".to_owned(), why, code, detail }
        };
        let failures = [
            (FailedFor::Gone, "unknown_user"),
            (FailedFor::Forbidden, "scope_missing"),
            (FailedFor::State, "state_unavailable"),
            (FailedFor::Input, "invalid_input"),
        ];
        let page = |done, invitations, failures| Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            deed: Deed::InvitePhone,
            done,
            invitations,
            failures,
            back: paths::ADMIN_USERS.to_owned(),
        };
        vec![
            page(1, vec![row("alice", true)], Vec::new()),
            page(2, vec![row("alice", true), row("bob", false)], Vec::new()),
            page(0, Vec::new(), failures.map(failure).into()),
        ]
    }
}
