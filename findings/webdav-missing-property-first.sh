#!/usr/bin/env bash
# A folder of a WsgiDAV server is listed as a file of no size as soon as one asks for a property that it lacks, before the others.
#
# Versions: webdav 5.11.0 (npm), WsgiDAV 4.4.0 with cheroot 11.1.2, beside the client webdav4 0.11.0 (PyPI).
# One would think: a response has a propstat for each status, in any order (RFC 4918 section 9.1 and 14.22), and a client takes the one
#       with 200.
# Seen: webdav reads the first propstat alone. WsgiDAV answers the statuses in the order of the properties that were asked for, so with
#       creator-displayname first, that is 404 and holds nothing: the folder is a "file", the file has no size. The same properties with
#       creator-displayname last are read well. webdav4 reads both.
# Why it matters: nothing fails. A browser of files shows folders that cannot be entered, a copy skips them, a comparison of sizes finds
#       changes everywhere; and it depends on the order in which an app happens to name the properties it wants.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install WsgiDAV==4.4.0 cheroot==11.1.2 webdav4==0.11.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund webdav@5.11.0
mkdir -p files/folder
echo hello >files/hello.txt
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
v/bin/wsgidav --host 127.0.0.1 --port "$port" --root files --auth anonymous --quiet >/dev/null 2>&1 &
server=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.2
done

cat > list.mjs <<'JS'
import { createClient } from 'webdav'
const client = createClient(process.argv[2])
const wanted = ['resourcetype', 'getcontentlength']
for (const names of [[...wanted, 'creator-displayname'], ['creator-displayname', ...wanted]]) {
  const data = `<propfind xmlns="DAV:"><prop>${names.map((name) => `<${name}/>`).join('')}</prop></propfind>`
  const found = await client.getDirectoryContents('/', { data })
  console.log(`webdav, ${names[0]} first:`, found.map(({ basename, type, size }) => `${basename} ${type} ${size}`).sort().join(', '))
}
JS
node list.mjs "http://127.0.0.1:$port" | tee seen
cat > list.py <<'PY'
import sys, xml.etree.ElementTree as tree
from webdav4.client import Client
from webdav4.multistatus import parse_multistatus_response

client = Client(sys.argv[1])
wanted = ["resourcetype", "getcontentlength"]
for names in (wanted + ["creator-displayname"], ["creator-displayname"] + wanted):
    body = f"<propfind xmlns='DAV:'><prop>{''.join(f'<{name}/>' for name in names)}</prop></propfind>"
    answer = client.http.request("PROPFIND", sys.argv[1] + "/", content=body, headers={"Depth": "1"})
    found = parse_multistatus_response(answer).responses
    print(f"webdav4, {names[0]} first:", ", ".join(sorted(f"{path.strip('/')} {one.properties.resource_type} {one.properties.content_length}" for path, one in found.items() if path.strip("/"))))
PY
v/bin/python list.py "http://127.0.0.1:$port" | tee -a seen
diff seen - <<'SEEN' && echo "as found"
webdav, resourcetype first: folder directory 0, hello.txt file 6
webdav, creator-displayname first: folder file NaN, hello.txt file 0
webdav4, resourcetype first: folder directory None, hello.txt file 6
webdav4, creator-displayname first: folder directory None, hello.txt file 6
SEEN
