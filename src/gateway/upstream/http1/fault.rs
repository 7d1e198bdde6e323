//! Why an answer cannot be read to its end.

use std::io;

/// Why an answer cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum AnswerFault {
    /// The upstream closed its connection first.
    #[error("the connection ended before the answer did")]
    Ended,
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Connection(#[from] io::Error),
    /// It has no single reading.
    #[error("the answer is malformed: {0}")]
    Malformed(&'static str),
}

impl AnswerFault {
    /// Whether the connection ended, in contrast to an answer that cannot be parsed.
    pub fn is_loss(&self) -> bool {
        match self {
            Self::Ended => true,
            Self::Connection(error) => matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof
            ),
            Self::Malformed(_) => false,
        }
    }

    /// Whether it is what the upstream wrote, in contrast to a peer that left.
    pub fn is_malformed(&self) -> bool {
        match self {
            Self::Ended => false,
            // What TLS says of a record that it cannot read.
            Self::Connection(error) => matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput),
            Self::Malformed(_) => true,
        }
    }
}
