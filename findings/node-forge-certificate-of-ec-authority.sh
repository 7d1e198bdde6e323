#!/usr/bin/env bash
# node-forge changes a certificate that an authority with an EC or Ed25519 key signed: what it writes no longer has a right signature.
#
# Versions: node-forge 1.4.3, beside it pkijs 4.0.0 (npm); read by cryptography 50.0.2 (PyPI) and OpenSSL.
# One would think: certificateToPem(certificateFromPem(pem)) is the same certificate, and the one in a PKCS#12 file is the one that was put
#       in. The key of the certificate is RSA, as node-forge wants it; who signed it should not matter.
# Seen: it adds NULL parameters to the signature algorithm, where RFC 5758 section 3.2 (ECDSA) and RFC 8410 section 3 (Ed25519) leave them
#       out, also inside the signed part. OpenSSL then calls the signature wrong, and cryptography refuses the whole PKCS#12 file.
#       pkijs gives back the bytes it got; node-forge does so too for an authority with an RSA key.
# Why it matters: a page that packs an issued client certificate and its key into a .p12 hands out a file that imports well and is refused
#       when it is shown at a TLS port, once the authority is moved from RSA to EC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install cryptography==50.0.2
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-forge@1.4.3 pkijs@4.0.0

openssl req -newkey rsa:2048 -nodes -keyout person.key -out person.csr -subj /CN=alice 2>/dev/null
authority() { # authority NAME KEY-OPTIONS… : an authority of its own, and the person's certificate by it
  local name=$1
  shift
  openssl req -x509 -newkey "$@" -nodes -keyout "$name.key" -out "$name.pem" -subj "/CN=$name" -days 2 2>/dev/null
  openssl x509 -req -in person.csr -CA "$name.pem" -CAkey "$name.key" -CAcreateserial -days 1 -out "person-$name.pem" 2>/dev/null
}
authority rsa rsa:2048
authority ec ec -pkeyopt ec_paramgen_curve:P-256
authority ed25519 ed25519

cat > pack.mjs <<'JS'
import fs from 'node:fs'
import forge from 'node-forge'
import { Certificate } from 'pkijs'
const key = forge.pki.privateKeyFromPem(fs.readFileSync('person.key', 'utf8'))
const bytes = (pem) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
for (const name of ['rsa', 'ec', 'ed25519']) {
  const pem = fs.readFileSync(`person-${name}.pem`, 'utf8')
  const certificate = forge.pki.certificateFromPem(pem)
  fs.writeFileSync(`again-${name}.pem`, forge.pki.certificateToPem(certificate))
  const store = forge.pkcs12.toPkcs12Asn1(key, [certificate], 'secret', { algorithm: '3des' })
  fs.writeFileSync(`${name}.p12`, Buffer.from(forge.asn1.toDer(store).getBytes(), 'binary'))
  const other = Buffer.from(Certificate.fromBER(bytes(pem)).toSchema(true).toBER())
  console.log(`${name}: node-forge ${bytes(fs.readFileSync(`again-${name}.pem`, 'utf8')).equals(bytes(pem)) ? 'the same' : 'other bytes'}, pkijs ${other.equals(bytes(pem)) ? 'the same' : 'other bytes'}`)
}
JS
node pack.mjs | tee seen
for name in rsa ec ed25519; do
  for file in person again; do
    if openssl verify -CAfile "$name.pem" "$file-$name.pem" >/dev/null 2>&1; then echo "$file-$name: signature right"; else echo "$file-$name: signature wrong"; fi
  done
done | tee -a seen
v/bin/python - <<'PY' | tee -a seen
from pathlib import Path
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
for name in ("rsa", "ec", "ed25519"):
    try:
        print(f"{name}.p12:", load_pkcs12(Path(name + ".p12").read_bytes(), b"secret").cert.certificate.subject.rfc4514_string())
    except ValueError as refused:
        print(f"{name}.p12:", "extra data in signature_alg" if "ExtraData" in str(refused) and "signature_alg" in str(refused) else refused)
PY
diff seen - <<'SEEN' && echo "as found"
rsa: node-forge the same, pkijs the same
ec: node-forge other bytes, pkijs the same
ed25519: node-forge other bytes, pkijs the same
person-rsa: signature right
again-rsa: signature right
person-ec: signature right
again-ec: signature wrong
person-ed25519: signature right
again-ed25519: signature wrong
rsa.p12: CN=alice
ec.p12: extra data in signature_alg
ed25519.p12: extra data in signature_alg
SEEN
