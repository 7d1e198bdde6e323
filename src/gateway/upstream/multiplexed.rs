//! The HTTP/2 connection to one address, which all requests share. Of several requests that find none, one opens it and the
//! others wait for that one, so that the first requests to an address do not each open a connection.

use hyper::client::conn::http2;
use parking_lot::Mutex;

use super::http1::UpstreamConnection;

/// A connection that nothing was sent over.
pub(super) enum NewConnection<B> {
    H1(UpstreamConnection),
    H2(http2::SendRequest<B>),
}

/// The shared connection, and the attempt to open it.
pub(super) struct Multiplexed<B> {
    known: Mutex<ConnectionState<B>>,
    /// Held by the request that opens the connection.
    opening: tokio::sync::Mutex<()>,
}

struct ConnectionState<B> {
    shared: Option<SharedConnection<B>>,
    /// Attempts that came to an end.
    attempts: u64,
    /// How the last of them ended.
    last: LastAttempt,
}

/// The shared connection, with the number of the attempt that opened it.
pub(super) struct SharedConnection<B> {
    pub(super) sender: http2::SendRequest<B>,
    pub(super) opened_by: u64,
}

/// How an attempt to connect ended.
enum LastAttempt {
    /// With HTTP/2, or there was none yet.
    Shared,
    /// With HTTP/1.1: every request needs a connection of its own, and none waits for another.
    Single,
    /// With an error.
    Failed(String),
}

impl<B> Multiplexed<B> {
    pub(super) const fn new() -> Self {
        let known = ConnectionState { shared: None, attempts: 0, last: LastAttempt::Shared };
        Self { known: Mutex::new(known), opening: tokio::sync::Mutex::const_new(()) }
    }

    /// The shared connection, where it is open.
    pub(super) fn get(&self) -> Option<SharedConnection<B>> {
        let known = self.known.lock();
        let shared = known.shared.as_ref().filter(|shared| !shared.sender.is_closed())?;
        Some(SharedConnection { sender: shared.sender.clone(), opened_by: shared.opened_by })
    }

    /// Forgets a connection that took no request, unless another was opened since.
    pub(super) fn forget(&self, opened_by: u64) {
        let mut known = self.known.lock();
        known.shared.take_if(|shared| shared.opened_by == opened_by);
    }

    /// Connects by `dial`, or waits for a request that does so already: its HTTP/2 connection is shared, its error too.
    /// Where it got HTTP/1.1, this request dials for itself. If the request that dials is dropped, the next one dials.
    ///
    /// # Errors
    /// What `dial` said, of this request or of the one that was waited for.
    pub(super) async fn connect(
        &self,
        dial: impl Future<Output = Result<NewConnection<B>, String>>,
    ) -> Result<NewConnection<B>, String> {
        let Some(before) = self.attempts_unless_single() else { return self.end(dial.await) };
        let opening = self.opening.lock().await;
        if let Some(shared) = self.get() {
            return Ok(NewConnection::H2(shared.sender));
        }
        match self.outcome_since(before) {
            Some(LastAttempt::Failed(error)) => Err(error),
            Some(LastAttempt::Single) => {
                drop(opening);
                self.end(dial.await)
            }
            Some(LastAttempt::Shared) | None => self.end(dial.await),
        }
    }

    /// The number of attempts that ended; `None` where the address is known to speak HTTP/1.1 alone.
    fn attempts_unless_single(&self) -> Option<u64> {
        let known = self.known.lock();
        (!matches!(known.last, LastAttempt::Single)).then_some(known.attempts)
    }

    /// How the last attempt ended, if it ended after `before`.
    fn outcome_since(&self, before: u64) -> Option<LastAttempt> {
        let known = self.known.lock();
        (known.attempts != before).then(|| match &known.last {
            LastAttempt::Shared => LastAttempt::Shared,
            LastAttempt::Single => LastAttempt::Single,
            LastAttempt::Failed(error) => LastAttempt::Failed(error.clone()),
        })
    }

    /// Remembers how an attempt ended.
    fn end(&self, outcome: Result<NewConnection<B>, String>) -> Result<NewConnection<B>, String> {
        let mut known = self.known.lock();
        known.attempts += 1;
        match &outcome {
            Ok(NewConnection::H2(sender)) => {
                known.shared = Some(SharedConnection { sender: sender.clone(), opened_by: known.attempts });
                known.last = LastAttempt::Shared;
            }
            Ok(NewConnection::H1(_)) => known.last = LastAttempt::Single,
            Err(error) => known.last = LastAttempt::Failed(error.clone()),
        }
        outcome
    }
}
