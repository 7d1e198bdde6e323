//! `/admin/devices`: the applications of users for a browser. The list renews itself while it is open.

use axum::response::Response;
use strum::VariantArray as _;

use crate::admin::devices::{DeviceView, ListDevices};
use crate::browser::application::ApplicationState;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-browser",
    "admin-column-note",
    "admin-column-address",
    "admin-column-applied",
    "admin-column-state",
    "admin-column-decided",
];

/// GET /admin/devices
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let word = admin.query("state");
    let state = word.as_deref().map(str::parse::<ApplicationState>).transpose();
    let state = state.map_err(|_unknown| admin.unreadable("read the state", "it is none"))?;
    let act = |user, after| ListDevices { user, state, after, limit: LINES };
    let mut page = ListPage::by_user(&admin, AdminArea::Devices, COLUMNS, line, act).await?;
    page.search.push(by_state(word));
    page.live = true;
    Ok(page.shown_to(&admin))
}

fn by_state(word: Option<String>) -> SearchField {
    let choices = ApplicationState::VARIANTS.iter().map(|state| (state.word(), key(*state))).collect();
    SearchField { name: "state", label: "admin-column-state", input: SearchInput::Words(word.unwrap_or_default(), choices) }
}

const fn key(state: ApplicationState) -> &'static str {
    match state {
        ApplicationState::Pending => "admin-device-pending",
        ApplicationState::Approved => "admin-device-approved",
        ApplicationState::Rejected => "admin-device-rejected",
        ApplicationState::Revoked => "admin-device-revoked",
    }
}

fn line(device: DeviceView) -> ListLine {
    let name = format!("{}: {}", device.user, device.name);
    // What the browser says of itself, where its user calls it otherwise.
    let called = if device.name == device.agent { device.name } else { format!("{} ({})", device.name, device.agent) };
    let decided = [device.decided_by, device.reason].into_iter().flatten().collect::<Vec<_>>();
    let cells = vec![
        ListCell::user(device.user.as_str()),
        ListCell::text(called),
        ListCell::text(device.note),
        ListCell::text(device.address),
        ListCell::Ago(device.applied_at),
        state_cell(device.state),
        ListCell::Tags(decided),
    ];
    match device.state {
        ApplicationState::Pending | ApplicationState::Approved => ListLine::new(&device.application, &name, cells),
        ApplicationState::Rejected | ApplicationState::Revoked => ListLine::without_action(cells),
    }
}

const fn state_cell(state: ApplicationState) -> ListCell {
    match state {
        ApplicationState::Pending => ListCell::Alarm(key(state)),
        ApplicationState::Approved | ApplicationState::Rejected | ApplicationState::Revoked => ListCell::Words(key(state)),
    }
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |state, note: &str, decided: Vec<String>| {
        vec![
            ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            ListCell::text("My laptop (Firefox, Linux)"),
            ListCell::text(note),
            ListCell::text("192.0.2.7"),
            ListCell::Ago(Timestamp::from_seconds(1_795_508_000)),
            state_cell(state),
            ListCell::Tags(decided),
        ]
    };
    let pending = cells(ApplicationState::Pending, "for the road", Vec::new());
    let mut page = ListPage::sample(frame, AdminArea::Devices, COLUMNS, pending);
    let decided = vec!["boss".to_owned(), hostile()];
    page.lines.push(ListLine::without_action(cells(ApplicationState::Rejected, &hostile(), decided)));
    page.lines.push(ListLine::without_action(cells(ApplicationState::Revoked, "", vec!["boss".to_owned()])));
    page.search.push(by_state(Some("pending".to_owned())));
    page.live = true;
    [page, ListPage::empty_sample(frame, AdminArea::Devices)]
}
