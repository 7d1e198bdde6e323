#!/usr/bin/env bash
# A filter whose letters are escaped byte by byte asks a directory for another name.
#
# Version: ldapts 8.2.0 (npm).
# One would think: (cn=\e3\81\82) and (cn=あ) are the same filter: RFC 4515 escapes bytes of UTF-8, and many escapers write every
#       byte above 127 that way.
# Seen: on the wire the first asks for c3 a3 c2 81 c2 82 (each byte taken for a Latin-1 character and encoded again), the second
#       for e3 81 82.
# Why it matters: a sign-in that escapes the typed name strictly finds no user with any letter beyond ASCII, and says "unknown
#       user": seen only by people whose names have such letters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ldapts@8.2.0

cat > wire.mjs <<'JS'
import net from 'node:net'
import { Client } from 'ldapts'
const sent = []
const server = net.createServer((socket) => socket.on('data', (data) => { sent.push(data.toString('hex')); socket.destroy() }))
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
for (const filter of ['(cn=\\e3\\81\\82)', '(cn=あ)']) {
  const client = new Client({ url: `ldap://127.0.0.1:${server.address().port}`, timeout: 2000, connectTimeout: 2000 })
  await client.search('dc=x', { filter }).catch(() => {})
  const bytes = sent.at(-1)
  console.log(filter, bytes.includes('c3a3c281c282') ? 'c3a3c281c282' : bytes.includes('e38182') ? 'e38182' : bytes)
}
process.exit()
JS
node wire.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
(cn=\e3\81\82) c3a3c281c282
(cn=あ) e38182
SEEN
