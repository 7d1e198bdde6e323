#!/usr/bin/env bash
# A cookie with Base64 in it comes back in quotes from aiohttp, which Express takes for a part of the value; one for Example.com does not come back.
#
# Versions: aiohttp 3.14.5 with yarl 1.25.1, beside it requests 2.34.2 with urllib3 2.8.0, httpx 0.28.1; read by Werkzeug 3.1.9 (PyPI), cookie
#       1.1.1 (npm), what Express and others read cookies with.
# One would think: a client gives back the value that it was given (RFC 6265 section 5.4), and = / ( ) [ ] { } @ and ? may be in one without quotes
#       (section 4.1.1); an empty value is an empty value; the name of a domain knows no case (section 5.2.3).
# Seen: aiohttp writes its own quotes around a value with one of these letters, and "" for an empty one. Werkzeug takes them off again, cookie leaves
#       them where they are, also those of a value that was empty. CookieJar(quote_cookie=False) avoids it. A cookie with Domain=Example.com is
#       kept by requests and httpx, and not by aiohttp.
# Why it matters: session tokens are Base64 with "=" at the end, or signed values with "/". A script signs in at the gateway, and the app behind it sees
#       another session, or a signature that does not fit. It depends on the token: those that need no padding
#       and have no slash work.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install aiohttp==3.14.5 yarl==1.25.1 requests==2.34.2 urllib3==2.8.0 httpx==0.28.1 Werkzeug==3.1.9
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cookie@1.1.1

cat > ask.py <<'PY'
import asyncio, http.server, json, socket, threading
import aiohttp, httpx, requests
from werkzeug.http import parse_cookie

VALUES = {"plain": "YWxpY2Ux", "padded": "YWxpY2U=", "slash": "YWxp/Y2Ux", "brackets": "[1]", "dots": "eyJhIjoxfQ.c2ln", "empty": ""}
came = []


class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        came.append(self.headers.get("Cookie"))
        self.send_response(200)
        if self.path == "/in":
            for name, value in VALUES.items():
                self.send_header("Set-Cookie", f"{name}={value}; Path=/")
            self.send_header("Set-Cookie", "small=1; Path=/; Domain=example.com")
            self.send_header("Set-Cookie", "capital=1; Path=/; Domain=Example.com")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
threading.Thread(target=server.serve_forever, daemon=True).start()
to_the_name = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: to_the_name("127.0.0.1" if host in ("app.example.com", b"app.example.com") else host, *rest, **more)
urls = [f"http://app.example.com:{server.server_port}/{path}" for path in ("in", "out")]


async def by_aiohttp():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())) as session:
        for url in urls:
            async with session.get(url) as answer:
                await answer.read()


def by(session):
    for url in urls:
        session.get(url)


for name, ask in {"requests": lambda: by(requests.Session()), "httpx": lambda: by(httpx.Client()), "aiohttp": lambda: asyncio.run(by_aiohttp())}.items():
    came.clear()
    ask()
    read = parse_cookie(came[1])
    wrong = [kind for kind, value in VALUES.items() if read.get(kind) != value]
    print(json.dumps({"client": name, "field": came[1], "wrong": wrong}))
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { parse } from 'cookie'
for (const line of fs.readFileSync('came', 'utf8').trim().split('\n')) {
  const { client, field, wrong } = JSON.parse(line)
  const read = parse(field)
  const shown = Object.entries(read).filter(([name]) => name !== 'small' && name !== 'capital').map(([name, value]) => `${name} <${value}>`)
  console.log(`${client}: ${shown.join(' ')}, Werkzeug ${wrong.length} of 6 wrong, small ${read.small}, capital ${read.capital}`)
}
JS
export no_proxy='*' NO_PROXY='*'
v/bin/python ask.py > came
node read.mjs | tee seen
diff seen - <<'SEEN' && echo "as found"
requests: plain <YWxpY2Ux> padded <YWxpY2U=> slash <YWxp/Y2Ux> brackets <[1]> dots <eyJhIjoxfQ.c2ln> empty <>, Werkzeug 0 of 6 wrong, small 1, capital 1
httpx: plain <YWxpY2Ux> padded <YWxpY2U=> slash <YWxp/Y2Ux> brackets <[1]> dots <eyJhIjoxfQ.c2ln> empty <>, Werkzeug 0 of 6 wrong, small 1, capital 1
aiohttp: brackets <"[1]"> dots <eyJhIjoxfQ.c2ln> empty <""> padded <"YWxpY2U="> plain <YWxpY2Ux> slash <"YWxp/Y2Ux">, Werkzeug 0 of 6 wrong, small 1, capital undefined
SEEN
