#!/usr/bin/env bash
# A name that is typed in the order of RFC 4514 ends up backwards in the certificate.
#
# Versions: @peculiar/x509 2.2.0 (npm); beside it cryptography 50.0.2 (PyPI).
# One would think: new Name('CN=alice,O=Example,C=JP') encodes C first and CN last: RFC 4514 section 2.1 writes the sequence of a
#       name from its end, and LDAP, Python's cryptography and OpenSSL with -nameopt RFC2253 read it so.
# Seen: the relative names stand in the order in which they are typed, CN first; toString() writes them so as well, so that a
#       round trip shows nothing. cryptography reads the same bytes as "C=JP,O=Example,CN=alice".
# Why it matters: names are compared as sequences (RFC 5280 section 7.1). A certificate whose issuer or subject was given as text
#       to both tools does not chain, and a mapping by subject text finds nobody.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @peculiar/x509@2.2.0 reflect-metadata@0.2.2
python3 -m venv v
v/bin/pip -q install 'cryptography==50.0.2'

cat > name.mjs <<'JS'
import 'reflect-metadata'
import { Name } from '@peculiar/x509'
console.log(Buffer.from(new Name('CN=alice,O=Example,C=JP').toArrayBuffer()).toString('hex'))
JS
node name.mjs > hex
v/bin/python - <<'PY' | tee seen
from cryptography import x509
typed = "CN=alice,O=Example,C=JP"
theirs = bytes.fromhex(open("hex").read())
print("same bytes:", x509.Name.from_rfc4514_string(typed).public_bytes() == theirs)
# The first relative name in the bytes: 2.5.4.3 is CN, 2.5.4.6 is C.
print("first in the bytes:", {"0603550403": "CN", "0603550406": "C"}[theirs.hex()[12:22]])
PY
diff seen - <<'SEEN' && echo "as found"
same bytes: False
first in the bytes: CN
SEEN
