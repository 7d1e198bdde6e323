#!/usr/bin/env bash
# An empty display name becomes an empty list in the registration options of python-fido2.
#
# Versions: fido2 2.2.1, beside it webauthn 3.0.1 (PyPI), @simplewebauthn/server 14.0.3 (npm).
# One would think: displayName is a string also when it is empty; WebAuthn Level 3 section 5.4.3 asks for the empty string where there is no
#       name that suits a person.
# Seen: register_begin() with displayName "" gives options whose JSON has "displayName": []. The object itself still says "". webauthn
#       cannot read these options ("missing required displayName") and reads the same ones with "".
# Why it matters: browsers turn the list into "" without a word, so a test in a browser never shows it; a native app that reads the JSON
#       by its types (a platform's credential manager, an SDK) fails for just those users who have no display name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install fido2==2.2.1 webauthn==3.0.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @simplewebauthn/server@14.0.3

cat > begin.py <<'PY'
import json
from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity
from webauthn.helpers import parse_registration_options_json
from webauthn.helpers.exceptions import InvalidJSONStructure

server = Fido2Server(PublicKeyCredentialRpEntity(id="app.example.test", name="App"))
server.allowed_algorithms = server.allowed_algorithms[:1]
for name in ("Alice", ""):
    options, _ = server.register_begin({"id": b"\x01\x02", "name": "alice", "displayName": name})
    sent = json.loads(json.dumps(dict(options)))["publicKey"]
    print(f"fido2 {name!r}: object {options.public_key.user.display_name!r}, JSON {json.dumps(sent['user']['displayName'])}")
    sent.setdefault("attestation", "none")
    for given in (sent["user"]["displayName"], name):
        sent["user"]["displayName"] = given
        try:
            print(f"webauthn reads {given!r}: {parse_registration_options_json(sent).user.display_name!r}")
        except InvalidJSONStructure as refused:
            print(f"webauthn reads {given!r}: {refused}")
PY
cat > begin.mjs <<'JS'
import { generateRegistrationOptions } from '@simplewebauthn/server'
const options = await generateRegistrationOptions({ rpName: 'App', rpID: 'app.example.test', userName: 'alice', userDisplayName: '' })
console.log('simplewebauthn:', JSON.stringify(options.user.displayName))
JS
v/bin/python begin.py | tee seen
node begin.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
fido2 'Alice': object 'Alice', JSON "Alice"
webauthn reads 'Alice': 'Alice'
webauthn reads 'Alice': 'Alice'
fido2 '': object '', JSON []
webauthn reads []: Options user missing required displayName
webauthn reads '': ''
simplewebauthn: ""
SEEN
