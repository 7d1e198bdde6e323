//! `/admin/certificate-rollout`: leads through the introduction of client certificates, in the order for a new deployment and in
//! that for a running one, and says who would be shut out before anybody is.

use axum::response::Response;

use crate::admin::groups::ListGroups;
use crate::admin::rollout::{
    CertificateRollout, RolloutApp, RolloutCounts, RolloutSide, RolloutUser, RolloutView, ShownCertificate,
};
use crate::admin::values::Page;
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::certificate_results::reason_key;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField, SearchInput};
use crate::portal::admin::rollout_guide::RolloutGuide;
use crate::portal::admin::users::certificates_key;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::page::Frame;
use crate::portal::kit::sample::hostile;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::user::{GroupName, UserId};

const COLUMNS: &[&str] = &[
    "admin-column-user",
    "admin-column-name",
    "admin-user-certificates",
    "admin-rollout-holding",
    "admin-rollout-shown",
    "admin-column-refusal",
];

const ACTIONS: [BulkAction; 3] =
    [BulkAction::RequireShownCertificates, BulkAction::RequireCertificates, BulkAction::AllowCertificates];

/// GET /admin/certificate-rollout
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    let query = |name| admin.query(name).filter(|value| !value.is_empty());
    let group = query("group").map(|group| GroupName::parse(&group)).transpose();
    let act = CertificateRollout {
        app: query("app"),
        only: query("only")
            .map(|word| word.parse::<RolloutSide>())
            .transpose()
            .map_err(|_| admin.unreadable("read `only`", "it is none"))?,
        shown: query("shown")
            .map(|word| word.parse::<ShownCertificate>())
            .transpose()
            .map_err(|_| admin.unreadable("read `shown`", "it is none"))?,
        group: group.map_err(|error| admin.unreadable("read the group", error.to_string()))?,
        search: query("search"),
        after: admin.query("after"),
        limit: LINES,
    };
    let RolloutView { apps, counts, items, next } = admin.required(act).await?;
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let mut page = ListPage::new(&admin, AdminArea::CertificateRollout, COLUMNS);
    page.fill(Page { items, next }, line);
    page.actions = ACTIONS.into();
    page.applies_to_all = true;
    page.search = fields(|name| admin.query(name).unwrap_or_default(), groups);
    page.guide = Some(RolloutGuide { apps, counts, app: query("app") });
    Ok(page.shown_to(&admin))
}

fn fields(value: impl Fn(&str) -> String, groups: Vec<String>) -> Vec<SearchField> {
    let words = |name, label, words: Vec<(&'static str, &'static str)>| SearchField {
        name,
        label,
        input: SearchInput::Words(value(name), words),
    };
    vec![
        SearchField::text("search", "admin-search-text", Some(value("search"))),
        SearchField { name: "group", label: "admin-search-group", input: SearchInput::Choice(value("group"), groups) },
        words(
            "only",
            "admin-rollout-only",
            vec![
                (RolloutSide::Selected.into(), "admin-rollout-only-selected"),
                (RolloutSide::NotSelected.into(), "admin-rollout-only-others"),
            ],
        ),
        words(
            "shown",
            "admin-rollout-shown",
            vec![
                (ShownCertificate::Good.into(), "admin-rollout-shown-good"),
                (ShownCertificate::Missing.into(), "admin-rollout-shown-none"),
            ],
        ),
        SearchField::text("app", "admin-column-app", Some(value("app"))),
    ]
}

fn line(user: RolloutUser) -> ListLine {
    let cells = vec![
        ListCell::user(user.user.as_str()),
        ListCell::text(user.display_name.unwrap_or_default()),
        ListCell::Words(certificates_key(user.certificates, user.certificates_required_by_group)),
        ListCell::Words(if user.holding { "admin-rollout-yes" } else { "admin-rollout-no" }),
        match user.shown_at {
            Some(at) => ListCell::Ago(at),
            None if user.selected => ListCell::Alarm("admin-rollout-shut-out"),
            None => ListCell::Words("admin-rollout-no"),
        },
        user.reason.and_then(reason_key).map_or_else(|| ListCell::text(""), ListCell::Words),
    ];
    ListLine::new(user.user.as_str(), user.user.as_str(), cells)
}

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let user = |name: &str, setting, selected, shown_at: Option<i64>, reason| {
        Some(RolloutUser {
            user: UserId::parse(name).ok()?,
            display_name: Some(hostile()),
            certificates: setting,
            certificates_required_by_group: selected,
            selected,
            holding: !selected,
            shown_at: shown_at.map(Timestamp::from_seconds),
            reason,
        })
    };
    let mut page = ListPage::sample(frame, AdminArea::CertificateRollout, COLUMNS, Vec::new());
    page.lines = [
        user("alice", CertificateSetting::Required, true, Some(1_795_400_000), None),
        user("bob", CertificateSetting::Accepted, false, None, None),
        user("carol", CertificateSetting::Refused, true, None, Some(Refusal::CertificateMissing)),
        user("dave", CertificateSetting::Refused, false, None, None),
    ]
    .into_iter()
    .flatten()
    .map(line)
    .collect();
    page.actions = ACTIONS.into();
    page.applies_to_all = true;
    page.search = fields(|_| String::new(), vec!["staff".to_owned()]);
    let app = |name: &str, mode, of_everyone| RolloutApp { app: name.to_owned(), mode, of_everyone };
    let counts = RolloutCounts { users: 40, holding: 35, shown: 30, selected: 32, passed: 30, shut_out: 2, ready: 0 };
    page.guide = Some(RolloutGuide {
        apps: vec![
            app("wiki", "require", false),
            app("mail", "observe", true),
            app("経費精算", "observe", false),
            app("vault", "require", true),
        ],
        counts,
        app: Some("wiki".to_owned()),
    });
    let mut empty = ListPage::empty_sample(frame, AdminArea::CertificateRollout);
    empty.guide = Some(RolloutGuide { apps: Vec::new(), counts: RolloutCounts::default(), app: None });
    [page, empty]
}
