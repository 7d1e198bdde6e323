//! Multipart forms: the parts that are values, each read in the one way that every upstream reads it.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http::{HeaderMap, header};

use super::Source;
use super::error::Unreadable;
use super::form::other_charset;
use super::media_type::{MULTIPART, content_type, typed};
use super::parameter::{FormParameters, MOST, Parameter, alike};
use crate::transaction::spool::{self, HeldBody};

/// The longest value of a multipart form that is shown.
const LONGEST_PART: usize = 64 * 1024;

pub(super) async fn multipart(source: &Source<'_>, names: &[&str]) -> Result<FormParameters, Unreadable> {
    typed(source.headers, |found| found == MULTIPART, MULTIPART)?;
    let boundaries =
        content_type(source.headers).map_or(0, |(_, said)| said.iter().filter(|(name, _)| name == "boundary").count());
    if boundaries != 1 {
        return Err(Unreadable::Malformed("its type says no boundary, or several"));
    }
    let text = source.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(text).map_err(|_| Unreadable::Malformed("its type says no boundary"))?;
    let names_of_parts = named_parts(source.body, &boundary).await?;
    let mut form = multer::Multipart::new(begun(spool::parts(Arc::clone(source.body))).await?, boundary);
    let broken = |_| Unreadable::Malformed("not a multipart form");
    let mut found: FormParameters = Vec::new();
    let mut count = 0;
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        count += 1;
        if count > MOST {
            return Err(Unreadable::Malformed("it has more than a thousand parts"));
        }
        let (name, is_file) =
            disposition(part.headers()).ok_or(Unreadable::Malformed("what a part is called can be read in two ways"))?;
        if !names.iter().any(|wanted| alike(&name, wanted)) && name != "_charset_" {
            continue;
        }
        let plain = !is_file
            && !part.headers().contains_key("content-transfer-encoding")
            && part.headers().get(header::CONTENT_TYPE).is_none_or(|kind| {
                let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
                kind.starts_with("text/plain") && (!kind.contains("charset") || kind.contains("utf-8"))
            });
        if !plain {
            return Err(Unreadable::NotPlain(name));
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            value.extend_from_slice(&chunk);
            if value.len() > LONGEST_PART {
                return Err(Unreadable::TooLong(LONGEST_PART as u64));
            }
        }
        let value = String::from_utf8(value).map_err(|_| Unreadable::Malformed("a value is not UTF-8"))?;
        found.push(Parameter::new(name, value));
    }
    // Of a name said twice, one is lost to us; which one counts for the upstream nobody knows.
    if names_of_parts != count {
        return Err(Unreadable::Malformed("a part is named twice, or holds a line that could name one"));
    }
    other_charset(&found)?;
    Ok(found)
}

/// The same stream with its first chunk at hand. multer 3.1 calls a form incomplete whose stream gives nothing when it is
/// first polled and everything at the next poll: a body that is read from a file does that now and then.
async fn begun<E>(
    chunks: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> Result<impl Stream<Item = Result<Bytes, E>> + Send, E>
where
    E: Send + 'static,
{
    let mut chunks = Box::pin(chunks);
    let first = chunks.try_next().await?;
    Ok(stream::iter(first.map(Ok)).chain(chunks))
}

/// The name in a part's one Content-Disposition (RFC 7578 §4.2), and whether it is a file: `name` and `filename` once each,
/// quoted, nothing escaped, nothing else. What says more is read by some in another way.
fn disposition(headers: &HeaderMap) -> Option<(String, bool)> {
    let mut all = headers.get_all(header::CONTENT_DISPOSITION).iter();
    let text = std::str::from_utf8(all.next()?.as_bytes()).ok()?;
    if all.next().is_some() {
        return None;
    }
    let (kind, mut rest) = text.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut is_file) = (None, false);
    loop {
        let (key, quoted) = rest.trim_start().split_once("=\"")?;
        let (value, after) = quoted.split_once('"')?;
        if value.contains('\\') {
            return None;
        }
        match key {
            "name" if name.is_none() => name = Some(value.to_owned()),
            "filename" if !is_file => is_file = true,
            _ => return None,
        }
        match after.trim_start().strip_prefix(';') {
            Some(more) => rest = more,
            None if after.trim().is_empty() => return Some((name?, is_file)),
            None => return None,
        }
    }
}

/// How many lines name a part. Some end a line at a bare line feed or carriage return: a boundary behind one is a boundary
/// to them alone, and is refused.
async fn named_parts(body: &Arc<HeldBody>, boundary: &str) -> Result<usize, Unreadable> {
    const NAMES: &[u8] = b"\ncontent-disposition";
    let line = format!("--{boundary}");
    let (boundaries, names) = (memchr::memmem::Finder::new(line.as_bytes()), memchr::memmem::Finder::new(NAMES));
    let mut chunks = std::pin::pin!(spool::parts(Arc::clone(body)));
    let mut seen: Vec<u8> = Vec::new();
    let mut count = 0;
    while let Some(chunk) = chunks.try_next().await? {
        let before = seen.len();
        seen.extend_from_slice(&chunk);
        for at in boundaries.find_iter(&seen).filter(|at| at + line.len() > before) {
            let ahead = seen.get(..at).unwrap_or_default();
            if matches!(ahead.last(), Some(b'\n' | b'\r')) && !ahead.ends_with(b"\r\n") {
                return Err(Unreadable::Malformed("a boundary stands behind half a line end"));
            }
        }
        count += names.find_iter(&seen.to_ascii_lowercase()).filter(|at| at + NAMES.len() > before).count();
        // As much as either may reach back, and what stands ahead of a boundary.
        seen.drain(..seen.len().saturating_sub(NAMES.len().max(line.len() + 1)));
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::task::Poll;

    use super::*;

    /// A form in one piece, which is there at the second poll, with its end.
    fn late() -> impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
        let form = Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\n--b--\r\n");
        let mut waits = true;
        let mut left = Some(form);
        stream::poll_fn(move |context| {
            if std::mem::take(&mut waits) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(left.take().map(Ok))
        })
    }

    #[tokio::test]
    async fn a_form_that_is_whole_between_two_polls_is_read() {
        let mut alone = multer::Multipart::new(late(), "b");
        assert!(alone.next_field().await.is_err(), "multer reads it by itself now: `begun` can go");
        let mut form = multer::Multipart::new(begun(late()).await.unwrap(), "b");
        let part = form.next_field().await.unwrap().unwrap();
        assert_eq!(part.text().await.unwrap(), "a");
        assert!(form.next_field().await.unwrap().is_none());
    }
}
