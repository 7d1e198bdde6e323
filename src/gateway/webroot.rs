//! The folder of another ACME client: what it writes there for a validator (RFC 8555 §8.3) is answered, and nothing else that
//! the folder holds. An answer names its own token and is made of plain letters, so that no page of anybody comes of it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response};

/// Where validators look.
const PREFIX: &str = "/.well-known/acme-challenge/";
/// The longest token that is looked for.
const LONGEST_TOKEN: usize = 128;
/// The longest file that is read, bytes: a token, a point and a thumbprint have room.
const LONGEST_FILE: u64 = 512;
/// A thumbprint is a SHA-256 in base64url (RFC 8555 §8.1).
const THUMBPRINT: usize = 43;

/// The folder, as `server.acme_webroot` names it.
#[derive(Clone, Debug)]
pub struct Webroot(Arc<Path>);

/// What a validator asks for: a file that may be there.
#[derive(Debug)]
pub(in crate::gateway) struct WebrootFile {
    path: PathBuf,
    token: String,
}

impl Webroot {
    /// This folder.
    pub fn new(folder: &Path) -> Self {
        Self(folder.into())
    }

    /// The file that a request asks for, if it asks for one as validators do.
    pub(in crate::gateway) fn asked<B>(&self, request: &Request<B>) -> Option<WebrootFile> {
        let token = request.uri().path().strip_prefix(PREFIX).filter(|_| request.method() == Method::GET)?;
        let is_token = (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(is_base64url);
        let path = || self.0.join(PREFIX.trim_matches('/')).join(token);
        is_token.then(|| WebrootFile { path: path(), token: token.to_owned() })
    }
}

impl WebrootFile {
    /// The answer; `None` where the file is not there or is none that a validator waits for.
    pub(in crate::gateway) async fn answer(self) -> Option<Response<Bytes>> {
        let read = tokio::task::spawn_blocking(move || self.read()).await.ok()?;
        read.map(|text| key_authorization(text.into()))
    }

    fn read(&self) -> Option<String> {
        let text = match plain_file(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::debug!(path = %self.path.display(), %error, "acme_webroot_file_refused");
                return None;
            }
        };
        let text = text.trim_ascii_end();
        let thumbprint = text.strip_prefix(self.token.as_str())?.strip_prefix('.')?;
        (thumbprint.len() == THUMBPRINT && thumbprint.bytes().all(is_base64url)).then(|| text.to_owned())
    }
}

/// The answer to a validator.
pub(in crate::gateway) fn key_authorization(text: Bytes) -> Response<Bytes> {
    let mut response = Response::new(text);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

const fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The text of a regular file that is no link: what is read is what stands in the folder under this name.
fn plain_file(path: &Path) -> io::Result<String> {
    let refused = |why: &'static str| io::Error::new(io::ErrorKind::InvalidInput, why);
    // Before it is opened: a pipe would wait for its writer.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(refused("it is no plain file"));
    }
    let file = File::open(path)?;
    let (opened, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    if !named.is_file() || (opened.dev(), opened.ino()) != (named.dev(), named.ino()) {
        return Err(refused("it is no plain file"));
    }
    let mut text = String::new();
    if file.take(LONGEST_FILE + 1).read_to_string(&mut text)? as u64 > LONGEST_FILE {
        return Err(refused("it is longer than an answer to a validator"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    const THUMB: &str = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    async fn asked(folder: &Path, method: &str, path: &str) -> Option<String> {
        let request = Request::builder().method(method).uri(path).body(()).unwrap();
        let answer = Webroot::new(folder).asked(&request)?.answer().await?;
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/octet-stream", "no browser shows it");
        Some(String::from_utf8(answer.into_body().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_validator_gets_the_file_of_its_token_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(".well-known/acme-challenge");
        fs::create_dir_all(&folder).unwrap();
        let good = format!("{TOKEN}.{THUMB}");
        fs::write(folder.join(TOKEN), format!("{good}\n")).unwrap();
        let path = format!("{PREFIX}{TOKEN}");
        assert_eq!(asked(root.path(), "GET", &path).await.as_deref(), Some(&*good));
        assert_eq!(asked(root.path(), "GET", &format!("{path}?x=1")).await.as_deref(), Some(&*good));

        fs::write(root.path().join("secret"), "secret").unwrap();
        fs::write(root.path().join(".well-known/secret"), format!("secret.{THUMB}")).unwrap();
        for path in ["", "../secret", "%2e%2e/secret", "..%2Fsecret", "../../secret", "x/../secret", ".", "a.b", "a/b", "a%00b"] {
            assert_eq!(asked(root.path(), "GET", &format!("{PREFIX}{path}")).await, None, "{path}");
        }
        assert_eq!(asked(root.path(), "GET", "/secret").await, None);
        for method in ["HEAD", "POST", "PUT", "DELETE"] {
            assert_eq!(asked(root.path(), method, &path).await, None, "{method}");
        }
        assert_eq!(asked(root.path(), "GET", &format!("{PREFIX}{}", "a".repeat(129))).await, None);
    }

    #[tokio::test]
    async fn no_page_no_link_and_no_device_is_read() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(".well-known/acme-challenge");
        fs::create_dir_all(folder.join("folder")).unwrap();
        fs::write(root.path().join("elsewhere"), format!("link.{THUMB}")).unwrap();
        std::os::unix::fs::symlink(root.path().join("elsewhere"), folder.join("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.join("device")).unwrap();
        for (name, text) in [
            ("page", "<script>alert(1)</script>".to_owned()),
            ("other", format!("{TOKEN}.{THUMB}")),
            ("short", format!("short.{}", &THUMB[1..])),
            ("tail", format!("tail.{THUMB}<b>")),
            ("long", format!("long.{THUMB}{}", " ".repeat(600))),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        fs::write(folder.join("binary"), [0xff, 0xfe]).unwrap();
        for name in ["page", "other", "short", "tail", "long", "binary", "link", "device", "folder", "missing"] {
            assert_eq!(asked(root.path(), "GET", &format!("{PREFIX}{name}")).await, None, "{name}");
        }
    }
}
