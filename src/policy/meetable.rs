//! What is demanded on top of something else and leaves no method together with it: nobody could meet both.

use crate::chain::Check;
use crate::chain::policy::everywhere::PolicyOwner;
use crate::chain::policy::{Addition, Demands, Mode, Policies, Whom};
use crate::config::diagnose::Complaint;
use crate::principal::method::Methods;
use crate::principal::user::GroupName;

/// Complains of every such thing. The additions are in the order of the config, each with the apps that it holds on: all, and the
/// gateway's own pages, if there are none.
pub(super) fn complaints(additions: &[(&[String], &Addition)], policies: &Policies, administrators: &str) -> Vec<Complaint> {
    let administrators = GroupName::parse(administrators).ok().map(Whom::Group);
    let mut complaints = Vec::new();
    for (owner, policy) in policies.each().filter(|(_, policy)| !policy.additions.is_empty()) {
        // Below the portal everybody meets the portal's own demands and, on top, those of the page.
        let own = match owner {
            PolicyOwner::Administration => Some("portal.admin_demands"),
            PolicyOwner::Certificates => Some("certificates.demands"),
            PolicyOwner::Portal | PolicyOwner::App(_) => None,
        };
        for more in own.into_iter().flat_map(|path| policy.of_everybody().skip(1).map(move |more| (path, more))) {
            complaints.extend(together(more.0, &policy.base, more.1, "portal"));
        }
        for (place, (apps, addition)) in additions.iter().enumerate() {
            let holds = match owner {
                PolicyOwner::App(app) => apps.is_empty() || apps.iter().any(|named| named == app),
                // Who is no administrator never meets what is demanded of those.
                PolicyOwner::Administration => apps.is_empty() && administrators.as_ref() == Some(&addition.whom),
                PolicyOwner::Portal | PolicyOwner::Certificates => apps.is_empty(),
            };
            // The portal's own demands are looked at once, as the portal's.
            for demands in policy.of_everybody().skip(usize::from(own.is_some())).filter(|_| holds) {
                let path = format!("addition[{place}].demands");
                complaints.extend(together(&path, demands, &addition.demands, &policy.name));
            }
        }
    }
    complaints
}

fn together(path: &str, there: &Demands, here: &Demands, name: &str) -> impl Iterator<Item = Complaint> {
    disjoint(there, here).map(move |check| {
        let message = format!("together with what `{name}` demands, no method is left");
        Complaint::new(format!("{path}.{}", check.word()), message).help("accept a method here that is accepted there")
    })
}

/// The checks that both demand, with no method in common.
fn disjoint(one: &Demands, other: &Demands) -> impl Iterator<Item = Check> + use<> {
    let lists = [
        (
            Check::PrimaryFactor,
            one.primary_factor.mode,
            other.primary_factor.mode,
            one.primary_factor.methods,
            other.primary_factor.methods,
        ),
        (Check::Cookie, one.cookie.mode, other.cookie.mode, one.cookie.ways, other.cookie.ways),
        (Check::Otp, one.otp.mode, other.otp.mode, one.otp.methods, other.otp.methods),
    ];
    let none_left = |(check, one, other, these, those): (Check, Mode, Mode, Methods, Methods)| {
        (one != Mode::Off && other != Mode::Off && these.both(those).is_empty()).then_some(check)
    };
    lists.into_iter().filter_map(none_left)
}
