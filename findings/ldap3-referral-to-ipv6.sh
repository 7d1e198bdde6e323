#!/usr/bin/env bash
# ldap3 follows a referral to a name or an IPv4 address; one to an IPv6 address is passed over without a word.
#
# Version: ldap3 2.9.1 (PyPI).
# One would think: ldap://[2001:db8::7]/c=GB?objectClass?one is a URL of LDAP: it is an example of RFC 3986 section 1.1.2, whose hosts are those
#       of RFC 4516 section 2. A scheme may have capitals (RFC 3986 section 3.1).
# Seen: ldap3 has no reading for it, nor for LDAP://host, and leaves such URLs out of the referrals it follows. The search ends with "referral"
#       and no entries, and no connection is tried, while Server("ldap://[2001:db8::7]") is understood. Of two referrals, the one with
#       the IPv6 address is as if it were not there.
# Why it matters: a directory that names its partners by IPv6 addresses answers some of the people only; sign-in says "no such user" for
#       those of the other branch, and nothing in a log speaks of the referral.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install ldap3==2.9.1

cat > search.py <<'PY'
import socket, threading
import ldap3
from ldap3.utils.uri import parse_uri

for url in ("ldap://partner.example.test/c=GB?objectClass?one", "ldap://192.0.2.7/c=GB?objectClass?one", "ldap://[2001:db8::7]/c=GB?objectClass?one",
            "LDAP://partner.example.test/c=GB?objectClass?one"):
    print(url, "read" if parse_uri(url) else "not read")
print("Server:", ldap3.Server("ldap://[2001:db8::7]").host)


def field(tag, content):
    return bytes([tag, len(content)]) + content


def answering(*referrals):
    """A directory that answers each request, a bind with success and a search with these referrals; its port, and the requests it got."""
    listener, got = socket.create_server(("127.0.0.1", 0)), []

    def serve(connection):
        with connection:
            while request := connection.recv(4096):
                number, operation = request[2:5], request[5]
                got.append(operation)
                if operation == 0x42:  # unbind
                    return
                result = bytes([10, 1, 10 if referrals and operation == 0x63 else 0, 4, 0, 4, 0])
                if referrals and operation == 0x63:  # a search
                    result += field(0xA3, b"".join(field(4, url.encode()) for url in referrals))
                connection.sendall(field(0x30, number + field(operation + (2 if operation == 0x63 else 1), result)))

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1], got


for host in ("127.0.0.1", "[::ffff:127.0.0.1]"):
    partner, got = answering()
    port, _ = answering(f"ldap://{host}:{partner}/dc=x??sub")
    connection = ldap3.Connection(ldap3.Server(f"ldap://127.0.0.1:{port}", get_info=ldap3.NONE), auto_bind=True)
    connection.search("dc=x", "(uid=alice)")
    print(f"referral to {host}: ends with {connection.result['description']}, the partner was {'searched' if 0x63 in got else 'not asked'}")
PY
v/bin/python search.py | tee seen
diff seen - <<'SEEN' && echo "as found"
ldap://partner.example.test/c=GB?objectClass?one read
ldap://192.0.2.7/c=GB?objectClass?one read
ldap://[2001:db8::7]/c=GB?objectClass?one not read
LDAP://partner.example.test/c=GB?objectClass?one not read
Server: 2001:db8::7
referral to 127.0.0.1: ends with success, the partner was searched
referral to [::ffff:127.0.0.1]: ends with referral, the partner was not asked
SEEN
