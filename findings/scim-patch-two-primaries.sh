#!/usr/bin/env bash
# A SCIM PATCH leaves a person with two primary addresses, or with two names, depending on the library that applies it.
#
# Versions: scim-patch 0.8.3 (npm), beside it scim2-models 0.12.3 (PyPI).
# One would think: a new value with "primary": true makes the others false (RFC 7644 section 3.5.2, SHALL), attribute names know no case
#       (RFC 7643 section 2.1), and a filter that matches nothing ends in the error noTarget (section 3.5.2.3, SHALL).
# Seen: scim-patch keeps both primaries, adds "USERNAME" beside "userName", and makes a new address where the filter matched none.
#       scim2-models does in all three what the RFCs say.
# Why it matters: the answer is a success each time. What an app then takes for the address of the person, the first or the last primary, is
#       chance, and mails about sign-ins go there; a rename by a provisioner with other capitals is lost without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install scim2-models==0.12.3
npm init -y >/dev/null
npm install --silent --no-audit --no-fund scim-patch@0.8.3

cat > cases.json <<'JSON'
{"resource": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "alice",
              "emails": [{"value": "old@example.com", "type": "work", "primary": true}]},
 "operations": [{"op": "add", "path": "emails", "value": [{"value": "new@example.com", "type": "home", "primary": true}]},
                {"op": "replace", "path": "USERNAME", "value": "alice2"},
                {"op": "replace", "path": "emails[type eq \"other\"].value", "value": "new@example.com"}]}
JSON
cat > patch.mjs <<'JS'
import fs from 'node:fs'
import { scimPatch } from 'scim-patch'
const { resource, operations } = JSON.parse(fs.readFileSync('cases.json'))
for (const operation of operations) {
  const { schemas, meta, ...rest } = scimPatch({ ...structuredClone(resource), meta: {} }, [operation])
  console.log(`scim-patch ${operation.path}:`, JSON.stringify(rest))
}
JS
cat > patch.py <<'PY'
import json
from scim2_models import NoTargetException, PatchOp, User

cases = json.load(open("cases.json"))
for operation in cases["operations"]:
    person = User.model_validate(cases["resource"])
    patch = PatchOp[User].model_validate({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]})
    try:
        patch.patch(person)
        found = json.loads(person.model_dump_json(exclude_none=True, by_alias=True))
        print(f"scim2-models {operation['path']}:", json.dumps({name: found[name] for name in ("userName", "emails")}, separators=(",", ":")))
    except NoTargetException:
        print(f"scim2-models {operation['path']}: noTarget")
PY
node patch.mjs | tee seen
v/bin/python patch.py | tee -a seen
diff seen - <<'SEEN' && echo "as found"
scim-patch emails: {"userName":"alice","emails":[{"value":"old@example.com","type":"work","primary":true},{"value":"new@example.com","type":"home","primary":true}]}
scim-patch USERNAME: {"userName":"alice","emails":[{"value":"old@example.com","type":"work","primary":true}],"USERNAME":"alice2"}
scim-patch emails[type eq "other"].value: {"userName":"alice","emails":[{"value":"old@example.com","type":"work","primary":true},{"type":"other","value":"new@example.com"}]}
scim2-models emails: {"userName":"alice","emails":[{"value":"old@example.com","type":"work","primary":false},{"value":"new@example.com","type":"home","primary":true}]}
scim2-models USERNAME: {"userName":"alice2","emails":[{"value":"old@example.com","type":"work","primary":true}]}
scim2-models emails[type eq "other"].value: noTarget
SEEN
