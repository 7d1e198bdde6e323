//! `/admin/patterns`: the rules for patterns, how those of users stand, whether a pattern would be allowed, and notices to print.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::error::AdminError;
use crate::admin::matrix::issue::ShowPatternNotice;
use crate::admin::matrix::list::{ListPatterns, PatternStand, PatternView};
use crate::admin::matrix::test::TestPattern;
use crate::clock::Timestamp;
use crate::factor::matrix::pattern::CellPattern;
use crate::factor::matrix::rules::{PatternRules, UnfitPattern};
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::admission::fresh_by;
use crate::portal::kit::language::Language;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::portal::matrix::notice_page::{PatternNoticesPage, PatternSheet};
use crate::portal::matrix::parts::sample_rules;
use crate::principal::user::UserId;

/// Users of the page: more are in the command line and the API.
const SHOWN: u32 = 1000;

/// GET /admin/patterns
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    page(&admin, None).await
}

/// What the tester sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TestForm {
    pattern: String,
    user: String,
}

debug_by_name!(TestForm);

impl AdminFields for TestForm {
    fn page(&self) -> &str {
        paths::ADMIN_PATTERNS
    }
}

/// POST /admin/patterns
pub(super) async fn test(AdminForm { admin, fields }: AdminForm<TestForm>) -> Result<Response, Response> {
    let pattern: String = fields.pattern.chars().take(400).collect();
    let user = Some(fields.user.trim()).filter(|user| !user.is_empty()).map(UserId::parse).transpose();
    let named = user.map_err(|error| admin.unreadable("read the user", error.to_string()))?;
    // The act decides whether this may be asked; its reasons are said in the language of the page.
    let judged = admin.perform(TestPattern { pattern: pattern.clone(), user: named.clone() }).await;
    let outcome = match judged {
        Ok(_verdict) => rules_of(&admin, named.as_ref()).judge_text(&pattern).ok(),
        Err(AdminError::Input { .. }) => None,
        Err(error) => return Err(admin.refused(&error)),
    };
    page(&admin, Some(Tested { pattern, user: fields.user, outcome })).await
}

fn rules_of(admin: &AdminSession, user: Option<&UserId>) -> Arc<PatternRules> {
    let core = &admin.visit.core;
    match user.and_then(|id| core.users().find(id)) {
        Some(user) => core.matrices().rules(&user.standing()),
        None => core.matrices().base_rules(),
    }
}

async fn page(admin: &AdminSession, tested: Option<Tested>) -> Result<Response, Response> {
    let list = ListPatterns { group: None, after: None, limit: Some(crate::admin::values::Count(SHOWN)) };
    let listed = admin.required(list).await?;
    let rules = rules_of(admin, tested.as_ref().and_then(|tested| UserId::parse(&tested.user).ok()).as_ref());
    let status = match &tested {
        Some(Tested { outcome: None, .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let page = PatternsPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::Patterns),
        rules,
        origin: origin(admin.visit.core.config().file.matrix.group.len()),
        users: listed.items.into_iter().map(PatternRow::of).collect(),
        tested,
    };
    Ok(admin.visit.page(status, &page, &[]))
}

/// Where the rules are written.
fn origin(groups: usize) -> String {
    if groups == 0 { "[matrix]".to_owned() } else { format!("[matrix], [[matrix.group]] × {groups}") }
}

/// Where the notices of patterns are that were drawn for these users just now.
pub(super) fn notices_at(selected: &[SelectedLine], began: Timestamp, back: &str) -> String {
    let since = began.millis().to_string();
    let query = match selected {
        [only] => [("user", only.id.as_str()), ("back", back)],
        _ => [("since", since.as_str()), ("back", back)],
    };
    paths::with_query(paths::ADMIN_PATTERN_NOTICES, &query)
}

/// GET /admin/patterns/notices
pub(super) async fn notices(admin: AdminSession) -> Result<Response, Response> {
    // What a notice shows opens an account: as with the API, only after a fresh sign-in.
    fresh_by(&admin.visit, admin.visit.core.policies().admin(), &admin.here()).await?;
    let since = admin.query("since").and_then(|since| since.parse().ok()).map(Timestamp::from_millis);
    let users: Vec<String> = match admin.query("user") {
        Some(user) => vec![user],
        None => {
            let list = ListPatterns { group: None, after: None, limit: Some(crate::admin::values::Count(SHOWN)) };
            let listed = admin.required(list).await?.items.into_iter();
            let is_new = |row: &PatternView| since.is_none_or(|since| row.changed_at.is_some_and(|at| at >= since));
            listed.filter(|row| row.state == PatternStand::Initial && is_new(row)).map(|row| row.user).collect()
        }
    };
    let (mut sheets, mut without) = (Vec::new(), Vec::new());
    for name in users {
        match sheet(&admin, &name).await {
            Some(sheet) => sheets.push(sheet),
            None => without.push(name),
        }
    }
    let back = admin.query("back").filter(|back| paths::is_admin_page(back));
    let back = back.unwrap_or_else(|| paths::ADMIN_PATTERNS.to_owned());
    let page = PatternNoticesPage { frame: admin.visit.frame(), notices: sheets, without, back };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

async fn sheet(admin: &AdminSession, name: &str) -> Option<PatternSheet> {
    let user = UserId::parse(name).ok()?;
    let notice = admin.perform(ShowPatternNotice { user: user.clone() }).await.ok()?;
    let found = admin.visit.core.users().find(&user)?;
    let (profile, rules) = (found.profile(), admin.visit.core.matrices().rules(&found.standing()));
    let language = profile.language.as_deref().and_then(Language::from_tag).unwrap_or(admin.visit.language);
    Some(PatternSheet {
        frame: Frame { language, ..admin.visit.frame() },
        user: notice.user,
        display_name: profile.display_name.clone(),
        domain: Some(notice.domain).filter(|domain| domain != "local"),
        address: notice.address,
        // One that was drawn for another size is of no use any more.
        pattern: CellPattern::parse(rules.shape, &notice.pattern).ok()?,
        expires_at: notice.expires_at,
    })
}

/// The rules, the tester, the users.
#[derive(Debug, Template)]
#[template(path = "admin/patterns.html")]
pub struct PatternsPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The rules of `[matrix]`, or of the user who was tested for.
    pub rules: Arc<PatternRules>,
    /// Where they are written.
    pub origin: String,
    /// The users.
    pub users: Vec<PatternRow>,
    /// What was tested.
    pub tested: Option<Tested>,
}

/// A pattern that was tested.
pub struct Tested {
    /// As it was typed.
    pub pattern: String,
    /// By the rules for this user.
    pub user: String,
    /// The reasons why it would not be allowed; `None`: it cannot be read.
    pub outcome: Option<Vec<UnfitPattern>>,
}

debug_by_name!(Tested);

/// A user's line.
#[derive(Debug)]
pub struct PatternRow {
    /// The user.
    pub user: String,
    /// How the pattern stands: a message key.
    pub state: &'static str,
    /// Since when.
    pub changed_at: Option<Timestamp>,
    /// Whether there is a notice to print.
    pub has_notice: bool,
}

impl PatternRow {
    fn of(view: PatternView) -> Self {
        let state = match view.state {
            PatternStand::None => "account-none",
            PatternStand::Initial => "admin-pattern-initial",
            PatternStand::Expired => "admin-pattern-expired",
            PatternStand::Set => "admin-pattern-set",
            PatternStand::Refused => "admin-pattern-refused",
            PatternStand::AnotherSize => "admin-pattern-another-size",
        };
        let has_notice = view.state == PatternStand::Initial;
        Self { user: view.user, state, changed_at: view.changed_at, has_notice }
    }

    fn page(&self) -> String {
        paths::admin_user(&self.user)
    }

    fn notice(&self) -> String {
        paths::with_query(paths::ADMIN_PATTERN_NOTICES, &[("user", &self.user)])
    }
}

impl PatternsPage {
    fn size(&self) -> String {
        let shape = self.rules.shape;
        format!("{} × ({} × {})", shape.blocks(), shape.rows(), shape.columns())
    }

    fn typed(&self) -> (&str, &str) {
        self.tested.as_ref().map_or(("", ""), |tested| (tested.pattern.as_str(), tested.user.as_str()))
    }
}

impl PortalPage for PatternsPage {
    const NAME: &'static str = "admin-patterns";

    fn samples(frame: &Frame) -> Vec<Self> {
        let at = Timestamp::from_seconds(1_795_400_000);
        let row = |user: &str, state, changed_at, has_notice| PatternRow { user: user.to_owned(), state, changed_at, has_notice };
        let page = |users, tested| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Patterns),
            rules: Arc::new(sample_rules()),
            origin: origin(1),
            users,
            tested,
        };
        let tested = |outcome| Some(Tested { pattern: hostile(), user: "alice".to_owned(), outcome });
        let every = vec![
            row("alice", "admin-pattern-initial", Some(at), true),
            row("bob", "admin-pattern-set", Some(at), false),
            row("mallory", "admin-pattern-refused", Some(at), false),
            row("dora", "admin-pattern-another-size", Some(at), false),
            row("erin", "admin-pattern-expired", Some(at), false),
            row("fred", "account-none", None, false),
        ];
        vec![
            page(every, None),
            page(Vec::new(), tested(Some(vec![UnfitPattern::OneStroke, UnfitPattern::Forbidden]))),
            page(Vec::new(), tested(Some(Vec::new()))),
            page(Vec::new(), tested(None)),
        ]
    }
}
