//! What the demo makes: an authority, a server certificate, a client certificate as PKCS#12, a config, and people. What is
//! there already stays as it was left.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::super::authority::Authority;
use super::config::DemoConfig;
use crate::account::links::{self, LinkPurpose};
use crate::account::users::NewUser;
use crate::certificate::authority::ANCHORS;
use crate::clock::SharedClock;
use crate::core::Core;
use crate::core::issuing::FOLDER;
use crate::principal::method::{Method, Methods};
use crate::principal::user::{GroupName, UserId};
use crate::random::Random;

/// Why the demo cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum MakingError {
    /// A file.
    #[error("write {0}: {1}")]
    File(PathBuf, io::Error),
    /// A certificate.
    #[error("make a certificate: {0}")]
    Certificate(String),
    /// A user.
    #[error("make the user {0}: {1}")]
    User(String, String),
}

/// What was made.
#[derive(Debug)]
pub(super) struct Made {
    /// The config file.
    pub(super) config: PathBuf,
    /// The authority's certificate.
    pub(super) authority: PathBuf,
    /// The client certificate as PKCS#12, and its passphrase.
    pub(super) client: PathBuf,
    /// The passphrase of the PKCS#12 file.
    pub(super) passphrase: &'static str,
    /// Whether it was there already.
    pub(super) again: bool,
    /// Whether somebody changed the config, which stays as it is then.
    pub(super) kept: bool,
}

/// A user of the demo, with everything one needs to sign in as them: these are not secrets.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DemoUser {
    /// The user name.
    pub(super) user: String,
    /// The password.
    pub(super) password: String,
    /// The authenticator's key in base32.
    pub(super) key: String,
    /// Recovery codes.
    pub(super) recovery_codes: Vec<String>,
    /// The transaction password; a state of an older build has none yet.
    #[serde(default)]
    pub(super) transaction_password: Option<String>,
}

/// Names that lead to this machine by themselves in every browser of today (RFC 6761 §6.3).
const HOSTS: [&str; 7] = [
    "auth.localhost",
    "open.localhost",
    "app.localhost",
    "cert.localhost",
    "phone.localhost",
    "diary.localhost",
    "bank.localhost",
];
/// The passphrase of a certificate that opens only this demo.
const PASSPHRASE: &str = "demo";

/// Makes what is missing below `folder`.
pub(super) fn make(
    folder: &Path,
    listen: SocketAddr,
    app: SocketAddr,
    clock: &SharedClock,
    random: &dyn Random,
) -> Result<Made, MakingError> {
    fs::create_dir_all(folder).map_err(|error| MakingError::File(folder.to_owned(), error))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
        .map_err(|error| MakingError::File(folder.to_owned(), error))?;
    let made = Made {
        config: folder.join("sekisho.toml"),
        authority: folder.join("authority.pem"),
        client: folder.join("alice.p12"),
        passphrase: PASSPHRASE,
        // Made by an older build its certificate lacks the hosts of today; then all of it is made again.
        again: folder.join("authority.pem").exists()
            && fs::read_to_string(folder.join("hosts")).is_ok_and(|hosts| hosts == HOSTS.join("\n")),
        kept: false,
    };
    if !made.again {
        certificates(folder, clock, random)?;
    }
    // Written again each time, as long as it is as it was made: ports may be others than last time.
    let kept = configure(folder, listen, app)?;
    Ok(Made { kept, ..made })
}

/// Writes the config, unless somebody changed the one that is there; whether that one was kept. It trusts the authority of
/// client certificates once that is there.
pub(super) fn configure(folder: &Path, listen: SocketAddr, app: SocketAddr) -> Result<bool, MakingError> {
    let path = folder.join("sekisho.toml");
    let is_there = folder.join("state").join(FOLDER).join(ANCHORS).exists();
    let made = DemoConfig::new(listen, app, is_there);
    let changed = fs::read_to_string(&path).ok().and_then(|present| made.beside(&present));
    write(&path, changed.as_deref().unwrap_or_else(|| made.text()).as_bytes())?;
    Ok(changed.is_some())
}

/// Makes the authority that signs client certificates, at the first start; whether it was made now.
pub(super) async fn issuing(core: &Core) -> Result<bool, MakingError> {
    if !core.authority().list().is_empty() {
        return Ok(false);
    }
    let made = core.authority().create("Sekisho demo").await;
    made.map_err(|error| MakingError::Certificate(error.to_string()))?;
    core.publish_authority().await;
    Ok(true)
}

fn certificates(folder: &Path, clock: &SharedClock, random: &dyn Random) -> Result<(), MakingError> {
    let wrong = |error: &dyn std::fmt::Display| MakingError::Certificate(error.to_string());
    let authority = Authority::new("Sekisho demo authority", clock.now(), random).map_err(|error| wrong(&error))?;
    let server = authority.server(&HOSTS).map_err(|error| wrong(&error))?;
    let client = authority.client("alice").map_err(|error| wrong(&error))?;

    let mut store = KeyStore::new();
    let certificate = |der: &[u8]| Certificate::from_der(der).map_err(|error| wrong(&error));
    let private = PrivateKey::from_der(&client.key.serialize_der()).map_err(|error| wrong(&error))?;
    let chain = PrivateKeyChain::new(
        random.id().to_vec(),
        private,
        vec![certificate(client.certificate.der())?, certificate(authority.der())?],
    );
    store.add_entry("alice", KeyStoreEntry::PrivateKeyChain(chain));
    let pkcs12 = store.writer(PASSPHRASE).write().map_err(|error| wrong(&error))?;

    write(&folder.join("server.key"), server.key.serialize_pem().as_bytes())?;
    write(&folder.join("server.pem"), format!("{}{}", server.certificate.pem(), authority.pem()).as_bytes())?;
    write(&folder.join("alice.key"), client.key.serialize_pem().as_bytes())?;
    write(&folder.join("alice.pem"), client.certificate.pem().as_bytes())?;
    write(&folder.join("alice.p12"), &pkcs12)?;
    write(&folder.join("hosts"), HOSTS.join("\n").as_bytes())?;
    // Last: its presence says that everything is there.
    write(&folder.join("authority.pem"), authority.pem().as_bytes())
}

fn write(path: &Path, content: &[u8]) -> Result<(), MakingError> {
    let failed = |error| MakingError::File(path.to_owned(), error);
    let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path).map_err(failed)?;
    io::Write::write_all(&mut file, content).map_err(failed)
}

/// The people of the demo; made at the first start, found again at the next.
pub(super) async fn people(core: &Core, folder: &Path) -> Result<Vec<DemoUser>, MakingError> {
    let path = folder.join("people.json");
    let found = fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str::<Vec<DemoUser>>(&text).ok());
    let mut people = match found {
        Some(people) if people.iter().all(|person| person.transaction_password.is_some()) => return Ok(people),
        Some(people) => people,
        None => {
            let mut people = Vec::new();
            for (name, called, password, group) in [
                ("alice", "Alice Liddell", "down the rabbit hole", "staff"),
                ("bob", "Bob Builder", "measure twice, cut once", "staff"),
                ("admin", "The Administrator", "keys to the whole castle", "administrators"),
            ] {
                let made = person(core, name, called, password, group).await;
                people.push(made.map_err(|error| MakingError::User(name.to_owned(), error))?);
            }
            people
        }
    };
    for person in people.iter_mut().filter(|person| person.transaction_password.is_none()) {
        let failed = |error: &dyn std::fmt::Display| MakingError::User(person.user.clone(), error.to_string());
        let user = UserId::parse(&person.user).map_err(|error| failed(&error))?;
        let secret = format!("{} signs it twice", person.user);
        let set = core.transaction_passwords().set(core.passwords(), &user, SecretString::from(secret.clone())).await;
        set.map_err(|error| failed(&error))?;
        person.transaction_password = Some(secret);
    }
    let text = serde_json::to_string_pretty(&people).map_err(|error| MakingError::User("all".to_owned(), error.to_string()))?;
    write(&path, text.as_bytes())?;
    Ok(people)
}

/// A link that registers a phone for a user, made again at each start; none where there is no room for another phone.
pub(super) async fn phone_link(core: &Core, user: &str) -> Result<Option<String>, MakingError> {
    let failed = |error: &dyn std::fmt::Display| MakingError::User(user.to_owned(), error.to_string());
    let id = UserId::parse(user).map_err(|error| failed(&error))?;
    let there = core.approvals().approvers.of_user(&id).await.map_err(|error| failed(&error))?;
    if core.users().find(&id).is_none() || there.len() >= core.approvals().config().per_user {
        return Ok(None);
    }
    let (_, secret) =
        core.links().issue(&id, LinkPurpose::Approver, "demo", links::LIFETIME).await.map_err(|error| failed(&error))?;
    let portal = core.config().file.portal.url.trim_end_matches('/').to_owned();
    Ok(Some(format!("{portal}/approver/#add={}", secret.text())))
}

async fn person(core: &Core, name: &str, called: &str, password: &str, group: &str) -> Result<DemoUser, String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let user = UserId::parse(name).map_err(|error| failed(&error))?;
    let group = GroupName::parse(group).map_err(|error| failed(&error))?;
    if core.groups().find(&group).is_none() {
        core.groups().add(group.clone(), None).await.map_err(|error| failed(&error))?;
    }
    if core.users().find(&user).is_none() {
        let new = NewUser {
            display_name: Some(called.to_owned()),
            email: Some(format!("{name}@demo.localhost")),
            groups: vec![group],
            ..NewUser::named(user.clone())
        };
        core.users().add(new).await.map_err(|error| failed(&error))?;
    }
    let methods = Methods::of(&[Method::Push, Method::Password]);
    core.assign(&user, methods).await.map_err(|error| failed(&error))?;
    core.passwords().set(&user, SecretString::from(password.to_owned())).await.map_err(|error| failed(&error))?;
    let (enrolment, drawn) = core.totps().draw(&user).map_err(|error| failed(&error))?;
    core.totps().adopt(&user, &drawn).await.map_err(|error| failed(&error))?;
    let codes = core.recovery_codes().renew(&user).await.map_err(|error| failed(&error))?;
    let key: String = enrolment.key.chars().filter(|c| !c.is_whitespace()).collect();
    debug_assert!(BASE32_NOPAD.decode(key.as_bytes()).is_ok());
    Ok(DemoUser {
        user: name.to_owned(),
        password: password.to_owned(),
        key,
        recovery_codes: codes.iter().map(|code| code.expose_secret().to_owned()).collect(),
        transaction_password: None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemClock;
    use crate::config::Config;

    #[tokio::test]
    async fn the_demo_has_an_authority_of_client_certificates_and_trusts_it() {
        let folder = tempfile::tempdir().unwrap();
        let clock: SharedClock = Arc::new(SystemClock::new());
        let random = crate::core::testing::random();
        let [listen, app] = ["127.0.0.1:8443", "127.0.0.1:9000"].map(|address| address.parse().unwrap());
        let made = make(folder.path(), listen, app, &clock, &*random).unwrap();
        let config = Config::read(&made.config).unwrap();
        assert!(!config.file.trust.contains_key("issued"), "it is not there yet");
        let core = Core::open(Arc::new(config), Arc::clone(&clock), Arc::clone(&random)).await.unwrap();
        assert!(issuing(&core).await.unwrap());
        assert!(!issuing(&core).await.unwrap(), "made once");
        let made = make(folder.path(), listen, app, &clock, &*random).unwrap();
        let config = Config::read(&made.config).unwrap();
        assert!(config.file.trust.contains_key("issued"));
        core.adopt(Arc::new(config)).unwrap();
        core.close().await.unwrap();
    }

    #[test]
    fn a_config_that_somebody_changed_stays() {
        let folder = tempfile::tempdir().unwrap();
        let clock: SharedClock = Arc::new(SystemClock::new());
        let random = crate::core::testing::random();
        let [listen, app, other] = ["127.0.0.1:8443", "127.0.0.1:9000", "127.0.0.1:9001"].map(|address| address.parse().unwrap());
        let made = make(folder.path(), listen, app, &clock, &*random).unwrap();
        let first = fs::read_to_string(&made.config).unwrap();
        assert!(!made.kept && !make(folder.path(), listen, app, &clock, &*random).unwrap().kept);
        // As it was made it follows the ports of the day.
        assert!(!make(folder.path(), listen, other, &clock, &*random).unwrap().kept);
        let text = fs::read_to_string(&made.config).unwrap();
        assert!(text.contains("http://127.0.0.1:9001") && !text.contains("http://127.0.0.1:9000"));
        // Changed, it is kept, but for the port of the demo's own app.
        fs::write(&made.config, first.replace("title = \"Wiki\"", "title = \"My wiki\"")).unwrap();
        for _ in 0..2 {
            let made = make(folder.path(), listen, other, &clock, &*random).unwrap();
            let text = fs::read_to_string(&made.config).unwrap();
            assert!(made.kept && text.contains("title = \"My wiki\""), "{text}");
            assert!(text.contains("http://127.0.0.1:9001") && !text.contains("http://127.0.0.1:9000"), "{text}");
            Config::read(&made.config).unwrap();
        }
    }
}
