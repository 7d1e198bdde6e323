//! A list of networks, as who administers sees it.

use ipnet::IpNet;
use serde::Serialize;
use utoipa::ToSchema;

use super::hints::{HintKind, NetworkHint, hints};
use crate::account::list_line::KeptLine;
use crate::account::network_list::{ListOwner, NetworkList};
use crate::core::Core;
use crate::facts::client_address::ClientAddress;

/// What a list holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// An app, the portal or its administration.
    App,
    /// The members of a group.
    Group,
    /// One user.
    User,
}

impl ListKind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Group => "group",
            Self::User => "user",
        }
    }
}

/// A list of networks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkListView {
    /// What it holds for.
    pub kind: ListKind,
    /// The name of the app, the group or the user.
    pub name: String,
    /// If not empty, the only networks to come from.
    pub allow: Vec<NetworkLineView>,
    /// Networks not to come from.
    pub deny: Vec<NetworkLineView>,
    /// What it is called as it stands: another version was changed. `none`: there is none.
    pub version: String,
    /// What may not be meant.
    pub hints: Vec<NetworkHint>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkLineView {
    /// The network.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub network: Option<IpNet>,
    /// Or the name that the config gave to some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the name stands for now; nothing: the config does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub networks: Option<Vec<IpNet>>,
    /// What was written beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl NetworkLineView {
    /// What stands in the line before its note.
    pub fn word(&self) -> String {
        self.name.clone().or_else(|| Some(self.network?.to_string())).unwrap_or_default()
    }
}

impl NetworkListView {
    pub(super) fn of(core: &Core, owner: &ListOwner, list: &NetworkList) -> Self {
        let (kind, name) = match owner {
            ListOwner::App(app) => (ListKind::App, app.clone()),
            ListOwner::Group(group) => (ListKind::Group, group.to_string()),
            ListOwner::User(user) => (ListKind::User, user.to_string()),
        };
        let names = core.networks().names();
        let line = |line: &KeptLine| NetworkLineView {
            network: line.item.network(),
            name: line.item.name().map(str::to_owned),
            networks: line.item.name().map(|name| names.find(name).unwrap_or_default().to_vec()),
            note: line.note.clone(),
        };
        let lines = |lines: &[KeptLine]| lines.iter().map(line).collect();
        let mut hints = hints(list, &names);
        if kind == ListKind::App && !list.is_empty() && !core.policies().places().any(|place| place == name) {
            hints.insert(0, NetworkHint::of(HintKind::NoApp));
        }
        let version = list.version();
        Self { kind, name, allow: lines(&list.allowed), deny: lines(&list.denied), version, hints }
    }

    /// Names it in lists: `app/wiki`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind.word(), self.name)
    }

    /// Whether this text, in lower case, is in it, or this address in one of its networks.
    pub(super) fn has(&self, needle: &str) -> bool {
        let address = needle.parse().ok().map(ClientAddress::new);
        let in_line = |line: &NetworkLineView| {
            let networks = || line.network.iter().chain(line.networks.iter().flatten());
            address.is_some_and(|address| networks().any(|network| address.is_in(network)))
                || line.word().to_lowercase().contains(needle)
                || line.note.as_deref().is_some_and(|note| note.to_lowercase().contains(needle))
        };
        self.name.to_lowercase().contains(needle) || self.allow.iter().chain(&self.deny).any(in_line)
    }
}
