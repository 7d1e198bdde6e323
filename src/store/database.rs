//! The durable store behind one type. The SQL is written once, by the slices, in the part of the language that
//! SQLite and PostgreSQL share: `$1` placeholders, TEXT ids, BIGINT milliseconds, BYTEA, `ON CONFLICT … DO UPDATE`,
//! `RETURNING`; no `NOW()`, no SERIAL, no BOOLEAN literals (0 and 1 in BIGINT columns).
//! One connection writes, several read; a write is durable when its future resolves (WAL, synchronous = FULL).
//! Invariant: statement text is `&'static str`, so that nothing a client sent can ever be part of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Row as _, Sqlite};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// What went wrong with the durable store.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be opened or made.
    #[error("open the database {path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// The driver's own words.
        reason: String,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "open the database {path}: it was written by a newer version of sekisho (schema {found}); this one knows up to \
         {known}; run that version, or put back the copy of the state directory that was made before it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest migration found in the file.
        found: i64,
        /// The newest migration this program carries.
        known: i64,
    },
    /// A unique key is taken.
    #[error("write to the database: that entry already exists")]
    Exists,
    /// A statement failed.
    #[error("use the database: {0}")]
    Failed(#[source] sqlx::Error),
    /// A column holds something this version cannot read.
    #[error("read from the database: column {0} holds something unexpected")]
    Column(&'static str),
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        let is_taken = matches!(&error, sqlx::Error::Database(inner) if inner.is_unique_violation());
        if is_taken { Self::Exists } else { Self::Failed(error) }
    }
}

/// One parameter of a statement.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT.
    Integer(i64),
    /// TEXT.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
}

debug_by_name!(Value);

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
impl From<crate::clock::Timestamp> for Value {
    fn from(value: crate::clock::Timestamp) -> Self {
        Self::Integer(value.millis())
    }
}

/// One row of an answer; columns are read by name.
#[derive(Debug)]
pub struct Row(SqliteRow);

impl Row {
    /// A TEXT column.
    ///
    /// # Errors
    /// [`DatabaseError::Column`] if it is absent, NULL or of another type. So for the other readers.
    pub fn text(&self, column: &'static str) -> Result<String, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }

    /// A TEXT column that may be NULL.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn optional_text(&self, column: &'static str) -> Result<Option<String>, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }

    /// A BIGINT column.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn integer(&self, column: &'static str) -> Result<i64, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }

    /// A BIGINT column that may be NULL.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn optional_integer(&self, column: &'static str) -> Result<Option<i64>, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }

    /// A BIGINT column holding 0 or 1.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn flag(&self, column: &'static str) -> Result<bool, DatabaseError> {
        Ok(self.integer(column)? != 0)
    }

    /// A BIGINT column holding milliseconds since the epoch.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn time(&self, column: &'static str) -> Result<crate::clock::Timestamp, DatabaseError> {
        Ok(crate::clock::Timestamp::from_millis(self.integer(column)?))
    }

    /// A BYTEA column.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn bytes(&self, column: &'static str) -> Result<Vec<u8>, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }

    /// A BYTEA column that may be NULL.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn optional_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, DatabaseError> {
        self.0.try_get(column).map_err(|_| DatabaseError::Column(column))
    }
}

/// The durable store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl Database {
    /// Opens or makes the SQLite file at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// [`DatabaseError::Open`] (unreadable, read-only, locked), [`DatabaseError::Newer`], [`DatabaseError::Failed`].
    pub async fn open(path: &Path) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let opened = |error: sqlx::Error| DatabaseError::Open { path: path.to_owned(), reason: reason(&error) };
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(opened)?;
        let readers = async {
            migrate(&writer, path).await?;
            // A read-only disk opens well and fails at the first write: find it here, with the path in the message.
            sqlx::query("CREATE TABLE IF NOT EXISTS writable (probe BIGINT); ").execute(&writer).await.map_err(opened)?;
            sqlx::query("DELETE FROM writable").execute(&writer).await.map_err(opened)?;
            SqlitePoolOptions::new().max_connections(4).connect_with(options).await.map_err(opened)
        };
        match readers.await {
            Ok(readers) => Ok(Self { readers, writer }),
            Err(error) => {
                // Close on failure, so that SQLite removes the -wal and -shm files.
                writer.close().await;
                Err(error)
            }
        }
    }

    /// Opens the SQLite file at `path` to read only, while another process may have it open: nothing is created, migrated or left behind.
    ///
    /// # Errors
    /// [`DatabaseError::Open`].
    pub async fn peek(path: &Path) -> Result<Self, DatabaseError> {
        // Without side files nobody has it open, and SQLite would make them even to read; with them it reads along.
        let mut journal = path.as_os_str().to_owned();
        journal.push("-wal");
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(!Path::new(&journal).exists())
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let opened = |error: sqlx::Error| DatabaseError::Open { path: path.to_owned(), reason: reason(&error) };
        let readers = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(opened)?;
        Ok(Self { writer: readers.clone(), readers })
    }

    /// Rows of a `SELECT`.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub async fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        Ok(bound(sql, parameters).fetch_all(&self.readers).await?.into_iter().map(Row).collect())
    }

    /// The row of a `SELECT`, if there is one.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub async fn row(&self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(bound(sql, parameters).fetch_optional(&self.readers).await?.map(Row))
    }

    /// One writing statement; how many rows it touched.
    ///
    /// # Errors
    /// [`DatabaseError::Exists`] on a taken key, else [`DatabaseError::Failed`].
    pub async fn execute(&self, sql: &'static str, parameters: &[Value]) -> Result<u64, DatabaseError> {
        Ok(bound(sql, parameters).execute(&self.writer).await?.rows_affected())
    }

    /// One writing statement with `RETURNING`: the way to take what is single-use (exactly one caller gets the row).
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn take(&self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(bound(sql, parameters).fetch_optional(&self.writer).await?.map(Row))
    }

    /// Several statements that happen together or not at all. Dropped without [`DatabaseTransaction::commit`], nothing happened.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub async fn begin(&self) -> Result<DatabaseTransaction, DatabaseError> {
        Ok(DatabaseTransaction(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Whether the store answers: for `/readyz`.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// Waits for the connections and closes them: the last step of a shutdown.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Statements that happen together or not at all.
#[derive(Debug)]
pub struct DatabaseTransaction(sqlx::Transaction<'static, Sqlite>);

impl DatabaseTransaction {
    /// One writing statement; how many rows it touched.
    ///
    /// # Errors
    /// As [`Database::execute`].
    pub async fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<u64, DatabaseError> {
        Ok(bound(sql, parameters).execute(&mut *self.0).await?.rows_affected())
    }

    /// The row of a statement, if there is one.
    ///
    /// # Errors
    /// As [`Database::execute`].
    pub async fn row(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Option<Row>, DatabaseError> {
        Ok(bound(sql, parameters).fetch_optional(&mut *self.0).await?.map(Row))
    }

    /// Rows of a `SELECT`, with what was written before in this transaction.
    ///
    /// # Errors
    /// As [`Database::rows`].
    pub async fn rows(&mut self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        Ok(bound(sql, parameters).fetch_all(&mut *self.0).await?.into_iter().map(Row).collect())
    }

    /// Makes it happen; durable when this resolves.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub async fn commit(self) -> Result<(), DatabaseError> {
        Ok(self.0.commit().await?)
    }
}

async fn migrate(writer: &SqlitePool, path: &Path) -> Result<(), DatabaseError> {
    match MIGRATIONS.run(writer).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _)) => Err(DatabaseError::Newer {
            path: path.to_owned(),
            found,
            known: MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0),
        }),
        Err(MigrateError::Execute(error)) => Err(DatabaseError::Open { path: path.to_owned(), reason: reason(&error) }),
        Err(error) => Err(DatabaseError::Open { path: path.to_owned(), reason: error.to_string() }),
    }
}

/// The driver's words, and what to do where only a copy helps: SQLITE_CORRUPT and SQLITE_NOTADB.
fn reason(error: &sqlx::Error) -> String {
    let is_damaged = error.as_database_error().and_then(|inner| inner.code()).is_some_and(|code| code == "11" || code == "26");
    let help = if is_damaged { "; it is damaged: put the last copy of the state directory in its place" } else { "" };
    format!("{error}{help}")
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, <Sqlite as sqlx::Database>::Arguments>;

fn bound(sql: &'static str, parameters: &[Value]) -> Query<'static> {
    parameters.iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Null => query.bind(None::<i64>),
        Value::Integer(value) => query.bind(*value),
        Value::Text(value) => query.bind(value.clone()),
        Value::Bytes(value) => query.bind(value.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_from_a_newer_version_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sekisho.db");
        let database = Database::open(&path).await.unwrap();
        database
            .execute(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ($1, 'later', 1, $2, 0)",
                &[99_999_999_999_999i64.into(), vec![0u8; 4].into()],
            )
            .await
            .unwrap();
        database.close().await;
        assert!(matches!(Database::open(&path).await, Err(DatabaseError::Newer { found: 99_999_999_999_999, .. })));
    }

    #[tokio::test]
    async fn an_unfinished_transaction_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
        let mut transaction = database.begin().await.unwrap();
        transaction.execute("INSERT INTO writable VALUES ($1)", &[7i64.into()]).await.unwrap();
        drop(transaction);
        assert!(database.rows("SELECT probe FROM writable", &[]).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_named_in_the_error() {
        let error = Database::open(Path::new("/no/such/folder/sekisho.db")).await.unwrap_err();
        assert!(error.to_string().contains("/no/such/folder/sekisho.db"), "{error}");
    }
}
