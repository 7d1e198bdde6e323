//! `/account/passkeys`: the passkeys, how one is added, renamed and removed.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::enrol::Course;
use crate::portal::enrol::passkey::{EnrolPasskeyPage, PasskeyFields, passkey_problem};
use crate::portal::kit::admission::{FreshForm, FreshVisit, SignedIn, circumstances};
use crate::portal::kit::assets::ACCEPTED;
use crate::portal::kit::form::{IdField, NoFields};
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, hostile, signed_in_sample};
use crate::portal::kit::visit::Visit;
use crate::portal::passkey::{given, not_given};
use crate::principal::method::CredentialId;
use crate::random::base64url;
use crate::self_service::passkeys::MadePasskey;
use crate::self_service::{self, ActError};
use crate::session::Fresh;

/// GET /account/passkeys
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let (core, user) = (&visit.core, session.user());
    let failed = |error| visit.failed(&error);
    let rows: Vec<PasskeyRow> = core
        .passkeys()
        .of_user(user.id())
        .await
        .map_err(failed)?
        .into_iter()
        .map(|passkey| PasskeyRow {
            usable: core.passkeys().is_usable(&passkey),
            id: passkey.id.text(),
            name: passkey.name,
            synced: passkey.backup_eligible,
            backed_up: passkey.backed_up,
            model: passkey.model,
            added_at: passkey.added_at,
            last_used_at: passkey.last_used_at,
        })
        .collect();
    let notices = done(&visit);
    // After a change, and never from another list than the one read here: a short list would be an order to delete.
    let accepted = if notices.is_empty() { None } else { core.passkeys().accepted(user.id()).await.map_err(failed)? };
    let accepted = accepted.map(|accepted| {
        let (rp, handle) = (&accepted.rp_id, base64url(&accepted.handle));
        let ids: Vec<String> = accepted.credential_ids.iter().map(|id| base64url(id)).collect();
        let called = user.profile().display_name.clone().unwrap_or_else(|| user.id().to_string());
        json!({
            "accepted": { "rpId": rp, "userId": handle, "allAcceptedCredentialIds": ids },
            "user": { "rpId": rp, "userId": handle, "name": user.id().as_str(), "displayName": called },
        })
    });
    let page = PasskeysPage {
        frame: visit.frame(),
        notices,
        passkeys: rows,
        may_add: core.passkeys().are_possible() && self_service::passkeys::are_accepted_anywhere(core, user),
        accepted,
    };
    Ok(match page.accepted {
        Some(_) => visit.scripted_page(StatusCode::OK, &page),
        None => visit.page(StatusCode::OK, &page, &[]),
    })
}

/// GET /account/passkeys/add
pub(super) async fn add(FreshVisit { visit, fresh }: FreshVisit) -> Result<Response, Response> {
    self_service::has_proved_another(&fresh).map_err(|error| refused(&visit, &error))?;
    Ok(add_page(&visit, &fresh, None, None))
}

fn add_page(visit: &Visit, fresh: &Fresh, name: Option<&str>, problem: Option<&'static str>) -> Response {
    let page = EnrolPasskeyPage {
        frame: visit.frame(),
        course: Course::Account,
        options: paths::PASSKEY_ADD_OPTIONS.to_owned(),
        action: paths::PASSKEY_ADD.to_owned(),
        user: fresh.user().id().to_string(),
        name: name.filter(|name| !name.is_empty()).unwrap_or(visit.visitor().agent).to_owned(),
        problem,
    };
    page.answer(visit)
}

/// POST /account/passkeys/add/options
pub(super) async fn options(FreshForm { visit, fresh, .. }: FreshForm<NoFields>) -> Response {
    match self_service::passkeys::begin(&visit.core, &fresh).await {
        Ok(ceremony) => given(&ceremony),
        Err(ActError::NeedsAnotherFactor) => not_given(StatusCode::FORBIDDEN),
        Err(ActError::Passkey(_)) => not_given(StatusCode::CONFLICT),
        Err(error) => {
            drop(visit.failed(&error));
            not_given(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// POST /account/passkeys/add
pub(super) async fn made(FreshForm { visit, fresh, fields }: FreshForm<PasskeyFields>) -> Result<Response, Response> {
    let made = MadePasskey { ceremony: &fields.ceremony, credential: &fields.credential, name: &fields.name };
    match self_service::passkeys::add(&visit.core, &circumstances(&visit), &fresh, made).await {
        Ok(_passkey) => Ok(visit.see_other(&AccountChange::PasskeyAdded.at(paths::PASSKEYS))),
        Err(error) => match passkey_problem(&error) {
            Some(problem) => Ok(add_page(&visit, &fresh, Some(&fields.name), Some(problem))),
            None => Err(refused(&visit, &error)),
        },
    }
}

/// What the form of a new name sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NewName {
    id: String,
    name: String,
}

/// POST /account/passkeys/rename
pub(super) async fn rename(FreshForm { visit, fresh, fields }: FreshForm<NewName>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = CredentialId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    let done = self_service::passkeys::rename(&visit.core, &circumstances(&visit), &fresh, id, &fields.name).await;
    done.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::PasskeyRenamed.at(paths::PASSKEYS)))
}

/// POST /account/passkeys/remove
pub(super) async fn remove(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = CredentialId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    self_service::passkeys::remove(&visit.core, &circumstances(&visit), &fresh, id).await.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::PasskeyRemoved.at(paths::PASSKEYS)))
}

/// The passkeys.
#[derive(Debug, Template)]
#[template(path = "account/passkeys.html")]
pub struct PasskeysPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether one can be added: browsers can make some for this host, and some policy accepts them.
    pub may_add: bool,
    /// What the browser learns after a change (signal API).
    pub accepted: Option<Value>,
}

impl PasskeysPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Passkeys
    }

    fn accepted_script(&self) -> &'static str {
        &ACCEPTED.path
    }
}

/// One passkey.
#[derive(Clone, Debug)]
pub struct PasskeyRow {
    /// Its id, posted back.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether its provider may copy it to other devices.
    pub synced: bool,
    /// Whether it was copied or backed up when it was last used.
    pub backed_up: bool,
    /// The model that was proved.
    pub model: Option<String>,
    /// Whether it was made for the domain that is configured now.
    pub usable: bool,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

impl PasskeyRow {
    const fn copies(&self) -> &'static str {
        match (self.synced, self.backed_up) {
            (false, _) => "passkey-copies-none",
            (true, false) => "passkey-copies-may",
            (true, true) => "passkey-copies-are",
        }
    }
}

impl PortalPage for PasskeysPage {
    const NAME: &'static str = "account-passkeys";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, name: &str, (synced, backed_up), usable, last_used_at: Option<i64>| PasskeyRow {
            id: id.to_owned(),
            name: name.to_owned(),
            synced,
            backed_up,
            model: (!synced).then(|| "2fc0579f-8113-47ea-b116-bb5a8db9202a".to_owned()),
            usable,
            added_at: Timestamp::from_seconds(NOW - 9_000_000),
            last_used_at: last_used_at.map(Timestamp::from_seconds),
        };
        let page = |notices: &[PageNotice], passkeys: Vec<PasskeyRow>, may_add| Self {
            frame: signed_in_sample(frame),
            notices: notices.to_vec(),
            passkeys,
            may_add,
            accepted: None,
        };
        vec![
            page(
                &[AccountChange::PasskeyAdded.notice(0), AccountChange::PasskeyRenamed.notice(0)],
                vec![
                    row("a", "iPhone", (true, true), true, Some(NOW - 4000)),
                    row("b", "会社のパソコン", (true, false), true, None),
                    row("c", "YubiKey", (false, false), true, Some(NOW - 400_000)),
                    row("d", &hostile(), (false, false), false, None),
                ],
                true,
            ),
            page(&[AccountChange::PasskeyRemoved.notice(0)], Vec::new(), true),
            page(&[], Vec::new(), false),
        ]
    }
}
