//! An application for a browser, as it is kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;

/// How an application stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationState {
    /// It waits for an administrator.
    Pending,
    /// Approved: the browser is registered.
    Approved,
    /// Rejected; the browser may apply again after a while.
    Rejected,
    /// It was approved, and the registration has ended since.
    Revoked,
}

impl ApplicationState {
    /// The word in rows, on the command line and in the API.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// One user's application for one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id; opens nothing.
    pub id: CredentialId,
    /// Who applies.
    pub user: UserId,
    /// What the user calls the browser.
    pub name: String,
    /// What the user says to the administrator.
    pub note: String,
    /// What the browser says it is.
    pub agent: String,
    /// Where the application came from.
    pub address: ClientAddress,
    /// How it stands.
    pub state: ApplicationState,
    /// When it was made.
    pub applied_at: Timestamp,
    /// When it was decided, or its registration ended.
    pub decided_at: Option<Timestamp>,
    /// Who decided it.
    pub decided_by: Option<String>,
    /// What the administrator said to the user.
    pub reason: Option<String>,
    /// The registration that came of it.
    pub browser: Option<CredentialId>,
}
