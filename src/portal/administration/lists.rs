//! The rooms that are lists: each asks one act for a page of views and writes them as lines.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::{Seat, here, looked, read, with};
use crate::account::regulation::AttemptKind;
use crate::admin::act::Act;
use crate::admin::approvals::{ApprovalView, ListApprovals};
use crate::admin::audit::QueryAudit;
use crate::admin::browsers::{BrowserView, ListBrowsers};
use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::locks::{ListLocks, LockView};
use crate::admin::phones::life_cycle::{ApprovalsStand, ApproverView, ListApprovers};
use crate::admin::sessions::{ListSessions, SessionView};
use crate::admin::users::views::{ListUsers, UserView};
use crate::admin::values::{self, Count};
use crate::approval::question::Purpose;
use crate::audit::{AuditRecord, EventOutcome};
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::pages::administration::Room;
use crate::portal::pages::administration::deed::Deed;
use crate::portal::pages::administration::table::{Cell, Field, Row, Sought, TablePage, columns};
use crate::principal::user::{GroupName, UserId};

/// Lines of a page.
pub(super) const LINES: Option<Count> = Some(Count(50));

/// A list with nothing in it yet.
pub(super) fn table(seat: &Seat<'_>, room: Room, columns: &'static [&'static str]) -> TablePage {
    let back = here(seat.visit);
    TablePage {
        frame: seat.visit.frame(),
        hall: seat.hall(),
        room,
        notices: seat.notices(),
        search: Vec::new(),
        columns,
        rows: Vec::new(),
        deeds: Deed::of(room),
        everything: false,
        exports: Vec::new(),
        first: seat.sought("after").map(|_| without_after(&back)),
        back,
        next: None,
        live: false,
    }
}

/// The next page of the list.
pub(super) fn next(page: &TablePage, after: Option<String>) -> Option<String> {
    after.map(|after| with(&without_after(&page.back), &[("after", &after)]))
}

pub(super) fn without_after(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "after");
    match url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A list that one act answers in pages, searched by user.
async fn by_user<A, V>(
    seat: &Seat<'_>,
    room: Room,
    columns: &'static [&'static str],
    row: impl Fn(V) -> Row,
    act: impl FnOnce(Option<UserId>, Option<String>) -> A,
) -> Result<TablePage, Response>
where
    A: Act<Output = values::Page<V>>,
{
    let found = seat.ask(act(user(seat)?, seat.sought("after"))).await?;
    let mut page = table(seat, room, columns);
    page.rows = found.items.into_iter().map(row).collect();
    page.next = next(&page, found.next);
    page.search = vec![user_field(seat)];
    Ok(page)
}

pub(super) fn shown(seat: &Seat<'_>, page: &TablePage) -> Response {
    if page.live {
        return seat.visit.scripted_page(StatusCode::OK, page);
    }
    seat.visit.page(StatusCode::OK, page, &[])
}

/// The user that is looked for, as an act takes it: what is no name finds nobody.
fn user(seat: &Seat<'_>) -> Result<Option<UserId>, Response> {
    let parsed = seat.sought("user").map(|name| UserId::parse(&name)).transpose();
    parsed.map_err(|error| seat.refused(&AdminError::Input { what: "read the user", why: error.to_string() }))
}

fn user_field(seat: &Seat<'_>) -> Field {
    Field { name: "user", key: "admin-search-user", kind: Sought::Text(seat.sought("user").unwrap_or_default()) }
}

pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

pub(super) fn of_user(user: &str) -> Cell {
    Cell::Link(user.to_owned(), paths::admin_user(user))
}

/// GET /admin/users
pub(super) async fn users(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), users_page).await
}

async fn users_page(seat: &Seat<'_>) -> Result<Response, Response> {
    let mut page = table(seat, Room::Users, columns::USERS);
    let (search, group) = (seat.sought("search"), seat.sought("group"));
    let without_phone = seat.sought("without_phone").is_some();
    let parsed = group.as_deref().map(GroupName::parse).transpose();
    let parsed = parsed.map_err(|error| seat.refused(&AdminError::Input { what: "read the group", why: error.to_string() }))?;
    let act = ListUsers { group: parsed, search: search.clone(), without_phone, after: seat.sought("after"), limit: LINES };
    let found = seat.ask(act).await?;
    for user in found.items {
        let phones = seat.ask(ListApprovers { user: Some(user.user.clone()), after: None, limit: None }).await?.items.len();
        page.rows.push(user_row(user, phones));
    }
    page.next = next(&page, found.next);
    page.everything = true;
    let groups = seat.ask(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    page.search = vec![
        Field { name: "search", key: "admin-search-text", kind: Sought::Text(search.unwrap_or_default()) },
        Field { name: "group", key: "admin-search-group", kind: Sought::Choice(group.unwrap_or_default(), groups) },
        Field { name: "without_phone", key: "admin-search-without-phone", kind: Sought::Switch(without_phone) },
    ];
    Ok(shown(seat, &page))
}

fn user_row(user: UserView, phones: usize) -> Row {
    let cells = vec![
        of_user(user.user.as_str()),
        text(user.display_name.unwrap_or_default()),
        Cell::Tags(user.groups.iter().map(ToString::to_string).collect()),
        Cell::Tags(user.methods.iter().map(|method| method.word().to_owned()).collect()),
        Cell::Count(phones),
        if user.enabled { Cell::Words("admin-on") } else { Cell::Alarm("admin-off") },
    ];
    Row { id: user.user.to_string(), name: user.user.to_string(), cells }
}

/// GET /admin/phones
pub(super) async fn phones(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let page =
            by_user(seat, Room::Phones, columns::PHONES, phone_row, |user, after| ListApprovers { user, after, limit: LINES })
                .await?;
        Ok(shown(seat, &page))
    })
    .await
}

fn phone_row(phone: ApproverView) -> Row {
    let cells = vec![
        of_user(phone.user.as_str()),
        text(&phone.name),
        text(phone.agent),
        match phone.state {
            ApprovalsStand::Locked => Cell::Alarm("admin-phone-locked"),
            ApprovalsStand::Suspended => Cell::Alarm("admin-phone-suspended"),
            ApprovalsStand::Active => Cell::Words("admin-phone-active"),
        },
        Cell::Ago(phone.last_seen),
        Cell::Moment(phone.registered_at),
    ];
    Row { id: format!("{}/{}", phone.user, phone.approver), name: format!("{}: {}", phone.user, phone.name), cells }
}

/// GET /admin/approvals
pub(super) async fn approvals(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let language = seat.visit.language.tag();
        let mut page = by_user(
            seat,
            Room::Approvals,
            columns::APPROVALS,
            |approval| approval_row(approval, language),
            |user, after| ListApprovals { user, after, limit: LINES },
        )
        .await?;
        page.live = true;
        Ok(shown(seat, &page))
    })
    .await
}

fn approval_row(approval: ApprovalView, language: &str) -> Row {
    let asked = match approval.purpose {
        Purpose::SignIn => Cell::Words("approver-what-sign-in"),
        Purpose::SecondFactor => Cell::Words("approver-what-second"),
        Purpose::RegisterBrowser => Cell::Words("approver-what-browser"),
        Purpose::AddApprover => Cell::Words("approver-what-approver"),
        Purpose::Transaction | Purpose::App => match &approval.title {
            Some(title) => text(title.say(language)),
            None => Cell::Words("approver-what-transaction"),
        },
    };
    let cells = vec![
        of_user(approval.user.as_str()),
        asked,
        text(approval.app.unwrap_or_default()),
        text(approval.browser),
        text(approval.address),
        Cell::Words(if approval.number { "admin-yes" } else { "admin-no" }),
        Cell::Ago(approval.asked_at),
    ];
    Row { id: approval.approval.to_string(), name: approval.user.to_string(), cells }
}

/// GET /admin/sessions
pub(super) async fn sessions(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let page = by_user(seat, Room::Sessions, columns::SESSIONS, session_row, |user, after| ListSessions {
            user,
            after,
            limit: LINES,
        })
        .await?;
        Ok(shown(seat, &page))
    })
    .await
}

fn session_row(session: SessionView) -> Row {
    let name = format!("{}: {}", session.user, session.agent);
    let cells = vec![
        of_user(session.user.as_str()),
        text(session.agent),
        text(session.address),
        Cell::Tags(session.evidence),
        Cell::Moment(session.created_at),
        Cell::Ago(session.last_seen),
    ];
    Row { id: session.session, name, cells }
}

/// GET /admin/browsers
pub(super) async fn browsers(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let page = by_user(seat, Room::Browsers, columns::BROWSERS, browser_row, |user, after| ListBrowsers {
            user,
            after,
            limit: LINES,
        })
        .await?;
        Ok(shown(seat, &page))
    })
    .await
}

fn browser_row(browser: BrowserView) -> Row {
    let name = format!("{}: {}", browser.user, browser.agent);
    let cells = vec![
        of_user(browser.user.as_str()),
        text(browser.agent),
        text(browser.way.word()),
        text(browser.address),
        Cell::Moment(browser.registered_at),
        Cell::Ago(browser.last_seen),
    ];
    Row { id: browser.browser, name, cells }
}

/// GET /admin/locks
pub(super) async fn locks(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let mut page = table(seat, Room::Locks, columns::LOCKS);
        page.rows = seat.ask(ListLocks {}).await?.items.into_iter().map(lock_row).collect();
        Ok(shown(seat, &page))
    })
    .await
}

fn lock_row(lock: LockView) -> Row {
    let who = lock.who.unwrap_or_default();
    let cells = vec![
        text(&who),
        Cell::Words(match lock.step {
            Some(AttemptKind::First) => "admin-step-first",
            Some(AttemptKind::Second) => "admin-step-second",
            Some(AttemptKind::TransactionPassword | AttemptKind::TransactionCode) => "admin-step-transaction",
            None => "admin-step-network",
        }),
        text(lock.network.to_string()),
        Cell::Moment(lock.until),
    ];
    let id = format!("{} {who}", lock.network);
    Row { name: if who.is_empty() { lock.network.to_string() } else { id.clone() }, id, cells }
}

/// GET /admin/audit
pub(super) async fn audit(State(desk): State<PortalState>, request: Request) -> Response {
    looked(read(&desk, request), async |seat: &Seat<'_>| {
        let mut page = table(seat, Room::Audit, columns::AUDIT);
        let (user, what) = (seat.sought("user"), seat.sought("what"));
        let act = QueryAudit {
            user: user.clone(),
            what: what.clone(),
            from: None,
            until: None,
            address: None,
            outcome: None,
            after: seat.sought("after"),
            limit: LINES,
        };
        let found = seat.ask(act).await?;
        page.rows = found.items.into_iter().map(entry_row).collect();
        page.next = next(&page, found.next);
        page.search = vec![
            user_field(seat),
            Field { name: "what", key: "admin-search-what", kind: Sought::Text(what.unwrap_or_default()) },
        ];
        Ok(shown(seat, &page))
    })
    .await
}

fn entry_row(entry: AuditRecord) -> Row {
    let id = entry.id.to_string();
    let cells = vec![
        Cell::Moment(entry.at),
        text(entry.what),
        match entry.outcome {
            EventOutcome::Done => Cell::Words("admin-done"),
            EventOutcome::Refused => Cell::Alarm("admin-refused"),
        },
        text(entry.user.unwrap_or_default()),
        text(entry.actor.unwrap_or_default()),
        text(entry.address.unwrap_or_default()),
        text(entry.refusal.unwrap_or_default()),
    ];
    Row { name: id.clone(), id, cells }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn a_lock_of_a_transaction_is_called_so() {
        for (step, key) in [
            (Some(AttemptKind::First), "admin-step-first"),
            (Some(AttemptKind::Second), "admin-step-second"),
            (Some(AttemptKind::TransactionPassword), "admin-step-transaction"),
            (Some(AttemptKind::TransactionCode), "admin-step-transaction"),
            (None, "admin-step-network"),
        ] {
            let lock = LockView { who: None, step, network: "192.0.2.1".parse().unwrap(), until: Timestamp::default() };
            assert!(matches!(lock_row(lock).cells[1], Cell::Words(said) if said == key), "{step:?}");
        }
    }

    #[test]
    fn a_held_transaction_is_called_by_its_name_and_not_a_sign_in() {
        let title = serde_json::from_str(r#"{ "en": "Transfer", "ja": "振込" }"#).unwrap();
        let approval = ApprovalView {
            approval: serde_json::from_str("\"id\"").unwrap(),
            user: UserId::parse("alice").unwrap(),
            purpose: Purpose::Transaction,
            title: Some(title),
            app: None,
            browser: String::new(),
            address: String::new(),
            number: false,
            asked_at: Timestamp::default(),
            expires_at: Timestamp::default(),
        };
        assert!(matches!(&approval_row(approval, "ja").cells[1], Cell::Text(said) if said == "振込"));
    }
}
