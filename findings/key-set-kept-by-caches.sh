#!/usr/bin/env bash
# How long an answer is kept: four caches of HTTP clients, four readings of the Cache-Control that providers send with their keys.
#
# Versions: CacheControl 0.14.4, requests-cache 1.3.3 on requests 2.34.2 with urllib3 2.8.0 (PyPI); http-cache-semantics 4.3.0, undici 7.30.2 (npm).
# One would think: an answer with max-age=60 is used again for 60 seconds less what Age says, since another cache had it for so long (RFC 9111 section
#       4.2.3); names of directives know no case (section 5.2); must-revalidate is for stale answers (section 5.2.2.2); an answer without Date is
#       one of the moment it came (RFC 9110 section 6.6.1).
# Seen: CacheControl and requests-cache do not look at Age: an answer that is 70 seconds old on arrival is new to them. CacheControl and
#       http-cache-semantics (the cache of got and others) do not know "Max-Age". requests-cache and http-cache-semantics take must-revalidate for
#       no-cache and ask every time. CacheControl keeps nothing without Date. No two of the four agree on all six; undici does as the RFC says.
# Why it matters: the keys of an identity provider, its metadata and lists of revoked certificates come through a content network with Age, and one large
#       provider sends "public, max-age=..., must-revalidate, no-transform". One client goes on with a key for twice the time after it was
#       withdrawn, and another asks for the keys at every sign-in until the provider slows it down.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install CacheControl==0.14.4 requests-cache==1.3.3 requests==2.34.2 urllib3==2.8.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund http-cache-semantics@4.3.0 undici@7.30.2

cat > ask.py <<'PY'
import http.server, json, subprocess, threading
from collections import Counter
from email.utils import formatdate
import cachecontrol, requests, requests_cache

ANSWERS = {"max-age": {"Cache-Control": "max-age=60"}, "50 seconds old": {"Cache-Control": "max-age=60", "Age": "50"},
           "70 seconds old": {"Cache-Control": "max-age=60", "Age": "70"}, "capitals": {"Cache-Control": "Max-Age=60"},
           "must-revalidate": {"Cache-Control": "public, max-age=60, must-revalidate, no-transform"}, "no Date": {"Cache-Control": "max-age=60", "Date": None}}
asked = Counter()


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked[self.path] += 1
        self.send_response_only(200)
        for name, value in ({"Date": formatdate(usegmt=True)} | ANSWERS[self.path[1:].replace("_", " ")]).items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", "11")
        self.end_headers()
        self.wfile.write(b'{"keys":[]}')

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
threading.Thread(target=server.serve_forever, daemon=True).start()
paths = ["/" + name.replace(" ", "_") for name in ANSWERS]
urls = [f"http://127.0.0.1:{server.server_port}{path}" for path in paths]
by_cachecontrol = cachecontrol.CacheControl(requests.Session())
by_requests_cache = requests_cache.CachedSession(backend="memory", cache_control=True)
CLIENTS = {"CacheControl": lambda: [by_cachecontrol.get(url) for url in urls for _ in range(2)],
           "requests-cache": lambda: [by_requests_cache.get(url) for url in urls for _ in range(2)],
           **{name: lambda name=name: subprocess.run(["node", "ask.mjs", name, *urls], check=True) for name in ("http-cache-semantics", "undici")}}
for name, ask_twice in CLIENTS.items():
    asked.clear()
    ask_twice()
    print(f"{name}:", ", ".join(f"{path[1:].replace('_', ' ')} {'kept' if asked[path] == 1 else 'asked again'}" for path in paths))
PY
cat > ask.mjs <<'JS'
import CachePolicy from 'http-cache-semantics'
import { Agent, interceptors, request } from 'undici'
const [client, ...urls] = process.argv.slice(2)
const dispatcher = client === 'undici' ? new Agent().compose(interceptors.cache()) : new Agent()
const get = async (url) => {
  const { statusCode, headers, body } = await request(url, { dispatcher })
  await body.dump()
  return { status: statusCode, headers }
}
for (const url of urls) {
  const question = { url, method: 'GET', headers: {} }
  const policy = new CachePolicy(question, await get(url), { shared: false })
  if (client === 'undici' || !policy.satisfiesWithoutRevalidation(question)) await get(url)
}
JS
v/bin/python ask.py | tee seen
diff seen - <<'SEEN' && echo "as found"
CacheControl: max-age kept, 50 seconds old kept, 70 seconds old kept, capitals asked again, must-revalidate kept, no Date asked again
requests-cache: max-age kept, 50 seconds old kept, 70 seconds old kept, capitals kept, must-revalidate asked again, no Date kept
http-cache-semantics: max-age kept, 50 seconds old kept, 70 seconds old asked again, capitals asked again, must-revalidate asked again, no Date kept
undici: max-age kept, 50 seconds old kept, 70 seconds old asked again, capitals kept, must-revalidate kept, no Date kept
SEEN
