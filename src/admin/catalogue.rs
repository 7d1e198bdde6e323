//! The list of every act: the command line, `/api/v1` and its OpenAPI document are made from it.

use crate::admin::act::Act;
use crate::admin::approvals::{CancelApproval, ListApprovals};
use crate::admin::audit::{ListKeys, QueryAudit};
use crate::admin::browsers::{ListBrowsers, RevokeBrowser, RevokeBrowsers};
use crate::admin::certificates::register::{
    DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
};
use crate::admin::certificates::sightings::ListSightings;
use crate::admin::explain::Explain;
use crate::admin::groups::{AddGroup, ListGroups, ListMembers, RemoveGroup};
use crate::admin::locks::{LiftLock, ListLocks};
use crate::admin::login_protect::{DisableLoginProtect, DrawService, RestoreLoginProtect, ShowLoginProtect};
use crate::admin::outbox::{ListMessages, RemoveMessage, ShowMessage};
use crate::admin::phones::assignment::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::life_cycle::{
    ListApprovers, RemoveApprover, ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers,
};
use crate::admin::phones::many::PushMany;
use crate::admin::sessions::{ListSessions, RevokeSession};
use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::admin::tokens::{IssueToken, ListTokens, RevokeToken};
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::show::{CancelTransaction, ShowTransaction};
use crate::admin::users::factors::ResetFactor;
use crate::admin::users::invitation::{Invite, ListLinks, RevokeLink};
use crate::admin::users::profile::{AddUser, ChangeUser, DisableUser, EnableUser, RemoveUser, SignOut};
use crate::admin::users::rights::{SetCertificates, SetGroups, SetMethods, SetNetworks};
use crate::admin::users::views::{ListUsers, ShowUser};

/// Something that is done with each kind of act.
pub trait Visitor {
    /// Does it with this one.
    fn visit<A: Act>(&mut self);
}

/// Every act there is, in the order of help and documentation.
pub fn every(visitor: &mut impl Visitor) {
    visitor.visit::<AddUser>();
    visitor.visit::<ListUsers>();
    visitor.visit::<ShowUser>();
    visitor.visit::<ChangeUser>();
    visitor.visit::<EnableUser>();
    visitor.visit::<DisableUser>();
    visitor.visit::<RemoveUser>();
    visitor.visit::<SetGroups>();
    visitor.visit::<SetNetworks>();
    visitor.visit::<SetMethods>();
    visitor.visit::<SetCertificates>();
    visitor.visit::<Invite>();
    visitor.visit::<ResetFactor>();
    visitor.visit::<ListLinks>();
    visitor.visit::<RevokeLink>();
    visitor.visit::<SignOut>();
    visitor.visit::<AddGroup>();
    visitor.visit::<ListGroups>();
    visitor.visit::<ListMembers>();
    visitor.visit::<RemoveGroup>();
    visitor.visit::<ListSessions>();
    visitor.visit::<RevokeSession>();
    visitor.visit::<ListBrowsers>();
    visitor.visit::<RevokeBrowser>();
    visitor.visit::<RevokeBrowsers>();
    visitor.visit::<RegisterCertificate>();
    visitor.visit::<ListCertificates>();
    visitor.visit::<EnableCertificate>();
    visitor.visit::<DisableCertificate>();
    visitor.visit::<EditCertificate>();
    visitor.visit::<RemoveCertificate>();
    visitor.visit::<ListSightings>();
    visitor.visit::<IssueToken>();
    visitor.visit::<ListTokens>();
    visitor.visit::<RevokeToken>();
    visitor.visit::<QueryAudit>();
    visitor.visit::<ListKeys>();
    visitor.visit::<ListSettings>();
    visitor.visit::<SetSetting>();
    visitor.visit::<ClearSetting>();
    visitor.visit::<ListLocks>();
    visitor.visit::<LiftLock>();
    visitor.visit::<ListMessages>();
    visitor.visit::<ShowMessage>();
    visitor.visit::<RemoveMessage>();
    visitor.visit::<AssignPush>();
    visitor.visit::<UnassignPush>();
    visitor.visit::<InviteApprover>();
    visitor.visit::<PushMany>();
    visitor.visit::<ListApprovers>();
    visitor.visit::<RemoveApprover>();
    visitor.visit::<UnregisterApprovers>();
    visitor.visit::<SuspendApprovals>();
    visitor.visit::<ResumeApprovals>();
    visitor.visit::<UnlockApprovals>();
    visitor.visit::<ListApprovals>();
    visitor.visit::<CancelApproval>();
    visitor.visit::<ListTransactions>();
    visitor.visit::<ShowTransaction>();
    visitor.visit::<CancelTransaction>();
    visitor.visit::<ExportTransactions>();
    visitor.visit::<ShowLoginProtect>();
    visitor.visit::<DisableLoginProtect>();
    visitor.visit::<RestoreLoginProtect>();
    visitor.visit::<DrawService>();
    visitor.visit::<Explain>();
}

#[cfg(test)]
mod tests;
