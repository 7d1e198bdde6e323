//! The audit log: who, what, from where, which check decided, by which request. Append only.
