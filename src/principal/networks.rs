//! Lists of networks that administrators keep beside the config: for an app, the portal, its administration, a group.
//! Compiled for check 1, which reads them on every request; a user's own list is part of the user's standing.

use std::collections::HashMap;
use std::sync::Arc;

use ipnet::IpNet;

use super::user::GroupName;

/// How the portal is called among the places that a list may hold at.
pub const PORTAL: &str = "portal";
/// How the portal's administration is called; no app can have such a name.
pub const ADMINISTRATION: &str = "portal/admin";

/// One list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressList {
    /// If not empty, the address must be inside one of these.
    pub allowed: Box<[IpNet]>,
    /// The address must be inside none of these.
    pub denied: Box<[IpNet]>,
}

/// Every list but those of users.
#[derive(Clone, Debug, Default)]
pub struct AddressLists {
    places: HashMap<Arc<str>, AddressList>,
    groups: HashMap<GroupName, AddressList>,
}

impl AddressLists {
    /// Of these: by the name of an app, [`PORTAL`] or [`ADMINISTRATION`], and by group.
    pub const fn new(places: HashMap<Arc<str>, AddressList>, groups: HashMap<GroupName, AddressList>) -> Self {
        Self { places, groups }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.groups.is_empty()
    }

    /// Those that hold at a place, for everybody. At the administration those of the portal hold as well.
    pub fn of_place(&self, place: &str) -> impl Iterator<Item = &AddressList> {
        self.named_at(place).map(|(_, list)| list)
    }

    /// The same with the place that each is kept for.
    pub fn named_at(&self, place: &str) -> impl Iterator<Item = (&str, &AddressList)> {
        let portal = if place == ADMINISTRATION { self.places.get_key_value(PORTAL) } else { None };
        self.places.get_key_value(place).into_iter().chain(portal).map(|(name, list)| (&**name, list))
    }

    /// Every place that a list is kept for.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(|place| &**place)
    }

    /// Those that hold for members of these groups.
    pub fn of_groups<'l>(&'l self, groups: &'l [GroupName]) -> impl Iterator<Item = &'l AddressList> {
        groups.iter().filter_map(|group| self.groups.get(group))
    }
}
