//! Notices of the administration: what was just done.

use strum::{EnumString, IntoStaticStr};

use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::{self, PageNotice};
use crate::portal::kit::paths;

/// What was just done, apart from a [`BulkAction`]. Its word stands in the address that leads to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum AdminChange {
    /// Nothing was done, since no line was selected.
    NothingSelected,
    /// A setting is saved.
    SettingSaved,
    /// A list of networks is saved.
    NetworksSaved,
    /// A user is linked with a person at an identity provider.
    IdentityLinked,
    /// A user is not linked: the person is somebody's already, or is none.
    IdentityNotLinked,
    /// The form was sent before: its certificate is in the list, its passphrase was shown then.
    CertificateIssuedBefore,
    /// From when to when a certificate counts is set.
    CertificateDatesSet,
    /// The form was sent before: its token is in the list, and was shown then.
    TokenIssuedBefore,
    /// Login-protect is disabled everywhere.
    LoginProtectDisabled,
    /// Login-protect is in force again.
    LoginProtectRestored,
}

impl AdminChange {
    /// The address of a page that says so.
    pub(super) fn at(self, path: &str) -> String {
        paths::with_query(path, &[("done", self.into())])
    }

    /// What a page says of it.
    pub fn notice(self) -> PageNotice {
        match self {
            Self::NothingSelected => PageNotice::warning("admin-list-nothing-selected"),
            Self::SettingSaved => PageNotice::success("admin-settings.saved"),
            Self::NetworksSaved => PageNotice::success("admin-network-saved"),
            Self::IdentityLinked => PageNotice::success("admin-user-identity-linked"),
            Self::IdentityNotLinked => PageNotice::warning("admin-user-identity-not-linked"),
            Self::CertificateIssuedBefore => PageNotice::warning("admin-issued-before"),
            Self::CertificateDatesSet => PageNotice::success("admin-certificate-dates.done"),
            Self::TokenIssuedBefore => PageNotice::warning("admin-token-issued-before"),
            Self::LoginProtectDisabled => PageNotice::success("admin-login-protect-disable.done"),
            Self::LoginProtectRestored => PageNotice::success("admin-login-protect-restore.done"),
        }
    }
}

/// What a page says of an action that was performed on so many lines.
pub fn of_action(action: BulkAction, count: usize) -> PageNotice {
    PageNotice::success(action.done()).with_count(count)
}

/// What a page says of a form that was done.
pub fn of_form(form: AdminFormKind) -> PageNotice {
    PageNotice::success(format!("{}.done", form.key()))
}

/// The notice of the action that led to a page.
pub(super) fn done(admin: &AdminSession) -> Vec<PageNotice> {
    let action = || notice::done::<BulkAction>(&admin.visit).map(|(action, count)| of_action(action, count));
    let change = notice::done::<AdminChange>(&admin.visit).map(|(change, _)| change.notice());
    let form = || notice::done::<AdminFormKind>(&admin.visit).map(|(form, _)| of_form(form));
    change.or_else(form).or_else(action).into_iter().collect()
}
