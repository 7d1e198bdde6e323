//! How users and groups stand to client certificates: who is selected, and whose certificates count.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::rollout::{ask_of_those_shut_out, has_shown};
use crate::admin::values::{Done, flag};
use crate::audit::Event;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::user::{GroupName, UserId, UserStanding};

/// Say whether client certificates are required of a user, accepted or refused
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetCertificates {
    /// The user's name.
    #[arg(value_parser = UserId::parse)]
    #[schema(value_type = String)]
    pub user: UserId,
    /// `required`, `accepted` or `refused`; `on` and `off` of before are `accepted` and `refused`.
    pub to: CertificateSetting,
    /// Only if the user has shown a certificate that is good to this day; else nothing is changed.
    #[arg(long)]
    #[serde(default, deserialize_with = "flag")]
    pub if_shown: bool,
    /// Also where it shuts the user out, who has shown no good certificate.
    #[arg(long)]
    #[serde(default, deserialize_with = "flag")]
    pub confirm: bool,
}

impl Act for SetCertificates {
    const NAME: &'static str = "user.set_certificates";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Put, "/users/{user}/certificates");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).user(self.user.as_str()).detail("to", self.to.word()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Account(self.user.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let core = warrant.core();
        let user = core.users().named(&self.user)?;
        let requires = self.to == CertificateSetting::Required;
        let has_shown = if requires || self.if_shown { has_shown(core, &self.user).await? } else { false };
        if self.if_shown && !has_shown {
            let why = format!("{} has shown no good certificate yet (`sekisho certificate rollout`)", self.user);
            return Err(AdminError::Input { what: "set how the user stands to certificates", why });
        }
        if !self.confirm {
            let becomes = |standing: &mut UserStanding| standing.certificates = self.to;
            ask_of_those_shut_out(warrant, &[user], becomes).await?;
        }
        core.set_certificates_of(&self.user, self.to).await?;
        let user = &self.user;
        Ok(match self.to {
            CertificateSetting::Required if has_shown => Done::saying("certificates-required", &[("user", user)]),
            CertificateSetting::Required => Done::saying("certificates-required-unseen", &[("user", user)]),
            CertificateSetting::Accepted => Done::saying("certificates-accepted", &[("user", user)]),
            CertificateSetting::Refused => Done::saying("certificates-refused", &[("user", user)]),
        })
    }
}

/// Say whether client certificates are required of every member of a group
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetGroupCertificates {
    /// The group's name.
    #[arg(value_parser = GroupName::parse)]
    #[schema(value_type = String)]
    pub group: GroupName,
    /// `required`: of every member, also of those who join later. `accepted`: as each member's own setting says.
    pub setting: GroupCertificates,
    /// Also where it shuts out members, who have shown no good certificate.
    #[arg(long)]
    #[serde(default, deserialize_with = "flag")]
    pub confirm: bool,
}

/// What a group says of the certificates of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum GroupCertificates {
    /// Every member is selected. One whose certificates are refused is shut out.
    Required,
    /// Each member's own setting holds.
    Accepted,
}

impl Act for SetGroupCertificates {
    const NAME: &'static str = "group.set_certificates";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Put, "/groups/{group}/certificates");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        let word = match self.setting {
            GroupCertificates::Required => "required",
            GroupCertificates::Accepted => "accepted",
        };
        Some(Event::new(Self::NAME).detail("group", self.group.as_str()).detail("to", word))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Members(self.group.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let required = self.setting == GroupCertificates::Required;
        if required && !self.confirm {
            let mut members = warrant.core().users().list();
            members.retain(|user| user.standing().is_in(&self.group));
            ask_of_those_shut_out(warrant, &members, |standing| standing.certificates_by_group = true).await?;
        }
        warrant.core().groups().require_certificates(&self.group, required).await?;
        let group = &self.group;
        Ok(if required {
            Done::saying("group-certificates-required", &[("group", group)])
        } else {
            Done::saying("group-certificates-own", &[("group", group)])
        })
    }
}
