//! How a transaction stands: its stages in order, what each one waits for, and how it can end.

use std::fmt;

use crate::approval::Consent;
use crate::approval::id::ApprovalId;
use crate::clock::Timestamp;
use crate::factor::Proof;

/// What makes a held request one that may be forwarded.
#[derive(Debug)]
pub enum Agreement {
    /// Approvals on phones.
    Consents(Vec<Consent>),
    /// A code that the requester typed.
    Code(Proof),
}

/// The stage of a transaction, with what belongs to that stage alone.
#[derive(Debug)]
pub enum Stage {
    /// The transaction password is asked for.
    Password,
    /// A code is asked for.
    Code,
    /// Phones are asked.
    Asked(Vec<ApprovalId>),
    /// The requester may fetch the result until this time.
    Approved(Agreement, Timestamp),
    /// It is on its way to the upstream.
    Forwarding,
    /// It is over.
    Ended(Ending),
}

impl Stage {
    /// The stage without what belongs to it.
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Password => Phase::Open(WaitsFor::Password),
            Self::Code => Phase::Open(WaitsFor::Code),
            Self::Asked(_) => Phase::Open(WaitsFor::Pending),
            Self::Approved(..) => Phase::Open(WaitsFor::Approved),
            Self::Forwarding => Phase::Open(WaitsFor::Forwarding),
            Self::Ended(ending) => Phase::Ended(*ending),
        }
    }
}

/// A stage by its name: what pages, programs and administrators see of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has not ended, and waits for this.
    Open(WaitsFor),
    /// It ended so.
    Ended(Ending),
}

impl Phase {
    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open(waits_for) => waits_for.word(),
            Self::Ended(ending) => ending.word(),
        }
    }

    /// Whether the requester may fetch the result now.
    pub const fn is_approved(self) -> bool {
        matches!(self, Self::Open(WaitsFor::Approved))
    }

    /// Whether somebody still has to prove or to answer something.
    pub const fn is_undecided(self) -> bool {
        match self {
            Self::Open(WaitsFor::Password | WaitsFor::Code | WaitsFor::Pending) => true,
            Self::Open(WaitsFor::Approved | WaitsFor::Forwarding) | Self::Ended(_) => false,
        }
    }

    /// What it waits for; `None` once it has ended.
    pub const fn waits_for(self) -> Option<WaitsFor> {
        match self {
            Self::Open(waits_for) => Some(waits_for),
            Self::Ended(_) => None,
        }
    }

    /// How it ended, if it did.
    pub const fn ending(self) -> Option<Ending> {
        match self {
            Self::Open(_) => None,
            Self::Ended(ending) => Some(ending),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// What a transaction that is not over waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The transaction password.
    Password,
    /// A code.
    Code,
    /// Phones.
    Pending,
    /// The requester, who fetches the result.
    Approved,
    /// The upstream's answer.
    Forwarding,
}

impl WaitsFor {
    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Forwarding => "forwarding",
        }
    }
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The upstream answered with this status.
    Forwarded(u16),
    /// An approver denied it.
    Denied,
    /// The requester or an administrator withdrew it.
    Cancelled,
    /// Its time is over.
    Expired,
    /// When it was to be forwarded, the policy did not allow it any longer: the session had ended, came from another
    /// network, …
    Refused,
    /// It was approved, and no upstream could be reached: it did not happen.
    NotSent,
    /// It was sent, and no answer came: only the app knows whether it happened.
    Unknown,
}

impl Ending {
    /// The word in the record, the API and the audit log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forwarded(_) => "forwarded",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}
