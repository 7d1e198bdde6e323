//! What can be set while the gateway runs.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::{Seat, looked, read, with};
use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE, PORTAL_NOTICE};
use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::pages::administration::settings::{SettingsPage, Switch};

/// GET /admin/settings
pub(super) async fn show(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let set = seat.ask(ListSettings {}).await?.items;
        let value = |name: &str| set.iter().find(|setting| setting.name == name).map(|setting| setting.value.clone());
        let config = seat.visit.core.approvals().config();
        let switch = |name, key, config| Switch { name, key, value: value(name).map(|value| value == "true"), config };
        let page = SettingsPage {
            frame: seat.visit.frame(),
            hall: seat.hall(),
            notices: seat.notices(),
            notice: value(PORTAL_NOTICE).unwrap_or_default(),
            switches: vec![
                switch(MEMBERS_MAY_ADD, "admin-settings-may-add", config.members_may_add),
                switch(MEMBERS_MAY_DELETE, "admin-settings-may-delete", config.members_may_delete),
            ],
            per_user: config.per_user,
            lifetime: config.lifetime.0.as_secs(),
            wrong: config.wrong_answers,
        };
        Ok(seat.visit.page(StatusCode::OK, &page, &[]))
    })
    .await
}

/// POST /admin/settings
pub(super) async fn set(State(desk): State<PortalState>, request: Request) -> Response {
    let answer = async |visit: &Visit, body| {
        let fields = visit.form(body).await?;
        let seat = Seat::to_change(visit, paths::ADMIN_SETTINGS).await?;
        let (name, value) = (fields.text("name").to_owned(), fields.text("value").trim().to_owned());
        if value.is_empty() {
            let is_set = seat.ask(ListSettings {}).await?.items.iter().any(|setting| setting.name == name);
            if is_set {
                seat.ask(ClearSetting { name }).await?;
            }
        } else {
            seat.ask(SetSetting { name, value }).await?;
        }
        Ok(visit.see_other(&with(paths::ADMIN_SETTINGS, &[("done", "setting-kept")])))
    };
    match read(&desk, request) {
        Ok((visit, body)) => answer(&visit, body).await.unwrap_or_else(|response| response),
        Err(response) => response,
    }
}
