#!/usr/bin/env bash
# A signed SAML assertion about a person whose name has a line separator has a wrong signature for two libraries, and a right one for the others.
#
# Versions: @node-saml/node-saml 5.1.0, samlify 2.13.1, both on xml-crypto and @xmldom/xmldom 0.8.15 (npm); signed by xmlsec 1.3.17 with lxml 6.1.3,
#       read also by signxml 5.2.0 (PyPI).
# One would think: every letter of XML 1.0 may be in a name. An XML 1.0 reader joins CR and LF alone (section 2.11); U+2028 (line separator) and
#       U+0085 (next line) are letters like others, and only XML 1.1 makes line ends of them. A carriage return that is written "&#xD;", as
#       canonical XML does, stays one.
# Seen: xmldom turns U+2028 and U+0085 into a line feed before it reads, also in XML 1.0. The digest is then made of other letters than the provider
#       signed: "Invalid signature". U+2029 passes. samlify refuses the carriage return too, which node-saml and signxml read.
# Why it matters: names come from forms and directories, where people paste them: word processors and web pages give U+2028 for a line break inside
#       a paragraph, hosts with EBCDIC give U+0085, and Windows gives CRLF in an address. One person alone cannot sign in, the log says
#       "Invalid signature" as it does for a forgery or an outdated certificate, and the name looks right on every screen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install xmlsec==1.3.17 lxml==6.1.3 signxml==5.2.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @xmldom/xmldom@0.8.15 @node-saml/node-saml@5.1.0 samlify@2.13.1
openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=idp.example.com -days 2 -keyout key.pem -out certificate.pem 2>/dev/null

cat > sign.py <<'PY'
import json
from datetime import datetime, timedelta, timezone
import xmlsec
from lxml import etree
from signxml import XMLVerifier

KeyDataFormatPem, TransformEnveloped, TransformExclC14N, TransformRsaSha256, TransformSha256 = (
    getattr(xmlsec.constants, name) for name in ("KeyDataFormatPem", "TransformEnveloped", "TransformExclC14N", "TransformRsaSha256", "TransformSha256"))
SAML, NAMES = "urn:oasis:names:tc:SAML:2.0:assertion", {
    "a blank": "Alice Example", "U+2028": "Alice\u2028Example", "U+2029": "Alice\u2029Example", "U+0085": "Alice\u0085Example",
    "CR LF": "Alice\r\nExample", "a tab": "Alice\tExample"}


def at(minutes):
    return (datetime.now(timezone.utc) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def response(name):
    answer = etree.fromstring(f"""<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="{SAML}" ID="_1" Version="2.0" IssueInstant="{at(0)}"
  Destination="https://app.example.com/acs"><a:Issuer>https://idp.example.com</a:Issuer>
  <p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>
  <a:Assertion ID="_2" Version="2.0" IssueInstant="{at(0)}"><a:Issuer>https://idp.example.com</a:Issuer>
    <a:Subject><a:NameID>alice</a:NameID><a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
      <a:SubjectConfirmationData NotOnOrAfter="{at(5)}" Recipient="https://app.example.com/acs"/></a:SubjectConfirmation></a:Subject>
    <a:Conditions NotBefore="{at(-5)}" NotOnOrAfter="{at(5)}">
      <a:AudienceRestriction><a:Audience>https://app.example.com</a:Audience></a:AudienceRestriction></a:Conditions>
    <a:AuthnStatement AuthnInstant="{at(0)}"><a:AuthnContext>
      <a:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement>
    <a:AttributeStatement><a:Attribute Name="displayName"><a:AttributeValue/></a:Attribute></a:AttributeStatement>
  </a:Assertion></p:Response>""")
    assertion = answer.find(f"{{{SAML}}}Assertion")
    assertion.find(f".//{{{SAML}}}AttributeValue").text = name
    signature = xmlsec.template.create(assertion, TransformExclC14N, TransformRsaSha256, ns="ds")
    assertion.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, TransformSha256, uri="#_2")
    xmlsec.template.add_transform(reference, TransformEnveloped)
    xmlsec.template.add_transform(reference, TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.tree.add_ids(assertion, ["ID"])
    signer = xmlsec.SignatureContext()
    signer.key = xmlsec.Key.from_file("key.pem", KeyDataFormatPem)
    signer.key.load_cert_from_file("certificate.pem", KeyDataFormatPem)
    signer.sign(signature)
    return etree.tostring(answer, encoding="UTF-8").decode()


answers = {letter: response(name) for letter, name in NAMES.items()}
for letter, text in answers.items():
    signed = XMLVerifier().verify(etree.fromstring(text.encode()), x509_cert=open("certificate.pem").read()).signed_xml
    assert signed.findtext(f".//{{{SAML}}}AttributeValue") == NAMES[letter], letter
print("signxml reads", ", ".join(answers))
json.dump(answers, open("answers.json", "w"))
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { SAML } from '@node-saml/node-saml'
import * as samlify from 'samlify'
const pem = fs.readFileSync('certificate.pem', 'utf8')
const app = 'https://app.example.com'
const acs = `${app}/acs`
const Binding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
samlify.setSchemaValidator({ validate: async () => 'not looked at here' })
const provider = samlify.IdentityProvider({
  entityID: 'https://idp.example.com',
  signingCert: pem.replace(/-----.*-----|\s/g, ''),
  singleSignOnService: [{ Binding, Location: 'https://idp.example.com/sso' }],
  singleLogoutService: [{ Binding, Location: 'https://idp.example.com/slo' }]
})
const service = samlify.ServiceProvider({ entityID: app, wantAssertionsSigned: true, assertionConsumerService: [{ Binding, Location: acs }] })
const saml = new SAML({ idpCert: pem, issuer: app, audience: app, callbackUrl: acs, wantAuthnResponseSigned: false, validateInResponseTo: 'never' })
for (const [letter, text] of Object.entries(JSON.parse(fs.readFileSync('answers.json')))) {
  const SAMLResponse = Buffer.from(text).toString('base64')
  const first = await saml.validatePostResponseAsync({ SAMLResponse }).then(({ profile }) => JSON.stringify(profile.displayName), (error) => error.message)
  const second = await service.parseLoginResponse(provider, 'post', { body: { SAMLResponse } })
    .then(({ extract }) => JSON.stringify(extract.attributes.displayName), (error) => String(error.message ?? error))
  console.log(`${letter}: node-saml ${first}; samlify ${second}`)
}
JS
v/bin/python sign.py | tee seen
node read.mjs | sed 's/\xe2\x80\xa9/<U+2029>/g' | tee -a seen
diff seen - <<'SEEN' && echo "as found"
signxml reads a blank, U+2028, U+2029, U+0085, CR LF, a tab
a blank: node-saml "Alice Example"; samlify "Alice Example"
U+2028: node-saml Invalid signature; samlify FAILED_TO_VERIFY_SIGNATURE
U+2029: node-saml "Alice<U+2029>Example"; samlify "Alice<U+2029>Example"
U+0085: node-saml Invalid signature; samlify FAILED_TO_VERIFY_SIGNATURE
CR LF: node-saml "Alice\r\nExample"; samlify FAILED_TO_VERIFY_SIGNATURE
a tab: node-saml "Alice\tExample"; samlify "Alice\tExample"
SEEN
