//! Why a body is not held.

use std::io;

use aws_lc_rs::digest::Digest;

/// Why a body is not held.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Longer than one may be.
    #[error("store a body: it is longer than {0} bytes")]
    TooLong(u64),
    /// Too much is held already.
    #[error("store a body: `limits.transaction_memory` and `limits.transaction_disk` are used up")]
    Full,
    /// The owner has too much here already. Only the length and the hash are kept: the same body may be held already.
    #[error("store a body: the bodies of this user use up the limit per user")]
    OwnFull(u64, Digest),
    /// The disk, above all when it is full.
    #[error("store a body in a file: {0}")]
    Disk(#[from] io::Error),
    /// The cipher, or what was written came back otherwise.
    #[error("store a body in a file: the file does not hold what was written")]
    Damaged,
}
