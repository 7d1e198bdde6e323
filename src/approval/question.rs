//! One approval: what is asked, of which user, and its state. It is answered once, within its time, by the first approver who
//! answers.
//! Invariant: a state is left in one direction only, and only through the functions of this file.

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use super::answerer::Answerer;
use super::assertion::Assertion;
pub use super::decision::Decision;
use super::id::ApprovalId;
use super::key::{ApproverId, PublicKey};
use super::number::NumberTest;
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::facts::request_digest::RequestDigest;
use crate::principal::user::UserId;
use crate::principal::words::Words;
use crate::random::base64url;

/// What an approval is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Check 4: who it is.
    SignIn,
    /// Check 6: after the password.
    SecondFactor,
    /// Check 5: to register a browser by a number.
    RegisterBrowser,
    /// Another approver of the same user.
    AddApprover,
    /// One request, held at the gateway.
    Transaction,
    /// Something that an app asks by itself.
    App,
}

impl Purpose {
    /// The word in what is shown, the audit log and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::RegisterBrowser => "register_browser",
            Self::AddApprover => "add_approver",
            Self::Transaction => "transaction",
            Self::App => "app",
        }
    }
}

/// What the phone shows of an approval, and what its answer is signed over: the digest of exactly this text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The approval's id.
    pub approval: ApprovalId,
    /// What it is for.
    pub purpose: Purpose,
    /// The user who is asked.
    pub user: UserId,
    /// The app, as people call it; none: the portal.
    pub app: Option<String>,
    /// The browser, in a few words.
    pub browser: String,
    /// Where it is.
    pub address: String,
    /// When it was asked: RFC 3339.
    pub asked_at: String,
    /// The portal that asks.
    pub portal: String,
    /// What is to be done, where it is more than a sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// What is to be done: the part of what is shown that only a transaction, or the question of an app, has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What kind it is: the transaction's name; of an app's own question, `app`.
    pub name: String,
    /// What it is called.
    pub title: Words,
    /// A sentence below that.
    #[serde(default, skip_serializing_if = "Words::is_silent")]
    pub sentence: Words,
    /// Who asks for it, where that is somebody else than who is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// What to know of it, in this order.
    pub fields: Vec<Detail>,
    /// The digest of the request that is held, where there is one: nothing else is forwarded with this approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestDigest>,
}

/// One thing to know of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is called.
    pub label: Words,
    /// What it is; nothing: the request does not say.
    pub value: Option<String>,
}

/// How an approval stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Nobody has answered.
    Pending,
    /// Approved.
    Approved {
        /// With what.
        by: Answerer,
        /// When.
        at: i64,
        /// Whether the number was carried over: then the browser may be registered.
        number: bool,
    },
    /// Denied.
    Denied {
        /// With what.
        by: Answerer,
        /// Why.
        why: Denial,
    },
    /// It ended before anybody answered.
    Closed {
        /// Why.
        why: Closing,
    },
    /// What it allowed was done.
    Used {
        /// With what it had been allowed.
        by: Answerer,
    },
}

/// Why a question ended before anybody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The one who asked took it back.
    TakenBack,
    /// An administrator withdrew it, or took the approver's right to answer.
    Withdrawn,
    /// The same browser asked again.
    AskedAgain,
    /// It was put to several people, and the others have settled it.
    Settled,
    /// Its code was opened with another number than the right one: nobody guesses twice.
    WrongNumber,
}

impl Closing {
    /// The word in the audit log and the approver's protocol.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TakenBack => "taken_back",
            Self::Withdrawn => "withdrawn",
            Self::AskedAgain => "asked_again",
            Self::Settled => "settled",
            Self::WrongNumber => "wrong_number",
        }
    }
}

/// Why an approval was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The person refused.
    Refused,
    /// The wrong number was chosen.
    WrongNumber,
    /// The person says that somebody else asked.
    NotMe,
}

impl Denial {
    /// The word in the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::WrongNumber => "wrong_number",
            Self::NotMe => "not_me",
        }
    }
}

/// The words of a signed answer.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) approval: ApprovalId,
    pub(crate) decision: Decision,
    #[serde(default)]
    pub(crate) number: Option<String>,
    pub(crate) shown: String,
    pub(crate) aud: String,
    pub(crate) iat: i64,
    pub(crate) jti: String,
}

debug_by_name!(Answer);

/// One approval, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: ApprovalId,
    /// What for.
    pub purpose: Purpose,
    /// The user who is asked.
    pub user: UserId,
    /// Who asks: only the same may take what was approved.
    pub asker: String,
    /// Where they are.
    pub address: ClientAddress,
    /// The text that the phone shows.
    pub shown: String,
    /// The number, where one is carried over.
    pub number: Option<NumberTest>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// From when on nobody may answer.
    pub expires_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// What kind of transaction it is, and of which app: `(app, name)`.
    #[serde(default)]
    pub transaction: Option<(String, String)>,
    /// The request that it is about.
    #[serde(default)]
    pub request: Option<RequestDigest>,
    /// Whether phones were asked, and that was counted.
    #[serde(default)]
    pub rung: bool,
    /// Whether no push was sent because the user has too many unanswered prompts (push-fatigue limit). The requester learns
    /// of this reason only; every other one looks like an unattended phone.
    #[serde(default, rename = "left_in_peace")]
    pub rate_limited: bool,
    /// The answer as it was signed, and the key: proof for later, without this server's word.
    #[serde(default)]
    pub signed: Option<Signed>,
    /// Whether it is answered with a passkey on the phone that reads its code; no approver is asked then.
    #[serde(default)]
    pub by_passkey: bool,
}

/// An answer as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Signed {
    /// By an approver.
    Approver {
        /// The JWS.
        answer: String,
        /// The key that it verifies with.
        key: PublicKey,
    },
    /// By a passkey.
    Passkey {
        /// What the authenticator answered.
        assertion: Assertion,
    },
}

impl Signed {
    /// The thumbprint of the key, by which a receipt names what answered.
    pub fn signer(&self) -> Option<ApproverId> {
        match self {
            Self::Approver { key, .. } => Some(key.id()),
            Self::Passkey { assertion } => assertion.key.id(),
        }
    }
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Late {
    /// Somebody answered before, or it was withdrawn.
    #[error("answer the approval: it was already answered or withdrawn")]
    Closed,
    /// Its time is over.
    #[error("answer the approval: it has expired")]
    Expired,
}

impl Question {
    /// The digest that an answer is signed over.
    pub fn digest(&self) -> String {
        base64url(digest::digest(&digest::SHA256, self.shown.as_bytes()).as_ref())
    }

    /// Whether somebody may still answer.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == State::Pending && now < self.expires_at
    }

    /// Whether its time went by unanswered.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.state == State::Pending && now >= self.expires_at
    }

    /// Takes an answer; what it became.
    pub(super) fn answered(
        mut self,
        by: &Answerer,
        decision: Decision,
        number: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Late> {
        if self.state != State::Pending {
            return Err(Late::Closed);
        }
        if now >= self.expires_at {
            return Err(Late::Expired);
        }
        let denied = |why| State::Denied { by: by.clone(), why };
        self.state = match (decision, &self.number) {
            (Decision::Deny, _) => denied(Denial::Refused),
            (Decision::NotMe, _) => denied(Denial::NotMe),
            // An approval without the number that was asked for is a wrong one.
            (Decision::Approve, Some(test)) if !number.is_some_and(|number| test.is(number)) => denied(Denial::WrongNumber),
            (Decision::Approve, test) => State::Approved { by: by.clone(), at: now.millis(), number: test.is_some() },
        };
        Ok(self)
    }

    /// Ends it unanswered.
    pub(super) fn closed(mut self, why: Closing, now: Timestamp) -> Result<Self, Late> {
        if !self.is_open(now) {
            return Err(Late::Closed);
        }
        self.state = State::Closed { why };
        Ok(self)
    }

    /// Uses up what was approved.
    pub(super) fn used(mut self) -> Option<(Self, Answerer, Timestamp, bool)> {
        let State::Approved { by, at, number } = self.state else { return None };
        self.state = State::Used { by: by.clone() };
        Some((self, by, Timestamp::from_millis(at), number))
    }
}
