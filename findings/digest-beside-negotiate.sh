#!/usr/bin/env bash
# Clients that know Digest fail where a server also offers Negotiate, each at another way of writing the two.
#
# Versions: httpx 0.28.1, aiohttp 3.14.5, requests 2.34.2 (PyPI), curl.
# One would think: a server may offer several schemes, in one WWW-Authenticate field or in several, in any order, and a client takes the one it
#       knows (RFC 9110 section 11.6.1, RFC 7616 section 3.7); in qop="auth-int, auth" it takes auth.
# Seen: httpx looks at the beginning of each field, so "Negotiate, Digest ..." ends with 401, and it fails with a ValueError at
#       "Digest ..., Negotiate"; two fields are fine. aiohttp takes the first field alone and does not answer if that one is Negotiate. requests
#       reads all four and gives up at a list of qop with a space. curl does all of it.
# Why it matters: an app is given Kerberos beside its passwords, browsers go on working, and scripts with the right password get 401. Whether
#       they do depends on how a proxy on the way writes the list, which it may join.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install httpx==0.28.1 aiohttp==3.14.5 requests==2.34.2

cat > ask.py <<'PY'
import asyncio, socket, subprocess, threading
import aiohttp, httpx, requests

DIGEST = 'Digest realm="app", nonce="n", algorithm=SHA-256, qop='
CASES = {"Negotiate, Digest in a field": ["Negotiate, " + DIGEST + '"auth"'], "Digest, Negotiate in a field": [DIGEST + '"auth", Negotiate'],
         "Negotiate before Digest": ["Negotiate", DIGEST + '"auth"'], "Digest before Negotiate": [DIGEST + '"auth"', "Negotiate"],
         "two kinds of qop": [DIGEST + '"auth-int, auth"']}


def serving(offers):
    """The address of a server that answers 200 to an Authorization with Digest, and else offers these."""
    listener = socket.create_server(("127.0.0.1", 0))
    refusal = "HTTP/1.1 401 Unauthorized\r\n" + "".join(f"WWW-Authenticate: {offer}\r\n" for offer in offers) + "Content-Length: 0\r\n\r\n"

    def serve(connection):
        with connection:
            asked = b""
            while read := connection.recv(65536):
                asked += read
                if asked.endswith(b"\r\n\r\n"):
                    known = b"\r\nauthorization: digest" in asked.lower()
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" if known else refusal.encode())
                    asked = b""

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def by_httpx(address):
    try:
        return httpx.get(address, auth=httpx.DigestAuth("u", "p")).status_code
    except ValueError:
        return "ValueError"


async def by_aiohttp(address):
    async with aiohttp.ClientSession(middlewares=[aiohttp.DigestAuthMiddleware("u", "p")]) as session, session.get(address) as response:
        return response.status


for name, offers in CASES.items():
    address = serving(offers)
    by_curl = subprocess.run(["curl", "-s", "-o", "answer", "-w", "%{http_code}", "--digest", "-u", "u:p", address], capture_output=True, text=True).stdout
    print(f"{name}: httpx {by_httpx(address)}, aiohttp {asyncio.run(by_aiohttp(address))},",
          f"requests {requests.get(address, auth=requests.auth.HTTPDigestAuth('u', 'p'), timeout=10).status_code}, curl {by_curl}")
PY
v/bin/python ask.py | tee seen
diff seen - <<'SEEN' && echo "as found"
Negotiate, Digest in a field: httpx 401, aiohttp 401, requests 200, curl 200
Digest, Negotiate in a field: httpx ValueError, aiohttp 200, requests 200, curl 200
Negotiate before Digest: httpx 200, aiohttp 401, requests 200, curl 200
Digest before Negotiate: httpx 200, aiohttp 200, requests 200, curl 200
two kinds of qop: httpx 200, aiohttp 200, requests 401, curl 200
SEEN
