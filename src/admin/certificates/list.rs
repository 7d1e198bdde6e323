//! The register.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CertificateView;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page};
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;
use crate::principal::certificate::Holder;
use crate::principal::user::UserId;

/// List the register of client certificates
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCertificates {
    /// Only this user's own.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "CERTIFICATE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListCertificates {
    const NAME: &'static str = "certificate.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/certificates");
    type Output = Page<CertificateView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<CertificateView>, AdminError> {
        let mut all = warrant.core().certificates().list();
        all.retain(|entry| self.user.as_ref().is_none_or(|user| matches!(&entry.holder, Holder::User(holder) if holder == user)));
        let page = Page::of(all, self.after.as_deref(), self.limit, |entry| entry.fingerprint.text());
        let zone = warrant.core().zone();
        Ok(Page { items: page.items.iter().map(|entry| CertificateView::of(entry, &zone)).collect(), next: page.next })
    }
}
