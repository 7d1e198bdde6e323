//! `/account`: everything at a glance.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::certificates::{ending, ends_soon};
use crate::portal::account::notice::{AccountChange, done, few_recovery_codes, new_sign_in};
use crate::portal::account::recovery_codes::few;
use crate::portal::kit::admission::SignedIn;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, Person, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, hostile, signed_in_sample};

/// GET /account
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let authenticator = core.totps().of_user(user.id()).await.map_err(failed)?;
    let left = core.recovery_codes().left(user.id()).await.map_err(failed)?;
    let links = core.idp().links().of_user(user.id()).await.map_err(failed)?;
    let has_identities = !links.is_empty() || !core.idp().all().is_empty();
    let mut notices = done(&visit);
    notices.extend(few(authenticator.is_some(), left));
    notices.extend(ending(core, user));
    let page = OverviewPage {
        frame: visit.frame(),
        notices,
        user: user.id().to_string(),
        email: user.profile().email.clone(),
        groups: user.standing().groups.iter().map(ToString::to_string).collect(),
        identities: links
            .into_iter()
            .map(|link| IdentityLine {
                provider: core.idp().find(&link.provider).map_or(link.provider, |found| found.settings().title().to_owned()),
                person: link.mail.unwrap_or(link.subject),
                last_used: link.last_used,
            })
            .collect(),
        has_identities,
        password_set: core.passwords().set_at(user.id()).await.map_err(failed)?,
        pattern_set: core.matrices().state(user.id()).await.map_err(failed)?.map(|state| state.changed_at),
        authenticator_added: authenticator.map(|authenticator| authenticator.added_at),
        recovery_codes: left,
        sessions: core.sessions().of_user(user.id()).len(),
        browsers: core.browsers().of_user(user.id()).len(),
    };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// Everything at a glance.
#[derive(Debug, Template)]
#[template(path = "account/overview.html")]
pub struct OverviewPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The user name.
    pub user: String,
    /// The mail address.
    pub email: Option<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// The people at identity providers that the account is linked with.
    pub identities: Vec<IdentityLine>,
    /// Whether the page of such links is of use.
    pub has_identities: bool,
    /// When the password was set; `None` if there is none.
    pub password_set: Option<Timestamp>,
    /// When the pattern was set; `None` if there is none.
    pub pattern_set: Option<Timestamp>,
    /// When the authenticator was set up; `None` if there is none.
    pub authenticator_added: Option<Timestamp>,
    /// Recovery codes left.
    pub recovery_codes: usize,
    /// Sessions, this one included.
    pub sessions: usize,
    /// Registered browsers.
    pub browsers: usize,
}

/// A person at an identity provider.
#[derive(Clone, Debug)]
pub struct IdentityLine {
    /// What people call the provider.
    pub provider: String,
    /// What the person is called there.
    pub person: String,
    /// When the person last signed in so.
    pub last_used: Timestamp,
}

impl OverviewPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Overview
    }
}

impl PortalPage for OverviewPage {
    const NAME: &'static str = "account-overview";

    fn samples(frame: &Frame) -> Vec<Self> {
        let whole = Self {
            frame: signed_in_sample(frame),
            notices: vec![
                AccountChange::PasswordChanged.notice(0),
                AccountChange::PatternChanged.notice(0),
                AccountChange::TransactionPasswordSet.notice(0),
                new_sign_in("198.51.100.7".to_owned(), Timestamp::from_seconds(NOW - 7200)),
                ends_soon(7, false).with_link(paths::CERTIFICATES, "notice-link-certificates"),
            ],
            user: "alice".to_owned(),
            email: Some("alice@example.com".to_owned()),
            groups: vec!["accounting".to_owned(), "everyone".to_owned()],
            identities: vec![IdentityLine {
                provider: "Contoso".to_owned(),
                person: "alice@example.com".to_owned(),
                last_used: Timestamp::from_seconds(NOW - 7200),
            }],
            has_identities: true,
            password_set: Some(Timestamp::from_seconds(NOW - 9_000_000)),
            pattern_set: Some(Timestamp::from_seconds(NOW - 8_000_000)),
            authenticator_added: Some(Timestamp::from_seconds(NOW - 9_000_000)),
            recovery_codes: 8,
            sessions: 3,
            browsers: 1,
        };
        let bare = Self {
            frame: signed_in_sample(frame),
            notices: vec![few_recovery_codes(0)],
            user: "bob".to_owned(),
            email: None,
            groups: Vec::new(),
            identities: Vec::new(),
            has_identities: false,
            password_set: None,
            pattern_set: None,
            authenticator_added: None,
            recovery_codes: 0,
            sessions: 1,
            browsers: 0,
        };
        let hostile = Self {
            frame: Frame {
                person: Some(Person { user: hostile(), display_name: Some(hostile()), administrator: true }),
                ..frame.clone()
            },
            notices: vec![new_sign_in(hostile(), Timestamp::from_seconds(NOW - 30)), AccountChange::AuthenticatorAdded.notice(0)],
            user: hostile(),
            email: Some(hostile()),
            groups: vec![hostile(), hostile()],
            identities: vec![IdentityLine { provider: hostile(), person: hostile(), last_used: Timestamp::from_seconds(0) }],
            has_identities: true,
            password_set: Some(Timestamp::from_seconds(i64::MAX / 1000)),
            pattern_set: Some(Timestamp::from_seconds(0)),
            authenticator_added: Some(Timestamp::from_seconds(0)),
            recovery_codes: 1,
            sessions: 20,
            browsers: 1,
        };
        vec![whole, bare, hostile]
    }
}
