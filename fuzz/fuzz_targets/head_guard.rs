//! Requests as they arrive on a connection, cut anywhere.
#![no_main]

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use sekisho::gateway::head_guard::{HeadGuard, HeadLimits};
use tokio::io::{AsyncRead, ReadBuf};

const LIMITS: HeadLimits = HeadLimits { head: 2048, request_line: 512, fields: 16, within: Duration::from_secs(10) };

struct Pieces<'a>(VecDeque<&'a [u8]>);

impl AsyncRead for Pieces<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(piece) = self.0.pop_front() {
            let (now, later) = piece.split_at(piece.len().min(out.remaining()));
            out.put_slice(now);
            if !later.is_empty() {
                self.0.push_front(later);
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// What comes out, and whether it ended in a refusal or an error.
fn through(pieces: VecDeque<&[u8]>, room: usize) -> (Vec<u8>, &'static str) {
    let mut guard = HeadGuard::new(Pieces(pieces), LIMITS);
    let mut context = Context::from_waker(Waker::noop());
    let mut out = Vec::new();
    let mut space = vec![0; room];
    loop {
        let mut buffer = ReadBuf::new(&mut space);
        match Pin::new(&mut guard).poll_read(&mut context, &mut buffer) {
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => return (out, "end"),
            Poll::Ready(Ok(())) => out.extend_from_slice(buffer.filled()),
            Poll::Ready(Err(_)) => return (out, "broken body"),
            Poll::Pending => return (out, "refused"),
        }
    }
}

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (cut, room, bytes) = input;
    let whole = through([bytes].into(), 8192);
    let cut = through(bytes.chunks(usize::from(cut).max(1)).collect(), usize::from(room).max(1));
    // Of two reasons to refuse, the one that arrives first is told; that it is refused depends on nothing.
    let told = |(passed, end): &(Vec<u8>, &'static str)| {
        let at = passed.windows(8).position(|words| words == b"REFUSED ");
        (passed[..at.unwrap_or(passed.len())].to_vec(), at.is_some(), *end)
    };
    assert_eq!(told(&whole), told(&cut));

    // The first head that passes is what httparse reads, and says one thing only.
    let (passed, _) = whole;
    if !passed.starts_with(b"REFUSED ") && !passed.is_empty() {
        let mut fields = [httparse::EMPTY_HEADER; 32];
        let mut request = httparse::Request::new(&mut fields);
        // What no field may hold besides (control characters, say) is refused by the very same parser inside hyper.
        if let Ok(status) = request.parse(&passed) {
            assert!(status.is_complete());
            let count = |name: &str| request.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name)).count();
            assert!(count("host") <= 1 && count("content-length") + count("transfer-encoding") <= 1);
        }
    }
});
