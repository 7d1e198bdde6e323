#!/usr/bin/env bash
# What browsers send for a quote in a field's name is one name for two parsers and another for two others.
#
# Versions: python-multipart 0.0.34, multipart 2.0.1, Werkzeug 3.1.9 (PyPI), busboy 1.6.0 (npm).
# One would think: name="a%22b" is the field a"b: the HTML standard makes every browser write %22 for a quote (and %0D%0A for a
#       line break), and nothing else percent-encoded.
# Seen: multipart and Werkzeug read a"b; python-multipart and busboy keep the seven letters a%22b.
# Why it matters: a field that a gateway's rule names, or that a signature covers by its name, is another field in the app,
#       depending on the parser; names with brackets and quotes come from form builders, not from attackers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'python-multipart==0.0.34' 'multipart==2.0.1' 'Werkzeug==3.1.9'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund busboy@1.6.0

cat > body.py <<'PY'
BODY = b'--B\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nx\r\n--B--\r\n'
PY
v/bin/python - <<'PY' | tee seen
from io import BytesIO
import multipart, python_multipart
from werkzeug.formparser import parse_form_data
from body import BODY
kind = "multipart/form-data; boundary=B"
seen = []
python_multipart.parse_form({"Content-Type": kind.encode(), "Content-Length": str(len(BODY)).encode()}, BytesIO(BODY),
                            lambda field: seen.append(field.field_name.decode()), lambda file: None)
print("python-multipart", seen[0])
print("multipart", multipart.MultipartParser(BytesIO(BODY), "B").parts()[0].name)
form = parse_form_data({"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(BODY)), "wsgi.input": BytesIO(BODY)})[1]
print("Werkzeug", next(iter(form)))
PY
cat > parse.mjs <<'JS'
import busboy from 'busboy'
const parser = busboy({ headers: { 'content-type': 'multipart/form-data; boundary=B' } })
parser.on('field', (name) => console.log('busboy', name))
parser.end('--B\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nx\r\n--B--\r\n')
JS
node parse.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
python-multipart a%22b
multipart a"b
Werkzeug a"b
busboy a%22b
SEEN
