//! An upstream that says whatever a test writes, byte for byte: one answer for each connection, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a connection: each step first reads a whole request.
#[derive(Clone, Copy)]
pub enum Step {
    /// Says these bytes.
    Say(&'static [u8]),
    /// Says nothing, and keeps the connection.
    Wait,
    /// Closes.
    Close,
}

pub struct Raw {
    pub address: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Raw {
    /// The n-th connection goes through the n-th script, every further one through the last; then it is closed.
    pub async fn start(scripts: &'static [&'static [Step]]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let raw = Self { address, connections: Arc::default(), requests: Arc::default() };
        let (connections, requests) = (Arc::clone(&raw.connections), Arc::clone(&raw.requests));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let script = scripts[number.min(scripts.len() - 1)];
                tokio::spawn(act(stream, script, Arc::clone(&requests)));
            }
        });
        raw
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Whole requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn act(mut stream: TcpStream, script: &[Step], requests: Arc<AtomicUsize>) {
    for step in script {
        if !whole_request(&mut stream).await {
            return;
        }
        requests.fetch_add(1, Ordering::SeqCst);
        match step {
            Step::Say(bytes) => stream.write_all(bytes).await.unwrap(),
            Step::Wait => std::future::pending().await,
            Step::Close => return,
        }
    }
}

/// Reads a head, and a body as its `Content-Length` or its last chunk says; `false` where the other side ended first.
async fn whole_request(stream: &mut TcpStream) -> bool {
    let mut read = Vec::new();
    let mut byte = [0; 1];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            let whole = match length {
                Some(length) => read.len() - end - 4 >= length,
                None if head.contains("transfer-encoding: chunked") => read.ends_with(b"0\r\n\r\n"),
                None => true,
            };
            if whole {
                return true;
            }
        }
        match stream.read(&mut byte).await {
            Ok(1) => read.push(byte[0]),
            _ => return false,
        }
    }
}
