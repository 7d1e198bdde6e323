//! Users and groups: what is assigned to them, how their failed attempts are limited, and what is sent to them.
//! The hot path reads a user's [`UserStanding`](crate::principal::user::UserStanding) from memory; every change is written to the directory first.
//! Invariant: a user name is compared only as a [`UserId`], which has one spelling (T32).

pub mod group;
pub mod groups;
pub mod links;
pub mod list_line;
pub mod mail_text;
pub mod network_list;
mod network_records;
pub mod networks;
pub mod outbox;
pub mod places;
mod records;
pub mod regulation;
pub mod relay;
pub mod settings;
pub mod tokens;
pub mod user;
pub mod users;

#[cfg(test)]
mod tests;

use crate::principal::user::{GroupName, UserId};
use crate::store::database::DatabaseError;

/// What may go wrong with an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No user has this name.
    #[error("find user {0}: no user has that name")]
    UnknownUser(UserId),
    /// The name is taken.
    #[error("add user {0}: a user with that name exists")]
    UserExists(UserId),
    /// No group has this name.
    #[error("find group {0}: no group has that name; `sekisho group add {0}` creates it")]
    UnknownGroup(GroupName),
    /// The name is taken.
    #[error("add group {0}: a group with that name exists")]
    GroupExists(GroupName),
    /// A field of a profile cannot be kept.
    #[error("set {field}: {reason}")]
    Field {
        /// Which field.
        field: &'static str,
        /// What is wrong with it, and what would do.
        reason: &'static str,
    },
    /// Two switches of a user exclude each other.
    #[error("switch on {wanted} for {user}: {other} are on, and the two exclude each other (devices.exclusive)")]
    Excluded {
        /// The user.
        user: UserId,
        /// What was to be switched on.
        wanted: &'static str,
        /// What is on already.
        other: &'static str,
    },
    /// The same request was done before.
    #[error("make a token: this request was done already, and the token was shown then; `sekisho token list` shows it as {0}")]
    TokenMade(String),
    /// The directory did not do it.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}
