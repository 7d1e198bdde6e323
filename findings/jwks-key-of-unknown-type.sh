#!/usr/bin/env bash
# A JWK Set that also holds a post-quantum key cannot be read at all by two libraries, though RFC 7517 says to ignore such keys.
#
# Versions: Authlib 1.9.10 (PyPI), node-jose 2.2.0 (npm); beside them PyJWT 2.15.1 (PyPI) and jose 6.2.18 (npm).
# One would think: a key of a type that a library does not know (here "AKP", the type of ML-DSA keys) is skipped, as RFC 7517
#       section 5 recommends, and the RSA key beside it goes on verifying.
# Seen: Authlib's JsonWebKey.import_key_set raises KeyError('AKP'), node-jose's asKeyStore rejects with "unsupported key type":
#       the whole set is gone. PyJWT and jose keep the RSA key.
# Why it matters: on the day an identity provider or a gateway publishes its first ML-DSA key beside the old ones, every app
#       behind these libraries refuses every token. New kinds of keys need a JWK Set (an address) of their own first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'Authlib==1.9.10' 'PyJWT==2.15.1' 'cryptography==50.0.2'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund jose@6.2.18 node-jose@2.2.0

cat > make.py <<'PY'
import base64, json, warnings
warnings.simplefilter("ignore")
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
public = {name: public[name] for name in ("kty", "n", "e")} | {"kid": "rsa", "use": "sig", "alg": "RS256"}
lattice = base64.urlsafe_b64encode(bytes(1312)).rstrip(b"=").decode()
keys = {"keys": [public, {"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "use": "sig", "pub": lattice}]}
json.dump({"keys": keys, "token": jwt.encode({"sub": "alice"}, key, "RS256", headers={"kid": "rsa"})}, open("set.json", "w"))
print("PyJWT", [key.key_id for key in jwt.PyJWKSet.from_dict(keys).keys])
from authlib.jose import JsonWebKey
try:
    print("Authlib", [key.kid for key in JsonWebKey.import_key_set(keys).keys])
except Exception as error:
    print("Authlib", type(error).__name__, error)
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { createLocalJWKSet, jwtVerify } from 'jose'
import nodeJose from 'node-jose'
const { keys, token } = JSON.parse(fs.readFileSync('set.json'))
console.log('jose', (await jwtVerify(token, createLocalJWKSet(keys))).payload.sub)
console.log('node-jose', await nodeJose.JWK.asKeyStore(keys).then((store) => store.all().length, (error) => error.message))
JS
{ v/bin/python -W ignore make.py; node read.mjs; } | tee seen
diff seen - <<'SEEN' && echo "as found"
PyJWT ['rsa']
Authlib KeyError 'AKP'
jose alice
node-jose unsupported key type
SEEN
