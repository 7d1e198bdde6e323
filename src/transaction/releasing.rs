//! The release of a held request: the one moment at which it may be forwarded.
//! Invariant: it is given to one caller, together with the `Permit` that the chain just made for it, and only after the
//! release was written down.

use std::sync::Arc;

use super::engine::TransactionEngine;
use super::error::HeldError;
use super::held::{Held, HeldRequest, Owner, TransactionId};
use super::stage::{Agreement, Ending, Phase, Stage, WaitsFor};
use crate::approval::Consent;
use crate::approval::id::ApprovalId;
use crate::chain::policy::transaction::Transaction;
use crate::chain::{Hold, Permit, Unreleased};
use crate::principal::user::UserStanding;

/// A held request that may be forwarded now.
#[derive(Debug)]
pub struct Released {
    /// The right to forward it.
    pub permit: Permit,
    /// The request.
    pub request: HeldRequest,
    /// The approvals that released it; none where a code did.
    pub approvals: Vec<ApprovalId>,
}

impl TransactionEngine<'_> {
    /// Releases a held request whose session and connection just passed all six checks: of any number of callers one gets
    /// it, and the release is written down before a byte of it leaves.
    ///
    /// # Errors
    /// [`HeldError`]; where the chain does not count what was approved, it has ended.
    pub async fn release(&self, held: &Held, hold: Hold) -> Result<Released, HeldError> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if hold.transaction().name != held.rule.name || hold.transaction().app != held.rule.app {
            self.finish(held, &mut stage, Ending::Refused).await?;
            return Err(Unreleased::AnotherRequest.into());
        }
        // A consent counts only as long as its phone does.
        let mut void = Vec::new();
        if let Stage::Approved(Agreement::Consents(consents), _) = &*stage {
            for consent in consents {
                if !self.approvals.counts(consent.by(), consent.user()).await? {
                    void.push(consent.approval().clone());
                }
            }
        }
        let agreement = match std::mem::replace(&mut *stage, Stage::Forwarding) {
            Stage::Approved(agreement, _) => agreement,
            other => {
                *stage = other;
                return Err(HeldError::NotNow(stage.phase()));
            }
        };
        let mut approvals = Vec::new();
        let mut consented = None;
        let permit = match agreement {
            Agreement::Code(proof) => hold.release_by_code(proof),
            Agreement::Consents(mut consents) => {
                consents.retain(|consent| !void.contains(consent.approval()));
                approvals.extend(consents.iter().map(|consent| consent.approval().clone()));
                let permit = self.counted(&consents, |consents| hold.release(&held.digest, consents));
                consented = Some(consents);
                permit
            }
        };
        let permit = match permit {
            Ok(permit) => permit,
            Err(unreleased) => {
                self.finish(held, &mut stage, Ending::Refused).await?;
                return Err(unreleased.into());
            }
        };
        let written = self.transactions.forwarding(held).await;
        let Some(request) = held.take_request() else { return Err(HeldError::NotNow(Phase::Open(WaitsFor::Forwarding))) };
        match written {
            Ok(true) => {
                if let (Some(consents), Some(covers)) = (consented, held.rule.covers) {
                    let first = consents.iter().map(Consent::at).min().unwrap_or(held.asked_at);
                    self.transactions.cover(held, Arc::new(consents), first.plus(covers));
                }
                Ok(Released { permit, request, approvals })
            }
            // What cannot be written down is not sent: after a crash nobody could say what happened to it.
            Ok(false) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(HeldError::NotNow(Phase::Ended(Ending::NotSent)))
            }
            Err(error) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(error.into())
            }
        }
    }

    /// The permit for a request that an earlier approval covers now, and the transaction of that approval. `None` where
    /// nothing covers it, and the request has to be judged again.
    pub fn covered(&self, owner: Owner, hold: Hold) -> Option<(Permit, TransactionId)> {
        let (consents, id) = self.transactions.covering(owner, hold.transaction())?;
        let permit = self.counted(&consents, |consents| hold.release_as_before(consents)).ok()?;
        Some((permit, id))
    }

    /// Whether anything covers requests of this kind now.
    pub fn is_covered(&self, owner: Owner, rule: &Transaction) -> bool {
        self.transactions.covering(owner, rule).is_some()
    }

    /// Judges with the current standing of each consent's user.
    fn counted<T>(&self, consents: &[Consent], judge: impl FnOnce(&[(&Consent, &UserStanding)]) -> T) -> T {
        let standings: Vec<_> = consents
            .iter()
            .filter_map(|consent| Some((consent, Arc::clone(&self.users.find(consent.user())?.standing()))))
            .collect();
        let pairs: Vec<_> = standings.iter().map(|(consent, standing)| (*consent, &**standing)).collect();
        judge(&pairs)
    }
}
