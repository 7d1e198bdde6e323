//! Performs an action on the selected lines of a list: confirmed first if it is destructive, then performed on each line.
//! Each of these is an act of its own, judged and recorded as if it had been asked for alone.

pub mod bulk_action;
mod certificates;
pub mod pages;
pub mod target;

use std::collections::BTreeSet;

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::account::AccountError;
use crate::admin::approvals::CancelApproval;
use crate::admin::authority::WithdrawAuthority;
use crate::admin::browsers::{RevokeBrowser, RevokeBrowsers};
use crate::admin::certificates::{DisableCertificate, EnableCertificate, RemoveCertificate};
use crate::admin::crls::RefreshCrls;
use crate::admin::devices::{ApproveDevice, RejectDevice, RevokeDevice};
use crate::admin::directories::{SyncDirectory, TestDirectory};
use crate::admin::error::AdminError;
use crate::admin::groups::RemoveGroup;
use crate::admin::idp::{TestIdp, UnlinkIdentity};
use crate::admin::issuing::{RevokeCertificate, RevokeCertificates};
use crate::admin::locks::LiftLock;
use crate::admin::matrix::issue::{IssuePattern, ResetPattern};
use crate::admin::outbox::RemoveMessage;
use crate::admin::phones::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::{RemoveApprover, ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers};
use crate::admin::sessions::RevokeSession;
use crate::admin::tls::{ListTls, RenewTls, RotateAccount};
use crate::admin::tokens::RevokeToken;
use crate::admin::transactions::show::CancelTransaction;
use crate::admin::users::designation::{InviteBrowser, SetDeviceDesignation};
use crate::admin::users::directory::UnlinkDirectory;
use crate::admin::users::domain_account::UntieAccount;
use crate::admin::users::invitation::{Invite, RevokeLink};
use crate::admin::users::passkey::RemovePasskey;
use crate::admin::users::profile::{DisableUser, EnableUser, RemoveUser, SignOut};
use crate::admin::users::rights::{Factor, Reset, ResetFactor, Switch};
use crate::admin::users::views::ListUsers;
use crate::admin::values::Count;
use crate::browser::application::DecisionError;
use crate::certificate::register::CertificateRegisterError;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::pages::{ActionFailure, ConfirmPage, FailureReason, InvitationRow, OutcomePage};
use crate::portal::admin::action::target::{LockTarget, PhoneTarget, SelectedLine};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::meant::MeantWord;
use crate::portal::admin::notice::AdminChange;
use crate::portal::admin::{networks, patterns};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::paths;
use crate::principal::user::{GroupName, UserId};
use crate::session::NotAdministrator;

/// Users that one action may apply to: a page of [`ListUsers`].
const MOST: Count = Count(1000);

/// What a list, the page of a user and the confirmation send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal::admin) struct ActionForm {
    action: String,
    selected: Vec<SelectedLine>,
    /// The page to go back to.
    back: String,
    /// The word of the question, once the administrator confirmed it.
    confirmed: String,
    /// `all`: the action applies to all users that the search finds.
    scope: String,
    /// A few words to the user.
    reason: String,
    #[serde(flatten)]
    search: UserSearch,
}

/// What the list of users was searched for (R-009, R-018: by group and in bulk).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UserSearch {
    search: String,
    group: String,
    without_phone: String,
    /// Of the introduction of certificates: an app, who is selected, who has shown one.
    app: String,
    only: String,
    shown: String,
}

impl AdminFields for ActionForm {
    fn page(&self) -> &str {
        if paths::is_admin_page(&self.back) {
            return &self.back;
        }
        self.action.parse::<BulkAction>().map_or(paths::ADMIN, |action| action.area().path())
    }
}

/// POST /admin/action
pub(in crate::portal::admin) async fn act(AdminForm { admin, fields }: AdminForm<ActionForm>) -> Result<Response, Response> {
    let visit = &admin.visit;
    let action: BulkAction = fields.action.parse().map_err(|_unknown| visit.error(StatusCode::BAD_REQUEST, "unknown_action"))?;
    let back = fields.page().to_owned();
    let search = (fields.scope == "all" && action.area() == AdminArea::Users).then_some(fields.search);
    let selected = match &search {
        Some(search) => search.found(&admin, action).await?,
        None => fields.selected,
    };
    if selected.is_empty() {
        return Ok(visit.see_other(&AdminChange::NothingSelected.at(&back)));
    }
    // The administrator confirmed it of these: if the search finds others by now, or others have shown no good certificate, the page
    // asks again.
    let unseen = certificates::unseen(&admin, action, &selected).await?;
    let ids: BTreeSet<&str> = selected.iter().map(|line| line.id.as_str()).collect();
    let word = MeantWord::of(&(action.word(), ids, unseen.iter().collect::<BTreeSet<_>>()));
    if (action.is_destructive() || search.is_some()) && !word.is(&fields.confirmed) {
        let search = search.map(UserSearch::into_fields);
        let layout = AdminLayout::of(&admin, action.area());
        return Ok(visit.page(
            StatusCode::OK,
            &ConfirmPage { frame: visit.frame(), layout, action, word, selected, unseen, search, back },
            &[],
        ));
    }
    let began = visit.core.clock().now();
    let (mut done, mut invitations, mut failures) = (0, Vec::new(), Vec::new());
    let at_once = action == BulkAction::RevokeCertificate && selected.len() > 1;
    if at_once {
        match revoke_all(&admin, &selected).await {
            Ok(()) => done = selected.len(),
            Err(failure) => failures.push(failure),
        }
    }
    for line in selected.iter().filter(|_| !at_once) {
        match perform(&admin, action, &line.id, fields.reason.trim()).await {
            Ok(invitation) => {
                done += 1;
                invitations.extend(invitation);
            }
            Err(error) => {
                let (reason, detail) = (reason(&error), admin.reason(&error));
                failures.push(ActionFailure { name: line.called().to_owned(), reason, detail });
            }
        }
    }
    if invitations.is_empty() && failures.is_empty() && action == BulkAction::IssuePattern {
        // The notices are there to print: what was drawn by this.
        return Ok(visit.see_other(&patterns::notices_at(&selected, began, &back)));
    }
    if invitations.is_empty() && failures.is_empty() {
        let query = [("done", action.word()), ("count", &done.to_string())];
        return Ok(visit.see_other(&paths::with_query(&back, &query)));
    }
    let status = if done == 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let layout = AdminLayout::of(&admin, action.area());
    let page = OutcomePage { frame: visit.frame(), layout, action, done, invitations, failures, back };
    Ok(visit.page(status, &page, &[]))
}

impl UserSearch {
    /// Every user whom it finds.
    async fn found(&self, admin: &AdminSession, action: BulkAction) -> Result<Vec<SelectedLine>, Response> {
        let sought = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let group = sought(&self.group).map(|group| GroupName::parse(&group)).transpose();
        let group = group.map_err(|error| admin.unreadable("read the group", error.to_string()))?;
        let (search, without_phone) = (sought(&self.search), sought(&self.without_phone).is_some());
        let rollout = [&self.app, &self.only, &self.shown].map(|text| sought(text));
        if action == BulkAction::RequireShownCertificates || rollout.iter().any(Option::is_some) {
            return certificates::found(admin, action, (search, group), rollout).await;
        }
        let page = admin.required(ListUsers { group, search, without_phone, after: None, limit: Some(MOST) }).await?;
        if page.next.is_some() {
            let why = format!("these are more than {} users; narrow the search, or use the API", MOST.0);
            return Err(admin.unreadable("do it to all", why));
        }
        Ok(page.items.into_iter().map(|user| SelectedLine::new(user.user.as_str(), user.user.as_str())).collect())
    }

    /// The fields of a form that carries it.
    fn into_fields(self) -> Vec<(&'static str, String)> {
        vec![
            ("search", self.search),
            ("group", self.group),
            ("without_phone", self.without_phone),
            ("app", self.app),
            ("only", self.only),
            ("shown", self.shown),
        ]
    }
}

/// The kind of the reason that an act gave.
const fn reason(error: &AdminError) -> FailureReason {
    match error {
        AdminError::NotAdministrator(NotAdministrator::Membership(_) | NotAdministrator::Scope(_)) => FailureReason::Forbidden,
        AdminError::NotFound { .. }
        | AdminError::Decision(DecisionError::Unknown)
        | AdminError::Account(AccountError::UnknownUser(_) | AccountError::UnknownGroup(_))
        | AdminError::Register(CertificateRegisterError::UnknownUser(_) | CertificateRegisterError::Unknown(_)) => {
            FailureReason::Gone
        }
        AdminError::Decision(DecisionError::Decided(_)) => FailureReason::Decided,
        AdminError::State(_)
        | AdminError::Decision(DecisionError::Database(_))
        | AdminError::Account(AccountError::Database(_))
        | AdminError::Register(CertificateRegisterError::Database(_)) => FailureReason::State,
        AdminError::Input { .. }
        | AdminError::Import(_)
        | AdminError::Renewal(_)
        | AdminError::Decision(DecisionError::TooMany { .. })
        | AdminError::Account(
            AccountError::UserExists(_)
            | AccountError::GroupExists(_)
            | AccountError::Field { .. }
            | AccountError::Excluded { .. }
            | AccountError::TokenMade(_),
        )
        | AdminError::Register(
            CertificateRegisterError::Exists(_)
            | CertificateRegisterError::NoHolder
            | CertificateRegisterError::Dates
            | CertificateRegisterError::Beyond { .. }
            | CertificateRegisterError::IssuedHere(_)
            | CertificateRegisterError::NotIssuedHere(_)
            | CertificateRegisterError::KeyWithdrawn(_)
            | CertificateRegisterError::Revoked(_)
            | CertificateRegisterError::Repeated(_),
        )
        | AdminError::Unconfirmed(_)
        | AdminError::WithoutCertificate(_)
        | AdminError::Changed(_)
        | AdminError::Authority(_) => FailureReason::Input,
    }
}

/// Revokes all certificates that are selected, or none: the list of each authority is signed once.
async fn revoke_all(admin: &AdminSession, selected: &[SelectedLine]) -> Result<(), ActionFailure> {
    let act = RevokeCertificates { certificates: selected.iter().map(|line| line.id.clone()).collect() };
    let Err(error) = admin.perform(act).await else { return Ok(()) };
    let of = match &error {
        AdminError::Register(CertificateRegisterError::Unknown(one) | CertificateRegisterError::NotIssuedHere(one)) => {
            let id = one.text();
            selected.iter().find(|line| line.id == id)
        }
        _ => None,
    };
    let name = of.or(selected.first()).map(|line| line.called().to_owned()).unwrap_or_default();
    Err(ActionFailure { name, reason: reason(&error), detail: admin.reason(&error) })
}

/// Performs the action on one line.
async fn perform(admin: &AdminSession, action: BulkAction, id: &str, reason: &str) -> Result<Option<InvitationRow>, AdminError> {
    let gone = |what| AdminError::NotFound { what, name: id.to_owned() };
    let user = || UserId::parse(id).map_err(|_no_name| gone("the user"));
    match action {
        BulkAction::AssignPush => drop(admin.perform(AssignPush { user: user()? }).await?),
        BulkAction::UnassignPush => drop(admin.perform(UnassignPush { user: user()? }).await?),
        BulkAction::InvitePhone => {
            let made = admin.perform(InviteApprover { user: user()?, lifetime: None }).await?;
            return Ok(Some(InvitationRow { user: made.user, url: made.url, mailed: made.mailed }));
        }
        BulkAction::SuspendApprovals => drop(admin.perform(SuspendApprovals { user: user()? }).await?),
        BulkAction::ResumeApprovals => drop(admin.perform(ResumeApprovals { user: user()? }).await?),
        BulkAction::UnlockApprovals => drop(admin.perform(UnlockApprovals { user: user()? }).await?),
        BulkAction::UnregisterPhones => drop(admin.perform(UnregisterApprovers { user: user()? }).await?),
        BulkAction::SignOut => drop(admin.perform(SignOut { user: user()? }).await?),
        BulkAction::DisableUser => drop(admin.perform(DisableUser { user: user()? }).await?),
        BulkAction::EnableUser => drop(admin.perform(EnableUser { user: user()? }).await?),
        BulkAction::RemoveUser => drop(admin.perform(RemoveUser { user: user()? }).await?),
        BulkAction::InviteUser => {
            let made = admin.perform(Invite { user: user()?, lifetime: None }).await?;
            return Ok(Some(InvitationRow { user: made.user, url: made.url, mailed: made.mailed }));
        }
        BulkAction::ForgetBrowsers => drop(admin.perform(RevokeBrowsers { user: user()?, way: None }).await?),
        BulkAction::UntieAccount => drop(admin.perform(UntieAccount { user: user()? }).await?),
        BulkAction::RemoveNetworkList => drop(admin.perform(networks::ends(id).ok_or_else(|| gone("the list"))?).await?),
        BulkAction::RemoveGroup => {
            let group = GroupName::parse(id).map_err(|_no_name| gone("the group"))?;
            drop(admin.perform(RemoveGroup { group }).await?);
        }
        BulkAction::RemoveMessage => drop(admin.perform(RemoveMessage { message: id.to_owned() }).await?),
        BulkAction::RevokeToken => drop(admin.perform(RevokeToken { token: id.to_owned() }).await?),
        BulkAction::DesignateDevices => drop(admin.perform(SetDeviceDesignation { user: user()?, to: Switch::On }).await?),
        BulkAction::ReleaseDevices => drop(admin.perform(SetDeviceDesignation { user: user()?, to: Switch::Off }).await?),
        BulkAction::RequireCertificates
        | BulkAction::RequireShownCertificates
        | BulkAction::AllowCertificates
        | BulkAction::ForbidCertificates => {
            certificates::set(admin, action, user()?).await?;
        }
        BulkAction::RequireGroupCertificates | BulkAction::ReleaseGroupCertificates => {
            let group = GroupName::parse(id).map_err(|_no_name| gone("the group"))?;
            certificates::set_group(admin, action, group).await?;
        }
        BulkAction::InviteBrowser => {
            let made = admin.perform(InviteBrowser { user: user()?, lifetime: None }).await?;
            return Ok(Some(InvitationRow { user: made.user, url: made.url, mailed: made.mailed }));
        }
        BulkAction::ApproveDevice => drop(admin.perform(ApproveDevice { application: id.to_owned() }).await?),
        BulkAction::RejectDevice => {
            let reason = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
            drop(admin.perform(RejectDevice { application: id.to_owned(), reason }).await?);
        }
        BulkAction::RevokeDevice => drop(admin.perform(RevokeDevice { application: id.to_owned() }).await?),
        BulkAction::RemovePhone => {
            let PhoneTarget { user, approver } = PhoneTarget::parse(id).ok_or_else(|| gone("the phone"))?;
            drop(admin.perform(RemoveApprover { user, approver: approver.to_string() }).await?);
        }
        BulkAction::RemoveTransactionPassword => {
            drop(admin.perform(ResetFactor { user: user()?, factor: Factor::TransactionPassword }).await?);
        }
        BulkAction::ResetPasskeys => {
            let reset = admin.perform(ResetFactor { user: user()?, factor: Factor::Passkeys }).await?;
            let Reset::Link(made) = reset else { return Ok(None) };
            return Ok(Some(InvitationRow { user: made.user, url: made.url, mailed: made.mailed }));
        }
        BulkAction::RemovePasskey => {
            let (user, passkey) = id.rsplit_once('/').ok_or_else(|| gone("the passkey"))?;
            let user = UserId::parse(user).map_err(|_no_name| gone("the user"))?;
            drop(admin.perform(RemovePasskey { user, passkey: passkey.to_owned() }).await?);
        }
        BulkAction::RevokeLink => {
            let (user, link) = id.rsplit_once('/').ok_or_else(|| gone("the link"))?;
            let user = UserId::parse(user).map_err(|_no_name| gone("the user"))?;
            drop(admin.perform(RevokeLink { user, link: link.to_owned() }).await?);
        }
        BulkAction::IssuePattern => drop(admin.perform(IssuePattern { user: user()? }).await?),
        BulkAction::ResetPattern => drop(admin.perform(ResetPattern { user: user()? }).await?),
        BulkAction::UnlinkIdentity => {
            let (user, identity) = id.rsplit_once('/').ok_or_else(|| gone("the link"))?;
            let user = UserId::parse(user).map_err(|_no_name| gone("the user"))?;
            drop(admin.perform(UnlinkIdentity { user, identity: identity.to_owned() }).await?);
        }
        BulkAction::UnlinkDirectory => drop(admin.perform(UnlinkDirectory { user: user()? }).await?),
        // What is wrong is shown by the page that it leads back to.
        BulkAction::TestProvider => drop(admin.perform(TestIdp { provider: id.to_owned() }).await?),
        BulkAction::TestDirectory => drop(admin.perform(TestDirectory { directory: id.to_owned() }).await?),
        BulkAction::SyncDirectory => drop(admin.perform(SyncDirectory { directory: id.to_owned() }).await?),
        BulkAction::RenewCertificate => drop(admin.perform(RenewTls { name: id.to_owned() }).await?),
        BulkAction::ReplaceAccountKey => {
            let known = admin.perform(ListTls {}).await?.items.into_iter().find(|certificate| certificate.name == id);
            let authority = known.filter(|certificate| certificate.is_issued).and_then(|certificate| certificate.from);
            drop(admin.perform(RotateAccount { authority: authority.ok_or_else(|| gone("the authority"))? }).await?);
        }
        BulkAction::RefreshCrls => drop(admin.perform(RefreshCrls {}).await?),
        BulkAction::CancelTransaction => drop(admin.perform(CancelTransaction { transaction: id.to_owned() }).await?),
        BulkAction::CancelApproval => drop(admin.perform(CancelApproval { approval: id.to_owned() }).await?),
        BulkAction::EndSession => drop(admin.perform(RevokeSession { session: id.to_owned() }).await?),
        BulkAction::ForgetBrowser => drop(admin.perform(RevokeBrowser { browser: id.to_owned() }).await?),
        BulkAction::EnableCertificate => drop(admin.perform(EnableCertificate { certificate: id.to_owned() }).await?),
        BulkAction::DisableCertificate => drop(admin.perform(DisableCertificate { certificate: id.to_owned() }).await?),
        BulkAction::RevokeCertificate => drop(admin.perform(RevokeCertificate { certificate: id.to_owned() }).await?),
        BulkAction::RemoveCertificate => drop(admin.perform(RemoveCertificate { certificate: id.to_owned() }).await?),
        BulkAction::WithdrawAuthority => drop(admin.perform(WithdrawAuthority { authority: id.to_owned() }).await?),
        BulkAction::LiftLock => {
            let LockTarget { network, user } = LockTarget::parse(id).ok_or_else(|| gone("the lock"))?;
            drop(admin.perform(LiftLock { network, user }).await?);
        }
    }
    Ok(None)
}
