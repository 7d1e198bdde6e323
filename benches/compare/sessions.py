"""Many sessions of Sekisho: what each takes of memory, and how long a start takes until the gateway is ready.

The directory is filled by copies of the rows that a real sign-in left, with other names, ids and tokens; one of the copies must then
open the app.
"""
import base64
import hashlib
import json
import secrets
import sqlite3
import statistics
import time

from connections import enforced

# Sessions of each user.
EACH = 5


def measure(target, count, repeats):
    """For each repeat: bytes of a session and seconds of a start; `target` is a Sekisho that is not running."""
    target.start()
    target.gateway.stop()
    database = sqlite3.connect(target.folder / "state" / "sekisho.db")
    # Keys come in no order: without a large cache each would be a page from the disk.
    database.execute("PRAGMA cache_size = -2000000")
    people(database, max(count // EACH, 1))
    without = statistics.median(restart(target)[1] for _ in range(repeats))
    token = fill(database, count)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    target.cookie = f"__Host-sekisho={token}"
    measured = []
    for _ in range(repeats):
        took, held = restart(target, look=True)
        measured.append({"bytes": (held - without) * 1024 / count, "seconds": took})
    return measured


def restart(target, look=False):
    """Seconds until ready, and KiB held then; `look`: whether the session of the cookie opens the app."""
    gateway = target.gateway
    began = time.monotonic()
    gateway.spawn(within=600)
    took = time.monotonic() - began
    target.process = gateway.process
    target.ground.processes.append(gateway.process)
    target.settle()
    if look:
        enforced(target)
    gateway.stop()
    return took, target.rest


def rows_of(database, table, where, *values):
    """Its column names and the rows."""
    cursor = database.execute(f"SELECT * FROM {table} WHERE {where}", values)
    return [column[0] for column in cursor.description], cursor.fetchall()


def insert(database, table, columns, rows):
    database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)


def copy(columns, row, **changed):
    return [changed.get(column, value) for column, value in zip(columns, row)]


def people(database, count):
    columns, (alice,) = rows_of(database, "users", "name = 'alice'")
    with database:
        insert(database, "users", columns, (copy(columns, alice, name=f"user{number}") for number in range(count)))


def fill(database, count):
    """The token of the last session at the app."""
    session_columns, (session, *_) = rows_of(database, "sessions", "user_name = 'alice' ORDER BY last_seen DESC")
    token_columns, tokens = rows_of(database, "session_tokens", "session_id = ?", session[session_columns.index("id")])
    scope = token_columns.index("scope")
    # The bytes of an id: the text is what a reference to it says, too.
    base64url = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    size = len(base64.urlsafe_b64decode(session[session_columns.index("id")] + "=="))
    people, last = max(count // EACH, 1), ""
    with database:
        for start in range(0, count, 10_000):
            sessions, references = [], []
            for number in range(start, min(start + 10_000, count)):
                identity = base64url(secrets.token_bytes(size))
                sessions.append(copy(session_columns, session, id=identity, user_name=f"user{number % people}"))
                for row in tokens:
                    token = base64url(secrets.token_bytes(32))
                    references.append(copy(token_columns, row, session_id=identity, token_hash=hashlib.sha256(token.encode()).digest()))
                    last = token if "portal" not in json.dumps(row[scope]) else last
            insert(database, "sessions", session_columns, sessions)
            insert(database, "session_tokens", token_columns, references)
    return last
