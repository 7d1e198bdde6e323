//! What every page of the administration shows besides its own content: the navigation, and the banner of login-protect.

use strum::VariantArray as _;

use crate::clock::Timestamp;
use crate::login_protect::DISABLED;
use crate::portal::admin::area::AdminArea;
use crate::portal::kit::admin_session::AdminSession;

/// The navigation with the area that is shown, and the banner.
#[derive(Clone, Debug)]
pub struct AdminLayout {
    /// The area that the page belongs to.
    pub area: AdminArea,
    /// By whom login-protect was disabled everywhere, and when: a banner, for as long as it is.
    pub disabled: Option<(String, Timestamp)>,
}

impl AdminLayout {
    /// The layout of a page in an area.
    pub(super) fn of(admin: &AdminSession, area: AdminArea) -> Self {
        let disabled = admin.visit.core.settings().list().remove(DISABLED);
        Self { area, disabled: disabled.map(|setting| (setting.changed_by, setting.changed_at)) }
    }

    pub(super) const fn areas(&self) -> &'static [AdminArea] {
        AdminArea::VARIANTS
    }

    pub(super) fn is_current(&self, area: &AdminArea) -> bool {
        self.area == *area
    }

    /// The layout of a sample.
    pub(super) fn sample(area: AdminArea) -> Self {
        Self { area, disabled: None }
    }

    /// The layout of a sample, while login-protect is disabled everywhere.
    pub(super) fn disabled_sample(area: AdminArea) -> Self {
        Self { area, disabled: Some(("root".to_owned(), Timestamp::from_seconds(1_795_508_000))) }
    }
}
