#!/usr/bin/env bash
# A line of JSON with a name that has a line separator is two lines for httpx, for requests as text and for a reader of Node, and one for others.
#
# Versions: httpx 0.28.1, httpx2 2.16.2, requests 2.34.2 with urllib3 2.8.0, codecs.open() of CPython 3.11, beside them jsonlines 4.0.0, aiohttp
#       3.14.5, httpx-sse 0.4.3 (PyPI); byline 5.0.0, beside it split2 4.2.0 (npm) and the readline of Node.
# One would think: JSON Lines end at a line feed, and what JSON need not escape may be in them: U+2028 and U+0085 are letters of a string (RFC 8259
#       section 7), and no writer escapes them by default.
# Seen: iter_lines() of httpx and httpx2, that of requests with decode_unicode=True, the file of codecs.open() and byline end a line there as well: the
#       record is torn into two pieces that are no JSON. requests without decode_unicode, open(), jsonlines, aiohttp, httpx-sse, split2
#       and readline keep it whole.
# Why it matters: an audit log or a feed of events is read so by scripts. Names are pasted, and some have such a letter; whoever signs in with one
#       stops the script at this line, or is the only one it leaves out, and the file is in order.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install httpx==0.28.1 httpx2==2.16.2 requests==2.34.2 urllib3==2.8.0 aiohttp==3.14.5 jsonlines==4.0.0 httpx-sse==0.4.3
npm init -y >/dev/null
npm install --silent --no-audit --no-fund byline@5.0.0 split2@4.2.0

cat > read.py <<'PY'
import asyncio, codecs, http.server, json, threading
import aiohttp, httpx, httpx2, httpx_sse, jsonlines, requests

RECORDS = [json.dumps({"event": "signed_in", "name": name}, ensure_ascii=False) for name in ("Alice Example", "Bob\u2028Example", "Carol\u0085Example")]
LOG, FEED = "".join(f"{record}\n" for record in RECORDS).encode(), "".join(f"data: {record}\n\n" for record in RECORDS).encode()
open("log", "wb").write(LOG)


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body, kind = (FEED, "text/event-stream") if self.path == "/feed" else (LOG, "application/x-ndjson; charset=utf-8")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def show(name, lines):
    whole = 0
    for number, line in enumerate(lines, 1):
        try:
            whole += bool(json.loads(line))
        except ValueError:
            pass
    print(f"{name}: {number} lines, {whole} whole")


async def by_aiohttp():
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return [line async for line in answer.content]


for client in (httpx, httpx2):
    with client.stream("GET", url) as answer:
        show(client.__name__, answer.iter_lines())
show("requests", requests.get(url, stream=True).iter_lines())
show("requests as text", requests.get(url, stream=True).iter_lines(decode_unicode=True))
show("codecs.open", codecs.open("log", encoding="utf-8"))
show("open", open("log", encoding="utf-8"))
show("jsonlines", map(json.dumps, jsonlines.open("log")))
show("aiohttp", asyncio.run(by_aiohttp()))
with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", f"{url}/feed") as source:
    show("httpx-sse", (event.data for event in source.iter_sse()))
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { createInterface } from 'node:readline'
import byline from 'byline'
import split2 from 'split2'
const isJson = (line) => { try { return Boolean(JSON.parse(line)) } catch { return false } }
const readers = {
  byline: () => byline(fs.createReadStream('log', 'utf8')),
  split2: () => fs.createReadStream('log').pipe(split2()),
  readline: () => createInterface({ input: fs.createReadStream('log') })
}
for (const [name, open] of Object.entries(readers)) {
  const lines = []
  for await (const line of open()) lines.push(String(line))
  console.log(`${name}: ${lines.length} lines, ${lines.filter(isJson).length} whole`)
}
JS
v/bin/python read.py | tee seen
node read.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
httpx: 5 lines, 1 whole
httpx2: 5 lines, 1 whole
requests: 3 lines, 3 whole
requests as text: 5 lines, 1 whole
codecs.open: 5 lines, 1 whole
open: 3 lines, 3 whole
jsonlines: 3 lines, 3 whole
aiohttp: 3 lines, 3 whole
httpx-sse: 3 lines, 3 whole
byline: 5 lines, 1 whole
split2: 3 lines, 3 whole
readline: 3 lines, 3 whole
SEEN
