//! `/account/approvers`: the user's phones, how one is added and how one is removed.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::approval::id::ApprovalId;
use crate::approval::key::ApproverId;
use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::kit::admission::{FreshForm, SignedIn, circumstances, fresh};
use crate::portal::kit::form::{IdField, NoFields};
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::{hostile, signed_in_sample};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::waiting::waiting_state;
use crate::portal::kit::{paths, qr};
use crate::principal::method::Method;
use crate::principal::user::UserId;
use crate::self_service::{ActError, approvers, approvers as act};
use crate::store::database::DatabaseError;

/// How long an answer about a waiting approval is held back.
const HELD: Duration = Duration::from_secs(20);

/// How often it is looked whether a link was used.
const LOOKED_AFTER: Duration = Duration::from_secs(1);
/// The query of the list that a link led to: since when a phone may have come by it.
const SINCE: &str = "since";

/// Adds the routes of the account's phones.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route(paths::APPROVERS, get(list))
        .route(paths::APPROVER_ADD, get(go_on).post(add))
        .route(paths::APPROVER_STATE, get(state))
        .route(paths::APPROVER_REMOVE, post(remove))
}

/// GET /account/approvers
async fn list(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let approvals = &visit.core.approvals();
    let failed = |error| visit.failed(&error);
    let slots = approvals.approvers.of_user(session.user().id()).await.map_err(failed)?;
    let standing = approvals.approvers.standing(session.user().id()).await.map_err(failed)?;
    let config = approvals.config();
    let by_passkey = visit.core.approves_by_passkey(session.user().id()).await.map_err(failed)?;
    let since = visit.query(SINCE).and_then(|since| since.parse().ok()).map(Timestamp::from_seconds);
    let has_come = since.is_some_and(|since| slots.iter().any(|slot| slot.registered_at >= since));
    let mut notices = done(&visit);
    notices.extend(has_come.then(|| AccountChange::ApproverAdded.notice(0)));
    let row = |slot: crate::approval::approver::Slot| ApproverRow {
        id: slot.approver.to_string(),
        name: slot.name,
        agent: slot.agent,
        registered_at: slot.registered_at,
        last_seen: slot.last_seen,
    };
    let page = ApproversPage {
        frame: visit.frame(),
        notices,
        approvers: slots.into_iter().map(row).collect(),
        by_passkey: by_passkey && session.user().standing().assigned.contains(Method::Push),
        limit: config.per_user,
        may_add: visit.core.members_may_add(),
        may_remove: visit.core.members_may_delete(),
        trouble: match (standing.locked, standing.suspended) {
            (true, _) => Some("approvers-locked"),
            (false, true) => Some("approvers-suspended"),
            (false, false) => None,
        },
    };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// POST /account/approvers/add
async fn add(FreshForm { visit, fresh, .. }: FreshForm<NoFields>) -> Response {
    let agent = visit.visitor().agent.to_owned();
    match act::add(&visit.core, &circumstances(&visit), &fresh, &agent).await {
        Ok(approvers::Adding::AfterApproval(question)) => visit.see_other(&next(question.id.as_str())),
        Ok(adding) => page(&visit, adding),
        Err(error) => refused(&visit, &error),
    }
}

/// GET /account/approvers/add?approval=
async fn go_on(visit: Visit) -> Result<Response, Response> {
    let Some(id) = visit.query("approval").and_then(|id| ApprovalId::parse(&id)) else {
        return Ok(visit.see_other(paths::APPROVERS));
    };
    let fresh = fresh(&visit, paths::APPROVERS).await?;
    let added = act::added(&visit.core, &circumstances(&visit), &fresh, &id).await;
    added.map(|adding| page(&visit, adding)).map_err(|error| refused(&visit, &error))
}

/// GET /account/approvers/state?approval= or ?link=
async fn state(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    if let Some(link) = visit.query("link") {
        let over = is_used(&visit, session.user().id(), &link).await.map_err(|error| visit.failed(&error))?;
        return Ok(waiting_state(over));
    }
    let id = visit.query("approval").and_then(|id| ApprovalId::parse(&id));
    let Some(id) = id else { return Ok(waiting_state(true)) };
    let failed = |error| visit.failed(&error);
    let asked = visit.core.approvals().find(&id).await.map_err(failed)?;
    let Some(asked) = asked.filter(|question| question.user == *session.user().id()) else { return Ok(waiting_state(true)) };
    let left = asked.expires_at.since(visit.core.clock().now());
    let question = visit.core.approvals().wait(&id, HELD.min(left)).await.map_err(failed)?;
    Ok(waiting_state(question.is_none_or(|question| !question.is_open(visit.core.clock().now()))))
}

/// Whether a link of this user is used, or may be no longer, by the end of a while.
async fn is_used(visit: &Visit, user: &UserId, id: &str) -> Result<bool, DatabaseError> {
    for _ in 0..HELD.as_secs() {
        if !visit.core.links().of_user(user).await?.iter().any(|link| link.id == id) {
            return Ok(true);
        }
        tokio::time::sleep(LOOKED_AFTER).await;
    }
    Ok(false)
}

/// POST /account/approvers/remove
async fn remove(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = ApproverId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    let removed = act::remove(&visit.core, &circumstances(&visit), fresh.user(), &id, Some(fresh.session())).await;
    removed.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::ApproverRemoved.at(paths::APPROVERS)))
}

fn next(id: &str) -> String {
    format!("{}?approval={id}", paths::APPROVER_ADD)
}

fn page(visit: &Visit, adding: approvers::Adding) -> Response {
    let now = visit.core.clock().now();
    let adding = match adding {
        approvers::Adding::Link(link, secret) => {
            let address = format!("{}/approver/#add={}", act::portal(&visit.core), secret.text());
            let since = link.created_at.seconds().to_string();
            AddingState::Link {
                address,
                until: link.expires_at,
                state_at: format!("{}?link={}", paths::APPROVER_STATE, link.id),
                next: paths::with_query(paths::APPROVERS, &[(SINCE, &since)]),
            }
        }
        approvers::Adding::AfterApproval(question) if question.is_open(now) => AddingState::Waiting {
            state_at: format!("{}?approval={}", paths::APPROVER_STATE, question.id),
            next: next(question.id.as_str()),
            left: question.expires_at.since(now).as_secs(),
        },
        approvers::Adding::AfterApproval(_) => AddingState::Over,
    };
    visit.scripted_page(StatusCode::OK, &ApproverAddPage { frame: visit.frame(), adding })
}

/// The phones of the account.
#[derive(Debug, Template)]
#[template(path = "account/phones.html")]
pub struct ApproversPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The phones.
    pub approvers: Vec<ApproverRow>,
    /// Whether a passkey approves on the phone that reads a code, since there is none of these.
    pub by_passkey: bool,
    /// How many there may be.
    pub limit: usize,
    /// Whether one may be added here.
    pub may_add: bool,
    /// Whether one may be removed here.
    pub may_remove: bool,
    /// What stands against them: a message key.
    pub trouble: Option<&'static str>,
}

impl ApproversPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Approvers
    }

    fn is_full(&self) -> bool {
        self.approvers.len() >= self.limit
    }
}

/// One phone.
#[derive(Clone, Debug)]
pub struct ApproverRow {
    /// Its id, posted back to remove it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub agent: String,
    /// Since when.
    pub registered_at: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
}

/// How a phone is added: the link with its QR code, or waiting for a phone that is there already.
#[derive(Debug, Template)]
#[template(path = "account/phone_add.html")]
pub struct ApproverAddPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Where it stands.
    pub adding: AddingState,
}

impl ApproverAddPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Approvers
    }

    fn picture(&self, link: &str) -> Option<String> {
        qr::svg(link, &self.frame.say("approver-qr-label"))
    }
}

/// Where adding a phone stands.
#[derive(Clone)]
pub enum AddingState {
    /// Open this address on the phone, until then.
    Link {
        /// The address.
        address: String,
        /// Until when it may be used.
        until: Timestamp,
        /// Answers when it was used, or may be no longer.
        state_at: String,
        /// The list, which says whether a phone has come.
        next: String,
    },
    /// A phone that is there is asked: where to look after it, and where to go on.
    Waiting {
        /// Answers when it is over.
        state_at: String,
        /// This page.
        next: String,
        /// Seconds left.
        left: u64,
    },
    /// It was denied, or nobody answered.
    Over,
}

debug_by_name!(AddingState);

impl PortalPage for ApproversPage {
    const NAME: &'static str = "account-approvers";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |name: String| ApproverRow {
            id: "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s".to_owned(),
            name,
            agent: "Chrome, Android".to_owned(),
            registered_at: Timestamp::from_seconds(1_795_400_000),
            last_seen: Timestamp::from_seconds(1_795_508_000),
        };
        let page = |approvers, may, trouble| Self {
            frame: signed_in_sample(frame),
            notices: vec![AccountChange::ApproverRemoved.notice(0), AccountChange::ApproverAdded.notice(0)],
            approvers,
            by_passkey: false,
            limit: 3,
            may_add: may,
            may_remove: may,
            trouble,
        };
        vec![
            page(vec![row("Pixel".to_owned()), row("iPad".to_owned())], true, None),
            page(Vec::new(), true, None),
            Self { by_passkey: true, ..page(Vec::new(), true, None) },
            page(vec![row("Pixel".to_owned())], false, Some("approvers-suspended")),
            page(vec![row(hostile()), row("b".to_owned()), row("c".to_owned())], true, Some("approvers-locked")),
        ]
    }
}

impl PortalPage for ApproverAddPage {
    const NAME: &'static str = "account-approver-add";

    fn samples(frame: &Frame) -> Vec<Self> {
        let link = "https://auth.example.com/approver/#add=JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4".to_owned();
        [
            AddingState::Link {
                address: link,
                until: Timestamp::from_seconds(1_795_595_400),
                state_at: "/account/approvers/state?link=4TnK".to_owned(),
                next: "/account/approvers?since=1795509000".to_owned(),
            },
            AddingState::Waiting {
                state_at: "/account/approvers/state".to_owned(),
                next: "/account/approvers/add".to_owned(),
                left: 48,
            },
            AddingState::Over,
        ]
        .map(|adding| Self { frame: signed_in_sample(frame), adding })
        .into()
    }
}
