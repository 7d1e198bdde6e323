//! `/admin/tokens`: API tokens, by what they are for; none of them is ever shown again.

use axum::response::Response;

use crate::admin::tokens::{ListTokens, TokenView};
use crate::admin::values::Page;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::list_page::{ListCell, ListLine, ListPage, SearchField};
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::sample::hostile;

const COLUMNS: &[&str] = &[
    "admin-field-label",
    "admin-field-scopes",
    "admin-column-owner",
    "admin-column-created",
    "browsers-until",
    "sessions-last-seen",
];

/// GET /admin/tokens
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let text = admin.query("search");
    let needle = text.as_deref().unwrap_or_default().to_lowercase();
    let mut items = admin.required(ListTokens {}).await?.items;
    items.retain(|one| {
        let texts = [Some(one.label.as_str()), one.owner.as_deref(), one.app.as_deref()];
        texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&needle))
    });
    let mut page = ListPage::new(&admin, AdminArea::Tokens, COLUMNS);
    page.fill(Page::whole(items), line);
    page.search = vec![SearchField::text("search", "admin-search-words", text)];
    page.adds = vec![AdminFormKind::IssueToken];
    Ok(page.shown_to(&admin))
}

fn line(token: TokenView) -> ListLine {
    let owner = match (token.owner, token.app) {
        (Some(user), _) => ListCell::user(&user),
        (None, Some(app)) => ListCell::text(app),
        (None, None) => ListCell::text(""),
    };
    let cells = vec![
        ListCell::text(token.label.clone()),
        ListCell::Tags(token.scopes.iter().map(|scope| scope.word().to_owned()).collect()),
        owner,
        ListCell::Moment(token.created_at),
        ListCell::Moment(token.expires_at),
        token.last_used.map_or_else(|| ListCell::text("–"), ListCell::Ago),
    ];
    ListLine::new(&token.id, &token.label, cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let at = Timestamp::from_seconds(1_795_508_000);
    let cells = vec![
        ListCell::text(hostile()),
        ListCell::Tags(vec!["read".to_owned(), "users".to_owned()]),
        ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
        ListCell::Moment(at),
        ListCell::Moment(at),
        ListCell::Ago(at),
    ];
    let mut page = ListPage::sample(frame, AdminArea::Tokens, COLUMNS, cells);
    page.search = vec![SearchField::text("search", "admin-search-words", None)];
    page.adds = vec![AdminFormKind::IssueToken];
    page.notices = vec![AdminChange::TokenIssuedBefore.notice()];
    [page, ListPage::empty_sample(frame, AdminArea::Tokens)]
}
