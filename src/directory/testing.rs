//! A small LDAP server for tests: real messages (RFC 4511) over real TLS on loopback, with as much of a directory as a
//! sign-in looks at, and manners that a real one would not show on demand. The real one is in `tests/directory`.

use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

/// Somebody in the directory; the names are `NAME` and `NAME@corp.test`.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    /// What is said of a right password instead of yes: `533`.
    pub(crate) data: Option<&'static str>,
}

/// How it behaves.
#[derive(Clone, Default)]
pub(crate) struct Manners {
    pub(crate) accounts: Vec<Account>,
    /// Plain at first, until it is asked for TLS.
    pub(crate) starttls: bool,
    /// Says no to that and would go on plain.
    pub(crate) stays_plain: bool,
    /// Takes a bind with an empty password for one without a name, as RFC 4513 §5.1.2 has it.
    pub(crate) anonymous: bool,
    /// Says that this one is bound.
    pub(crate) bound_as: Option<&'static str>,
    /// Answers no bind.
    pub(crate) silent: bool,
    /// Answers a bind with this result.
    pub(crate) result: Option<u8>,
    /// Another one: the same names are other entries.
    pub(crate) generation: u8,
    /// Whom its certificate names; `localhost` by default.
    pub(crate) host: Option<&'static str>,
}

/// It, as long as this is held.
pub(crate) struct LdapServer {
    pub(crate) port: u16,
    /// PEM.
    pub(crate) authority: String,
    scheme: &'static str,
    binds: Arc<Mutex<Vec<(String, String)>>>,
    connections: Arc<Mutex<usize>>,
}

impl LdapServer {
    pub(crate) async fn start(manners: Manners) -> Self {
        let host = manners.host.unwrap_or("localhost").to_owned();
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec![host]).unwrap();
        let acceptor = acceptor(&cert, &signing_key);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            authority: cert.pem(),
            scheme: if manners.starttls { "ldap" } else { "ldaps" },
            binds: Arc::default(),
            connections: Arc::default(),
        };
        let (binds, connections) = (Arc::clone(&server.binds), Arc::clone(&server.connections));
        let tasks = TaskTracker::new();
        drop(tasks.clone().spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *connections.lock().unwrap() += 1;
                let mut connection = ServedConnection {
                    manners: manners.clone(),
                    binds: Arc::clone(&binds),
                    user: None,
                    acceptor: acceptor.clone(),
                };
                drop(tasks.spawn(async move { connection.serve(stream).await }));
            }
        }));
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.port)
    }

    /// The table of the config for these servers; `more` are further keys.
    pub(crate) fn table(servers: &[&Self], folder: &std::path::Path, more: &str) -> String {
        let authority = folder.join("directory.pem");
        std::fs::write(&authority, servers.iter().map(|server| server.authority.as_str()).collect::<String>()).unwrap();
        let urls: Vec<String> = servers.iter().map(|server| server.url()).collect();
        format!(
            "[directory.corp]\nkind = \"active_directory\"\nurls = {urls:?}\nauthority = \"{}\"\nupn_suffix = \"corp.test\"\n\
             base = \"DC=corp,DC=test\"\n{more}\n",
            authority.display()
        )
    }

    /// Names and passwords that were bound with.
    pub(crate) fn binds(&self) -> Vec<(String, String)> {
        self.binds.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

fn acceptor(cert: &rcgen::Certificate, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key);
    TlsAcceptor::from(Arc::new(config.unwrap()))
}

/// One connection.
struct ServedConnection {
    manners: Manners,
    binds: Arc<Mutex<Vec<(String, String)>>>,
    user: Option<String>,
    acceptor: TlsAcceptor,
}

impl ServedConnection {
    async fn serve(&mut self, mut stream: TcpStream) -> Option<()> {
        if self.manners.starttls {
            let (id, operation) = message(&mut stream).await?;
            let stays_plain = self.manners.stays_plain;
            assert!(operation.first() == Some(&0x77), "before TLS nothing is sent but the request for it");
            stream.write_all(&answer(id, 0x78, u8::from(stays_plain) * 2, "", &[])).await.ok()?;
            if stays_plain {
                return self.talk(stream).await;
            }
        }
        let stream = self.acceptor.accept(stream).await.ok()?;
        self.talk(stream).await
    }

    async fn talk(&mut self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        loop {
            let (id, operation) = message(&mut stream).await?;
            let (tag, content, _) = element(&operation)?;
            let answer = match tag {
                0x60 => {
                    let fields = elements(content);
                    let [name, password] = [1, 2].map(|at| String::from_utf8(fields[at].1.to_vec()).unwrap());
                    self.binds.lock().unwrap().push((name.clone(), password.clone()));
                    if self.manners.silent {
                        continue;
                    }
                    self.bind(id, &name, &password)
                }
                0x77 => self.who(id),
                0x63 => self.search(id, content),
                _ => return None,
            };
            stream.write_all(&answer).await.ok()?;
        }
    }

    fn bind(&mut self, id: u8, name: &str, password: &str) -> Vec<u8> {
        if let Some(result) = self.manners.result {
            return answer(id, 0x61, result, "0000202B: RefErr: DSID-0310084A", &[]);
        }
        if password.is_empty() && self.manners.anonymous {
            return answer(id, 0x61, 0, "", &[]);
        }
        let account = self.manners.accounts.iter().find(|account| name.eq_ignore_ascii_case(&principal(account.name)));
        let data = match account {
            Some(account) if account.password == password => account.data,
            Some(_) => Some("52e"),
            None => Some("525"),
        };
        let Some(data) = data else {
            self.user = account.map(|account| account.name.to_owned());
            return answer(id, 0x61, 0, "", &[]);
        };
        let text = format!("80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data {data}, v4563\0");
        answer(id, 0x61, 49, &text, &[])
    }

    fn who(&self, id: u8) -> Vec<u8> {
        let bound = self.manners.bound_as.or(self.user.as_deref());
        let said = bound.map(|name| format!("u:CORP\\{name}")).unwrap_or_default();
        answer(id, 0x78, 0, "", &tlv(0x8b, said.as_bytes()))
    }

    fn search(&self, id: u8, content: &[u8]) -> Vec<u8> {
        if self.user.is_none() {
            return answer(id, 0x65, 1, "a successful bind must be completed", &[]);
        }
        // A real one refers to its other partitions as well.
        let mut out = tlv(0x30, &[tlv(2, &[id]), tlv(0x73, &tlv(4, b"ldap://elsewhere.corp.test/DC=elsewhere"))].concat());
        let mut wanted = Vec::new();
        equalities(elements(content)[6], &mut wanted);
        // As Active Directory compares: neither capitals nor accents count.
        let plain = |text: &str| -> String {
            use unicode_normalization::UnicodeNormalization as _;
            text.nfd().filter(char::is_ascii).flat_map(char::to_lowercase).collect()
        };
        for account in &self.manners.accounts {
            let names = [("sAMAccountName", account.name.to_owned()), ("userPrincipalName", principal(account.name))];
            if !names.iter().any(|(kind, name)| wanted.iter().any(|(by, value)| by == kind && plain(value) == plain(name))) {
                continue;
            }
            let attribute = |kind: &str, value: &[u8]| tlv(0x30, &[tlv(4, kind.as_bytes()), tlv(0x31, &tlv(4, value))].concat());
            let mut attributes: Vec<u8> = names.iter().flat_map(|(kind, name)| attribute(kind, name.as_bytes())).collect();
            let mut guid = [self.manners.generation; 16];
            guid.iter_mut().zip(account.name.bytes()).for_each(|(byte, letter)| *byte ^= letter | 0x80);
            attributes.extend(attribute("objectGUID", &guid));
            attributes.extend(attribute("pwdLastSet", b"133000000000000000"));
            let dn = format!("CN={},CN=Users,DC=corp,DC=test", account.name);
            let entry = tlv(0x64, &[tlv(4, dn.as_bytes()), tlv(0x30, &attributes)].concat());
            out.extend(tlv(0x30, &[tlv(2, &[id]), entry].concat()));
        }
        out.extend(answer(id, 0x65, 0, "", &[]));
        out
    }
}

fn principal(name: &str) -> String {
    format!("{name}@corp.test")
}

/// Every `attribute=value` in a filter.
fn equalities((tag, content): (u8, &[u8]), found: &mut Vec<(String, String)>) {
    match tag {
        0xa0 | 0xa1 => elements(content).into_iter().for_each(|part| equalities(part, found)),
        0xa3 => {
            let texts: Vec<String> =
                elements(content).into_iter().map(|(_, text)| String::from_utf8(text.to_vec()).unwrap()).collect();
            found.push((texts[0].clone(), texts[1].clone()));
        }
        other => panic!("a filter of another kind: {other:#x}"),
    }
}

/// A message's id and operation.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.ok()?;
    let mut length = usize::from(head[1]);
    if length > 0x80 {
        let mut more = vec![0; length - 0x80];
        stream.read_exact(&mut more).await.ok()?;
        length = more.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    }
    let mut content = vec![0; length];
    stream.read_exact(&mut content).await.ok()?;
    let (_, id, rest) = element(&content)?;
    Some((*id.last()?, rest.to_vec()))
}

/// The first element: its tag, its content, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ 0..0x80 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long - 0x80)?;
            (digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn elements(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    while let Some((tag, content, rest)) = element(bytes) {
        found.push((tag, content));
        bytes = rest;
    }
    found
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]][..], content].concat()
}

fn answer(id: u8, tag: u8, result: u8, text: &str, more: &[u8]) -> Vec<u8> {
    let fields = [tlv(0x0a, &[result]), tlv(4, b""), tlv(4, text.as_bytes()), more.to_vec()].concat();
    tlv(0x30, &[tlv(2, &[id]), tlv(tag, &fields)].concat())
}
