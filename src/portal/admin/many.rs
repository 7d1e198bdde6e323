//! `/admin/many-users`: one thing done for many users at once, named in a list or all members of a group; what came of each is
//! shown once, or handed out as a file.

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::matrix::many::{IssueMany, PatternOutcome};
use crate::admin::phones::many::{PushAction, PushMany, PushOutcome};
use crate::admin::spreadsheet;
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::meant::MeantWord;
use crate::portal::admin::patterns;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::principal::user::{GroupName, UserId};

/// Users of one form at most.
const MOST: usize = 1000;

/// What may be done. A form carries its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum ManyAction {
    /// Lets users sign in by phone.
    Assign,
    /// Takes that back, and removes the phones.
    Unassign,
    /// Makes one-time links that register a phone.
    Invite,
    /// Lets nobody approve for the users.
    Suspend,
    /// Ends that.
    Resume,
    /// Ends locks after wrong answers.
    Unlock,
    /// Removes all phones.
    Unregister,
    /// Draws initial patterns.
    Patterns,
}

impl ManyAction {
    fn word(self) -> &'static str {
        self.into()
    }

    /// What it is called: the message key of the same action on one line.
    const fn key(self) -> &'static str {
        match self {
            Self::Assign => "admin-action-assign-push",
            Self::Unassign => "admin-action-unassign-push",
            Self::Invite => "admin-action-invite-phone",
            Self::Suspend => "admin-action-suspend-approvals",
            Self::Resume => "admin-action-resume-approvals",
            Self::Unlock => "admin-action-unlock-approvals",
            Self::Unregister => "admin-action-unregister-phones",
            Self::Patterns => "admin-action-issue-pattern",
        }
    }

    /// What is done to phones; `None`: patterns are drawn.
    const fn of_phones(self) -> Option<PushAction> {
        Some(match self {
            Self::Assign => PushAction::Assign,
            Self::Unassign => PushAction::Unassign,
            Self::Invite => PushAction::Invite,
            Self::Suspend => PushAction::Suspend,
            Self::Resume => PushAction::Resume,
            Self::Unlock => PushAction::Unlock,
            Self::Unregister => PushAction::Unregister,
            Self::Patterns => return None,
        })
    }

    /// Whether it takes something away: it is asked first whether it is meant.
    const fn is_destructive(self) -> bool {
        matches!(self, Self::Unassign | Self::Suspend | Self::Unregister | Self::Patterns)
    }
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ManyForm {
    /// The word of a [`ManyAction`].
    pub action: String,
    /// User names, with blanks, commas or line ends between them.
    pub users: String,
    /// All members of this group.
    pub group: String,
    /// `yes`: of patterns, leave out those who have one.
    pub only_without: String,
    /// `csv`: a file rather than a page.
    pub answer: String,
    /// The word of the question whether it is meant.
    pub confirmed: String,
}

impl AdminFields for ManyForm {
    fn page(&self) -> &str {
        paths::ADMIN_MANY
    }
}

/// GET /admin/many-users
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    let (action, group) = (admin.query("action").unwrap_or_default(), admin.query("group").unwrap_or_default());
    form(&admin, StatusCode::OK, ManyForm { action, group, ..ManyForm::default() }, |page| page).await
}

async fn form(
    admin: &AdminSession,
    status: StatusCode,
    fields: ManyForm,
    with: impl FnOnce(ManyPage) -> ManyPage,
) -> Result<Response, Response> {
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let layout = AdminLayout::of(admin, AdminArea::Users);
    let page = ManyPage { frame: admin.visit.frame(), layout, groups, fields, problem: None, asks: None };
    Ok(admin.visit.page(status, &with(page), &[]))
}

/// POST /admin/many-users
pub(super) async fn send(AdminForm { admin, fields }: AdminForm<ManyForm>) -> Result<Response, Response> {
    let action: Option<ManyAction> = fields.action.parse().ok();
    let Some(action) = action else { return Err(admin.visit.error(StatusCode::BAD_REQUEST, "unknown_action")) };
    let chosen = chosen(&fields);
    if let Ok((users, group)) = &chosen
        && action.is_destructive()
    {
        let users: BTreeSet<&str> = users.iter().map(UserId::as_str).collect();
        let only_without = action == ManyAction::Patterns && fields.only_without == "yes";
        let word = MeantWord::of(&(action.word(), users, group, only_without));
        if !word.is(&fields.confirmed) {
            return form(&admin, StatusCode::OK, fields, |page| ManyPage { asks: Some((action, word)), ..page }).await;
        }
    }
    let began = admin.visit.core.clock().now();
    let done = match chosen {
        Ok((users, group)) => perform(&admin, action, users, group, fields.only_without == "yes").await,
        Err(error) => Err(error),
    };
    match done {
        Ok(outcomes) if fields.answer == "csv" => Ok(file(&admin, &outcomes)),
        Ok(outcomes) => Ok(shown(&admin, action, outcomes, began)),
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let reason = admin.reason(&error);
            form(&admin, status, fields, |page| ManyPage { problem: Some(reason), ..page }).await
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

/// The users and the group that the form names.
fn chosen(fields: &ManyForm) -> Result<(Vec<UserId>, Option<GroupName>), AdminError> {
    let wrong = |what, why: String| AdminError::Input { what, why };
    let named =
        |name: &str| UserId::parse(name).map_err(|error| wrong("read the users", format!("{name:?} is no name: {error}")));
    let names = fields.users.split(|c: char| c.is_whitespace() || c == ',' || c == '、').filter(|name| !name.is_empty());
    let users = names.map(named).collect::<Result<Vec<_>, _>>()?;
    let group = Some(fields.group.trim()).filter(|group| !group.is_empty()).map(GroupName::parse).transpose();
    let group = group.map_err(|error| wrong("read the group", error.to_string()))?;
    if users.len() > MOST {
        return Err(wrong("choose the users", format!("{} are named, and {MOST} at most are done at once", users.len())));
    }
    if users.is_empty() && group.is_none() {
        return Err(wrong("choose the users", "name some, or a group".to_owned()));
    }
    Ok((users, group))
}

async fn perform(
    admin: &AdminSession,
    action: ManyAction,
    users: Vec<UserId>,
    group: Option<GroupName>,
    only_without: bool,
) -> Result<Vec<ManyOutcome>, AdminError> {
    Ok(match action.of_phones() {
        Some(action) => {
            let done = admin.perform(PushMany { action, users, group }).await?;
            done.items.into_iter().map(|one| ManyOutcome::of_phone(admin, one)).collect()
        }
        None => {
            let done = admin.perform(IssueMany { users, group, only_without }).await?;
            done.items.into_iter().map(|one| ManyOutcome::of_pattern(admin, one)).collect()
        }
    })
}

fn shown(admin: &AdminSession, action: ManyAction, outcomes: Vec<ManyOutcome>, began: Timestamp) -> Response {
    let drawn = action == ManyAction::Patterns && outcomes.iter().any(|one| one.is_done);
    let notices = drawn.then(|| patterns::notices_at(&[], began, paths::ADMIN_PATTERNS));
    let layout = AdminLayout::of(admin, AdminArea::Users);
    let page = ManyOutcomePage { frame: admin.visit.frame(), layout, action, outcomes, notices };
    admin.visit.page(StatusCode::OK, &page, &[])
}

fn file(admin: &AdminSession, outcomes: &[ManyOutcome]) -> Response {
    let mut text = spreadsheet::line(["user", "outcome", "message", "secret", "until"]);
    for one in outcomes {
        let until = one.until.map(Timestamp::rfc3339).unwrap_or_default();
        text.push_str(&spreadsheet::line([
            &one.user,
            &one.outcome,
            &one.message,
            one.secret.as_deref().unwrap_or_default(),
            &until,
        ]));
    }
    admin.visit.file("users.csv", "text/csv; charset=utf-8", Body::from(text))
}

/// What came of it for one user.
#[derive(Clone)]
pub struct ManyOutcome {
    /// The user.
    pub user: String,
    /// Whether it was done.
    pub is_done: bool,
    /// `done`, or the code of the reason why not.
    pub outcome: String,
    /// In a few words of English, for the file.
    pub message: String,
    /// What is to be done now, for the page: a message key.
    pub note: Option<&'static str>,
    /// Why it was not done, for the page.
    pub reason: Option<ReasonText>,
    /// The link or the pattern, shown this once.
    pub secret: Option<String>,
    /// Until when that may be used, where it says so.
    pub until: Option<Timestamp>,
}

debug_by_name!(ManyOutcome);

impl ManyOutcome {
    fn of_phone(admin: &AdminSession, one: PushOutcome) -> Self {
        Self {
            user: one.user,
            is_done: one.outcome == "done",
            outcome: one.outcome,
            message: one.message,
            note: one.mailed.map(|mailed| if mailed { "admin-result-link-mailed" } else { "admin-result-link-kept" }),
            reason: one.error.map(|error| admin.reason(&error)),
            secret: one.url,
            until: None,
        }
    }

    fn of_pattern(admin: &AdminSession, one: PatternOutcome) -> Self {
        let mailed = if one.mailed { "the notice is on its way by mail" } else { "hand over the notice" };
        let is_done = one.outcome == "done";
        Self {
            user: one.user,
            is_done,
            outcome: one.outcome,
            message: one.reason.unwrap_or_else(|| mailed.to_owned()),
            note: is_done.then_some(if one.mailed { "admin-many-notice-mailed" } else { "admin-many-notice-kept" }),
            reason: one.error.map(|error| admin.reason(&error)),
            secret: one.pattern,
            until: one.expires_at,
        }
    }
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "admin/many.html")]
pub struct ManyPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The groups that there are.
    pub groups: Vec<String>,
    /// What was entered.
    pub fields: ManyForm,
    /// Why it was not done.
    pub problem: Option<ReasonText>,
    /// What it is asked of if it is meant, and what says so.
    pub asks: Option<(ManyAction, MeantWord)>,
}

impl ManyPage {
    const fn actions(&self) -> &'static [ManyAction] {
        ManyAction::VARIANTS
    }

    fn is_chosen(&self, action: &ManyAction) -> bool {
        self.fields.action == action.word()
    }
}

/// What came of it.
#[derive(Debug, Template)]
#[template(path = "admin/many_outcome.html")]
pub struct ManyOutcomePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// What was done.
    pub action: ManyAction,
    /// For each user.
    pub outcomes: Vec<ManyOutcome>,
    /// Where the notices are, to print.
    pub notices: Option<String>,
}

impl ManyOutcomePage {
    fn has_secrets(&self) -> bool {
        self.outcomes.iter().any(|one| one.secret.is_some())
    }
}

impl PortalPage for ManyPage {
    const NAME: &'static str = "admin-many";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |action: &str, asks, problem| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Users),
            groups: vec!["administrators".to_owned(), "staff".to_owned()],
            fields: ManyForm {
                action: action.to_owned(),
                users: "alice\nbob\n\"><svg onload=alert(1)>".to_owned(),
                ..ManyForm::default()
            },
            problem,
            asks,
        };
        let asks = Some((ManyAction::Patterns, MeantWord::sample()));
        vec![page("", None, None), page("patterns", asks, None), page("assign", None, Some(ReasonText::sample(frame.language)))]
    }
}

impl PortalPage for ManyOutcomePage {
    const NAME: &'static str = "admin-many-outcome";

    fn samples(frame: &Frame) -> Vec<Self> {
        let one = |user: &str, outcome: &str, secret: Option<&str>| ManyOutcome {
            user: user.to_owned(),
            is_done: outcome == "done",
            outcome: outcome.to_owned(),
            message: "hand over the link".to_owned(),
            note: secret.map(
                |secret| {
                    if secret.starts_with("https:") { "admin-result-link-kept" } else { "admin-many-notice-kept" }
                },
            ),
            reason: (outcome != "done").then(|| ReasonText::sample(frame.language)),
            secret: secret.map(str::to_owned),
            until: secret.map(|_| Timestamp::from_seconds(1_795_508_000)),
        };
        let page = |action, outcomes, notices: Option<&str>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Users),
            action,
            outcomes,
            notices: notices.map(str::to_owned),
        };
        let mailed = ManyOutcome { note: Some("admin-many-notice-mailed"), ..one("bob", "done", Some("D4 C3 B2 17")) };
        let link = "https://auth.example.com/approver/#add=JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4";
        vec![
            page(ManyAction::Invite, vec![one("alice", "done", Some(link)), one(&hostile(), "unknown_user", None)], None),
            page(
                ManyAction::Patterns,
                vec![one("alice", "done", Some("A1 B2 C3 42")), mailed],
                Some("/admin/patterns/notices?since=1"),
            ),
            page(ManyAction::Assign, vec![one("alice", "done", None)], None),
        ]
    }
}
