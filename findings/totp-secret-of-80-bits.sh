#!/usr/bin/env bash
# Two TOTP libraries now refuse the authenticator secrets that are most common in the field: 16 letters, 80 bits.
#
# Versions: pyotp 2.12.1 (PyPI), otplib 13.5.0 (npm); beside them otpauth 9.5.2 (npm).
# One would think: a secret that an authenticator app shows codes for can be verified; the example of the Key URI format
#       (JBSWY3DPEHPK3PXP) is such a secret, and a later minimum applies to secrets that are made, not to those that exist.
# Seen: pyotp raises ValueError (112 bits at least) when it reads the URI or makes the verifier, otplib throws SecretTooShortError
#       (128 bits at least). otpauth gives a code.
# Why it matters: a directory of users is moved with its secrets. After an update of the library, or a move to an app built on
#       it, exactly the users enrolled long ago cannot sign in, and no setting of theirs is wrong. RFC 4226 asks for 128 bits
#       of new secrets; ours are longer, and imported ones must still be verified or be named by the import.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install 'pyotp==2.12.1'
npm init -y >/dev/null
npm install --silent --no-audit --no-fund otplib@13.5.0 otpauth@9.5.2

v/bin/python - <<'PY' | tee seen
import pyotp
for name, make in (("parse_uri", lambda: pyotp.parse_uri("otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example").at(0)),
                   ("TOTP", lambda: pyotp.TOTP("JBSWY3DPEHPK3PXP").at(0))):
    try:
        print("pyotp", name, make())
    except Exception as error:
        print("pyotp", name, type(error).__name__)
PY
cat > code.mjs <<'JS'
import * as otplib from 'otplib'
import * as otpauth from 'otpauth'
console.log('otplib', await otplib.generate({ secret: 'JBSWY3DPEHPK3PXP' }).catch((error) => error.name))
console.log('otpauth', otpauth.URI.parse('otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example').generate({ timestamp: 0 }))
JS
node code.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
pyotp parse_uri ValueError
pyotp TOTP ValueError
otplib SecretTooShortError
otpauth 282760
SEEN
