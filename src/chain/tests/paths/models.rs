//! What servers and frameworks make of a path, in the plainest way and each for itself, as it was measured (docs/paths.md).

use std::collections::BTreeSet;

/// An app: the paths that it acts by when it gets this one (none where it refuses or redirects), and what it makes no
/// difference of.
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) reads: fn(&str) -> Vec<Vec<u8>>,
    pub(super) case: bool,
    pub(super) slash: bool,
    pub(super) extension: Extension,
    pub(super) index: bool,
}

/// What it takes off a path's last segment.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Extension {
    None,
    /// Rails: the last one is the format.
    Last,
    /// Spring: `/admin.*`.
    All,
}

pub(super) const PLAIN: Model =
    Model { name: "axum", reads: as_is, case: true, slash: true, extension: Extension::None, index: false };

pub(super) const MODELS: &[Model] = &[
    PLAIN,
    Model { name: "express", reads: as_is, case: false, slash: false, ..PLAIN },
    Model { name: "fastify", reads: |path| one(decoded(path, false)), ..PLAIN },
    Model { name: "actix", reads: |path| one(decoded(path, false)), ..PLAIN },
    Model { name: "node url", reads: |path| vec![url(path, true).into_bytes()], ..PLAIN },
    Model { name: "hono", reads: |path| one(decoded(&url(path, false), false)), ..PLAIN },
    Model { name: "next", reads: next, slash: false, ..PLAIN },
    Model { name: "werkzeug", reads: |path| one(decoded(path, true)).into_iter().map(|path| leading(&path)).collect(), ..PLAIN },
    Model { name: "django", reads: |path| one(decoded(path, true)), ..PLAIN },
    Model { name: "uwsgi", reads: uwsgi, ..PLAIN },
    Model { name: "tornado", reads: as_is, ..PLAIN },
    Model { name: "cherrypy", reads: cherrypy, slash: false, ..PLAIN },
    Model { name: "go", reads: go, ..PLAIN },
    Model { name: "gin", reads: |path| one(decoded(path, true)), ..PLAIN },
    Model { name: "rails", reads: |path| vec![merged(path.as_bytes())], slash: false, extension: Extension::Last, ..PLAIN },
    Model { name: "sinatra", reads: sinatra, ..PLAIN },
    Model { name: "tomcat", reads: tomcat, slash: false, ..PLAIN },
    Model { name: "jetty", reads: |path| jetty(path).into_iter().collect(), ..PLAIN },
    Model {
        name: "spring",
        reads: |path| jetty(path).map(|path| merged(&path)).into_iter().collect(),
        slash: false,
        extension: Extension::All,
        ..PLAIN
    },
    Model { name: "nginx", reads: |path| nginx(path).into_iter().collect(), slash: false, index: true, ..PLAIN },
    Model { name: "php", reads: php, slash: false, index: true, ..PLAIN },
];

pub(super) fn as_is(path: &str) -> Vec<Vec<u8>> {
    vec![necessary(path)]
}

pub(super) fn one(path: Vec<u8>) -> Vec<Vec<u8>> {
    vec![path]
}

/// Escapes of what cannot stand in a path at all: an app that has such a name in a route writes it so.
pub(super) fn necessary(path: &str) -> Vec<u8> {
    decode(path, |byte| !byte.is_ascii_graphic() || b"\"<>^`{|}[]?#".contains(&byte))
}

/// Percent-decoded once; `%2F` is a slash or stays what it is.
pub(super) fn decoded(path: &str, slash: bool) -> Vec<u8> {
    decode(path, |byte| slash || byte != b'/')
}

pub(super) fn decode(path: &str, which: impl Fn(u8) -> bool) -> Vec<u8> {
    let bytes = path.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let byte = (bytes[at] == b'%').then(|| u8::from_str_radix(&path[at + 1..at + 3], 16).unwrap());
        match byte {
            Some(byte) if which(byte) && byte != b'%' => {
                out.push(byte);
                at += 3;
            }
            Some(_) => {
                out.extend_from_slice(path[at..at + 3].to_ascii_uppercase().as_bytes());
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

pub(super) fn segments(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/').skip(1).map(<[u8]>::to_vec).collect()
}

pub(super) fn joined(segments: &[Vec<u8>]) -> Vec<u8> {
    if segments.is_empty() {
        return b"/".to_vec();
    }
    segments.iter().flat_map(|segment| [b"/".to_vec(), segment.clone()].concat()).collect()
}

pub(super) fn merged(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for byte in path {
        if *byte != b'/' || out.last() != Some(&b'/') {
            out.push(*byte);
        }
    }
    out
}

pub(super) fn leading(path: &[u8]) -> Vec<u8> {
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    [b"/", &path[slashes..]].concat()
}

/// Dot segments resolved; `None` where it climbs.
pub(super) fn resolved(path: &[u8], is_dots: impl Fn(&[u8], usize) -> bool) -> Option<Vec<u8>> {
    let all = segments(path);
    let mut out: Vec<Vec<u8>> = Vec::new();
    for (place, segment) in all.iter().enumerate() {
        let last = place + 1 == all.len();
        if is_dots(segment, 1) {
            if last {
                out.push(Vec::new());
            }
        } else if is_dots(segment, 2) {
            out.pop()?;
            if last {
                out.push(Vec::new());
            }
        } else {
            out.push(segment.clone());
        }
    }
    Some(joined(&out))
}

pub(super) fn plain_dots(segment: &[u8], count: usize) -> bool {
    segment == &b".."[..count]
}

/// The WHATWG URL of a request's path; with a base, `//host/path` is `/path`.
pub(super) fn url(path: &str, with_base: bool) -> String {
    let mut path = path.replace('\\', "/");
    if with_base && path.starts_with("//") {
        let host = path.trim_start_matches('/');
        path = format!("/{}", host.split_once('/').map_or("", |(_, path)| path));
    }
    let dots = |segment: &[u8], count: usize| {
        String::from_utf8_lossy(segment).to_ascii_lowercase().replace("%2e", ".") == "."[..].repeat(count)
    };
    let resolved = resolved(path.as_bytes(), dots).unwrap_or_else(|| b"/".to_vec());
    String::from_utf8(resolved).unwrap()
}

/// Next.js: no route is decoded; `/_next/data/BUILD/page.json` is the page's data.
pub(super) fn next(path: &str) -> Vec<Vec<u8>> {
    let path = url(path, false);
    let mut all = vec![necessary(&path)];
    if let Some((_, page)) = path.strip_prefix("/_next/data/").and_then(|behind| behind.split_once('/')) {
        all.push(necessary(&format!("/{}", page.trim_end_matches(".json"))));
    }
    all
}

pub(super) fn uwsgi(path: &str) -> Vec<Vec<u8>> {
    let resolved = resolved(path.as_bytes(), plain_dots);
    resolved.into_iter().map(|path| leading(&decoded(std::str::from_utf8(&path).unwrap(), true))).collect()
}

pub(super) fn latin(path: Vec<u8>) -> Vec<u8> {
    if std::str::from_utf8(&path).is_ok() {
        path
    } else {
        path.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
    }
}

pub(super) fn cherrypy(path: &str) -> Vec<Vec<u8>> {
    vec![merged(&latin(decoded(path, false)))]
}

/// `net/http` before Go 1.22: what is not clean is redirected.
pub(super) fn go(path: &str) -> Vec<Vec<u8>> {
    let path = decoded(path, true);
    let clean = resolved(&merged(&path), plain_dots);
    if clean.as_ref() == Some(&path) { vec![path] } else { Vec::new() }
}

pub(super) fn sinatra(path: &str) -> Vec<Vec<u8>> {
    let path: Vec<u8> = decoded(path, true).iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    resolved(&merged(&path), plain_dots).into_iter().collect()
}

pub(super) fn without_parameters(path: &str) -> String {
    path.split('/').map(|segment| segment.split(';').next().unwrap()).collect::<Vec<_>>().join("/")
}

pub(super) fn tomcat(path: &str) -> Vec<Vec<u8>> {
    let lower = path.to_ascii_lowercase();
    if lower.contains('\\') || lower.contains("%2f") || lower.contains("%5c") {
        return Vec::new();
    }
    let path = decoded(&without_parameters(path), true);
    if std::str::from_utf8(&path).is_err() {
        return Vec::new();
    }
    resolved(&merged(&path), plain_dots).into_iter().collect()
}

pub(super) fn jetty(path: &str) -> Option<Vec<u8>> {
    resolved(&latin(decoded(&without_parameters(path), true)), plain_dots)
}

pub(super) fn nginx(path: &str) -> Option<Vec<u8>> {
    resolved(&merged(&decoded(path, true)), plain_dots)
}

/// A script in the middle gets the rest as its `PATH_INFO`, by which a front page chooses.
pub(super) fn php(path: &str) -> Vec<Vec<u8>> {
    let Some(path) = nginx(path) else { return Vec::new() };
    let mut all = vec![path.clone()];
    let parts = segments(&path);
    for place in 0..parts.len().saturating_sub(1) {
        if parts[place].to_ascii_lowercase().ends_with(b".php") {
            all.push(joined(&parts[..=place]));
            all.push(joined(&parts[place + 1..]));
        }
    }
    all
}

impl Model {
    /// A path or a pattern in the form by which this app distinguishes them.
    pub(super) fn canonical(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let mut parts = segments(path);
        let name = |part: &[u8]| String::from_utf8_lossy(part).to_ascii_lowercase();
        if self.index && parts.last().is_some_and(|last| name(last) == "index" || name(last).starts_with("index.")) {
            *parts.last_mut().unwrap() = Vec::new();
        }
        while !self.slash && parts.len() > 1 && parts.last().is_some_and(Vec::is_empty) {
            parts.pop();
        }
        if let Some(last) = parts.last_mut().filter(|last| *last != b"*" && *last != b"**") {
            let mut dots = last.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'.').map(|(at, _)| at);
            let at = match self.extension {
                Extension::None => None,
                Extension::Last => dots.next_back(),
                Extension::All => dots.min(),
            };
            last.truncate(at.unwrap_or(last.len()));
        }
        if !self.case {
            parts.iter_mut().for_each(|part| part.make_ascii_lowercase());
        }
        parts
    }

    pub(super) fn matches(&self, pattern: &str, path: &[u8]) -> bool {
        let (wanted, below) = match pattern.strip_suffix("/**") {
            Some(folder) => (segments(folder.as_bytes()), true),
            None => (self.canonical(pattern.as_bytes()), false),
        };
        let wanted: Vec<Vec<u8>> =
            wanted.into_iter().map(|part| if self.case { part } else { part.to_ascii_lowercase() }).collect();
        let parts = self.canonical(path);
        let fits = wanted.iter().zip(&parts).all(|(wanted, part)| wanted == part || (wanted == b"*" && !part.is_empty()));
        fits && if below { parts.len() >= wanted.len() } else { parts.len() == wanted.len() }
    }

    /// The rules that hold for a path that the app acts by: the most specific one, and those that are the same to it.
    pub(super) fn rules<'r>(&self, rules: &'r [String], path: &[u8]) -> BTreeSet<&'r str> {
        let rank = |pattern: &str| {
            let canonical = self.canonical(pattern.as_bytes());
            canonical
                .iter()
                .map(|part| match part.as_slice() {
                    b"**" => 3,
                    b"*" => 1,
                    _ => 0,
                })
                .chain([2])
                .collect::<Vec<_>>()
        };
        let holding: Vec<&String> = rules.iter().filter(|pattern| self.matches(pattern, path)).collect();
        let best = holding.iter().map(|pattern| rank(pattern)).min();
        let best: BTreeSet<&str> =
            holding.into_iter().filter(|pattern| Some(rank(pattern)) == best).map(String::as_str).collect();
        if best.is_empty() { BTreeSet::from(["own"]) } else { best }
    }
}
