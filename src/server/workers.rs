//! Workers: threads with a runtime of their own, so that a connection and all it waits for stay on one core, and no work
//! is handed from core to core. They accept from the same queues, so a connection goes to the first worker that is free.
//! Invariant: a worker ends only after the server that it works for has stopped.

use std::fmt;
use std::io;
use std::net;
use std::os::fd::AsFd as _;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio_util::sync::CancellationToken;

/// The workers beside the runtime that the server itself was started on.
#[derive(Default)]
pub struct Workers {
    handles: Vec<Handle>,
    threads: Vec<JoinHandle<()>>,
    end: CancellationToken,
}

impl fmt::Debug for Workers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Workers({})", self.handles.len())
    }
}

impl Workers {
    /// Starts `count` of them; none is enough for a server that uses one core.
    ///
    /// # Errors
    /// What the system said to a new thread or a new runtime.
    pub fn start(count: usize) -> io::Result<Self> {
        let mut workers = Self::default();
        for number in 1..=count {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            workers.handles.push(runtime.handle().clone());
            let end = workers.end.clone();
            let thread = std::thread::Builder::new().name(format!("worker-{number}"));
            workers.threads.push(thread.spawn(move || runtime.block_on(end.cancelled()))?);
        }
        Ok(workers)
    }

    /// Runs `accept` on each of them, with a listener of its own on the queue of `listener`.
    ///
    /// # Errors
    /// What the system said to one more handle of the socket.
    pub(super) fn share<Accepting>(&self, listener: &TcpListener, accept: impl Fn(TcpListener) -> Accepting) -> io::Result<()>
    where
        Accepting: Future<Output = ()> + Send + 'static,
    {
        for handle in &self.handles {
            let own = net::TcpListener::from(listener.as_fd().try_clone_to_owned()?);
            let _here = handle.enter();
            handle.spawn(accept(TcpListener::from_std(own)?));
        }
        Ok(())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.end.cancel();
        for thread in self.threads.drain(..) {
            // A worker that panicked has logged it already.
            let _ended = thread.join();
        }
    }
}
