//! `/admin/approvals`: what phones are asked at this moment. The list renews itself while it is open.

use axum::response::Response;

use crate::admin::approvals::{ApprovalView, ListApprovals};
use crate::approval::question::Purpose;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage};
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-question",
    "admin-column-app",
    "admin-column-browser",
    "admin-column-address",
    "admin-column-number",
    "admin-column-asked",
];

/// GET /admin/approvals
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let language = admin.visit.language.tag();
    let line = |approval| line(approval, language);
    let act = |user, after| ListApprovals { user, after, limit: LINES };
    let mut page = ListPage::by_user(&admin, AdminArea::Approvals, COLUMNS, line, act).await?;
    page.live = true;
    Ok(page.shown_to(&admin))
}

fn line(approval: ApprovalView, language: &str) -> ListLine {
    let asked = match approval.purpose {
        Purpose::SignIn => ListCell::Words("approver-what-sign-in"),
        Purpose::SecondFactor => ListCell::Words("approver-what-second"),
        Purpose::RegisterBrowser => ListCell::Words("approver-what-browser"),
        Purpose::AddApprover => ListCell::Words("approver-what-approver"),
        Purpose::Transaction | Purpose::App => match &approval.title {
            Some(title) => ListCell::text(title.say(language)),
            None => ListCell::Words("approver-what-transaction"),
        },
    };
    let cells = vec![
        ListCell::user(approval.user.as_str()),
        asked,
        ListCell::text(approval.app.unwrap_or_default()),
        ListCell::text(approval.browser),
        ListCell::text(approval.address),
        ListCell::Words(if approval.number { "admin-yes" } else { "admin-no" }),
        ListCell::Ago(approval.asked_at),
    ];
    ListLine::new(approval.approval.as_str(), approval.user.as_str(), cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let cells = |purpose| {
        vec![
            ListCell::Link("alice".to_owned(), "/admin/users/alice".to_owned()),
            ListCell::Words(purpose),
            ListCell::text("Wiki"),
            ListCell::text("Firefox, Linux"),
            ListCell::text("192.0.2.7"),
            ListCell::Words("admin-yes"),
            ListCell::Ago(Timestamp::from_seconds(1_795_508_000)),
        ]
    };
    let page = |purpose| ListPage { live: true, ..ListPage::sample(frame, AdminArea::Approvals, COLUMNS, cells(purpose)) };
    [page("approver-what-sign-in"), ListPage { lines: Vec::new(), ..page("approver-what-second") }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::user::UserId;

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
        assert!(matches!(&line(approval, "ja").cells[1], ListCell::Text(said) if said == "振込"));
    }
}
