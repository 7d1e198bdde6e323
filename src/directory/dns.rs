//! What DNS says of the servers of a domain: the SRV records (RFC 2782) and the addresses of their hosts, asked for together.
//! Invariant: a host outside of the domain that the config names is left out, whatever its certificate: DNS alone does not
//! decide whom passwords are sent to.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::proto::rr::rdata::SRV;

use crate::config::schema::{DirectoryKind, DirectorySection};

/// More servers of one domain are not looked at.
const MOST: usize = 32;
/// An answer counts this long at least, whatever it says of itself: otherwise each sign-in would ask …
const SHORTEST: Duration = Duration::from_secs(5);
/// … and no longer than this, so that a mistake does not stay for a day.
const LONGEST: Duration = Duration::from_secs(3600);

/// Which record is asked for, and which DNS servers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SrvRecord {
    name: Box<str>,
    domain: Box<str>,
    /// None: those of the machine.
    dns: Box<[SocketAddr]>,
}

/// What DNS said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DnsAnswer {
    pub(super) hosts: Vec<SrvHost>,
    /// Whether the domain says that it offers no such service: the target `.` (RFC 2782). `hosts` is empty then.
    pub(super) offers_none: bool,
    /// Hosts that do not count, each with the reason.
    pub(super) left_out: Vec<String>,
    /// How long it counts.
    pub(super) holds: Duration,
}

/// One server of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SrvHost {
    pub(super) priority: u16,
    pub(super) weight: u16,
    /// Its address as the config would write it: `ldap://dc1.corp.example:389`.
    pub(super) url: String,
    /// IPv4 first.
    pub(super) addresses: Vec<SocketAddr>,
}

impl SrvRecord {
    /// The record of a directory whose servers DNS names; `None` where the config lists them.
    pub(super) fn of(config: &DirectorySection) -> Option<Self> {
        let text = config.srv.as_deref()?.trim_end_matches('.').to_ascii_lowercase();
        let name = match (text.starts_with('_'), config.kind) {
            (true, _) => text,
            (false, DirectoryKind::ActiveDirectory) => format!("_ldap._tcp.dc._msdcs.{text}"),
            (false, _) => format!("_ldap._tcp.{text}"),
        };
        // What stands behind the last label of a service: `_ldap._tcp.Berlin._sites.dc._msdcs.corp.example`.
        let labels: Vec<&str> = name.split('.').collect();
        let services = labels.iter().rposition(|label| label.starts_with('_')).map_or(0, |last| last + 1);
        let domain = labels.into_iter().skip(services).collect::<Vec<_>>().join(".");
        let dns = config.dns.iter().filter_map(|text| address(text)).collect();
        Some(Self { domain: domain.into(), name: name.into(), dns })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Asks, within this time.
    ///
    /// # Errors
    /// Why there is no server.
    pub(super) async fn ask(&self, within: Duration) -> Result<DnsAnswer, String> {
        let asked = tokio::time::timeout(within, self.look_up(within)).await;
        asked.unwrap_or_else(|_elapsed| Err(format!("no DNS server answered for `{}` within {within:?}", self.name)))
    }

    async fn look_up(&self, within: Duration) -> Result<DnsAnswer, String> {
        // Made for each question: /etc/resolv.conf counts as it is now, and nothing else is kept than the answer.
        let resolver = self.resolver(within)?;
        let found = resolver.srv_lookup(format!("{}.", self.name)).await.map_err(|error| self.explained(&error))?;
        let records: Vec<_> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::SRV(srv) => Some((srv, record.ttl)),
                _ => None,
            })
            .collect();
        if let [(srv, ttl)] = records.as_slice()
            && srv.target.is_root()
        {
            let holds = Duration::from_secs(u64::from(*ttl)).clamp(SHORTEST, LONGEST);
            return Ok(DnsAnswer { hosts: Vec::new(), offers_none: true, left_out: Vec::new(), holds });
        }
        let asked = join_all(records.into_iter().take(MOST).map(|(srv, ttl)| self.host(&resolver, srv, ttl))).await;
        let (mut hosts, mut left_out, mut holds) = (Vec::new(), Vec::new(), LONGEST);
        for host in asked {
            match host {
                Ok((host, ttl)) => {
                    hosts.push(host);
                    holds = holds.min(Duration::from_secs(u64::from(ttl)));
                }
                Err(why) => left_out.push(why),
            }
        }
        if hosts.is_empty() {
            return Err(format!("`{}` names no server that counts: {}", self.name, left_out.join("; ")));
        }
        Ok(DnsAnswer { hosts, offers_none: false, left_out, holds: holds.max(SHORTEST) })
    }

    /// A server with its addresses, and for how many seconds both count.
    async fn host(&self, resolver: &TokioResolver, srv: &SRV, ttl: u32) -> Result<(SrvHost, u32), String> {
        if srv.target.is_root() {
            return Err("the target `.` means that no such service is offered, and stands alone".to_owned());
        }
        let host = srv.target.to_ascii().trim_end_matches('.').to_ascii_lowercase();
        let is_of_domain = host == *self.domain || host.strip_suffix(&*self.domain).is_some_and(|rest| rest.ends_with('.'));
        if !is_of_domain {
            return Err(format!("{host} is not below {}; a server of another domain is named in `urls`", self.domain));
        }
        let found = resolver.lookup_ip(format!("{host}.")).await;
        let found = found.map_err(|error| format!("{host} has no address: {error}"))?;
        let mut addresses: Vec<_> = found.iter().map(|ip| SocketAddr::new(ip, srv.port)).collect();
        if addresses.is_empty() {
            return Err(format!("{host} has no address"));
        }
        // In one order, so that the same answer is the same server.
        addresses.sort_unstable();
        let ttl = found.as_lookup().answers().iter().map(|record| record.ttl).min().unwrap_or(0).min(ttl);
        let scheme = if self.name.starts_with("_ldaps.") { "ldaps" } else { "ldap" };
        let url = format!("{scheme}://{host}:{}", srv.port);
        Ok((SrvHost { priority: srv.priority, weight: srv.weight, url, addresses }, ttl))
    }

    fn resolver(&self, within: Duration) -> Result<TokioResolver, String> {
        let mut builder = match self.dns.is_empty() {
            true => TokioResolver::builder_tokio()
                .map_err(|error| format!("no DNS server of this machine is known ({error}); name some in `dns`"))?,
            false => {
                let servers = self.dns.iter().map(|address| {
                    let mut server = NameServerConfig::udp_and_tcp(address.ip());
                    server.connections.iter_mut().for_each(|connection| connection.port = address.port());
                    server
                });
                let config = ResolverConfig::from_name_servers(servers.collect());
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = within / 3;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.try_tcp_on_error = true;
        builder.build().map_err(|error| error.to_string())
    }

    fn explained(&self, error: &NetError) -> String {
        let name = &self.name;
        match (error.is_nx_domain(), error.is_no_records_found()) {
            (true, _) => {
                format!("DNS knows no `{name}`; `dns` names servers that know the domain, `urls` the servers themselves")
            }
            (false, true) => format!("DNS has no SRV record for `{name}`; `urls` names the servers themselves"),
            (false, false) => format!("DNS does not answer for `{name}`: {error}"),
        }
    }
}

/// `10.0.0.53`, `10.0.0.53:5353`, `[fd00::53]:53`.
fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, srv: &str) -> (String, String) {
        let text = format!("kind = \"{kind}\"\nbase = \"dc=a\"\nsrv = \"{srv}\"\ndns = [\"127.0.0.1\"]");
        let record = SrvRecord::of(&toml::from_str(&text).unwrap()).unwrap();
        (record.name.into(), record.domain.into())
    }

    #[test]
    fn the_record_follows_from_kind_and_domain_or_is_named_whole() {
        let both = |name: &str, domain: &str| (name.to_owned(), domain.to_owned());
        assert_eq!(record("active_directory", "Corp.Example."), both("_ldap._tcp.dc._msdcs.corp.example", "corp.example"));
        assert_eq!(record("openldap", "example.org"), both("_ldap._tcp.example.org", "example.org"));
        assert_eq!(record("openldap", "_ldaps._tcp.example.org"), both("_ldaps._tcp.example.org", "example.org"));
        let site = "_ldap._tcp.Berlin._sites.dc._msdcs.corp.example";
        assert_eq!(record("active_directory", site), both(&site.to_lowercase(), "corp.example"));
    }

    #[test]
    fn a_dns_server_is_an_address_with_a_port_or_without() {
        let read = |text: &str| address(text).map(|address| address.to_string());
        assert_eq!(read("10.0.0.53").as_deref(), Some("10.0.0.53:53"));
        assert_eq!(read("10.0.0.53:5353").as_deref(), Some("10.0.0.53:5353"));
        assert_eq!((read("fd00::53").as_deref(), read("ns.example")), (Some("[fd00::53]:53"), None));
    }
}
