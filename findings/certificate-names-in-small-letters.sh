#!/usr/bin/env bash
# A name as directories write it, cn=alice,dc=example, is no name for two certificate libraries; one of them takes a value in hex for text.
#
# Versions: cryptography 50.0.2 (PyPI), @peculiar/x509 2.2.0 (npm), beside them ldap3 2.9.1 (PyPI).
# One would think: from_rfc4514_string() and Name() read the strings of RFC 4514, where types have the short names of LDAP, which know no
#       case (RFC 4512), and "#" starts the bytes of a value (RFC 4514 section 2.4).
# Seen: both refuse "cn" and "dc" and take "CN" and "DC"; ldap3 takes both. CN=#0c05616c696365, which is "alice", becomes
#       for cryptography a text of seven letters that begins with a form feed, and is "alice" for @peculiar/x509.
# Why it matters: OpenLDAP and most configurations write small letters. To ask whether a certificate is the one of a directory's entry, an app
#       hands one's DN to the other and gets an error without a text, or a name that equals none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install cryptography==50.0.2 ldap3==2.9.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @peculiar/x509@2.2.0 reflect-metadata@0.2.2

cat > read.py <<'PY'
from cryptography import x509
from ldap3.utils.dn import parse_dn

for text in ("CN=alice,DC=example", "cn=alice,dc=example", "CN=#0c05616c696365"):
    try:
        read = [attribute.value for rdn in reversed(x509.Name.from_rfc4514_string(text).rdns) for attribute in rdn]
    except ValueError as refused:
        read = f"refused ({refused})"
    print(f"cryptography {text}: {read}")
for text in ("CN=alice,DC=example", "cn=alice,dc=example"):
    print(f"ldap3 {text}: {[value for _, value, _ in parse_dn(text)]}")
PY
cat > read.mjs <<'JS'
import 'reflect-metadata'
import { Name } from '@peculiar/x509'
for (const text of ['CN=alice,DC=example', 'cn=alice,dc=example', 'CN=#0c05616c696365']) {
  try {
    console.log(`@peculiar/x509 ${text}:`, new Name(new Name(text).toArrayBuffer()).toString())
  } catch (refused) {
    console.log(`@peculiar/x509 ${text}: refused (${refused.message})`)
  }
}
JS
v/bin/python read.py | tee seen
node read.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
cryptography CN=alice,DC=example: ['alice', 'example']
cryptography cn=alice,dc=example: refused ()
cryptography CN=#0c05616c696365: ['\x0c\x05alice']
ldap3 CN=alice,DC=example: ['alice', 'example']
ldap3 cn=alice,dc=example: ['alice', 'example']
@peculiar/x509 CN=alice,DC=example: CN=alice, DC=example
@peculiar/x509 cn=alice,dc=example: refused (Cannot get OID for name type '')
@peculiar/x509 CN=#0c05616c696365: CN=alice
SEEN
