#!/usr/bin/env bash
# A client of MCP does not find what Bearer asks for where Negotiate or Basic stands before it; two find another scope where a text names one.
#
# Versions: @modelcontextprotocol/client 2.4.0, beside it oauth4webapi 3.8.8 (npm); mcp 2.3.0 (PyPI).
# One would think: WWW-Authenticate is a list of challenges in any order (RFC 9110 section 11.6.1), names of parameters know no case, "=" may have
#       blanks around it, and a quoted text is a text. The clients look in it for the scope and the metadata (RFC 9728 section 5.1).
# Seen: the JavaScript client looks at the first challenge alone, and at nothing if that is not Bearer or DPoP. Both clients search the field for
#       "scope=" wherever it stands: inside the text of error_description, or at the end of another name. Capitals and blanks hide it from both.
#       oauth4webapi reads all of them.
# Why it matters: a gateway that offers Kerberos to browsers and Bearer to agents answers just so. Depending on the order of the two, or on the words
#       meant for a person, an agent asks for the wrong permission or for none, and guesses where the metadata is; the same server works for the
#       other client.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install mcp==2.3.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/client@2.4.0 oauth4webapi@3.8.8

cat > challenges.json <<'JSON'
{
  "alone": "Bearer scope=\"read\", resource_metadata=\"https://app.example.com/m\"",
  "before Negotiate": "Bearer scope=\"read\", resource_metadata=\"https://app.example.com/m\", Negotiate",
  "after Negotiate": "Negotiate, Bearer scope=\"read\", resource_metadata=\"https://app.example.com/m\"",
  "after Basic": "Basic realm=\"app\", Bearer scope=\"read\", resource_metadata=\"https://app.example.com/m\"",
  "capitals": "Bearer Scope=\"read\", Resource_Metadata=\"https://app.example.com/m\"",
  "blanks": "Bearer scope = \"read\", resource_metadata = \"https://app.example.com/m\"",
  "named in a text": "Bearer error_description=\"ask for scope=admin first\", scope=\"read\", resource_metadata=\"https://app.example.com/m\"",
  "longer name": "Bearer x_scope=\"team\", scope=\"read\", resource_metadata=\"https://app.example.com/m\""
}
JSON
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import * as oauth from 'oauth4webapi'
const server = { issuer: 'https://id.example.com', userinfo_endpoint: 'https://id.example.com/userinfo' }
for (const [name, value] of Object.entries(JSON.parse(fs.readFileSync('challenges.json')))) {
  const answer = () => new Response(null, { status: 401, headers: { 'WWW-Authenticate': value } })
  const { scope, resourceMetadataUrl } = extractWWWAuthenticateParams(answer())
  const { cause } = await oauth.processUserInfoResponse(server, { client_id: 'agent' }, oauth.skipSubjectCheck, answer()).catch((error) => error)
  const bearer = cause.find((challenge) => challenge.scheme === 'bearer').parameters
  console.log(`${name}: oauth4webapi ${bearer.scope} ${bearer.resource_metadata}; JavaScript ${scope} ${resourceMetadataUrl}`)
}
JS
cat > read.py <<'PY'
import json
import httpx2
from mcp.client.auth.utils import extract_resource_metadata_from_www_auth, extract_scope_from_www_auth
for value in json.load(open("challenges.json")).values():
    answer = httpx2.Response(401, headers={"WWW-Authenticate": value})
    print("Python", extract_scope_from_www_auth(answer), extract_resource_metadata_from_www_auth(answer))
PY
node read.mjs > javascript
v/bin/python read.py > python
paste -d '|' javascript python | sed 's/|/; /; s#https://app.example.com##g' | tee seen
diff seen - <<'SEEN' && echo "as found"
alone: oauth4webapi read /m; JavaScript read /m; Python read /m
before Negotiate: oauth4webapi read /m; JavaScript read /m; Python read /m
after Negotiate: oauth4webapi read /m; JavaScript undefined undefined; Python read /m
after Basic: oauth4webapi read /m; JavaScript undefined undefined; Python read /m
capitals: oauth4webapi read /m; JavaScript undefined undefined; Python None None
blanks: oauth4webapi read /m; JavaScript undefined undefined; Python None None
named in a text: oauth4webapi read /m; JavaScript admin /m; Python admin /m
longer name: oauth4webapi read /m; JavaScript team /m; Python team /m
SEEN
