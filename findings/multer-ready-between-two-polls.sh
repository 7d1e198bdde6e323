#!/usr/bin/env bash
# multer 3.1.0 (Rust): whether a whole multipart form is readable depends on when its stream becomes ready.
#
# One would think: a stream may be pending once and then give everything it has; the form is the same.
# Seen: if the stream is pending at the first poll and complete at the next one, next_field() answers "incomplete multipart
#   stream". It looks for the first boundary, polls the stream again, and, if that poll ended the stream, does not look for
#   the boundary in what the poll brought. The same bytes, ready at the first poll or pending once more, are read.
# Why it matters: a body that is read from a file or a socket is refused now and then, under load, and never in a debugger.
#   A reader that has waited for the first bytes before it gives the stream to multer is not affected.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "seen"
version = "0.0.0"
edition = "2021"

[dependencies]
multer = "=3.1.0"
bytes = "=1.12.1"
futures-util = { version = "=0.3.34", default-features = false, features = ["std"] }
futures-executor = "=0.3.34"
TOML
cat >"$folder/src/main.rs" <<'RUST'
use bytes::Bytes;
use futures_util::stream;
use std::task::Poll;

const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\n--b--\r\n";

/// The form in one piece, after so many polls without an answer; pending once more before the end where `late`.
fn read(pending: usize, late: bool) -> Result<String, String> {
    let (mut polls, mut given, mut waited) = (0, false, !late);
    let source = stream::poll_fn(move |context| {
        polls += 1;
        if polls <= pending || (given && !waited) {
            waited = waited || given;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if given {
            return Poll::Ready(None);
        }
        given = true;
        Poll::Ready(Some(Ok::<_, std::io::Error>(Bytes::from_static(FORM.as_bytes()))))
    });
    futures_executor::block_on(async {
        let mut form = multer::Multipart::new(source, "b");
        let field = form.next_field().await.map_err(|error| error.to_string())?.ok_or("no field")?;
        field.text().await.map_err(|error| error.to_string())
    })
}

fn main() {
    println!("ready at once: {:?}", read(0, false));
    println!("pending once, then whole: {:?}", read(1, false));
    println!("pending once, then its end later: {:?}", read(1, true));
}
RUST
(cd "$folder" && cargo run --quiet) | tee "$folder/out"
diff - "$folder/out" <<'OUT'
ready at once: Ok("a")
pending once, then whole: Err("incomplete multipart stream")
pending once, then its end later: Ok("a")
OUT
echo "multer 3.1.0: as described"
