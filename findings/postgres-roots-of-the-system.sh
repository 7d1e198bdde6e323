#!/usr/bin/env bash
# sslrootcert=system, with which libpq trusts the roots of the machine, is the name of a file for two other PostgreSQL clients.
#
# Versions: pg 8.23.1 with pg-connection-string 2.14.1 (npm), asyncpg 0.32.0, beside them psycopg 3.3.9 with libpq 18 (PyPI).
# One would think: the clients that read libpq's URIs read one URI alike: sslmode=verify-full with sslrootcert=system checks the
#       server by the roots of the system, as libpq has had it since version 16.
# Seen: pg and asyncpg open a file with the name "system" in the folder of the process and fail before they connect ("no such file"). psycopg
#       goes on to the network. sslrootcert=/path/of/a/file is read by all three.
# Why it matters: one address of a database is given to a migration (psql, psycopg) and to an app (Node, asyncpg). The documented way to check
#       the certificate of a hosted database or its pooler fits one half of them, and the error names a file that nobody asked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install asyncpg==0.32.0 'psycopg[binary]==3.3.9'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 pg-connection-string@2.14.1
openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -out root.pem -subj /CN=root -days 2 2>/dev/null

# Nothing listens at the port, so a client that accepts the address ends with a refused connection.
cat > ask.mjs <<'JS'
import pg from 'pg'
const said = (error) => console.log('pg:', /ECONNREFUSED/.test(error.code) ? 'goes on to the network' : error.message)
try {
  await new pg.Client({ connectionString: process.argv[2] }).connect()
} catch (error) {
  said(error)
}
JS
cat > ask.py <<'PY'
import asyncio, sys
import asyncpg, psycopg


def said(name, error):
    print(f"{name}:", "goes on to the network" if "refused" in str(error) else error)


try:
    asyncio.run(asyncpg.connect(sys.argv[1]))
except OSError as error:
    said("asyncpg", "refused" if isinstance(error, ConnectionRefusedError) else error)
try:
    psycopg.connect(sys.argv[1])
except psycopg.OperationalError as error:
    said("psycopg", error)
PY
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for roots in system "$folder/root.pem"; do
  echo "sslrootcert=${roots##*/}"
  address="postgresql://app@127.0.0.1:$port/app?sslmode=verify-full&sslrootcert=$roots"
  node ask.mjs "$address"
  v/bin/python ask.py "$address"
done | tee seen
diff seen - <<'SEEN' && echo "as found"
sslrootcert=system
pg: ENOENT: no such file or directory, open 'system'
asyncpg: [Errno 2] No such file or directory
psycopg: goes on to the network
sslrootcert=root.pem
pg: goes on to the network
asyncpg: goes on to the network
psycopg: goes on to the network
SEEN
