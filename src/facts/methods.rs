//! What a request does that its method does not say in the words of rules: `MOVE` reads its source and removes it, `MKCOL` makes
//! something. Rules speak of `GET`, `PUT` and `DELETE`; what is done under another name is judged by those as well.
//! Invariant: a method that is missing here is judged by its own name alone, as an app's own method is.

use http::Method;

static READS: [Method; 1] = [Method::GET];
static WRITES: [Method; 1] = [Method::PUT];
static TAKES_AWAY: [Method; 2] = [Method::GET, Method::DELETE];

/// What a request by `method` does at its own path beside what its name says.
pub fn also_done_by(method: &Method) -> &'static [Method] {
    if is_ordinary(method) {
        return &[];
    }
    match method.as_str() {
        // RFC 4918 §9.9: a copy, then the source is deleted. A reader of the copy has read the source.
        "MOVE" => &TAKES_AWAY,
        // RFC 4918 §9.8, §9.1; RFC 3253 §3.6; RFC 5323; the QUERY method reads with a body.
        "COPY" | "PROPFIND" | "REPORT" | "SEARCH" | "QUERY" => &READS,
        // RFC 4918 §9.3, §9.2, §9.10.4 (a lock makes a resource where none is); RFC 4791 §5.3.1; RFC 3744 §8.1; RFC 3648 §7;
        // RFC 3253: each of these makes or changes what its path names.
        "MKCOL" | "PROPPATCH" | "LOCK" | "MKCALENDAR" | "ACL" | "ORDERPATCH" | "VERSION-CONTROL" | "CHECKOUT" | "CHECKIN"
        | "UNCHECKOUT" | "UPDATE" | "LABEL" | "MERGE" | "BASELINE-CONTROL" | "MKWORKSPACE" | "MKACTIVITY" => &WRITES,
        _ => &[],
    }
}

/// Whether rules name the method for what it does: nearly every request has such a one.
fn is_ordinary(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_removes_reads_or_writes_under_another_name_is_known_rfc_4918() {
        let also = |name: &str| -> Vec<&str> {
            also_done_by(&Method::from_bytes(name.as_bytes()).unwrap()).iter().map(Method::as_str).collect()
        };
        assert_eq!(also("MOVE"), ["GET", "DELETE"]);
        for name in ["COPY", "PROPFIND", "REPORT", "SEARCH"] {
            assert_eq!(also(name), ["GET"], "{name}");
        }
        for name in ["MKCOL", "PROPPATCH", "LOCK", "MKCALENDAR", "ACL", "CHECKOUT"] {
            assert_eq!(also(name), ["PUT"], "{name}");
        }
        for name in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "UNLOCK", "BREW", "move"] {
            assert!(also(name).is_empty(), "{name}");
        }
    }
}
