// LemonLDAP::NG by SAML: metadata of both sides, signed requests, persistent names, a forced sign-in, in a real Chromium and without a screen.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startLemon } from './lemonldap.mjs';
import { Gateway, Place, Visitor, button, codes, freePort } from './support.mjs';

let place, provider, gateway;

before(async () => {
  place = new Place('lemon-saml');
  const [port, own] = [await freePort(), await freePort()];
  const portal = `https://auth.localhost:${own}`;
  // Each side reads the other's metadata: the provider's first, then ours.
  provider = await startLemon(place, port, portal, { saml: true });
  const metadata = await new Visitor().request(`${provider.issuer}saml/metadata`);
  assert.equal(metadata.status, 200, metadata.text);
  place.file('lemon.xml', metadata.text, 0o644);
  // Its metadata wants requests signed, and it verifies them.
  assert.match(metadata.text, /WantAuthnRequestsSigned="true"/);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'own.key', '-out', 'own.crt', '-days', '2', '-subj', '/CN=sekisho'], { cwd: place.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const entity = metadata.text.match(/entityID="([^"]+)"/)[1];
  gateway = await Gateway.start(place, `
[[idp]]
name = "lemon"
title = "LemonLDAP"
issuer = "${entity}"
saml = { metadata = "lemon.xml", display_name = "cn", key_file = "own.key", certificate_file = "own.crt" }
users = "create"
user_name = "uid"
groups = { same_names = true }
`, '', own);
  for (const group of ['timelords', 'users']) gateway.command(['group', 'add', group]);
  await provider.end();
  provider = await startLemon(place, port, portal, { saml: true, sp: gateway.command(['idp', 'metadata', 'lemon']).metadata });
});

after(async () => {
  await gateway?.end();
  await provider?.end();
  place?.end();
});

const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${codes(page)} ${page.text.slice(0, 1500)} ${gateway.log.split('\n').filter((line) => line.includes('idp')).slice(-5).join('\n')} ${provider.log().slice(-1500)}`); return JSON.parse(page.text).headers; };

async function signIn(user, app = 'wiki', visitor = new Visitor()) {
  return provider.through(visitor, await visitor.go(button(await visitor.go(gateway.url(app, '/page')), 'lemon')), user);
}

test('LemonLDAP::NG by SAML: a person signs in with groups, and is the same person the next time', async () => {
  for (const [user, groups] of [['dwho', /timelords/], ['rtyler', /users/]]) {
    for (let times = 0; times < 2; times += 1) {
      const headers = arrived(await signIn(user));
      assert.equal(headers['remote-user'], user);
      assert.match(headers['remote-groups'] ?? '', groups);
    }
    assert.equal(gateway.command(['user', 'identities', user]).items.length, 1, 'a persistent name');
  }
});

test('LemonLDAP::NG by SAML: a forced sign-in meets a demand of an age', async () => {
  assert.equal(arrived(await signIn('msmith', 'fresh'))['remote-user'], 'msmith');
});

test('LemonLDAP::NG by SAML: in Chromium the form of its page comes back from another site', async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--ignore-certificate-errors', '--disable-gpu', '--disable-background-networking'] });
  try {
    const tab = await (await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true })).newPage();
    await tab.goto(gateway.url('wiki', '/deep/page?x=1'));
    await tab.getByRole('link', { name: 'Sign in with LemonLDAP', exact: true }).click();
    await tab.locator('[name=user]').fill('dwho');
    await tab.locator('[name=password]').fill('dwho');
    await tab.locator('[name=password]').press('Enter');
    // Its scripts are not served here: the form that would send itself is sent by hand, under the policy of its page.
    await tab.locator('[name=SAMLResponse]').waitFor({ state: 'attached' });
    await tab.evaluate(() => document.querySelector('[name=SAMLResponse]').form.submit());
    await tab.waitForURL(gateway.url('wiki', '/deep/page?x=1'), { timeout: 15_000 }).catch(async (error) => { throw new Error(`${error.message} ${tab.url()} ${(await tab.content()).slice(0, 3000)}`); });
    assert.equal(JSON.parse(await tab.locator('body').textContent()).headers['remote-user'], 'dwho');
  } finally {
    await browser.close();
  }
});
