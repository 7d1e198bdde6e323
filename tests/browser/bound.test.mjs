// Sessions bound to a key of the browser (Device Bound Session Credentials) in a real Chromium with software keys: registered at
// the sign-in, renewed when the short cookie is gone, useless as copies, ended by the sign-out; and a Chromium without them.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { code } from './totp.mjs';
import { World, signIn, until } from './world.mjs';

const BOUND = '__Host-sekisho-bound';
const FEATURES = '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting';

let world, browser, elsewhere, foreign;

before(async () => {
  world = await World.demo('bound');
  browser = await world.chromium([FEATURES]);
  // A site that the gateway knows nothing of.
  elsewhere = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><a id="plain" href="${world.app('app', '/linked?x=1')}">plain</a> <a id="part" href="${world.app('app', '/linked#part')}">part</a>`);
  });
  await new Promise((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
  foreign = `http://127.0.0.1:${elsewhere.address().port}/`;
});

after(async () => {
  await browser?.close();
  elsewhere?.close();
  await world?.end();
});

const bound = async (context, app) => (await context.cookies(world.app(app))).find(({ name }) => name === BOUND)?.value;
/** Takes the short cookie away, as if it had ended. */
const lose = (context, app) => context.clearCookies({ name: BOUND, domain: `${app}.localhost` });

/** What Chromium says of its sessions, and the renewals that it asked for. */
async function watched(tab) {
  const said = [];
  const cdp = await tab.context().newCDPSession(tab);
  await cdp.send('Network.enable');
  await cdp.send('Network.enableDeviceBoundSessions', { enable: true });
  cdp.on('Network.deviceBoundSessionEventOccurred', (event) => said.push(event));
  return said;
}

/** A tab of a person who signed in to the wiki, with keys for the portal and for the wiki. */
async function signedIn(user) {
  const context = await browser.newContext({ locale: 'en' });
  const tab = await context.newPage();
  const said = await watched(tab);
  await tab.goto(world.app('app', '/'));
  await signIn(tab, world.people[user], code);
  await tab.waitForURL(world.app('app', '/'));
  await until('the wiki has a key', () => bound(context, 'app'));
  await until('the portal has a key', () => bound(context, 'auth'));
  // The browser shows that the cookies arrived: from here on they bind.
  await tab.goto(world.app('auth', '/account'));
  await tab.goto(world.app('app', '/'));
  return { context, tab, said };
}

test('a session is bound at the sign-in, and copies of its cookies open nothing', async () => {
  const { context, tab } = await signedIn('alice');
  for (const [app, path] of [['app', '/'], ['auth', '/account']]) {
    const copies = (await context.cookies(world.app(app))).filter(({ name }) => name !== BOUND);
    assert.ok(copies.some(({ name }) => name === '__Host-sekisho'));
    const thief = await browser.newContext({ locale: 'en' });
    await thief.addCookies(copies);
    const stolen = await thief.newPage();
    await stolen.goto(world.app(app, path));
    await stolen.waitForURL(/\/sign-in/);
    await stolen.locator('[autocomplete=username]').waitFor();
    await thief.close();
  }
  await tab.reload();
  assert.equal(tab.url(), world.app('app', '/'), 'and the owner goes on');
  await context.close();
});

test('the short cookie is renewed by itself, as often as it is gone', async () => {
  const { context, tab, said } = await signedIn('bob');
  for (const app of ['app', 'auth']) {
    // More often than the browser signs in nine minutes: proofs of one challenge are made once.
    for (let time = 0; time < 8; time += 1) {
      await lose(context, app);
      const answer = await tab.goto(world.app(app, app === 'auth' ? '/account' : '/'));
      assert.equal(answer.status(), 200);
      assert.ok(!tab.url().includes('/sign-in'), `${app}, ${time}: ${tab.url()}`);
      assert.ok(await bound(context, app), `${app}, ${time}`);
    }
  }
  const refreshes = said.filter((event) => event.refreshEventDetails);
  assert.ok(refreshes.length >= 16, JSON.stringify(said));
  assert.ok(refreshes.every((event) => event.succeeded), JSON.stringify(refreshes));
  // In the background, too.
  await tab.goto(world.app('app', '/'));
  await lose(context, 'app');
  assert.equal(await tab.evaluate(async () => (await fetch('/', { headers: { accept: 'application/json' } })).status), 200);
  await context.close();
});

test('a link on another site leads to the page, with a fragment or without', async () => {
  const { context, tab } = await signedIn('alice');
  for (const [link, path] of [['#plain', '/linked?x=1'], ['#part', '/linked#part']]) {
    await tab.goto(foreign);
    await lose(context, 'app');
    const seen = [];
    const note = (response) => { if (response.request().isNavigationRequest()) seen.push(response); };
    tab.on('response', note);
    await tab.locator(link).click();
    // The second answer arrives before its page replaces the one in between: the page itself is what to wait for.
    await until('the page itself is there', async () => {
      const content = await tab.content().catch(() => '');
      return seen.length > 1 && tab.url() === world.app('app', path) && content.includes('<h1') && !content.includes('http-equiv="refresh"') && await bound(context, 'app');
    });
    await tab.waitForLoadState();
    tab.off('response', note);
    assert.equal(seen.length, 2, 'one page in between');
  }
  await context.close();
});

test('the portal leads to an app without a page in between', async () => {
  const { context, tab } = await signedIn('bob');
  await tab.goto(world.app('auth', '/'));
  await lose(context, 'app');
  const seen = [];
  tab.on('response', (response) => { if (response.request().isNavigationRequest()) seen.push(response.url()); });
  await tab.locator(`a[href^="${world.app('app', '')}"]`).first().click();
  await tab.waitForURL(`${world.app('app', '')}**`);
  await tab.waitForLoadState();
  assert.ok(await bound(context, 'app'));
  assert.equal(seen.length, 1, JSON.stringify(seen));
  await context.close();
});

test('a form is kept while the cookie is renewed', async () => {
  const { context, tab } = await signedIn('alice');
  await lose(context, 'app');
  const posted = tab.waitForResponse((response) => response.request().method() === 'POST' && response.request().isNavigationRequest());
  await tab.evaluate(() => {
    const form = document.body.appendChild(document.createElement('form'));
    Object.assign(form, { method: 'post', action: '/posted' });
    form.append(Object.assign(document.createElement('input'), { name: 'text', value: 'kept as it was' }));
    form.submit();
  });
  assert.ok((await posted).status() < 400);
  await tab.waitForLoadState();
  assert.ok(!tab.url().includes('/sign-in'), tab.url());
  assert.ok(await bound(context, 'app'));
  await context.close();
});

test('a sign-out ends the session, and then the key', async () => {
  const { context, tab } = await signedIn('bob');
  await tab.goto(world.app('auth', '/sign-out'));
  const said = await watched(tab);
  await tab.locator('form button').first().click();
  await tab.getByText(/signed out/i).first().waitFor();
  assert.equal(await bound(context, 'auth'), undefined);
  // The next request asks for a renewal, and learns that there is nothing to renew: the browser gives up the session, and nothing else of it.
  await tab.goto(world.app('auth', '/sign-in'));
  const atPortal = (event) => new URL(event.site).hostname === 'auth.localhost';
  await until('the portal’s session is given up', () => said.some((event) => atPortal(event) && event.terminationEventDetails));
  assert.ok(!said.some((event) => atPortal(event) && event.refreshEventDetails && event.succeeded), JSON.stringify(said));
  await tab.goto(world.app('app', '/'));
  await tab.waitForURL(/\/sign-in/);
  const renewals = [];
  tab.on('request', (request) => { if (request.url().includes('/.sekisho/device/')) renewals.push(request.url()); });
  await tab.goto(world.app('auth', '/sign-in'));
  await tab.goto(world.app('auth', '/sign-in'));
  assert.deepEqual(renewals, []);
  assert.equal(await bound(context, 'auth'), undefined);
  await context.close();
});

test('a restarted browser goes on with its key, and without its session signs in once', async () => {
  for (const restores of [true, false]) {
    const profile = mkdtempSync(join(tmpdir(), 'sekisho-profile-'));
    mkdirSync(join(profile, 'Default'));
    // “Continue where you left off” keeps cookies that end with the browser.
    if (restores) writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify({ session: { restore_on_startup: 1 } }));
    const start = () => chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', args: [...world.flags, FEATURES], locale: 'en' });
    let context = await start();
    try {
      let tab = await context.newPage();
      await tab.goto(world.app('app', '/'));
      await signIn(tab, restores ? world.people.alice : world.people.bob, code);
      await tab.waitForURL(world.app('app', '/'));
      await until('both have a key', async () => await bound(context, 'app') && await bound(context, 'auth'));
      await tab.goto(world.app('auth', '/account'));
      await tab.goto(world.app('app', '/'));
      await context.close();
      context = await start();
      tab = await context.newPage();
      const said = await watched(tab);
      await lose(context, 'app');
      const seen = [];
      tab.on('response', (response) => { if (response.request().isNavigationRequest()) seen.push(response.status()); });
      await tab.goto(world.app('app', '/'));
      if (restores) {
        assert.deepEqual([tab.url(), seen], [world.app('app', '/'), [200]], 'the short cookie was renewed before the first page');
        assert.ok(said.some((event) => event.refreshEventDetails && event.succeeded), JSON.stringify(said));
      } else {
        await signIn(tab, world.people.alice, code);
        await tab.waitForURL(world.app('app', '/'));
      }
      await until('there is a key', () => bound(context, 'app'));
      await tab.goto(world.app('auth', '/account'));
      await tab.goto(world.app('app', '/'));
      assert.equal(tab.url(), world.app('app', '/'));
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  }
});

test('a session that an administrator ended stays ended', async () => {
  const { context, tab } = await signedIn('alice');
  world.command(['user', 'sign-out', 'alice']);
  await lose(context, 'app');
  await tab.goto(world.app('app', '/'));
  await tab.waitForURL(/\/sign-in/);
  assert.equal(await bound(context, 'app'), undefined);
  await context.close();
});

test('a Chromium without keys goes on as it always did', async () => {
  const plain = await world.chromium();
  try {
    const context = await plain.newContext({ locale: 'en' });
    const tab = await context.newPage();
    await tab.goto(world.app('app', '/'));
    await signIn(tab, world.people.bob, code);
    await tab.waitForURL(world.app('app', '/'));
    await tab.goto(world.app('auth', '/account'));
    await tab.goto(world.app('app', '/'));
    assert.equal(tab.url(), world.app('app', '/'));
    assert.deepEqual([await bound(context, 'app'), await bound(context, 'auth')], [undefined, undefined]);
  } finally {
    await plain.close();
  }
});
