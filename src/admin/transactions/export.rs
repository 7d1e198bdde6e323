//! Transactions with everything that is kept of them, page by page: what an export is written from.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Outcome, Search, TransactionRecord};
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Moment, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// Read transactions with everything that is kept of them, newest first
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportTransactions {
    /// Of this app.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Asked for by this user.
    #[arg(long, value_name = "USER")]
    pub requester: Option<String>,
    /// How it stands, or ended.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<Outcome>,
    /// With this in what was shown, in whichever language.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Asked for from this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub since: Option<Moment>,
    /// Asked for before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Moment>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ExportTransactions {
    const NAME: &'static str = "transaction.export";
    const SCOPE: Scope = Scope::Audit;
    const ROUTE: Route = Route::new(Verb::Get, "/transactions/export");
    type Output = Page<TransactionRecord>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<TransactionRecord>, AdminError> {
        let Self { app, requester, outcome, text, since, until, after, limit } = self;
        let search = Search { app, requester, outcome, text, since, until, after, limit };
        let (found, next) = search.found(warrant.core()).await?;
        Ok(Page { items: found.into_iter().map(|record| TransactionRecord::of(record, None)).collect(), next })
    }
}
