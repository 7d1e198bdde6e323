//! `/admin/login-protect`: the switch in two steps, the service IDs, and the migration guide for policies in use.

pub mod pages;

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::login_protect::{
    DisableLoginProtect, DrawService, LoginProtectDecision, RestoreLoginProtect, ShowLoginProtect,
};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::login_protect::pages::{ConfirmSwitchPage, LoginProtectPage, MigrationPage, ServiceRow};
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::admin::overview::count_users;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::paths;

/// GET /admin/login-protect
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    page(&admin, None).await
}

async fn page(admin: &AdminSession, drawn: Option<String>) -> Result<Response, Response> {
    let shown = admin.required(ShowLoginProtect {}).await?;
    let page = LoginProtectPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::LoginProtect),
        notices: notice::done(admin),
        services: shown
            .services
            .into_iter()
            .map(|service| ServiceRow { organisation: service.organisation, service: service.service, apps: service.apps })
            .collect(),
        without_phone: shown.users_without_phone,
        drawn,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// GET /admin/login-protect/migration
pub(super) async fn migration(admin: AdminSession) -> Result<Response, Response> {
    let page = MigrationPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(&admin, AdminArea::LoginProtect),
        services: admin.required(ShowLoginProtect {}).await?.services.len(),
        users: count_users(&admin).await?,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// A step of a decision: the first has no word, and the second brings back the word that the first drew.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    confirm: String,
}

impl AdminFields for ConfirmForm {
    fn page(&self) -> &str {
        paths::ADMIN_LOGIN_PROTECT
    }
}

impl ConfirmForm {
    fn word(self) -> Option<String> {
        Some(self.confirm).filter(|word| !word.is_empty())
    }
}

/// POST /admin/login-protect/disable
pub(super) async fn disable(AdminForm { admin, fields }: AdminForm<ConfirmForm>) -> Result<Response, Response> {
    let decision = admin.required(DisableLoginProtect { confirm: fields.word() }).await?;
    decided(&admin, decision, true).await
}

/// POST /admin/login-protect/restore
pub(super) async fn restore(AdminForm { admin, fields }: AdminForm<ConfirmForm>) -> Result<Response, Response> {
    let decision = admin.required(RestoreLoginProtect { confirm: fields.word() }).await?;
    decided(&admin, decision, false).await
}

/// The page of the first step, or what the second did.
async fn decided(admin: &AdminSession, decision: LoginProtectDecision, disable: bool) -> Result<Response, Response> {
    let Some(confirm) = decision.confirm else {
        let done = if disable { AdminChange::LoginProtectDisabled } else { AdminChange::LoginProtectRestored };
        return Ok(admin.visit.see_other(&done.at(paths::ADMIN_LOGIN_PROTECT)));
    };
    let shown = admin.required(ShowLoginProtect {}).await?;
    let page = ConfirmSwitchPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::LoginProtect),
        disable,
        confirm,
        services: shown.services.len(),
        without_phone: shown.users_without_phone,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// POST /admin/login-protect/service
pub(super) async fn draw_service(AdminForm { admin, .. }: AdminForm<DrawForm>) -> Result<Response, Response> {
    let drawn = admin.required(DrawService {}).await?.done;
    page(&admin, Some(drawn)).await
}

/// The button that draws a service ID.
#[derive(Debug, Deserialize)]
pub(super) struct DrawForm {}

impl AdminFields for DrawForm {
    fn page(&self) -> &str {
        paths::ADMIN_LOGIN_PROTECT
    }
}
