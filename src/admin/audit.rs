//! The audit log: searching it, and the public keys that its signatures verify with.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Moment, Page, length};
use crate::audit::{AuditRecord, Event, EventOutcome, Filter};

/// Read the audit log, newest first
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryAudit {
    /// About this user, or done by this one.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// This event, or all of a kind: `user` finds `user.add`.
    #[arg(long, value_name = "EVENT")]
    pub what: Option<String>,
    /// From this moment on, or from the beginning of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub from: Option<Moment>,
    /// Before this moment, or to the end of this day.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Moment>,
    /// From this address.
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// How it ended.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<EventOutcome>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "ID")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for QueryAudit {
    const NAME: &'static str = "audit.query";
    const SCOPE: Scope = Scope::Audit;
    const ROUTE: Route = Route::new(Verb::Get, "/audit");
    type Output = Page<AuditRecord>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<AuditRecord>, AdminError> {
        let zone = warrant.core().zone();
        let filter = Filter {
            user: self.user,
            what: self.what,
            from: self.from.map(|from| from.beginning(&zone)),
            until: self.until.map(|until| until.end(&zone)),
            address: self.address,
            outcome: self.outcome,
        };
        let before = self.after.map(|text| {
            let why = format!("{text:?} is not an id of an entry");
            text.parse::<i64>().map_err(|_| AdminError::Input { what: "read the next page", why })
        });
        let limit = length(self.limit);
        let core = warrant.core();
        // What happened a moment ago may still wait to be written.
        core.audit().flush().await?;
        let found = core.audit().query(&filter, before.transpose()?, u32::try_from(limit).unwrap_or(u32::MAX)).await?;
        let next = if found.len() == limit { found.last().map(|record| record.id.to_string()) } else { None };
        Ok(Page { items: found, next })
    }
}

/// List every public key that ever signed, as a JWKS: with --json, what `audit verify --keys` reads
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListKeys {}

impl Act for ListKeys {
    const NAME: &'static str = "audit.keys";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/audit/keys");
    type Output = KeySet;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<KeySet, AdminError> {
        let keys = warrant.core().signing_keys().every().await?;
        let view = keys.into_iter().map(|key| KeyView {
            kty: "EC",
            crv: "P-256",
            purpose: "sig",
            alg: "ES256",
            kid: key.id,
            x: key.x,
            y: key.y,
            nbf: key.from.seconds(),
            exp: key.until.seconds(),
        });
        Ok(KeySet { keys: view.collect() })
    }
}

/// A JWKS document (RFC 7517 §5).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The keys, oldest first.
    pub keys: Vec<KeyView>,
}

/// A public key (RFC 7517 §4).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// `EC`.
    pub kty: &'static str,
    /// `P-256`.
    pub crv: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub purpose: &'static str,
    /// `ES256`.
    pub alg: &'static str,
    /// Its id.
    pub kid: String,
    /// The first coordinate.
    pub x: String,
    /// The second.
    pub y: String,
    /// It signed nothing before: seconds since the epoch.
    pub nbf: i64,
    /// It signs nothing after.
    pub exp: i64,
}
