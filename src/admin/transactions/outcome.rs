//! What a transaction came to, as administrators filter by it and read it.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::error::AdminError;
use crate::transaction::RecordedTransaction;

/// How a transaction stands, or how it ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    ValueEnum,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = Outcome)]
pub enum TransactionOutcome {
    /// It waits.
    Held,
    /// It is on its way.
    Forwarding,
    /// The app answered.
    Forwarded,
    /// Somebody who was asked said no.
    Denied,
    /// It was taken back.
    Cancelled,
    /// Its time went by.
    Expired,
    /// It was approved, and the chain refused it then.
    Refused,
    /// It was approved, and the app could not be reached: it did not happen.
    NotSent,
    /// It was sent, and no answer came: the app alone knows.
    Unknown,
}

impl TransactionOutcome {
    /// Its word, as in the record of the transaction.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// The outcome of a record.
    ///
    /// # Errors
    /// A word that this build does not know: a later one wrote the record.
    pub fn of(record: &RecordedTransaction) -> Result<Self, AdminError> {
        let unknown = || format!("the outcome {:?} of transaction {} is not known to this build", record.outcome, record.id);
        record.outcome.parse().map_err(|_unknown_word| AdminError::State(unknown()))
    }
}
