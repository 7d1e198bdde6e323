#!/usr/bin/env bash
# canaille 0.3.6 (PyPI, identity provider): one person gets one access token a second from one client; a second one is a 500.
#
# One would think: a token endpoint may be asked as often as people sign in (RFC 6749 §3.2), and two answers are two tokens.
# Seen: the access token is a JWT made of client, person, scope and whole seconds, with no id of its own (RFC 9068 §2.2 asks
#   for jti). Two grants within one second give the same text, the database wants it to be unique, and the second request
#   ends with 500 and the error code "internal_server_error", which RFC 6749 §5.2 does not have. The code is used up by then.
# Why it matters: a browser that opens two tabs of an app signs in twice at the same moment. A relying party that repeats the
#   sign-in at once, or repeats both after the same pause, fails again; each repetition needs a second of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install "canaille[front,oidc,sqlite,server]==0.3.6"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$folder/canaille.toml" <<TOML
SECRET_KEY = "0123456789abcdef0123456789abcdef"
SERVER_NAME = "127.0.0.1:$port"
PREFERRED_URL_SCHEME = "http"
[CANAILLE]
DATABASE = "sql"
[CANAILLE_SQL]
DATABASE_URI = "sqlite:///$folder/canaille.db"
[CANAILLE_OIDC]
TOML
export CANAILLE_CONFIG=$folder/canaille.toml
run() { "$folder/v/bin/canaille" "$@" 2>>"$folder/log"; }
run install
client=$(run create client --client-id app --client-secret a-secret-of-32-characters-1234567 --client-name app --redirect-uris https://app.example.test/callback \
  --token-endpoint-auth-method client_secret_basic --grant-types password --response-types code --scope openid | tail -n 1 |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')
run set client "$client" --audience "$client" >/dev/null
for name in hanako taro; do
  run create user --user-name $name --password "pw-$name-123" --emails "$name@example.test" --given-name A --family-name B --formatted-name "B A" >/dev/null
done
"$folder/v/bin/canaille" run --bind "127.0.0.1:$port" >>"$folder/log" 2>&1 &
server=$!
for _ in $(seq 120); do curl -so /dev/null "http://127.0.0.1:$port/" && break; sleep 0.5; done
cat >"$folder/seen.py" <<'PY'
import base64
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

port = sys.argv[1]
basic = base64.b64encode(b"app:a-secret-of-32-characters-1234567").decode()


def grant(name):
    """The password grant, so that no browser is needed; the code grant makes its tokens by the same function."""
    form = urllib.parse.urlencode({"grant_type": "password", "username": name, "password": f"pw-{name}-123", "scope": "openid"}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/oauth/token", form, {"Authorization": f"Basic {basic}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def claims(answer):
    part = answer["access_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


grant("hanako")  # what is slow at the first request is over after it
time.sleep(2 - time.time() % 1)
status, first = grant("hanako")
assert status == 200 and "jti" not in claims(first), f"changed: {status}, {claims(first)}"
print("claims of the access token:", sorted(claims(first)))
time.sleep(1.2 - time.time() % 1)
with ThreadPoolExecutor(3) as together:
    at_once = sorted(status for status, _ in together.map(grant, ["hanako"] * 3))
print("three grants of one person at once:", at_once)
assert at_once[0] == 200 and 500 in at_once, "changed"
time.sleep(1.2 - time.time() % 1)
with ThreadPoolExecutor(2) as together:
    others = [status for status, _ in together.map(grant, ["hanako", "taro"])]
print("one each of two persons at once:", others)
assert others == [200, 200], "changed"
PY
python3 "$folder/seen.py" "$port"
