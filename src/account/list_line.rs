//! A line of a list of networks as an administrator wrote it: a network, or the name that the config gave to some.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::networks::is_name;
use crate::config::schema::File;
use crate::config::units::{CidrBlock, read_note, with_note};

/// What a line stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptItem {
    /// This network.
    Network(IpNet),
    /// The networks of `[networks.NAME]`, as they are at any moment.
    Named(String),
}

/// A line with its note: `192.0.2.0/24 # Osaka`, `office # all of it`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLine {
    /// What it stands for.
    pub item: KeptItem,
    /// What was written beside it.
    pub note: Option<String>,
}

impl KeptItem {
    /// The network; `None` of a name.
    pub const fn network(&self) -> Option<IpNet> {
        match self {
            Self::Network(network) => Some(*network),
            Self::Named(_) => None,
        }
    }

    /// The name; `None` of a network.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Network(_) => None,
            Self::Named(name) => Some(name),
        }
    }
}

impl From<IpNet> for KeptLine {
    fn from(network: IpNet) -> Self {
        Self { item: KeptItem::Network(network), note: None }
    }
}

impl FromStr for KeptItem {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<CidrBlock>() {
            Ok(network) => Ok(Self::Network(network.0)),
            Err(_) if is_name(text) => Ok(Self::Named(text.to_owned())),
            Err(why) => Err(why),
        }
    }
}

impl FromStr for KeptLine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (item, note) = with_note(text);
        let item: KeptItem = item.parse()?;
        Ok(Self { note: read_note(&item, note)?, item })
    }
}

impl fmt::Display for KeptItem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(out),
            Self::Named(name) => out.write_str(name),
        }
    }
}

impl fmt::Display for KeptLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.item.fmt(out)?;
        self.note.iter().try_for_each(|note| write!(out, " # {note}"))
    }
}

impl Serialize for KeptLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeptLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The networks that the config names.
#[derive(Clone, Debug, Default)]
pub struct NetworkNames(BTreeMap<String, Vec<IpNet>>);

impl NetworkNames {
    /// Those of a config.
    pub fn of(file: &File) -> Self {
        let named = file.networks.iter();
        Self(named.map(|(name, named)| (name.clone(), named.addresses.iter().map(|line| line.network.0).collect())).collect())
    }

    /// What a name stands for; `None` where nothing has it.
    pub fn find(&self, name: &str) -> Option<&[IpNet]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// All names.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[IpNet])> {
        self.0.iter().map(|(name, networks)| (name.as_str(), networks.as_slice()))
    }
}
