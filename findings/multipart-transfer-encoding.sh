#!/usr/bin/env bash
# One form parser decodes a base64 field of a multipart form; the others hand on the letters as they came.
#
# Versions: python-multipart 0.0.34, multipart 2.0.1, Werkzeug 3.1.9 (PyPI), busboy 1.6.0 (npm).
# One would think: a field with Content-Transfer-Encoding: base64 is either decoded by every parser or by none: RFC 7578
#       section 4.7 deprecates the field for HTTP.
# Seen: python-multipart's FormParser gives "val" for "dmFs"; multipart, Werkzeug and busboy give "dmFs".
# Why it matters: a gateway or a scanner that shows or checks a field before the app reads it sees another value than the app.
#       Sekisho refuses such a part where a rule shows a multipart field (docs/transactions.md).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'python-multipart==0.0.34' 'multipart==2.0.1' 'Werkzeug==3.1.9'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund busboy@1.6.0

cat > body.py <<'PY'
BODY = b'--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\ndmFs\r\n--B--\r\n'
PY
v/bin/python - <<'PY' | tee seen
from io import BytesIO
import multipart, python_multipart
from werkzeug.formparser import parse_form_data
from body import BODY
kind = "multipart/form-data; boundary=B"
seen = []
python_multipart.parse_form({"Content-Type": kind.encode(), "Content-Length": str(len(BODY)).encode()}, BytesIO(BODY),
                            lambda field: seen.append(field.value.decode()), lambda file: None)
print("python-multipart", seen[0])
print("multipart", multipart.MultipartParser(BytesIO(BODY), "B").parts()[0].value)
form = parse_form_data({"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(BODY)), "wsgi.input": BytesIO(BODY)})[1]
print("Werkzeug", form["a"])
PY
cat > parse.mjs <<'JS'
import busboy from 'busboy'
const parser = busboy({ headers: { 'content-type': 'multipart/form-data; boundary=B' } })
parser.on('field', (name, value) => console.log('busboy', value))
parser.end('--B\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\ndmFs\r\n--B--\r\n')
JS
node parse.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
python-multipart val
multipart dmFs
Werkzeug dmFs
busboy dmFs
SEEN
