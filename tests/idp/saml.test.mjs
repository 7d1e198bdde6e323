// Responses that xmlsec1 signed, through the TLS port: good ones sign in, in a real Chromium, too; wrapped, bent, unsigned, old,
// foreign, encrypted, replayed and huge ones sign nobody in, and the log says why.

import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { SHA1, SamlIssuer, requestOf, wrapped } from './saml.mjs';
import { Gateway, Place, Visitor, button, codes, freePort, nextOf, until } from './support.mjs';

const ENTITY = 'urn:example:saml:issuer';
let place, issuer, next, other, gateway, at, acs, own, port;

before(async () => {
  place = new Place('saml');
  [issuer, next, other] = ['saml', 'next', 'other'].map((name) => new SamlIssuer(place, ENTITY, name));
  port = await freePort();
  at = `https://127.0.0.1:${port}/sso`;
  place.file('metadata.xml', issuer.metadata(at), 0o644);
  gateway = await Gateway.start(place, `
[[idp]]
name = "saml"
title = "Contoso"
issuer = "${ENTITY}"
saml = { metadata = "metadata.xml" }
users = "create"
user_name = "uid"
mail_domains = ["example.test"]
groups = { same_names = true }
`);
  gateway.command(['group', 'add', 'staff']);
  [acs, own] = ['assertion', 'metadata'].map((path) => gateway.url('auth', `/sign-in/idp/saml/${path}`));
});

after(async () => {
  await gateway?.end();
  place?.end();
});

/** To the provider: the browser and the request. */
async function there(app = 'wiki', visitor = new Visitor()) {
  const page = await visitor.go(gateway.url(app, '/page'));
  const led = await visitor.request(button(page, 'saml'));
  assert.equal(led.status, 303, led.text);
  assert.ok(led.headers.location.startsWith(`${at}?`), led.headers.location);
  return { visitor, ...requestOf(led.headers.location) };
}

const says = (asked, more = {}) => issuer.says(asked.id, { acs, own, ...more });
const base64 = (xml) => Buffer.from(xml).toString('base64');

/** What a page of the provider has a browser post: no cookie of ours goes along. */
const posted = (asked, xml, fields = {}) => new Visitor().request(acs, { form: { SAMLResponse: base64(xml), RelayState: asked.relay, ...fields }, headers: { origin: 'https://127.0.0.1', 'sec-fetch-site': 'cross-site' } });

async function back(asked, xml) {
  const page = await posted(asked, xml);
  return page.status === 200 ? asked.visitor.go(nextOf(page)) : page;
}

/** Why the last sign-in was refused, in the audit log: that of lines has a limit for what strangers bring about. */
const reason = () => JSON.stringify(gateway.events('sign_in').filter((event) => JSON.stringify(event).includes('idp_')).sort((a, b) => a.at.localeCompare(b.at)).at(-1) ?? {});
const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${codes(page)} ${page.text.slice(0, 800)} ${reason()}`); return JSON.parse(page.text).headers; };
async function refused(page, code, why) {
  assert.ok(page.status >= 400, page.text.slice(0, 500));
  assert.ok(codes(page).includes(code), `${codes(page)} ${page.text.slice(0, 800)} ${reason()}`);
  await until(`it says ${why}`, () => why.test(reason()), 5000).catch(() => assert.match(reason(), why));
}

test('xmlsec1: the assertion, the response, or both are signed, and the person is the one that was signed', async () => {
  for (const [user, parts] of [['carol', ['Assertion']], ['dave', ['Response']], ['erin', ['Assertion', 'Response']]]) {
    const asked = await there();
    const plain = says(asked, { user, attributes: { uid: user, mail: `${user}@example.test`, displayName: 'A &amp; B', groups: ['staff', 'elsewhere'] } });
    const headers = arrived(await back(asked, parts.reduce((xml, part) => issuer.sign(xml, part), plain)));
    assert.deepEqual([headers['remote-user'], headers['remote-email'], headers['remote-groups'], headers['remote-name']], [user, `${user}@example.test`, 'staff', 'A & B']);
  }
});

test('xmlsec1: what was signed and wrapped in each of the eight known ways signs nobody in (XSW1 to XSW8)', async () => {
  for (const name of ['XSW1', 'XSW2', 'XSW3', 'XSW4', 'XSW5', 'XSW6', 'XSW7', 'XSW8']) {
    const asked = await there();
    const xml = wrapped(issuer, says(asked))[name];
    assert.ok(xml.includes('mallory-there') && xml.includes('alice-there'), name);
    await refused(await back(asked, xml), 'idp_not_believed', /built to deceive|wrapping/);
  }
  const users = gateway.command(['user', 'list']).items.map((one) => one.user);
  assert.ok(!users.some((user) => /mallory|alice/.test(user)), users.join(' '));
});

test('xmlsec1: each lie is refused, and the log says which it was', async () => {
  const now = Date.now();
  const cases = {
    unsigned: [(asked) => says(asked), 'idp_not_believed', /not signed/],
    'of another key': [(asked) => other.sign(says(asked)), 'idp_not_believed', /no key of its metadata/],
    bent: [(asked) => issuer.sign(says(asked)).replaceAll('alice-there', 'mallory-there'), 'idp_not_believed', /no key of its metadata|digest/i],
    'signed with SHA-1': [(asked) => issuer.sign(says(asked), 'Assertion', SHA1), 'idp_set_up', /broken/],
    'older than five minutes, good for a day': [(asked) => issuer.sign(says(asked, { issued: now - 301_000 })), 'idp_not_believed', /older than five minutes/],
    expired: [(asked) => issuer.sign(says(asked, { ends: now - 61_000 })), 'idp_not_believed', /not good now|time window/],
    'of the future': [(asked) => issuer.sign(says(asked, { issued: now + 120_000 })), 'idp_not_believed', /of the future|not good now/],
    'for another audience': [(asked) => issuer.sign(issuer.says(asked.id, { acs, own: 'https://other.example' })), 'idp_not_believed', /AudienceRestriction/],
    'for another recipient': [(asked) => issuer.sign(issuer.says(asked.id, { acs: 'https://other.example/acs', own })), 'idp_not_believed', /mismatch|recipient/],
    'to another request': [(asked) => issuer.sign(says({ id: '_another' })), 'idp_not_believed', /inResponseTo/i],
    'of another issuer': [(asked) => issuer.sign(says(asked).replaceAll(ENTITY, 'urn:example:other')), 'idp_not_believed', /issuer mismatch/],
    'with a mail address for a name': [(asked) => issuer.sign(says(asked).replace('2.0:nameid-format:persistent', '1.1:nameid-format:emailAddress')), 'idp_set_up', /emailAddress/],
    'with a transient name': [(asked) => issuer.sign(says(asked).replace('format:persistent', 'format:transient')), 'idp_set_up', /transient/],
    'with a comment within the name': [(asked) => issuer.sign(says(asked, { user: 'alice-there<!-- -->.evil', attributes: { uid: 'x' } })), 'idp_not_believed', /comment/],
    'with entities': [(asked) => `<!DOCTYPE r [<!ENTITY e "alice">]>${issuer.sign(says(asked))}`, 'idp_not_believed', /document type/],
    'with entities from a file': [(asked) => `<!DOCTYPE r SYSTEM "file:///etc/passwd">${issuer.sign(says(asked))}`, 'idp_not_believed', /document type/],
    encrypted: [(asked) => says(asked).replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '<saml:EncryptedAssertion><x/></saml:EncryptedAssertion>'), 'idp_set_up', /encrypted/],
    'with an attribute twice': [(asked) => issuer.sign(says(asked)).replace(' Version="2.0"', ' Version="2.0" Version="2.0"'), 'idp_not_believed', /cannot be read/],
    'no XML': [() => 'so what', 'idp_not_believed', /cannot be read|not a Response/],
    'as deep as a well': [() => '<Response>'.replace('>', ' xmlns="urn:oasis:names:tc:SAML:2.0:protocol">') + '<x>'.repeat(5000) + '</x>'.repeat(5000) + '</Response>', 'idp_not_believed', /depth/],
    'as wide as a river': [() => `<Response>${'<x/>'.repeat(9000)}</Response>`, 'idp_not_believed', /nodes/],
  };
  for (const [what, [made, code, why]] of Object.entries(cases)) {
    const asked = await there();
    await refused(await back(asked, made(asked)), code, why).catch((error) => { throw new Error(`${what}: ${error.message}`); });
  }
  const asked = await there();
  assert.equal((await posted(asked, 'x'.repeat(100_000))).status, 413);
  const twice = await new Visitor().request(acs, { form: [['SAMLResponse', 'a'], ['SAMLResponse', 'b'], ['RelayState', asked.relay]] });
  assert.equal(twice.status, 400);
  assert.ok(gateway.events('sign_in').some((event) => JSON.stringify(event).includes('idp_not_believed')), 'the audit log has them');
  assert.match(await gateway.metrics(), /sekisho_idp_requests_total\{[^}]*outcome="idp_not_believed"[^}]*request="response"|sekisho_idp_requests_total\{[^}]*request="response"[^}]*outcome="idp_not_believed"/);
});

test('xmlsec1: an assertion is good once, in the browser that asked, and one that nobody asked for is told apart', async () => {
  const asked = await there();
  const xml = issuer.sign(says(asked, { user: 'frank' }));
  const page = await posted(asked, xml);
  assert.equal(page.status, 200, page.text);
  assert.equal(page.headers['set-cookie'], undefined);
  const thief = await there();
  assert.deepEqual(codes(await thief.visitor.go(nextOf(page))).filter((code) => code.startsWith('idp')), ['idp_another_browser']);
  await refused(await posted(asked, xml), 'idp_not_believed', /used before/);
  assert.equal(arrived(await asked.visitor.go(nextOf(page)))['remote-user'], 'frank');
  const unasked = issuer.sign(says({ id: '_x' }).replaceAll(' InResponseTo="_x"', ''));
  for (const relay of ['', 'https://wiki.example/']) await refused(await posted({ relay }, unasked), 'idp_unsolicited', /no request of this gateway/);
});

test('xmlsec1: a fresh sign-in is forced, and its time counts', async () => {
  const asked = await there('fresh');
  const old = await back(asked, issuer.sign(says(asked, { user: 'grace' }).replace(/AuthnInstant="[^"]*"/, `AuthnInstant="${new Date(Date.now() - 400_000).toISOString()}"`)));
  const again = requestOf((await asked.visitor.request(button(old, 'saml'))).headers.location);
  assert.match(again.xml, /ForceAuthn="true"/);
  const stale = { visitor: asked.visitor, ...again };
  await refused(await back(stale, issuer.sign(says(stale, { user: 'grace' }).replace(/AuthnInstant="[^"]*"/, `AuthnInstant="${new Date(Date.now() - 400_000).toISOString()}"`))), 'idp_not_fresh', /not again/);
  const fresh = await there('fresh');
  assert.equal(arrived(await back(fresh, issuer.sign(says(fresh, { user: 'grace' }))))['remote-user'], 'grace');
});

test('the metadata of this gateway are where the list of providers says, and by a command', async () => {
  const [one] = gateway.command(['idp', 'list']).items;
  assert.deepEqual([one.protocol, one.state, one.keys, one.redirect_uri, one.metadata_uri, one.backchannel_logout_uri], ['saml', 'ready', 1, acs, own, null]);
  const answer = await new Visitor().request(own);
  assert.match(answer.text, new RegExp(`entityID="${own}"[\\s\\S]*WantAssertionsSigned="true"[\\s\\S]*Location="${acs}"`));
  assert.equal(gateway.command(['idp', 'metadata', 'saml']).metadata, answer.text);
});

test('a provider changes its key: both are good while both are in the file, which is read again by itself', async () => {
  place.file('metadata.xml', issuer.metadata(at, next), 0o644);
  await until('both keys are known', () => gateway.command(['idp', 'list']).items[0].keys === 2);
  for (const [signer, user] of [[issuer, 'heidi'], [next, 'ivan']]) {
    const asked = await there();
    assert.equal(arrived(await back(asked, signer.sign(says(asked, { user }))))['remote-user'], user);
  }
  place.file('metadata.xml', next.metadata(at), 0o644);
  await until('one is', () => gateway.command(['idp', 'list']).items[0].keys === 1);
  const asked = await there();
  await refused(await back(asked, issuer.sign(says(asked, { user: 'heidi' }))), 'idp_not_believed', /no key of its metadata/);
  place.file('metadata.xml', issuer.metadata(at), 0o644);
  await until('the first is again', async () => { const again = await there(); return (await back(again, issuer.sign(says(again, { user: 'heidi' })))).status === 200; });
});

test('Chromium: the button leads to the provider, whose page posts back from another site, and on to the page that was asked for', async () => {
  // A page as providers have it: a form that sends itself, held by its policy to where it may end.
  const page = https.createServer(place.tls, (request, response) => {
    const asked = requestOf(new URL(request.url, at).toString());
    const xml = issuer.sign(says(asked, { user: 'judy' }));
    response.setHeader('content-type', 'text/html');
    response.setHeader('content-security-policy', `form-action https://auth.localhost:${gateway.port}`);
    response.end(`<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${base64(xml)}"><input type="hidden" name="RelayState" value="${asked.relay}"></form><script>document.forms[0].submit()</script>`);
  });
  await new Promise((resolve) => { page.listen(port, '127.0.0.1', resolve); });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--ignore-certificate-errors', '--disable-gpu', '--disable-background-networking'] });
  try {
    const context = await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    await tab.goto(gateway.url('wiki', '/deep/page?x=1'));
    await tab.getByRole('link', { name: 'Sign in with Contoso', exact: true }).click();
    await tab.waitForURL(gateway.url('wiki', '/deep/page?x=1'));
    assert.equal(JSON.parse(await tab.locator('body').textContent()).headers['remote-user'], 'judy');
    // By mail address, in another browser: a form began it.
    const second = await (await browser.newContext({ locale: 'ja', ignoreHTTPSErrors: true })).newPage();
    await second.goto(gateway.url('vault'));
    await second.locator('#mail').fill('judy@example.test');
    await second.locator('form:has(#mail) button').click();
    await second.waitForURL(gateway.url('vault'));
    // One that began at the provider is told in a page.
    const third = await context.newPage();
    await third.setContent(`<form method="post" action="${acs}"><input name="SAMLResponse" value="${base64(issuer.sign(says({ id: '_y' })))}"></form>`);
    await third.evaluate(() => document.forms[0].submit());
    await third.getByRole('heading', { name: 'This sign-in began at Contoso' }).waitFor();
  } finally {
    await browser.close();
    page.close();
    page.closeAllConnections();
  }
});
