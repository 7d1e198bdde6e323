//! What is said of a ticket that does not count.

use crate::kerberos::fault::TicketFault;
use crate::portal::kit::page::Frame;
use crate::sign_in::ticket::RefusedTicket;

/// What was wrong with a ticket, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketProblem {
    /// It was used before: a new request brings a new one.
    Used,
    /// The clocks differ.
    Clock,
    /// It has ended, or was made for a key of before: the computer must get a new one.
    Old,
    /// It was made for another TLS connection, or for none.
    Connection,
    /// Its account is no user's here.
    Account(Option<String>),
    /// Its account is another user's than the one who signs in.
    Another(String),
    /// The gateway cannot take tickets at the moment.
    Gateway,
}

impl TicketProblem {
    /// Of a ticket that does not count.
    pub(in crate::portal) fn of(refused: &RefusedTicket) -> Self {
        let account = || refused.account.clone();
        match refused.fault {
            TicketFault::Replayed => Self::Used,
            TicketFault::ClockSkew => Self::Clock,
            TicketFault::Expired | TicketFault::NotYetValid | TicketFault::TicketOld => Self::Old,
            TicketFault::OtherConnection | TicketFault::NotBound => Self::Connection,
            TicketFault::AnotherUser => Self::Another(account().unwrap_or_default()),
            TicketFault::NameUnreadable
            | TicketFault::NotAPerson
            | TicketFault::Machine
            | TicketFault::Anonymous
            | TicketFault::ForeignRealm
            | TicketFault::NotMapped
            | TicketFault::UnknownUser
            | TicketFault::AccountChanged => Self::Account(account()),
            TicketFault::Malformed
            | TicketFault::Ntlm
            | TicketFault::NoTicket
            | TicketFault::OtherMechanism
            | TicketFault::KeytabOld
            | TicketFault::OtherService
            | TicketFault::Undecryptable
            | TicketFault::KeytabUnusable
            | TicketFault::ReplayCache
            | TicketFault::Other
            | TicketFault::Busy => Self::Gateway,
        }
    }

    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::Used => frame.say("problem-ticket-used"),
            Self::Clock => frame.say("problem-ticket-clock"),
            Self::Old => frame.say("problem-ticket-old"),
            Self::Connection => frame.say("problem-ticket-connection"),
            Self::Account(Some(account)) => frame.with("problem-ticket-account", "account", frame.short(account)),
            Self::Account(None) => frame.say("problem-ticket-no-account"),
            Self::Another(account) => frame.with("problem-ticket-another", "account", frame.short(account)),
            Self::Gateway => frame.say("problem-ticket-gateway"),
        }
    }
}
