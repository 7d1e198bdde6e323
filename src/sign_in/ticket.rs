//! Check 3 by a Kerberos ticket that the browser shows by itself. A ticket that does not count is no failed
//! attempt: nobody is slowed down or locked out for what a computer does by itself.

use super::engine::{AttemptError, Look, Rejection, SignIn, joined};
use super::goal::Goal;
use super::visitor::Visitor;
use crate::chain::evidence::Gathered;
use crate::chain::{Check, Turn, Verdict};
use crate::factor::kerberos::TicketError;
use crate::kerberos::fault::{FaultSide, TicketFault};
use crate::kerberos::token::NegotiateToken;
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::telemetry::strangers::{self, Kind};

/// What became of a ticket.
#[derive(Debug)]
pub enum TicketOutcome {
    /// No ticket is asked for at this moment: it was not looked at.
    NotAsked,
    /// It counts; the token that completes the exchange, empty where the client wants none.
    Counts(Vec<u8>),
    /// It does not count.
    Refused(RefusedTicket),
}

/// A ticket that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedTicket {
    /// Why.
    pub fault: TicketFault,
    /// Whose it is, where that is known.
    pub account: Option<String>,
}

impl From<TicketFault> for RefusedTicket {
    fn from(fault: TicketFault) -> Self {
        Self { fault, account: None }
    }
}

impl SignIn {
    /// Check 3 by a ticket. Where none is asked for (a good session, another check), it is not looked at: a client may send
    /// the same ticket again beside its new cookie.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn ticket(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        token: Result<NegotiateToken, TicketFault>,
    ) -> Result<TicketOutcome, AttemptError> {
        let Some(turn) = self.turn_for_ticket(visitor, goal).await? else { return Ok(TicketOutcome::NotAsked) };
        match self.judge_ticket(visitor, goal, turn, token).await {
            Ok(reply) => {
                metrics::counter!("sekisho_tickets_total", "outcome" => "accepted").increment(1);
                Ok(TicketOutcome::Counts(reply))
            }
            Err(NotJudged::Refused(refused, text)) => {
                self.note_refused(visitor, goal, &refused, &text);
                Ok(TicketOutcome::Refused(refused))
            }
            Err(NotJudged::Failed(error)) => Err(error),
        }
    }

    async fn turn_for_ticket(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Option<Turn>, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        Ok(match look.verdict {
            Verdict::Ask(turn) if turn.check() == Check::DesktopSso => Some(turn),
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor => look.offered,
            Verdict::Ask(_) | Verdict::Pass(_) | Verdict::Hold(_) | Verdict::Refuse(_) => None,
        })
    }

    async fn judge_ticket(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        turn: Turn,
        token: Result<NegotiateToken, TicketFault>,
    ) -> Result<Vec<u8>, NotJudged> {
        let token = token.map_err(|fault| NotJudged::Refused(fault.into(), String::new()))?;
        let tickets = self.core.kerberos_tickets();
        let named = tickets.accept(token, visitor.channel_binding.cloned()).await?;
        let account = named.ticket.client.to_string();
        let refused = |fault| NotJudged::Refused(RefusedTicket { fault, account: Some(account.clone()) }, account.clone());
        // A ticket is no secret of ours to guess: that a name is unknown may be said to the one whose name it is.
        if self.core.users().find(&named.user).is_none() {
            return Err(refused(TicketFault::UnknownUser));
        }
        let proof = tickets.prove(&named).await?;
        let earned = turn.earn(proof).map_err(|_| refused(TicketFault::AnotherUser))?;
        self.in_progress
            .add(visitor.sign_in_cookie, goal.id(), &named.user, &earned, None)
            .await
            .map_err(|error| NotJudged::Failed(error.into()))?;
        let mut event = self
            .event("sign_in.step", visitor, goal)
            .user(named.user.as_str())
            .check(Check::DesktopSso.word())
            .detail("method", Method::Kerberos.word())
            .detail("principal", account.as_str());
        if let Some(domain) = &named.ticket.account {
            event = event.detail("sid", domain.sid.as_str());
        }
        self.core.audit().note(event);
        Ok(named.ticket.reply)
    }

    /// What is written of a ticket that does not count: nothing of what happens in ordinary use, a line and an event of the
    /// rest. No line is one of `sign_in_failed`, by which others shut addresses out.
    fn note_refused(&self, visitor: &Visitor<'_>, goal: &Goal, refused: &RefusedTicket, text: &str) {
        let reason = refused.fault.word();
        metrics::counter!("sekisho_tickets_total", "outcome" => reason).increment(1);
        let side = refused.fault.side();
        if side == FaultSide::Nobody {
            tracing::debug!(remote_ip = %visitor.address, reason, text, request_id = visitor.request_id, "ticket_refused");
            return;
        }
        if strangers::may_write(Kind::TicketRefused, visitor.address.ip()) {
            match side {
                FaultSide::Operator => {
                    tracing::warn!(remote_ip = %visitor.address, reason, text, request_id = visitor.request_id, "ticket_refused");
                }
                FaultSide::Person | FaultSide::Nobody => {
                    tracing::info!(remote_ip = %visitor.address, reason, text, request_id = visitor.request_id, "ticket_refused");
                }
            }
        }
        let event = self.event("sign_in", visitor, goal).check(Check::DesktopSso.word()).refused(reason);
        let event = event.detail("method", Method::Kerberos.word());
        self.core.audit().note(match &refused.account {
            Some(account) => event.detail("principal", account.as_str()),
            None => event,
        });
    }

    /// The ticket that was shown before, if it is of the user of this name: a primary factor is judged beside it.
    pub(super) async fn ticket_of(&self, visitor: &Visitor<'_>, goal: &Goal, name: &str) -> Result<Gathered, AttemptError> {
        let held = self.held_ticket(visitor, goal).await?;
        let is_of = held.user().is_some_and(|user| UserId::parse(name).is_ok_and(|named| named == *user));
        Ok(if is_of { held } else { Gathered::none() })
    }

    /// What is said to somebody who brings a primary factor where a ticket has to come first: whose ticket was shown, or that
    /// this is not the step.
    pub(super) async fn without_ticket(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        anybody: &Look,
    ) -> Result<Option<Rejection>, AttemptError> {
        match &anybody.verdict {
            Verdict::Ask(turn) if turn.check() == Check::DesktopSso => {
                let held = self.held_ticket(visitor, goal).await?;
                Ok(Some(held.user().cloned().map_or(Rejection::NotNow, Rejection::TicketOf)))
            }
            Verdict::Ask(_) | Verdict::Pass(_) | Verdict::Hold(_) | Verdict::Refuse(_) => Ok(None),
        }
    }

    /// The ticket that was shown before, in this sign-in or in the session.
    pub(super) async fn held_ticket(&self, visitor: &Visitor<'_>, goal: &Goal) -> Result<Gathered, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        Ok(progress.gathered.only(Check::DesktopSso))
    }
}

/// Why a ticket earned nothing.
enum NotJudged {
    Refused(RefusedTicket, String),
    Failed(AttemptError),
}

impl From<TicketError> for NotJudged {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Refused(fault, text) => Self::Refused(fault.into(), text),
            TicketError::Database(error) => Self::Failed(error.into()),
        }
    }
}
