#!/usr/bin/env bash
# A DPoP proof for the address of ~alice, written %7Ealice, is refused: the Python client sends another spelling than it signed, and the
# server compares them by their letters.
#
# Versions: requests 2.34.2, aiohttp 3.14.5 with yarl 1.25.1, beside them httpx 0.28.1; joserfc 1.8.0 (PyPI); oauth4webapi 3.8.8, jose 6.2.18 (npm).
# One would think: what is asked for is what was handed to get(), and if it is not, the two are one address: a server SHOULD compare "htu"
#       after the normalisation of RFC 3986 sections 6.2.2 and 6.2.3 (RFC 9449 section 4.3).
# Seen: requests and aiohttp turn %7E into "~" and %c3 into %C3 on the way; httpx sends what it is given. validateJwtAccessToken of
#       oauth4webapi normalises the host, the port and dot segments, and not percent-encoding: "DPoP Proof htu mismatch".
# Why it matters: each side is right by itself and says so in its tests. It fails for people and files whose names have a tilde, a hyphen or lower-case
#       hex in a link that was made elsewhere, and only with some clients.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install requests==2.34.2 aiohttp==3.14.5 yarl==1.25.1 httpx==0.28.1 joserfc==1.8.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund oauth4webapi@3.8.8 jose@6.2.18

cat > serve.mjs <<'JS'
import http from 'node:http'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
const keys = await generateKeyPair('ES256', { extractable: true })
const issuer = { issuer: 'https://issuer.example.test', jwks_uri: 'https://issuer.example.test/keys' }
const published = async () => Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'ES256' }] })
const server = http.createServer(async (request, response) => {
  const base = `http://127.0.0.1:${server.address().port}`
  if (request.url.startsWith('/token?')) {
    const jkt = new URL(base + request.url).searchParams.get('jkt')
    const token = await new SignJWT({ client_id: 'client', jti: 'j', sub: 'alice', cnf: { jkt } }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(issuer.issuer).setAudience('app').setIssuedAt().setExpirationTime('5m').sign(keys.privateKey)
    return response.end(token)
  }
  const asked = new Request(base + request.url, { headers: { authorization: request.headers.authorization, dpop: request.headers.dpop } })
  const verdict = await oauth.validateJwtAccessToken(issuer, asked, 'app', { [oauth.customFetch]: published }).then(() => 'taken', (error) => error.message)
  response.end(`sent ${request.url}: ${verdict}`)
}).listen(0, '127.0.0.1', () => console.log(server.address().port))
JS
node serve.mjs >port &
server=$!
for _ in $(seq 100); do
  [ -s port ] && break
  sleep 0.1
done

cat > ask.py <<'PY'
import asyncio, base64, hashlib, sys, time, uuid
import aiohttp, httpx, requests
from joserfc import jwk, jwt

base = f"http://127.0.0.1:{sys.argv[1]}"
key = jwk.ECKey.generate_key("P-256")
token = requests.get(f"{base}/token?jkt={key.thumbprint()}").text


def fields(address):
    """The fields of a request for this address."""
    claims = {"jti": str(uuid.uuid4()), "htm": "GET", "htu": address, "iat": int(time.time()),
              "ath": base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()}
    return {"Authorization": "DPoP " + token, "DPoP": jwt.encode({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}, claims, key)}


async def by_aiohttp(address):
    async with aiohttp.ClientSession() as session, session.get(address, headers=fields(address)) as response:
        return await response.text()


for path in ("/files/alice", "/files/%7Ealice", "/files/caf%c3%a9", "/files/../alice"):
    address = base + path
    print(f"{path} by requests:", requests.get(address, headers=fields(address)).text)
    print(f"{path} by aiohttp:", asyncio.run(by_aiohttp(address)))
    print(f"{path} by httpx:", httpx.get(address, headers=fields(address)).text)
PY
v/bin/python ask.py "$(cat port)" | tee seen
diff seen - <<'SEEN' && echo "as found"
/files/alice by requests: sent /files/alice: taken
/files/alice by aiohttp: sent /files/alice: taken
/files/alice by httpx: sent /files/alice: taken
/files/%7Ealice by requests: sent /files/~alice: DPoP Proof htu mismatch
/files/%7Ealice by aiohttp: sent /files/~alice: DPoP Proof htu mismatch
/files/%7Ealice by httpx: sent /files/%7Ealice: taken
/files/caf%c3%a9 by requests: sent /files/caf%C3%A9: DPoP Proof htu mismatch
/files/caf%c3%a9 by aiohttp: sent /files/caf%C3%A9: DPoP Proof htu mismatch
/files/caf%c3%a9 by httpx: sent /files/caf%c3%a9: taken
/files/../alice by requests: sent /alice: taken
/files/../alice by aiohttp: sent /alice: taken
/files/../alice by httpx: sent /alice: taken
SEEN
