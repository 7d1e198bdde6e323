//! Users as administrators see them: the list, and one user with factors and groups.

use std::collections::BTreeSet;

use clap::Args;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::account::user::User;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Page, rfc3339, rfc3339_if_any, words};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId};

/// A user as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// The name.
    #[schema(value_type = String)]
    pub user: UserId,
    /// Whether the user is switched on.
    pub enabled: bool,
    /// The name that people use.
    pub display_name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// Member of these.
    #[schema(value_type = Vec<String>)]
    pub groups: Vec<GroupName>,
    /// The language chosen.
    pub language: Option<String>,
    /// Primary-factor methods assigned.
    #[serde(serialize_with = "words")]
    #[schema(value_type = Vec<String>)]
    pub methods: Vec<Method>,
    /// How the user stands to client certificates.
    pub certificates: CertificateSetting,
    /// Whether a group selects the user, whatever the setting is.
    pub certificates_required_by_group: bool,
    /// Whether only browsers that an administrator let in count for this user.
    pub device_designation: bool,
    /// If not empty, the only networks to come from.
    #[schema(value_type = Vec<String>)]
    pub allowed_networks: Vec<IpNet>,
    /// Networks not to come from.
    #[schema(value_type = Vec<String>)]
    pub denied_networks: Vec<IpNet>,
    /// Since when the user is known.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

impl UserView {
    /// As the user is now.
    pub fn of(user: &User) -> Self {
        let (standing, profile) = (user.standing(), user.profile());
        Self {
            user: user.id().clone(),
            enabled: standing.enabled,
            display_name: profile.display_name.clone(),
            email: profile.email.clone(),
            groups: standing.groups.to_vec(),
            language: profile.language.clone(),
            methods: standing.assigned.both(Methods::PRIMARY).iter().collect(),
            certificates: standing.certificates,
            certificates_required_by_group: standing.certificates_by_group,
            device_designation: standing.device_designation,
            allowed_networks: standing.allowed_networks.to_vec(),
            denied_networks: standing.denied_networks.to_vec(),
            created_at: profile.created_at,
        }
    }
}

/// List users
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListUsers {
    /// Only members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Only those whose name, mail address or called name holds this.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only those for whom no phone is registered.
    #[arg(long)]
    #[serde(default, deserialize_with = "crate::admin::values::flag")]
    pub without_phone: bool,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "USER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListUsers {
    const NAME: &'static str = "user.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/users");
    type Output = Page<UserView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<UserView>, AdminError> {
        let needle = self.search.as_deref().unwrap_or_default().to_lowercase();
        let with_phone: BTreeSet<UserId> = if self.without_phone {
            warrant.core().approvals().approvers.all().await?.into_iter().map(|slot| slot.user).collect()
        } else {
            BTreeSet::new()
        };
        let mut users: Vec<_> = warrant.core().users().list();
        users.retain(|user| !with_phone.contains(user.id()));
        users.retain(|user| {
            let profile = user.profile();
            let texts = [Some(user.id().as_str()), profile.display_name.as_deref(), profile.email.as_deref()];
            self.group.as_ref().is_none_or(|group| user.standing().is_in(group))
                && texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&needle))
        });
        let page = Page::of(users, self.after.as_deref(), self.limit, |user| user.id().to_string());
        Ok(Page { items: page.items.iter().map(|user| UserView::of(user)).collect(), next: page.next })
    }
}

/// Show one user with everything that is known of them
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowUser {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
}

impl Act for ShowUser {
    const NAME: &'static str = "user.show";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/users/{user}");
    type Output = UserInFull;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Seen(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<UserInFull, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let id = user.id();
        let authenticator = core.totps().of_user(id).await.map_err(|error| AdminError::State(error.to_string()))?;
        let pattern = core.matrices().state(id).await?;
        Ok(UserInFull {
            password_set_at: core.passwords().set_at(id).await?,
            authenticator: authenticator
                .map(|found| AuthenticatorView { added_at: found.added_at, last_used_at: found.last_used_at }),
            passkeys: core
                .passkeys()
                .of_user(id)
                .await?
                .into_iter()
                .map(|found| PasskeyView {
                    id: found.id.text(),
                    name: found.name,
                    rp_id: found.rp_id,
                    synced: found.backup_eligible,
                    backed_up: found.backed_up,
                    model: found.model,
                    added_at: found.added_at,
                    last_used_at: found.last_used_at,
                })
                .collect(),
            directory: core.ad_passwords().links().of(id).await?.map(|link| DirectoryEntryView {
                directory: link.directory,
                dn: link.dn,
                linked_at: link.linked_at,
                switched_off: link.switched_off,
            }),
            transaction_password_set_at: core.transaction_passwords().set_at(id).await?,
            pattern_set_at: pattern.map(|state| state.changed_at),
            pattern_is_initial: pattern.is_some_and(|state| state.initial),
            recovery_codes_left: core.recovery_codes().left(id).await?,
            sessions: core.sessions().of_user(id).len(),
            browsers: core.browsers().of_user(id).len(),
            registered_certificates: core.certificates().of_user(id).len(),
            user: UserView::of(&user),
        })
    }
}

/// A user with what they sign in with: that there is a secret, never which.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserInFull {
    /// The user.
    pub user: UserView,
    /// When the password was set; absent if there is none.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub password_set_at: Option<Timestamp>,
    /// The authenticator app, if one is set up.
    pub authenticator: Option<AuthenticatorView>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// The entry of a directory that this user is, if one is linked.
    pub directory: Option<DirectoryEntryView>,
    /// When the transaction password was set; absent if there is none.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub transaction_password_set_at: Option<Timestamp>,
    /// When the pattern was drawn or set; absent if there is none.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub pattern_set_at: Option<Timestamp>,
    /// Whether it is the initial one, which its user must change.
    pub pattern_is_initial: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: usize,
    /// Sessions that are open.
    pub sessions: usize,
    /// Browsers that are registered.
    pub browsers: usize,
    /// Certificates of the register that are this user's own.
    pub registered_certificates: usize,
}

/// The entry of a directory that a user is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectoryEntryView {
    /// The table of the directory in the config.
    pub directory: String,
    /// What the entry was called when it was seen last.
    pub dn: String,
    /// Since when.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub linked_at: Timestamp,
    /// Whether the user is switched off here because the directory says so.
    pub switched_off: bool,
}

/// An authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthenticatorView {
    /// When it was set up.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub added_at: Timestamp,
    /// When a code of it was last taken.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub last_used_at: Option<Timestamp>,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The domain that it was made for; with another one it cannot be used.
    pub rp_id: String,
    /// Whether its provider may copy it to other devices of the user.
    pub synced: bool,
    /// Whether it was copied or backed up when it was last used.
    pub backed_up: bool,
    /// The model of the authenticator (AAGUID), where attestation proved it.
    pub model: Option<String>,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub added_at: Timestamp,
    /// When it was last used.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub last_used_at: Option<Timestamp>,
}
