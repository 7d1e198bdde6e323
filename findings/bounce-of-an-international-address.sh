#!/usr/bin/env bash
# A bounce for an address with a letter beyond ASCII is no bounce for the library of Mailman, and half a message for Python's email.
#
# Versions: flufl.bounce 6.0.0 (PyPI), email of CPython 3.11.
# One would think: a report of failed delivery is one whatever the address is: RFC 6533 gives such addresses the type utf-8, in message/delivery-status
#       with the letter as \x{F6}, and in message/global-delivery-status with the letter itself. Where the original recipient is ASCII the
#       address that was written to can be told all the same.
# Seen: scan_message() finds alice@example.com, and nobody in the two reports for jörg@example.com. Where the recipient that was written to is named in
#       ASCII beside it, it is found in message/delivery-status and not in the other kind, which is not looked into. Python's email splits
#       message/delivery-status into its groups of fields; of the global kind it reads the first group as the header of a mail, and the group with
#       the recipient as its text.
# Why it matters: who sends codes or notices by mail stops writing to dead addresses by these reports. With SMTPUTF8 in use the very addresses that fail
#       most, since not every server takes them, are never found out, and the sender's own reputation pays for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install flufl.bounce==6.0.0

cat > scan.py <<'PY'
from email import message_from_bytes, policy
from flufl.bounce import scan_message

REPORTS = {
    "alice": ("delivery-status", "Final-Recipient: rfc822; alice@example.com"),
    "jörg in ASCII": ("delivery-status", r"Final-Recipient: utf-8; j\x{F6}rg@example.com"),
    "jörg": ("global-delivery-status", "Final-Recipient: utf-8; jörg@example.com"),
    "forwarded to jörg": ("global-delivery-status", "Original-Recipient: rfc822; joerg@example.com\nFinal-Recipient: utf-8; jörg@example.com"),
    "forwarded to jörg in ASCII": ("delivery-status", "Original-Recipient: rfc822; joerg@example.com\nFinal-Recipient: utf-8; j\\x{F6}rg@example.com"),
}
for name, (kind, recipient) in REPORTS.items():
    text = f"""From: Mail Delivery <postmaster@mx.example.com>
To: gateway@example.com
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=part

--part
Content-Type: text/plain

The mail could not be delivered.
--part
Content-Type: message/{kind}

Reporting-MTA: dns; mx.example.com

{recipient}
Action: failed
Status: 5.1.1

--part--
""".encode()
    groups = message_from_bytes(text, policy=policy.default).get_payload()[1].get_payload()
    found = sorted(address.decode() for address in scan_message(message_from_bytes(text)))
    print(f"{name}: flufl.bounce {found}, email {[group.get('Final-Recipient', 'no recipient') for group in groups]}")
PY
export PYTHONIOENCODING=utf-8
v/bin/python scan.py | tee seen
diff seen - <<'SEEN' && echo "as found"
alice: flufl.bounce ['alice@example.com'], email ['no recipient', 'rfc822; alice@example.com']
jörg in ASCII: flufl.bounce [], email ['no recipient', 'utf-8; j\\x{F6}rg@example.com']
jörg: flufl.bounce [], email ['no recipient']
forwarded to jörg: flufl.bounce [], email ['no recipient']
forwarded to jörg in ASCII: flufl.bounce ['joerg@example.com'], email ['no recipient', 'utf-8; j\\x{F6}rg@example.com']
SEEN
