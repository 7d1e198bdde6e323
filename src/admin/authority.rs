//! The authority of one's own, which signs client certificates: making it, adding the key that follows, taking one that the
//! organisation has, and taking trust from a key.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, rfc3339, rfc3339_if_any};
use crate::audit::Event;
use crate::certificate::authority::{ANCHORS, AuthorityKey};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::core::issuing::{FOLDER, PUBLISHED};

/// A key of the authority as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorityView {
    /// Its id.
    pub authority: String,
    /// `root`, `issuing` or `imported`.
    pub kind: String,
    /// The subject of its certificate.
    pub subject: String,
    /// Whether it signs what is issued now.
    pub signs: bool,
    /// The last moment of its certificate.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub not_after: Timestamp,
    /// When trust was taken from it.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub withdrawn_at: Option<Timestamp>,
    /// Where its revocation list is published.
    pub revocation_list: String,
    /// Until when that list counts; the next is made long before.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub list_until: Option<Timestamp>,
    /// The file that `[trust.NAME] bundle` names, so that what it signs is trusted here.
    pub bundle: String,
}

impl AuthorityView {
    fn of(core: &Core, key: &AuthorityKey) -> Self {
        let signing = core.authority().signing().is_ok_and(|signing| signing.id == key.id);
        let kind: &'static str = key.kind.into();
        let config = core.config();
        Self {
            authority: key.id.clone(),
            kind: kind.to_owned(),
            subject: key.subject(),
            signs: signing,
            not_after: key.not_after,
            withdrawn_at: key.withdrawn_at,
            revocation_list: format!("{}{PUBLISHED}/{}.crl", config.file.portal.url.trim_end_matches('/'), key.id),
            list_until: key.list_until,
            bundle: config.file.state.directory.join(FOLDER).join(ANCHORS).display().to_string(),
        }
    }
}

/// Make an authority: a root, and below it the key that signs client certificates
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAuthority {
    /// The organisation, as certificates and browsers name it: 1 to 48 characters.
    #[arg(long, value_name = "NAME")]
    pub organisation: String,
}

impl Act for CreateAuthority {
    const NAME: &'static str = "authority.create";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/authorities");
    type Output = AuthorityView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("organisation", self.organisation.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<AuthorityView, AdminError> {
        let core = warrant.core();
        let key = core.authority().create(&self.organisation).await?;
        core.publish_authority().await;
        Ok(AuthorityView::of(core, &key))
    }
}

/// Make the key that follows the present one; what the older one signed stays trusted until its own end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewAuthority {}

impl Act for RenewAuthority {
    const NAME: &'static str = "authority.renew";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/authorities/renew");
    type Output = AuthorityView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<AuthorityView, AdminError> {
        let core = warrant.core();
        let key = core.authority().renew().await?;
        core.publish_authority().await;
        Ok(AuthorityView::of(core, &key))
    }
}

/// Take an issuing key that the organisation has: its certificate and its private key (ECDSA on P-256)
#[derive(Args, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportAuthority {
    /// Its certificate, and those above it: a PEM file (in the API its text).
    #[arg(long, value_name = "FILE", value_parser = pem_file)]
    pub chain: String,
    /// Its private key, not encrypted: a PEM file (in the API its text). It is kept sealed; delete the file afterwards.
    #[arg(long, value_name = "FILE", value_parser = pem_file)]
    pub key: String,
}

impl std::fmt::Debug for ImportAuthority {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ImportAuthority { .. }")
    }
}

impl Act for ImportAuthority {
    const NAME: &'static str = "authority.import";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Post, "/authorities/import");
    type Output = AuthorityView;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<AuthorityView, AdminError> {
        let core = warrant.core();
        let key = core.authority().import(&self.chain, &self.key).await?;
        core.publish_authority().await;
        Ok(AuthorityView::of(core, &key))
    }
}

/// Take the trust from a key for good, and revoke every certificate that it signed
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAuthority {
    /// Its id.
    pub authority: String,
}

impl Act for WithdrawAuthority {
    const NAME: &'static str = "authority.withdraw";
    const SCOPE: Scope = Scope::All;
    const ROUTE: Route = Route::new(Verb::Delete, "/authorities/{authority}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("authority", self.authority.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let revoked = warrant.core().withdraw_authority(&self.authority).await?;
        Ok(Done::saying("authority-withdrawn", &[("authority", &self.authority), ("revoked", &revoked)]))
    }
}

/// List the keys of the authority, oldest first
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAuthorities {}

impl Act for ListAuthorities {
    const NAME: &'static str = "authority.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/authorities");
    type Output = Page<AuthorityView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<AuthorityView>, AdminError> {
        let core = warrant.core();
        Ok(Page::whole(core.authority().list().iter().map(|key| AuthorityView::of(core, key)).collect()))
    }
}

/// The text of a small file, for an argument that the API has as text.
pub(super) fn pem_file(path: &str) -> Result<String, String> {
    let length = std::fs::metadata(path).map_err(|error| format!("{path}: {error}"))?.len();
    if length > 256 << 10 {
        return Err(format!("{path}: {length} bytes; at most 256 KiB are read"));
    }
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::testing::does;
    use crate::core::testing::TestCore;
    use serde_json::json;

    #[tokio::test]
    async fn an_authority_is_made_once_renewed_and_withdrawn() {
        let test = TestCore::open().await;
        assert_eq!(does::<ListAuthorities>(&test, json!({})).await.unwrap()["items"], json!([]));
        assert_eq!(does::<RenewAuthority>(&test, json!({})).await.unwrap_err().code(), "no_authority");
        let nameless = does::<CreateAuthority>(&test, json!({ "organisation": " " })).await.unwrap_err();
        assert_eq!(nameless.code(), "invalid_input");
        let made = does::<CreateAuthority>(&test, json!({ "organisation": "関所" })).await.unwrap();
        assert_eq!((&made["kind"], &made["signs"]), (&json!("issuing"), &json!(true)));
        assert!(made["subject"].as_str().unwrap().starts_with("CN=関所 issuing 20"), "{made}");
        assert!(std::path::Path::new(made["bundle"].as_str().unwrap()).exists(), "{made}");
        let again = does::<CreateAuthority>(&test, json!({ "organisation": "other" })).await.unwrap_err();
        assert_eq!((again.code(), again.status()), ("authority_exists", 409));
        let next = does::<RenewAuthority>(&test, json!({})).await.unwrap();
        let listed = does::<ListAuthorities>(&test, json!({})).await.unwrap();
        let signs: Vec<_> = listed["items"].as_array().unwrap().iter().map(|key| (&key["kind"], &key["signs"])).collect();
        assert_eq!(
            signs,
            [(&json!("root"), &json!(false)), (&json!("issuing"), &json!(false)), (&json!("issuing"), &json!(true))]
        );
        does::<WithdrawAuthority>(&test, json!({ "authority": next["authority"] })).await.unwrap();
        let listed = does::<ListAuthorities>(&test, json!({})).await.unwrap();
        assert_eq!((&listed["items"][1]["signs"], &listed["items"][2]["signs"]), (&json!(true), &json!(false)));
        let unknown = does::<WithdrawAuthority>(&test, json!({ "authority": "issuing-1" })).await.unwrap_err();
        assert_eq!(unknown.code(), "not_found");
        assert!(!format!("{:?}", ImportAuthority { chain: String::new(), key: "secret".into() }).contains("secret"));
    }
}
