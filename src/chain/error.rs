//! Why a turn earns nothing, and why a hold is not released.

use crate::principal::method::Method;

/// Why a held request is not released.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreleased {
    /// What was approved is another request.
    #[error("release the request: another request was approved")]
    AnotherRequest,
    /// Not enough of those who count have approved.
    #[error("release the request: it has {have} of {need} valid approvals")]
    TooFew {
        /// That count.
        have: usize,
        /// That are needed.
        need: usize,
    },
    /// The transaction is approved in another way.
    #[error("release the request: its policy requires another kind of approval")]
    AnotherWay,
    /// What was approved is too long ago.
    #[error("release the request: it was approved too long ago")]
    TooOld,
}

/// Why a proof does not fit the turn it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The method is not among those asked for.
    #[error("use a proof by {0:?}: this check asked for another method")]
    Method(Method),
    /// It proves another user than the one on the way.
    #[error("use a proof of another user")]
    User,
}
