// An app whose first answer leads to another origin, in a real Chromium and Firefox: after a sign-in, after what was posted
// meanwhile, after a transaction that a code approves. Each POST of ours ends at a page of ours, from which the browser goes
// on. Chromium holds `form-action` against every redirect after a form, and shows nothing where it blocks one; Firefox does
// not.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { firefox } from 'playwright-core';
import { code } from './totp.mjs';
import { World, signIn } from './world.mjs';

let world, app, elsewhere, foreign;
const browsers = {};
/** What reached the shop. */
const posted = [];

async function listening(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

before(async () => {
  world = await World.demo('onward');
  const page = (response, title, body = '') => response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>${title}</title><h1>${title}</h1>${body}`);
  // What the gateway knows nothing of.
  elsewhere = await listening((request, response) => page(response, 'Landed'));
  foreign = `http://127.0.0.1:${elsewhere.address().port}/paid`;
  // Nothing but redirects at one host; at another what they lead to, which nobody has to sign in for; and a shop, whose
  // forms are answered with the address of who takes the money.
  app = await listening((request, response) => {
    if (request.headers.host.startsWith('jump.')) return response.writeHead(302, { location: world.app('land', '/landed') }).end();
    if (request.headers.host.startsWith('land.')) return page(response, 'Landed');
    if (request.method === 'GET') return page(response, 'Shop', ['order', 'pay'].map((action) => `<form method="post" action="/${action}"><input name="what" value="tea"><button>${action}</button></form>`).join(''));
    posted.push(request.url);
    request.resume();
    return response.writeHead(302, { location: foreign }).end();
  });
  const upstream = `upstream = ["http://127.0.0.1:${app.address().port}"]`;
  await world.again(`
[[app]]
name = "jump"
url = "https://jump.localhost:${world.port}"
${upstream}
[app.demands.primary_factor]
[app.demands.otp]
[[app]]
name = "land"
url = "https://land.localhost:${world.port}"
${upstream}
[app.demands.ip_restriction]
allow = ["127.0.0.0/8"]
[[app]]
name = "shop"
url = "https://shop.localhost:${world.port}"
${upstream}
[app.demands.primary_factor]
methods = ["password"]
[[app.transaction]]
name = "pay"
paths = ["/pay"]
title = { en = "Pay", ja = "支払い" }
by = "otp"
show = [{ label = { en = "What", ja = "品物" }, from = "form:what" }]
`);
  // The demo's certificate does not name the apps that were added.
  browsers.chromium = await world.chromium(['--ignore-certificate-errors']);
  browsers.firefox = await firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
});

beforeEach(() => { posted.length = 0; });

after(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser.close()));
  for (const server of [app, elsewhere]) server?.close();
  await world?.end();
});

/** A tab of its own, and what its browser complained of that a policy of ours forbids. */
async function open(name) {
  const context = await browsers[name].newContext({ locale: 'en', ignoreHTTPSErrors: true });
  const tab = await context.newPage();
  const forbidden = [];
  tab.on('console', (message) => { if (/Content.Security.Policy|form-action/i.test(message.text())) forbidden.push(message.text()); });
  return { context, tab, forbidden };
}

/** Proves the password, on the page that asks for nothing else. */
async function password(tab, person) {
  await tab.locator('[autocomplete=username]').fill(person.user);
  await tab.locator('[autocomplete=current-password]').fill(person.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
}

/** Types the code that a transaction is approved with. */
async function approve(tab, person) {
  await tab.waitForURL(/\/transaction\//);
  await tab.locator('[autocomplete=one-time-code]').fill(await code(person.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').click();
}

/** The page of the shop, whose session has ended in another window meanwhile. */
async function abandoned({ context, tab }) {
  await tab.goto(world.app('shop'));
  const other = await context.newPage();
  await other.goto(world.app('auth', '/sign-out'));
  await other.locator('form button').first().click();
  await other.getByText('signed out').first().waitFor();
  await other.close();
}

const order = (tab, action) => tab.getByRole('button', { name: action, exact: true }).click();

/** Waits for the page itself: the tool loses the event of a navigation now and then where Firefox goes on by itself. */
async function landed(tab) {
  await tab.locator('h1').filter({ hasText: 'Landed' }).waitFor().catch(async (error) => {
    throw new Error(`the browser stays at ${await tab.evaluate(() => `${location.href}: ${document.documentElement.outerHTML}`)}`, { cause: error });
  });
  assert.equal(await tab.evaluate(() => location.href), foreign);
}

for (const name of ['chromium', 'firefox']) {
  test(`the right password never ends at a dead page (${name})`, { timeout: 120_000 }, async () => {
    const { context, tab, forbidden } = await open(name);
    await tab.goto(world.app('jump', '/first'));
    await signIn(tab, world.people.alice, code);
    await tab.waitForURL(world.app('land', '/landed'));
    await tab.locator('h1').filter({ hasText: 'Landed' }).waitFor();
    // Who is signed in already goes on without a page between.
    await tab.goto(world.app('jump', '/again'));
    assert.equal(tab.url(), world.app('land', '/landed'));
    assert.deepEqual(forbidden, []);
    await context.close();
  });

  test(`a transaction that a code approves may be answered with another origin (${name})`, { timeout: 120_000 }, async () => {
    const { context, tab, forbidden } = await open(name);
    await tab.goto(world.app('shop'));
    await password(tab, world.people.bob);
    await tab.waitForURL(world.app('shop'));
    await order(tab, 'pay');
    assert.deepEqual(posted.splice(0), [], 'nothing is done without the code');
    await approve(tab, world.people.bob);
    await landed(tab);
    assert.deepEqual(posted.splice(0), ['/pay'], 'once');
    assert.deepEqual(forbidden, []);
    await context.close();
  });

  test(`what was posted without a session may be answered with another origin (${name})`, { timeout: 120_000 }, async () => {
    const opened = await open(name);
    const { context, tab, forbidden } = opened;
    await tab.goto(world.app('shop'));
    await password(tab, world.people.admin);
    await tab.waitForURL(world.app('shop'));
    await abandoned(opened);
    await order(tab, 'order');
    await password(tab, world.people.admin);
    await landed(tab);
    assert.deepEqual(posted.splice(0), ['/order'], 'once');
    // And where it is a transaction, which the code approves after the password.
    await abandoned(opened);
    await order(tab, 'pay');
    await password(tab, world.people.admin);
    await approve(tab, world.people.admin);
    await landed(tab);
    assert.deepEqual(posted.splice(0), ['/pay'], 'once');
    assert.deepEqual(forbidden, []);
    await context.close();
  });

  test(`what stands behind the hash survives a sign-in (${name})`, { timeout: 120_000 }, async () => {
    const { context, tab, forbidden } = await open(name);
    // Two forms, a password and a code; and a second visit, which only redirects.
    await tab.goto(world.app('shop', '/board?x=1#/board/7'));
    await password(tab, world.people.bob);
    await tab.waitForURL(world.app('shop', '/board?x=1#/board/7'));
    await tab.goto(world.app('jump', '/first#/one'));
    await tab.waitForURL((url) => url.hash === '#/one' || url.pathname.startsWith('/sign-in'));
    if (tab.url().includes('/sign-in')) {
      await tab.locator('[autocomplete=one-time-code]').fill(await code(world.people.bob.key));
      await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').first().click();
    }
    await tab.waitForURL(world.app('land', '/landed#/one'));
    // Without one there is none afterwards, though the browser had kept another.
    await context.clearCookies({ name: '__Host-sekisho' });
    await tab.goto(world.app('shop', '/plain'));
    await password(tab, world.people.bob);
    await tab.waitForURL(world.app('shop', '/plain'));
    assert.equal(await tab.evaluate(() => location.hash), '');
    assert.deepEqual(forbidden, []);
    await context.close();
  });
}
