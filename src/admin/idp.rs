//! Identity providers: how they stand, and whose accounts they are linked with.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, SourceHealth, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::idp::{IdentityProvider, IdpLink};
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;

/// List the identity providers: how each stands, and the addresses to register there
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIdps {}

impl Act for ListIdps {
    const NAME: &'static str = "idp.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/identity-providers");
    type Output = IdpList;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IdpList, AdminError> {
        Ok(IdpList { items: warrant.core().idp().all().iter().map(|provider| IdpView::of(provider)).collect() })
    }
}

/// Read the documents of an identity provider now, and say what is wrong with them; by SAML, whether its metadata is still good
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestIdp {
    /// The provider's name.
    pub provider: String,
}

impl Act for TestIdp {
    const NAME: &'static str = "idp.test";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Post, "/identity-providers/{provider}/test");
    type Output = IdpView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IdpView, AdminError> {
        let provider = named(warrant, &self.provider)?;
        // What is wrong stands in the view.
        let _shown = provider.test().await;
        Ok(IdpView::of(&provider))
    }
}

/// Show the SAML metadata of this gateway for an identity provider, which the provider reads
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdpMetadata {
    /// The provider's name.
    pub provider: String,
}

impl Act for IdpMetadata {
    const NAME: &'static str = "idp.metadata";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/identity-providers/{provider}/metadata");
    type Output = IdpMetadataView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IdpMetadataView, AdminError> {
        let provider = named(warrant, &self.provider)?;
        let own = provider.settings().own_metadata().map(str::to_owned);
        let name = || format!("{}: it speaks OpenID Connect", self.provider);
        own.map(|metadata| IdpMetadataView { metadata })
            .ok_or_else(|| AdminError::NotFound { what: "SAML metadata for", name: name() })
    }
}

/// The SAML metadata of this gateway.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdpMetadataView {
    /// The document, in XML.
    pub metadata: String,
}

/// All identity providers.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdpList {
    /// In the order of the config.
    pub items: Vec<IdpView>,
}

/// An identity provider as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdpView {
    /// Its name here.
    pub provider: String,
    /// What people call it.
    pub title: String,
    /// `openid_connect` or `saml`.
    pub protocol: &'static str,
    /// Its issuer; by SAML its entity ID.
    pub issuer: String,
    /// `ready`, `troubled` (it does not answer now, and what is known of it is still used) or `unknown`.
    #[schema(value_type = String)]
    pub state: SourceHealth,
    /// What is wrong.
    pub trouble: Option<String>,
    /// When its documents were last read.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub read_at: Option<Timestamp>,
    /// How many of its keys are known.
    pub keys: usize,
    /// The address to register there as redirect URI; by SAML the assertion consumer service.
    pub redirect_uri: String,
    /// Where the metadata of this gateway for it is, by SAML.
    pub metadata_uri: Option<String>,
    /// The address to register there for the way back after a sign-out; none by SAML.
    pub post_logout_redirect_uri: Option<String>,
    /// The address to register there for logout tokens; the provider must be able to reach it. None by SAML.
    pub backchannel_logout_uri: Option<String>,
    /// The address to register there for logout by a frame; none by SAML.
    pub frontchannel_logout_uri: Option<String>,
}

impl IdpView {
    fn of(provider: &IdentityProvider) -> Self {
        let (settings, state) = (provider.settings(), provider.state());
        let has_sign_out = !settings.is_saml();
        Self {
            provider: settings.name().to_owned(),
            title: settings.title().to_owned(),
            protocol: if settings.is_saml() { "saml" } else { "openid_connect" },
            issuer: settings.section().issuer.clone(),
            state: SourceHealth::of(state.known_since, state.trouble.as_ref()),
            trouble: state.trouble,
            read_at: state.known_since,
            keys: state.keys,
            redirect_uri: settings.redirect_uri(),
            metadata_uri: settings.metadata_uri(),
            post_logout_redirect_uri: has_sign_out.then(|| settings.post_logout_redirect_uri()),
            backchannel_logout_uri: has_sign_out.then(|| settings.backchannel_logout_uri()),
            frontchannel_logout_uri: has_sign_out.then(|| settings.frontchannel_logout_uri()),
        }
    }
}

/// List the people at identity providers that a user is linked with
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListIdentities {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ListIdentities {
    const NAME: &'static str = "user.identities";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/users/{user}/identities");
    type Output = IdentityList;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Seen(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IdentityList, AdminError> {
        let core = warrant.core();
        core.users().named(&self.user)?;
        Ok(IdentityList { items: core.idp().links().of_user(&self.user).await?.iter().map(IdentityView::of).collect() })
    }
}

/// The people that a user is linked with.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityList {
    /// The oldest first.
    pub items: Vec<IdentityView>,
}

/// A person at an identity provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityView {
    /// The id of the link.
    pub identity: String,
    /// The provider's name here.
    pub provider: String,
    /// Its issuer.
    pub issuer: String,
    /// The person there (`sub`).
    pub subject: String,
    /// The mail address that the provider named last.
    pub email: Option<String>,
    /// Groups here that the provider gave last.
    pub groups: Vec<String>,
    /// Since when.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub linked_at: Timestamp,
    /// When it was last used.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub last_used: Timestamp,
}

impl IdentityView {
    fn of(link: &IdpLink) -> Self {
        Self {
            identity: link.id.text(),
            provider: link.provider.clone(),
            issuer: link.issuer.clone(),
            subject: link.subject.clone(),
            email: link.mail.clone(),
            groups: link.groups.iter().map(ToString::to_string).collect(),
            linked_at: link.created_at,
            last_used: link.last_used,
        }
    }
}

/// Link a user with a person at an identity provider, who then signs in as this user
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkIdentity {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The provider's name.
    pub provider: String,
    /// The person there: `sub` of the ID token; by SAML the name identifier, or the attribute of `saml.subject`.
    pub subject: String,
}

impl Act for LinkIdentity {
    const NAME: &'static str = "user.link";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/users/{user}/identities");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).user(self.user.as_str());
        Some(event.as_given("provider", self.provider.clone()).as_given("subject", self.subject.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let provider = named(warrant, &self.provider)?;
        let core = warrant.core();
        core.users().named(&self.user)?;
        let fits = !self.subject.is_empty() && self.subject.len() <= 255 && !self.subject.chars().any(char::is_control);
        if !fits {
            let why = "the subject must have 1 to 255 characters".to_owned();
            return Err(AdminError::Input { what: "link the user", why });
        }
        let (name, issuer) = (provider.settings().name(), &provider.settings().section().issuer);
        if core.idp().links().add(&self.user, name, issuer, &self.subject, None).await?.is_none() {
            let why = "this person is linked with a user already; `sekisho user unlink` removes that first".to_owned();
            return Err(AdminError::Input { what: "link the user", why });
        }
        Ok(Done::saying("identity-linked", &[("provider", &provider.settings().title()), ("user", &self.user)]))
    }
}

/// Remove the link of a user with a person at an identity provider; the sessions that it opened end
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlinkIdentity {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The id of the link: `sekisho user identities` shows it.
    pub identity: String,
}

impl Act for UnlinkIdentity {
    const NAME: &'static str = "user.unlink";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Delete, "/users/{user}/identities/{identity}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::id(Event::new(Self::NAME).user(self.user.as_str()), "identity", &self.identity))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let unknown = || AdminError::NotFound { what: "the link", name: self.identity.clone() };
        let id = CredentialId::parse(&self.identity).ok_or_else(unknown)?;
        let turn = warrant.core().idp().links().turn().await;
        if !warrant.core().unlink(&turn, &self.user, id, None).await? {
            return Err(unknown());
        }
        Ok(Done::saying("identity-unlinked", &[]))
    }
}

fn named(warrant: &Warrant<'_>, name: &str) -> Result<std::sync::Arc<IdentityProvider>, AdminError> {
    let found = warrant.core().idp().find(name);
    found.ok_or_else(|| AdminError::NotFound { what: "the identity provider", name: name.to_owned() })
}
