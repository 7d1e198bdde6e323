// An app whose first answer leads to another origin, in a real Chromium and Firefox: the sign-in's POST ends at a page of
// ours, from which the browser goes on. Chromium holds `form-action` against every redirect after a form, and shows nothing
// where it blocks one; Firefox does not.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { firefox } from 'playwright-core';
import { code } from './totp.mjs';
import { World, signIn } from './world.mjs';

let world, app;
const browsers = {};

before(async () => {
  world = await World.demo('onward');
  // Nothing but redirects at one host; at the other what they lead to, which nobody has to sign in for.
  app = createServer((request, response) => {
    if (request.headers.host.startsWith('jump.')) return response.writeHead(302, { location: world.app('land', '/landed') }).end();
    return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>there</title><h1>Landed</h1>');
  });
  await new Promise((resolve) => app.listen(0, '127.0.0.1', resolve));
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
`);
  // The demo's certificate does not name the apps that were added.
  browsers.chromium = await world.chromium(['--ignore-certificate-errors']);
  browsers.firefox = await firefox.launch({ channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true });
});

after(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser.close()));
  app?.close();
  await world?.end();
});

for (const name of ['chromium', 'firefox']) {
  test(`the right password never ends at a dead page (${name})`, { timeout: 120_000 }, async () => {
    const context = await browsers[name].newContext({ locale: 'en', ignoreHTTPSErrors: true });
    const tab = await context.newPage();
    const complaints = [];
    tab.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    await tab.goto(world.app('jump', '/first'));
    await signIn(tab, world.people.alice, code);
    await tab.waitForURL(world.app('land', '/landed'));
    assert.equal((await tab.locator('h1').textContent()).trim(), 'Landed');
    // Who is signed in already goes on without a page between.
    await tab.goto(world.app('jump', '/again'));
    assert.equal(tab.url(), world.app('land', '/landed'));
    assert.deepEqual(complaints.filter((text) => text.includes('form-action')), []);
    await context.close();
  });
}
