#!/usr/bin/env bash
# Of a compressed body that was joined from two, as logs are, httpx gives the first part and calls it complete; curl stops there with an error.
#
# Versions: httpx 0.28.1, beside it requests 2.34.2 with urllib3 2.8.0, aiohttp 3.14.5 (PyPI), fetch() of Node, curl (7.88.1 in Debian 12).
# One would think: a gzip file is a series of members (RFC 1952 section 2.2), and "Content-Encoding: gzip" is that format (RFC 9110 section
#       8.4.1.3): two members are one body. x-gzip is the same coding, which a recipient should take for gzip (same section).
# Seen: httpx drops everything after the first member, without an error and with status 200. curl --compressed gives the same and ends with 23,
#       "failed writing". requests, aiohttp and fetch() give both parts. With x-gzip httpx and aiohttp hand on the compressed bytes as if they
#       were the text; the others unpack them.
# Why it matters: what appends to a compressed file (rotated logs joined by cat, a block gzip, one member for each flush) makes such bodies, and a
#       server that keeps files compressed sends them as they are. A script that fetches an audit log or a list of revoked certificates
#       sees the oldest part and nothing of what came later, and whether it does depends on the library.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install httpx==0.28.1 requests==2.34.2 urllib3==2.8.0 aiohttp==3.14.5

cat > get.py <<'PY'
import asyncio, gzip, http.server, subprocess, threading
import aiohttp, httpx, requests

MONDAY, TUESDAY = gzip.compress(b"monday alice in\n"), gzip.compress(b"tuesday bob in\n")
BODIES = {"/gzip": MONDAY, "/gzip-in-two": MONDAY + TUESDAY, "/x-gzip": MONDAY}


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Encoding", "x-gzip" if self.path == "/x-gzip" else "gzip")
        self.send_header("Content-Length", str(len(BODIES[self.path])))
        self.end_headers()
        self.wfile.write(BODIES[self.path])

    def log_message(self, *_):
        pass


def run(*command):
    done = subprocess.run(command, capture_output=True)
    return done.stdout + (b" and exit code %d" % done.returncode if done.returncode else b"")


async def by_aiohttp(url):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


CLIENTS = {
    "httpx": lambda url: httpx.get(url).raise_for_status().content,
    "requests": lambda url: requests.get(url).content,
    "aiohttp": lambda url: asyncio.run(by_aiohttp(url)),
    "fetch": lambda url: run("node", "-e", "fetch(process.argv[1]).then(async (answer) => process.stdout.write(Buffer.from(await answer.arrayBuffer())))", url),
    "curl": lambda url: run("curl", "-sf", "--compressed", url)}
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
for name, get in CLIENTS.items():
    got = {path: get(f"http://127.0.0.1:{server.server_port}{path}") for path in BODIES}
    print(f"{name}:", *(f"{path} {'still compressed' if body[:2] == MONDAY[:2] else ascii(' '.join(body.decode().split()))}" for path, body in got.items()))
PY
v/bin/python get.py | tee seen
diff seen - <<'SEEN' && echo "as found"
httpx: /gzip 'monday alice in' /gzip-in-two 'monday alice in' /x-gzip still compressed
requests: /gzip 'monday alice in' /gzip-in-two 'monday alice in tuesday bob in' /x-gzip 'monday alice in'
aiohttp: /gzip 'monday alice in' /gzip-in-two 'monday alice in tuesday bob in' /x-gzip still compressed
fetch: /gzip 'monday alice in' /gzip-in-two 'monday alice in tuesday bob in' /x-gzip 'monday alice in'
curl: /gzip 'monday alice in' /gzip-in-two 'monday alice in and exit code 23' /x-gzip 'monday alice in'
SEEN
