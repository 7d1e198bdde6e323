//! A list of networks as an administrator wrote it, and what it holds for.

use std::fmt;

use aws_lc_rs::digest;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::list_line::{KeptItem, KeptLine, NetworkNames};
use crate::principal::networks::AddressList;
use crate::principal::user::{GroupName, UserId};

/// What a list holds for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListOwner {
    /// An app by its name, the portal, or its administration: as [`crate::principal::networks`] calls them.
    App(String),
    /// The members of a group.
    Group(GroupName),
    /// One user.
    User(UserId),
}

/// The version of a list that is not there.
pub const NO_LIST: &str = "none";

/// A list with its notes, as an administrator wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkList {
    /// If not empty, the only networks to come from.
    pub allowed: Vec<KeptLine>,
    /// Networks not to come from.
    pub denied: Vec<KeptLine>,
}

impl NetworkList {
    /// Whether it restricts nothing.
    pub const fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.denied.is_empty()
    }

    /// What it is called as it stands, so that nobody saves over another one unseen: [`NO_LIST`] where there is none.
    pub fn version(&self) -> String {
        if self.is_empty() {
            return NO_LIST.to_owned();
        }
        let mut list = self.clone();
        list.sort();
        let mut text = String::new();
        for (lines, sign) in [(&list.allowed, '+'), (&list.denied, '-')] {
            // A note holds no line end.
            lines.iter().for_each(|line| text.push_str(&format!("{sign}{line}\n")));
        }
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// In the order of addresses, then of names.
    pub(super) fn sort(&mut self) {
        self.allowed.sort_by(|one, other| one.item.cmp(&other.item));
        self.denied.sort_by(|one, other| one.item.cmp(&other.item));
    }

    /// The names of the config among its lines.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.allowed.iter().chain(&self.denied).filter_map(|line| line.item.name())
    }

    /// The same as check 1 reads it. A name that nothing has any more lets nobody in: it is no allowed network, and where it was
    /// denied, or the only one that was allowed, everybody is refused.
    pub fn compiled(&self, names: &NetworkNames) -> AddressList {
        let (mut allowed, missing) = networks(&self.allowed, names);
        let (mut denied, unknown) = networks(&self.denied, names);
        if unknown || (missing && allowed.is_empty()) {
            denied.extend([IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())]);
        }
        for list in [&mut allowed, &mut denied] {
            list.sort_unstable();
            list.dedup();
        }
        AddressList { allowed: allowed.into(), denied: denied.into() }
    }
}

impl fmt::Display for ListOwner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App(app) => write!(out, "app {app}"),
            Self::Group(group) => write!(out, "group {group}"),
            Self::User(user) => write!(out, "user {user}"),
        }
    }
}

/// Sorted, each network and each name once: with a note if one was written.
pub fn tidy(mut lines: Vec<KeptLine>) -> Vec<KeptLine> {
    for line in &mut lines {
        if let KeptItem::Network(network) = &mut line.item {
            *network = network.trunc();
        }
    }
    lines.sort_by(|one, other| (&one.item, one.note.is_none()).cmp(&(&other.item, other.note.is_none())));
    lines.dedup_by(|later, first| later.item == first.item);
    lines
}

/// The networks that lines stand for, and whether a name among them stands for none.
fn networks(lines: &[KeptLine], names: &NetworkNames) -> (Vec<IpNet>, bool) {
    let (mut networks, mut missing) = (Vec::with_capacity(lines.len()), false);
    for line in lines {
        match &line.item {
            KeptItem::Network(network) => networks.push(*network),
            KeptItem::Named(name) => match names.find(name) {
                Some(named) => networks.extend(named),
                None => missing = true,
            },
        }
    }
    (networks, missing)
}
