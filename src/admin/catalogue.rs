//! The list of every act: the command line, `/api/v1` and its OpenAPI document are made from it.

use crate::admin::act::Act;
use crate::admin::approvals::{CancelApproval, ListApprovals};
use crate::admin::audit::{ListKeys, QueryAudit};
use crate::admin::authority::{CreateAuthority, ImportAuthority, ListAuthorities, RenewAuthority, WithdrawAuthority};
use crate::admin::browsers::{ListBrowsers, RevokeBrowser, RevokeBrowsers};
use crate::admin::certificate_results::{ListCertificateResults, ListSightings};
use crate::admin::certificate_test::TestCertificate;
use crate::admin::certificates::{
    DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
};
use crate::admin::crls::{ListCrls, RefreshCrls};
use crate::admin::devices::{ApproveDevice, ListDevices, RejectDevice, RevokeDevice};
use crate::admin::directories::{ListDirectories, SyncDirectory, TestDirectory};
use crate::admin::explain::Explain;
use crate::admin::groups::{AddGroup, ListGroups, ListMembers, RemoveGroup};
use crate::admin::idp::{IdpMetadata, LinkIdentity, ListIdentities, ListIdps, TestIdp, UnlinkIdentity};
use crate::admin::import::ImportCertificates;
use crate::admin::issuing::{DownloadCertificate, IssueCertificate, RevokeCertificate, RevokeCertificates, SignRequest};
use crate::admin::locks::{LiftLock, ListLocks};
use crate::admin::login_protect::{DisableLoginProtect, DrawService, RestoreLoginProtect, ShowLoginProtect};
use crate::admin::matrix::issue::{IssuePattern, ResetPattern, ShowPatternNotice};
use crate::admin::matrix::list::ListPatterns;
use crate::admin::matrix::many::IssueMany;
use crate::admin::matrix::test::TestPattern;
use crate::admin::networks::{ListNetworkLists, SetNetworkList};
use crate::admin::outbox::{ListMessages, RemoveMessage, ShowMessage};
use crate::admin::phones::many::PushMany;
use crate::admin::phones::{AssignPush, InviteApprover, UnassignPush};
use crate::admin::phones::{
    ListApprovers, RemoveApprover, ResumeApprovals, SuspendApprovals, UnlockApprovals, UnregisterApprovers,
};
use crate::admin::rollout::CertificateRollout;
use crate::admin::sessions::{ListSessions, RevokeSession};
use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::admin::tls::{ListTls, RenewTls, RotateAccount};
use crate::admin::tokens::{IssueToken, ListTokens, RevokeToken};
use crate::admin::transactions::list::{ExportTransactions, ListTransactions};
use crate::admin::transactions::show::{CancelTransaction, ShowTransaction};
use crate::admin::users::certificates::{SetCertificates, SetGroupCertificates};
use crate::admin::users::designation::{InviteBrowser, SetDeviceDesignation};
use crate::admin::users::directory::UnlinkDirectory;
use crate::admin::users::domain_account::UntieAccount;
use crate::admin::users::invitation::{Invite, ListLinks, RevokeLink};
use crate::admin::users::passkey::RemovePasskey;
use crate::admin::users::profile::{AddUser, ChangeUser, DisableUser, EnableUser, RemoveUser, SignOut};
use crate::admin::users::rights::ResetFactor;
use crate::admin::users::rights::{SetGroups, SetMethods, SetNetworks};
use crate::admin::users::views::{ListUsers, ShowUser};

/// Something that is done with each kind of act.
pub trait ActVisitor {
    /// Does it with this one.
    fn visit<A: Act>(&mut self);
}

/// Every act there is, in the order of help and documentation.
pub fn every(visitor: &mut impl ActVisitor) {
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
    visitor.visit::<SetDeviceDesignation>();
    visitor.visit::<Invite>();
    visitor.visit::<ResetFactor>();
    visitor.visit::<RemovePasskey>();
    visitor.visit::<IssuePattern>();
    visitor.visit::<ShowPatternNotice>();
    visitor.visit::<ResetPattern>();
    visitor.visit::<IssueMany>();
    visitor.visit::<ListPatterns>();
    visitor.visit::<TestPattern>();
    visitor.visit::<UnlinkDirectory>();
    visitor.visit::<UntieAccount>();
    visitor.visit::<ListLinks>();
    visitor.visit::<RevokeLink>();
    visitor.visit::<SignOut>();
    visitor.visit::<ListIdentities>();
    visitor.visit::<LinkIdentity>();
    visitor.visit::<UnlinkIdentity>();
    visitor.visit::<ListIdps>();
    visitor.visit::<TestIdp>();
    visitor.visit::<IdpMetadata>();
    visitor.visit::<AddGroup>();
    visitor.visit::<ListGroups>();
    visitor.visit::<ListMembers>();
    visitor.visit::<RemoveGroup>();
    visitor.visit::<SetNetworkList>();
    visitor.visit::<ListNetworkLists>();
    visitor.visit::<SetGroupCertificates>();
    visitor.visit::<ListSessions>();
    visitor.visit::<RevokeSession>();
    visitor.visit::<ListBrowsers>();
    visitor.visit::<RevokeBrowser>();
    visitor.visit::<RevokeBrowsers>();
    visitor.visit::<InviteBrowser>();
    visitor.visit::<ListDevices>();
    visitor.visit::<ApproveDevice>();
    visitor.visit::<RejectDevice>();
    visitor.visit::<RevokeDevice>();
    visitor.visit::<RegisterCertificate>();
    visitor.visit::<ImportCertificates>();
    visitor.visit::<ListCertificates>();
    visitor.visit::<EnableCertificate>();
    visitor.visit::<DisableCertificate>();
    visitor.visit::<EditCertificate>();
    visitor.visit::<RemoveCertificate>();
    visitor.visit::<ListSightings>();
    visitor.visit::<ListCertificateResults>();
    visitor.visit::<TestCertificate>();
    visitor.visit::<CertificateRollout>();
    visitor.visit::<IssueCertificate>();
    visitor.visit::<SignRequest>();
    visitor.visit::<DownloadCertificate>();
    visitor.visit::<RevokeCertificate>();
    visitor.visit::<RevokeCertificates>();
    visitor.visit::<CreateAuthority>();
    visitor.visit::<RenewAuthority>();
    visitor.visit::<ImportAuthority>();
    visitor.visit::<WithdrawAuthority>();
    visitor.visit::<ListAuthorities>();
    visitor.visit::<ListCrls>();
    visitor.visit::<RefreshCrls>();
    visitor.visit::<IssueToken>();
    visitor.visit::<ListTokens>();
    visitor.visit::<RevokeToken>();
    visitor.visit::<QueryAudit>();
    visitor.visit::<ListKeys>();
    visitor.visit::<ListDirectories>();
    visitor.visit::<TestDirectory>();
    visitor.visit::<SyncDirectory>();
    visitor.visit::<ListTls>();
    visitor.visit::<RenewTls>();
    visitor.visit::<RotateAccount>();
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
