//! What a preflight must meet. A browser asks with it whether a page of another origin may call an app (Fetch §4.8), and
//! sends neither cookie nor certificate with it, so that of the six checks only the first can hold.
//! Invariant: which rule holds for a path is decided as for any request, and what a rule demands of networks stays.

use std::sync::Arc;

use super::rules::{AppPolicy, PathRule};
use super::{Demands, Policy};

impl AppPolicy {
    /// The same app for preflights: every rule at its place with check 1 alone, and the transactions, none of which passes.
    pub fn for_preflights(&self) -> Self {
        // One policy of several paths stays one: how many a request may have at once is bounded.
        let mut made: Vec<(&Arc<Policy>, Arc<Policy>)> = Vec::new();
        let mut rules = Vec::new();
        for rule in self.rules() {
            let known = made.iter().find(|(of, _)| Arc::ptr_eq(of, &rule.policy)).map(|(_, policy)| Arc::clone(policy));
            let policy = known.unwrap_or_else(|| {
                let policy = Arc::new(rule.policy.of_the_network());
                made.push((&rule.policy, Arc::clone(&policy)));
                policy
            });
            rules.push(PathRule { policy, ..rule.clone() });
        }
        Self::new(self.own().of_the_network(), rules, self.transactions().to_vec())
    }
}

impl Policy {
    /// The part that an address alone can meet: the first check of everybody. Who asks is not known.
    fn of_the_network(&self) -> Self {
        Self {
            name: Arc::clone(&self.name),
            place: Arc::clone(&self.place),
            base: Demands { ip_restriction: self.base.ip_restriction.clone(), ..Demands::default() },
            additions: Box::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::chain::policy::rules::Pattern;
    use crate::chain::policy::{IpRestriction, Mode, Otp, PrimaryFactor, SourceLine};
    use crate::facts::path::RequestPath;
    use crate::facts::target::Target;

    fn policy(name: &str, network: &str) -> Policy {
        let ip_restriction =
            IpRestriction { mode: Mode::Require, allow: [network.parse().unwrap()].into(), ..IpRestriction::default() };
        let primary_factor = PrimaryFactor { mode: Mode::Require, ..PrimaryFactor::default() };
        let otp = Otp { mode: Mode::Require, ..Otp::default() };
        Policy {
            name: name.into(),
            base: Demands { ip_restriction, primary_factor, otp, ..Demands::default() },
            ..Policy::default()
        }
    }

    #[test]
    fn a_preflight_meets_the_network_of_its_rule_and_nothing_else() {
        let admin = Arc::new(policy("admin", "192.0.2.0/24"));
        let rules = ["/admin/**", "/root/**"].map(|pattern| PathRule {
            pattern: Pattern::parse(pattern).unwrap(),
            methods: Arc::default(),
            policy: Arc::clone(&admin),
            source: SourceLine::default(),
        });
        let app = AppPolicy::new(policy("own", "10.0.0.0/8"), rules.into(), Vec::new()).for_preflights();
        for (path, name, network) in
            [("/", "own", "10.0.0.0/8"), ("/admin/x", "admin", "192.0.2.0/24"), ("/root", "admin", "192.0.2.0/24")]
        {
            let target = Target { method: &Method::OPTIONS, path: RequestPath::parse(path).unwrap() };
            let selected = app.select(&target).unwrap();
            let one = selected.policies().next().unwrap();
            assert_eq!(
                (&*one.name, &*one.base.ip_restriction.allow),
                (name, &[network.parse::<ipnet::IpNet>().unwrap()][..]),
                "{path}"
            );
            for policy in selected.policies() {
                let Demands { ip_restriction, client_certificate, desktop_sso, primary_factor, cookie, otp, .. } = &policy.base;
                let others = [client_certificate.mode, desktop_sso.mode, primary_factor.mode, cookie.mode, otp.mode];
                assert_eq!((ip_restriction.mode, others), (Mode::Require, [Mode::Off; 5]), "{path}");
            }
        }
        assert!(Arc::ptr_eq(&app.rules()[0].policy, &app.rules()[1].policy), "one policy stays one");
    }
}
