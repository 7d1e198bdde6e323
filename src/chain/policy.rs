//! What is demanded: for each check a mode and what it accepts; for groups and users, more of the same.
//! A policy is compiled once at load. Where several demands apply to a user all of them must be met, so the strictest
//! wins by construction, and which line of the config says so stays with each demand.

pub mod ambiguous;
pub mod applies_to;
pub mod everywhere;
mod pattern;
mod places;
mod preflight;
pub mod rules;
pub mod selection;
pub mod transaction;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use self::applies_to::AppliesTo;
use self::rules::AppPolicy;
use crate::principal::certificate::TrustSet;
use crate::principal::method::{Method, Methods};
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::number_style::NumberStyle;
use crate::principal::service::Service;
use crate::principal::user::{GroupName, UserId, UserStanding};

/// How much a check counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Not at all.
    #[default]
    Off,
    /// Evaluate, record who would fail, let pass.
    Observe,
    /// Try it, go on without it (desktop_sso only).
    Offer,
    /// Nothing passes without it.
    Require,
}

impl Mode {
    /// The word used in the config and in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Observe => "observe",
            Self::Offer => "offer",
            Self::Require => "require",
        }
    }
}

/// The line of the config that a demand was read from, 1-based; 0 where a default speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceLine(pub u32);

/// Check 1.
#[derive(Clone, Debug, Default)]
pub struct IpRestriction {
    /// How much it counts.
    pub mode: Mode,
    /// If not empty, the peer must be inside one of these.
    pub allow: Box<[IpNet]>,
    /// The peer must be inside none of these.
    pub deny: Box<[IpNet]>,
    /// Where the config says so.
    pub source: SourceLine,
}

/// Check 2.
#[derive(Clone, Debug, Default)]
pub struct ClientCertificate {
    /// How much it counts.
    pub mode: Mode,
    /// Whom it concerns.
    pub applies_to: AppliesTo,
    /// The bundles that count here.
    pub trust: TrustSet,
    /// Where the config says so.
    pub source: SourceLine,
}

/// Check 3.
#[derive(Clone, Debug, Default)]
pub struct DesktopSso {
    /// How much it counts.
    pub mode: Mode,
    /// Whether a ticket stands for the primary factor too.
    pub is_primary: bool,
    /// Where the config says so.
    pub source: SourceLine,
}

/// Check 4.
#[derive(Clone, Debug, Default)]
pub struct PrimaryFactor {
    /// How much it counts.
    pub mode: Mode,
    /// The methods accepted.
    pub methods: Methods,
    /// The one that is offered first.
    pub first: Option<Method>,
    /// If not empty (here or in `users`), only members of one of these may pass.
    pub groups: Box<[GroupName]>,
    /// If not empty (here or in `groups`), only these users may pass.
    pub users: Box<[UserId]>,
    /// How old it may be.
    pub max_age: Option<Duration>,
    /// The login-protect service whose window must be open before a password is evaluated.
    pub login_protect: Option<Service>,
    /// Where the config says so.
    pub source: SourceLine,
}

/// Check 5.
#[derive(Clone, Debug, Default)]
pub struct Cookie {
    /// How much it counts.
    pub mode: Mode,
    /// The ways of registration accepted: a set of `Method::BrowserBy…`.
    pub ways: Methods,
    /// Whether the browser must keep a key to which the registration is bound.
    pub bound: bool,
    /// Where the config says so.
    pub source: SourceLine,
}

/// Check 6.
#[derive(Clone, Debug, Default)]
pub struct Otp {
    /// How much it counts.
    pub mode: Mode,
    /// The methods accepted.
    pub methods: Methods,
    /// The same in the order of the config, in which they are offered; empty where nothing names an order.
    pub order: Box<[Method]>,
    /// How old it may be.
    pub max_age: Option<Duration>,
    /// Whether a registered browser stands for it: off unless the policy says so.
    pub skip_with_cookie: bool,
    /// The time that a user without a second factor has to register one; [`Method::Grace`] is among `methods` then.
    pub grace: Option<Grace>,
    /// Where the config says so.
    pub source: SourceLine,
}

impl Otp {
    /// Whether the config names `one` and names it before `other`, or does not name `other`.
    pub fn names_before(&self, one: Method, other: Method) -> bool {
        let place = |method| self.order.iter().position(|named| *named == method);
        place(one).is_some_and(|place_of_one| place(other).is_none_or(|place_of_other| place_of_one < place_of_other))
    }
}

/// A time without a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grace {
    /// How long.
    pub lasts: Duration,
    /// For whom it ends: members of these, who have the right to approve; if empty, for everybody.
    pub ends_for: Box<[GroupName]>,
}

impl Grace {
    /// When it ends for this user; `None`: never.
    pub fn of(&self, user: &UserStanding) -> Option<Duration> {
        let ends = self.ends_for.is_empty() || self.ends_for.iter().any(|group| user.is_in(group));
        ends.then_some(self.lasts)
    }
}

/// The six demands, in the order of the checks.
#[derive(Clone, Debug, Default)]
pub struct Demands {
    /// Check 1.
    pub ip_restriction: IpRestriction,
    /// Check 2.
    pub client_certificate: ClientCertificate,
    /// Check 3.
    pub desktop_sso: DesktopSso,
    /// Check 4.
    pub primary_factor: PrimaryFactor,
    /// Check 5.
    pub cookie: Cookie,
    /// Check 6.
    pub otp: Otp,
    /// How a number is carried to the phone, where this says so.
    pub number_style: Option<NumberStyle>,
}

/// For whom an addition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody, named or not: what the administration pages demand on top of the portal.
    Everybody,
    /// Members of a group.
    Group(GroupName),
    /// One user.
    User(UserId),
}

impl Whom {
    /// Whether it holds for this user, or for a caller of whom nothing is known yet.
    pub fn includes(&self, user: Option<&UserStanding>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Group(group) => user.is_some_and(|user| user.is_in(group)),
            Self::User(id) => user.is_some_and(|user| user.user == *id),
        }
    }
}

/// More demands, for a group or a user.
#[derive(Clone, Debug)]
pub struct Addition {
    /// For whom.
    pub whom: Whom,
    /// What more.
    pub demands: Demands,
}

/// What an app, or a part of one, demands.
#[derive(Clone, Default)]
pub struct Policy {
    /// How the config calls it: the app's name, and the rule's path where there is one.
    pub name: Arc<str>,
    /// Where it holds, as lists of networks call it: the app's name, `portal`, or `portal/admin`.
    pub place: Arc<str>,
    /// For everybody.
    pub base: Demands,
    /// For some, on top.
    pub additions: Box<[Addition]>,
}

impl fmt::Debug for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Policy({})", self.name)
    }
}

impl Policy {
    /// Every set of demands that holds for `user`: the base first, then what applies on top.
    pub fn demands<'p>(&'p self, user: Option<&'p UserStanding>) -> impl Iterator<Item = &'p Demands> + Clone {
        let on_top = self.additions.iter().filter(move |addition| addition.whom.includes(user));
        std::iter::once(&self.base).chain(on_top.map(|addition| &addition.demands))
    }

    /// The part that a connection alone can meet: the first two checks.
    pub fn of_the_connection(&self) -> Self {
        let first_two = |demands: &Demands| Demands {
            ip_restriction: demands.ip_restriction.clone(),
            client_certificate: demands.client_certificate.clone(),
            ..Demands::default()
        };
        let additions = self.additions.iter();
        Self {
            name: Arc::clone(&self.name),
            place: Arc::clone(&self.place),
            base: first_two(&self.base),
            additions: additions.map(|one| Addition { whom: one.whom.clone(), demands: first_two(&one.demands) }).collect(),
        }
    }

    /// The login-protect services that hold for `user`, each once: as the strictest of those that name it.
    pub fn protecting<'p>(&'p self, user: Option<&'p UserStanding>) -> impl Iterator<Item = &'p Service> + Clone {
        each_once(self.demands(user).filter_map(|demands| demands.primary_factor.protection()))
    }

    /// The login-protect services that hold for anybody; one may come several times.
    pub fn services_of_anybody(&self) -> impl Iterator<Item = &Service> {
        let all = std::iter::once(&self.base).chain(self.additions.iter().map(|addition| &addition.demands));
        all.filter_map(|demands| demands.primary_factor.protection())
    }
}

/// Services, each once: as the strictest of those that name it.
fn each_once<'p>(all: impl Iterator<Item = &'p Service> + Clone) -> impl Iterator<Item = &'p Service> + Clone {
    all.clone()
        .enumerate()
        .filter({
            let all = all.clone();
            move |(place, service)| !all.clone().take(*place).any(|before| before.is(service))
        })
        .map(move |(_, service)| {
            all.clone().filter(|same| same.is(service)).min_by_key(|same| same.when_unreachable()).unwrap_or(service)
        })
}

/// What is demanded of somebody who must have signed in a short while ago.
#[derive(Debug)]
pub struct Afresh {
    /// The policy that is examined.
    pub policy: Policy,
    /// Whether it asks for a second factor that the user has.
    pub second: bool,
}

impl Policy {
    /// The same demands, met within `within`: by the primary factor and, where `user` has a second factor (`has`) that would
    /// do, by that too, whatever is demanded otherwise (T36). It never demands less: who has none is asked as ever.
    pub fn afresh(&self, user: Option<&UserStanding>, within: Duration, has: Methods) -> Afresh {
        let mut policy = self.clone();
        let primary = &mut policy.base.primary_factor;
        primary.max_age = Some(primary.max_age.map_or(within, |age| age.min(within)));
        let required = || self.demands(user).map(|demands| &demands.otp).filter(|otp| otp.mode == Mode::Require);
        // Where none is required any will do that this build verifies.
        let accepted = required().fold(Methods::SECOND, |accepted, otp| accepted.both(otp.methods));
        let second = !accepted.both(has).is_empty();
        if second {
            let demanded = Some(&policy.base.otp).filter(|otp| otp.mode == Mode::Require).cloned();
            let otp = demanded.unwrap_or(Otp { mode: Mode::Require, methods: Methods::SECOND, ..Otp::default() });
            policy.base.otp = Otp {
                // A grace period proves nothing, and a cookie does not count as a second factor here.
                methods: otp.methods.without(Method::Grace),
                skip_with_cookie: false,
                max_age: Some(otp.max_age.map_or(within, |age| age.min(within))),
                ..otp
            };
            for addition in policy.additions.iter_mut().filter(|addition| addition.demands.otp.mode == Mode::Observe) {
                // What is only observed takes no method away.
                addition.demands.otp = Otp::default();
            }
        }
        Afresh { policy, second }
    }
}

impl PrimaryFactor {
    /// Whether this user is among those whom it admits.
    pub fn admits(&self, user: &UserStanding) -> bool {
        self.mode == Mode::Off
            || (self.groups.is_empty() && self.users.is_empty())
            || self.groups.iter().any(|group| user.is_in(group))
            || self.users.contains(&user.user)
    }

    fn protection(&self) -> Option<&Service> {
        self.login_protect.as_ref().filter(|_| self.mode != Mode::Off)
    }
}

/// Every policy of a config, compiled.
#[derive(Debug)]
pub struct Policies {
    apps: BTreeMap<Arc<str>, Arc<AppPolicy>>,
    portal: Policy,
    admin: Policy,
    certificates: Policy,
    numbers: NumberStyles,
}

/// How numbers are carried to phones, beside what each policy says.
#[derive(Clone, Debug)]
pub struct NumberStyles {
    /// Where no policy says.
    pub otherwise: NumberStyle,
    /// Of administrators, whose sign-ins open everybody's account.
    pub administrators: NumberStyle,
    /// Who they are.
    pub group: Option<GroupName>,
}

impl Policies {
    /// Of these apps, by name, of the portal, of its administration, and of its page of own certificates.
    pub fn new(
        apps: BTreeMap<Arc<str>, Arc<AppPolicy>>,
        [portal, admin, certificates]: [Policy; 3],
        numbers: NumberStyles,
    ) -> Self {
        Self { apps, portal, admin, certificates, numbers }
    }

    /// What an app demands, by the app's name.
    pub fn app(&self, name: &str) -> Option<&Arc<AppPolicy>> {
        self.apps.get(name)
    }

    /// All apps, by name.
    pub fn apps(&self) -> impl Iterator<Item = (&str, &Arc<AppPolicy>)> {
        self.apps.iter().map(|(name, app)| (&**name, app))
    }

    /// What a list of networks may be kept for: every app, the portal, its administration.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.apps.keys().map(|name| &**name).chain([PORTAL, ADMINISTRATION])
    }

    /// How a number is carried to the phone of this user (T42): as the strictest says of what holds there. Of an
    /// administrator at least as the administration's own demands say.
    pub fn number_style(&self, policy: &Policy, user: Option<&UserStanding>) -> NumberStyle {
        let base = policy.base.number_style.unwrap_or(self.numbers.otherwise);
        let more = policy.demands(user).skip(1).filter_map(|demands| demands.number_style);
        let group = self.numbers.group.as_ref();
        let administrator = group.is_some_and(|group| user.is_some_and(|user| user.is_in(group)));
        more.chain(administrator.then_some(self.numbers.administrators)).fold(base, Ord::max)
    }

    /// The stricter styles that somebody may be asked for under a policy: an administrator, or for whom an addition is.
    pub fn raised_number_styles(&self, policy: &Policy) -> impl Iterator<Item = NumberStyle> + Clone {
        let base = policy.base.number_style.unwrap_or(self.numbers.otherwise);
        let said = |style| {
            let more = policy.additions.iter().filter_map(|addition| addition.demands.number_style);
            more.chain([self.numbers.administrators]).any(|raised| raised == style)
        };
        let raised = [NumberStyle::Choose, NumberStyle::Type, NumberStyle::Scan]
            .map(|style| (style > base && said(style)).then_some(style));
        raised.into_iter().flatten()
    }

    /// The strictest that anybody may be asked for under a policy.
    pub fn strictest_number_style(&self, policy: &Policy) -> NumberStyle {
        self.raised_number_styles(policy).last().unwrap_or(policy.base.number_style.unwrap_or(self.numbers.otherwise))
    }

    /// Whether a code is shown to be scanned anywhere: then the phone's page may ask for the camera.
    pub fn scans(&self) -> bool {
        self.all().any(|(_, policy)| self.strictest_number_style(policy) == NumberStyle::Scan)
    }

    /// What a sign-in at the portal itself, its launcher and the account pages demand.
    pub const fn portal(&self) -> &Policy {
        &self.portal
    }

    /// What the administration pages demand: all that the portal does, what the config adds, and membership in the
    /// group of administrators.
    pub const fn admin(&self) -> &Policy {
        &self.admin
    }

    /// What the page demands where users fetch their own certificates: all that the portal does, and what the config adds.
    pub const fn certificates(&self) -> &Policy {
        &self.certificates
    }
}
