//! Users: who there is, what they may, how they begin.

pub mod add;
pub mod change;
pub mod disable;
pub mod enable;
pub mod invite;
pub mod links;
pub mod list;
pub mod remove;
pub mod reset_factor;
pub mod revoke_link;
pub mod set_certificates;
pub mod set_groups;
pub mod set_methods;
pub mod set_networks;
pub mod show;
pub mod sign_out;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::users::User;
use crate::principal::method::Methods;

/// A user as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// The name.
    pub user: String,
    /// Whether the user is switched on.
    pub enabled: bool,
    /// The name that people use.
    pub display_name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// Member of these.
    pub groups: Vec<String>,
    /// The language chosen.
    pub language: Option<String>,
    /// Primary-factor methods assigned.
    pub methods: Vec<String>,
    /// Whether client certificates may be used by this user.
    pub certificates: bool,
    /// If not empty, the only networks to come from.
    pub allowed_networks: Vec<String>,
    /// Networks not to come from.
    pub denied_networks: Vec<String>,
    /// Since when the user is known.
    pub created_at: String,
}

impl UserView {
    /// As the user is now.
    pub fn of(user: &User) -> Self {
        let (standing, profile) = (user.standing(), user.profile());
        Self {
            user: user.id().to_string(),
            enabled: standing.enabled,
            display_name: profile.display_name.clone(),
            email: profile.email.clone(),
            groups: standing.groups.iter().map(ToString::to_string).collect(),
            language: profile.language.clone(),
            methods: standing.assigned.both(Methods::PRIMARY).iter().map(|method| method.word().to_owned()).collect(),
            certificates: standing.certificate_switch,
            allowed_networks: standing.allowed_networks.iter().map(ToString::to_string).collect(),
            denied_networks: standing.denied_networks.iter().map(ToString::to_string).collect(),
            created_at: profile.created_at.rfc3339(),
        }
    }
}
