//! Certificates that clients presented lately, whether the register has them or not.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::certificates::register::fingerprint;
use crate::admin::error::AdminError;
use crate::admin::values::{Page, rfc3339};
use crate::audit::Event;
use crate::certificate::sighting::Sighting;
use crate::clock::Timestamp;
use crate::principal::user::UserId;

/// List who presented which client certificate, and when
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSightings {
    /// Only what this user presented.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Only this certificate.
    #[arg(long, value_name = "FINGERPRINT")]
    pub certificate: Option<String>,
}

impl Act for ListSightings {
    const NAME: &'static str = "certificate.sightings";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/sightings");
    type Output = Page<SightingView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<SightingView>, AdminError> {
        let only = self.certificate.as_deref().map(fingerprint).transpose()?;
        let mut found = warrant.core().certificates().sightings().list(self.user.as_ref()).await?;
        found.retain(|sighting| only.is_none_or(|only| sighting.fingerprint == only));
        let view = |sighting: Sighting| SightingView {
            certificate: sighting.fingerprint.text(),
            user: sighting.user.map(|user| user.to_string()),
            subject: sighting.subject,
            issuer: sighting.issuer,
            serial: sighting.serial,
            not_after: sighting.not_after,
            address: sighting.address.to_string(),
            first_seen: sighting.first_seen,
            last_seen: sighting.last_seen,
        };
        Ok(Page::whole(found.into_iter().map(view).collect()))
    }
}

/// One user's use of one certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightingView {
    /// SHA-256 of its DER.
    pub certificate: String,
    /// Who was signed in.
    pub user: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its serial number.
    pub serial: String,
    /// Its own end.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub not_after: Timestamp,
    /// Where it was presented from the last time.
    pub address: String,
    /// The first time.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub first_seen: Timestamp,
    /// The last time.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_seen: Timestamp,
}
