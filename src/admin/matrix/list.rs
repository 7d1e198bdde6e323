//! How the patterns of users stand.

use std::collections::BTreeMap;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page, rfc3339_if_any};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::method::Methods;
use crate::principal::user::{GroupName, UserId};

/// List users who are assigned `matrix` or `token_matrix`, and how their patterns stand
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPatterns {
    /// Only members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "USER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

/// The pattern of a user: that there is one, never which.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatternView {
    /// The user.
    pub user: String,
    /// How it stands.
    pub state: PatternStand,
    /// When it was drawn or set.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub changed_at: Option<Timestamp>,
    /// Until when an initial one may be used.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Timestamp>,
    /// What the rules of this moment say against it: codes.
    pub refused: Vec<String>,
}

/// How a pattern stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatternStand {
    /// There is none.
    None,
    /// Drawn by the server, and not changed yet.
    Initial,
    /// Drawn by the server, and too old: issue another.
    Expired,
    /// Set by the user.
    Set,
    /// Set by the user, and refused by the rules of this moment: changed at the next sign-in.
    Refused,
    /// For tables of another size: nobody can sign in with it; issue another.
    AnotherSize,
}

impl Act for ListPatterns {
    const NAME: &'static str = "matrix.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/matrix");
    type Output = Page<PatternView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<PatternView>, AdminError> {
        let core = warrant.core();
        let states: BTreeMap<UserId, _> = core.matrices().states().await?.into_iter().collect();
        let is_meant = |user: &std::sync::Arc<crate::account::user::User>| {
            let standing = user.standing();
            (!standing.assigned.both(Methods::PATTERN).is_empty() || states.contains_key(user.id()))
                && self.group.as_ref().is_none_or(|group| standing.is_in(group))
        };
        let users: Vec<_> = core.users().list().into_iter().filter(is_meant).collect();
        let page = Page::of(users, self.after.as_deref(), self.limit, |user| user.id().to_string());
        let now = core.clock().now();
        let mut items = Vec::with_capacity(page.items.len());
        for user in page.items {
            let state = states.get(user.id());
            let refused = match state {
                Some(_) => core.matrices().unfit(&user.standing()).await.map_err(|error| AdminError::State(error.to_string()))?,
                None => Vec::new(),
            };
            let codes: Vec<String> = refused.iter().map(|reason| reason.word().to_owned()).collect();
            let stand = match state {
                None => PatternStand::None,
                Some(_) if codes.iter().any(|code| code == "another_size") => PatternStand::AnotherSize,
                Some(state) if state.initial && state.expires_at.is_some_and(|end| end <= now) => PatternStand::Expired,
                Some(state) if state.initial => PatternStand::Initial,
                Some(_) if !codes.is_empty() => PatternStand::Refused,
                Some(_) => PatternStand::Set,
            };
            items.push(PatternView {
                user: user.id().to_string(),
                state: stand,
                changed_at: state.map(|state| state.changed_at),
                expires_at: state.and_then(|state| state.expires_at),
                refused: codes,
            });
        }
        Ok(Page { items, next: page.next })
    }
}
