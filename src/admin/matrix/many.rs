//! Initial patterns for several users: each issued by the very act that issues one.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::matrix::issue::IssuePattern;
use crate::admin::users::chosen::chosen;
use crate::admin::values::{Page, rfc3339_if_any};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::{GroupName, UserId};

/// Draw initial patterns for several users: those named, or all members of a group
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueMany {
    /// The users' names.
    #[arg(value_name = "USER", value_parser = UserId::parse, required_unless_present = "group")]
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub users: Vec<UserId>,
    /// All members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Leave out those who have a pattern.
    #[arg(long)]
    #[serde(default, deserialize_with = "crate::admin::values::flag")]
    pub only_without: bool,
}

/// The outcome for one user.
#[derive(Serialize, ToSchema)]
pub struct PatternOutcome {
    /// The user.
    pub user: String,
    /// `done`, or the code of the reason why not.
    pub outcome: String,
    /// The reason in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The domain to choose beside the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The cells in their order, and the phrase behind them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Until when it may be used.
    #[serde(serialize_with = "rfc3339_if_any", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Timestamp>,
    /// Whether the notice is mailed.
    pub mailed: bool,
    /// Why it was not done, to be said in other languages.
    #[serde(skip)]
    pub error: Option<AdminError>,
}

debug_by_name!(PatternOutcome);

impl Act for IssueMany {
    const NAME: &'static str = "matrix.issue_many";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/matrix/issue");
    type Output = Page<PatternOutcome>;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME);
        Some(match &self.group {
            Some(group) => event.detail("group", group.as_str()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        ActTarget::Each
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<PatternOutcome>, AdminError> {
        let core = warrant.core();
        let users = chosen(core, self.users, self.group.as_ref())?;
        let mut items = Vec::with_capacity(users.len());
        for user in users {
            if self.only_without && core.matrices().state(&user).await?.is_some() {
                continue;
            }
            let name = user.to_string();
            items.push(match warrant.perform(IssuePattern { user }).await {
                Ok(notice) => PatternOutcome {
                    user: name,
                    outcome: "done".to_owned(),
                    reason: None,
                    domain: Some(notice.domain),
                    pattern: Some(notice.pattern),
                    expires_at: Some(notice.expires_at),
                    mailed: notice.mailed,
                    error: None,
                },
                Err(error) => PatternOutcome {
                    user: name,
                    outcome: error.code().to_owned(),
                    reason: Some(error.to_string()),
                    domain: None,
                    pattern: None,
                    expires_at: None,
                    mailed: false,
                    error: Some(error),
                },
            });
        }
        Ok(Page::whole(items))
    }
}
