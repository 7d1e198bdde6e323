//! The one moment at which a held request may go on.
//! Invariant: it is given away with the `Permit` that the chain made for it just now, to one caller, and only after that
//! was written down.

use std::sync::Arc;

use super::NotReleased;
use crate::approval::Consent;
use crate::approval::question::ApprovalId;
use crate::chain::policy::transaction::Transaction;
use crate::chain::{Hold, Permit, Unreleased};
use crate::core::Core;
use crate::principal::user::Standing;
use crate::transaction::{Agreement, Ending, Held, HeldRequest, Owner, Stage, TransactionId};

/// A held request that goes on.
#[derive(Debug)]
pub struct Released {
    /// The right to forward it.
    pub permit: Permit,
    /// The request.
    pub request: HeldRequest,
    /// The approvals that released it; none where a code did.
    pub approvals: Vec<ApprovalId>,
}

impl Core {
    /// Releases a held request, of whose session and connection the chain said just now that all six checks pass: of any
    /// number of callers one gets it, and it is written down before a byte of it leaves.
    ///
    /// # Errors
    /// [`NotReleased`]; where the chain does not count what was approved, it has ended.
    pub async fn release_transaction(&self, held: &Held, hold: Hold) -> Result<Released, NotReleased> {
        let mut stage = held.stage.lock().await;
        self.advance(held, &mut stage).await?;
        if hold.transaction().name != held.rule.name || hold.transaction().app != held.rule.app {
            self.finish(held, &mut stage, Ending::Refused).await?;
            return Err(Unreleased::AnotherRequest.into());
        }
        // What a phone said counts as long as the phone does.
        let mut void = Vec::new();
        if let Stage::Approved(Agreement::Consents(consents), _) = &*stage {
            for consent in consents {
                if !self.approvals().counts(consent.approver(), consent.user()).await? {
                    void.push(consent.approval().clone());
                }
            }
        }
        let agreement = match std::mem::replace(&mut *stage, Stage::Forwarding) {
            Stage::Approved(agreement, _) => agreement,
            other => {
                *stage = other;
                return Err(NotReleased::NotNow(stage.word()));
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
        let written = self.transactions().forwarding(held).await;
        let Some(request) = held.depart() else { return Err(NotReleased::NotNow("forwarding")) };
        match written {
            Ok(true) => {
                if let (Some(consents), Some(covers)) = (consented, held.rule.covers) {
                    let first = consents.iter().map(Consent::at).min().unwrap_or(held.asked_at);
                    self.transactions().cover(held, Arc::new(consents), first.plus(covers));
                }
                Ok(Released { permit, request, approvals })
            }
            // What cannot be written down is not sent: a crash could not be told of.
            Ok(false) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(NotReleased::NotNow("not_sent"))
            }
            Err(error) => {
                self.finish(held, &mut stage, Ending::NotSent).await?;
                Err(error.into())
            }
        }
    }

    /// What covers a request of this kind now: the permit, and the transaction whose approval covers it. `None` where
    /// nothing does, and the request has to be judged again.
    pub fn covered(&self, owner: Owner, hold: Hold) -> Option<(Permit, TransactionId)> {
        let (consents, id) = self.transactions().covering(owner, hold.transaction())?;
        let permit = self.counted(&consents, |consents| hold.release_as_before(consents)).ok()?;
        Some((permit, id))
    }

    /// Whether anything covers requests of this kind now.
    pub fn is_covered(&self, owner: Owner, rule: &Transaction) -> bool {
        self.transactions().covering(owner, rule).is_some()
    }

    /// With how each consent's user stands now.
    fn counted<T>(&self, consents: &[Consent], judge: impl FnOnce(&[(&Consent, &Standing)]) -> T) -> T {
        let standings: Vec<_> = consents
            .iter()
            .filter_map(|consent| Some((consent, Arc::clone(&self.users().find(consent.user())?.standing()))))
            .collect();
        let pairs: Vec<_> = standings.iter().map(|(consent, standing)| (*consent, &**standing)).collect();
        judge(&pairs)
    }
}
