//! Which demand holds where: an app begins with its named policy, a rule with its own named policy or else with the
//! app's demands, and each check that is named later replaces what was said before.
//! Invariant: this is the one place that merges; the checks of meaning and the compiled policies both read it.

use std::sync::LazyLock;

use super::schema::{
    ClientCertificateDemand, CookieDemand, DemandsSection, DesktopSsoDemand, File, IpRestrictionDemand, OtpDemand,
    PrimaryFactorDemand,
};
use crate::principal::number_style::NumberStyle;

/// What the portal demands where nothing else is written.
static PORTAL: LazyLock<DemandsSection> = LazyLock::new(|| DemandsSection {
    primary_factor: Some(PrimaryFactorDemand::default()),
    otp: Some(OtpDemand::default()),
    ..DemandsSection::default()
});

/// A demand and the key that makes it: `policy.strict.otp`.
#[derive(Clone, Debug)]
pub struct SourcedDemand<'a, T> {
    /// The key.
    pub path: String,
    /// What it says.
    pub demand: &'a T,
}

/// The demands that hold in one place. A check that nobody named is off.
#[derive(Clone, Debug, Default)]
pub struct Merged<'a> {
    /// Check 1.
    pub ip_restriction: Option<SourcedDemand<'a, IpRestrictionDemand>>,
    /// Check 2.
    pub client_certificate: Option<SourcedDemand<'a, ClientCertificateDemand>>,
    /// Check 3.
    pub desktop_sso: Option<SourcedDemand<'a, DesktopSsoDemand>>,
    /// Check 4.
    pub primary_factor: Option<SourcedDemand<'a, PrimaryFactorDemand>>,
    /// Check 5.
    pub cookie: Option<SourcedDemand<'a, CookieDemand>>,
    /// Check 6.
    pub otp: Option<SourcedDemand<'a, OtpDemand>>,
    /// How a number is carried to the phone.
    pub number_style: Option<SourcedDemand<'a, NumberStyle>>,
}

impl<'a> Merged<'a> {
    /// What one table of demands says by itself.
    pub fn of(path: &str, demands: &'a DemandsSection) -> Self {
        Self::default().then(path, demands)
    }

    /// Each check that `demands` names takes the place of what was said before.
    #[must_use]
    pub fn then(mut self, path: &str, demands: &'a DemandsSection) -> Self {
        fn replace<'a, T>(slot: &mut Option<SourcedDemand<'a, T>>, named: Option<&'a T>, path: &str, check: &str) {
            if let Some(demand) = named {
                *slot = Some(SourcedDemand { path: format!("{path}.{check}"), demand });
            }
        }
        replace(&mut self.ip_restriction, demands.ip_restriction.as_ref(), path, "ip_restriction");
        replace(&mut self.client_certificate, demands.client_certificate.as_ref(), path, "client_certificate");
        replace(&mut self.desktop_sso, demands.desktop_sso.as_ref(), path, "desktop_sso");
        replace(&mut self.primary_factor, demands.primary_factor.as_ref(), path, "primary_factor");
        replace(&mut self.cookie, demands.cookie.as_ref(), path, "cookie");
        replace(&mut self.otp, demands.otp.as_ref(), path, "otp");
        replace(&mut self.number_style, demands.number_style.as_ref(), path, "number_style");
        self
    }

    /// Whether no check is named at all.
    pub const fn is_silent(&self) -> bool {
        self.ip_restriction.is_none()
            && self.client_certificate.is_none()
            && self.desktop_sso.is_none()
            && self.primary_factor.is_none()
            && self.cookie.is_none()
            && self.otp.is_none()
    }
}

impl File {
    /// What the portal demands: its defaults, each check that is named in its place.
    pub fn portal_demands(&self) -> Merged<'_> {
        Merged::of("portal.demands", &PORTAL).then("portal.demands", &self.portal.demands)
    }

    /// What the app at this place of the list demands where no rule speaks.
    pub fn app_demands(&self, place: usize) -> Merged<'_> {
        let Some(app) = self.app.get(place) else { return Merged::default() };
        self.named(app.policy.as_deref()).then(&format!("app[{place}].demands"), &app.demands)
    }

    /// What a rule of the app demands.
    pub fn rule_demands(&self, place: usize, rule_place: usize) -> Merged<'_> {
        let app = self.app_demands(place);
        let Some(rule) = self.app.get(place).and_then(|app| app.rule.get(rule_place)) else { return app };
        let begin = if rule.policy.is_some() { self.named(rule.policy.as_deref()) } else { app };
        begin.then(&format!("app[{place}].rule[{rule_place}].demands"), &rule.demands)
    }

    fn named(&self, policy: Option<&str>) -> Merged<'_> {
        policy
            .and_then(|name| self.policy.get(name).map(|demands| Merged::of(&format!("policy.{name}"), demands)))
            .unwrap_or_default()
    }
}
