//! Why a ticket does not count. The library numbers its minor statuses by the order in which they come up, so a reason is known
//! by the routine error and by words of the text alone.

use super::gss::TokenFailure;

/// Why a ticket does not count. The word never changes: audit, metrics and logs use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("accept the ticket: {}", self.word())]
pub enum TicketFault {
    /// What came is no token.
    Malformed,
    /// The browser offers NTLM: it has no ticket.
    Ntlm,
    /// The exchange would need more than one token: the browser has no ticket at hand.
    NoTicket,
    /// Another mechanism than Kerberos.
    OtherMechanism,
    /// This very token was accepted before: an ordinary event after a connection that was lost.
    Replayed,
    /// The clocks differ by more than five minutes.
    ClockSkew,
    /// The ticket has ended.
    Expired,
    /// The ticket begins later.
    NotYetValid,
    /// The ticket was made for another TLS connection.
    OtherConnection,
    /// The policy wants the ticket bound to the TLS connection, and the browser did not bind it.
    NotBound,
    /// The ticket is under a newer key than the keytab has.
    KeytabOld,
    /// The keytab has only newer keys than the ticket is under: the browser keeps an old ticket.
    TicketOld,
    /// The ticket is for another service, or under another kind of key.
    OtherService,
    /// The ticket cannot be decrypted, or was changed on its way.
    Undecryptable,
    /// The keytab is not there, cannot be read, or may not be used.
    KeytabUnusable,
    /// What was accepted cannot be remembered.
    ReplayCache,
    /// Something else that the library says.
    Other,
    /// The client's name cannot be read.
    NameUnreadable,
    /// A service, or a name of several parts.
    NotAPerson,
    /// A computer's own account.
    Machine,
    /// Nobody in particular.
    Anonymous,
    /// A realm that the config does not list.
    ForeignRealm,
    /// The rule of the config makes no user name of it.
    NotMapped,
    /// No user has the name.
    UnknownUser,
    /// The user is known by another account of the domain: an account was removed and its name given again.
    AccountChanged,
    /// Another user than the one who is signing in.
    AnotherUser,
    /// Too many are verified at once.
    Busy,
}

/// Whose a fault is to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultSide {
    /// Nobody's: it happens in ordinary use.
    Nobody,
    /// The person's, at the computer.
    Person,
    /// The operators'.
    Operator,
}

impl TicketFault {
    /// Every fault, for documentation and tests.
    pub const ALL: [Self; 27] = [
        Self::Malformed,
        Self::Ntlm,
        Self::NoTicket,
        Self::OtherMechanism,
        Self::Replayed,
        Self::ClockSkew,
        Self::Expired,
        Self::NotYetValid,
        Self::OtherConnection,
        Self::NotBound,
        Self::KeytabOld,
        Self::TicketOld,
        Self::OtherService,
        Self::Undecryptable,
        Self::KeytabUnusable,
        Self::ReplayCache,
        Self::Other,
        Self::NameUnreadable,
        Self::NotAPerson,
        Self::Machine,
        Self::Anonymous,
        Self::ForeignRealm,
        Self::NotMapped,
        Self::UnknownUser,
        Self::AccountChanged,
        Self::AnotherUser,
        Self::Busy,
    ];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Malformed => "ticket_malformed",
            Self::Ntlm => "ticket_ntlm",
            Self::NoTicket => "ticket_missing",
            Self::OtherMechanism => "ticket_other_mechanism",
            Self::Replayed => "ticket_replayed",
            Self::ClockSkew => "clock_skew",
            Self::Expired => "ticket_expired",
            Self::NotYetValid => "ticket_not_yet_valid",
            Self::OtherConnection => "channel_binding_wrong",
            Self::NotBound => "channel_binding_missing",
            Self::KeytabOld => "keytab_old",
            Self::TicketOld => "ticket_old",
            Self::OtherService => "ticket_of_another_service",
            Self::Undecryptable => "ticket_undecryptable",
            Self::KeytabUnusable => "keytab_unusable",
            Self::ReplayCache => "replay_cache_unusable",
            Self::Other => "ticket_refused",
            Self::NameUnreadable => "principal_unreadable",
            Self::NotAPerson => "principal_of_a_service",
            Self::Machine => "principal_of_a_machine",
            Self::Anonymous => "principal_anonymous",
            Self::ForeignRealm => "realm_not_listed",
            Self::NotMapped => "principal_not_mapped",
            Self::UnknownUser => "user_unknown",
            Self::AccountChanged => "account_changed",
            Self::AnotherUser => "ticket_of_another_user",
            Self::Busy => "busy",
        }
    }

    /// Whose it is to mend.
    pub const fn side(self) -> FaultSide {
        match self {
            Self::Malformed | Self::Ntlm | Self::NoTicket | Self::OtherMechanism | Self::Replayed | Self::Busy => {
                FaultSide::Nobody
            }
            Self::ClockSkew | Self::Expired | Self::NotYetValid | Self::OtherConnection | Self::NotBound | Self::TicketOld => {
                FaultSide::Person
            }
            Self::NameUnreadable | Self::NotAPerson | Self::Machine | Self::Anonymous | Self::AnotherUser => FaultSide::Person,
            Self::KeytabOld
            | Self::OtherService
            | Self::Undecryptable
            | Self::KeytabUnusable
            | Self::ReplayCache
            | Self::Other
            | Self::ForeignRealm
            | Self::NotMapped
            | Self::UnknownUser
            | Self::AccountChanged => FaultSide::Operator,
        }
    }

    /// Whether a new token of the same browser may do: then it is challenged once more.
    pub const fn is_mended_by_a_new_token(self) -> bool {
        matches!(self, Self::Replayed)
    }

    /// What the library's refusal means.
    pub(super) fn of(failure: &TokenFailure) -> Self {
        let TokenFailure::Refused { major, text } = failure else { return Self::NoTicket };
        let says = |words: &str| text.contains(words);
        match major >> 16 {
            // Routine errors (RFC 2744 §3.9.1): bad mechanism, bad bindings, no credential, defective token, expired credential.
            1 => Self::OtherMechanism,
            4 => Self::OtherConnection,
            7 => Self::OtherMechanism,
            9 => Self::Malformed,
            11 => Self::Expired,
            _ if says("Request is a replay") => Self::Replayed,
            _ if says("Clock skew too great") => Self::ClockSkew,
            _ if says("Ticket expired") => Self::Expired,
            _ if says("Ticket not yet valid") => Self::NotYetValid,
            _ if says("keytab is likely out of date") => Self::KeytabOld,
            _ if says("ticket is likely out of date") => Self::TicketOld,
            _ if says("Key table file") || says("Permission denied") => Self::KeytabUnusable,
            _ if says("Decrypt integrity check failed") || says("cannot decrypt ticket") => Self::Undecryptable,
            _ if says("not found in keytab") || says("found in keytab but") => Self::OtherService,
            _ if says("No space left on device") || says("No such file or directory") || says("Read-only file system") => {
                Self::ReplayCache
            }
            _ if says("An unsupported mechanism was requested") => Self::OtherMechanism,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_fault_has_a_row_in_the_manual() {
        let manual = include_str!("../../docs/desktop-sso.md");
        for fault in TicketFault::ALL {
            let named = format!("`{}`", fault.word());
            assert!(manual.lines().any(|line| line.starts_with("| `") && line.contains(&named)), "{named}");
        }
    }

    fn of(major: u32, text: &str) -> TicketFault {
        TicketFault::of(&TokenFailure::Refused { major, text: text.to_owned() })
    }

    #[test]
    fn each_fault_has_a_word_of_its_own() {
        let words: BTreeSet<_> = TicketFault::ALL.into_iter().map(TicketFault::word).collect();
        assert_eq!(words.len(), TicketFault::ALL.len());
    }

    /// The texts are those of MIT 1.20.1.
    #[test]
    fn what_the_library_says_is_known_by_its_text() {
        let begin = "Unspecified GSS failure.  Minor code may provide more information";
        let said = |text: &str| of(0xd_0000, &format!("{begin}; {text}"));
        let ticket = "Request ticket server HTTP/gw.example.test@EXAMPLE.TEST";
        assert_eq!(said("Request is a replay"), TicketFault::Replayed);
        assert_eq!(said("Clock skew too great"), TicketFault::ClockSkew);
        assert_eq!(said("Ticket expired"), TicketFault::Expired);
        assert_eq!(said("Ticket not yet valid"), TicketFault::NotYetValid);
        assert_eq!(said(&format!("{ticket} kvno 3 not found in keytab; keytab is likely out of date")), TicketFault::KeytabOld);
        assert_eq!(said(&format!("{ticket} kvno 2 not found in keytab; ticket is likely out of date")), TicketFault::TicketOld);
        assert_eq!(said(&format!("{ticket} kvno 3 found in keytab but not with enctype aes256-cts")), TicketFault::OtherService);
        assert_eq!(said(&format!("{ticket} not found in keytab (ticket kvno 3)")), TicketFault::OtherService);
        assert_eq!(said("Key table file '/etc/k' not found"), TicketFault::KeytabUnusable);
        assert_eq!(said("No space left on device (filename: /var/lib/r)"), TicketFault::ReplayCache);
        assert_eq!(of(0x4_0000, "Incorrect channel bindings were supplied; Success"), TicketFault::OtherConnection);
        assert_eq!(of(0x1_0000, "An unsupported mechanism was requested"), TicketFault::OtherMechanism);
        assert_eq!(of(0x9_0000, "A token was invalid"), TicketFault::Malformed);
        assert_eq!(said("Something new"), TicketFault::Other);
        assert_eq!(TicketFault::of(&TokenFailure::Unfinished), TicketFault::NoTicket);
    }
}
