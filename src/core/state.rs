//! The state directory: for one process at a time, readable by its own user alone, with the master key that opens what
//! the database holds.
//! Invariant: a key is never made for a database that is there already.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::OpenError;
use crate::config::schema;
use crate::random::Random;
use crate::seal::{MasterKeys, SealError, SecretToken, TokenHash};
use crate::store::database::{Database, DatabaseError};

/// The error for a path that is a file or lies below one.
const NO_DIRECTORY: &str = "not a directory, or below something that is not one; name another in `state.directory`";

/// What is wrong with the state directory.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It cannot be made or used.
    #[error("use the state directory: {path}: {reason}")]
    Directory {
        /// The directory, or the file in it.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Another process has it open.
    #[error(
        "open the state directory {path}: another sekisho has it open (process {holder}); stop that one, or ask it with \
         the API or the administration pages"
    )]
    Busy {
        /// The directory.
        path: PathBuf,
        /// The other's process id, as it wrote it down.
        holder: String,
    },
    /// The master key cannot be read or made.
    #[error("read the master key {path}: {reason}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what would do.
        reason: String,
    },
    /// The key that proxies show cannot be read or made.
    #[error("read the key of forward-auth {path}: {reason}")]
    ForwardAuthKey {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what would do.
        reason: String,
    },
    /// The database was sealed with another key.
    #[error(
        "open the database: it was sealed with the master key {sealed_by:08x}, and that key is not loaded; name its file \
         in `state.master_key` or `state.old_master_keys`"
    )]
    AnotherKey {
        /// Its id.
        sealed_by: u32,
    },
}

/// What a state directory gives.
pub(super) struct OpenedState {
    /// `None` beside another process that has it.
    pub(super) lock: Option<File>,
    pub(super) keys: Arc<MasterKeys>,
    /// What proxies show when they ask by forward-auth.
    pub(super) forward_auth_key: TokenHash,
    pub(super) database: Database,
}

/// The database's file in the directory.
pub(super) const DATABASE: &str = "sekisho.db";

/// Whether the state of `config` can be opened, as far as that shows without making anything: the directory, and the keys
/// that must be there.
pub(super) fn inspect(config: &schema::StateSection) -> Result<(), StateError> {
    let directory = config.directory.as_path();
    let is_there = match std::fs::metadata(directory) {
        Ok(_) => own(directory).map(|()| true)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(wrong(directory, &error)),
    };
    let own = directory.join("master.key");
    let is_new = !(is_there && directory.join(DATABASE).exists());
    match &config.master_key {
        None if is_new && !own.exists() => {}
        named => drop(held(named.as_ref().unwrap_or(&own))?),
    }
    config.old_master_keys.iter().try_for_each(|path| held(path).map(drop))
}

/// A key that can be used.
fn held(path: &Path) -> Result<MasterKeys, StateError> {
    MasterKeys::new(&read_key(path)?).map_err(|error| unusable(path, &error))
}

/// Opens the state of `config`, which no other process may have open unless this one is content to work `beside` it.
pub(super) async fn open(config: &schema::StateSection, random: &dyn Random, beside: bool) -> Result<OpenedState, OpenError> {
    let directory = config.directory.as_path();
    own(directory)?;
    let file = directory.join(DATABASE);
    let lock = match lock(directory) {
        Err(StateError::Busy { .. }) if beside && file.exists() => None,
        other => Some(other?),
    };
    let is_new = !file.exists();
    let keys = Arc::new(keys(config, is_new, random)?);
    // SQLite makes its side files with the permissions of this one.
    private(OpenOptions::new().create(true).append(true)).open(&file).map_err(|error| wrong(&file, &error))?;
    let forward_auth_key = forward_auth_key(config, random)?;
    Ok(OpenedState { lock, keys, forward_auth_key, database: Database::open(&file).await? })
}

/// Compares the keys loaded with those that sealed something here; a new one is written down before it seals anything.
pub(super) async fn recognise(keys: &MasterKeys, database: &Database) -> Result<(), OpenError> {
    let known = read(database, "sealed_by").await?.unwrap_or_default();
    let ids: Vec<u32> = known.split_whitespace().filter_map(|id| u32::from_str_radix(id, 16).ok()).collect();
    if let Some(sealed_by) = ids.iter().copied().find(|id| !keys.holds(*id)) {
        return Err(StateError::AnotherKey { sealed_by }.into());
    }
    if !ids.contains(&keys.current()) {
        write(database, "sealed_by", format!("{known} {:08x}", keys.current()).trim()).await?;
    }
    Ok(())
}

/// The last announcement of a process that worked beside another.
pub(super) async fn announced(database: &Database) -> Result<Option<String>, DatabaseError> {
    read(database, "announced").await
}

/// Announces that memory elsewhere is out of date.
pub(super) async fn announce(database: &Database, random: &dyn Random) -> Result<(), DatabaseError> {
    write(database, "announced", &crate::random::base64url(&random.id())).await
}

async fn read(database: &Database, name: &str) -> Result<Option<String>, DatabaseError> {
    let row = database.row("SELECT value FROM house_state WHERE name = $1", &[name.into()]).await?;
    row.map(|row| row.text("value")).transpose()
}

async fn write(database: &Database, name: &str, value: &str) -> Result<(), DatabaseError> {
    let sql = "INSERT INTO house_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    database.execute(sql, &[name.into(), value.into()]).await.map(drop)
}

/// Makes the directory, or checks that nobody else may write to it.
fn own(directory: &Path) -> Result<(), StateError> {
    match std::fs::metadata(directory) {
        Ok(found) if !found.is_dir() => Err(unusable_directory(directory, NO_DIRECTORY)),
        Ok(found) if found.mode() & 0o022 != 0 => {
            let help = format!("others may write to it; `chmod 700 {}`", directory.display());
            Err(unusable_directory(directory, &help))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            DirBuilder::new().mode(0o700).recursive(true).create(directory).map_err(|error| wrong(directory, &error))
        }
        Err(error) => Err(wrong(directory, &error)),
    }
}

fn lock(directory: &Path) -> Result<File, StateError> {
    let path = directory.join("lock");
    let mut file = private(OpenOptions::new().create(true).truncate(false).read(true).write(true))
        .open(&path)
        .map_err(|error| wrong(&path, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _unreadable_is_empty = (&file).take(20).read_to_string(&mut holder);
            let holder = holder.trim().parse::<u32>().map_or_else(|_| "unknown".to_owned(), |id| id.to_string());
            return Err(StateError::Busy { path: directory.to_owned(), holder });
        }
        Err(TryLockError::Error(error)) => return Err(wrong(&path, &error)),
    }
    let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
    written.map_err(|error| wrong(&path, &error))?;
    Ok(file)
}

fn keys(config: &schema::StateSection, is_new: bool, random: &dyn Random) -> Result<MasterKeys, StateError> {
    let own = config.directory.join("master.key");
    let path = config.master_key.as_ref().unwrap_or(&own);
    let key = match read_key(path) {
        Err(StateError::Key { .. }) if is_new && !path.exists() && config.master_key.is_none() => make_key(path, random)?,
        other => other?,
    };
    let mut keys = MasterKeys::new(&key).map_err(|error| unusable(path, &error))?;
    for path in &config.old_master_keys {
        keys.add(&read_key(path)?).map_err(|error| unusable(path, &error))?;
    }
    Ok(keys)
}

fn read_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, StateError> {
    let wrong = |reason: String| StateError::Key { path: path.to_owned(), reason };
    let found = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => wrong(
            "it is not there, and without it nothing that the database holds sealed can be read; put it back, or, for a \
             new one, write 64 hexadecimal digits (`openssl rand -hex 32`)"
                .to_owned(),
        ),
        _ => wrong(error.to_string()),
    })?;
    if found.mode() & 0o037 != 0 {
        return Err(wrong(format!("others may read or change it (mode {:03o}); `chmod 600` it", found.mode() & 0o777)));
    }
    if found.len() > 1024 {
        return Err(wrong("not a key: write 64 hexadecimal digits".to_owned()));
    }
    let text = Zeroizing::new(std::fs::read(path).map_err(|error| wrong(error.to_string()))?);
    let digits = text.trim_ascii();
    let key = data_encoding::HEXLOWER_PERMISSIVE
        .decode(digits)
        .map_err(|_| wrong(format!("not a key: {} characters, where 64 hexadecimal digits belong", digits.len())))?;
    Ok(Zeroizing::new(key))
}

fn make_key(path: &Path, random: &dyn Random) -> Result<Zeroizing<Vec<u8>>, StateError> {
    let wrong = |error: std::io::Error| StateError::Key { path: path.to_owned(), reason: format!("it cannot be made: {error}") };
    let key = Zeroizing::new(random.token().to_vec());
    let text = Zeroizing::new(data_encoding::HEXLOWER.encode(&key));
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path).map_err(wrong)?;
    file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all()).map_err(wrong)?;
    // The name must outlive a crash too, or the database would be left without its key.
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(wrong)?;
    tracing::info!(path = %path.display(), "made a master key: keep a copy of it apart from the database");
    Ok(key)
}

/// The key that proxies show; made where the config names no file of its own and none was made yet. What it opens is
/// nothing by itself, so a lost one is simply made again, and put into the proxies' configs.
fn forward_auth_key(config: &schema::StateSection, random: &dyn Random) -> Result<TokenHash, StateError> {
    let own = config.directory.join("forward-auth.key");
    let path = config.forward_auth_key.as_ref().unwrap_or(&own);
    let wrong = |reason: String| StateError::ForwardAuthKey { path: path.to_owned(), reason };
    let found = match std::fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && config.forward_auth_key.is_none() => {
            return make_forward_auth_key(path, random).map_err(|error| wrong(format!("it cannot be made: {error}")));
        }
        Err(error) => return Err(wrong(error.to_string())),
    };
    if found.mode() & 0o037 != 0 {
        return Err(wrong(format!("others may read or change it (mode {:03o}); `chmod 640` it", found.mode() & 0o777)));
    }
    let mut text = Zeroizing::new(Vec::new());
    File::open(path).and_then(|file| file.take(1024).read_to_end(&mut text)).map_err(|error| wrong(error.to_string()))?;
    let key = text.trim_ascii();
    // A proxy writes it into a header field and into its own config, where a blank or a quotation mark would end it.
    let fits = key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(byte));
    if !fits || !(32..=256).contains(&key.len()) {
        return Err(wrong("write 32 to 256 letters and digits in one line (`openssl rand -hex 32`)".to_owned()));
    }
    Ok(TokenHash::of(key))
}

fn make_forward_auth_key(path: &Path, random: &dyn Random) -> std::io::Result<TokenHash> {
    let token = SecretToken::draw(random);
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
    file.write_all(token.text().as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all())?;
    Ok(token.hash())
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

fn wrong(path: &Path, error: &std::io::Error) -> StateError {
    let help = match error.kind() {
        std::io::ErrorKind::NotADirectory => return unusable_directory(path, NO_DIRECTORY),
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            "; the directory must belong to the user that sekisho runs as, who writes to it"
        }
        std::io::ErrorKind::IsADirectory => "; a file belongs there: move it away",
        _ => "",
    };
    unusable_directory(path, &format!("{error}{help}"))
}

fn unusable_directory(directory: &Path, reason: &str) -> StateError {
    StateError::Directory { path: directory.to_owned(), reason: reason.to_owned() }
}

fn unusable(path: &Path, error: &SealError) -> StateError {
    StateError::Key { path: path.to_owned(), reason: error.to_string() }
}
