//! Why a body is not held.

use std::io;

use aws_lc_rs::digest::Digest;

/// Why a body is not held.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Longer than one may be.
    #[error("hold a body: it is longer than {0} bytes")]
    TooLong(u64),
    /// Too much is held already.
    #[error("hold a body: as much is held as `limits.transaction_memory` and `limits.transaction_disk` allow")]
    Full,
    /// The owner has too much here already. Only the length and the hash are kept: the same body may be held already.
    #[error("hold a body: those of this owner take up as much as one may")]
    OwnFull(u64, Digest),
    /// The disk, above all when it is full.
    #[error("hold a body in a file: {0}")]
    Disk(#[from] io::Error),
    /// The cipher, or what was written came back otherwise.
    #[error("hold a body in a file: what was written is not what came back")]
    Damaged,
}
