//! The account's phones: the list, how one is added, how one is removed.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::portal::account::{answered, circumstances, done, fresh, signed_in};
use crate::portal::account::acts::refused;
use crate::portal::account::phones_page::{Adding, ApproverAddPage, ApproverRow, ApproversPage};
use crate::portal::kit::paths;
use crate::portal::push::told;
use crate::portal::sign_in::Desk;
use crate::portal::kit::visit::Visit;
use crate::approval::key::ApproverId;
use crate::approval::question::ApprovalId;
use crate::self_service::approvers as act;
use crate::self_service::{ActError, approvers};

/// How long an answer about a waiting approval is held back.
const HELD: Duration = Duration::from_secs(20);

/// Adds the routes of the account's phones.
pub(in crate::portal) fn routes(router: Router<Desk>) -> Router<Desk> {
    router
        .route(paths::APPROVERS, get(list))
        .route(paths::APPROVER_ADD, get(go_on).post(add))
        .route(paths::APPROVER_STATE, get(state))
        .route(paths::APPROVER_REMOVE, post(remove))
}

/// GET /account/approvers
async fn list(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let session = signed_in(visit, paths::APPROVERS)?;
        let approvals = &visit.core.approvals();
        let failed = |error| visit.failed(&error);
        let slots = approvals.approvers.of_user(session.user().id()).await.map_err(failed)?;
        let standing = approvals.approvers.standing(session.user().id()).await.map_err(failed)?;
        let config = approvals.config();
        let row = |slot: crate::approval::approver::Slot| ApproverRow {
            id: slot.approver.to_string(),
            name: slot.name,
            agent: slot.agent,
            registered_at: slot.registered_at,
            last_seen: slot.last_seen,
        };
        let page = ApproversPage {
            frame: visit.frame(),
            notices: done(visit),
            approvers: slots.into_iter().map(row).collect(),
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
    })
    .await
}

/// POST /account/approvers/add
async fn add(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let added = async {
        visit.form(body).await?;
        let fresh = fresh(&visit, paths::APPROVERS).await?;
        let agent = visit.visitor().agent.to_owned();
        match act::add(&visit.core, &circumstances(&visit), &fresh, &agent).await {
            Ok(approvers::Adding::AfterApproval(question)) => Ok(visit.see_other(&next(question.id.as_str()))),
            Ok(adding) => Ok(page(&visit, adding)),
            Err(error) => Err(refused(&visit, &error)),
        }
    };
    added.await.unwrap_or_else(|response| response)
}

/// GET /account/approvers/add?approval=
async fn go_on(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let Some(id) = visit.query("approval").and_then(|id| ApprovalId::parse(&id)) else {
            return Ok(visit.see_other(paths::APPROVERS));
        };
        let fresh = fresh(visit, paths::APPROVERS).await?;
        let added = act::added(&visit.core, &circumstances(visit), &fresh, &id).await;
        added.map(|adding| page(visit, adding)).map_err(|error| refused(visit, &error))
    })
    .await
}

/// GET /account/approvers/state?approval=
async fn state(State(desk): State<Desk>, request: Request) -> Response {
    answered(Visit::read(Arc::clone(&desk.core), request), async |visit: &Visit| {
        let session = signed_in(visit, paths::APPROVERS)?;
        let id = visit.query("approval").and_then(|id| ApprovalId::parse(&id));
        let Some(id) = id else { return Ok(told(true)) };
        let failed = |error| visit.failed(&error);
        let asked = visit.core.approvals().find(&id).await.map_err(failed)?;
        let Some(asked) = asked.filter(|question| question.user == *session.user().id()) else { return Ok(told(true)) };
        let left = asked.expires_at.since(visit.core.clock().now());
        let question = visit.core.approvals().wait(&id, HELD.min(left)).await.map_err(failed)?;
        Ok(told(question.is_none_or(|question| !question.is_open(visit.core.clock().now()))))
    })
    .await
}

/// POST /account/approvers/remove
async fn remove(State(desk): State<Desk>, request: Request) -> Response {
    let (visit, body) = match Visit::read(Arc::clone(&desk.core), request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let removed = async {
        let fields = visit.form(body).await?;
        let fresh = fresh(&visit, paths::APPROVERS).await?;
        let id = ApproverId::parse(fields.text("id")).ok_or(ActError::NotFound);
        let removed = match id {
            Ok(id) => act::remove(&visit.core, &circumstances(&visit), fresh.user(), &id, Some(fresh.session())).await,
            Err(error) => Err(error),
        };
        removed.map_err(|error| refused(&visit, &error))?;
        Ok(visit.see_other(&format!("{}?done=approver-removed", paths::APPROVERS)))
    };
    removed.await.unwrap_or_else(|response: Response| response)
}

fn next(id: &str) -> String {
    format!("{}?approval={id}", paths::APPROVER_ADD)
}

fn page(visit: &Visit, adding: approvers::Adding) -> Response {
    let now = visit.core.clock().now();
    let adding = match adding {
        approvers::Adding::Link(link, secret) => {
            Adding::Link(format!("{}/approver/#add={}", act::portal(&visit.core), secret.text()), link.expires_at)
        }
        approvers::Adding::AfterApproval(question) if question.is_open(now) => Adding::Waiting {
            state_at: format!("{}?approval={}", paths::APPROVER_STATE, question.id),
            next: next(question.id.as_str()),
            left: question.expires_at.since(now).as_secs(),
        },
        approvers::Adding::AfterApproval(_) => Adding::Over,
    };
    visit.scripted_page(StatusCode::OK, &ApproverAddPage { frame: visit.frame(), adding })
}
