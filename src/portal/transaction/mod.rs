//! `/transaction/{id}`: a held request, as its requester follows it: the transaction password or a code, the phone, its
//! end; once it is approved the browser goes back to the app, where it is forwarded.
//! Invariant: only the session that made the request sees it, and nothing is forwarded from here.

pub mod page;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::chain::policy::transaction::ApproverRule;
use crate::portal::kit::form::{Form, NoFields, narrow};
use crate::portal::kit::language::number::amount;
use crate::portal::kit::not_done::retry_after;
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::waiting::waiting_state;
use crate::portal::transaction::page::{TransactionPage, TransactionProblem, TransactionStage};
use crate::principal::method::Method;
use crate::sign_in::engine::Rejection;
use crate::transaction::{Held, HeldError, Owner, Phase, TransactionId, TransactionStatus, WaitsFor};

/// How long an answer about a waiting transaction is held back.
const HELD: Duration = Duration::from_secs(20);

/// Adds the routes.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route("/transaction/{id}", get(show))
        .route("/transaction/{id}/state", get(state))
        .route("/transaction/{id}/password", post(password).get(back))
        .route("/transaction/{id}/code", post(code).get(back))
        .route("/transaction/{id}/cancel", post(cancel).get(back))
}

/// The transaction of this id, if it belongs to this session.
fn find(visit: &Visit, id: &str) -> Result<Arc<Held>, Response> {
    let owner = visit.session.as_ref().map(|session| Owner::Session(session.id()));
    TransactionId::parse(id)
        .zip(owner)
        .and_then(|(id, owner)| visit.core.transactions().find(&id, owner))
        .ok_or_else(|| visit.error(StatusCode::NOT_FOUND, "transaction_unknown_here"))
}

/// A GET of an address that only takes POST, for example a reload: leads to the page of the transaction.
async fn back(Path(id): Path<String>, visit: Visit) -> Response {
    visit.see_other(&paths::transaction(&id, ""))
}

/// GET /transaction/{id}
async fn show(Path(id): Path<String>, visit: Visit) -> Result<Response, Response> {
    let held = find(&visit, &id)?;
    Ok(page(&visit, &held, None).await)
}

/// The page of a transaction; if it is approved, the redirect back to the app.
async fn page(visit: &Visit, held: &Held, problem: Option<TransactionProblem>) -> Response {
    let standing = match visit.core.transaction_engine().status(held).await {
        Ok(standing) => standing,
        Err(error) => return visit.failed(&error),
    };
    let config = visit.core.config();
    let app = config.file.app.iter().find(|app| app.name == *held.rule.app);
    let url = app.map_or("/", |app| app.url.trim_end_matches('/'));
    if standing.phase.is_approved() {
        let title = app.map_or(&*held.rule.app, |app| app.title.as_deref().unwrap_or(&app.name));
        let go = format!("{url}/.sekisho/transactions/{}/go", held.id);
        return visit.leave_for(&paths::transaction(held.id.as_str(), ""), title, &go);
    }
    let tag = visit.language.tag();
    let shown = TransactionPage {
        frame: visit.frame(),
        id: held.id.to_string(),
        app: app.map_or_else(|| held.rule.app.to_string(), |app| app.title.clone().unwrap_or_else(|| app.name.clone())),
        back: format!("{url}/"),
        title: held.details.title.say(tag).to_owned(),
        sentence: held.details.sentence.say(tag).to_owned(),
        fields: held
            .details
            .fields
            .iter()
            .map(|field| (field.label.say(tag).to_owned(), field.value.as_deref().map(|value| amount(value, tag))))
            .collect(),
        stage: stage(held, standing),
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let mut response = match shown.stage {
        TransactionStage::Waiting { .. } => visit.scripted_page(status, &shown),
        _ => visit.page(status, &shown, &[]),
    };
    if let Some(TransactionProblem::SlowDown(wait)) = problem {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        retry_after(&mut response, wait);
    }
    response
}

fn stage(held: &Held, standing: TransactionStatus) -> TransactionStage {
    match standing.phase {
        Phase::Open(WaitsFor::Password) => TransactionStage::Password,
        Phase::Open(WaitsFor::Code) => TransactionStage::Code,
        Phase::Open(WaitsFor::Pending) => TransactionStage::Waiting {
            number: standing.number,
            yes: standing.yes,
            by_others: held.rule.approvers != ApproverRule::Requester,
            reached: standing.quorum_reachable != Some(false),
            left: standing.left,
        },
        over @ (Phase::Open(WaitsFor::Approved | WaitsFor::Forwarding) | Phase::Ended(_)) => TransactionStage::Over(over.word()),
    }
}

/// GET /transaction/{id}/state?seen=: answers as soon as the state differs from `seen`.
async fn state(Path(id): Path<String>, visit: Visit) -> Response {
    let held = match find(&visit, &id) {
        Ok(held) => held,
        Err(_gone) => return waiting_state(true),
    };
    let seen = visit.query("seen").unwrap_or_default();
    let changed = async || {
        let standing = visit.core.transaction_engine().status(&held).await?;
        Ok::<_, HeldError>(format!("{}-{}", standing.phase.word(), standing.yes.0) != seen)
    };
    let found = async {
        if changed().await? {
            return Ok(true);
        }
        visit.core.transaction_engine().wait(&held, HELD).await?;
        changed().await
    };
    match found.await {
        Ok(over) => waiting_state(over),
        Err(error) => visit.failed(&error),
    }
}

/// What the form of the transaction password sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TransactionPasswordForm {
    password: SecretString,
}

/// POST /transaction/{id}/password
async fn password(
    Path(id): Path<String>,
    State(state): State<PortalState>,
    Form { visit, fields }: Form<TransactionPasswordForm>,
) -> Result<Response, Response> {
    let held = find(&visit, &id)?;
    let tried = state.sign_in.transaction_password(&visit.visitor(), &held, fields.password).await;
    let tried = tried.map_err(|error| visit.failed(&error))?;
    Ok(after(&visit, &held, tried, TransactionProblem::WrongPassword).await)
}

/// What the form of a code sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TransactionCodeForm {
    code: SecretString,
}

/// POST /transaction/{id}/code
async fn code(
    Path(id): Path<String>,
    State(state): State<PortalState>,
    Form { visit, fields }: Form<TransactionCodeForm>,
) -> Result<Response, Response> {
    let held = find(&visit, &id)?;
    let code = narrow(fields.code.expose_secret());
    let code = SecretString::from(code.chars().filter(|c| !c.is_whitespace()).collect::<String>());
    let tried = state.sign_in.transaction_code(&visit.visitor(), &held, Method::Totp, &code).await;
    let tried = tried.map_err(|error| visit.failed(&error))?;
    Ok(after(&visit, &held, tried, TransactionProblem::WrongCode).await)
}

async fn after(visit: &Visit, held: &Held, tried: Result<(), Rejection>, wrong: TransactionProblem) -> Response {
    let problem = match tried {
        // Those of a password never come from here.
        Ok(())
        | Err(
            Rejection::NotNow
            | Rejection::BothNeeded
            | Rejection::MustChange
            | Rejection::MustChangeThere
            | Rejection::MustSetPattern
            | Rejection::CertificateOf(_)
            | Rejection::TicketOf(_),
        ) => {
            return visit.see_other(&paths::transaction(held.id.as_str(), ""));
        }
        // Neither a passkey nor a pattern is asked for here: these do not come, and would be wrong answers.
        Err(Rejection::Wrong | Rejection::NotVerified | Rejection::Over | Rejection::TableOver) => wrong,
        Err(Rejection::SlowDown(wait)) => TransactionProblem::SlowDown(wait),
        Err(Rejection::Busy(_) | Rejection::Unavailable(_)) => TransactionProblem::Busy,
    };
    page(visit, held, Some(problem)).await
}

/// POST /transaction/{id}/cancel
async fn cancel(Path(id): Path<String>, Form { visit, .. }: Form<NoFields>) -> Result<Response, Response> {
    let held = find(&visit, &id)?;
    visit.core.transaction_engine().cancel(&held).await.map_err(|error| visit.failed(&error))?;
    Ok(visit.see_other(&paths::transaction(&id, "")))
}
