//! Log lines that strangers bring about: somebody unknown makes one with each request or handshake that is refused. Of each kind
//! so many are written for a network within a minute, and so many in all; what is beyond is counted, and one line for each kind
//! reports it when the minute is over. Metrics count everything, whatever is written.
//! Invariant: what is kept is bounded by what was written. Lines about people who are signed in, and about what administrators
//! do, are not asked about here: they are always written.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;
use std::time::Duration;

use parking_lot::Mutex;
use strum::VariantArray;

use crate::clock::{Clock as _, SystemClock};

/// Lines of one kind for one network within a [`MINUTE`].
const OF_A_NETWORK: u32 = 20;
/// Lines of one kind within a [`MINUTE`], for all networks together.
const OF_ALL: u32 = 500;
const MINUTE: Duration = Duration::from_secs(60);

/// The event that a line reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// `accept failed`
    AcceptFailed,
    /// `handshake_failed`
    HandshakeFailed,
    /// `request_malformed`
    RequestMalformed,
    /// `client_does_not_read`
    ClientDoesNotRead,
    /// `request_body_cut`
    RequestBodyCut,
    /// `answer_body_cut`
    AnswerBodyCut,
    /// `request_not_judged`
    RequestNotJudged,
    /// `request_refused`
    RequestRefused,
    /// `would_be_refused`
    WouldBeRefused,
    /// `identity_header_sent`
    IdentityHeaderSent,
    /// `forward_auth_from_unlisted_peer`, `forward_auth_without_key`
    ForwardAuthRefused,
    /// `upstream_failed`
    UpstreamFailed,
    /// `body_not_held`
    BodyNotHeld,
    /// `handover_refused`
    HandoverRefused,
    /// `transaction_unreadable`
    TransactionUnreadable,
    /// `sign_in_failed`
    SignInFailed,
    /// `ticket_refused`
    TicketRefused,
    /// `device_refused`
    DeviceRefused,
    /// `approver_refused`
    ApproverRefused,
    /// `api_refused`
    ApiRefused,
    /// `client_refused`
    ClientRefused,
    /// Something of ours did not answer, which a request asked for: `portal_failed`, `departure_not_kept`, `handover_unavailable`,
    /// `login_protect_unreachable`, `transaction_not_held`, `transaction_failed`.
    StateUnavailable,
}

impl Kind {
    /// The word in the line that reports those left out.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Whether one more line of this kind is written that somebody at `ip` brought about of whom nothing is known.
pub fn may_write(kind: Kind, ip: IpAddr) -> bool {
    let (may, over) = of_the_process().one_more(kind, ip, CLOCK.monotonic());
    report(&over);
    may
}

/// The same where nobody's address is at hand: of the whole kind as of one network.
pub fn may_write_of_anybody(kind: Kind) -> bool {
    may_write(kind, Ipv4Addr::UNSPECIFIED.into())
}

/// Tells of what was left out, where the minute is over; for somebody who comes by now and then.
pub fn tell_of_the_past() {
    report(&of_the_process().over(CLOCK.monotonic()));
}

/// Tells of what was left out up to now: before the process ends.
pub fn tell_of_all() {
    report(&of_the_process().end());
}

/// The log is one for the whole process, and so is what was written to it.
static LINES: Mutex<Lines> = Mutex::new(Lines { since: None, written: BTreeMap::new(), kinds: BTreeMap::new() });
static CLOCK: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);

fn of_the_process() -> parking_lot::MutexGuard<'static, Lines> {
    LINES.lock()
}

fn report(over: &[LeftOut]) {
    for LeftOut { kind, lines, most_from, most } in over {
        let kind = kind.word();
        metrics::counter!("sekisho_log_lines_left_out_total", "kind" => kind).increment(*lines);
        match most_from {
            Some(network) => tracing::warn!(kind, left_out = lines, most_from = %network, most, "log_lines_left_out"),
            None => tracing::warn!(kind, left_out = lines, "log_lines_left_out"),
        }
    }
}

/// What was left out of a kind within a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LeftOut {
    kind: Kind,
    lines: u64,
    /// The network of most of them, as far as networks were distinguished, and how many those were.
    most_from: Option<IpAddr>,
    most: u32,
}

/// What was written within this minute.
#[derive(Debug)]
struct Lines {
    since: Option<Duration>,
    /// How often each network brought a kind about: there for those whose first line was written.
    written: BTreeMap<(Kind, IpAddr), u32>,
    kinds: BTreeMap<Kind, Tally>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    written: u32,
    left_out: u64,
}

impl Lines {
    fn one_more(&mut self, kind: Kind, ip: IpAddr, now: Duration) -> (bool, Vec<LeftOut>) {
        let over = self.over(now);
        self.since.get_or_insert(now);
        let tally = self.kinds.entry(kind).or_default();
        let place = (kind, network(ip));
        let may = match self.written.get_mut(&place) {
            Some(count) => {
                *count = count.saturating_add(1);
                *count <= OF_A_NETWORK && tally.written < OF_ALL
            }
            None if tally.written < OF_ALL => {
                self.written.insert(place, 1);
                true
            }
            None => false,
        };
        if may {
            tally.written += 1;
        } else {
            tally.left_out = tally.left_out.saturating_add(1);
        }
        (may, over)
    }

    /// What was left out in the minute that is over, if it is.
    fn over(&mut self, now: Duration) -> Vec<LeftOut> {
        if self.since.is_some_and(|since| now.saturating_sub(since) >= MINUTE) { self.end() } else { Vec::new() }
    }

    fn end(&mut self) -> Vec<LeftOut> {
        self.since = None;
        let (written, kinds) = (std::mem::take(&mut self.written), std::mem::take(&mut self.kinds));
        let left_out = |kind: Kind| {
            let lines = kinds.get(&kind).map(|tally| tally.left_out).filter(|lines| *lines > 0)?;
            let of_kind = written.iter().filter(|((of, _), count)| *of == kind && **count > OF_A_NETWORK);
            let most = of_kind.max_by_key(|(_, count)| **count).map(|((_, network), count)| (*network, *count - OF_A_NETWORK));
            Some(LeftOut { kind, lines, most_from: most.map(|(network, _)| network), most: most.map_or(0, |(_, count)| count) })
        };
        Kind::VARIANTS.iter().copied().filter_map(left_out).collect()
    }
}

/// The /24 of an IPv4 address, the /64 of an IPv6 one.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from(u32::from(address) & !0xff).into(),
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        Lines { since: None, written: BTreeMap::new(), kinds: BTreeMap::new() }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    const START: Duration = Duration::from_secs(1000);

    #[test]
    fn of_a_network_so_many_lines_of_a_kind_are_written_within_a_minute() {
        let mut lines = lines();
        let mut written = |kind, from: &str| (0..100).filter(|_| lines.one_more(kind, ip(from), START).0).count();
        assert_eq!(written(Kind::RequestRefused, "192.0.2.7"), 20);
        // Its neighbours are of the same network, however they are written; another network, or kind, is not concerned.
        assert_eq!(written(Kind::RequestRefused, "192.0.2.8"), 0);
        assert_eq!(written(Kind::RequestRefused, "::ffff:192.0.2.9"), 0);
        assert_eq!(written(Kind::RequestRefused, "192.0.3.7"), 20);
        assert_eq!(written(Kind::HandshakeFailed, "192.0.2.7"), 20);
        assert_eq!((written(Kind::RequestRefused, "2001:db8::1"), written(Kind::RequestRefused, "2001:db8::2:1")), (20, 0));
        assert_eq!(written(Kind::RequestRefused, "2001:db8:0:1::1"), 20);

        assert!(lines.over(START + Duration::from_secs(59)).is_empty(), "the minute is not over");
        let (may, over) = lines.one_more(Kind::RequestRefused, ip("192.0.2.7"), START + MINUTE);
        assert!(may, "another minute");
        let refused =
            LeftOut { kind: Kind::RequestRefused, lines: 80 + 200 + 80 + 180 + 80, most_from: Some(ip("192.0.2.0")), most: 280 };
        let failed = LeftOut { kind: Kind::HandshakeFailed, lines: 80, most_from: Some(ip("192.0.2.0")), most: 80 };
        assert_eq!(over, [failed, refused]);
        assert!(lines.over(START + MINUTE * 3).is_empty(), "nothing was left out since");
    }

    #[test]
    fn of_many_networks_so_many_lines_are_written_and_no_more_is_kept() {
        let mut lines = lines();
        let networks = (0..100_000_u32).map(|number| IpAddr::from(Ipv4Addr::from(number << 8)));
        let written = networks.filter(|from| lines.one_more(Kind::SignInFailed, *from, START).0).count();
        assert_eq!((written, lines.written.len()), (500, 500));
        assert!(lines.one_more(Kind::ApiRefused, ip("203.0.113.1"), START).0, "another kind is not concerned");
        let all = LeftOut { kind: Kind::SignInFailed, lines: 99_500, most_from: None, most: 0 };
        assert_eq!(lines.end(), [all]);
        assert!(lines.written.is_empty() && lines.kinds.is_empty());
    }

    #[test]
    fn every_kind_is_reported() {
        let mut lines = lines();
        for kind in Kind::VARIANTS.iter().copied() {
            for _ in 0..21 {
                let _may = lines.one_more(kind, ip("192.0.2.1"), START);
            }
        }
        let kinds: Vec<Kind> = lines.end().iter().map(|left| left.kind).collect();
        assert_eq!(kinds, Kind::VARIANTS);
    }
}
