//! Streams and sockets outlive the request that opened them: as long as one is open it is judged again, twice a second, by the
//! present papers of its connection and session. A revocation ends it at once; anything else within a second: the session's
//! time, the cookie that was taken away, the certificate, the account, a network, a reloaded config (T25).
//! Invariant: what would be refused now is not open any more. What would only be asked for again, as an older sign-in, goes
//! on until its session ends.

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http::header::{self, HeaderMap};
use tokio_util::sync::CancellationToken;

use crate::gateway::stream_end::StreamEnd;

use crate::chain::{Named, Verdict};
use crate::facts::client_address::ClientAddress;
use crate::gateway::accept::facts::ConnectionFacts;
use crate::gateway::body::Body;
use crate::gateway::exchange::judge::judge;
use crate::gateway::exchange::requirements;
use crate::gateway::exchange::{Exchange, Gateway};
use crate::gateway::hosts::AppHost;
use crate::session::sessions::Admitted;

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(500);

impl Exchange<'_> {
    /// Watches what this request opens: what nobody signed in for, too, since a network is shut by a reload as well.
    pub(in crate::gateway) fn watch(
        &self,
        app: &AppHost,
        asked: requirements::RequestedTargets,
        admitted: Option<&Admitted>,
        named: Option<Named>,
    ) -> StreamEnd {
        // A child: what ends here ends alone.
        let token = admitted.map_or_else(CancellationToken::new, |admitted| admitted.session.ended().child_token());
        let open = CancellationToken::new();
        let watched = Watched {
            gateway: Arc::clone(self.gateway),
            connection: Arc::clone(self.connection),
            address: self.address,
            app: Arc::clone(&app.name),
            asked,
            admitted: admitted.cloned(),
            named,
        };
        let (ended, gone) = (token.clone(), open.clone());
        self.gateway.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = gone.cancelled() => return,
                    () = ended.cancelled() => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
                if !watched.stands() {
                    ended.cancel();
                    return;
                }
            }
        });
        StreamEnd::new(token, open.drop_guard())
    }

    /// An answer that turns out to be a stream ends with what opened it.
    pub(in crate::gateway) fn bound(
        &self,
        app: &AppHost,
        asked: requirements::RequestedTargets,
        admitted: Option<&Admitted>,
        named: Option<Named>,
        answer: Response<Body>,
    ) -> Response<Body> {
        if !streams(answer.headers()) {
            return answer;
        }
        let ended = self.watch(app, asked, admitted, named);
        answer.map(|body| body.until(ended))
    }
}

/// What opened a stream or socket.
struct Watched {
    gateway: Arc<Gateway>,
    connection: Arc<ConnectionFacts>,
    address: ClientAddress,
    app: Arc<str>,
    asked: requirements::RequestedTargets,
    admitted: Option<Admitted>,
    /// The name that the app got where nobody signed in.
    named: Option<Named>,
}

impl Watched {
    /// Whether it may go on.
    fn stands(&self) -> bool {
        let Self { gateway, connection, address, asked, .. } = self;
        let admitted = self.admitted.as_ref();
        if !admitted.is_none_or(|admitted| gateway.core.sessions().still_admits(admitted)) {
            return false;
        }
        let snapshot = gateway.snapshot.load();
        let Some(app) = snapshot.hosts.named(&self.app) else { return false };
        // By a config that was loaded since, it may be read in two ways, or be what is refused.
        let Ok(asked) = asked.selected(app) else { return false };
        match judge(gateway, connection, *address, app, asked, admitted).verdict {
            Verdict::Pass(permit) => permit.named() == self.named.as_ref(),
            Verdict::Hold(hold) => hold.named() == self.named.as_ref(),
            Verdict::Ask(_) => admitted.is_some(),
            Verdict::Refuse(_) => false,
        }
    }
}

/// Whether an answer goes on for as long as both sides like: events, pictures that replace each other, calls of gRPC, and
/// JSON that is written record by record (RFC 7464).
pub(in crate::gateway) fn streams(headers: &HeaderMap) -> bool {
    const KINDS: [&[u8]; 6] = [
        b"text/event-stream",
        b"multipart/x-mixed-replace",
        b"application/grpc",
        b"application/x-ndjson",
        b"application/stream+json",
        b"application/json-seq",
    ];
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return false };
    KINDS.iter().any(|stream| kind.as_bytes().get(..stream.len()).is_some_and(|start| start.eq_ignore_ascii_case(stream)))
}
