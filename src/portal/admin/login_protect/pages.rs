//! The pages of login-protect: the switch with the services, its confirmation, and the migration guide.

use askama::Template;

use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::administrator_sample;

/// The switch and the services.
#[derive(Debug, Template)]
#[template(path = "admin/login_protect/login_protect.html")]
pub struct LoginProtectPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation, and whether login-protect is disabled.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The services that policies name.
    pub services: Vec<ServiceRow>,
    /// How many users have no phone: they cannot open a form.
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

/// The first step: what the second, which is the button on this page, brings about.
#[derive(Debug, Template)]
#[template(path = "admin/login_protect/confirm_switch.html")]
pub struct ConfirmSwitchPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// Whether it is to be disabled; else restored.
    pub disable: bool,
    /// The word that the second step brings back.
    pub confirm: String,
    /// How many services it affects.
    pub services: usize,
    /// How many users have no phone.
    pub without_phone: usize,
}

impl ConfirmSwitchPage {
    const fn action(&self) -> &'static str {
        if self.disable { paths::ADMIN_LOGIN_PROTECT_DISABLE } else { paths::ADMIN_LOGIN_PROTECT_RESTORE }
    }
}

/// The guide that leads policies in use to login-protect, step by step, with the state of each (R-134…R-144).
#[derive(Debug, Template)]
#[template(path = "admin/login_protect/migration.html")]
pub struct MigrationPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// How many users there are, and how many of them have no phone.
    pub users: (usize, usize),
    /// How many services policies name.
    pub services: usize,
}

impl MigrationPage {
    const fn is_disabled(&self) -> bool {
        self.layout.disabled.is_some()
    }
}

/// The layout of a sample.
fn layout(is_disabled: bool) -> AdminLayout {
    let area = AdminArea::LoginProtect;
    if is_disabled { AdminLayout::disabled_sample(area) } else { AdminLayout::sample(area) }
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
            frame: administrator_sample(frame),
            layout: layout(disabled),
            notices,
            services,
            without_phone: 42,
            drawn,
        };
        vec![
            page(
                false,
                vec![AdminChange::LoginProtectRestored.notice()],
                vec![service(&["portal", "wiki"])],
                Some("p3xv9tqa".to_owned()),
            ),
            page(true, vec![AdminChange::LoginProtectDisabled.notice()], vec![service(&["portal"])], None),
            page(false, Vec::new(), Vec::new(), None),
        ]
    }
}

impl PortalPage for ConfirmSwitchPage {
    const NAME: &'static str = "admin-confirm-switch";

    fn samples(frame: &Frame) -> Vec<Self> {
        [true, false]
            .map(|disable| Self {
                frame: administrator_sample(frame),
                layout: layout(!disable),
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
            .map(|disabled| Self { frame: administrator_sample(frame), layout: layout(disabled), users: (120, 42), services: 1 })
            .into()
    }
}
