#!/usr/bin/env bash
# py_vapid takes the address of a host for the contact of a sender, and not the address of a page, nor one with a port.
#
# Versions: py-vapid 1.9.6 with pywebpush 2.5.0 (PyPI), beside it web-push 3.6.7 (npm); no push service is asked.
# One would think: "sub" of VAPID is a contact URI, mailto: or https: (RFC 8292 section 2.1), and of https URIs each is one: a page with a form, a port, an
#       IPv6 address, a final slash as browsers write it.
# Seen: https://example.com is taken; https://example.com/ is not, nor /contact, nor :8443, nor [2001:db8::1], and of mailto: not push@[192.0.2.1]. The error says that
#       "sub" is missing and that it is a mailto: link, of a claim that is there and is an https: URI. web-push takes all of them.
# Why it matters: an operator puts the address of the portal or of its help page there, which works in one app and not in the next with the same
#       keys. The error is raised before anything is sent, and only when the first person is to be told something.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install py-vapid==1.9.6 pywebpush==2.5.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund web-push@3.6.7

cat > contacts.txt <<'TXT'
mailto:push@example.com
mailto:push@[192.0.2.1]
https://example.com
https://example.com/
https://example.com/contact
https://example.com:8443
https://[2001:db8::1]
TXT
cat > sign.py <<'PY'
import base64, os
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException
from pywebpush import webpush
def encoded(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
browser = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
subscription = {"endpoint": "https://push.example.net/1", "keys": {"p256dh": encoded(browser), "auth": encoded(os.urandom(16))}}
sender = Vapid02()
sender.generate_keys()
for contact in open("contacts.txt").read().split():
    try:
        command = webpush(subscription, "asked", vapid_private_key=sender, vapid_claims={"sub": contact}, curl=True)  # a command in place of a request
        said = "taken" if "vapid t=" in command else command
    except VapidException as error:
        said = str(error)
    print(f"pywebpush {contact}: {said}")
PY
cat > sign.mjs <<'JS'
import crypto from 'node:crypto'
import fs from 'node:fs'
import webPush from 'web-push'
const { publicKey, privateKey } = webPush.generateVAPIDKeys()
const browser = crypto.createECDH('prime256v1')
const keys = { p256dh: browser.generateKeys('base64url'), auth: crypto.randomBytes(16).toString('base64url') }
for (const subject of fs.readFileSync('contacts.txt', 'utf8').trim().split('\n')) {
  let said
  try {
    const { headers } = webPush.generateRequestDetails({ endpoint: 'https://push.example.net/1', keys }, 'asked', { vapidDetails: { subject, publicKey, privateKey } })
    said = headers.Authorization.startsWith('vapid t=') ? 'taken' : headers.Authorization
  } catch (error) { said = error.message }
  console.log(`web-push ${subject}: ${said}`)
}
JS
{ v/bin/python -W ignore sign.py; node sign.mjs; } | tee seen
diff seen - <<'SEEN' && echo "as found"
pywebpush mailto:push@example.com: taken
pywebpush mailto:push@[192.0.2.1]: Missing 'sub' from claims. 'sub' is your admin email as a mailto: link.
pywebpush https://example.com: taken
pywebpush https://example.com/: Missing 'sub' from claims. 'sub' is your admin email as a mailto: link.
pywebpush https://example.com/contact: Missing 'sub' from claims. 'sub' is your admin email as a mailto: link.
pywebpush https://example.com:8443: Missing 'sub' from claims. 'sub' is your admin email as a mailto: link.
pywebpush https://[2001:db8::1]: Missing 'sub' from claims. 'sub' is your admin email as a mailto: link.
web-push mailto:push@example.com: taken
web-push mailto:push@[192.0.2.1]: taken
web-push https://example.com: taken
web-push https://example.com/: taken
web-push https://example.com/contact: taken
web-push https://example.com:8443: taken
web-push https://[2001:db8::1]: taken
SEEN
