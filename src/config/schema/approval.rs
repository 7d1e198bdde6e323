//! `[approval]` and `[login_forms]`: what phones are asked, and how.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::{CidrBlock, TimeSpan};
use crate::principal::number_style::NumberStyle;

/// Approvals on the phone.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// How long a question may be answered.
    pub lifetime: TimeSpan,
    /// Approvers of one user at most; 1 for bank-like policies.
    pub per_user: usize,
    /// When a number is carried from the browser to the phone.
    pub number_matching: NumberMatching,
    /// How it is carried, where no policy says. Administrators type theirs (`portal.admin_demands`).
    pub number_style: NumberStyle,
    /// Whether a user without an approver approves a sign-in with a passkey: a phone reads the code on the screen and uses the
    /// passkey there. Nothing rings for it.
    pub by_passkey: bool,
    /// Whether users may add approvers themselves; otherwise only an administrator's link does.
    pub members_may_add: bool,
    /// Whether users may remove approvers themselves.
    pub members_may_delete: bool,
    /// Questions that may go unanswered or be denied before the user's phones are left in peace.
    pub unanswered: u32,
    /// The time that they are counted in, and the first silence; each further one is twice as long.
    pub unanswered_within: TimeSpan,
    /// Questions that one network may put to phones within ten minutes, for all users together; registered browsers not counted.
    pub asked_per_network: u32,
    /// Whether a phone and an authenticator app exclude each other: who has one registers the other only after it is
    /// removed.
    pub excludes_totp: bool,
    /// Wrong answers in a row that lock a user's approvals until an administrator unlocks them.
    pub wrong_answers: u32,
    /// Networks besides the public internet where push services may be: for one of your own.
    pub push_networks: Vec<CidrBlock>,
    /// PEM file with the authority of push services; the system's authorities by default.
    pub push_authority: Option<PathBuf>,
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            lifetime: TimeSpan::seconds(60),
            per_user: 3,
            number_matching: NumberMatching::NewBrowser,
            number_style: NumberStyle::Choose,
            by_passkey: false,
            members_may_add: true,
            members_may_delete: true,
            asked_per_network: 600,
            excludes_totp: false,
            unanswered: 3,
            unanswered_within: TimeSpan::minutes(10),
            wrong_answers: 5,
            push_networks: Vec::new(),
            push_authority: None,
        }
    }
}

/// Login forms that are shut until their owner opens them from the phone, on every policy with `login_protect`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginForms {
    /// How long a form stays open for its one password: from 1 second to 10 minutes.
    pub window: TimeSpan,
}

impl Default for LoginForms {
    fn default() -> Self {
        Self { window: TimeSpan::seconds(60) }
    }
}

/// When a number is carried from the browser to the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberMatching {
    /// On a browser that is not registered for the user; later ones approve or deny.
    NewBrowser,
    /// At every sign-in.
    Always,
}
