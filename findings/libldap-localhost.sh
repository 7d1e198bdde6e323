#!/usr/bin/env bash
# libldap 2.5.13 (Debian's libldap-2.5-0 and ldap-utils 2.5.13+dfsg-5): ldaps://localhost wants a certificate of the machine's own name.
#
# One would think: the name in the address is the name that the certificate must have (RFC 6125 §6.2.1, RFC 4513 §3.1.3).
# Seen: if the address says "localhost", libldap looks for what the machine calls itself instead. A certificate for localhost
#   and 127.0.0.1 is refused ("hostname (…) does not match common name in certificate (localhost)"). With ldaps://127.0.0.1 the certificate's own IP address counts, as one would think.
# Why it matters: a directory that is reached by a tunnel or runs beside its client works with one client library and not
#   with another, by the same address and the same certificate; and it stops when the machine is given another name.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q ldap-utils=2.5.13+dfsg-5 libldap-2.5-0=2.5.13+dfsg-5 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
certificate() { # certificate NAME SUBJECT ALTERNATIVE
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" -addext "subjectAltName=$3" -days 2 2>/dev/null
}
certificate local localhost DNS:localhost,IP:127.0.0.1
port=$(free_port)
openssl s_server -accept "127.0.0.1:$port" -cert local.pem -key local.key -quiet >/dev/null 2>&1 &
server=$!
sleep 1
# In a UTS namespace of its own the machine is called seen.example.test, whatever it is called outside.
verdict() { # verdict CERTIFICATE URL : what libldap says of the certificate; what answers there speaks no LDAP
  unshare --map-root-user --uts sh -c 'hostname seen.example.test && exec "$@"' sh env "LD_LIBRARY_PATH=$(dirname "$(find "$folder/root" -name 'libldap-2.5.so.0' | head -n 1)")" \
    LDAPTLS_CACERT="$1" timeout 5 root/usr/bin/ldapsearch -d 1 -H "$2" -x -b '' -s base >log 2>&1 || true
  if grep -q 'does not match' log; then grep -o 'hostname (.*' log; elif grep -q 'TLS: can.t connect' log; then echo 'another TLS error'; else echo 'taken'; fi
}
expect() { # expect WHAT SEEN WANTED
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "changed: expected $3"; exit 1; }
}
expect "certificate of localhost, ldaps://localhost" "$(verdict local.pem "ldaps://localhost:$port")" \
  'hostname (seen.example.test) does not match common name in certificate (localhost).'
expect "certificate of localhost and 127.0.0.1, ldaps://127.0.0.1" "$(verdict local.pem "ldaps://127.0.0.1:$port")" taken
