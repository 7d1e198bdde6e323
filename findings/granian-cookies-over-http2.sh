#!/usr/bin/env bash
# Over HTTP/2 a Django app on Granian gets one cookie where the browser sent three, with the others inside its value.
#
# Versions: Granian 2.8.9, Django 5.2.19, beside them Hypercorn 0.18.0 and starlette 1.10.0 (PyPI); the client is the http2 of Node.
# One would think: the Cookie field may come in several lines over HTTP/2, as browsers send it, and is joined by "; " before a generic app gets it
#       (RFC 9113 section 8.2.3).
# Seen: Granian hands on the lines as they came, Django joins lines by a comma, as it may for other fields, and reads a cookie "sid" with
#       the value "x,lang=ja,v=3". Hypercorn joins them itself (so does Granian for WSGI); starlette on Granian reads each line. Each pair but
#       one works.
# Why it matters: with one cookie, or over HTTP/1.1, nothing is wrong. When the way to the app is switched to HTTP/2, people who have a second
#       cookie are signed out, and the session that the app is asked for exists nowhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install granian==2.8.9 Django==5.2.19 hypercorn==0.18.0 starlette==1.10.0

cat > apps.py <<'PY'
import json
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="for a test")
import django

django.setup()
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import path
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def with_starlette(request):
    return PlainTextResponse(json.dumps(request.cookies, sort_keys=True))


urlpatterns = [path("", lambda request: HttpResponse(json.dumps(request.COOKIES, sort_keys=True)))]
by_django = get_asgi_application()
by_starlette = Starlette(routes=[Route("/", with_starlette)])
PY
cat > ask.mjs <<'JS'
import http2 from 'node:http2'
for (const cookie of [['sid=x'], ['sid=x', 'lang=ja', 'v=3']]) {
  const session = http2.connect(process.argv[2])
  const request = session.request({ ':path': '/', cookie })
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  console.log(`${process.argv[3]}, ${cookie.length} cookie${cookie.length > 1 ? 's' : ''}: ${body}`)
  session.close()
}
JS
for app in by_django by_starlette; do
  for name in granian hypercorn; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    if [ "$name" = granian ]; then
      v/bin/granian --interface asgi --http 2 --host 127.0.0.1 --port "$port" "apps:$app" >log 2>&1 &
    else
      v/bin/hypercorn -b "127.0.0.1:$port" "apps:$app" >log 2>&1 &
    fi
    server=$!
    for _ in $(seq 150); do
      (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
      sleep 0.2
    done
    node ask.mjs "http://127.0.0.1:$port" "$app on $name"
    kill "$server"
    wait "$server" 2>/dev/null || true
  done
done | tee seen
diff seen - <<'SEEN' && echo "as found"
by_django on granian, 1 cookie: {"sid": "x"}
by_django on granian, 3 cookies: {"sid": "x,lang=ja,v=3"}
by_django on hypercorn, 1 cookie: {"sid": "x"}
by_django on hypercorn, 3 cookies: {"lang": "ja", "sid": "x", "v": "3"}
by_starlette on granian, 1 cookie: {"sid": "x"}
by_starlette on granian, 3 cookies: {"lang": "ja", "sid": "x", "v": "3"}
by_starlette on hypercorn, 1 cookie: {"sid": "x"}
by_starlette on hypercorn, 3 cookies: {"lang": "ja", "sid": "x", "v": "3"}
SEEN
