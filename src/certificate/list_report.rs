//! How the revocation lists stand: for administrators, `sekisho check`, the log and the metrics.

use std::collections::BTreeMap;
use std::time::Duration;

use x509_parser::prelude::{FromDer, X509Certificate};

use super::bundles::{Bundle, Bundles, ListSource};
use super::revocation_list::Signer;
use crate::clock::Timestamp;
use crate::config::diagnose::Complaint;

/// How one revocation list stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListReport {
    /// The bundle's name in the config.
    pub trust: String,
    /// The file, or the address.
    pub source: String,
    /// Who it speaks for; `None`: it has not been read yet.
    pub issuer: Option<String>,
    /// When it was made.
    pub this_update: Option<Timestamp>,
    /// When the next one comes; past it, what it says is unknown.
    pub next_update: Option<Timestamp>,
    /// How many certificates it names.
    pub revoked: usize,
    /// Where that can be said.
    pub state: ListState,
    /// When its address was last read, where it has one; of a file that cannot be used, when what stands in for it was.
    pub read_at: Option<Timestamp>,
    /// Why it could not be read at the last try, or why its file cannot be used.
    pub trouble: Option<String>,
}

/// How good a revocation list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ListState {
    /// In force.
    Current,
    /// In force, and in the last quarter of its time: a newer one is due.
    Ending,
    /// Past its next update.
    Outdated,
    /// Not read yet.
    Missing,
}

impl ListState {
    fn of(made: Timestamp, ends: Timestamp, now: Timestamp) -> Self {
        let length = ends.millis().saturating_sub(made.millis()).max(0);
        let last_quarter = Duration::from_millis(u64::try_from(length / 4).unwrap_or(0));
        if now >= ends {
            Self::Outdated
        } else if now.plus(last_quarter) >= ends {
            Self::Ending
        } else {
            Self::Current
        }
    }
}

/// How the last look at an address ended.
#[derive(Debug, Default)]
pub(super) struct LastLook {
    pub(super) read_at: Option<Timestamp>,
    /// Why it could not be read.
    pub(super) trouble: Option<String>,
}

/// When the first list of each source ends: a file or an address may hold several.
pub(super) fn first_ends(reports: &[ListReport]) -> BTreeMap<&str, Timestamp> {
    let mut first: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (source, ends) in reports.iter().filter_map(|report| Some((report.source.as_str(), report.next_update?))) {
        first.entry(source).and_modify(|known| *known = ends.min(*known)).or_insert(ends);
    }
    first
}

impl Bundles {
    /// How each list stands at `now`; `last_look` says it of an address.
    pub(super) fn reports(&self, last_look: impl Fn(&str) -> Option<LastLook>, now: Timestamp) -> Vec<ListReport> {
        let mut reports = Vec::new();
        for bundle in self.each() {
            for source in &bundle.sources {
                let of_file = || LastLook { read_at: source.kept_at, trouble: source.trouble.as_deref().map(str::to_owned) };
                let LastLook { read_at, trouble } =
                    if source.is_address { last_look(&source.place).unwrap_or_default() } else { of_file() };
                let empty = ListReport {
                    trust: bundle.name.to_string(),
                    source: source.place.to_string(),
                    issuer: None,
                    this_update: None,
                    next_update: None,
                    revoked: 0,
                    state: ListState::Missing,
                    read_at,
                    trouble,
                };
                if source.lists.is_empty() {
                    reports.push(empty);
                    continue;
                }
                reports.extend(source.lists.iter().map(|(list, _)| ListReport {
                    issuer: Some(list.issuer.to_string()),
                    this_update: Some(list.this_update),
                    next_update: Some(list.next_update),
                    revoked: list.revoked,
                    state: ListState::of(list.this_update, list.next_update, now),
                    ..empty.clone()
                }));
            }
        }
        reports
    }

    /// Files of lists that cannot be used. A start goes on with what was kept of them, or refuses the certificates that they would
    /// speak of.
    pub fn unusable_files(&self) -> Vec<Complaint> {
        let sources = self.each().flat_map(|bundle| &bundle.sources);
        let complaint = |source: &ListSource| {
            let help = "put a revocation list there, in PEM (-----BEGIN X509 CRL-----) or DER";
            let trouble = source.trouble.as_deref()?;
            Some(Complaint::new(&*source.key, format!("{} {trouble}", source.place)).help(help))
        };
        sources.filter_map(complaint).collect()
    }

    /// What the writer of the config is warned of: lists of files that are outdated or speak for nobody of the bundle, and
    /// authorities without a list beside others that have one.
    pub fn warnings(&self, now: Timestamp) -> Vec<Complaint> {
        self.each().flat_map(|bundle| bundle.warnings(now)).collect()
    }
}

impl Bundle {
    fn is_above_another(&self, authority: &X509Certificate<'_>) -> bool {
        let parsed = self.authorities.iter().filter_map(|der| X509Certificate::from_der(der).ok());
        let mut others = parsed.filter(|(_, other)| other.subject().as_raw() != authority.subject().as_raw());
        others.any(|(_, other)| other.issuer().as_raw() == authority.subject().as_raw())
    }

    fn warnings(&self, now: Timestamp) -> Vec<Complaint> {
        let mut found = Vec::new();
        for source in &self.sources {
            for (list, signer) in &source.lists {
                // A newer one of the same key speaks where there is one.
                let mut others = self.sources.iter().flat_map(|source| &source.lists);
                let is_replaced =
                    *signer != Signer::Elsewhere && others.any(|(other, by)| by == signer && other.next_update > now);
                if list.next_update <= now && !is_replaced {
                    let text = format!(
                        "{} is outdated since {}: what it does not name is {}",
                        source.place,
                        list.next_update.rfc3339(),
                        if self.accepts_unknown() { "accepted all the same" } else { "refused" }
                    );
                    let help = "let the authority make a new list, and see that its file or address gets it";
                    found.push(Complaint::new(&*source.key, text).help(help));
                }
                if *signer == Signer::Elsewhere {
                    let text = format!("{} speaks for {}, which the bundle does not have", source.place, list.issuer);
                    let help = "add the certificate of that authority to the bundle, or remove the list if it is another's";
                    found.push(Complaint::new(&*source.key, text).help(help));
                }
            }
        }
        let signed: Vec<usize> = self
            .sources
            .iter()
            .flat_map(|source| &source.lists)
            .filter_map(|(_, signer)| if let Signer::Anchor(place) = signer { Some(*place) } else { None })
            .collect();
        let is_waiting = self.sources.iter().any(|source| source.lists.is_empty());
        if !signed.is_empty() && !is_waiting {
            for (place, der) in self.authorities.iter().enumerate().filter(|(place, _)| !signed.contains(place)) {
                let Ok((_, authority)) = X509Certificate::from_der(der) else { continue };
                // A root above an authority of the bundle signs authorities alone, as a rule.
                if self.is_above_another(&authority) {
                    continue;
                }
                let text = format!(
                    "no revocation list of {} is named (number {}): its certificates are not checked, while those of others are",
                    authority.subject(),
                    place + 1
                );
                let help = "name its list in `revocation_lists` or `revocation_urls`";
                found.push(Complaint::new(format!("trust.{}.bundle", self.name), text).help(help));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_lists_in_one_place_the_first_end_counts() {
        let report = |source: &str, ends: Option<i64>| ListReport {
            trust: "t".to_owned(),
            source: source.to_owned(),
            issuer: None,
            this_update: None,
            next_update: ends.map(Timestamp::from_seconds),
            revoked: 0,
            state: ListState::Current,
            read_at: None,
            trouble: None,
        };
        let reports = [("a", Some(30)), ("a", Some(10)), ("b", None), ("a", Some(20)), ("c", Some(5))];
        let reports = reports.map(|(source, ends)| report(source, ends));
        let expected = [("a", Timestamp::from_seconds(10)), ("c", Timestamp::from_seconds(5))];
        assert_eq!(first_ends(&reports), expected.into());
    }
}
