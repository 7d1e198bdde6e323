//! Lists of networks that administrators keep: for an app, the portal or its administration, a group, a user.

mod hints;
#[cfg(test)]
mod tests;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::hints::hints;
pub use self::hints::{HintKind, NetworkHint};
use crate::account::network_list::{ListOwner, NetworkList, tidy};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::shut_out::ShutOut;
use crate::admin::values::{Count, Page, flag};
use crate::audit::Event;
use crate::config::diagnose::did_you_mean;
use crate::config::units::NetworkLine;
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::{GroupName, UserId};

/// Lines of one list at most, allowed and denied together.
const MOST: usize = 1000;
/// Networks that an entry of the audit log names.
const WRITTEN_DOWN: usize = 100;

/// What is done with the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListChange {
    /// They are the whole list; none ends it.
    #[default]
    Replace,
    /// They are added.
    Add,
    /// They are taken out.
    Remove,
}

impl ListChange {
    const fn word(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }

    /// The list that comes of it.
    pub(super) fn of(self, mut list: NetworkList, lines: NetworkList) -> Result<NetworkList, AdminError> {
        let refuse = |why: String| Err(AdminError::Input { what: "set the list", why });
        let (allowed, denied) = (tidy(lines.allowed), tidy(lines.denied));
        match self {
            Self::Replace => list = NetworkList { allowed, denied },
            Self::Add => {
                // A line that is there already takes the new note, where there is one.
                list.allowed = tidy(allowed.into_iter().chain(list.allowed).collect());
                list.denied = tidy(denied.into_iter().chain(list.denied).collect());
            }
            Self::Remove => {
                for (from, lines) in [(&mut list.allowed, allowed), (&mut list.denied, denied)] {
                    for line in lines {
                        let before = from.len();
                        from.retain(|one| one.network != line.network);
                        if from.len() == before {
                            return refuse(format!(
                                "there is no line {}; `sekisho network list` shows those that there are",
                                line.network
                            ));
                        }
                    }
                }
            }
        }
        if let Some(both) = list.allowed.iter().find(|line| list.denied.iter().any(|other| other.network == line.network)) {
            return refuse(format!("{} is among the allowed and the denied; take it out of one of them", both.network));
        }
        let count = list.allowed.len() + list.denied.len();
        if count > MOST {
            return refuse(format!("that makes {count} lines, and {MOST} at most are kept: write larger networks"));
        }
        Ok(list)
    }
}

/// Changes a list: checked, confirmed where it shuts out its author or who administers, written.
pub(super) async fn save(
    warrant: &Warrant<'_>,
    owner: &ListOwner,
    how: ListChange,
    lines: NetworkList,
    confirm: bool,
) -> Result<NetworkList, AdminError> {
    let core = warrant.core();
    let changed = core.networks().edit(owner, |list| {
        let is_there = !list.is_empty();
        let list = how.of(list, lines)?;
        known(core, owner, is_there && list.is_empty())?;
        match ShutOut::by(core, owner, &list, warrant.actor(), warrant.address()).filter(|_| !confirm) {
            Some(whom) => Err(AdminError::Unconfirmed(whom)),
            None => Ok(list),
        }
    });
    changed.await
}

/// Whether what the list is for is there; one whose app is gone may still be ended.
fn known(core: &Core, owner: &ListOwner, ends: bool) -> Result<(), AdminError> {
    let ListOwner::App(app) = owner else { return Ok(()) };
    let policies = core.policies();
    let places = || policies.apps().map(|(name, _)| name).chain([PORTAL, ADMINISTRATION]);
    if ends || places().any(|place| place == app) {
        return Ok(());
    }
    let meant = did_you_mean(app, places()).map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
    let all = places().collect::<Vec<_>>().join(", ");
    Err(AdminError::Input { what: "find the app", why: format!("there is no app `{app}`; {meant}there are {all}") })
}

/// The details of an entry in the audit log.
pub(super) fn written_down(event: Event, allow: &[NetworkLine], deny: &[NetworkLine]) -> Event {
    let texts = |lines: &[NetworkLine]| {
        let mut texts: Vec<_> = lines.iter().take(WRITTEN_DOWN).map(|line| line.network.to_string()).collect();
        texts.extend(lines.len().checked_sub(WRITTEN_DOWN).filter(|more| *more > 0).map(|more| format!("and {more} more")));
        texts.join(" ")
    };
    event.detail("allow", texts(allow)).detail("deny", texts(deny))
}

/// Set the list of networks of an app, a group or a user; check 1 holds by it from the next request on
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct SetNetworkList {
    /// The app that it holds for; `portal` for the portal, `portal/admin` for its administration.
    #[arg(long, value_name = "APP", required_unless_present_any = ["group", "user"], conflicts_with_all = ["group", "user"])]
    #[serde(default)]
    pub app: Option<String>,
    /// The group whose members it holds for.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse, conflicts_with = "user")]
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub group: Option<GroupName>,
    /// The user whom it holds for.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub user: Option<UserId>,
    /// Whether the lines are the whole list, are added to it or taken out of it.
    #[arg(long, value_enum, default_value = "replace")]
    #[serde(default)]
    pub how: ListChange,
    /// Only from this network, several for several: CIDR or an address, with a note behind a `#` if you like. None: from anywhere.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub allow: Vec<NetworkLine>,
    /// Not from this network; several for several.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub deny: Vec<NetworkLine>,
    /// Also where it shuts out its author, or who administers.
    #[arg(long)]
    #[serde(default, deserialize_with = "flag")]
    pub confirm: bool,
}

impl SetNetworkList {
    fn owner(&self) -> Result<ListOwner, AdminError> {
        let owners = [
            self.app.clone().map(ListOwner::App),
            self.group.clone().map(ListOwner::Group),
            self.user.clone().map(ListOwner::User),
        ];
        let mut owners = owners.into_iter().flatten();
        match (owners.next(), owners.next()) {
            (Some(owner), None) => Ok(owner),
            _ => Err(AdminError::Input { what: "set the list", why: "name one of `app`, `group` and `user`".to_owned() }),
        }
    }
}

impl Act for SetNetworkList {
    const NAME: &'static str = "network.set";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Put, "/networks");
    type Output = NetworkListView;

    fn event(&self) -> Option<Event> {
        let event = Event::new(Self::NAME).detail("how", self.how.word());
        let event = match self.owner() {
            Ok(ListOwner::User(user)) => event.user(user.as_str()),
            Ok(owner @ ListOwner::App(_)) => event.as_given("list", owner.to_string()),
            Ok(owner @ ListOwner::Group(_)) => event.detail("list", owner.to_string()),
            Err(_) => event,
        };
        Some(written_down(event, &self.allow, &self.deny))
    }

    fn target(&self) -> ActTarget {
        match (&self.user, &self.group, self.app.as_deref()) {
            (Some(user), _, _) => ActTarget::Account(user.clone()),
            (None, Some(group), _) => ActTarget::Members(group.clone()),
            (None, None, Some(PORTAL | ADMINISTRATION)) => ActTarget::Administration,
            (None, None, _) => ActTarget::Nobody,
        }
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<NetworkListView, AdminError> {
        let owner = self.owner()?;
        let lines = NetworkList { allowed: self.allow, denied: self.deny };
        let list = save(warrant, &owner, self.how, lines, self.confirm).await?;
        Ok(NetworkListView::of(&owner, &list))
    }
}

/// List the lists of networks that are kept for apps, groups and users
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[group(skip)]
pub struct ListNetworkLists {
    /// Only that of this app; `portal` and `portal/admin` as well.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Only that of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Only that of this user.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Only those with this text in a name, a network or a note; of an address, those with a line that contains it.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "LIST")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListNetworkLists {
    const NAME: &'static str = "network.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/networks");
    type Output = Page<NetworkListView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<NetworkListView>, AdminError> {
        let wanted = [self.app.map(ListOwner::App), self.group.map(ListOwner::Group), self.user.map(ListOwner::User)];
        let wanted: Vec<_> = wanted.into_iter().flatten().collect();
        let needle = self.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase);
        let mut all = Vec::new();
        for (owner, list) in warrant.core().networks().all().await? {
            let view = NetworkListView::of(&owner, &list);
            if (wanted.is_empty() || wanted.contains(&owner)) && needle.as_deref().is_none_or(|needle| view.has(needle)) {
                all.push(view);
            }
        }
        all.sort_by_key(NetworkListView::id);
        Ok(Page::of(all, self.after.as_deref(), self.limit, NetworkListView::id))
    }
}

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
    /// What may not be meant.
    pub hints: Vec<NetworkHint>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkLineView {
    /// The network.
    #[schema(value_type = String)]
    pub network: ipnet::IpNet,
    /// What was written beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl NetworkListView {
    fn of(owner: &ListOwner, list: &NetworkList) -> Self {
        let (kind, name) = match owner {
            ListOwner::App(app) => (ListKind::App, app.clone()),
            ListOwner::Group(group) => (ListKind::Group, group.to_string()),
            ListOwner::User(user) => (ListKind::User, user.to_string()),
        };
        let lines = |lines: &[NetworkLine]| {
            lines.iter().map(|line| NetworkLineView { network: line.network.0, note: line.note.clone() }).collect()
        };
        Self { kind, name, allow: lines(&list.allowed), deny: lines(&list.denied), hints: hints(list) }
    }

    /// Names it in lists: `app/wiki`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind.word(), self.name)
    }

    /// Whether this text, in lower case, is in it, or this address in one of its networks.
    fn has(&self, needle: &str) -> bool {
        let address = needle.parse().ok().map(ClientAddress::new);
        let in_line = |line: &NetworkLineView| {
            address.is_some_and(|address| address.is_in(&line.network))
                || line.network.to_string().contains(needle)
                || line.note.as_deref().is_some_and(|note| note.to_lowercase().contains(needle))
        };
        self.name.to_lowercase().contains(needle) || self.allow.iter().chain(&self.deny).any(in_line)
    }
}
