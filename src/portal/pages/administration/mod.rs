//! The administration's pages: the hall that they all stand in, its rooms, and the deeds that lists offer.
//! A room that is added gets a variant of [`Room`]; most are a [`table::TablePage`] and need no template of their own.

pub mod deed;
pub mod login_protect;
pub mod overview;
pub mod settings;
pub mod table;
pub mod transaction;
pub mod user;

use crate::clock::Timestamp;
use crate::portal::kit::page::{Frame, Person};
use crate::portal::kit::paths;

/// Where in the administration one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// [`paths::ADMIN`]
    Overview,
    /// [`paths::ADMIN_USERS`], and each of them.
    Users,
    /// [`paths::ADMIN_PHONES`]
    Phones,
    /// [`paths::ADMIN_APPROVALS`]
    Approvals,
    /// [`paths::ADMIN_TRANSACTIONS`], and each of them.
    Transactions,
    /// [`paths::ADMIN_LOGIN_PROTECT`]
    LoginProtect,
    /// [`paths::ADMIN_SESSIONS`]
    Sessions,
    /// [`paths::ADMIN_BROWSERS`]
    Browsers,
    /// [`paths::ADMIN_LOCKS`]
    Locks,
    /// [`paths::ADMIN_AUDIT`]
    Audit,
    /// [`paths::ADMIN_SETTINGS`]
    Settings,
}

impl Room {
    /// In the order of the navigation.
    pub const ALL: [Self; 11] = [
        Self::Overview,
        Self::Users,
        Self::Phones,
        Self::Approvals,
        Self::Transactions,
        Self::LoginProtect,
        Self::Sessions,
        Self::Browsers,
        Self::Locks,
        Self::Audit,
        Self::Settings,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => paths::ADMIN,
            Self::Users => paths::ADMIN_USERS,
            Self::Phones => paths::ADMIN_PHONES,
            Self::Approvals => paths::ADMIN_APPROVALS,
            Self::Transactions => paths::ADMIN_TRANSACTIONS,
            Self::LoginProtect => paths::ADMIN_LOGIN_PROTECT,
            Self::Sessions => paths::ADMIN_SESSIONS,
            Self::Browsers => paths::ADMIN_BROWSERS,
            Self::Locks => paths::ADMIN_LOCKS,
            Self::Audit => paths::ADMIN_AUDIT,
            Self::Settings => paths::ADMIN_SETTINGS,
        }
    }

    /// What it is called: a message key; `.what` says what it is for, `.none` that there is nothing in it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "admin-overview",
            Self::Users => "admin-users",
            Self::Phones => "admin-phones",
            Self::Approvals => "admin-approvals",
            Self::Transactions => "admin-transactions",
            Self::LoginProtect => "admin-login-protect",
            Self::Sessions => "admin-sessions",
            Self::Browsers => "admin-browsers",
            Self::Locks => "admin-locks",
            Self::Audit => "admin-audit",
            Self::Settings => "admin-settings",
        }
    }

    fn about(self) -> String {
        format!("{}.what", self.key())
    }

    fn nothing(self) -> String {
        format!("{}.none", self.key())
    }
}

/// What every page of the administration shows besides its own.
#[derive(Clone, Debug, Default)]
pub struct Hall {
    /// By whom login-protect was disabled everywhere, and when: a banner, for as long as it is.
    pub disabled: Option<(String, Timestamp)>,
}

impl Hall {
    fn sample(disabled: bool) -> Self {
        Self { disabled: disabled.then(|| ("root".to_owned(), Timestamp::from_seconds(1_795_508_000))) }
    }
}

/// The frame of a sample, with an administrator in it.
fn seated(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    frame.person = Some(Person::sample(true));
    frame
}
