//! Setting up: a password, an authenticator, recovery codes. The same pages serve an invitation (three steps, nobody signed in
//! yet) and the account (one thing changed); [`Course`] says which.

pub mod authenticator;
pub mod passkey;
pub mod password;
pub mod recovery_codes;
pub mod steps;

/// What the page is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// An invitation: password, authenticator, recovery codes, one after another.
    Invitation,
    /// A one-time link that sets one thing again.
    Reset,
    /// The account of somebody signed in.
    Account,
}
