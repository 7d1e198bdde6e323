//! The end of a stream or socket that is watched, as the body or the tunnel that carries it sees it.

use tokio_util::sync::{CancellationToken, DropGuard};

/// The end of a watched stream or socket: kept as long as the stream is carried. The watch ends when this is dropped.
#[derive(Debug)]
pub struct StreamEnd {
    /// Cancelled when the stream must end.
    pub(super) token: CancellationToken,
    _open: DropGuard,
}

impl StreamEnd {
    /// An end by `token`, watched until `open` is dropped.
    pub(super) const fn new(token: CancellationToken, open: DropGuard) -> Self {
        Self { token, _open: open }
    }

    /// Resolves when the stream must end; never where nothing watches it.
    pub(super) async fn of(watched: Option<&Self>) {
        match watched {
            Some(end) => end.token.cancelled().await,
            None => std::future::pending().await,
        }
    }
}
