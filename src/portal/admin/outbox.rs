//! `/admin/outbox`: messages to users that wait or were mailed, and one of them with its text.

use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::outbox::{ListMessages, MessageView, ShowMessage};
use crate::admin::values::Page;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::{ListCell, ListLine, ListPage, SearchField};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{administrator_sample, hostile};

const COLUMNS: &[&str] =
    &["admin-column-user", "admin-column-recipient", "admin-column-subject", "admin-column-written", "admin-column-state"];

/// Lines of a page.
const LINES: usize = 50;

/// GET /admin/outbox
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let text = admin.query("search");
    let needle = text.as_deref().unwrap_or_default().to_lowercase();
    let mut items = admin.required(ListMessages {}).await?.items;
    items.retain(|one| {
        let texts = [one.user.as_deref(), one.recipient.as_deref(), Some(one.subject.as_str())];
        texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&needle))
    });
    let begin: usize = admin.query("after").and_then(|place| place.parse().ok()).unwrap_or_default();
    let next = (items.len() > begin.saturating_add(LINES)).then(|| begin.saturating_add(LINES).to_string());
    let items = items.into_iter().skip(begin).take(LINES).collect();
    let mut page = ListPage::new(&admin, AdminArea::Outbox, COLUMNS);
    page.fill(Page { items, next }, line);
    page.search = vec![SearchField::text("search", "admin-search-mail", text)];
    Ok(page.shown_to(&admin))
}

fn line(message: MessageView) -> ListLine {
    let state = match (message.sent_at, &message.last_error) {
        (Some(at), _) => ListCell::Moment(at),
        (None, Some(_)) => ListCell::Alarm("admin-outbox-failed"),
        (None, None) => ListCell::Words("admin-outbox-waits"),
    };
    let cells = vec![
        message.user.as_deref().map_or_else(|| ListCell::text(""), ListCell::user),
        ListCell::text(message.recipient.unwrap_or_default()),
        ListCell::Link(message.subject.clone(), paths::admin_message(&message.message)),
        ListCell::Ago(message.created_at),
        state,
    ];
    ListLine::new(&message.message, &message.subject, cells)
}

/// What the button that shows a text sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowForm {
    here: String,
}

impl AdminFields for ShowForm {
    fn page(&self) -> &str {
        if paths::is_admin_page(&self.here) { &self.here } else { paths::ADMIN_OUTBOX }
    }
}

/// GET /admin/outbox/{message}: what is known of it. Its text may hold a link that opens an account: it is shown once it is asked
/// for, after a fresh sign-in.
pub(super) async fn about(message: Result<Path<String>, PathRejection>, admin: AdminSession) -> Result<Response, Response> {
    let id = message.map(|Path(id)| id).unwrap_or_default();
    let found = admin.required(ListMessages {}).await?.items.into_iter().find(|one| one.message == id);
    let about = found.ok_or_else(|| admin.visit.error(StatusCode::NOT_FOUND, "not_found"))?;
    Ok(admin.visit.page(StatusCode::OK, &MessagePage::of(&admin, about, None), &[]))
}

/// POST /admin/outbox/{message}: its text.
pub(super) async fn show(
    message: Result<Path<String>, PathRejection>,
    AdminForm { admin, .. }: AdminForm<ShowForm>,
) -> Result<Response, Response> {
    let message = message.map(|Path(id)| id).unwrap_or_default();
    let shown = admin.required(ShowMessage { message }).await?;
    Ok(admin.visit.page(StatusCode::OK, &MessagePage::of(&admin, shown.about, Some(shown.body)), &[]))
}

/// One message.
#[derive(Template)]
#[template(path = "admin/message.html")]
pub struct MessagePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// Its id.
    pub message: String,
    /// One line.
    pub subject: String,
    /// The user it is for.
    pub user: Option<String>,
    /// The mail address.
    pub recipient: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was mailed.
    pub sent_at: Option<Timestamp>,
    /// What the mail server said the last time.
    pub last_error: Option<String>,
    /// Its text, where it was asked for.
    pub body: Option<String>,
}

debug_by_name!(MessagePage);

impl MessagePage {
    fn of(admin: &AdminSession, about: MessageView, body: Option<String>) -> Self {
        Self {
            frame: admin.visit.frame(),
            layout: AdminLayout::of(admin, AdminArea::Outbox),
            message: about.message,
            subject: about.subject,
            user: about.user,
            recipient: about.recipient,
            created_at: about.created_at,
            sent_at: about.sent_at,
            last_error: about.last_error,
            body,
        }
    }

    fn here(&self) -> String {
        paths::admin_message(&self.message)
    }
}

impl PortalPage for MessagePage {
    const NAME: &'static str = "admin-message";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at = Timestamp::from_seconds(1_795_508_000);
        let page = |subject: &str, body: Option<String>, last_error: Option<String>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Outbox),
            message: "8mL2xQ".to_owned(),
            subject: subject.to_owned(),
            user: Some("alice".to_owned()),
            recipient: last_error.is_none().then(|| "alice@example.com".to_owned()),
            created_at: at,
            sent_at: last_error.is_none().then_some(at),
            last_error,
            body,
        };
        let text =
            "Hello Alice Arai,\n\nTo set a password, open this address:\n\nhttps://auth.example.com/invitation/…\n".to_owned();
        vec![
            page("Your account / アカウントのご案内", None, None),
            page("Your account / アカウントのご案内", Some(text), None),
            page(&hostile(), Some("\"><svg onload=alert(1)>".to_owned()), Some(hostile())),
        ]
    }
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |state| {
        vec![
            ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            ListCell::text("alice@example.com"),
            ListCell::Link("Your account / アカウントのご案内".to_owned(), "/admin/outbox/8mL2xQ".to_owned()),
            ListCell::Ago(Timestamp::from_seconds(1_795_508_000)),
            state,
        ]
    };
    let mut page = ListPage::sample(frame, AdminArea::Outbox, COLUMNS, cells(ListCell::Words("admin-outbox-waits")));
    page.lines.push(ListLine::new("3", &hostile(), cells(ListCell::Alarm("admin-outbox-failed"))));
    page.search = vec![SearchField::text("search", "admin-search-mail", None)];
    [page, ListPage::empty_sample(frame, AdminArea::Outbox)]
}
