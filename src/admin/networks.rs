//! Lists of networks that administrators keep: for an app, the portal or its administration, a group, a user.

mod hints;
#[cfg(test)]
mod tests;
mod view;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::hints::{HintKind, NetworkHint};
pub use self::view::{ListKind, NetworkLineView, NetworkListView};
use crate::account::list_line::{KeptLine, NetworkNames};
use crate::account::network_list::{ListOwner, NetworkList, tidy};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::shut_out::ShutOut;
use crate::admin::values::{Count, Page, flag};
use crate::audit::Event;
use crate::config::diagnose::did_you_mean;
use crate::core::Core;
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::{GroupName, UserId};

/// Lines of one list at most, allowed and denied together.
const MOST: usize = 1000;
/// Bytes of a list with as many lines and the longest notes, as a form or as JSON; who administers may send them.
pub const LARGEST: usize = 2 * 1024 * 1024;
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
                        from.retain(|one| one.item != line.item);
                        if from.len() == before {
                            return refuse(format!(
                                "there is no line {}; `sekisho network list` shows those that there are",
                                line.item
                            ));
                        }
                    }
                }
            }
        }
        if let Some(both) = list.allowed.iter().find(|line| list.denied.iter().any(|other| other.item == line.item)) {
            return refuse(format!("{} is among the allowed and the denied; take it out of one of them", both.item));
        }
        let count = list.allowed.len() + list.denied.len();
        if count > MOST {
            return refuse(format!("that makes {count} lines, and {MOST} at most are kept: write larger networks"));
        }
        Ok(list)
    }
}

/// What is said of a change beside its lines.
pub(super) struct Meant {
    /// The version of the list that it is for; without one, whichever is there.
    pub(super) version: Option<String>,
    /// Whether it is also meant where it shuts out its author or who administers, or ends the list.
    pub(super) confirm: bool,
}

/// Changes a list: the one that its author saw, checked, confirmed where it shuts out its author or who administers or where it
/// ends, and written; all in one transaction.
pub(super) async fn save(
    warrant: &Warrant<'_>,
    owner: &ListOwner,
    how: ListChange,
    lines: NetworkList,
    meant: Meant,
) -> Result<NetworkList, AdminError> {
    let core = warrant.core();
    let changed = core.networks().edit(owner, |list| {
        let version = list.version();
        if meant.version.is_some_and(|seen| seen != version) {
            return Err(AdminError::Changed(version));
        }
        let is_there = !list.is_empty();
        if how != ListChange::Remove {
            named(&core.networks().names(), &lines)?;
        }
        let list = how.of(list, lines)?;
        known(core, owner, is_there && list.is_empty())?;
        match ShutOut::by(core, owner, (is_there, &list), warrant.actor(), warrant.address()).filter(|_| !meant.confirm) {
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
    if ends || policies.places().any(|place| place == app) {
        return Ok(());
    }
    let meant = did_you_mean(app, policies.places()).map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
    let all = policies.places().collect::<Vec<_>>().join(", ");
    Err(AdminError::Input { what: "find the app", why: format!("there is no app `{app}`; {meant}there are {all}") })
}

/// Whether the config has all names of lines. A name that it had once can still be taken out.
fn named(names: &NetworkNames, lines: &NetworkList) -> Result<(), AdminError> {
    let Some(name) = lines.names().find(|name| names.find(name).is_none()) else { return Ok(()) };
    let meant = did_you_mean(name, names.all().map(|(name, _)| name)).map(|meant| format!("did you mean `{meant}`? "));
    let all: Vec<_> = names.all().map(|(name, _)| format!("`{name}`")).collect();
    let there = if all.is_empty() { "the config names none".to_owned() } else { format!("there are {}", all.join(", ")) };
    let meant = meant.unwrap_or_default();
    let why = format!("{name:?} is not a network, and there is no `[networks.{name}]` in the config; {meant}{there}");
    Err(AdminError::Input { what: "read the networks", why })
}

/// The details of an entry in the audit log.
pub(super) fn written_down(event: Event, allow: &[KeptLine], deny: &[KeptLine]) -> Event {
    let texts = |lines: &[KeptLine]| {
        let mut texts: Vec<_> = lines.iter().take(WRITTEN_DOWN).map(|line| line.item.to_string()).collect();
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
    /// Only from this network, several for several: CIDR, an address, or the name of some in the config (`[networks.NAME]`), with a
    /// note behind a `#` if you like. None: from anywhere.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub allow: Vec<KeptLine>,
    /// Not from this network; several for several.
    #[arg(long, value_name = "NETWORK")]
    #[schema(value_type = Vec<String>)]
    #[serde(default)]
    pub deny: Vec<KeptLine>,
    /// The version of the list that this is meant for, as `network list` says it; `none`: there is none yet. It is refused if the list
    /// is another one by now.
    #[arg(long, value_name = "VERSION")]
    #[serde(default)]
    pub version: Option<String>,
    /// Also where it shuts out its author or who administers, or ends a list that is there.
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
    const ROUTE: Route = Route::new(Verb::Put, "/networks").taking(LARGEST);
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
        let meant = Meant { version: self.version, confirm: self.confirm };
        let list = save(warrant, &owner, self.how, lines, meant).await?;
        Ok(NetworkListView::of(warrant.core(), &owner, &list))
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
            let view = NetworkListView::of(warrant.core(), &owner, &list);
            if (wanted.is_empty() || wanted.contains(&owner)) && needle.as_deref().is_none_or(|needle| view.has(needle)) {
                all.push(view);
            }
        }
        all.sort_by_key(NetworkListView::id);
        Ok(Page::of(all, self.after.as_deref(), self.limit, NetworkListView::id))
    }
}
