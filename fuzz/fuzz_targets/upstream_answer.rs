//! Answers of an upstream as they arrive on a connection, cut anywhere.
#![no_main]

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use libfuzzer_sys::fuzz_target;
use sekisho::gateway::upstream::http1::{AnswerFault, AnswerFraming, AnswerHead, ChunkReader, HeadReading, read_head};

/// What a client gets of an answer, and how it ends.
#[derive(Debug, PartialEq)]
struct Answered {
    head: Option<(StatusCode, HeaderMap, AnswerFraming, bool)>,
    body: Vec<u8>,
    trailers: Option<HeaderMap>,
    /// Where it ended cleanly: how many bytes stand behind it.
    behind: Option<usize>,
    is_malformed: bool,
}

/// The head that stands at the front of all that came, as soon as there is one.
fn head(came: &mut BytesMut, method: &Method) -> Result<Option<(AnswerHead, Bytes)>, AnswerFault> {
    while !came.is_empty() {
        match read_head(came, method)? {
            HeadReading::Partial => return Ok(None),
            HeadReading::Interim => {}
            HeadReading::Head(head, rest) => return Ok(Some((head, rest))),
        }
    }
    Ok(None)
}

fn read<'b>(mut pieces: impl Iterator<Item = &'b [u8]>, method: &Method) -> Answered {
    let mut answered = Answered { head: None, body: Vec::new(), trailers: None, behind: None, is_malformed: false };
    let mut came = BytesMut::new();
    let (found, mut rest) = loop {
        let Some(piece) = pieces.next() else { return answered };
        came.extend_from_slice(piece);
        match head(&mut came, method) {
            Ok(None) => {}
            Ok(Some(found)) => break found,
            Err(_malformed) => return Answered { is_malformed: true, ..answered },
        }
    };
    answered.head = Some((found.response.status(), found.response.headers().clone(), found.framing, found.keeps));
    let mut chunks = ChunkReader::default();
    let mut left = match found.framing {
        AnswerFraming::Length(length) => length,
        _ => 0,
    };
    loop {
        let ended = match found.framing {
            AnswerFraming::Nothing | AnswerFraming::Switched => true,
            AnswerFraming::Length(_) => {
                let here = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                answered.body.extend(rest.split_to(here));
                left -= here as u64;
                left == 0
            }
            AnswerFraming::Chunks => {
                while !rest.is_empty() && !chunks.is_done() {
                    if chunks.advance(&mut rest).is_err() {
                        return Answered { is_malformed: true, ..answered };
                    }
                    answered.body.extend(chunks.data(&mut rest).unwrap_or_default());
                }
                chunks.is_done()
            }
            AnswerFraming::ToTheEnd => {
                answered.body.extend(rest.split_to(rest.len()));
                false
            }
        };
        if ended {
            answered.trailers = chunks.take_trailers();
            answered.behind = Some(rest.len() + pieces.map(<[u8]>::len).sum::<usize>());
            return answered;
        }
        let Some(piece) = pieces.next() else { return answered };
        rest = Bytes::copy_from_slice(piece);
    }
}

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (cut, is_head, bytes) = input;
    let method = if is_head { Method::HEAD } else { Method::GET };
    let whole = read([bytes].into_iter(), &method);
    let in_pieces = read(bytes.chunks(usize::from(cut).max(1)), &method);
    assert_eq!(whole, in_pieces);

    if let Some((status, headers, framing, keeps)) = &whole.head {
        let count = |name| headers.get_all(name).iter().count();
        assert!(count("content-length") <= 1);
        if matches!(framing, AnswerFraming::Length(_) | AnswerFraming::Chunks) {
            assert_eq!(count("content-length") + count("transfer-encoding"), 1, "one thing says where it ends");
            assert!(!is_head && !matches!(status.as_u16(), 204 | 304));
        }
        if *keeps {
            assert!(!matches!(framing, AnswerFraming::ToTheEnd | AnswerFraming::Switched));
            assert!(!headers.get_all("connection").iter().any(|value| value.as_bytes().eq_ignore_ascii_case(b"close")));
        }
        assert!(headers.values().all(|value| !value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))));
    }
});
