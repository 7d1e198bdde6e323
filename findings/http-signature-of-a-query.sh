#!/usr/bin/env bash
# A signed request is right for one library of RFC 9421 and wrong for two others where a query is missing or has an apostrophe or a bracket.
#
# Versions: http-message-signatures 3.0.0 (PyPI), which signs here; http-message-signatures 1.0.6, http-message-sig 0.2.0 (npm), which verify.
# One would think: the signature base is one text. @query is the query as it was sent, and "?" alone where there is none (section 2.2.7); the value of
#       @query-param is encoded again by the set of HTML forms, which takes ' ( ) ! and ~ as well (section 2.2.8); a member of a dictionary is
#       chosen by its key, wherever it stands and with or without a value (section 2.1.2).
# Seen: http-message-signatures (npm) encodes @query-param as encodeURIComponent() does, and an apostrophe in @query as URL does, so that O'Brien is
#       wrong in both ways and "Ops (IT)" in one; and it takes "Priority: i", a dictionary of one true member, for a list, and finds no member.
#       http-message-sig takes an absent query for an empty text, knows no @query-param, and covers the whole field where a key is named.
# Why it matters: what one team signs another one verifies. Tests pass with example names and fail for the people with an apostrophe; and a profile
#       that covers @query, as RFC 9421's own examples do, fails for exactly the requests that have none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install http-message-signatures==3.0.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund http-message-signatures@1.0.6 http-message-sig@0.2.0

cat > sign.py <<'PY'
import json
from types import SimpleNamespace
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver

KEYS = {"gateway": b"an example key of thirty-two byte"}
PARAMETER, MEMBER = '"@query-param";name="name"', '"priority";key="u"'
REQUESTS = [("/people?name=alice", "@query", {}), ("/people?name=alice", PARAMETER, {}), ("/people?name=Alice+Example", PARAMETER, {}),
            ("/people?name=O'Brien", "@query", {}), ("/people?name=O'Brien", PARAMETER, {}), ("/people?name=Ops+(IT)", PARAMETER, {}),
            ("/people", "@path", {}), ("/people", "@query", {}),
            ("/people", MEMBER, {"priority": "u=1"}), ("/people", '"priority";key="i"', {"priority": "i"})]
signer = HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=MappingKeyResolver(public_keys=KEYS, private_keys=KEYS))
signed = []
for path, component, headers in REQUESTS:
    request = SimpleNamespace(method="GET", url="https://app.example.com" + path, headers=dict(headers))
    signer.sign(request, key_id="gateway", covered_component_ids=[component])
    label = " ".join([path, *(f"{name}: {value}" for name, value in headers.items()), "by", component])
    signed.append({"label": label, "url": request.url, "headers": request.headers})
json.dump(signed, open("signed.json", "w"))
PY
cat > verify.mjs <<'JS'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { httpbis } from 'http-message-signatures'
import { verify } from 'http-message-sig'
const key = 'an example key of thirty-two byte'
const right = (base, signature) => crypto.createHmac('sha256', key).update(base).digest().equals(Buffer.from(signature))
for (const { label, url, headers } of JSON.parse(fs.readFileSync('signed.json'))) {
  const request = { method: 'GET', url, headers }
  const keyLookup = async () => ({ id: 'gateway', algs: ['hmac-sha256'], verify: async (base, signature) => right(base, signature) })
  const first = await httpbis.verifyMessage({ keyLookup }, request).then((good) => good ? 'right' : 'wrong', (error) => error.message)
  const second = await verify(request, (base, signature) => right(base, signature) ? 'right' : 'wrong').catch((error) => error.message)
  console.log(`${label}: ${first}; ${second}`)
}
JS
v/bin/python sign.py
node verify.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
/people?name=alice by @query: right; right
/people?name=alice by "@query-param";name="name": right; Unknown specialty component @query-param
/people?name=Alice+Example by "@query-param";name="name": right; Unknown specialty component @query-param
/people?name=O'Brien by @query: wrong; wrong
/people?name=O'Brien by "@query-param";name="name": wrong; Unknown specialty component @query-param
/people?name=Ops+(IT) by "@query-param";name="name": wrong; Unknown specialty component @query-param
/people by @path: right; right
/people by @query: right; wrong
/people priority: u=1 by "priority";key="u": right; wrong
/people priority: i by "priority";key="i": Unable to parse header as dictionary; wrong
SEEN
