//! Check 4 by a password: who may be judged at all, which window is taken, what is counted, and the same work and the
//! same answer for whoever is not let in (T31).

use secrecy::SecretString;

use super::attempt::{AttemptError, SignIn, Trouble, Visitor};
use super::goal::Goal;
use crate::account::UserId;
use crate::account::regulation::{Held, Reservation, Step};
use crate::chain::evidence::Gathered;
use crate::chain::{Check, Verdict};
use crate::factor::{Method, password};
use crate::login_protect::service::Service;
use crate::login_protect::{Admission, Shut};

impl SignIn {
    /// Check 4 by a password.
    ///
    /// # Errors
    /// [`AttemptError`]; a submission that does not help is `Ok(Err(Trouble))`.
    pub async fn password(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        candidate: SecretString,
    ) -> Result<Result<(), Trouble>, AttemptError> {
        // Where nobody may sign in at all, no attempt is counted and no work is done, whoever is named.
        if let Verdict::Refuse(_) = self.look(visitor, goal, &Gathered::none(), None).await?.verdict {
            return Ok(Err(Trouble::NotNow));
        }
        let named = UserId::parse(name).ok().and_then(|id| self.house.users.find(&id));
        // Judged with the user named, so that a user's own lists hold before anything of theirs is looked at.
        let look = self.look(visitor, goal, &Gathered::none(), named.as_ref()).await?;
        let standing = named.as_ref().map(|user| user.standing());
        let services: Vec<Service> = look.policy.protecting(standing.as_ref().map(|standing| &***standing)).cloned().collect();
        let turn = match look.verdict {
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor && turn.methods().contains(Method::Password) => Ok(turn),
            Verdict::Ask(_) | Verdict::Refuse(_) | Verdict::Pass(_) => {
                Err(look.trace.failed().map_or("no_method_assigned", |(_, refusal)| refusal.code()))
            }
        };
        let user = named.filter(|user| user.standing().enabled);
        // Whose window is asked for: nobody's where a check before this one does not pass.
        let admitted = match (&turn, &user) {
            (Ok(_), Some(user)) => self.admit(name, visitor, Some(user.id()), &services).await,
            _ => self.admit(name, visitor, None, &services).await,
        };
        let admission = match admitted {
            Ok(admission) => {
                if admission.is_as_open() {
                    let event = self.event("login_protect.as_open", visitor, goal).user(name);
                    self.house.audit.note(event.detail("why", "state_unavailable"));
                }
                admission
            }
            Err(Refused::Held(trouble)) => {
                self.failed(visitor, goal, name, Method::Password, "locked");
                return Ok(Err(trouble));
            }
            // No failure is counted: nobody is locked out by knocking at a shut door (DESIGN §3).
            Err(Refused::Shut(why)) => return self.pretend(None, visitor, goal, name, candidate, why).await,
        };
        let reservation = match self.reserve(Step::First, name, visitor).await? {
            Ok(reservation) => reservation,
            Err(trouble) => {
                self.failed(visitor, goal, name, Method::Password, "locked");
                return Ok(Err(trouble));
            }
        };
        let turn = match turn {
            Ok(turn) => turn,
            Err(why) => return self.pretend(Some(reservation), visitor, goal, name, candidate, why).await,
        };
        let Some(user) = user else {
            return self.pretend(Some(reservation), visitor, goal, name, candidate, "unknown_or_disabled").await;
        };
        let proof = match self.house.passwords.verify(user.id(), candidate, admission).await {
            Ok(proof) => proof,
            Err(password::Failure::Wrong) => {
                self.failed(visitor, goal, name, Method::Password, "wrong");
                return Ok(Err(Trouble::Wrong));
            }
            Err(password::Failure::Busy(wait)) => {
                self.house.regulation.withdrawn(reservation).await?;
                return Ok(Err(Trouble::Busy(wait)));
            }
            Err(password::Failure::Database(error)) => return Err(error.into()),
            Err(error @ password::Failure::Hashing(_)) => return Err(AttemptError::Factor(error.to_string())),
        };
        let Ok(earned) = turn.earn(proof) else { return Ok(Err(Trouble::NotNow)) };
        self.house.regulation.succeeded(reservation).await?;
        self.in_progress.begin(visitor.sign_in_cookie, goal.id(), user.id(), &earned).await?;
        self.house.audit.note(
            self.event("sign_in.step", visitor, goal)
                .user(user.id().as_str())
                .check(Check::PrimaryFactor.word())
                .detail("method", Method::Password.word()),
        );
        Ok(Ok(()))
    }

    /// Takes the window of a login form that is protected. Whoever is locked out takes none.
    async fn admit(
        &self,
        name: &str,
        visitor: &Visitor<'_>,
        user: Option<&UserId>,
        services: &[Service],
    ) -> Result<Admission, Refused> {
        if !services.is_empty() {
            match self.house.regulation.peek(name, visitor.address).await {
                Ok(()) => {}
                Err(Held::Locked { retry_after }) => return Err(Refused::Held(Trouble::SlowDown(retry_after))),
                Err(Held::Unavailable(_)) => return Err(Refused::Shut("state_unavailable")),
            }
        }
        let services: Vec<&Service> = services.iter().collect();
        self.house.login_protect.admit(user, &services).await.map_err(|shut| {
            if let Shut::Unreachable(error) = &shut {
                tracing::error!(%error, request_id = visitor.request_id, "login_protect_unreachable");
            }
            Refused::Shut("login_protect_blocked")
        })
    }

    /// The work and the answer of a wrong password, whatever the reason.
    async fn pretend(
        &self,
        reservation: Option<Reservation>,
        visitor: &Visitor<'_>,
        goal: &Goal,
        name: &str,
        candidate: SecretString,
        why: &'static str,
    ) -> Result<Result<(), Trouble>, AttemptError> {
        self.failed(visitor, goal, name, Method::Password, why);
        match self.house.passwords.pretend(candidate).await {
            Err(password::Failure::Busy(wait)) => {
                if let Some(reservation) = reservation {
                    self.house.regulation.withdrawn(reservation).await?;
                }
                Ok(Err(Trouble::Busy(wait)))
            }
            _ => Ok(Err(Trouble::Wrong)),
        }
    }
}

/// Why a password is not evaluated.
enum Refused {
    Held(Trouble),
    Shut(&'static str),
}
