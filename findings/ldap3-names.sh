#!/usr/bin/env bash
# ldap3 refuses distinguished names that RFC 4514 allows, its own example among them.
#
# Version: ldap3 2.9.1 (PyPI).
# One would think: parse_dn reads every string of RFC 4514: "=" needs no escape inside a value (section 2.4 lists what does), a
#       type may be a dotted number with a value in hex (the example of section 4), a value may be empty, and the empty name is
#       the root.
# Seen: each of the four raises LDAPInvalidDnError. With "\=" the value is taken.
# Why it matters: other programs write such names (OpenSSL and Java leave "=" alone, and a certificate's subject or a person's CN
#       "a=b" comes as it is); a tool that checks names with parse_dn before a search refuses people whom the directory holds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'ldap3==2.9.1'

v/bin/python - <<'PY' | tee seen
from ldap3.utils.dn import parse_dn
for name in ("CN=a=b,DC=x", r"CN=a\=b,DC=x", "1.3.6.1.4.1.1466.0=#04024869,DC=x", "CN=,DC=x", ""):
    try:
        print(repr(name), [value for _, value, _ in parse_dn(name)])
    except Exception as error:
        print(repr(name), type(error).__name__)
PY
diff seen - <<'SEEN' && echo "as found"
'CN=a=b,DC=x' LDAPInvalidDnError
'CN=a\\=b,DC=x' ['a\\=b', 'x']
'1.3.6.1.4.1.1466.0=#04024869,DC=x' LDAPInvalidDnError
'CN=,DC=x' LDAPInvalidDnError
'' LDAPInvalidDnError
SEEN
