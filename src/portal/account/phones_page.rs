//! The account's phones: the list, and how one is added.

use askama::Template;

use crate::portal::account::pages::{Notice, Place, signed_in};
use crate::portal::kit::paths;
use crate::clock::Timestamp;
use crate::portal::kit::page::{Frame, Page};
use crate::portal::kit::qr;

/// The phones of the account.
#[derive(Debug, Template)]
#[template(path = "account/phones.html")]
pub struct ApproversPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// The phones.
    pub approvers: Vec<ApproverRow>,
    /// How many there may be.
    pub limit: usize,
    /// Whether one may be added here.
    pub may_add: bool,
    /// Whether one may be removed here.
    pub may_remove: bool,
    /// What stands against them: a message key.
    pub trouble: Option<&'static str>,
}

/// One phone.
#[derive(Clone, Debug)]
pub struct ApproverRow {
    /// Its id, posted back to remove it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub agent: String,
    /// Since when.
    pub registered_at: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
}

impl ApproversPage {
    const fn place(&self) -> Place {
        Place::Approvers
    }

    fn is_full(&self) -> bool {
        self.approvers.len() >= self.limit
    }
}

/// How a phone is added: the link with its QR code, or waiting for a phone that is there already.
#[derive(Debug, Template)]
#[template(path = "account/phone_add.html")]
pub struct ApproverAddPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Where it stands.
    pub adding: Adding,
}

/// Where adding a phone stands.
#[derive(Clone, Debug)]
pub enum Adding {
    /// Open this on the phone, until then.
    Link(String, Timestamp),
    /// A phone that is there is asked: where to look after it, and where to go on.
    Waiting {
        /// Answers when it is over.
        state_at: String,
        /// This page.
        next: String,
        /// Seconds left.
        left: u64,
    },
    /// It was denied, or nobody answered.
    Over,
}

impl ApproverAddPage {
    const fn place(&self) -> Place {
        Place::Approvers
    }

    fn picture(&self, link: &str) -> Option<String> {
        qr::svg(link, &self.frame.say("approver-qr-label"))
    }
}

impl Page for ApproversPage {
    const NAME: &'static str = "account-approvers";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |name: String| ApproverRow {
            id: "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s".to_owned(),
            name,
            agent: "Chrome, Android".to_owned(),
            registered_at: Timestamp::from_seconds(1_795_400_000),
            last_seen: Timestamp::from_seconds(1_795_508_000),
        };
        let page = |approvers, may, trouble| Self {
            frame: signed_in(frame),
            notices: vec![Notice::ApproverRemoved],
            approvers,
            limit: 3,
            may_add: may,
            may_remove: may,
            trouble,
        };
        vec![
            page(vec![row("Pixel".to_owned()), row("iPad".to_owned())], true, None),
            page(Vec::new(), true, None),
            page(vec![row("Pixel".to_owned())], false, Some("approvers-suspended")),
            page(vec![row(crate::portal::samples::hostile()), row("b".to_owned()), row("c".to_owned())], true, Some("approvers-locked")),
        ]
    }
}

impl Page for ApproverAddPage {
    const NAME: &'static str = "account-approver-add";

    fn samples(frame: &Frame) -> Vec<Self> {
        let link = "https://auth.example.com/approver/#add=JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4".to_owned();
        [
            Adding::Link(link, Timestamp::from_seconds(1_795_595_400)),
            Adding::Waiting {
                state_at: "/account/approvers/state".to_owned(),
                next: "/account/approvers/add".to_owned(),
                left: 48,
            },
            Adding::Over,
        ]
        .map(|adding| Self { frame: signed_in(frame), adding })
        .into()
    }
}
