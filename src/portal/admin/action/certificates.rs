//! The actions that say how users and groups stand to client certificates.

use axum::response::Response;

use crate::admin::error::AdminError;
use crate::admin::rollout::{CertificateRollout, ShownCertificate};
use crate::admin::users::certificates::{GroupCertificates, SetCertificates, SetGroupCertificates};
use crate::admin::values::Count;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::kit::admin_session::AdminSession;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::user::{GroupName, UserId};

pub(super) async fn set(admin: &AdminSession, action: BulkAction, user: UserId) -> Result<(), AdminError> {
    let to = match action {
        BulkAction::RequireCertificates | BulkAction::RequireShownCertificates => CertificateSetting::Required,
        BulkAction::ForbidCertificates => CertificateSetting::Refused,
        _ => CertificateSetting::Accepted,
    };
    // The page has asked, and named who has shown none.
    let act = SetCertificates { user, to, if_shown: action == BulkAction::RequireShownCertificates, confirm: true };
    admin.perform(act).await.map(drop)
}

pub(super) async fn set_group(admin: &AdminSession, action: BulkAction, group: GroupName) -> Result<(), AdminError> {
    let setting = match action {
        BulkAction::RequireGroupCertificates => GroupCertificates::Required,
        _ => GroupCertificates::Accepted,
    };
    admin.perform(SetGroupCertificates { group, setting, confirm: true }).await.map(drop)
}

/// Users that one action may apply to.
const MOST: Count = Count(1000);

/// Of whom certificates are to be required although no good one was seen: who would be shut out by it.
pub(super) async fn unseen(admin: &AdminSession, action: BulkAction, selected: &[SelectedLine]) -> Result<Vec<String>, Response> {
    let mut unseen = Vec::new();
    match action {
        BulkAction::RequireCertificates => {
            let missing = missing(admin, None).await?;
            unseen.extend(selected.iter().filter(|line| missing.contains(&line.id)).map(|line| line.called().to_owned()));
        }
        BulkAction::RequireGroupCertificates => {
            for line in selected {
                let Ok(group) = GroupName::parse(&line.id) else { continue };
                unseen.extend(missing(admin, Some(group)).await?);
            }
            unseen.sort_unstable();
            unseen.dedup();
        }
        _ => {}
    }
    Ok(unseen)
}

/// Enabled users who have shown no good certificate, of all or of a group.
async fn missing(admin: &AdminSession, group: Option<GroupName>) -> Result<Vec<String>, Response> {
    let mut missing = Vec::new();
    let mut after = None;
    loop {
        let act = CertificateRollout {
            shown: Some(ShownCertificate::Missing),
            group: group.clone(),
            after,
            limit: Some(MOST),
            ..CertificateRollout::default()
        };
        let page = admin.required(act).await?;
        missing.extend(page.items.into_iter().map(|user| user.user.to_string()));
        after = page.next;
        if after.is_none() {
            return Ok(missing);
        }
    }
}

/// Every user whom the search of the page finds; for [`BulkAction::RequireShownCertificates`] those who have shown one.
pub(super) async fn found(
    admin: &AdminSession,
    action: BulkAction,
    (search, group): (Option<String>, Option<GroupName>),
    [app, only, shown]: [Option<String>; 3],
) -> Result<Vec<SelectedLine>, Response> {
    let shown = match shown {
        _ if action == BulkAction::RequireShownCertificates => Some(ShownCertificate::Good),
        Some(word) => Some(word.parse().map_err(|_unknown| admin.unreadable("read `shown`", "it is none"))?),
        None => None,
    };
    let only = match only {
        Some(word) => Some(word.parse().map_err(|_unknown| admin.unreadable("read `only`", "it is none"))?),
        None => None,
    };
    let act = CertificateRollout { app, only, shown, group, search, after: None, limit: Some(MOST) };
    let page = admin.required(act).await?;
    if page.next.is_some() {
        let why = format!("these are more than {} users; narrow the search, or use the API", MOST.0);
        return Err(admin.unreadable("do it to all", why));
    }
    Ok(page.items.into_iter().map(|user| SelectedLine::new(user.user.as_str(), user.user.as_str())).collect())
}
