#!/usr/bin/env bash
# An assertion that names an attribute twice gives the last value to one library and no attributes to another; of two authentications one
# library says that there is none.
#
# Versions: @node-saml/node-saml 5.1.0 (npm), python3-saml 1.16.0 with xmlsec 1.3.17 and lxml 6.1.3, which also signs here (PyPI).
# One would think: two Attribute elements of one name are two values, as two AttributeValue elements are (SAML core, section 2.7.3, forbids
#       neither, and some providers send a role each), and an assertion has one or more AuthnStatement (SAML profiles, section 4.1.4.2).
# Seen: node-saml keeps the last value alone, without a word. python3-saml takes the assertion for valid and then fails when the attributes
#       are read; with two AuthnStatement elements it says that the assertion "must include an AuthnStatement element".
# Why it matters: a person has the roles "admin" and "staff" and is "staff" in one app, "admin" tomorrow if the provider sorts them otherwise,
#       and cannot enter another app; the message of the second case sends people to look for something that is there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip -q install python3-saml==1.16.0 xmlsec==1.3.17 lxml==6.1.3
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @node-saml/node-saml@5.1.0
openssl req -x509 -newkey rsa:2048 -nodes -keyout idp.key -out idp.pem -subj /CN=idp -days 2 2>/dev/null

cat > read.py <<'PY'
import base64, json, subprocess
from datetime import datetime, timedelta, timezone
import xmlsec
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

SAML = "urn:oasis:names:tc:SAML:2.0"
now = datetime.now(timezone.utc)
at = lambda seconds: (now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
attribute = lambda *values: '<saml:Attribute Name="role">' + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values) + "</saml:Attribute>"
statement = lambda session: (f'<saml:AuthnStatement AuthnInstant="{at(0)}" SessionIndex="{session}"><saml:AuthnContext><saml:AuthnContextClassRef>'
                             f"{SAML}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>")


def signed(statements, attributes):
    document = etree.fromstring(f"""<samlp:Response xmlns:samlp="{SAML}:protocol" xmlns:saml="{SAML}:assertion" ID="_r" Version="2.0" IssueInstant="{at(0)}"
     Destination="https://app.example.test/acs" InResponseTo="_q"><saml:Issuer>https://idp.example.test/m</saml:Issuer><samlp:Status><samlp:StatusCode
     Value="{SAML}:status:Success"/></samlp:Status><saml:Assertion ID="_a" Version="2.0" IssueInstant="{at(0)}"><saml:Issuer>https://idp.example.test/m</saml:Issuer>
     <saml:Subject><saml:NameID>alice</saml:NameID><saml:SubjectConfirmation Method="{SAML}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{at(300)}"
     Recipient="https://app.example.test/acs" InResponseTo="_q"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at(-60)}"
     NotOnOrAfter="{at(300)}"><saml:AudienceRestriction><saml:Audience>https://app.example.test/m</saml:Audience></saml:AudienceRestriction></saml:Conditions>
     {statements}<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion></samlp:Response>""")
    assertion = document.find(f"{{{SAML}:assertion}}Assertion")
    signature = xmlsec.template.create(document, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
    assertion.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri="#_a")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    xmlsec.tree.add_ids(document, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file("idp.key", xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return base64.b64encode(etree.tostring(document)).decode()


cases = {"one attribute of two values": signed(statement("s1"), attribute("admin", "staff")),
         "two attributes of a value": signed(statement("s1"), attribute("admin") + attribute("staff")),
         "two authentications": signed(statement("s1") + statement("s2"), attribute("admin"))}
json.dump(cases, open("cases.json", "w"))
settings = OneLogin_Saml2_Settings({
    "strict": True,
    "sp": {"entityId": "https://app.example.test/m", "assertionConsumerService": {"url": "https://app.example.test/acs"}},
    "idp": {"entityId": "https://idp.example.test/m", "singleSignOnService": {"url": "https://idp.example.test/sso"},
            "x509cert": "".join(open("idp.pem").read().split("\n")[1:-2])}})
for name, answer in cases.items():
    response = OneLogin_Saml2_Response(settings, answer)
    valid = response.is_valid({"https": "on", "http_host": "app.example.test", "script_name": "/acs", "get_data": {}, "post_data": {}}, "_q")
    try:
        print(f"python3-saml, {name}:", response.get_attributes() if valid else response.get_error())
    except OneLogin_Saml2_ValidationError as refused:
        print(f"python3-saml, {name}: valid, then {refused}")
PY
cat > read.mjs <<'JS'
import fs from 'node:fs'
import { SAML } from '@node-saml/node-saml'
const provider = new SAML({ callbackUrl: 'https://app.example.test/acs', issuer: 'https://app.example.test/m', audience: 'https://app.example.test/m',
  idpCert: fs.readFileSync('idp.pem', 'utf8'), idpIssuer: 'https://idp.example.test/m', entryPoint: 'https://idp.example.test/sso', wantAuthnResponseSigned: false })
for (const [name, SAMLResponse] of Object.entries(JSON.parse(fs.readFileSync('cases.json')))) {
  const { profile } = await provider.validatePostResponseAsync({ SAMLResponse })
  console.log(`node-saml, ${name}:`, JSON.stringify(profile.attributes))
}
JS
v/bin/python read.py | tee seen
node read.mjs | tee -a seen
diff seen - <<'SEEN' && echo "as found"
python3-saml, one attribute of two values: {'role': ['admin', 'staff']}
python3-saml, two attributes of a value: valid, then Found an Attribute element with duplicated Name
python3-saml, two authentications: The Assertion must include an AuthnStatement element
node-saml, one attribute of two values: {"role":["admin","staff"]}
node-saml, two attributes of a value: {"role":"staff"}
node-saml, two authentications: {"role":"admin"}
SEEN
