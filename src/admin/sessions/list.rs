//! Who is signed in, from where, with what.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page, length};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
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
    pub user: String,
    /// The browser, in a few words.
    pub agent: String,
    /// Where the user signed in from.
    pub address: String,
    /// What was proved: `primary_factor:password`.
    pub evidence: Vec<String>,
    /// When the user signed in.
    pub created_at: String,
    /// When it was last used.
    pub last_seen: String,
}

impl SessionView {
    fn of(session: &Session) -> Self {
        Self {
            session: session.id().text(),
            user: session.user().id().to_string(),
            agent: session.agent().to_owned(),
            address: session.address().to_string(),
            evidence: session
                .evidence()
                .iter()
                .map(|piece| format!("{}:{}", piece.check().word(), piece.method().word()))
                .collect(),
            created_at: session.created().rfc3339(),
            last_seen: session.last_seen().rfc3339(),
        }
    }
}

fn unknown(text: &str) -> AdminError {
    AdminError::NotFound { what: "the session", name: text.to_owned() }
}
