//! Asking: what is put to a user's phones, and when they are left alone.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::Rejected;
use super::question::{Closing, Details, Purpose, Question, Shown, State};
use super::{Approvals, phones};
use crate::approval::id::ApprovalId;
use crate::config::schema;
use crate::facts::client_address::ClientAddress;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::shared::SharedStateError;

/// Why phones are not prompted: too many prompts were not answered.
const TOO_MANY: &str = "too_many_unanswered";

/// A request for an approval.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The purpose.
    pub purpose: Purpose,
    /// The user who is asked.
    pub user: &'a UserId,
    /// Names the sign-in that asks: only the same takes what was approved, and asking again supersedes.
    pub asker: &'a str,
    /// The browser, in a few words.
    pub browser: &'a str,
    /// Where it is.
    pub address: ClientAddress,
    /// The app, as people call it.
    pub app: Option<&'a str>,
    /// The portal's address.
    pub portal: &'a str,
    /// The rate-limit bucket: prompts of strangers must not silence those of the user's own browser.
    pub requester: RequesterClass,
    /// How a number is carried over, where one is.
    pub number: Option<NumberStyle>,
    /// Whether it is answered with a passkey on the phone that reads its code: then the number is a code, and nothing rings.
    pub by_passkey: bool,
    /// Whether a user exists who can be asked; if not, the approval runs until it expires, which looks the same.
    pub anybody: bool,
    /// The request that asks.
    pub request_id: &'a str,
    /// What is to be done, where it is more than a sign-in.
    pub matter: Option<Matter<'a>>,
}

/// A transaction, or what an app asks by itself.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The app.
    pub app: &'a str,
    /// What the phone shows of it.
    pub details: &'a Details,
    /// How long it may be answered.
    pub lifetime: Duration,
}

/// The rate-limit bucket of a requester: prompts of one class that stay unanswered never silence those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequesterClass {
    /// Any client that names the user.
    #[serde(rename = "nobody")]
    Anonymous,
    /// A browser that is registered for the user.
    #[serde(rename = "browser")]
    RegisteredBrowser,
    /// A client that proved another factor of the user before.
    #[serde(rename = "person")]
    AuthenticatedUser,
    /// A signed-in user, for a held request.
    #[serde(rename = "matter")]
    Transaction,
    /// An app that asks on its own behalf.
    #[serde(rename = "app")]
    App,
}

impl RequesterClass {
    pub(super) const ALL: [Self; 5] =
        [Self::Anonymous, Self::RegisteredBrowser, Self::AuthenticatedUser, Self::Transaction, Self::App];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Anonymous => "nobody",
            Self::RegisteredBrowser => "browser",
            Self::AuthenticatedUser => "person",
            Self::Transaction => "matter",
            Self::App => "app",
        }
    }
}

impl Approvals {
    /// Asks for an approval. An earlier approval of the same asker is superseded. If no phone can or may be prompted, the
    /// approval runs until it expires, which looks to the requester like an unattended phone; only the requester
    /// of a held request learns of rate limiting ([`Question::rate_limited`]).
    ///
    /// # Errors
    /// [`Rejected::Shared`], [`Rejected::Database`].
    pub async fn ask(&self, ask: Ask<'_>) -> Result<Question, Rejected> {
        let config = self.config.load_full();
        let now = self.clock.now();
        if let Some(before) = self.by_asker.take(&asker_key(ask.user, ask.asker)).await? {
            self.close(&before, Closing::AskedAgain).await?;
        }
        let id = ApprovalId::new(self.random.id());
        let shown = Shown {
            approval: id.clone(),
            purpose: ask.purpose,
            user: ask.user.clone(),
            app: ask.app.map(str::to_owned),
            browser: ask.browser.to_owned(),
            address: ask.address.to_string(),
            asked_at: now.rfc3339(),
            portal: ask.portal.to_owned(),
            details: ask.matter.map(|matter| matter.details.clone()),
        };
        let silence = self.why_silent(&ask, &config).await?;
        let question = Question {
            id: id.clone(),
            purpose: ask.purpose,
            user: ask.user.clone(),
            asker: ask.asker.to_owned(),
            address: ask.address,
            shown: serde_json::to_string(&shown).map_err(|_| SharedStateError::Undecodable("approval"))?,
            number: match ask.number.max(ask.by_passkey.then_some(NumberStyle::Scan)) {
                Some(style) => Some(self.numbers.draw(&*self.random, ask.user, style).await?),
                None => None,
            },
            asked_at: now,
            expires_at: now.plus(ask.matter.map_or(config.lifetime.0, |matter| matter.lifetime)),
            state: State::Pending,
            transaction: ask.matter.map(|matter| (matter.app.to_owned(), matter.details.name.clone())),
            request: ask.matter.and_then(|matter| matter.details.request),
            rung: silence.is_none(),
            rate_limited: silence == Some(TOO_MANY),
            signed: None,
            by_passkey: ask.by_passkey,
        };
        self.questions.put(id.as_str(), &question).await?;
        self.by_asker.put(&asker_key(ask.user, ask.asker), &id).await?;
        let mut event = self.event("approval.ask", &question).request_id(ask.request_id);
        match silence {
            None => {
                self.enlist(&question).await?;
                self.shared.publish(&phones(ask.user), id.as_str().into()).await?;
                if !ask.by_passkey {
                    self.delivery.notify(&question, ask.portal).await?;
                }
                metrics::counter!("sekisho_approvals_asked_total", "purpose" => ask.purpose.word()).increment(1);
            }
            Some(why) => event = event.refused(why),
        }
        self.audit.note(event);
        Ok(question)
    }

    /// Why nobody is asked, if so.
    pub(super) async fn why_silent(&self, ask: &Ask<'_>, config: &schema::Approval) -> Result<Option<&'static str>, Rejected> {
        if !ask.anybody || (!ask.by_passkey && self.approvers.of_user(ask.user).await?.is_empty()) {
            return Ok(Some("nobody_to_ask"));
        }
        if !self.approvers.standing(ask.user).await?.is_good() {
            return Ok(Some("approvals_suspended"));
        }
        if self.silences.is_denied(ask.user, ask.address).await? {
            return Ok(Some("network_denied_by_user"));
        }
        // The person goes and reads a code: nobody is disturbed by it, so that nothing has to be counted.
        if ask.by_passkey {
            return Ok(None);
        }
        if self.silences.is_silent(ask.requester, ask.user).await? {
            return Ok(Some(TOO_MANY));
        }
        if !self.silences.begins(ask.requester, ask.user, config).await? {
            return Ok(None);
        }
        // The owner's phone says so at once.
        self.shared.publish(&phones(ask.user), Vec::new()).await?;
        Ok(Some(TOO_MANY))
    }
}

/// A reader of the shared state learns no cookie.
fn asker_key(user: &UserId, asker: &str) -> String {
    crate::random::base64url(TokenHash::of(format!("{user}\n{asker}").as_bytes()).as_bytes())
}
