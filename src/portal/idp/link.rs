//! Linking one's account with a person at a provider, from the account page: the form begins it, and the way back ends it in the
//! session that began it and in no other. There is no address that begins it by a GET, so that no page of others can link
//! their person with somebody's account.

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::idp::{CallbackQuery, Flow, IdentityProvider};
use crate::portal::account::notice::AccountChange;
use crate::portal::idp::kept;
use crate::portal::idp::page::{IdpProblemPage, IdpWhat, RETURNS_REST};
use crate::portal::kit::admission::{FreshForm, circumstances, fresh};
use crate::portal::kit::continue_page::ContinuePage;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::paths;
use crate::portal::kit::slow_down::SlowDownReason;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::slow_down;
use crate::self_service::ActError;
use crate::self_service::identities::{self, Linked};
use crate::sign_in::goal::{Goal, PortalArea};
use crate::sign_in::idp::IdpTrouble;

/// What a button sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProviderField {
    provider: String,
}

/// POST /sign-in/idp/link
pub(super) async fn begin(FreshForm { visit, fresh, fields }: FreshForm<ProviderField>) -> Result<Response, Response> {
    let provider = visit.core.idp().find(&fields.provider).ok_or_else(|| refused(&visit, &ActError::NotFound))?;
    let begun = identities::begin(&visit.core, &fresh, &provider, &visit.sign_in_cookie, paths::IDENTITIES).await;
    match begun.map_err(|error| refused(&visit, &error))? {
        Ok(way) => {
            // Where a provider leads is not ours to know, and a browser holds the `form-action` of a page against it.
            let app = provider.settings().title().to_owned();
            let page = ContinuePage { frame: visit.frame(), app, next: way.url.into() };
            Ok(kept::keeping(&visit, visit.page(StatusCode::OK, &page, &[]), way.keeps))
        }
        Err(failure) => Ok(problem(&visit, &provider, IdpTrouble::Provider(failure))),
    }
}

/// The way back of a flow that links.
pub(super) async fn finish(
    visit: &Visit,
    provider: &IdentityProvider,
    flow: &Flow,
    query: &CallbackQuery,
) -> Result<Response, Response> {
    let fresh = fresh(visit, paths::IDENTITIES).await?;
    match identities::finish(&visit.core, &circumstances(visit), &fresh, flow, query).await {
        Ok(Linked::Added) => Ok(visit.see_other(&AccountChange::IdentityLinked.at(paths::IDENTITIES))),
        Ok(Linked::Already) => Ok(visit.see_other(&AccountChange::IdentityLinkedAlready.at(paths::IDENTITIES))),
        Ok(Linked::Taken) => Ok(shown(visit, provider, IdpWhat::Taken, IdpWhat::Taken.code(), None)),
        Ok(Linked::Again(url, after)) => {
            tokio::time::sleep(after).await;
            Ok(visit.see_other(url.as_str()))
        }
        Ok(Linked::Failed(failure)) => Ok(problem(visit, provider, IdpTrouble::Provider(failure))),
        Ok(Linked::TooMany) => {
            let goal = Goal::Portal { back: paths::IDENTITIES.to_owned(), fresh: true, area: PortalArea::Account };
            Ok(slow_down(visit, &goal, SlowDownReason::Returns, RETURNS_REST))
        }
        // It was begun in another session, which ended since.
        Err(ActError::NotFound) => Ok(shown(visit, provider, IdpWhat::Over, IdpWhat::Over.code(), None)),
        Err(error) => Err(refused(visit, &error)),
    }
}

fn problem(visit: &Visit, provider: &IdentityProvider, trouble: IdpTrouble) -> Response {
    let code = trouble.code();
    let word = match &trouble {
        IdpTrouble::Provider(failure) => failure.word.clone(),
        _ => None,
    };
    shown(visit, provider, IdpWhat::of(trouble), code, word)
}

fn shown(visit: &Visit, provider: &IdentityProvider, what: IdpWhat, code: &'static str, word: Option<String>) -> Response {
    let provider = provider.settings().title().to_owned();
    let status = what.status();
    let again = paths::IDENTITIES.to_owned();
    visit.page(status, &IdpProblemPage { frame: visit.frame(), provider, what, code, word, again, other: None }, &[])
}
