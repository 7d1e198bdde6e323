//! Whom a list of networks would shut out who should have been asked before: its author, or everybody who administers; or that it
//! would end.

use std::fmt;

use ipnet::IpNet;

use crate::account::network_list::{ListOwner, NetworkList};
use crate::core::Core;
use crate::facts::client_address::ClientAddress;
use crate::principal::networks::{ADMINISTRATION, AddressList, PORTAL};
use crate::principal::user::{GroupName, UserId};

/// Users named at most.
const NAMED: usize = 20;

/// Users of whom a certificate would be demanded, by this very change, and who have shown none that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutCertificate {
    /// Whether the author is one of them.
    pub author: bool,
    /// All of them.
    pub users: Vec<UserId>,
}

impl fmt::Display for WithoutCertificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yourself = if self.author { ", yourself among them" } else { "" };
        write!(out, "it shuts out those who have shown no good certificate{yourself}: ")?;
        for (place, user) in self.users.iter().take(NAMED).enumerate() {
            write!(out, "{}{user}", if place == 0 { "" } else { ", " })?;
        }
        match self.users.len().checked_sub(NAMED).filter(|more| *more > 0) {
            Some(more) => write!(out, " and {more} more"),
            None => Ok(()),
        }
    }
}

/// Who would be shut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutOut {
    /// The author, who comes from this address.
    Author(ClientAddress),
    /// Who administers, from an address that nobody knows here.
    Administration,
    /// Nobody any more: a list that is there would end.
    Nobody,
}

impl fmt::Display for ShutOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Author(address) => write!(out, "it refuses {address}, which is where you are"),
            Self::Administration => out.write_str(
                "it concerns who administers, and refuses everybody outside of it; no address is known here to compare",
            ),
            Self::Nobody => out.write_str("without a line the list that is there ends, and restricts nobody any more"),
        }
    }
}

impl ShutOut {
    /// Whom `list` would shut out of what `owner` is; `is_there` says whether it replaces a list. `author` is the user whose
    /// session it is; at the machine there is no address.
    pub(super) fn by(
        core: &Core,
        owner: &ListOwner,
        (is_there, list): (bool, &NetworkList),
        author: &str,
        address: Option<ClientAddress>,
    ) -> Option<Self> {
        if list.is_empty() {
            return is_there.then_some(Self::Nobody);
        }
        match address {
            Some(address) => {
                let concerned = concerns_author(core, owner, author) || concerns_administration(core, owner);
                (concerned && refuses(&list.compiled(&core.networks().names()), address)).then_some(Self::Author(address))
            }
            None => concerns_administration(core, owner).then_some(Self::Administration),
        }
    }
}

fn refuses(list: &AddressList, address: ClientAddress) -> bool {
    let is_in = |networks: &[IpNet]| networks.iter().any(|network| address.is_in(network));
    is_in(&list.denied) || (!list.allowed.is_empty() && !is_in(&list.allowed))
}

fn concerns_author(core: &Core, owner: &ListOwner, author: &str) -> bool {
    let is_member = |group: &GroupName| {
        let author = UserId::parse(author).ok().and_then(|author| core.users().find(&author));
        author.is_some_and(|author| author.standing().is_in(group))
    };
    match owner {
        // Asked of every app: its list is likely to be meant for the office that the author sits in.
        ListOwner::App(_) => true,
        ListOwner::Group(group) => is_member(group),
        ListOwner::User(user) => user.as_str() == author,
    }
}

fn concerns_administration(core: &Core, owner: &ListOwner) -> bool {
    let group = GroupName::parse(&core.config().file.portal.administrators);
    match (owner, group) {
        (ListOwner::App(place), _) => place == PORTAL || place == ADMINISTRATION,
        (ListOwner::Group(owner), Ok(group)) => *owner == group,
        (ListOwner::User(user), Ok(group)) => core.users().find(user).is_some_and(|user| user.standing().is_in(&group)),
        // Where the config names no possible group, anybody may be an administrator.
        (ListOwner::Group(_) | ListOwner::User(_), Err(_)) => true,
    }
}
