#!/usr/bin/env bash
# The verifier for client certificates in Python's cryptography refuses chains that RFC 5280 allows and its neighbours take.
#
# Versions: cryptography 50.0.2, pyhanko-certvalidator 0.33.0 (PyPI), pkijs 4.0.0 (npm), OpenSSL.
# One would think: build_client_verifier() judges by RFC 5280: subjectAltName SHOULD be non-critical beside a subject (section 4.2.1.6), so a
#       critical one is valid; certificatePolicies may be critical (4.2.1.4); name constraints may be directory names, which applications
#       MUST be able to process (4.2.1.10).
# Seen: a critical subjectAltName beside a subject "MUST NOT" be; critical policies are "unaccounted-for", with or without a policy that
#       anyone asked for; an authority with a permitted directory name makes all its certificates "unsupported". The three others take all.
# Why it matters: certificates of public authorities, smart cards and machines (critical names, policies that bind) and of authorities
#       that are constrained to their organisation get through the TLS port, and an app that checks the Client-Cert field (RFC 9440) with
#       this library turns the same people away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install cryptography==50.0.2 pyhanko-certvalidator==0.33.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pkijs@4.0.0

cat > make.py <<'PY'
import asyncio, subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from asn1crypto import x509 as decoded
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from pyhanko_certvalidator import CertificateValidator, ValidationContext

now = datetime.now(timezone.utc)
root_key, middle_key, person_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))


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
root = certificate(named("Root"), root_key, named("Root"), root_key, *AUTHORITY)
ORGANISATION = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")]))
NAMES = x509.SubjectAlternativeName([x509.RFC822Name("alice@example.com")])
POLICIES = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.4"), None)])
CASES = {"plain": ([], [(NAMES, False)]), "critical-names": ([], [(NAMES, True)]), "critical-policies": ([], [(NAMES, False), (POLICIES, True)]),
         "directory-name": ([(x509.NameConstraints([ORGANISATION], None), True)], [(NAMES, False)])}
REASONS = ["MUST NOT be critical when subject is nonempty", "unaccounted-for critical extensions", "nameConstraints extension contains an unsupported"]


def write(name, one):
    Path(name + ".pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    Path(name + ".der").write_bytes(one.public_bytes(serialization.Encoding.DER))
    return decoded.Certificate.load(one.public_bytes(serialization.Encoding.DER))


anchor = write("root", root)
for case, (of_middle, of_person) in CASES.items():
    middle = certificate(named("Middle"), middle_key, root.subject, root_key, *AUTHORITY, *of_middle)
    person = certificate(named("alice"), person_key, middle.subject, middle_key, (x509.BasicConstraints(False, None), True), *of_person)
    parsed = [write(case + "-person", person), write(case + "-middle", middle)]
    try:
        PolicyBuilder().store(Store([root])).build_client_verifier().verify(person, [middle])
        verdict = "taken"
    except VerificationError as refused:
        verdict = next((reason for reason in REASONS if reason in str(refused)), str(refused))
    print(f"{case}: cryptography {verdict}")
    asyncio.run(CertificateValidator(parsed[0], parsed[1:], validation_context=ValidationContext(trust_roots=[anchor])).async_validate_path())
    subprocess.run(["openssl", "verify", "-purpose", "sslclient", "-CAfile", "root.pem", "-untrusted", case + "-middle.pem", case + "-person.pem"],
                   check=True, stdout=subprocess.DEVNULL)
    print(f"{case}: pyhanko-certvalidator and OpenSSL taken")
PY
cat > judge.mjs <<'JS'
import fs from 'node:fs'
import * as pkijs from 'pkijs'
pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto }))
const certificate = (name) => pkijs.Certificate.fromBER(fs.readFileSync(`${name}.der`))
for (const name of ['plain', 'critical-names', 'critical-policies', 'directory-name']) {
  const chain = new pkijs.CertificateChainValidationEngine({ trustedCerts: [certificate('root')], certs: [certificate(`${name}-middle`), certificate(`${name}-person`)] })
  const { result, resultMessage } = await chain.verify()
  console.log(`${name}: pkijs ${result ? 'taken' : resultMessage}`)
}
JS
v/bin/python make.py | tee seen
node judge.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
plain: cryptography taken
plain: pyhanko-certvalidator and OpenSSL taken
critical-names: cryptography MUST NOT be critical when subject is nonempty
critical-names: pyhanko-certvalidator and OpenSSL taken
critical-policies: cryptography unaccounted-for critical extensions
critical-policies: pyhanko-certvalidator and OpenSSL taken
directory-name: cryptography nameConstraints extension contains an unsupported
directory-name: pyhanko-certvalidator and OpenSSL taken
plain: pkijs taken
critical-names: pkijs taken
critical-policies: pkijs taken
directory-name: pkijs taken
SEEN
