//! The end that a server tells all its connections of, once. Each connection looks at it whenever it is woken, thousands of times
//! before it comes, so looking is one load of a flag: a [`CancellationToken`] takes two locks, which all workers share.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

/// Whether connections should end after the request at hand.
#[derive(Clone, Debug, Default)]
pub struct Drain {
    is_begun: Arc<AtomicBool>,
    token: CancellationToken,
}

pin_project! {
    /// Ready as soon as the drain begins.
    #[derive(Debug)]
    pub(in crate::gateway) struct Begun<'a> {
        #[pin]
        told: WaitForCancellationFuture<'a>,
        is_begun: &'a AtomicBool,
        // Who is woken when it begins.
        waits: Option<Waker>,
    }
}

impl Drain {
    /// Begins it, for good.
    pub fn begin(&self) {
        self.is_begun.store(true, Ordering::Release);
        self.token.cancel();
    }

    /// Whether it has begun.
    pub(in crate::gateway) fn is_begun(&self) -> bool {
        self.is_begun.load(Ordering::Acquire)
    }

    /// Ready as soon as it begins.
    pub(in crate::gateway) fn begun(&self) -> Begun<'_> {
        Begun { told: self.token.cancelled(), is_begun: &self.is_begun, waits: None }
    }
}

impl Future for Begun<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.is_begun.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        if this.waits.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            return Poll::Pending;
        }
        // Begun since the flag was read: this says so, or wakes.
        if this.told.poll(context).is_ready() {
            return Poll::Ready(());
        }
        *this.waits = Some(context.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio_util::task::TaskTracker;

    use super::*;

    #[tokio::test]
    async fn who_waits_is_woken_also_in_another_task_than_the_first() {
        let drain = Drain::default();
        let mut begun = Box::pin(Drain::begun(Box::leak(Box::new(drain.clone()))));
        // Polled once here, then handed to a task of its own.
        tokio::select! {
            biased;
            () = begun.as_mut() => panic!("nobody began it"),
            () = std::future::ready(()) => {}
        }
        let waits = TaskTracker::new().spawn(begun);
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        drain.begin();
        waits.await.unwrap();
        // Who comes later need not wait.
        let mut late = pin!(drain.begun());
        assert!(late.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    }
}
