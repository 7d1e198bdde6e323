//! A request is held, and whoever has to approve it is asked: by the phone, by a code, after the transaction password.
//! Invariant: nothing is held that nobody could approve.

use std::sync::Arc;

use super::asker;
use crate::account::users::User;
use crate::approval::question::Purpose;
use crate::approval::{Ask, Known, Matter, Rejected};
use crate::chain::policy::transaction::{Approvers, By, Transaction};
use crate::config::schema::NumberStyle;
use crate::core::Core;
use crate::factor::Proof;
use crate::factor::transaction_password::TransactionPasswordGiven;
use crate::facts::path::RequestPath;
use crate::facts::target::Target;
use crate::principal::user::UserId;
use crate::store::database::DatabaseError;
use crate::store::shared::SharedStateError;
use crate::transaction::{Agreement, COLLECTED_WITHIN, Ending, Held, NewTransaction, NotKept, Owner, Stage, Taken};

/// Why a request is not held at all.
#[derive(Debug, thiserror::Error)]
pub enum NotHeld {
    /// Nobody who may approve it has a phone, or fewer than are needed.
    #[error("hold the request: fewer than {0} of those who may approve it have a phone to approve it on")]
    NobodyToAsk(usize),
    /// Whoever asks has no transaction password yet.
    #[error("hold the request: its user has set no transaction password")]
    NoPassword,
    /// Whoever asks has no authenticator app.
    #[error("hold the request: its user has no authenticator app")]
    NoAuthenticator,
    /// A machine asks, and its user would have to approve.
    #[error("hold the request: it has no user who could approve it")]
    NoUser,
    /// As many are held as may be.
    #[error("hold the request: too many are held")]
    TooMany,
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The approvals.
    #[error(transparent)]
    Approval(#[from] Rejected),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

impl From<NotKept> for NotHeld {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::TooMany => Self::TooMany,
            NotKept::Database(error) => Self::Database(error),
        }
    }
}

impl NotHeld {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NobodyToAsk(_) => "transaction_nobody_to_ask",
            Self::NoPassword => "transaction_password_not_set",
            Self::NoAuthenticator => "transaction_no_authenticator",
            Self::NoUser => "transaction_without_user",
            Self::TooMany => "transaction_too_many",
            Self::Database(_) | Self::Approval(_) | Self::Shared(_) => "state_unavailable",
        }
    }
}

impl Core {
    /// Holds a request and asks whoever has to approve it.
    ///
    /// # Errors
    /// [`NotHeld`].
    pub async fn hold(&self, new: NewTransaction, request_id: &str) -> Result<Taken, NotHeld> {
        let rule = Arc::clone(&new.rule);
        // A password or a code is given at the portal, by whoever is signed in.
        if (rule.password || rule.by == By::Code) && matches!(new.owner, Owner::Machine(_)) {
            return Err(NotHeld::NoUser);
        }
        let asked = self.who_approves(&rule, new.user.as_ref()).await?;
        if rule.password {
            let user = new.user.as_ref().ok_or(NotHeld::NoUser)?;
            self.transaction_passwords().set_at(user).await?.ok_or(NotHeld::NoPassword)?;
        }
        let taken = self.transactions().take(new).await?;
        if let Taken::New(held) = &taken {
            self.audit().note(self.transaction_event("transaction.hold", held).request_id(request_id));
            if matches!(*held.stage.lock().await, Stage::Asked(_))
                && let Err(error) = self.ask_about(held, &asked, request_id).await
            {
                self.end_transaction(held, Ending::Cancelled).await?;
                return Err(error);
            }
        }
        Ok(taken)
    }

    /// Those who are asked: everybody whose yes would count and who can be asked.
    async fn who_approves(&self, rule: &Transaction, requester: Option<&UserId>) -> Result<Vec<Arc<User>>, NotHeld> {
        if rule.by == By::Code {
            let user = requester.ok_or(NotHeld::NoUser)?;
            return if self.totps().has(user).await? { Ok(Vec::new()) } else { Err(NotHeld::NoAuthenticator) };
        }
        if rule.approvers == Approvers::Requester && requester.is_none() {
            return Err(NotHeld::NoUser);
        }
        let mut asked = Vec::new();
        for user in self.users().list() {
            if rule.approvers.include(&user.standing(), requester)
                && !self.approvals().approvers.of_user(user.id()).await?.is_empty()
                && self.approvals().approvers.standing(user.id()).await?.is_good()
            {
                asked.push(user);
            }
        }
        if asked.len() < rule.approvers.count() { Err(NotHeld::NobodyToAsk(rule.approvers.count())) } else { Ok(asked) }
    }

    /// Asks those, where it is still their turn: taken back meanwhile, nobody's phone rings. The stage goes on with the
    /// last question; whoever leaves in between leaves it as it was.
    async fn ask_about(&self, held: &Held, asked: &[Arc<User>], request_id: &str) -> Result<(), NotHeld> {
        let mut stage = held.stage.lock().await;
        let is_next = match &*stage {
            Stage::Password => true,
            Stage::Asked(questions) => questions.is_empty(),
            _ => false,
        };
        if !is_next {
            return Ok(());
        }
        let config = self.config();
        let app = config.file.app.iter().find(|app| app.name == *held.rule.app);
        let title = app.map(|app| app.title.clone().unwrap_or_else(|| app.name.clone()));
        let portal = config.file.portal.url.trim_end_matches('/');
        let asker = asker(&held.id);
        let mut questions = Vec::with_capacity(asked.len());
        let mut may_ring = 0;
        for user in asked {
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
                known: Known::Matter,
                number: held.rule.number.then(|| self.number_style_of(held, user)),
                anybody: true,
                request_id,
                matter: Some(Matter {
                    app: &held.rule.app,
                    details: &details,
                    lifetime: held.expires_at.since(self.clock().now()),
                }),
            };
            match self.approvals().ask(ask).await {
                Ok(question) => {
                    may_ring += usize::from(!question.left_in_peace);
                    questions.push(question.id);
                }
                Err(error) => {
                    // Whoever ends it withdraws those that were put already.
                    held.remember(&questions);
                    return Err(error.into());
                }
            }
        }
        held.remember(&questions);
        held.note_reached(may_ring >= held.rule.approvers.count());
        *stage = Stage::Asked(questions);
        drop(stage);
        held.tell();
        Ok(())
    }

    /// How a number is carried to the phone of whoever asks: as the part of the app says that the request is for.
    fn number_style_of(&self, held: &Held, user: &User) -> NumberStyle {
        let policies = self.policies();
        let path = held.target.split('?').next().unwrap_or_default();
        let selected = policies.app(&held.rule.app).zip(RequestPath::parse(path).ok());
        let selected = selected.and_then(|(app, path)| app.select(&Target { method: &held.method, path }).ok());
        // What cannot be judged is not forwarded either; until then nothing is weakened.
        selected.map_or(NumberStyle::Scan, |selected| self.number_style(&selected.merged(), user))
    }

    /// Goes on after the transaction password was right.
    ///
    /// # Errors
    /// [`NotHeld`].
    pub async fn password_given(&self, held: &Held, given: TransactionPasswordGiven, request_id: &str) -> Result<(), NotHeld> {
        if held.user.as_ref() != Some(given.user()) {
            return Err(NotHeld::NoPassword);
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
        self.audit().note(self.transaction_event("transaction.password", held).request_id(request_id));
        held.tell();
        if held.rule.by == By::Push { self.ask_about(held, &asked, request_id).await } else { Ok(()) }
    }

    /// Approves by a code that whoever asks typed; whether that was its turn.
    pub async fn code_given(&self, held: &Held, proof: Proof) -> bool {
        let mut stage = held.stage.lock().await;
        if !matches!(*stage, Stage::Code) || self.clock().now() >= held.expires_at {
            return false;
        }
        *stage = Stage::Approved(Agreement::Code(proof), self.clock().now().plus(COLLECTED_WITHIN));
        drop(stage);
        self.audit().note(self.transaction_event("transaction.approve", held).detail("by", "code"));
        held.tell();
        true
    }
}
