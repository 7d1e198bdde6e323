//! What the chain would say if something had been proved: for `explain` and for written expectations.
//! Invariant: supposed evidence never leaves this file, and what is answered is a [`Trace`], which permits nothing.

use super::evidence::{Earned, Evidence, Gathered};
use super::papers::Papers;
use super::policy::selection::Selected;
use super::trace::Trace;
use super::{Check, Examination, examine};
use crate::clock::Timestamp;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;

/// One piece of evidence that nobody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supposed {
    /// The check it would pass.
    pub check: Check,
    /// How it would be proved.
    pub method: Method,
    /// When it would have been.
    pub at: Timestamp,
}

/// What [`examine`] would say if `user` had proved all of `supposed` beside what the papers hold already.
pub fn suppose<'p>(asked: impl Into<Selected<'p>>, papers: &Papers<'_>, user: &UserId, supposed: &[Supposed]) -> Trace {
    let asked = asked.into();
    // Whatever windows are asked for stood open, and the browser keeps a key: what is supposed is the best that could be proved.
    let services = asked.services(papers.user);
    let mut evidence: Gathered = papers.evidence.clone();
    for Supposed { check, method, at } in supposed.iter().copied() {
        let piece = Evidence { check, method, credential: CredentialId([0; 16]), at, services, by_passkey: false };
        evidence.add(user, &Earned { first: piece, second: None });
    }
    let Examination { trace, .. } = examine(asked, &Papers { evidence: &evidence, bound_browser: true, ..*papers });
    trace
}
