#!/usr/bin/env bash
# @hapi/accept chooses a media type that the server did not offer; python-mimeparse finds none where the case differs.
#
# Versions: @hapi/accept 6.0.3 and, beside it, negotiator 1.1.0 (npm); python-mimeparse 2.0.0 (PyPI).
# One would think: of the offers [text/html, application/json] one is chosen, or none. Media types are compared without case
#   (RFC 9110 section 8.3.1), and a comma inside a quoted parameter ends no element of the list (section 5.6.4).
# Seen: for "text/html;level=1, application/json;q=0.5" @hapi/accept returns "text/html;level=1", the browser's own text, although only
#   "text/html" was offered; negotiator, which compares parameters too, returns application/json. For "TEXT/HTML"
#   python-mimeparse returns the empty string, and for application/json;profile="a,b" it raises an error.
# Why it matters: a gateway that answers with a page or with a problem document branches on the chosen type. The value is in no
#   branch, or it is written into Content-Type as the client sent it: the answer to a person becomes that for a program.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent @hapi/accept@6.0.3 negotiator@1.1.0 >/dev/null
python3 -m venv v
v/bin/pip -q install 'python-mimeparse==2.0.0'
cat >choose.mjs <<'JS'
import accept from '@hapi/accept';
import Negotiator from 'negotiator';

const offers = ['text/html', 'application/json'];
for (const header of ['text/html;level=1, application/json;q=0.5', 'text/html;charset=utf-8', 'TEXT/HTML']) {
  console.log(header, '|', accept.mediaType(header, offers), '|', new Negotiator({ headers: { accept: header } }).mediaType(offers));
}
JS
cat >choose.py <<'PY'
import mimeparse

for header in ["text/html, */*;q=0.1", "TEXT/HTML", 'application/json;profile="a,b", text/html;q=0.5']:
    try:
        print("mimeparse", header, "|", repr(mimeparse.best_match(["text/html", "application/json"], header)))
    except Exception as error:
        print("mimeparse", header, "|", type(error).__name__)
PY
{ node choose.mjs; v/bin/python choose.py; } | tee seen
diff seen - <<'SEEN' && echo "as found"
text/html;level=1, application/json;q=0.5 | text/html;level=1 | application/json
text/html;charset=utf-8 | text/html;charset=utf-8 | undefined
TEXT/HTML | text/html | text/html
mimeparse text/html, */*;q=0.1 | 'text/html'
mimeparse TEXT/HTML | ''
mimeparse application/json;profile="a,b", text/html;q=0.5 | MimeTypeParseException
SEEN
