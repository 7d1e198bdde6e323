#!/usr/bin/env bash
# A token whose time of issue has a fraction is "issued in the future" for the rest of its first second.
#
# Versions: joserfc 1.8.0, Authlib 1.9.10, beside them PyJWT 2.15.1 (PyPI), jose 6.2.18 (npm).
# One would think: a NumericDate may have a fraction (RFC 7519 section 2), and a token that was issued a few milliseconds ago on the same
#       machine is not of the future.
# Seen: joserfc and Authlib cut their own "now" to whole seconds and compare it with the claim as it is, so iat 1000.2 is refused
#       until 1001.0. PyJWT and jose take it at once; and joserfc takes the same token when the second is over.
# Why it matters: an issuer in JavaScript that writes Date.now() / 1000 works with every client but these, and with these it works for
#       slow people: a token that is used at once fails, more often the faster the redirect. No clock is wrong, and a retry succeeds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install joserfc==1.8.0 Authlib==1.9.10 PyJWT==2.15.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund jose@6.2.18

cat > verify.mjs <<'JS'
import { jwtVerify } from 'jose'
const { payload } = await jwtVerify(process.argv[2], Buffer.from('a secret of 32 bytes for a test.'), { currentDate: new Date(Number(process.argv[3]) * 1000) })
console.log('jose: taken, iat', payload.iat)
JS
cat > verify.py <<'PY'
import contextlib, io, subprocess, time
from unittest import mock
import jwt
from joserfc import jwk, jwt as joserfc_jwt

with contextlib.redirect_stderr(io.StringIO()):  # it says that it is going to be joserfc
    from authlib.jose import JsonWebToken

SECRET = b"a secret of 32 bytes for a test."
ISSUED = 1_900_000_000.2
token = jwt.encode({"sub": "alice", "iat": ISSUED}, SECRET, algorithm="HS256")


def by_joserfc(now):
    with mock.patch("time.time", lambda: now):
        joserfc_jwt.JWTClaimsRegistry().validate(joserfc_jwt.decode(token, jwk.OctKey.import_key(SECRET)).claims)


def by_authlib(now):
    with mock.patch("time.time", lambda: now):
        JsonWebToken(["HS256"]).decode(token, SECRET).validate()


for later in (0.3, 0.9):
    for library, check in (("joserfc", by_joserfc), ("Authlib", by_authlib)):
        try:
            check(ISSUED + later)
            print(f"{library}, {later} s after the issue: taken")
        except Exception as refused:
            print(f"{library}, {later} s after the issue: {refused.description}")
# PyJWT by the clock of the machine, with a token of this very moment.
fresh = jwt.encode({"sub": "alice", "iat": time.time()}, SECRET, algorithm="HS256")
jwt.decode(fresh, SECRET, algorithms=["HS256"])
print("PyJWT, at once: taken")
subprocess.run(["node", "verify.mjs", token, str(ISSUED + 0.3)], check=True)
PY
v/bin/python verify.py | tee seen
diff seen - <<'SEEN' && echo "as found"
joserfc, 0.3 s after the issue: The token was issued in the future
Authlib, 0.3 s after the issue: The token is not valid as it was issued in the future
joserfc, 0.9 s after the issue: taken
Authlib, 0.9 s after the issue: taken
PyJWT, at once: taken
jose: taken, iat 1900000000.2
SEEN
