//! Sessions: who is signed in, from where and by which factors, and ending one.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Done, Page, length, rfc3339};
use crate::admin::written;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::session::{Session, SessionId};

/// List sessions
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {
    /// Only this user's.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "SESSION")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListSessions {
    const NAME: &'static str = "session.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/sessions");
    type Output = Page<SessionView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<SessionView>, AdminError> {
        let sessions = &warrant.core().sessions();
        let limit = length(self.limit);
        let after = self.after.as_deref().map(|text| SessionId::parse(text).ok_or_else(|| unknown(text))).transpose()?;
        let mut found = match &self.user {
            Some(user) => {
                let mut own = sessions.of_user(user);
                own.retain(|session| after.is_none_or(|after| session.id() > after));
                own.sort_by_key(|session| session.id());
                own
            }
            None => sessions.page(after, limit + 1),
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let next = if more { found.last().map(|session| session.id().text()) } else { None };
        Ok(Page { items: found.iter().map(|session| SessionView::of(session)).collect(), next })
    }
}

/// A session as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id; opens nothing.
    pub session: String,
    /// Whose.
    #[schema(value_type = String)]
    pub user: UserId,
    /// The browser, in a few words.
    pub agent: String,
    /// Where the user signed in from.
    pub address: String,
    /// What was proved: `primary_factor:password`.
    pub evidence: Vec<String>,
    /// The hosts at which its cookie is bound to a key of the browser: `portal`, and names of apps.
    pub bound: Vec<String>,
    /// When the user signed in.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it was last used.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_seen: Timestamp,
}

impl SessionView {
    fn of(session: &Session) -> Self {
        Self {
            session: session.id().text(),
            user: session.user().id().clone(),
            agent: session.agent().to_owned(),
            address: session.address().to_string(),
            evidence: session
                .evidence()
                .iter()
                .map(|piece| format!("{}:{}", piece.check().word(), piece.method().word()))
                .collect(),
            bound: session.bound_scopes(),
            created_at: session.created(),
            last_seen: session.last_seen(),
        }
    }
}

fn unknown(text: &str) -> AdminError {
    AdminError::NotFound { what: "the session", name: text.to_owned() }
}

/// End a session
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeSession {
    /// The session's id.
    pub session: String,
}

impl Act for RevokeSession {
    const NAME: &'static str = "session.revoke";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/sessions/{session}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "session", &self.session))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.session.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "the session", name: self.session.clone() };
        let id = SessionId::parse(&self.session).ok_or_else(unknown)?;
        if !warrant.core().sessions().revoke(id).await? {
            return Err(unknown());
        }
        Ok(Done::saying("session-ended", &[]))
    }
}
