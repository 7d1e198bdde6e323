//! `[limits]`: bounds of requests, connections and memory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::{Size, TimeSpan};

/// Sizes and times that hold for every connection and request.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Limits", deny_unknown_fields, default)]
pub struct LimitsSection {
    /// A request head.
    pub head: Size,
    /// Header fields of a request. Over HTTP/2 browsers send each cookie as a field of its own, and each is counted.
    pub header_fields: usize,
    /// A request line.
    pub request_line: Size,
    /// A body sent to the portal. A list of networks from an administrator may have 2MiB, whatever this says.
    pub portal_body: Size,
    /// A body held while its sender signs in.
    pub held_body: Size,
    /// All requests together that wait for a sign-in, heads and bodies under way included, each as 16 KiB at least; those of
    /// one network (an IPv4 address, an IPv6 /64) take up at most an eighth of it.
    pub held_bodies: Size,
    /// A body held for its approval, in memory or in a sealed file below `state.directory`.
    pub transaction_body: Size,
    /// All bodies held for their approval in memory; what goes beyond is written to sealed files.
    pub transaction_memory: Size,
    /// All bodies held for their approval in sealed files. Those of one user take up at most a quarter of this and of
    /// `transaction_memory` together, or one body.
    pub transaction_disk: Size,
    /// How long a body that is to be held may take to arrive.
    pub transaction_within: TimeSpan,
    /// Requests held for their approval at once; of one session at most a hundredth of these, and 8 at least.
    pub transactions: usize,
    /// A TLS handshake, PROXY header included.
    pub handshake: TimeSpan,
    /// Reading a request head.
    pub head_within: TimeSpan,
    /// A connection without a request; a body or a response that does not move.
    pub idle: TimeSpan,
    /// Streams of one HTTP/2 connection at once.
    pub h2_streams: u32,
    /// What the requests under way on one HTTP/2 connection may take up together: their heads, and forms that are read. A
    /// stream beyond it is refused, and browsers ask again.
    pub h2_requests: Size,
    /// What requests under way may take up on all HTTP/2 connections together, beyond 64 KiB of each connection; those of
    /// one network (an IPv4 address, an IPv6 /64) an eighth of it.
    pub h2_requests_all: Size,
    /// Connections of one client at once: an IPv4 address, or an IPv6 /64. A peer of `server.trusted_proxies` is bounded
    /// by `connections` alone; where it sends a PROXY header, the client that it names is counted.
    pub connections_per_peer: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connecting to an upstream.
    pub connect_within: TimeSpan,
    /// Entries of short-lived state (sign-ins, codes, counters) held at once.
    pub shared_entries: usize,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            head: Size::kib(64),
            header_fields: 128,
            request_line: Size::kib(16),
            portal_body: Size::kib(64),
            held_body: Size::mib(8),
            held_bodies: Size::mib(256),
            transaction_body: Size::mib(64),
            transaction_memory: Size::mib(64),
            transaction_disk: Size::mib(1024),
            transaction_within: TimeSpan::seconds(60),
            transactions: 10_000,
            handshake: TimeSpan::seconds(10),
            head_within: TimeSpan::seconds(10),
            idle: TimeSpan::seconds(60),
            h2_streams: 100,
            h2_requests: Size::mib(1),
            h2_requests_all: Size::mib(256),
            connections_per_peer: 1024,
            connections: 65_536,
            connect_within: TimeSpan::seconds(5),
            shared_entries: 1_000_000,
        }
    }
}
