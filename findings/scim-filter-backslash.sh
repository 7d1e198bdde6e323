#!/usr/bin/env bash
# A SCIM filter for CORP\alice, written as JSON asks, looks for CORP\\alice in two libraries, and one of them cannot read a quote.
#
# Versions: scim2-filter-parser 0.7.0 (PyPI), scim2-parse-filter 0.2.10 (npm).
# One would think: a value in a filter is a JSON string (RFC 7644 section 3.4.2.2), so "CORP\\alice" is CORP\alice, a quote
#       is \", and numbers are those of JSON.
# Seen: both look for the two backslashes that were sent; scim2-parse-filter decodes \" and takes every other escape for its letters, and
#       does not find the account in a list that holds it. scim2-filter-parser decodes none: \" ends the string in its middle and is an
#       error, and so are -1 and 1.5.
# Why it matters: account names of the form DOMAIN\user are usual where directories are. A provisioner that looks whether such an account
#       exists is answered with none, makes it, meets a conflict, and starts again at the next run.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install scim2-filter-parser==0.7.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund scim2-parse-filter@0.2.10

cat > filters.py <<'PY'
import json
VALUES = ["alice", "CORP\\alice", 'Ann "Al" Lee', -1, 1.5]
FILTERS = ["userName eq " + json.dumps(value) for value in VALUES]
PY
cat > ask.py <<'PY'
import json
from filters import FILTERS, VALUES
from scim2_filter_parser.parser import SCIMParserError
from scim2_filter_parser.queries import SQLQuery

json.dump(list(zip(VALUES, FILTERS)), open("filters.json", "w"))
for wanted, text in zip(VALUES, FILTERS):
    try:
        query = SQLQuery(text, "users", {("userName", None, None): "users.name"})
        print(f"scim2-filter-parser {text}: asks for {query.params[0]}" + ("" if query.params[0] == wanted else f", not {wanted}"))
    except (SCIMParserError, ValueError):
        print(f"scim2-filter-parser {text}: not read")
PY
cat > ask.mjs <<'JS'
import fs from 'node:fs'
import { filter, parse } from 'scim2-parse-filter'
for (const [wanted, text] of JSON.parse(fs.readFileSync('filters.json'))) {
  const users = [{ userName: wanted }]
  console.log(`scim2-parse-filter ${text}: asks for ${parse(text).compValue}, finds ${users.filter(filter(parse(text))).length} of 1`)
}
JS
v/bin/python ask.py | tee seen
node ask.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
scim2-filter-parser userName eq "alice": asks for alice
scim2-filter-parser userName eq "CORP\\alice": asks for CORP\\alice, not CORP\alice
scim2-filter-parser userName eq "Ann \"Al\" Lee": not read
scim2-filter-parser userName eq -1: not read
scim2-filter-parser userName eq 1.5: not read
scim2-parse-filter userName eq "alice": asks for alice, finds 1 of 1
scim2-parse-filter userName eq "CORP\\alice": asks for CORP\\alice, finds 0 of 1
scim2-parse-filter userName eq "Ann \"Al\" Lee": asks for Ann "Al" Lee, finds 1 of 1
scim2-parse-filter userName eq -1: asks for -1, finds 1 of 1
scim2-parse-filter userName eq 1.5: asks for 1.5, finds 1 of 1
SEEN
