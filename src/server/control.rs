//! The socket in the state directory: the same API for the command line while the gateway runs. A process that can open it could
//! read the state directory as well, so it asks for no token.
//! Invariant: only processes of the state directory's owner, or of root, are answered.

use std::convert::Infallible;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::portal::api::v1::PREFIX;

/// Where the socket of a state directory is.
pub(crate) fn path(state: &Path) -> PathBuf {
    state.join("control.sock")
}

/// The socket, bound.
pub(super) struct Control {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl Drop for Control {
    fn drop(&mut self) {
        // Left behind it would do no harm: the next start takes its place.
        let _best_effort = std::fs::remove_file(&self.path);
    }
}

impl Control {
    /// Binds it; the caller holds the lock of the state directory, so that what lies there is nobody's any more.
    pub(super) fn bind(state: &Path) -> io::Result<Self> {
        let path = path(state);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, owner: std::fs::metadata(state)?.uid(), path })
    }

    /// Answers until `shutdown`.
    pub(super) async fn serve(self, api: Router, tasks: TaskTracker, shutdown: CancellationToken) {
        let router = Router::new().nest_service(PREFIX, api);
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _unnamed)) if self.is_ours(&stream) => {
                    tasks.spawn(answer(stream, router.clone(), shutdown.clone()));
                }
                Ok(_) => tracing::warn!("control_refused: a process of another user"),
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Between the bind and the change of its mode anybody might have connected.
    fn is_ours(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

async fn answer(stream: UnixStream, router: Router, shutdown: CancellationToken) {
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    let connection = builder.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "control_connection_ended");
    }
}
