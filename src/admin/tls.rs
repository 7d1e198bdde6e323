//! Certificates of the gateway itself: how each stands and when it ends, and asking for a new one before its time.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::acme::rotation::RotationError;
use crate::acme::standing::{OwnCertificateState, OwnStanding};
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, rfc3339_if_any};
use crate::audit::Event;
use crate::clock::Timestamp;

/// List the gateway's own certificates: when each ends, and what went wrong at its authority
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTls {}

impl Act for ListTls {
    const NAME: &'static str = "tls.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/tls/certificates");
    type Output = TlsList;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<TlsList, AdminError> {
        Ok(TlsList { items: warrant.core().own_certificates().list().iter().map(TlsView::of).collect() })
    }
}

/// Ask the authority for a new certificate now, before the present one is due
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewTls {
    /// A name that the certificate is for.
    pub name: String,
}

impl Act for RenewTls {
    const NAME: &'static str = "tls.renew";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Post, "/tls/certificates/{name}/renew");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("name", self.name.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        if warrant.core().own_certificates().ask(&self.name).await? == 0 {
            return Err(AdminError::NotFound { what: "a certificate that an authority issues", name: self.name });
        }
        Ok(Done::saying("tls-asked", &[("name", &self.name)]))
    }
}

/// Replace the key of the account at an authority, in place
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateAccount {
    /// The authority, as `[acme.NAME]` calls it.
    pub authority: String,
}

impl Act for RotateAccount {
    const NAME: &'static str = "tls.rotate_account";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Post, "/tls/authorities/{authority}/rotate-account");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("authority", self.authority.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        match warrant.core().own_certificates().rotate_account(&self.authority).await {
            Ok(()) => Ok(Done::saying("tls-account-rotated", &[("authority", &self.authority)])),
            Err(RotationError::Unknown) => Err(AdminError::NotFound { what: "the authority", name: self.authority }),
            Err(error) => Err(AdminError::Input { what: "replace the account's key", why: error.to_string() }),
        }
    }
}

/// The gateway's own certificates.
#[derive(Debug, Serialize, ToSchema)]
pub struct TlsList {
    /// Those of files first.
    pub items: Vec<TlsView>,
}

/// How a certificate of the gateway stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsState {
    /// It serves.
    Good,
    /// It serves, and ends soon, although it should have been renewed.
    EndsSoon,
    /// It has ended.
    Ended,
    /// There is none yet.
    Missing,
}

impl From<OwnStanding> for TlsState {
    fn from(standing: OwnStanding) -> Self {
        match standing {
            OwnStanding::Good => Self::Good,
            OwnStanding::EndsSoon => Self::EndsSoon,
            OwnStanding::Ended => Self::Ended,
            OwnStanding::Missing => Self::Missing,
        }
    }
}

/// A certificate of the gateway as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TlsView {
    /// The first name that it is for.
    pub name: String,
    /// `good`, `ends_soon` (it should have been renewed), `ended`, or `missing` (none was issued yet).
    #[schema(value_type = String)]
    pub state: TlsState,
    /// When it ends.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub ends: Option<Timestamp>,
    /// When it is renewed; absent for one of files.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub renewed_at: Option<Timestamp>,
    /// The authority of the config that issued it, or the file that it is read from.
    pub from: Option<String>,
    /// What went wrong last.
    pub trouble: Option<String>,
    /// When the authority is asked again.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub next_try: Option<Timestamp>,
    /// Every name that it is for.
    pub names: Vec<String>,
    /// Its issuer, as it says itself.
    pub issuer: Option<String>,
    /// Its serial number, hexadecimal.
    pub serial: Option<String>,
    /// From when on the next one serves, where one was issued already.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub next_from: Option<Timestamp>,
    /// Whether an authority issues it: only then it can be renewed here.
    pub is_issued: bool,
}

impl TlsView {
    fn of(state: &OwnCertificateState) -> Self {
        let names: Vec<String> = state.names.iter().map(ToString::to_string).collect();
        let file = state.file.as_ref().map(|file| file.display().to_string());
        Self {
            name: names.first().cloned().unwrap_or_default(),
            state: state.standing.into(),
            ends: state.life.as_ref().map(|life| life.ends),
            renewed_at: state.renew_at,
            from: file.or_else(|| state.authority.clone()),
            trouble: state.trouble.clone(),
            next_try: state.try_at,
            names,
            issuer: state.life.as_ref().map(|life| life.issuer.clone()),
            serial: state.life.as_ref().map(|life| life.serial.clone()),
            next_from: state.next_from,
            is_issued: state.file.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::testing::does;
    use crate::core::testing::TestCore;
    use serde_json::json;

    #[tokio::test]
    async fn every_certificate_is_listed_and_only_an_issued_one_is_asked_for_again() {
        let test = TestCore::with(
            "[acme.ours]\ndirectory = \"https://ca.example.com/directory\"\nagree_to_terms = true\n\
             [[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"mail.example.com\", \"wiki.example.com\"]\n",
        )
        .await;
        let list = does::<ListTls>(&test, json!({})).await.unwrap();
        let item = &list["items"][0];
        assert_eq!(
            (&item["name"], &item["state"], &item["is_issued"]),
            (&json!("mail.example.com"), &json!("missing"), &json!(true))
        );
        does::<RenewTls>(&test, json!({ "name": "Wiki.example.com" })).await.unwrap();
        let refused = does::<RenewTls>(&test, json!({ "name": "auth.example.com" })).await.unwrap_err();
        assert!(refused.to_string().contains("auth.example.com"), "{refused}");
        let refused = does::<RotateAccount>(&test, json!({ "authority": "ours" })).await.unwrap_err();
        assert!(refused.to_string().contains("no account at that authority yet"), "{refused}");
        let refused = does::<RotateAccount>(&test, json!({ "authority": "theirs" })).await.unwrap_err();
        assert!(refused.to_string().contains("theirs"), "{refused}");
    }
}
