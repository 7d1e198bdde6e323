//! How far the introduction of client certificates is, and who would be shut out: users who must show one, or are to, and of
//! whom no good one was seen. A running deployment issues and distributes first, looks here, and selects
//! then.

mod good;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use self::good::Goods;
use crate::account::tokens::Scope;
use crate::account::user::User;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::certificate_results::certificate_refusals;
use crate::admin::error::AdminError;
use crate::admin::shut_out::WithoutCertificate;
use crate::admin::values::{Count, Page, displayed, rfc3339_if_any};
use crate::audit::Event;
use crate::certificate::result::{CertificateOutcome, CertificateResultQuery};
use crate::chain::policy::Mode;
use crate::chain::policy::applies_to::AppliesTo;
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::certificate_setting::CertificateSetting;
use crate::principal::user::{GroupName, UserId, UserStanding};

/// Show how far the introduction of client certificates is, and who would be shut out
#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateRollout {
    /// Of this app; else of all that demand a certificate of selected users, or only observe.
    #[arg(long, value_name = "APP")]
    pub app: Option<String>,
    /// Only those of whom a certificate is demanded there, or only the others.
    #[arg(long, value_name = "WHO")]
    pub only: Option<RolloutSide>,
    /// Only those who have shown a good certificate, or only those who have not.
    #[arg(long, value_name = "WHAT")]
    pub shown: Option<ShownCertificate>,
    /// Only members of this group.
    #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupName>,
    /// Only those whose name or called name holds this.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "USER")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

/// Which users.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum RolloutSide {
    /// Of whom a certificate is demanded: by their own setting, by a group, or as of everyone.
    Selected,
    /// The others.
    NotSelected,
}

/// What was seen of a user.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ValueEnum, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum ShownCertificate {
    /// A certificate that is good to this day.
    Good,
    /// None.
    Missing,
}

/// How far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutView {
    /// The apps that are looked at.
    pub apps: Vec<RolloutApp>,
    /// How many users are where; whatever is searched for.
    pub counts: RolloutCounts,
    /// The users that are searched for, by name.
    pub items: Vec<RolloutUser>,
    /// Where the next page begins, for `after`; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An app that demands a certificate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RolloutApp {
    /// Its name.
    pub app: String,
    /// `require` or `observe`: the strictest of its demands.
    pub mode: &'static str,
    /// Whether it demands one of everyone; else of selected users.
    pub of_everyone: bool,
}

/// How many users: enabled ones whom one of the apps admits where it demands certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RolloutCounts {
    /// All.
    pub users: usize,
    /// For whom a certificate of the register counts today: their own, their group's, or anybody's.
    pub holding: usize,
    /// Who have shown one that is good to this day.
    pub shown: usize,
    /// Of whom one is demanded.
    pub selected: usize,
    /// Of these, who have shown a good one.
    pub passed: usize,
    /// Of these, who have shown none: shut out, or about to be.
    pub shut_out: usize,
    /// Who are not selected and have shown a good one: they can be.
    pub ready: usize,
}

/// A user on the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct RolloutUser {
    /// The name.
    #[serde(serialize_with = "displayed")]
    #[schema(value_type = String)]
    pub user: UserId,
    /// The name that people use.
    pub display_name: Option<String>,
    /// How the user stands to certificates.
    pub certificates: CertificateSetting,
    /// Whether a group selects the user.
    pub certificates_required_by_group: bool,
    /// Whether one is demanded of the user.
    pub selected: bool,
    /// Whether a certificate of the register counts for the user today.
    pub holding: bool,
    /// When a good certificate was seen last; absent if none was that is good to this day and passes at every app that is looked at
    /// and admits the user.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub shown_at: Option<Timestamp>,
    /// Why check 2 did not pass the last time, where that was later: a problem code.
    #[serde(serialize_with = "code_if_any")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Refusal>,
}

fn code_if_any<S: Serializer>(reason: &Option<Refusal>, serializer: S) -> Result<S::Ok, S::Error> {
    reason.map(Refusal::code).serialize(serializer)
}

impl Act for CertificateRollout {
    const NAME: &'static str = "certificate.rollout";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/certificate-rollout");
    type Output = RolloutView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<RolloutView, AdminError> {
        let core = warrant.core();
        let apps = apps(core, self.app.as_deref())?;
        let goods = Goods::of(core, &apps).await?;
        let needle = self.search.as_deref().unwrap_or_default().to_lowercase();
        let mut counts = RolloutCounts::default();
        let mut found = Vec::new();
        for user in core.users().list() {
            let standing = user.standing();
            if !standing.enabled || !goods.concerns(&standing) {
                continue;
            }
            let selected = goods.selects(&standing);
            let (holding, shown_at) = (goods.holds(&standing), goods.shown_at(&standing));
            let count = |is: bool| usize::from(is);
            counts.users += 1;
            counts.holding += count(holding);
            counts.shown += count(shown_at.is_some());
            counts.selected += count(selected);
            counts.passed += count(selected && shown_at.is_some());
            counts.shut_out += count(selected && shown_at.is_none());
            counts.ready += count(!selected && shown_at.is_some());
            let profile = user.profile();
            let mut texts = [Some(user.id().as_str()), profile.display_name.as_deref()].into_iter().flatten();
            let is_sought = self.only.is_none_or(|side| (side == RolloutSide::Selected) == selected)
                && self.shown.is_none_or(|shown| (shown == ShownCertificate::Good) == shown_at.is_some())
                && self.group.as_ref().is_none_or(|group| standing.is_in(group))
                && texts.any(|text| text.to_lowercase().contains(&needle));
            if is_sought {
                found.push((Arc::clone(&user), selected, holding, shown_at));
            }
        }
        let page = Page::of(found, self.after.as_deref(), self.limit, |(user, ..)| user.id().to_string());
        let mut items = Vec::new();
        for (user, selected, holding, shown_at) in page.items {
            items.push(line(core, &user, self.app.as_deref(), (selected, holding, shown_at)).await?);
        }
        Ok(RolloutView { apps, counts, items, next: page.next })
    }
}

async fn line(
    core: &Core,
    user: &User,
    app: Option<&str>,
    (selected, holding, shown_at): (bool, bool, Option<Timestamp>),
) -> Result<RolloutUser, AdminError> {
    let (user_id, app) = (Some(user.id().clone()), app.map(str::to_owned));
    let query = CertificateResultQuery { user: user_id, app, limit: 1, ..CertificateResultQuery::default() };
    let latest = core.certificates().results().list(&query).await?.pop().map(|(result, _)| result);
    let failed = latest.filter(|latest| latest.outcome != CertificateOutcome::Passed);
    let reason = failed.and_then(|failed| certificate_refusals().find(|refusal| refusal.code() == failed.reason));
    let standing = user.standing();
    Ok(RolloutUser {
        user: user.id().clone(),
        display_name: user.profile().display_name.clone(),
        certificates: standing.certificates,
        certificates_required_by_group: standing.certificates_by_group,
        selected,
        holding,
        shown_at,
        reason,
    })
}

/// Whether a user has shown a certificate that is good to this day, at every app that demands one of selected users or observes.
pub(in crate::admin) async fn has_shown(core: &Core, user: &UserId) -> Result<bool, AdminError> {
    let goods = Goods::of_users(core, &apps(core, None)?, &[user]).await?;
    Ok(goods.shown_at(&core.users().named(user)?.standing()).is_some())
}

/// Asks for a confirmation where a change of how these users stand to certificates shuts any of them out, by an app that demands
/// one and admits them, although they have shown none that is good; whom it shut out before is not asked of.
pub(in crate::admin) async fn ask_of_those_shut_out(
    warrant: &Warrant<'_>,
    users: &[Arc<User>],
    becomes: impl Fn(&mut UserStanding),
) -> Result<(), AdminError> {
    let core = warrant.core();
    let ids: Vec<&UserId> = users.iter().map(|user| user.id()).collect();
    let goods = Goods::of_users(core, &demanding(core), &ids).await?;
    let mut shut_out = Vec::new();
    for user in users {
        let before = user.standing();
        let mut after = UserStanding::clone(&before);
        becomes(&mut after);
        if before.enabled && goods.comes_to_shut_out(&before, &after) {
            shut_out.push(user.id().clone());
        }
    }
    if shut_out.is_empty() {
        return Ok(());
    }
    let author = shut_out.iter().any(|user| user.as_str() == warrant.actor());
    Err(AdminError::WithoutCertificate(WithoutCertificate { author, users: shut_out }))
}

/// The app of this name, or every app where certificates are being introduced.
fn apps(core: &Core, named: Option<&str>) -> Result<Vec<RolloutApp>, AdminError> {
    let demanding = demanding(core);
    match named {
        None => {
            let is_on_the_way = |app: &RolloutApp| !app.of_everyone || app.mode == Mode::Observe.word();
            Ok(demanding.into_iter().filter(is_on_the_way).collect())
        }
        Some(named) => {
            let known = demanding.iter().map(|app| app.app.as_str()).collect::<Vec<_>>().join(", ");
            let app = demanding.iter().find(|app| app.app == named).cloned();
            app.map(|app| vec![app]).ok_or_else(|| AdminError::Input {
                what: "find the app",
                why: match known.as_str() {
                    "" => "no app demands a client certificate; write `client_certificate` among the demands of one".to_owned(),
                    known => format!("{named:?} demands no client certificate; these do: {known}"),
                },
            })
        }
    }
}

/// Every app that demands certificates.
fn demanding(core: &Core) -> Vec<RolloutApp> {
    let policies = core.policies();
    policies
        .apps()
        .filter_map(|(name, policy)| {
            // Beside what selected users meet, what machines do is no matter here.
            let (of_selected, of_everyone): (Vec<_>, Vec<_>) =
                policy.certificate_demands().partition(|demand| demand.applies_to == AppliesTo::SelectedUsers);
            let demands = if of_selected.is_empty() { &of_everyone } else { &of_selected };
            let mode = demands.iter().map(|demand| demand.mode).max()?;
            let of_everyone = of_selected.is_empty();
            Some(RolloutApp { app: name.to_owned(), mode: mode.word(), of_everyone })
        })
        .collect()
}
