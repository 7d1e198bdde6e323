//! A list of networks as an administrator wrote it, and what it holds for.

use std::fmt;

use ipnet::IpNet;

use crate::config::units::{CidrBlock, NetworkLine};
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

/// A list with its notes, as an administrator wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkList {
    /// If not empty, the only networks to come from.
    pub allowed: Vec<NetworkLine>,
    /// Networks not to come from.
    pub denied: Vec<NetworkLine>,
}

impl NetworkList {
    /// Whether it restricts nothing.
    pub const fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.denied.is_empty()
    }

    /// In the order of addresses.
    pub(super) fn sort(&mut self) {
        self.allowed.sort_by_key(|line| line.network.0);
        self.denied.sort_by_key(|line| line.network.0);
    }

    /// The same as check 1 reads it.
    pub(super) fn compiled(&self) -> AddressList {
        AddressList { allowed: networks(&self.allowed), denied: networks(&self.denied) }
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

/// Sorted, each network once: with a note if one was written.
pub fn tidy(mut lines: Vec<NetworkLine>) -> Vec<NetworkLine> {
    for line in &mut lines {
        line.network = CidrBlock(line.network.0.trunc());
    }
    lines.sort_by_key(|line| (line.network.0, line.note.is_none()));
    lines.dedup_by(|later, first| later.network == first.network);
    lines
}

/// The networks of lines, without their notes.
pub(super) fn networks(lines: &[NetworkLine]) -> Box<[IpNet]> {
    lines.iter().map(|line| line.network.0).collect()
}
