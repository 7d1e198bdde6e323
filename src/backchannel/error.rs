//! A part of the gateway that does not answer a request of an app.

use crate::approval::Rejected;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;

/// Something of ours does not answer.
#[derive(Debug, thiserror::Error)]
pub enum BackchannelError {
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The engine.
    #[error("{0}")]
    Engine(String),
}

impl From<Rejected> for BackchannelError {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Shared(error) => Self::Shared(error),
            Rejected::Database(error) => Self::Database(error),
            other => Self::Engine(other.to_string()),
        }
    }
}
