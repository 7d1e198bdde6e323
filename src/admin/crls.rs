//! Revocation lists of the authorities in `[trust]`: how each stands, and fetching them now.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::rfc3339_if_any;
use crate::audit::Event;
use crate::certificate::list_report::{ListReport, ListState};
use crate::clock::Timestamp;

/// List the revocation lists of client certificates: how current each is
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCrls {}

impl Act for ListCrls {
    const NAME: &'static str = "crl.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/crls");
    type Output = CrlList;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CrlList, AdminError> {
        Ok(CrlList::of(warrant))
    }
}

/// Fetch the revocation lists that have an address now, and say what is wrong with them
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshCrls {}

impl Act for RefreshCrls {
    const NAME: &'static str = "crl.refresh";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/crls/refresh");
    type Output = CrlList;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CrlList, AdminError> {
        let certificates = warrant.core().certificates();
        certificates.make_lists_due();
        certificates.refresh_lists().await?;
        Ok(CrlList::of(warrant))
    }
}

/// All revocation lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrlList {
    /// In the order of the bundles' names, files before addresses.
    pub items: Vec<CrlView>,
}

impl CrlList {
    fn of(warrant: &Warrant<'_>) -> Self {
        Self { items: warrant.core().certificates().list_reports().into_iter().map(CrlView::of).collect() }
    }
}

/// A revocation list as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrlView {
    /// The name of the table in `[trust]`.
    pub trust: String,
    /// The file, or the address.
    pub source: String,
    /// The authority it speaks for; absent where it has not been read yet.
    pub issuer: Option<String>,
    /// `current`, `ending` (the last quarter of its time), `outdated` or `missing` (not read yet).
    #[schema(value_type = String)]
    pub state: ListState,
    /// When it was made.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub this_update: Option<Timestamp>,
    /// When the next one is due.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub next_update: Option<Timestamp>,
    /// How many certificates it names.
    pub revoked: usize,
    /// When its address answered last, where it has one; of a file that cannot be used, when what stands in for it was read.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub read_at: Option<Timestamp>,
    /// Why its address could not be read at the last try, or why its file cannot be used.
    pub trouble: Option<String>,
}

impl CrlView {
    fn of(report: ListReport) -> Self {
        Self {
            trust: report.trust,
            source: report.source,
            issuer: report.issuer,
            state: report.state,
            this_update: report.this_update,
            next_update: report.next_update,
            revoked: report.revoked,
            read_at: report.read_at,
            trouble: report.trouble,
        }
    }
}
