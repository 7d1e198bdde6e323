// npm oidc-provider and the gateway, in a real Chromium and without a screen: sign-in, step-up, groups, re-check, and every way
// of signing out.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startProvider } from './op.mjs';
import { Gateway, Place, Visitor, button, codes, freePort, listens, nextOf, until } from './support.mjs';

let place, op, gateway, browser;

before(async () => {
  place = new Place('op');
  place.file('secret', 'a-secret-of-32-characters-1234567\n');
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  place.file('client.key', pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const port = await freePort();
  const section = (name, client, more) => `
[[idp]]
name = "${name}"
title = "${name === 'op' ? 'Contoso' : 'Contoso by key'}"
issuer = "https://127.0.0.1:${port}"
client_id = "${client}"
authority = "ca.pem"
networks = ["127.0.0.0/8"]
mail_domains = ["example.test"]
link = "verified_mail"
users = "create"
groups = { source = "userinfo", same_names = true }
${more}
`;
  const own = await freePort();
  op = await startProvider(port, place.tls, `https://auth.localhost:${own}`, { publicKey: { ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' } });
  gateway = await Gateway.start(place, section('op', 'sekisho', 'client_secret_file = "secret"') + section('bykey', 'sekisho-by-key', 'client_auth = "private_key_jwt"\nclient_key_file = "client.key"\nclient_key_id = "k1"'), '[session]\nrecheck = "3s"\nfresh = "5s"\n', own);
  gateway.command(['group', 'add', 'eng']);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--ignore-certificate-errors', '--disable-gpu', '--disable-background-networking'] });
});

after(async () => {
  await browser?.close();
  await gateway?.end();
  op?.end();
  place?.end();
});

/** Fills the pages of oidc-provider: its login, its consent. */
async function through(visitor, page, user) {
  for (let steps = 0; steps < 6 && page.url.includes('/interaction/'); steps += 1) {
    const form = page.text.includes('name="login"') ? { prompt: 'login', login: user, password: 'x' } : { prompt: 'consent' };
    page = await visitor.go(page.url, { form });
  }
  return page;
}

async function signIn(user, { app = 'wiki', name = 'op', visitor = new Visitor() } = {}) {
  const page = await visitor.go(gateway.url(app, '/page'));
  return { visitor, page: await through(visitor, await visitor.go(button(page, name)), user) };
}

const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${page.text.slice(0, 2500)} ${JSON.stringify(op.errors.slice(-3))}`); return JSON.parse(page.text).headers; };
const alive = async (visitor, app = 'wiki') => (await visitor.request(gateway.url(app, '/'))).status === 200;

/** Fills the same pages in a browser: its login where it asks for one, and its consent. */
async function throughInBrowser(tab, user) {
  await tab.locator('[name=login]').waitFor();
  await tab.locator('[name=login]').fill(user);
  await tab.locator('[name=password]').fill('x');
  await tab.locator('form button[type=submit]').first().click();
  await tab.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await tab.locator('form button[type=submit]').first().click();
}

test('Chromium: the button leads there and back, a second app asks nothing, sign-out leads out of both', async () => {
  op.people.set('hanako', '山田 花子');
  op.groups.set('hanako', ['eng', 'elsewhere']);
  const context = await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true });
  const tab = await context.newPage();
  await tab.goto(gateway.url('wiki', '/deep/page?x=1'));
  await tab.getByRole('link', { name: 'Sign in with Contoso', exact: true }).click();
  await throughInBrowser(tab, 'hanako');
  await tab.waitForURL(gateway.url('wiki', '/deep/page?x=1'));
  const seen = JSON.parse(await tab.locator('body').textContent());
  assert.equal(seen.headers['remote-user'], 'hanako');
  assert.equal(seen.headers['remote-groups'], 'eng');
  assert.equal(seen.headers['remote-email'], 'hanako@example.test');
  await tab.goto(gateway.url('vault'));
  assert.equal(JSON.parse(await tab.locator('body').textContent()).headers['remote-user'], 'hanako', 'one sign-in serves all');
  // By mail address, in another browser, where a form began it: no `form-action` stands in the way.
  const other = await browser.newContext({ locale: 'ja', ignoreHTTPSErrors: true });
  const second = await other.newPage();
  await second.goto(gateway.url('vault'));
  await second.locator('#mail').fill('taro@example.test');
  await second.locator('form:has(#mail) button').click();
  await second.waitForURL(/\/interaction\//);
  assert.equal(await second.locator('[name=login]').inputValue(), 'taro@example.test', 'the address is the hint');
  await throughInBrowser(second, 'taro');
  await second.waitForURL(gateway.url('vault'));
  // Out of here, then out of there.
  await tab.goto(gateway.url('auth', '/sign-out'));
  await tab.locator('button[value=here]').click();
  await tab.getByRole('link', { name: 'Sign out at Contoso' }).click();
  await tab.waitForURL(/session\/end/);
  await tab.locator('button[name=logout]').click();
  await tab.waitForURL(gateway.url('auth', '/sign-out'));
  await tab.goto(gateway.url('wiki'));
  await tab.getByRole('link', { name: 'Sign in with Contoso', exact: true }).click();
  await tab.locator('[name=login]').waitFor();
  await context.close();
  await other.close();
});

test('a key instead of a secret authenticates as well, and the same person is the same user at both clients', async () => {
  const first = arrived((await signIn('ken')).page);
  const second = arrived((await signIn('ken', { name: 'bykey' })).page);
  assert.equal(first['remote-user'], 'ken');
  assert.equal(second['remote-user'], 'ken');
  assert.equal(gateway.command(['user', 'identities', 'ken']).items.length, 1);
});

test('the way of client authentication that the provider takes is found', async () => {
  arrived((await signIn('finder')).page);
  const failed = op.errors.filter(([event]) => event === 'server_error');
  assert.deepEqual(failed, []);
});

test('an account with the same verified mail address is linked, and nobody by a name', async () => {
  gateway.command(['user', 'add', 'm.sato', '--email', 'Sato@Example.test']);
  const headers = arrived((await signIn('sato')).page);
  assert.equal(headers['remote-user'], 'm.sato');
  const [link] = gateway.command(['user', 'identities', 'm.sato']).items;
  assert.equal(link.subject, 'sato');
  assert.ok(gateway.events('idp.link').some((event) => event.user === 'm.sato' && JSON.stringify(event).includes('mail')));
  gateway.command(['user', 'add', 'victim']);
  const { page } = await signIn('victim');
  assert.ok(codes(page).includes('idp_no_name'), `${codes(page)}`);
});

test('a step that wants a fresh sign-in gets one by prompt=login, and only by the same person', async () => {
  const { visitor, page } = await signIn('fresh1');
  arrived(page);
  const step = gateway.url('auth', '/sign-in?for=%2Faccount%2Fsessions');
  await until('the sign-in is fresh no more', async () => (await visitor.go(step)).text.includes('/sign-in/idp?'));
  const portal = await visitor.go(step);
  const there = await visitor.go(button(portal, 'op'), {}, (next) => next.includes('/auth?'));
  assert.equal(new URL(nextOf(there)).searchParams.get('prompt'), 'login');
  const login = await visitor.go(nextOf(there));
  assert.ok(login.text.includes('name="login"'), 'it asks although there is a session');
  // Another person there, in the same browser here.
  const request = nextOf(there);
  const session = new Map(visitor.cookies('127.0.0.1'));
  visitor.jar.delete('127.0.0.1');
  const other = await through(visitor, await visitor.go(request), 'somebody-else');
  visitor.jar.set('127.0.0.1', session);
  assert.ok(codes(other).includes('idp_other_person'), `${other.url} ${codes(other)}`);
  const again = await visitor.go(button(await visitor.go(step), 'op'));
  const back = await through(visitor, again, 'fresh1');
  assert.ok(back.url.endsWith('/account/sessions') && back.status === 200, `${back.url} ${back.status} ${codes(back)}`);
});

test('a cancelled sign-in says so and leads to another try', async () => {
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/'));
  const login = await visitor.go(button(page, 'op'));
  const abort = login.text.match(/href="([^"]*\/abort)"/)[1];
  const cancelled = await visitor.go(new URL(abort, login.url).toString());
  assert.ok(codes(cancelled).includes('idp_denied') && codes(cancelled).includes('access_denied'), `${codes(cancelled)}`);
  assert.match(cancelled.text, /sent you back without signing you in/);
  assert.ok(cancelled.text.includes('/sign-in/idp?provider=op'));
});

test('back-channel logout ends the sessions here at once, of one session there and no other', async () => {
  const one = await signIn('logout1');
  const two = await signIn('logout1');
  arrived(one.page);
  arrived(two.page);
  const end = await one.visitor.go(`${op.issuer}/session/end`);
  const xsrf = end.text.match(/name="xsrf" value="([^"]+)"/)[1];
  await one.visitor.go(`${op.issuer}/session/end/confirm`, { form: { xsrf, logout: 'yes' } });
  await until('the session has ended', async () => !await alive(one.visitor));
  assert.ok(await alive(two.visitor), 'the other browser has another session there');
  assert.ok(gateway.events('idp.end_session').some((event) => event.user === 'logout1'), JSON.stringify(op.errors.slice(-3)));
});

test('a re-check by refresh token keeps a good session, takes over groups, and ends one whose grant was revoked', async () => {
  op.groups.set('recheck', ['eng']);
  const { visitor, page } = await signIn('recheck');
  assert.equal(arrived(page)['remote-groups'], 'eng');
  op.groups.set('recheck', []);
  await until('the group is gone', async () => {
    const answer = await visitor.request(gateway.url('wiki', '/'));
    return answer.status === 200 && !JSON.parse(answer.text).headers['remote-groups'];
  });
  assert.ok(await alive(visitor));
  await op.refreshTokens.get('recheck').destroy();
  await until('the session has ended', async () => !await alive(visitor));
  assert.ok(gateway.events('idp.end_session').some((event) => event.user === 'recheck'));
});

test('a provider that is down signs nobody in, stops nobody else, and ends no session at once', async () => {
  const { visitor, page } = await signIn('outage');
  arrived(page);
  const port = new URL(op.issuer).port;
  op.end();
  await until('it is down', async () => !await listens(Number(port)));
  await until('the re-check failed', () => gateway.log.includes('idp_recheck_failed'), 20_000);
  assert.ok(await alive(visitor), 'an outage signs nobody out at once');
  const fresh = new Visitor();
  const choice = await fresh.go(gateway.url('wiki', '/'));
  const there = await fresh.go(button(choice, 'op'), {}, (next) => next.includes(`:${port}/`));
  assert.ok(nextOf(there).includes(`:${port}/`), 'what is known of it still leads there');
  assert.ok((await fresh.go(gateway.url('vault', '/'))).text.includes('current-password'), 'the password form is there');
});
