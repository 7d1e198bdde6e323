//! Pages with a form for one act: a user, a group or a token is added, and what belongs to a user is changed. One page for all of
//! them: a form says which fields it has, and what its act is.

pub mod fields;
pub mod page;
mod send;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::fields::{EntryFields, inputs, networks_of, version};
use crate::portal::admin::forms::page::FormPage;
use crate::portal::admin::forms::send::{FormOutcome, send as perform};
use crate::portal::admin::networks::pages::PresentList;
use crate::portal::kit::admin_session::{AdminForm, AdminSession};
use crate::portal::kit::paths;
use crate::random::base64url;

/// A form. Its word stands in its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum AdminFormKind {
    /// Adds a user.
    AddUser,
    /// Changes the names, the mail address and the language of a user.
    ChangeUser,
    /// Makes a user a member of exactly these groups.
    SetGroups,
    /// Assigns exactly these ways to sign in.
    SetMethods,
    /// The networks that a user may come from.
    SetNetworks,
    /// Takes a lost factor away, and makes a link to set it again.
    ResetFactor,
    /// Adds a group.
    AddGroup,
    /// Makes an API token.
    IssueToken,
    /// Adds a certificate to the register.
    RegisterCertificate,
    /// Makes an authority.
    CreateAuthority,
    /// Makes the key that follows the present one.
    RenewAuthority,
    /// Takes an issuing key of the organisation's own.
    ImportAuthority,
}

impl AdminFormKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Its area.
    pub const fn area(self) -> AdminArea {
        match self {
            Self::AddUser | Self::ChangeUser | Self::SetGroups | Self::SetMethods | Self::SetNetworks | Self::ResetFactor => {
                AdminArea::Users
            }
            Self::AddGroup => AdminArea::Groups,
            Self::IssueToken => AdminArea::Tokens,
            Self::RegisterCertificate => AdminArea::Certificates,
            Self::CreateAuthority | Self::RenewAuthority | Self::ImportAuthority => AdminArea::Authorities,
        }
    }

    /// Those that are about one user.
    pub const OF_A_USER: [Self; 5] = [Self::ChangeUser, Self::SetGroups, Self::SetMethods, Self::SetNetworks, Self::ResetFactor];

    /// Its heading, and the text of the button and of links to it: a message key; `.about` says what it does.
    pub(in crate::portal::admin) fn key(self) -> String {
        format!("admin-form-{}", self.word())
    }

    /// Its address, about this user where it is about one.
    pub(in crate::portal::admin) fn address(self, user: &str) -> String {
        let path = paths::ADMIN_FORM.replace("{form}", self.word());
        if user.is_empty() { path } else { paths::with_query(&path, &[("user", user)]) }
    }
}

fn named(word: Result<Path<String>, PathRejection>, admin: &AdminSession) -> Result<AdminFormKind, Response> {
    let word = word.map(|Path(word)| word).unwrap_or_default();
    word.parse().map_err(|_unknown| admin.visit.error(StatusCode::NOT_FOUND, "no_such_page"))
}

/// GET /admin/forms/{form}
pub(super) async fn show(word: Result<Path<String>, PathRejection>, admin: AdminSession) -> Result<Response, Response> {
    let form = named(word, &admin)?;
    let user = admin.query("user").unwrap_or_default();
    // A certificate that somebody showed leads here.
    let certificate = admin.query("certificate").filter(|_| form == AdminFormKind::RegisterCertificate);
    let shown = certificate.map(|certificate| EntryFields { certificate, ..EntryFields::default() });
    let list = networks_of(&admin, form, &user).await?;
    let version = version(form, list.as_ref());
    let inputs = inputs(&admin, form, &user, list, shown.as_ref()).await?;
    let request = if form == AdminFormKind::IssueToken { base64url(&admin.visit.core.random().id()) } else { String::new() };
    Ok(admin.visit.page(StatusCode::OK, &FormPage { request, version, ..FormPage::of(&admin, form, user, inputs) }, &[]))
}

/// POST /admin/forms/{form}
pub(super) async fn send(
    word: Result<Path<String>, PathRejection>,
    AdminForm { admin, fields }: AdminForm<EntryFields>,
) -> Result<Response, Response> {
    let form = named(word, &admin)?;
    match perform(&admin, form, &fields).await {
        Ok(FormOutcome::Done(back)) => Ok(admin.visit.see_other(&paths::with_query(&back, &[("done", form.word())]))),
        Ok(FormOutcome::Before(address)) => Ok(admin.visit.see_other(&address)),
        Ok(FormOutcome::Shown(page)) => Ok(admin.visit.page(StatusCode::OK, &*page, &[])),
        Ok(FormOutcome::Asks(question)) => {
            let inputs = inputs(&admin, form, &fields.user, None, Some(&fields)).await?;
            let (asks, request, version) = (Some(question), fields.request, fields.version);
            let page = FormPage { asks, request, version, ..FormPage::of(&admin, form, fields.user, inputs) };
            Ok(admin.visit.page(StatusCode::OK, &page, &[]))
        }
        Ok(FormOutcome::Changed) => {
            let list = networks_of(&admin, form, &fields.user).await?;
            let inputs = inputs(&admin, form, &fields.user, None, Some(&fields)).await?;
            let (present, version) = (Some(PresentList::of(list.as_ref())), version(form, list.as_ref()));
            let page = FormPage { present, version, ..FormPage::of(&admin, form, fields.user, inputs) };
            Ok(admin.visit.page(StatusCode::CONFLICT, &page, &[]))
        }
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let inputs = inputs(&admin, form, &fields.user, None, Some(&fields)).await?;
            let (problem, request, version) = (Some(admin.reason(&error)), fields.request, fields.version);
            let page = FormPage { problem, request, version, ..FormPage::of(&admin, form, fields.user, inputs) };
            Ok(admin.visit.page(status, &page, &[]))
        }
        Err(error) => Err(admin.refused(&error)),
    }
}
