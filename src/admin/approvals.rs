//! Open approvals: administrators list and withdraw what phones are asked; they never answer it.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Done, Page, rfc3339};
use crate::admin::written;
use crate::approval::id::ApprovalId;
use crate::approval::question::{Closing, Purpose, Question, Shown};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::user::UserId;
use crate::principal::words::Words;

/// List approvals that phones are asked for now
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListApprovals {
    /// Only those asked of this user.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "APPROVAL")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListApprovals {
    const NAME: &'static str = "approval.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/approvals");
    type Output = Page<ApprovalView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<ApprovalView>, AdminError> {
        let approvals = &warrant.core().approvals();
        let mut open = match &self.user {
            Some(user) => approvals.open_of(user).await?,
            None => approvals.open().await?,
        };
        open.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        let page = Page::of(open, self.after.as_deref(), self.limit, |question| question.id.to_string());
        Ok(Page { items: page.items.iter().map(ApprovalView::of).collect(), next: page.next })
    }
}

/// An approval that may still be answered: never the number that is carried.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Its id.
    #[schema(value_type = String)]
    pub approval: ApprovalId,
    /// Of whom it is asked.
    #[schema(value_type = String)]
    pub user: UserId,
    /// What for: `sign_in`, `second_factor`, `register_browser`, `add_approver`, `transaction` or `app`.
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// What a transaction, or an app's own question, is called, by language.
    #[serde(skip)]
    pub title: Option<Words>,
    /// The app that is signed in to, or that asks.
    pub app: Option<String>,
    /// The browser that asks, in a few words.
    pub browser: String,
    /// Where it is.
    pub address: String,
    /// Whether a number is carried to the phone.
    pub number: bool,
    /// When it was asked.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub asked_at: Timestamp,
    /// Until when it may be answered.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
}

impl ApprovalView {
    fn of(question: &Question) -> Self {
        let shown: Option<Shown> = serde_json::from_str(&question.shown).ok();
        Self {
            approval: question.id.clone(),
            user: question.user.clone(),
            purpose: question.purpose,
            title: shown.as_ref().and_then(|shown| shown.details.as_ref()).map(|details| details.title.clone()),
            app: shown.as_ref().and_then(|shown| shown.app.clone()),
            browser: shown.map(|shown| shown.browser).unwrap_or_default(),
            address: question.address.to_string(),
            number: question.number.is_some(),
            asked_at: question.asked_at,
            expires_at: question.expires_at,
        }
    }
}

/// Withdraw an approval that a phone is asked for
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelApproval {
    /// The approval's id, as `sekisho approval list` shows it.
    pub approval: String,
}

impl Act for CancelApproval {
    const NAME: &'static str = "approval.cancel";
    const SCOPE: Scope = Scope::Sessions;
    const ROUTE: Route = Route::new(Verb::Delete, "/approvals/{approval}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME), "approval", &self.approval))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.approval.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "an open approval", name: self.approval.clone() };
        let id = ApprovalId::parse(&self.approval).ok_or_else(unknown)?;
        if !warrant.core().approvals().withdraw(&id, Closing::Withdrawn).await? {
            return Err(unknown());
        }
        Ok(Done::saying("approval-withdrawn", &[]))
    }
}
