#!/usr/bin/env bash
# Whether a part is a field or a file: four form parsers, four answers.
#
# Versions: python-multipart 0.0.34, multipart 2.0.1, Werkzeug 3.1.9 (PyPI), busboy 1.6.0 (npm).
# One would think: a part is a file if it has a filename, and all parsers agree on what counts as one.
# Seen: with filename*= alone Werkzeug and busboy see a file, the two others a field; with filename="" (what a browser sends for
#       an empty file input) busboy sees a field, the three others a file; with Content-Type: application/octet-stream and no
#       filename busboy sees a file, the three others a field.
# Why it matters: what one program shows or checks as a field is an upload, or nothing at all, for the app behind it. Sekisho
#       shows a multipart field only if it has none of these (docs/transactions.md).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'python-multipart==0.0.34' 'multipart==2.0.1' 'Werkzeug==3.1.9'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund busboy@1.6.0

cat > parts.py <<'PY'
PARTS = {"filename*": "Content-Disposition: form-data; name=\"a\"; filename*=UTF-8''x.txt",
         "empty filename": 'Content-Disposition: form-data; name="a"; filename=""',
         "octet-stream": 'Content-Disposition: form-data; name="a"\r\nContent-Type: application/octet-stream'}
body = lambda head: f"--B\r\n{head}\r\n\r\nx\r\n--B--\r\n".encode()
PY
v/bin/python - <<'PY' | tee seen
from io import BytesIO
import json, multipart, python_multipart
from werkzeug.formparser import parse_form_data
from parts import PARTS, body
kind = "multipart/form-data; boundary=B"
json.dump({name: body(head).decode() for name, head in PARTS.items()}, open("parts.json", "w"))
for name, head in PARTS.items():
    sent, seen = body(head), []
    python_multipart.parse_form({"Content-Type": kind.encode(), "Content-Length": str(len(sent)).encode()}, BytesIO(sent),
                                lambda field: seen.append("field"), lambda file: seen.append("file"))
    part = multipart.MultipartParser(BytesIO(sent), "B").parts()[0]
    files = parse_form_data({"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(sent)), "wsgi.input": BytesIO(sent)})[2]
    print(f"{name}: python-multipart {seen[0]}, multipart {'field' if part.filename is None else 'file'}, Werkzeug {'file' if files else 'field'}")
PY
cat > parse.mjs <<'JS'
import fs from 'node:fs'
import busboy from 'busboy'
for (const [name, body] of Object.entries(JSON.parse(fs.readFileSync('parts.json')))) {
  await new Promise((done) => {
    const parser = busboy({ headers: { 'content-type': 'multipart/form-data; boundary=B' } })
    parser.on('field', () => console.log(`${name}: busboy field`))
    parser.on('file', (_, stream) => { console.log(`${name}: busboy file`); stream.resume() })
    parser.on('close', done)
    parser.end(body)
  })
}
JS
node parse.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
filename*: python-multipart field, multipart field, Werkzeug file
empty filename: python-multipart file, multipart file, Werkzeug file
octet-stream: python-multipart field, multipart field, Werkzeug field
filename*: busboy file
empty filename: busboy field
octet-stream: busboy file
SEEN
