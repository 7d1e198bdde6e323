#!/usr/bin/env bash
# A client whose identifier is a URL is another one in HTTP Basic, depending on the library that writes it and the one that reads it.
#
# Versions: Authlib 1.9.10, requests-oauthlib 2.0.0 with oauthlib 4.0.1 (PyPI), oauth4webapi 3.8.8, simple-oauth2 5.1.0 (npm).
# One would think: client_secret_basic encodes identifier and secret as a form does before it joins them by a colon (RFC 6749
#       section 2.3.1), so an identifier with a colon is possible; OpenID Federation has such ones.
# Seen: Authlib and requests-oauthlib join them as they are, and the server, which cuts at the first colon, sees the client "https".
#       oauth4webapi and simple-oauth2 encode. Authlib's own server decodes percent signs but leaves the "+" of a space, so it finds the secret
#       of those two wrong where it has a space, and that of Authlib's own client where it holds a percent sign and two hex digits.
# Why it matters: "invalid_client" with a right secret. It comes with the letters of a generated secret, for some clients and not for
#       others, and never in a test with "client" and "secret".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install Authlib==1.9.10 requests-oauthlib==2.0.0 oauthlib==4.0.1 requests==2.34.2
npm init -y >/dev/null
npm install --silent --no-audit --no-fund oauth4webapi@3.8.8 simple-oauth2@5.1.0

cat > clients.mjs <<'JS'
import fs from 'node:fs'
import { ClientSecretBasic } from 'oauth4webapi'
import { AuthorizationCode } from 'simple-oauth2'
import http from 'node:http'
const { id, secret } = JSON.parse(fs.readFileSync('client.json'))
const headers = new Headers()
await ClientSecretBasic(secret)({}, { client_id: id }, new URLSearchParams(), headers)
const seen = { oauth4webapi: headers.get('authorization') }
const server = http.createServer((request, response) => {
  seen['simple-oauth2'] = request.headers.authorization
  response.setHeader('content-type', 'application/json').end('{"access_token":"a","token_type":"Bearer"}')
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
await new AuthorizationCode({ client: { id, secret }, auth: { tokenHost: `http://127.0.0.1:${server.address().port}` } }).getToken({ code: 'c', redirect_uri: `${id}/cb` })
server.close()
server.closeAllConnections()
fs.writeFileSync('seen.json', JSON.stringify(seen))
JS
cat > basic.py <<'PY'
import base64, contextlib, io, json, subprocess
from types import SimpleNamespace
from urllib.parse import unquote_plus
import requests
from requests_oauthlib import OAuth2Session

with contextlib.redirect_stderr(io.StringIO()):
    from authlib.oauth2.auth import encode_client_secret_basic
    from authlib.oauth2.rfc6749.util import extract_basic_authorization


def by_authlib(id, secret):
    return encode_client_secret_basic(SimpleNamespace(client_id=id, client_secret=secret), "POST", "https://issuer.example.test/token", {}, "")[1]["Authorization"]


def by_requests(id, secret):
    class Kept(requests.adapters.BaseAdapter):
        def send(self, request, **_):
            self.sent = request.headers["Authorization"]
            answer = requests.Response()
            answer.status_code, answer._content, answer.request = 200, b'{"access_token":"a","token_type":"Bearer"}', request
            return answer

        def close(self):
            pass

    session = OAuth2Session(id, redirect_uri=id + "/cb")
    session.mount("https://", Kept())
    session.fetch_token("https://issuer.example.test/token", code="c", client_secret=secret, include_client_id=False)
    return session.get_adapter("https://issuer.example.test").sent


def by_the_rfc(field):
    return tuple(unquote_plus(part) for part in base64.b64decode(field.split()[1]).decode().split(":", 1))


for client in (("https://app.example.test", "secret"), ("app", "two words"), ("app", "100%25")):
    json.dump(dict(zip(("id", "secret"), client)), open("client.json", "w"))
    subprocess.run(["node", "clients.mjs"], check=True)
    sent = {"Authlib": by_authlib(*client), "requests-oauthlib": by_requests(*client), **json.load(open("seen.json"))}
    for name, field in sent.items():
        verdict = lambda read: "right" if tuple(read) == client else f"{read[0]} / {read[1]}"
        print(f"{' / '.join(client)} by {name}: RFC 6749 {verdict(by_the_rfc(field))}; Authlib's server {verdict(extract_basic_authorization({'Authorization': field}))}")
PY
v/bin/python basic.py | tee seen
diff seen - <<'SEEN' && echo "as found"
https://app.example.test / secret by Authlib: RFC 6749 https / //app.example.test:secret; Authlib's server https / //app.example.test:secret
https://app.example.test / secret by requests-oauthlib: RFC 6749 https / //app.example.test:secret; Authlib's server https / //app.example.test:secret
https://app.example.test / secret by oauth4webapi: RFC 6749 right; Authlib's server right
https://app.example.test / secret by simple-oauth2: RFC 6749 right; Authlib's server right
app / two words by Authlib: RFC 6749 right; Authlib's server right
app / two words by requests-oauthlib: RFC 6749 right; Authlib's server right
app / two words by oauth4webapi: RFC 6749 right; Authlib's server app / two+words
app / two words by simple-oauth2: RFC 6749 right; Authlib's server app / two+words
app / 100%25 by Authlib: RFC 6749 app / 100%; Authlib's server app / 100%
app / 100%25 by requests-oauthlib: RFC 6749 app / 100%; Authlib's server app / 100%
app / 100%25 by oauth4webapi: RFC 6749 right; Authlib's server right
app / 100%25 by simple-oauth2: RFC 6749 right; Authlib's server right
SEEN
