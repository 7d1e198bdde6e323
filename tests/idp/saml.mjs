// A provider that speaks SAML: it says what a test wants, and xmlsec1 signs it with a key of its own. And the eight known ways to
// wrap what it signed, so that something else would be read.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const SHA256 = { method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digest: 'http://www.w3.org/2001/04/xmlenc#sha256' };
export const SHA1 = { method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' };
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const FORMAT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

const bare = (xml) => xml.replace(/^<\?xml[^>]*\?>\s*/, '').trim();

export class SamlIssuer {
  constructor(place, entity, name = 'saml') {
    Object.assign(this, { folder: place.folder, entity, name });
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '2', '-subj', `/CN=${name}`], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  get certificate() {
    return readFileSync(join(this.folder, `${this.name}.crt`), 'utf8').replaceAll(/-----[^-]+-----|\s/g, '');
  }

  metadata(at, ...others) {
    const key = (certificate) => `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
    return `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${this.entity}">
<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${[this, ...others].map((one) => key(one.certificate)).join('')}
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${at}"/></md:IDPSSODescriptor></md:EntityDescriptor>`;
  }

  /** A response to a request, not signed. */
  says(request, { acs, own, user = 'alice-there', now = Date.now(), issued = now, ends = now + 86_400_000, attributes = { uid: user, mail: `${user}@example.test` } }) {
    const at = (moment) => new Date(moment).toISOString();
    const more = Object.entries(attributes).map(([name, value]) => `<saml:Attribute Name="${name}">${[value].flat().map((one) => `<saml:AttributeValue>${one}</saml:AttributeValue>`).join('')}</saml:Attribute>`).join('');
    return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${request}" Version="2.0" IssueInstant="${at(issued)}" Destination="${acs}" InResponseTo="${request}"><saml:Issuer>${this.entity}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="_a${request}" Version="2.0" IssueInstant="${at(issued)}"><saml:Issuer>${this.entity}</saml:Issuer><saml:Subject><saml:NameID Format="${FORMAT}">${user}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${at(ends)}" Recipient="${acs}" InResponseTo="${request}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(issued)}" NotOnOrAfter="${at(ends)}"><saml:AudienceRestriction><saml:Audience>${own}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(now)}" SessionIndex="s1"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${more}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
  }

  /** Signs the `Assertion` or the `Response`, by xmlsec1. */
  sign(xml, what = 'Assertion', { method, digest } = SHA256) {
    const head = xml.match(new RegExp(`<samlp?:${what}\\b[^>]*\\bID="([^"]+)"[^>]*><saml:Issuer>[^<]*</saml:Issuer>`));
    const template = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"/><ds:SignatureMethod Algorithm="${method}"/><ds:Reference URI="#${head[1]}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="${EXCLUSIVE}"/></ds:Transforms><ds:DigestMethod Algorithm="${digest}"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate></ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
    const file = join(this.folder, `${this.name}-${process.hrtime.bigint()}.xml`);
    writeFileSync(file, xml.replace(head[0], head[0] + template));
    const id = (name, space) => ['--id-attr:ID', `urn:oasis:names:tc:SAML:2.0:${space}:${name}`];
    return bare(execFileSync('xmlsec1', ['--sign', '--privkey-pem', `${this.name}.key,${this.name}.crt`, ...id('Assertion', 'assertion'), ...id('Response', 'protocol'), '--node-xpath', `//*[local-name()='${what}']/*[local-name()='Signature']`, file], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString());
  }
}

/** The request of a redirect: its XML, its id, and what is brought back. */
export function requestOf(url) {
  const query = new URL(url).searchParams;
  const xml = inflateRawSync(Buffer.from(query.get('SAMLRequest'), 'base64')).toString();
  return { xml, id: xml.match(/ ID="([^"]+)"/)[1], relay: query.get('RelayState') };
}

const element = (xml, name) => xml.match(new RegExp(`<${name}\\b[\\s\\S]*</${name}>`))[0];

/** What was signed, wrapped in each of the eight ways, so that `mallory-there` would be read. */
export function wrapped(issuer, says) {
  const evil = (xml) => xml.replaceAll('alice-there', 'mallory-there').replace(/ ID="_/, ' ID="_evil');
  const byAssertion = issuer.sign(says, 'Assertion');
  const assertion = element(byAssertion, 'saml:Assertion');
  const signature = element(assertion, 'ds:Signature');
  const plain = assertion.replace(signature, '');
  const within = (...parts) => byAssertion.replace(assertion, parts.join(''));
  const byResponse = issuer.sign(says, 'Response');
  const outer = element(byResponse, 'ds:Signature');
  const plainResponse = byResponse.replace(outer, '');
  const evilResponse = evil(plainResponse);
  const after = (xml, what) => xml.replace('</saml:Issuer>', `</saml:Issuer>${what}`);
  return {
    XSW1: after(evilResponse, outer.replace('</ds:Signature>', `${plainResponse}</ds:Signature>`)),
    XSW2: after(evilResponse, `${plainResponse}${outer}`),
    XSW3: within(evil(plain), assertion),
    XSW4: within(evil(plain).replace('</saml:Assertion>', `${assertion}</saml:Assertion>`)),
    XSW5: within(evil(assertion), plain),
    XSW6: within(evil(assertion).replace('</ds:Signature>', `${plain}</ds:Signature>`)),
    XSW7: within(`<samlp:Extensions>${evil(plain)}</samlp:Extensions>`, assertion),
    XSW8: within(evil(assertion).replace('</ds:Signature>', `<ds:Object>${plain}</ds:Object></ds:Signature>`)),
  };
}
