#!/usr/bin/env bash
# pyotp keeps the issuer inside the account's name where the colon between the two is percent-encoded.
#
# Version: pyotp 2.12.1 (PyPI); beside it otpauth 9.5.2 (npm).
# One would think: otpauth://totp/ACME%3Aalice?… is the issuer ACME and the account alice: the description of key URIs has "a literal or
#   url-encoded colon" between them, and whatever percent-encodes a label as one path segment writes %3A.
# Seen: pyotp looks for the colon before it decodes. The account is "ACME:alice" and there is no issuer; with issuer=ACME beside it,
#   which is the recommended form, the account is still "ACME:alice", and the URI that is written again has the issuer in the
#   label twice. The check that label and parameter name the same issuer does not see that they differ. otpauth reads both forms alike.
# Why it matters: who imports seeds from another product finds no account of that name, or two accounts where there was one, and the
#   person's authenticator shows "ACME (ACME:alice)" after the next enrolment.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent otpauth@9.5.2 >/dev/null
python3 -m venv v
v/bin/pip -q install 'pyotp==2.12.1'
cat >uris <<'URIS'
otpauth://totp/ACME:alice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME
otpauth://totp/ACME%3Aalice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ
otpauth://totp/ACME%3Aalice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME
otpauth://totp/ACME%3A%20alice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME
otpauth://totp/Other%3Aalice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME
URIS
cat >read.py <<'PY'
import pyotp
for uri in open("uris").read().split():
    otp = pyotp.parse_uri(uri)
    print("pyotp", repr(otp.issuer), repr(otp.name), otp.provisioning_uri().split("?")[0])
try:
    pyotp.parse_uri("otpauth://totp/Other:alice?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME")
except ValueError as error:
    print("pyotp, literal colon:", error)
PY
cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { URI } from 'otpauth';

for (const uri of readFileSync('uris', 'utf8').split('\n').filter(Boolean)) {
  const { issuer, label } = URI.parse(uri);
  console.log('otpauth', JSON.stringify(issuer), JSON.stringify(label));
}
JS
{ v/bin/python read.py; node read.mjs; } | tee seen
diff seen - <<'SEEN' && echo "as found"
pyotp 'ACME' 'alice' otpauth://totp/ACME:alice
pyotp None 'ACME:alice' otpauth://totp/ACME%3Aalice
pyotp 'ACME' 'ACME:alice' otpauth://totp/ACME:ACME%3Aalice
pyotp 'ACME' 'ACME: alice' otpauth://totp/ACME:ACME%3A%20alice
pyotp 'ACME' 'Other:alice' otpauth://totp/ACME:Other%3Aalice
pyotp, literal colon: If issuer is specified in both label and parameters, it should be equal.
otpauth "ACME" "alice"
otpauth "ACME" "alice"
otpauth "ACME" "alice"
otpauth "ACME" " alice"
otpauth "ACME" "alice"
SEEN
