//! What is done to the lines of a list that were picked: asked back where it is dangerous, performed one by one, told of.
//! Each is an act of its own, judged and written down as if it had been asked for alone.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::{Seat, read, with};
use crate::account::AccountError;
use crate::admin::approvals::CancelApproval;
use crate::admin::browsers::RevokeBrowser;
use crate::admin::error::AdminError;
use crate::admin::locks::LiftLock;
use crate::admin::phones::assignment::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::life_cycle::{RemoveApprover, ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers};
use crate::admin::sessions::RevokeSession;
use crate::admin::transactions::show::CancelTransaction;
use crate::admin::users::factors::{Factor, ResetFactor};
use crate::admin::users::profile::{DisableUser, EnableUser, SignOut};
use crate::admin::users::views::ListUsers;
use crate::admin::values::Count;
use crate::certificate::register::CertificateRegisterError;
use crate::portal::kit::form::Fields;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::pages::administration::Room;
use crate::portal::pages::administration::deed::{ConfirmPage, Deed, FailedFor, Failure, InvitationRow, OutcomePage};
use crate::principal::user::{GroupName, UserId};
use crate::session::NotAdministrator;

/// Users that one deed may concern: a page of [`ListUsers`].
const MOST: Count = Count(1000);

/// POST /admin/deed
pub(super) async fn deed(State(desk): State<PortalState>, request: Request) -> Response {
    let (visit, body) = match read(&desk, request) {
        Ok(read) => read,
        Err(response) => return response,
    };
    match visit.form(body).await {
        Ok(fields) => answer(&visit, &fields).await.unwrap_or_else(|response| response),
        Err(response) => response,
    }
}

async fn answer(visit: &Visit, fields: &Fields) -> Result<Response, Response> {
    let deed = Deed::from_word(fields.text("deed")).ok_or_else(|| visit.error(StatusCode::BAD_REQUEST, "unknown_deed"))?;
    let back =
        Some(fields.text("back")).filter(|back| crate::portal::kit::paths::is_admin_page(back)).unwrap_or(deed.room().path());
    let seat = Seat::to_change(visit, back).await?;
    let whole = (fields.text("scope") == "all" && deed.room() == Room::Users).then(|| Search::of(fields));
    let picks = match &whole {
        Some(search) => search.found(&seat).await?,
        None => fields.all("pick").map(str::to_owned).collect(),
    };
    if picks.is_empty() {
        return Ok(visit.see_other(&with(back, &[("done", "nothing-picked")])));
    }
    // Of a search so many were confirmed: where it finds others meanwhile it is asked again.
    let confirmed = fields.text("confirmed") == "yes" && (whole.is_none() || fields.text("count") == picks.len().to_string());
    if (deed.is_stern() || whole.is_some()) && !confirmed {
        let search = whole.map(Search::fields);
        let page = ConfirmPage { frame: visit.frame(), hall: seat.hall(), deed, picks, search, back: back.to_owned() };
        return Ok(visit.page(StatusCode::OK, &page, &[]));
    }
    let (mut done, mut invitations, mut failures) = (0, Vec::new(), Vec::new());
    for pick in &picks {
        let (id, name) = pick.split_once('|').unwrap_or((pick, pick));
        match perform(&seat, deed, id).await {
            Ok(invitation) => {
                done += 1;
                invitations.extend(invitation);
            }
            Err(error) => {
                let (why, code, detail) = (failed_for(&error), error.code(), error.to_string());
                failures.push(Failure { name: name.to_owned(), why, code, detail });
            }
        }
    }
    if invitations.is_empty() && failures.is_empty() {
        return Ok(visit.see_other(&with(back, &[("done", deed.word()), ("count", &done.to_string())])));
    }
    let status = if done == 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = OutcomePage { frame: visit.frame(), hall: seat.hall(), deed, done, invitations, failures, back: back.to_owned() };
    Ok(visit.page(status, &page, &[]))
}

/// What the list of users was searched for (R-009, R-018: by group and in bulk).
struct Search {
    text: Option<String>,
    group: Option<String>,
    without_phone: bool,
}

impl Search {
    fn of(fields: &Fields) -> Self {
        let sought = |name| Some(fields.text(name).trim().to_owned()).filter(|value| !value.is_empty());
        Self { text: sought("search"), group: sought("group"), without_phone: sought("without_phone").is_some() }
    }

    /// Everybody whom it finds.
    async fn found(&self, seat: &Seat<'_>) -> Result<Vec<String>, Response> {
        let wrong = |what, why: String| seat.refused(&AdminError::Input { what, why });
        let group = self.group.as_deref().map(GroupName::parse).transpose();
        let group = group.map_err(|error| wrong("read the group", error.to_string()))?;
        let (search, without_phone) = (self.text.clone(), self.without_phone);
        let page = seat.ask(ListUsers { group, search, without_phone, after: None, limit: Some(MOST) }).await?;
        if page.next.is_some() {
            let why = format!("these are more than {} users; narrow the search, or use the API", MOST.0);
            return Err(wrong("do it to all", why));
        }
        Ok(page.items.into_iter().map(|user| user.user.to_string()).collect())
    }

    /// As a form brings it back.
    fn fields(self) -> Vec<(&'static str, String)> {
        let without_phone = if self.without_phone { "true" } else { "" };
        let (text, group) = (self.text.unwrap_or_default(), self.group.unwrap_or_default());
        vec![("search", text), ("group", group), ("without_phone", without_phone.to_owned())]
    }
}

/// Whose matter an error of an act is.
const fn failed_for(error: &AdminError) -> FailedFor {
    match error {
        AdminError::NotAdministrator(NotAdministrator::Membership(_) | NotAdministrator::Scope(_)) => FailedFor::Forbidden,
        AdminError::NotFound { .. }
        | AdminError::Account(AccountError::UnknownUser(_) | AccountError::UnknownGroup(_))
        | AdminError::Register(CertificateRegisterError::UnknownUser(_) | CertificateRegisterError::Unknown(_)) => {
            FailedFor::Gone
        }
        AdminError::State(_)
        | AdminError::Account(AccountError::Database(_))
        | AdminError::Register(CertificateRegisterError::Database(_)) => FailedFor::State,
        AdminError::Input { .. }
        | AdminError::Account(AccountError::UserExists(_) | AccountError::GroupExists(_) | AccountError::Field { .. })
        | AdminError::Register(
            CertificateRegisterError::Exists(_) | CertificateRegisterError::NoHolder | CertificateRegisterError::Dates,
        ) => FailedFor::Input,
    }
}

/// Does it to one.
async fn perform(seat: &Seat<'_>, deed: Deed, id: &str) -> Result<Option<InvitationRow>, AdminError> {
    let gone = |what| AdminError::NotFound { what, name: id.to_owned() };
    let user = || UserId::parse(id).map_err(|_unlike_a_name| gone("the user"));
    match deed {
        Deed::AssignPush => drop(seat.perform(AssignPush { user: user()? }).await?),
        Deed::UnassignPush => drop(seat.perform(UnassignPush { user: user()? }).await?),
        Deed::InvitePhone => {
            let made = seat.perform(InviteApprover { user: user()?, lifetime: None }).await?;
            return Ok(Some(InvitationRow { user: made.user, url: made.url, mailed: made.mailed }));
        }
        Deed::SuspendApprovals => drop(seat.perform(SuspendApprovals { user: user()? }).await?),
        Deed::ResumeApprovals => drop(seat.perform(ResumeApprovals { user: user()? }).await?),
        Deed::UnlockApprovals => drop(seat.perform(UnlockApprovals { user: user()? }).await?),
        Deed::UnregisterPhones => drop(seat.perform(UnregisterApprovers { user: user()? }).await?),
        Deed::SignOut => drop(seat.perform(SignOut { user: user()? }).await?),
        Deed::DisableUser => drop(seat.perform(DisableUser { user: user()? }).await?),
        Deed::EnableUser => drop(seat.perform(EnableUser { user: user()? }).await?),
        Deed::RemovePhone => {
            let (user, approver) = id.rsplit_once('/').ok_or_else(|| gone("the phone"))?;
            let user = UserId::parse(user).map_err(|_unlike_a_name| gone("the user"))?;
            drop(seat.perform(RemoveApprover { user, approver: approver.to_owned() }).await?);
        }
        Deed::RemoveTransactionPassword => {
            drop(seat.perform(ResetFactor { user: user()?, factor: Factor::TransactionPassword }).await?);
        }
        Deed::CancelTransaction => drop(seat.perform(CancelTransaction { transaction: id.to_owned() }).await?),
        Deed::CancelApproval => drop(seat.perform(CancelApproval { approval: id.to_owned() }).await?),
        Deed::EndSession => drop(seat.perform(RevokeSession { session: id.to_owned() }).await?),
        Deed::ForgetBrowser => drop(seat.perform(RevokeBrowser { browser: id.to_owned() }).await?),
        Deed::LiftLock => {
            let (network, user) = id.split_once(' ').unwrap_or((id, ""));
            let network = network.parse().map_err(|_no_address| gone("the lock"))?;
            let user = Some(user.to_owned()).filter(|user| !user.is_empty());
            drop(seat.perform(LiftLock { network, user }).await?);
        }
    }
    Ok(None)
}
