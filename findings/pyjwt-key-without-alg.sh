#!/usr/bin/env bash
# PyJWT takes an RSA key that names no algorithm for one of RS256 alone, and does not see keys without an identifier.
#
# Versions: PyJWT 2.15.1, beside it joserfc 1.8.0 (PyPI), jose 6.2.18 (npm).
# One would think: "alg" and "kid" of a JWK are optional (RFC 7517 sections 4.4 and 4.5). A key without "alg" verifies what the caller
#       allows, here PS256 and RS512 as well as RS256, and the only key of a set is the key.
# Seen: with algorithms=["RS256", "RS512", "PS256"] and a key without "alg", tokens of RS512 and PS256 are refused ("does not match the
#       key's algorithm 'RS256'"); the caller's list cannot widen it. PyJWKClient says of a set whose key has no "kid" that it has no
#       signing keys at all. joserfc and jose verify all of them.
# Why it matters: providers publish keys without "alg" (one key may serve several), so an app that works with RS256 stops when the provider
#       turns to PS256, as FAPI 2.0 wants it, although its own configuration allows that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'PyJWT[crypto]==2.15.1' joserfc==1.8.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund jose@6.2.18

cat > issue.mjs <<'JS'
import fs from 'node:fs'
import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
const secret = await exportJWK(privateKey), published = await exportJWK(publicKey)
const tokens = {}
for (const alg of ['RS256', 'RS512', 'PS256']) {
  tokens[alg] = await new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg }).sign(await importJWK(secret, alg))
  await jwtVerify(tokens[alg], createLocalJWKSet({ keys: [published] }), { algorithms: ['RS256', 'RS512', 'PS256'] })
  console.log(`jose ${alg}: verified`)
}
fs.writeFileSync('tokens.json', JSON.stringify({ tokens, published }))
JS
node issue.mjs | tee seen
cat > verify.py <<'PY'
import json
import jwt
from joserfc import jwk, jwt as other

given = json.load(open("tokens.json"))
ALLOWED = ["RS256", "RS512", "PS256"]
for alg, token in given["tokens"].items():
    other.decode(token, jwk.import_key(given["published"]), algorithms=ALLOWED)
    print(f"joserfc {alg}: verified")
    try:
        jwt.decode(token, jwt.PyJWK(given["published"]), algorithms=ALLOWED)
        print(f"PyJWT {alg}: verified")
    except jwt.InvalidTokenError as refused:
        print(f"PyJWT {alg}: {refused}")


class Published(jwt.PyJWKClient):
    """Reads the set from memory in place of an address."""

    def fetch_data(self):
        return {"keys": [self.key]}


client = Published("https://issuer.example.test/keys")
for kid in ("one", None):
    client.key = {**given["published"], **({"kid": kid} if kid else {})}
    try:
        print(f"PyJWKClient, kid {kid}: {len(client.get_signing_keys(refresh=True))} key")
    except jwt.PyJWKClientError as refused:
        print(f"PyJWKClient, kid {kid}: {refused}")
PY
v/bin/python verify.py | tee -a seen
diff seen - <<'SEEN' && echo "as found"
jose RS256: verified
jose RS512: verified
jose PS256: verified
joserfc RS256: verified
PyJWT RS256: verified
joserfc RS512: verified
PyJWT RS512: Token algorithm 'RS512' does not match the key's algorithm 'RS256'
joserfc PS256: verified
PyJWT PS256: Token algorithm 'PS256' does not match the key's algorithm 'RS256'
PyJWKClient, kid one: 1 key
PyJWKClient, kid None: The JWKS endpoint did not contain any signing keys
SEEN
