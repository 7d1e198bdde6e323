//! Why a value cannot be shown, so that the request is refused.

use crate::transaction::spool::SpoolError;

/// Why something cannot be shown, so that the request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not there, or empty.
    #[error("show {0}: the request has no such value")]
    Missing(String),
    /// It is there more than once, or under names that some upstreams take for one.
    #[error("show {0}: the request has it more than once, or in two spellings")]
    Ambiguous(String),
    /// It is not a plain value.
    #[error("show {0}: not a plain value")]
    NotPlain(String),
    /// It is not a decimal number.
    #[error("show {0}: not a decimal number (digits, and a point before decimals)")]
    NotANumber(String),
    /// It is a number that is another one in programs that count in binary fractions.
    #[error("show {0}: some programs round this number; send it as a string, or with 15 digits at most and below 2^53")]
    Inexact(String),
    /// The body is not what its type says, or not UTF-8.
    #[error("read the request's body: {0}")]
    Malformed(&'static str),
    /// The body is of another type than what is to be shown is read from.
    #[error("read the request's body: it must be {0}")]
    AnotherType(&'static str),
    /// It is encoded in a way that we do not read.
    #[error("read the request's body: send it without a content-encoding, in UTF-8")]
    Encoded,
    /// It is longer than is read.
    #[error("read the request's body: it is longer than {0} bytes, too long to show values of it")]
    TooLong(u64),
    /// It could not be read back.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Unreadable {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "transaction_field_missing",
            Self::Ambiguous(_) => "transaction_field_ambiguous",
            Self::NotPlain(_) => "transaction_field_not_plain",
            Self::NotANumber(_) => "transaction_field_not_a_number",
            Self::Inexact(_) => "transaction_field_inexact",
            Self::Malformed(_) => "transaction_body_malformed",
            Self::AnotherType(_) => "transaction_body_type",
            Self::Encoded => "transaction_body_encoded",
            Self::TooLong(_) => "transaction_body_too_long",
            Self::Spool(_) => "transaction_not_held",
        }
    }
}
