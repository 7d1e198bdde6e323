// A registered browser that is bound to a key, in a real Chromium with software keys: a policy demands the key, the sign-in waits
// for it, the registration outlives the sign-out with its key, and a copy of the cookies registers nothing.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, signIn, until } from './world.mjs';

const FEATURES = '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting';

let world, browser, app;

before(async () => {
  world = await World.demo('registered');
  app = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><h1>Vault</h1><p>${request.headers['remote-user']}</p>`);
  });
  await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  await world.again(`
[[app]]
name = "vault"
url = "https://vault.localhost:${world.port}"
upstream = ["http://127.0.0.1:${app.address().port}"]
[app.demands.primary_factor]
[app.demands.cookie]
browser_binding = "require"
`);
  // The demo's certificate does not name the app that was added.
  browser = await world.chromium([FEATURES, '--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  app?.close();
  await world?.end();
});

const registered = (user) => world.command(['browser', 'list', '--user', user]).items;

test('a browser registers with its key, and a copy of its cookies is not registered', async () => {
  const context = await browser.newContext({ locale: 'en' });
  const tab = await context.newPage();
  const seen = [];
  tab.on('request', (request) => { if (request.isNavigationRequest()) seen.push(request.url()); });
  await tab.goto(world.app('vault', '/'));
  await signIn(tab, world.people.alice, code);
  // The page that waits for the key goes on by itself.
  await tab.waitForURL(world.app('vault', '/'));
  await tab.locator('h1', { hasText: 'Vault' }).waitFor();
  assert.ok(seen.some((url) => url.endsWith('&key')), 'the sign-in waited');
  assert.deepEqual(registered('alice').map(({ bound }) => bound), [true]);

  const copies = (await context.cookies(world.app('auth'))).filter(({ name }) => name !== '__Host-sekisho-bound');
  await tab.goto(world.app('auth', '/sign-out'));
  await tab.locator('form button').first().click();
  await tab.getByText(/signed out/i).first().waitFor();
  // The registration stays, with its key: a password is enough, and no page waits.
  await tab.goto(world.app('vault', '/'));
  await tab.locator('[autocomplete=username]').fill('alice');
  await tab.locator('[autocomplete=current-password]').fill(world.people.alice.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  await tab.waitForURL(world.app('vault', '/'));
  assert.deepEqual(registered('alice').map(({ bound }) => bound), [true]);

  const thief = await browser.newContext({ locale: 'en' });
  await thief.addCookies(copies);
  const stolen = await thief.newPage();
  await stolen.goto(world.app('vault', '/'));
  await stolen.locator('[autocomplete=username]').fill('alice');
  await stolen.locator('[autocomplete=current-password]').fill(world.people.alice.password);
  await stolen.locator('form:has([autocomplete=current-password]) button').first().click();
  await stolen.locator('[autocomplete=one-time-code]').waitFor();
  await thief.close();
  await context.close();
});

test('a browser that keeps no key is told which ones do', async () => {
  const plain = await world.chromium(['--ignore-certificate-errors']);
  try {
    const tab = await (await plain.newContext({ locale: 'en' })).newPage();
    // The page that waits asks again at once and is answered after a moment: the browser is on its way most of the time.
    const seen = [];
    tab.on('request', (request) => { if (request.isNavigationRequest()) seen.push(request.url()); });
    await tab.goto(world.app('vault', '/'));
    await signIn(tab, world.people.bob, code);
    await until('the sign-in waits for a key', () => seen.filter((url) => url.endsWith('&key')).length > 3, 40_000);
    await until('the page says what is missing', () => tab.getByText(/takes only browsers that keep a key/).first().isVisible(), 40_000);
    assert.deepEqual(registered('bob').map(({ bound }) => bound), [false]);
  } finally {
    await plain.close();
  }
});
