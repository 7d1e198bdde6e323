//! `/account/identities`: the people at identity providers whom the account is linked with, how one is added and removed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::kit::admission::{FreshForm, SignedIn, circumstances};
use crate::portal::kit::form::IdField;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, hostile, signed_in_sample};
use crate::principal::method::CredentialId;
use crate::self_service::{self, ActError};

/// GET /account/identities
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let (core, user) = (&visit.core, session.user());
    let links = core.idp().links().of_user(user.id()).await.map_err(|error| visit.failed(&error))?;
    let rows = links.into_iter().map(|link| IdentityRow {
        id: link.id.text(),
        provider: core.idp().find(&link.provider).map_or(link.provider, |found| found.settings().title().to_owned()),
        person: link.mail.unwrap_or(link.subject),
        since: link.created_at,
        last_used: (link.last_used != link.created_at).then_some(link.last_used),
    });
    let all = core.idp().all();
    let providers = all.iter().map(|one| (one.settings().name().to_owned(), one.settings().title().to_owned()));
    let page = IdentitiesPage {
        frame: visit.frame(),
        notices: done(&visit),
        identities: rows.collect(),
        providers: providers.collect(),
        may_link: self_service::identities::may_link(user),
    };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// POST /account/identities/remove
pub(super) async fn remove(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = CredentialId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    self_service::identities::remove(&visit.core, &circumstances(&visit), &fresh, id).await.map_err(refused)?;
    // A session that was opened by the link goes on here.
    Ok(visit.see_other(&AccountChange::IdentityUnlinked.at(paths::IDENTITIES)))
}

/// The people at identity providers.
#[derive(Debug, Template)]
#[template(path = "account/identities.html")]
pub struct IdentitiesPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The oldest first.
    pub identities: Vec<IdentityRow>,
    /// The providers that can be linked: names, and what people call them.
    pub providers: Vec<(String, String)>,
    /// Whether the user signs in so.
    pub may_link: bool,
}

impl IdentitiesPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Overview
    }
}

/// A person at an identity provider.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// The id of the link, posted back.
    pub id: String,
    /// What people call the provider.
    pub provider: String,
    /// What the person is called there.
    pub person: String,
    /// Since when.
    pub since: Timestamp,
    /// When the person last signed in so.
    pub last_used: Option<Timestamp>,
}

impl PortalPage for IdentitiesPage {
    const NAME: &'static str = "account-identities";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, provider: &str, person: &str, last_used: Option<i64>| IdentityRow {
            id: id.to_owned(),
            provider: provider.to_owned(),
            person: person.to_owned(),
            since: Timestamp::from_seconds(NOW - 9_000_000),
            last_used: last_used.map(Timestamp::from_seconds),
        };
        let page = |notices: &[AccountChange], identities, providers: &[&str], may_link| Self {
            frame: signed_in_sample(frame),
            notices: notices.iter().map(|change| change.notice(0)).collect(),
            identities,
            providers: providers.iter().map(|title| ("name".to_owned(), (*title).to_owned())).collect(),
            may_link,
        };
        vec![
            page(
                &[AccountChange::IdentityLinked, AccountChange::IdentityLinkedAlready],
                vec![
                    row("a", "Contoso", "alice@example.com", Some(NOW - 7200)),
                    row("b", "本社", "00u1a2b3c4", None),
                    row("c", &hostile(), &hostile(), None),
                ],
                &["Contoso", "本社", &hostile()],
                true,
            ),
            page(&[AccountChange::IdentityUnlinked], Vec::new(), &["Contoso"], true),
            page(&[], Vec::new(), &["Contoso"], false),
            page(&[], Vec::new(), &[], true),
        ]
    }
}
