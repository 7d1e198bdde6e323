//! The receipt of a transaction: what was asked, what was shown, who answered what, and what became of it, signed by this
//! gateway (JWS, ES256). The answers in it are signed by the approvers' own keys over what they were shown, so that who
//! holds a receipt need not take the gateway's word for them.

use serde::{Deserialize, Serialize};

use super::held::Held;
use super::records::GivenAnswer;
use super::stage::Ending;
use crate::approval::question::Details;
use crate::chain::policy::transaction::{ApproverRule, By, Transaction};
use crate::clock::Timestamp;

/// The type of a receipt.
pub const TYPE: &str = "sekisho-receipt+jwt";

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptClaims {
    /// The portal that signs.
    pub iss: String,
    /// The app.
    pub aud: String,
    /// The transaction's id.
    pub jti: String,
    /// When it was signed, seconds.
    pub iat: i64,
    /// Which transaction of the app.
    pub name: String,
    /// Who asked; none: a machine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requester: Option<String>,
    /// Where from.
    pub address: String,
    /// With which browser.
    pub agent: String,
    /// When it was held, RFC 3339.
    pub asked_at: String,
    /// When it ended, RFC 3339.
    pub ended_at: String,
    /// How it ended: the word of an [`Ending`].
    pub outcome: String,
    /// The status that the upstream answered with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// The request's method.
    pub method: String,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// The digest of the request, base64url.
    pub request: String,
    /// What was shown of it.
    pub details: Details,
    /// What had to be said for it to be forwarded.
    pub rule: ReceiptRule,
    /// What approvers answered.
    pub answers: Vec<GivenAnswer>,
}

/// What had to be said for a transaction to be forwarded, as the config had it then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRule {
    /// By what.
    pub by: Way,
    /// How many had to say yes; by a code nobody is asked.
    pub needs: usize,
    /// The users whose yes counted.
    pub counts: Counting,
    /// Members of these groups, where it was not the requester.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub groups: Vec<String>,
    /// Whether a number had to be carried to the phone.
    pub number: bool,
    /// Whether the transaction password came first.
    pub password: bool,
}

/// By what a transaction is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// On phones: their answers are in the receipt.
    Push,
    /// By a code that the requester typed: only the gateway's signature proves it.
    Code,
}

/// The users whose yes counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// That of the requester.
    Requester,
    /// That of others.
    Others,
    /// Anybody's of the groups.
    Anybody,
}

impl ReceiptRule {
    fn of(rule: &Transaction) -> Self {
        let (counts, groups) = match &rule.approvers {
            ApproverRule::Requester => (Counting::Requester, Vec::new()),
            ApproverRule::Groups { groups, requester, .. } => {
                let groups = groups.iter().map(ToString::to_string).collect();
                (if *requester { Counting::Anybody } else { Counting::Others }, groups)
            }
        };
        let (by, needs) = match rule.by {
            By::Push => (Way::Push, rule.approvers.count()),
            By::Code => (Way::Code, 0),
        };
        Self { by, needs, counts, groups, number: rule.number, password: rule.password }
    }
}

/// What was shown, a line for each thing to know, in English.
pub fn lines(details: &Details) -> Vec<String> {
    let line = |label: &str, value: Option<&str>| format!("{label}: {}", value.unwrap_or("–"));
    details.fields.iter().map(|field| line(&field.label.en, field.value.as_deref())).collect()
}

impl ReceiptClaims {
    /// Of a transaction that ended now.
    pub fn of(held: &Held, ending: Ending, answers: &[GivenAnswer], portal: &str, now: Timestamp) -> Self {
        Self {
            iss: portal.trim_end_matches('/').to_owned(),
            aud: held.rule.app.to_string(),
            jti: held.id.to_string(),
            iat: now.seconds(),
            name: held.rule.name.to_string(),
            requester: held.user.as_ref().map(ToString::to_string),
            address: held.address.to_string(),
            agent: held.agent.clone(),
            asked_at: held.asked_at.rfc3339(),
            ended_at: now.rfc3339(),
            outcome: ending.word().to_owned(),
            status: if let Ending::Forwarded(status) = ending { Some(status) } else { None },
            method: held.method.to_string(),
            authority: held.authority.clone(),
            target: held.target.clone(),
            request: held.digest.text(),
            details: held.details.clone(),
            rule: ReceiptRule::of(&held.rule),
            answers: answers.to_vec(),
        }
    }
}
