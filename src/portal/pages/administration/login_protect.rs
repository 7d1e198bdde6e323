//! Login-protect: the switch in two steps, the services, and the way there for policies in use.

use askama::Template;

use super::{Hall, Room, seated};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// The switch and the services.
#[derive(Debug, Template)]
#[template(path = "admin/login_protect.html")]
pub struct LoginProtectPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall, which says whether it is disabled.
    pub hall: Hall,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The services that policies name.
    pub services: Vec<ServiceRow>,
    /// Users without a phone: they cannot open a form.
    pub without_phone: usize,
    /// A service ID that was drawn for a policy.
    pub drawn: Option<String>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct ServiceRow {
    /// The organisation ID.
    pub organisation: String,
    /// The service ID.
    pub service: String,
    /// The apps whose policies name it.
    pub apps: Vec<String>,
}

impl LoginProtectPage {
    const fn room(&self) -> Room {
        Room::LoginProtect
    }
}

/// The first step: what it would bring about; the second is the button on it.
#[derive(Debug, Template)]
#[template(path = "admin/decide.html")]
pub struct DecidePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// Whether it is to be disabled; else restored.
    pub disable: bool,
    /// The word that the second step brings back.
    pub confirm: String,
    /// Services that it touches.
    pub services: usize,
    /// Users without a phone.
    pub without_phone: usize,
}

impl DecidePage {
    const fn room(&self) -> Room {
        Room::LoginProtect
    }

    const fn action(&self) -> &'static str {
        if self.disable { paths::ADMIN_LOGIN_PROTECT_DISABLE } else { paths::ADMIN_LOGIN_PROTECT_RESTORE }
    }
}

/// The way to login-protect for policies in use, step by step, with where it stands (R-134…R-144).
#[derive(Debug, Template)]
#[template(path = "admin/migration.html")]
pub struct MigrationPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// Users, and how many of them have no phone.
    pub users: (usize, usize),
    /// Services that policies name.
    pub services: usize,
}

impl MigrationPage {
    const fn room(&self) -> Room {
        Room::LoginProtect
    }

    const fn is_disabled(&self) -> bool {
        self.hall.disabled.is_some()
    }
}

impl PortalPage for LoginProtectPage {
    const NAME: &'static str = "admin-login-protect";

    fn samples(frame: &Frame) -> Vec<Self> {
        let service = |apps: &[&str]| ServiceRow {
            organisation: "example".to_owned(),
            service: "k7m2qd4w".to_owned(),
            apps: apps.iter().map(ToString::to_string).collect(),
        };
        let page = |disabled, notices, services, drawn| Self {
            frame: seated(frame),
            hall: Hall::sample(disabled),
            notices,
            services,
            without_phone: 42,
            drawn,
        };
        vec![
            page(false, vec![PageNotice::LoginProtectRestored], vec![service(&["portal", "wiki"])], Some("p3xv9tqa".to_owned())),
            page(true, vec![PageNotice::LoginProtectDisabled], vec![service(&["portal"])], None),
            page(false, Vec::new(), Vec::new(), None),
        ]
    }
}

impl PortalPage for DecidePage {
    const NAME: &'static str = "admin-decide";

    fn samples(frame: &Frame) -> Vec<Self> {
        [true, false]
            .map(|disable| Self {
                frame: seated(frame),
                hall: Hall::sample(!disable),
                disable,
                confirm: "123456".to_owned(),
                services: 2,
                without_phone: 42,
            })
            .into()
    }
}

impl PortalPage for MigrationPage {
    const NAME: &'static str = "admin-migration";

    fn samples(frame: &Frame) -> Vec<Self> {
        [true, false]
            .map(|disabled| Self { frame: seated(frame), hall: Hall::sample(disabled), users: (120, 42), services: 1 })
            .into()
    }
}
