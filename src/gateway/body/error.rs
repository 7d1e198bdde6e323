//! Why a body broke off.

use std::time::Duration;

use crate::gateway::upstream::http1::AnswerFault;

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The peer's connection or its framing broke.
    #[error("read a body: {0}")]
    Broken(#[from] hyper::Error),
    /// The answer of an upstream over HTTP/1.1 did not come to its end.
    #[error("read a body: {0}")]
    Answer(#[from] AnswerFault),
    /// Nothing moved for the time allowed.
    #[error("read a body: no data for {0:?}")]
    Stalled(Duration),
    /// More than allowed.
    #[error("read a body: it is longer than {0} bytes")]
    TooLong(u64),
    /// The requests of its connection take up too much memory together.
    #[error("read a body: the requests of its connection use too much memory")]
    TooMuch,
    /// The session behind it ended.
    #[error("stream a body: its session ended")]
    SessionEnded,
    /// The portal's own body failed.
    #[error("answer a body: {0}")]
    Portal(axum::Error),
}
