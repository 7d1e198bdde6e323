// Two identity providers and two directories on one sign-in page, in a real Chromium: a person signs in by each of the four, and
// whichever one is stopped, the other three still sign in and the page says in one sentence what is wrong. Then: what a
// provider said of itself is known after a restart of the gateway at which the provider is down.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startProvider } from './op.mjs';
import { code } from '../browser/totp.mjs';
import { Slapd } from './slapd.mjs';
import { Gateway, Place, Visitor, button, freePort, listens, nextOf, until } from './support.mjs';

const PASSWORD = 'correct horse battery';
let place, gateway, browser, own, home, partner;
const providers = {};

const provider = async (name) => {
  providers[name].op = await startProvider(providers[name].port, place.tls, `https://auth.localhost:${own}`, { name });
};

before(async () => {
  place = new Place('side-by-side');
  place.file('secret', 'a-secret-of-32-characters-1234567\n');
  own = await freePort();
  home = await Slapd.start(place, 'home', { anna: PASSWORD });
  partner = await Slapd.start(place, 'partner', { ben: PASSWORD });
  let sections = '';
  for (const [name, title] of [['contoso', 'Contoso'], ['fabrikam', 'Fabrikam']]) {
    providers[name] = { port: await freePort() };
    await provider(name);
    sections += `
[[idp]]
name = "${name}"
title = "${title}"
issuer = "https://127.0.0.1:${providers[name].port}"
client_id = "sekisho"
client_secret_file = "secret"
authority = "ca.pem"
networks = ["127.0.0.0/8"]
users = "create"
`;
  }
  const directory = (name, server, more) => `
[directory.${name}]
kind = "openldap"
urls = ["ldaps://localhost:${server.port}"]
base = "${server.suffix}"
user_dn = "uid={user},ou=people,${server.suffix}"
authority = "ca.pem"
${more}
`;
  const desk = `
[[app]]
name = "desk"
title = "The desk"
url = "https://fresh.localhost:${own}"
upstream = ["{upstream}"]
demands.primary_factor = { methods = ["ad_password", "idp"] }
`;
  const directories = directory('home', home, 'domain = "Home"') + directory('partner', partner, 'domain = "Partner"\nuser_name = "{user}@partner.test"');
  gateway = await Gateway.start(place, sections, directories + desk, own, { apps: ['wiki', 'vault'] });
  for (const name of ['anna', 'ben@partner.test']) gateway.command(['user', 'add', name]);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--ignore-certificate-errors', '--disable-gpu', '--disable-background-networking'] });
});

after(async () => {
  await browser?.close();
  await gateway?.end();
  for (const { op } of Object.values(providers)) op?.end();
  await Promise.all([home, partner].map((server) => server?.stop()));
  place?.end();
});

const page = () => gateway.url('fresh', '/');

/** A new browser window at the sign-in page. */
async function atTheDoor() {
  const context = await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true });
  const tab = await context.newPage();
  await tab.goto(page());
  return { context, tab };
}

async function who({ context, tab }) {
  await tab.waitForURL(page());
  const seen = JSON.parse(await tab.locator('body').textContent());
  await context.close();
  return seen.headers['remote-user'];
}

const ways = {
  async contoso() { return byProvider('Contoso', 'carla'); },
  async fabrikam() { return byProvider('Fabrikam', 'frank'); },
  async home() { return byDirectory('Home', 'anna'); },
  async partner() { return byDirectory('Partner', 'ben'); },
};
const people = { contoso: 'carla', fabrikam: 'frank', home: 'anna', partner: 'ben@partner.test' };

async function byProvider(title, person) {
  const door = await atTheDoor();
  await door.tab.getByRole('link', { name: `Sign in with ${title}`, exact: true }).click();
  await door.tab.locator('[name=login]').fill(person);
  await door.tab.locator('[name=password]').fill('x');
  await door.tab.locator('form button[type=submit]').first().click();
  await door.tab.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await door.tab.locator('form button[type=submit]').first().click();
  return who(door);
}

async function tried(domain, person) {
  const door = await atTheDoor();
  await door.tab.locator('#user').fill(person);
  await door.tab.locator('#domain').selectOption({ label: domain });
  await door.tab.locator('#password').fill(PASSWORD);
  await door.tab.locator('form:has(#password) button.primary').click();
  return door;
}

async function byDirectory(domain, person) {
  return who(await tried(domain, person));
}

async function allBut(stopped) {
  for (const [name, way] of Object.entries(ways)) if (name !== stopped) assert.equal(await way(), people[name], `${name} while ${stopped} is down`);
}

test('each of two providers and two directories signs its person in from one page', async () => {
  const { context, tab } = await atTheDoor();
  assert.equal(await tab.getByRole('link', { name: /^Sign in with / }).count(), 2);
  assert.deepEqual(await tab.locator('#domain option').allTextContents().then((all) => all.map((text) => text.trim())), ['Home', 'Partner']);
  assert.equal(await tab.getByText('does not answer').count(), 0);
  await context.close();
  await allBut('none');
});

/** Somebody with a password and an authenticator, made by the pages of an invitation: the key of the authenticator. */
async function invited(tab, user) {
  const { url } = gateway.command(['user', 'add', user, '--email', `${user}@example.test`, '--invite']).invitation;
  await tab.goto(url);
  await tab.locator('main a.primary').click();
  for (const field of await tab.locator('input[type=password]').all()) await field.fill(PASSWORD);
  await tab.locator('form.card button.primary').click();
  await tab.locator('details summary').click();
  const key = (await tab.locator('code.key').textContent()).replaceAll(' ', '');
  await tab.locator('#code').fill(await code(key));
  await tab.locator('form.card button.primary').click();
  await tab.locator('.codes').waitFor();
  await tab.locator('form button.primary').click();
  return key;
}

test('a user links an account of a provider from the account page, signs in with it, and removes it again', async () => {
  const context = await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true });
  const tab = await context.newPage();
  const key = await invited(tab, 'lena');
  await tab.goto(gateway.url('auth', '/account/identities'));
  await tab.locator('#user').fill('lena');
  await tab.locator('#password').fill(PASSWORD);
  await tab.locator('form:has(#password) button.primary').click();
  await tab.locator('#code').fill(await code(key));
  await tab.locator('form.card button.primary').click();
  await tab.waitForURL(gateway.url('auth', '/account/identities'));
  await tab.getByText('Your account is linked with no company sign-in.').waitFor();
  const link = async (person) => {
    await tab.getByRole('button', { name: 'Link an account of Contoso' }).click();
    await tab.locator('[name=login]').fill(person);
    await tab.locator('[name=password]').fill('x');
    await tab.locator('form button[type=submit]').first().click();
    // The provider asks for consent once.
    await tab.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached', timeout: 3000 }).catch(() => {});
    if (await tab.locator('input[name=prompt][value=consent]').count()) await tab.locator('form button[type=submit]').first().click();
    await tab.waitForURL(/auth\.localhost/);
  };
  // Somebody who is another user here already.
  await link('carla');
  await tab.getByText('idp_linked_elsewhere').waitFor();
  await tab.goto(gateway.url('auth', '/account/identities'));
  await link('lena-there');
  await tab.getByText('The account is linked.').waitFor();
  assert.deepEqual(gateway.command(['user', 'identities', 'lena']).items.map((one) => one.subject), ['lena-there']);
  assert.ok(gateway.events('idp.link').some((event) => event.user === 'lena' && JSON.stringify(event).includes('own')));
  assert.ok(gateway.command(['outbox', 'list']).items.some((message) => message.user === 'lena' && /linked/.test(message.subject)), JSON.stringify(gateway.command(['outbox', 'list'])));
  // The account there signs in as her; what it opened ends with the link, and the session that removes it goes on.
  const other = await browser.newContext({ locale: 'en', ignoreHTTPSErrors: true });
  const there = await other.newPage();
  await there.goto(page());
  await there.getByRole('link', { name: 'Sign in with Contoso', exact: true }).click();
  await there.locator('[name=login]').fill('lena-there');
  await there.locator('[name=password]').fill('x');
  await there.locator('form button[type=submit]').first().click();
  await there.waitForURL((url) => url.href === page() || url.pathname.startsWith('/interaction/'));
  if (there.url() !== page()) { await there.locator('input[value=consent]').waitFor({ state: 'attached' }).catch(() => {}); await there.locator('form button[type=submit]').first().click(); }
  await there.waitForURL(page());
  assert.equal(JSON.parse(await there.locator('body').textContent()).headers['remote-user'], 'lena');
  await tab.getByRole('button', { name: /^Remove Contoso/ }).click();
  await tab.getByText('The link is removed.').waitFor();
  await there.goto(page());
  await there.getByRole('link', { name: 'Sign in with Contoso', exact: true }).waitFor();
  assert.deepEqual(gateway.command(['user', 'identities', 'lena']).items, []);
  await context.close();
  await other.close();
});

test('a provider that is down: the other three sign in, and the page says it in one sentence until the provider is back', async () => {
  providers.fabrikam.op.end();
  await until('it is down', async () => !await listens(providers.fabrikam.port));
  const { context, tab } = await atTheDoor();
  const sentence = tab.getByText('Fabrikam does not answer at the moment.');
  await until('the page says so', async () => { await tab.reload(); return await sentence.count() === 1; }, 60_000);
  assert.equal(await tab.getByText('does not answer').count(), 1, 'and nothing of the others');
  await allBut('fabrikam');
  await provider('fabrikam');
  await until('the page says it no more', async () => { await tab.reload(); return await sentence.count() === 0; }, 60_000);
  await context.close();
  assert.equal(await ways.fabrikam(), people.fabrikam);
});

test('a directory that is down: the other three sign in, and its person reads in one sentence that the password cannot be checked now', async () => {
  await partner.stop();
  const { context, tab } = await tried('Partner', 'ben');
  await tab.getByRole('alert').filter({ hasText: 'The passwords of Partner cannot be checked at the moment.' }).waitFor();
  assert.equal(await tab.locator('#user').inputValue(), 'ben', 'what was typed is kept');
  await context.close();
  await allBut('partner');
  const shown = gateway.command(['directory', 'list']).items.find((one) => one.directory === 'partner');
  assert.equal(shown.state, 'troubled', JSON.stringify(shown));
  await partner.run();
  assert.equal(await until('it signs in again', async () => { try { return await ways.partner(); } catch { return false; } }), people.partner);
  assert.equal(gateway.command(['directory', 'test', 'partner']).state, 'ready');
});

test('a gateway that starts while a provider is down knows what it said, and signs in as soon as it is back', async () => {
  await gateway.stop();
  providers.contoso.op.end();
  await until('it is down', async () => !await listens(providers.contoso.port));
  await gateway.run();
  const listed = () => gateway.command(['idp', 'list']).items.find((one) => one.provider === 'contoso');
  await until('it was asked', () => listed().trouble);
  assert.equal(listed().state, 'troubled', JSON.stringify(listed()));
  assert.ok(listed().keys > 0);
  const visitor = new Visitor();
  const choice = await visitor.go(page());
  assert.match(choice.text, /Contoso does not answer at the moment/);
  const there = await visitor.go(button(choice, 'contoso'), {}, (next) => next.includes(`:${providers.contoso.port}/`));
  assert.match(nextOf(there), /\/auth\?.*code_challenge=/, 'where it leads is known, and that it knows proof keys');
  await provider('contoso');
  assert.equal(await ways.contoso(), people.contoso);
  // Nothing is kept for another issuer: with one that is down too, nothing is known.
  await gateway.stop();
  providers.contoso.op.end();
  const nobody = await freePort();
  place.file('sekisho.toml', place.read('sekisho.toml').toString().replace(`https://127.0.0.1:${providers.contoso.port}`, `https://127.0.0.1:${nobody}`), 0o644);
  await gateway.run();
  await until('it was asked', () => listed().trouble);
  assert.equal(listed().state, 'unknown', JSON.stringify(listed()));
  assert.equal(listed().keys, 0);
});
