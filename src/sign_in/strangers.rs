//! What strangers may have of one kind: each network so much within ten minutes, an IPv6 /48, which one holder may have whole,
//! eight times as much, and all of them together a part of what the short-lived state holds, so that there is space for those who
//! are known.

use std::time::Duration;

use super::engine::{AttemptError, Rejection, SignIn};
use super::visitor::Visitor;
use crate::principal::user::UserId;
use crate::store::shared::{count_below, uncount};

/// Within this.
const WITHIN: Duration = Duration::from_secs(600);
/// A /48 may have as much as this many of its networks.
const SITE: i64 = 8;
/// When to come again.
const WAIT: Duration = Duration::from_secs(60);

/// How much of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct StrangersAllowance {
    /// The first word of the counters' keys; `core::foundation` gives them a part of the short-lived state.
    pub(super) word: &'static str,
    /// Each network.
    pub(super) per_network: i64,
    /// All strangers together: this part of what the short-lived state holds. `None` for those who are no strangers any more.
    pub(super) of_all: Option<usize>,
}

impl SignIn {
    /// Whether this browser is registered for the user of this name: it asks as often as its owner likes, since an office behind
    /// one address is no stranger.
    pub(super) fn is_registered_for(&self, visitor: &Visitor<'_>, name: &str) -> bool {
        UserId::parse(name).is_ok_and(|user| self.core.browsers().find_shown(&user, visitor.browser()).is_some())
    }

    /// Counts one more for this visitor. Who is refused is not counted.
    pub(super) async fn allow(
        &self,
        visitor: &Visitor<'_>,
        allowance: StrangersAllowance,
    ) -> Result<Result<(), Rejection>, AttemptError> {
        let counted = count_below(&**self.core.shared(), &self.counters(visitor, allowance), WITHIN).await?;
        Ok(if counted { Ok(()) } else { Err(Rejection::SlowDown(WAIT)) })
    }

    /// Takes back what [`Self::allow`] counted: it was no stranger.
    pub(super) async fn give_back(&self, visitor: &Visitor<'_>, allowance: StrangersAllowance) -> Result<(), AttemptError> {
        Ok(uncount(&**self.core.shared(), &self.counters(visitor, allowance), WITHIN).await?)
    }

    /// The counters, each with its most.
    fn counters(&self, visitor: &Visitor<'_>, allowance: StrangersAllowance) -> Vec<(String, i64)> {
        let StrangersAllowance { word, per_network, of_all } = allowance;
        let network = (format!("{word}/{}", visitor.address.counting_network()), per_network);
        let site = visitor.address.site().map(|site| (format!("{word}/site/{site}"), per_network.saturating_mul(SITE)));
        let entries = self.core.config().file.limits.shared_entries;
        let all = of_all.map(|part| (format!("{word}/all"), i64::try_from(entries / part.max(1)).unwrap_or(i64::MAX)));
        [network].into_iter().chain(site).chain(all).collect()
    }
}
