#!/usr/bin/env bash
# "Never" of Active Directory is the year 1601 or the year 9999 for ldap3, depending on which of its two spellings the account has.
#
# Version: ldap3 2.9.1 (PyPI), with its own schema of Active Directory 2012 R2 and its own mock of a server.
# One would think: accountExpires 0 and 9223372036854775807 both say that an account never expires, and come back as one value that says so. lockoutTime
#       0 is "not locked" and pwdLastSet 0 "must change the password": neither is a date. In the policy overlay of OpenLDAP
#       pwdAccountLockedTime 000001010000Z is a lock without end.
# Seen: 0 becomes 1601-01-01 00:00 UTC in all three, and the other spelling the last microsecond of 9999. A real time is right. 000001010000Z is no
#       datetime but the bytes as they came, where every other time of a lock is a datetime.
# Why it matters: new accounts have the large number, and those that once had an end and lost it in the console have 0. A report that compares
#       accountExpires with now shows exactly these as expired four centuries ago, names whoever was once locked as locked in 1601, and breaks
#       with a TypeError at the one account that an administrator locked for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'ldap3==2.9.1'

cat > ask.py <<'PY'
from ldap3 import MOCK_SYNC, OFFLINE_AD_2012_R2, OFFLINE_SLAPD_2_4, Connection, Server


def ask(schema, values):
    connection = Connection(Server("directory", get_info=schema), "cn=reader,dc=example,dc=com", "secret", client_strategy=MOCK_SYNC)
    connection.strategy.add_entry("cn=reader,dc=example,dc=com", {"userPassword": "secret", "sn": "Reader"})
    for number, (attribute, value) in enumerate(values):
        connection.strategy.add_entry(f"cn=person{number},dc=example,dc=com", {"sn": "Example", attribute: value}, validate=False)
    connection.bind()
    for number, (attribute, value) in enumerate(values):
        connection.search(f"cn=person{number},dc=example,dc=com", "(sn=Example)", attributes=[attribute])
        found = connection.entries[0][attribute].value
        print(f"{attribute} {value}: {type(found).__name__} {found}")


ask(OFFLINE_AD_2012_R2, [("accountExpires", "0"), ("accountExpires", "9223372036854775807"), ("accountExpires", "134100000000000000"),
                         ("lockoutTime", "0"), ("pwdLastSet", "0")])
ask(OFFLINE_SLAPD_2_4, [("pwdAccountLockedTime", "20261201093000Z"), ("pwdAccountLockedTime", "000001010000Z")])
PY
v/bin/python ask.py | tee seen
diff seen - <<'SEEN' && echo "as found"
accountExpires 0: datetime 1601-01-01 00:00:00+00:00
accountExpires 9223372036854775807: datetime 9999-12-31 23:59:59.999999+00:00
accountExpires 134100000000000000: datetime 2025-12-12 08:00:00+00:00
lockoutTime 0: datetime 1601-01-01 00:00:00+00:00
pwdLastSet 0: datetime 1601-01-01 00:00:00+00:00
pwdAccountLockedTime 20261201093000Z: datetime 2026-12-01 09:30:00+00:00
pwdAccountLockedTime 000001010000Z: bytes b'000001010000Z'
SEEN
