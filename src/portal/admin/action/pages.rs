//! The pages of an action: its confirmation, and its result if there is more to say than that it is done.

use askama::Template;
use strum::VariantArray as _;

use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::meant::MeantWord;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::qr;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};

/// Asks to confirm an action.
#[derive(Debug, Template)]
#[template(path = "admin/action/confirm.html")]
pub struct ConfirmPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The action.
    pub action: BulkAction,
    /// What says that it is meant.
    pub word: MeantWord,
    /// The lines that it applies to.
    pub selected: Vec<SelectedLine>,
    /// Of these, who would be shut out by it: certificates are to be required, and no good one was seen.
    pub unseen: Vec<String>,
    /// The search, if the action applies to all that it finds: the form carries it instead of the lines.
    pub search: Option<Vec<(&'static str, String)>>,
    /// The page to go back to.
    pub back: String,
}

/// Names that are shown before the rest is counted.
const SHOWN: usize = 20;

impl ConfirmPage {
    /// Whether a few words to the user are asked for.
    fn asks_reason(&self) -> bool {
        self.action == BulkAction::RejectDevice
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.selected.iter().take(SHOWN).map(SelectedLine::called)
    }

    fn unseen_names(&self) -> impl Iterator<Item = &str> {
        self.unseen.iter().take(SHOWN).map(String::as_str)
    }

    fn more_unseen(&self) -> usize {
        self.unseen.len().saturating_sub(SHOWN)
    }

    fn more(&self) -> usize {
        self.selected.len().saturating_sub(SHOWN)
    }
}

/// The result of an action, if there is more to say than that it is done.
#[derive(Debug, Template)]
#[template(path = "admin/action/outcome.html")]
pub struct OutcomePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The action.
    pub action: BulkAction,
    /// On how many lines it was performed.
    pub done: usize,
    /// Links that were made: shown this once.
    pub invitations: Vec<InvitationRow>,
    /// The lines on which it was not performed, and why.
    pub failures: Vec<ActionFailure>,
    /// The page to go back to.
    pub back: String,
}

/// A link that was made for a user.
#[derive(Clone)]
pub struct InvitationRow {
    /// The user.
    pub user: String,
    /// The link.
    pub url: String,
    /// Whether it is on its way by mail; else it waits in the outbox.
    pub mailed: bool,
}

debug_by_name!(InvitationRow);

/// A line on which an action was not performed.
#[derive(Clone, Debug)]
pub struct ActionFailure {
    /// What the line is called.
    pub name: String,
    /// The kind of the reason, which the page says in its language.
    pub reason: FailureReason,
    /// The reason.
    pub detail: ReasonText,
}

/// Why an action was not performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// What it applies to is not there any more.
    Gone,
    /// The administrator may not do it.
    Forbidden,
    /// Somebody else decided it already.
    Decided,
    /// The directory or the short-lived state did not answer.
    State,
    /// It cannot be done like this.
    Input,
}

impl ActionFailure {
    const fn key(&self) -> &'static str {
        match self.reason {
            FailureReason::Gone => "admin-result-failed-gone",
            FailureReason::Forbidden => "admin-result-failed-forbidden",
            FailureReason::Decided => "admin-result-failed-decided",
            FailureReason::State => "admin-result-failed-state",
            FailureReason::Input => "admin-result-failed-input",
        }
    }
}

impl OutcomePage {
    const fn is_done(&self) -> bool {
        self.done > 0
    }

    /// What the links are for: a message key.
    const fn links_key(&self) -> &'static str {
        match self.action {
            BulkAction::ResetPasskeys => "admin-result-links-passkey",
            BulkAction::InviteBrowser => "admin-result-links-browser",
            BulkAction::InviteUser => "admin-result-links-account",
            _ => "admin-result-links",
        }
    }

    fn picture(&self, link: &str) -> Option<String> {
        qr::svg(link, &self.frame.say("approver-qr-label"))
    }
}

impl PortalPage for ConfirmPage {
    const NAME: &'static str = "admin-confirm";

    fn samples(frame: &Frame) -> Vec<Self> {
        let mut pages: Vec<Self> = BulkAction::VARIANTS
            .iter()
            .map(|action| Self {
                frame: administrator_sample(frame),
                layout: AdminLayout::sample(action.area()),
                action: *action,
                word: MeantWord::sample(),
                selected: vec![
                    SelectedLine::new("alice", "alice"),
                    SelectedLine::new("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", "Pixel"),
                ],
                unseen: if *action == BulkAction::RequireCertificates { vec!["alice".to_owned()] } else { Vec::new() },
                search: None,
                back: action.area().path().to_owned(),
            })
            .collect();
        let names = (0..120).map(|number| format!("user{number}")).chain([hostile()]);
        pages.push(Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::disabled_sample(AdminArea::Users),
            action: BulkAction::SignOut,
            word: MeantWord::sample(),
            selected: names.rev().map(|name| SelectedLine::new("user", &name)).collect(),
            unseen: Vec::new(),
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
        let detail = ReasonText::sample(frame.language);
        let failure = |reason| ActionFailure { name: "mallory".to_owned(), reason, detail: detail.clone() };
        let failures =
            [FailureReason::Gone, FailureReason::Forbidden, FailureReason::Decided, FailureReason::State, FailureReason::Input];
        let page = |done, invitations, failures| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Users),
            action: BulkAction::InvitePhone,
            done,
            invitations,
            failures,
            back: paths::ADMIN_USERS.to_owned(),
        };
        let reset = Self { action: BulkAction::ResetPasskeys, ..page(1, vec![row("alice", false)], Vec::new()) };
        let browser = Self { action: BulkAction::InviteBrowser, ..page(1, vec![row("alice", true)], Vec::new()) };
        let account = Self { action: BulkAction::InviteUser, ..page(1, vec![row("alice", true)], Vec::new()) };
        vec![
            reset,
            browser,
            account,
            page(1, vec![row("alice", true)], Vec::new()),
            page(2, vec![row("alice", true), row("bob", false)], Vec::new()),
            page(0, Vec::new(), failures.map(failure).into()),
        ]
    }
}
