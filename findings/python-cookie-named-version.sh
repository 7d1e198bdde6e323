#!/usr/bin/env bash
# A cookie with the name "version" hides the others from Python's http.cookies, and so does an attribute that it does not know.
#
# Versions: CPython 3.8 to 3.13 (http.cookies), CherryPy 18.10.0, beside it Werkzeug 3.1.9 and starlette 1.10.0 (PyPI), cookie 1.1.1 (npm).
# One would think: a name in the Cookie field is a name, whatever it is: attributes are never sent there (RFC 6265 section 4.2); and an
#       attribute of Set-Cookie that one does not know is ignored (section 5.2).
# Seen: SimpleCookie reads RFC 2109. In "version=3; sid=x" it finds nothing, in "lang=ja; version=3; sid=x" an attribute of lang. The
#       same holds for path, domain, comment, expires and secure. Set-Cookie with Partitioned gives no cookie at all. Werkzeug, starlette
#       and cookie (npm) find each of them.
# Why it matters: an app under the same name or a parent domain sets "version", and a Python program beside it, here one with CherryPy, loses
#       its session or not by the order in which the browser sends them, which is that of their making.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install CherryPy==18.10.0 Werkzeug==3.1.9 starlette==1.10.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cookie@1.1.1

cat > read.py <<'PY'
import io, json
from http.cookies import SimpleCookie
import cherrypy
from starlette.requests import cookie_parser
from werkzeug.http import parse_cookie

FIELDS = ["version=3; sid=x", "lang=ja; version=3; sid=x", "sid=x; version=3", "comment=a; sid=x"]


class Root:
    @cherrypy.expose
    def index(self):
        return " ".join(sorted(cherrypy.request.cookie)) or "none"


cherrypy.config.update({"environment": "embedded"})
app = cherrypy.Application(Root())


def by_cherrypy(field):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "app.example.test", "SERVER_PORT": "80",
               "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "app.example.test", "HTTP_COOKIE": field, "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
               "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}
    return b"".join(app(environ, lambda *_: None)).decode()


names = lambda found: " ".join(sorted(found)) or "none"
for field in FIELDS:
    print(f"{field}: http.cookies {names(SimpleCookie(field))}; CherryPy {by_cherrypy(field)}; Werkzeug {names(parse_cookie(field))}; starlette {names(cookie_parser(field))}")
for field in ("sid=x; Secure; Path=/", "sid=x; Secure; Path=/; Partitioned"):
    print(f"Set-Cookie {field}: http.cookies {names(SimpleCookie(field))}")
json.dump(FIELDS, open("fields.json", "w"))
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { parseCookie } from 'cookie'
for (const field of JSON.parse(fs.readFileSync('fields.json'))) console.log(`${field}: cookie (npm) ${Object.keys(parseCookie(field)).sort().join(' ')}`)
JS
v/bin/python read.py | tee seen
node read.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
version=3; sid=x: http.cookies none; CherryPy none; Werkzeug sid version; starlette sid version
lang=ja; version=3; sid=x: http.cookies lang sid; CherryPy lang sid; Werkzeug lang sid version; starlette lang sid version
sid=x; version=3: http.cookies sid; CherryPy sid; Werkzeug sid version; starlette sid version
comment=a; sid=x: http.cookies none; CherryPy none; Werkzeug comment sid; starlette comment sid
Set-Cookie sid=x; Secure; Path=/: http.cookies sid
Set-Cookie sid=x; Secure; Path=/; Partitioned: http.cookies none
version=3; sid=x: cookie (npm) sid version
lang=ja; version=3; sid=x: cookie (npm) lang sid version
sid=x; version=3: cookie (npm) sid version
comment=a; sid=x: cookie (npm) comment sid
SEEN
