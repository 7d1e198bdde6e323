#!/usr/bin/env bash
# Caddy 2.6.2 (Debian 2.6.2-5): a client certificate that is handed on as PEM in a header answers 502 to those who have one.
#
# One would think: {http.request.tls.client.certificate_pem}, a placeholder that the manual lists beside the Base64 form of the
#   same certificate, can be the value of a header for the app, as its neighbours can.
# Seen: the value has its line feeds, which no header may have. Go's client refuses the whole request ("invalid header field
#   value"), so that a browser with a certificate gets 502 at every page, and one without gets the app. The configuration is
#   accepted, and the Base64 form of the DER (certificate_der_base64) arrives.
# Why it matters: the set-up is tried by those who have no certificate yet, and fails for the first who installed one; the log names
#   the header, the page says nothing. A gateway or an app behind Caddy takes the Base64 form, which is what RFC 9440 has between
#   its colons as well.
set -euo pipefail
folder=$(mktemp -d)
caddy=
app=
ended() { for pid in $caddy $app; do kill "$pid" 2>/dev/null || true; done; rm -rf "$folder"; }
trap ended EXIT
cd "$folder"
chmod 755 .
apt-get download -qq caddy=2.6.2-5 2>/dev/null
dpkg -x caddy_*.deb .
key() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" -days 2 2>/dev/null; }
key server localhost
key device 'device 1'

cat >app.py <<'PY'
import http.server

class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        value = next((v for k, v in self.headers.items() if k.lower().startswith("x-certificate")), "")
        with open("got", "a") as got:
            got.write(f"{self.path} {value[:4]} {len(value) > 300}\n")
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass

server = http.server.HTTPServer(("127.0.0.1", 0), App)
with open("app.port", "w") as port: port.write(str(server.server_port))
server.serve_forever()
PY
python3 app.py & app=$!
until [ -s app.port ]; do sleep 0.1; done
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >Caddyfile <<CADDY
{
  admin off
  auto_https off
}
https://localhost:$port {
  bind 127.0.0.1
  tls server.pem server.key {
    client_auth {
      mode request
    }
  }
  reverse_proxy /pem 127.0.0.1:$(cat app.port) {
    header_up X-Certificate {http.request.tls.client.certificate_pem}
  }
  reverse_proxy /der 127.0.0.1:$(cat app.port) {
    header_up X-Certificate {http.request.tls.client.certificate_der_base64}
  }
}
CADDY
XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder usr/bin/caddy run --config Caddyfile 2>caddy.log & caddy=$!
status() { curl -sk -o /dev/null -w '%{http_code}' "$@"; }
until [ "$(status "https://localhost:$port/")" != 000 ]; do kill -0 $caddy || { cat caddy.log; exit 1; }; sleep 0.2; done
with=(--cert device.pem --key device.key)
{
  usr/bin/caddy version
  echo "without a certificate: pem $(status "https://localhost:$port/pem"), der $(status "https://localhost:$port/der")"
  echo "with a certificate: pem $(status "${with[@]}" "https://localhost:$port/pem"), der $(status "${with[@]}" "https://localhost:$port/der")"
  echo "the app got with one: $(tail -1 got)"
  grep -o 'net/http: invalid header field value' caddy.log | sort -u
} | tee seen
diff seen - <<'SEEN' && echo "as found"
2.6.2
without a certificate: pem 200, der 200
with a certificate: pem 502, der 200
the app got with one: /der MIIB True
net/http: invalid header field value
SEEN
