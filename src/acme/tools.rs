//! What an attempt at one authority works with.

use std::sync::Arc;

use super::answers::OpenAnswers;
use super::listeners::ListenerCertificates;
use super::records::AcmeRows;
use super::settings::AcmeAuthority;
use super::wire::{AcmeWire, Notes};
use crate::clock::SharedClock;

/// Rows, listeners and time, with a client for the authority.
pub(super) struct OrderTools<'a> {
    pub(super) rows: &'a AcmeRows,
    pub(super) listeners: &'a Arc<ListenerCertificates>,
    pub(super) answers: &'a OpenAnswers,
    pub(super) clock: &'a SharedClock,
    pub(super) notes: Arc<Notes>,
    authority: &'a AcmeAuthority,
}

impl<'a> OrderTools<'a> {
    pub(super) fn new(
        rows: &'a AcmeRows,
        (listeners, answers): (&'a Arc<ListenerCertificates>, &'a OpenAnswers),
        clock: &'a SharedClock,
        authority: &'a AcmeAuthority,
    ) -> Self {
        Self { rows, listeners, answers, clock, notes: Arc::default(), authority }
    }

    /// A client, whose last answer is in [`Self::notes`].
    pub(super) fn wire(&self) -> AcmeWire {
        AcmeWire {
            tls: Arc::clone(&self.authority.tls),
            host: Arc::clone(&self.authority.host),
            clock: Arc::clone(self.clock),
            notes: Arc::clone(&self.notes),
        }
    }
}
