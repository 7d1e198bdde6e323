//! Holding a request and prompting those who may approve it: on their phones, by a code, after the transaction password.
//! Invariant: nothing is held that nobody could approve.

use std::sync::Arc;

use super::engine::{COLLECTED_WITHIN, TransactionEngine};
use super::error::HeldError;
use super::held::{Held, NewTransaction, Owner};
use super::registry::HoldOutcome;
use super::stage::{Agreement, Ending, Stage};
use crate::account::user::User;
use crate::approval::question::Purpose;
use crate::approval::{Ask, Matter, RequesterClass};
use crate::chain::policy::transaction::{ApproverRule, By, Transaction};
use crate::factor::Proof;
use crate::factor::transaction_password::TransactionPasswordGiven;
use crate::facts::path::RequestPath;
use crate::facts::target::Target;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;

/// Somebody who is prompted.
struct Asked {
    user: Arc<User>,
    /// By a code on the requester's screen, which a passkey answers.
    by_passkey: bool,
}

impl TransactionEngine<'_> {
    /// Holds a request and prompts those who have to approve it.
    ///
    /// # Errors
    /// [`HeldError`].
    pub async fn hold(&self, new: NewTransaction, request_id: &str) -> Result<HoldOutcome, HeldError> {
        let rule = Arc::clone(&new.rule);
        // A password or a code is typed at the portal, by a user who is signed in.
        if (rule.password || rule.by == By::Code) && matches!(new.owner, Owner::Machine(_)) {
            return Err(HeldError::NoUser);
        }
        let asked = self.who_approves(&rule, new.user.as_ref()).await?;
        if rule.password {
            let user = new.user.as_ref().ok_or(HeldError::NoUser)?;
            self.transaction_passwords.set_at(user).await?.ok_or(HeldError::NoPassword)?;
        }
        let taken = self.transactions.take(new).await?;
        if let HoldOutcome::New(held) = &taken {
            self.audit.note(self.event("transaction.hold", held).request_id(request_id));
            if matches!(*held.stage.lock().await, Stage::Asked(_))
                && let Err(error) = self.ask_about(held, &asked, request_id).await
            {
                self.end(held, Ending::Cancelled).await?;
                return Err(error);
            }
        }
        Ok(taken)
    }

    /// The approvers that are prompted: every user whose yes would count and who can be asked.
    async fn who_approves(&self, rule: &Transaction, requester: Option<&UserId>) -> Result<Vec<Asked>, HeldError> {
        if rule.by == By::Code {
            let user = requester.ok_or(HeldError::NoUser)?;
            return if self.totps.has(user).await? { Ok(Vec::new()) } else { Err(HeldError::NoAuthenticator) };
        }
        if rule.approvers == ApproverRule::Requester && requester.is_none() {
            return Err(HeldError::NoUser);
        }
        let mut asked = Vec::new();
        for user in self.users.list() {
            if !rule.approvers.include(&user.standing(), requester)
                || !self.approvals.approvers.standing(user.id()).await?.is_good()
            {
                continue;
            }
            if !self.approvals.approvers.of_user(user.id()).await?.is_empty() {
                asked.push(Asked { user, by_passkey: false });
            } else if rule.approvers == ApproverRule::Requester && self.may_by_passkey(user.id()).await? {
                // The code is on the requester's screen: nobody else would see it.
                asked.push(Asked { user, by_passkey: true });
            }
        }
        if asked.len() < rule.approvers.count() { Err(HeldError::NobodyToAsk(rule.approvers.count())) } else { Ok(asked) }
    }

    /// Whether a user without an approver approves with a passkey.
    async fn may_by_passkey(&self, user: &UserId) -> Result<bool, HeldError> {
        Ok(self.approvals.config().by_passkey && self.passkeys.has(user).await?)
    }

    /// Prompts these approvers, if that is still the next step: after a cancellation no push is sent. The stage changes with
    /// the last approval; if the caller is dropped before that, the stage stays as it was.
    async fn ask_about(&self, held: &Held, asked: &[Asked], request_id: &str) -> Result<(), HeldError> {
        let mut stage = held.stage.lock().await;
        let is_next = match &*stage {
            Stage::Password => true,
            Stage::Asked(questions) => questions.is_empty(),
            _ => false,
        };
        if !is_next {
            return Ok(());
        }
        let file = &self.config.file;
        let app = file.app.iter().find(|app| app.name == *held.rule.app);
        let title = app.map(|app| app.title.clone().unwrap_or_else(|| app.name.clone()));
        let portal = file.portal.url.trim_end_matches('/');
        let asker = held.id.asker();
        let mut questions = Vec::with_capacity(asked.len());
        let mut may_ring = 0;
        for Asked { user, by_passkey } in asked {
            let mut details = held.details.clone();
            details.requester = held.user.as_ref().filter(|requester| *requester != user.id()).map(ToString::to_string);
            let ask = Ask {
                purpose: Purpose::Transaction,
                user: user.id(),
                asker: &asker,
                browser: &held.agent,
                address: held.address,
                app: title.as_deref(),
                portal,
                requester: RequesterClass::Transaction,
                number: held.rule.number.then(|| self.number_style_of(held, user)),
                by_passkey: *by_passkey,
                anybody: true,
                request_id,
                matter: Some(Matter {
                    app: &held.rule.app,
                    details: &details,
                    lifetime: held.expires_at.since(self.clock.now()),
                }),
            };
            match self.approvals.ask(ask).await {
                Ok(question) => {
                    may_ring += usize::from(!question.rate_limited);
                    questions.push(question.id);
                }
                Err(error) => {
                    // The caller ends the transaction, which withdraws the approvals that were asked for already.
                    held.remember(&questions);
                    return Err(error.into());
                }
            }
        }
        held.remember(&questions);
        held.set_quorum_reachable(may_ring >= held.rule.approvers.count());
        *stage = Stage::Asked(questions);
        drop(stage);
        held.notify();
        Ok(())
    }

    /// How a number is carried to the requester's phone: by the policy of the part of the app that the request is for.
    fn number_style_of(&self, held: &Held, user: &User) -> NumberStyle {
        let path = held.target.split('?').next().unwrap_or_default();
        let selected = self.policies.app(&held.rule.app).zip(RequestPath::parse(path).ok());
        let selected = selected.and_then(|(app, path)| app.select(&Target { method: &held.method, path }).ok());
        // A request that cannot be judged is not forwarded either; until then the strictest style holds.
        selected.map_or(NumberStyle::Scan, |selected| self.policies.number_style(&selected.merged(), Some(&user.standing())))
    }

    /// Goes on after the transaction password was verified.
    ///
    /// # Errors
    /// [`HeldError`].
    pub async fn password_given(&self, held: &Held, given: TransactionPasswordGiven, request_id: &str) -> Result<(), HeldError> {
        if held.user.as_ref() != Some(given.user()) {
            return Err(HeldError::NoPassword);
        }
        let asked = self.who_approves(&held.rule, held.user.as_ref()).await?;
        {
            let mut stage = held.stage.lock().await;
            if !matches!(*stage, Stage::Password) {
                return Ok(());
            }
            if held.rule.by == By::Code {
                *stage = Stage::Code;
            }
        }
        self.audit.note(self.event("transaction.password", held).request_id(request_id));
        held.notify();
        if held.rule.by == By::Push { self.ask_about(held, &asked, request_id).await } else { Ok(()) }
    }

    /// Approves by a code that the requester typed; `false` if no code was asked for.
    pub async fn code_given(&self, held: &Held, proof: Proof) -> bool {
        let mut stage = held.stage.lock().await;
        if !matches!(*stage, Stage::Code) || self.clock.now() >= held.expires_at {
            return false;
        }
        *stage = Stage::Approved(Agreement::Code(proof), self.clock.now().plus(COLLECTED_WITHIN));
        drop(stage);
        self.audit.note(self.event("transaction.approve", held).detail("by", "code"));
        held.notify();
        true
    }
}
