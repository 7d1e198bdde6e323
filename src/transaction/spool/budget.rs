//! Bounds on what bodies take up, in memory, in files and per owner.
//! Invariant: a share is given back when it is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A bound that many share.
#[derive(Clone, Debug)]
pub(super) struct SpoolBudget {
    pub(super) used: Arc<AtomicU64>,
    pub(super) most: u64,
}

/// A share of a budget; given back when it is dropped.
#[derive(Debug)]
pub(super) struct SpoolShare {
    pub(super) of: Arc<AtomicU64>,
    pub(super) size: u64,
}

impl SpoolBudget {
    pub(super) fn new(most: u64) -> Self {
        Self { used: Arc::default(), most }
    }

    pub(super) fn share(&self) -> SpoolShare {
        SpoolShare { of: Arc::clone(&self.used), size: 0 }
    }
}

impl SpoolShare {
    /// Makes it larger, if all shares together stay within `most`; whether they did.
    pub(super) fn grow(&mut self, by: u64, most: u64) -> bool {
        let more = |used: u64| used.checked_add(by).filter(|total| *total <= most);
        let fits = self.of.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more);
        if fits.is_ok() {
            self.size += by;
        }
        fits.is_ok()
    }

    /// Gives all of it back.
    pub(super) fn clear(&mut self) {
        self.of.fetch_sub(self.size, Ordering::SeqCst);
        self.size = 0;
    }
}

impl Drop for SpoolShare {
    fn drop(&mut self) {
        self.clear();
    }
}
