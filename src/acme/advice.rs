//! The advice of an authority on when to renew (ARI, RFC 9773): asked for now and then, and taken where it can be meant.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::account;
use super::order;
use super::own::{HeldCertificates, OwnCertificates};
use super::renewal::RenewalAdvice;
use super::settings::WantedCertificate;
use super::tools::OrderTools;
use crate::clock::Timestamp;

/// How often an authority is asked for its advice, where it does not say.
const ASK_ADVICE: Duration = Duration::from_secs(6 * 3600);
/// How often at most, and at least, whatever it says.
const LEAST_ADVICE: Duration = Duration::from_secs(60);
const MOST_ADVICE: Duration = Duration::from_secs(24 * 3600);

/// The window that an authority named.
type WindowOfAdvice = RangeInclusive<Timestamp>;

impl OwnCertificates {
    /// Asks the authority that issued the present certificate when it is to be renewed. No answer, or one that cannot be meant, is
    /// no advice: then its lifetime says.
    pub(super) async fn take_advice(&self, wanted: &WantedCertificate, held: &HeldCertificates) {
        let advised = self.advised(wanted, held).await;
        let rest = advised.as_ref().map_or(ASK_ADVICE, |(_, _, rest)| *rest);
        let mut all = self.held.lock();
        let Some(held) = all.get_mut(&wanted.key) else { return };
        held.ask_advice_at = self.clock.now().plus(rest.clamp(LEAST_ADVICE, MOST_ADVICE));
        held.advice = match (held.advice, advised) {
            // A moment is drawn once for each window, not with every question.
            (Some(drawn), Some((_, window, _))) if window.contains(&drawn.renew_at) => Some(drawn),
            (_, advised) => advised.map(|(advice, _, _)| advice),
        };
    }

    async fn advised(
        &self,
        wanted: &WantedCertificate,
        held: &HeldCertificates,
    ) -> Option<(RenewalAdvice, WindowOfAdvice, Duration)> {
        let present = held.present.as_ref()?;
        let authority = wanted.authorities.iter().find(|authority| authority.directory == present.directory)?;
        let tools = OrderTools::new(&self.rows, (&self.listeners, &self.answers), &self.clock, authority);
        let account = account::restored(&tools, authority).await.ok()??;
        let (info, rest) = account.renewal_info(&order::identifier(present)?).await.ok()?;
        let moment = |at: time::OffsetDateTime| Timestamp::from_seconds(at.unix_timestamp());
        let window = moment(info.suggested_window.start)..=moment(info.suggested_window.end);
        let advice = RenewalAdvice::within(&window, &present.life, &*self.rows.random)?;
        Some((advice, window, rest))
    }
}
