#!/usr/bin/env bash
# An integer that needs more than 32 bits is a floating-point number in the CBOR of cbor-x, and python-fido2 cannot read it.
#
# Versions: cbor-x 1.6.9, beside it cborg 6.1.5 and cbor 10.0.12 (npm); read by fido2 2.2.1 and cbor2 6.3.0 (PyPI).
# One would think: an integer of JavaScript up to 2^53 is written as an integer of CBOR (RFC 8949 section 3.1, major types 0 and 1), as cborg
#       and cbor do it; the options of cbor-x that make floats of integers are off.
# Seen: from 4294967296 up, and below -4294967296, cbor-x writes a double. cbor2 gives a float for it, and the decoder of fido2, which knows what
#       CTAP needs, has no floats at all and fails.
# Why it matters: a time in milliseconds is such a number, a time in seconds is not before 2106, so it depends on the unit. What is signed or
#       counted as an integer (COSE, CWT, CTAP extensions) is another type to every reader with types.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install fido2==2.2.1 cbor2==6.3.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cbor-x@1.6.9 cborg@6.1.5 cbor@10.0.12

cat > write.mjs <<'JS'
import cbor from 'cbor'
import * as cborg from 'cborg'
import * as cborx from 'cbor-x'
const hex = (bytes) => Buffer.from(bytes).toString('hex')
for (const value of [4294967295, 4294967296, 1796054156378]) console.log(value, 'cbor-x', hex(cborx.encode(value)), 'cborg', hex(cborg.encode(value)), 'cbor', hex(cbor.encode(value)))
JS
cat > read.py <<'PY'
import cbor2, fido2.cbor
for line in open("seen").read().splitlines():
    value, *written = line.split()
    for name, data in zip(written[::2], written[1::2]):
        try:
            by_fido2 = repr(fido2.cbor.decode(bytes.fromhex(data)))
        except ValueError:
            by_fido2 = "not read"
        print(f"{value} of {name}: cbor2 {cbor2.loads(bytes.fromhex(data))!r}, fido2 {by_fido2}")
PY
node write.mjs | tee seen
v/bin/python read.py | tee read
cat read >>seen
diff seen - <<'SEEN' && echo "as found"
4294967295 cbor-x 1affffffff cborg 1affffffff cbor 1affffffff
4294967296 cbor-x fb41f0000000000000 cborg 1b0000000100000000 cbor 1b0000000100000000
1796054156378 cbor-x fb427a22d2b845a000 cborg 1b000001a22d2b845a cbor 1b000001a22d2b845a
4294967295 of cbor-x: cbor2 4294967295, fido2 4294967295
4294967295 of cborg: cbor2 4294967295, fido2 4294967295
4294967295 of cbor: cbor2 4294967295, fido2 4294967295
4294967296 of cbor-x: cbor2 4294967296.0, fido2 not read
4294967296 of cborg: cbor2 4294967296, fido2 4294967296
4294967296 of cbor: cbor2 4294967296, fido2 4294967296
1796054156378 of cbor-x: cbor2 1796054156378.0, fido2 not read
1796054156378 of cborg: cbor2 1796054156378, fido2 1796054156378
1796054156378 of cbor: cbor2 1796054156378, fido2 1796054156378
SEEN
