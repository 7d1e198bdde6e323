-- The directory. The part of SQL that SQLite and PostgreSQL share; times are milliseconds since the epoch.
CREATE TABLE probe (id BIGINT PRIMARY KEY);
