#!/usr/bin/env bash
# A Decimal of a structured field comes back as an Integer: "1.0" is parsed and written again as "1".
#
# Version: structured-headers 2.1.0 (npm); beside it http_sfv 0.9.9 (PyPI).
# One would think: what is parsed and serialised again is the same field; RFC 9651 section 3.3 keeps Integers and Decimals apart,
#       and serialising a Decimal always writes a "." (section 4.1.5).
# Seen: structured-headers gives the same JavaScript number for 1 and 1.0 and writes "1"; http_sfv writes "1.0".
# Why it matters: HTTP Message Signatures (RFC 9421) sign the serialised value of a field with the parameter "sf". A verifier in
#       JavaScript that serialises it again gets another signature base than the signer and refuses a right signature, only for
#       values that happen to be whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund structured-headers@2.1.0
python3 -m venv v
v/bin/pip -q install 'http_sfv==0.9.9'

cat > there.mjs <<'JS'
import { parseItem, serializeItem } from 'structured-headers'
for (const value of ['1.0', '1.5', 'a;q=1.0']) console.log('structured-headers', value, serializeItem(parseItem(value)))
JS
node there.mjs | tee seen
v/bin/python - <<'PY' | tee -a seen
import http_sfv
for value in ("1.0", "1.5", "a;q=1.0"):
    item = http_sfv.Item()
    item.parse(value.encode())
    print("http_sfv", value, item)
PY
diff seen - <<'SEEN' && echo "as found"
structured-headers 1.0 1
structured-headers 1.5 1.5
structured-headers a;q=1.0 a;q=1
http_sfv 1.0 1.0
http_sfv 1.5 1.5
http_sfv a;q=1.0 a;q=1.0
SEEN
