//! The program itself: a process that ends with the test, and the commands beside it.

use std::process::Stdio;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::World;

/// Nothing takes longer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Where the gateway's words go, in the world's folder.
pub const LOG: &str = "gateway.log";

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub words: String,
}

impl Said {
    /// All these are in the words about it.
    #[track_caller]
    pub fn mentions(&self, all: &[&str]) {
        // A long line is broken where a terminal would: words are compared, not lines.
        let words = self.words.split_whitespace().collect::<Vec<_>>().join(" ");
        for one in all {
            assert!(words.contains(one), "no {one:?} in: {self:?}");
        }
    }
}

/// `sekisho`, in the folder of a world, with nothing of this process's own environment that it would read.
pub fn program(world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.current_dir(world.folder.path()).env("SEKISHO_CONFIG", world.path("sekisho.toml"));
    let language = ["SEKISHO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET"].into_iter().chain(language) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub async fn command(world: &World, line: &[&str]) -> Said {
    ended(program(world).args(line)).await
}

/// Runs a command to its end at a terminal of this language: `ja_JP.UTF-8`.
pub async fn command_in(world: &World, language: &str, line: &[&str]) -> Said {
    ended(program(world).env("LANG", language).args(line)).await
}

async fn ended(command: &mut Command) -> Said {
    let output = timeout(PATIENCE, command.output()).await.unwrap_or_else(|_| panic!("{command:?} does not end")).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), words: text(output.stderr) }
}

/// The running gateway; dropped, it is killed.
pub struct Gateway {
    child: Child,
    log: std::path::PathBuf,
}

impl Gateway {
    /// Starts it, not waiting for anything.
    pub fn start(world: &World) -> Self {
        Self::speaking(world, program(world).arg("run").stdout(Stdio::null()))
    }

    /// Starts it by this command; what it says goes to a file.
    pub fn speaking(world: &World, command: &mut Command) -> Self {
        let log = world.path(LOG);
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        Self { child: command.stderr(file).spawn().unwrap(), log }
    }

    /// Everything that it wrote so far.
    pub fn words(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until the gateway says that it can do its work.
    pub async fn is_ready(&mut self, operations: u16) {
        let end = Instant::now() + PATIENCE;
        while !matches!(self::operations(operations, "/readyz").await, Some((200, _))) {
            assert!(self.child.try_wait().unwrap().is_none(), "the gateway ended: {}", self.words());
            assert!(Instant::now() < end, "the gateway is not ready: {}", self.words());
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until it wrote this.
    pub async fn says(&self, text: &str) {
        until(&format!("{text:?} in {}", self.log.display()), async || self.words().contains(text)).await;
    }

    /// Sends it a signal.
    pub async fn signal(&self, name: &str) {
        let process = self.child.id().expect("the gateway ended").to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().await.unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop, and waits for its end: its exit code.
    pub async fn stop(mut self) -> i32 {
        self.signal("TERM").await;
        self.ends().await
    }

    /// Waits for its end: its exit code, or -1 where a signal ended it.
    pub async fn ends(&mut self) -> i32 {
        timeout(PATIENCE, self.child.wait()).await.expect("it does not end").unwrap().code().unwrap_or(-1)
    }
}

/// Waits until it is so.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "it did not come to pass: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// What the operations listener answers; `None` if nobody does.
pub async fn operations(port: u16, path: &str) -> Option<(u16, String)> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let request = hyper::Request::get(path).header("host", "operations").body(Empty::<Bytes>::new()).unwrap();
    let (parts, body) = sender.send_request(request).await.ok()?.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    Some((parts.status.as_u16(), String::from_utf8_lossy(&body).into_owned()))
}
