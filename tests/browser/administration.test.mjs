// The administration in a real Chromium before `sekisho demo`: a phone is invited, assigned, seen and suspended from the
// pages, a waiting approval appears and goes while the list is looked at, login-protect is disabled and restored.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, complaintsOf, handset, register, signIn, wait } from './world.mjs';

let world, browser;
const at = (path) => world.app('auth', path);
const accessible = (tab, name) => world.accessible(tab, name);

before(async () => {
  world = await World.demo('administration');
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** A tab where the administrator is, having been asked for everything there is. */
async function administrator(options = {}) {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  await tab.goto(at('/admin'));
  await signIn(tab, world.people.admin, code);
  await tab.waitForURL(at('/admin'));
  return { context, tab };
}

const line = (tab, name) => tab.locator('tbody tr').filter({ has: tab.getByRole('link', { name, exact: true }) });

test('from the overview to a user and back: search, select, confirm, done', async () => {
  const { context, tab } = await administrator();
  const complaints = complaintsOf(tab);
  await accessible(tab, 'overview');
  await tab.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Users' }).click();
  await tab.getByLabel('Name or mail address').fill('bob');
  await tab.getByRole('button', { name: 'Search' }).click();
  assert.equal(await tab.locator('tbody tr').count(), 1);
  await tab.getByRole('checkbox', { name: 'bob' }).check();
  await tab.getByLabel('Action').selectOption({ label: 'Suspend approvals' });
  await tab.getByRole('button', { name: 'Continue' }).click();
  await tab.getByText('Nothing can be approved for this user').waitFor();
  await accessible(tab, 'confirm');
  await tab.getByRole('link', { name: 'Cancel' }).click();
  assert.match(tab.url(), /search=bob/, 'the search is kept');
  // With nothing selected the page says so, and nothing is done.
  await tab.getByRole('button', { name: 'Continue' }).click();
  await tab.getByText('Select at least one row').waitFor();
  // Everybody that is found.
  await tab.getByLabel('Action').selectOption({ label: 'Allow sign-in by phone' });
  await tab.getByLabel('Do this for').selectOption({ label: 'All users that the search finds, on every page' });
  await tab.getByRole('button', { name: 'Continue' }).click();
  await tab.getByRole('button', { name: 'Allow sign-in by phone' }).click();
  await tab.getByText('1 user can now sign in by phone.').waitFor();
  await tab.getByRole('link', { name: 'bob', exact: true }).click();
  await tab.getByRole('heading', { level: 1, name: 'bob' }).waitFor();
  await accessible(tab, 'user');
  await tab.getByRole('button', { name: 'Send a link to register a phone' }).click();
  await tab.locator('.address code').filter({ hasText: '/approver/#add=' }).waitFor();
  await accessible(tab, 'link');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a waiting approval appears and goes while the list is looked at', async () => {
  const { context, tab } = await administrator();
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  await register(phone, world.links.alice, 'Pixel');
  await tab.goto(at('/admin/approvals'));
  await tab.getByText('No phone is being asked right now').waitFor();
  const other = await (await browser.newContext({ locale: 'en' })).newPage();
  const number = await world.ask(other, 'alice');
  await line(tab, 'alice').waitFor();
  assert.match(await line(tab, 'alice').textContent(), /Calendar/);
  assert.ok(!(await line(tab, 'alice').textContent()).includes(` ${number} `), 'never the number');
  await accessible(tab, 'approvals');
  // While somebody is about to do something, the list keeps still.
  await tab.locator('[name=selected]').check();
  await wait(2500);
  assert.ok(await tab.locator('[name=selected]').isChecked());
  await tab.getByRole('button', { name: 'Withdraw' }).click();
  await tab.getByText('1 approval has been withdrawn.').waitFor();
  await phone.locator('#questions article').waitFor({ state: 'detached' });
  await phone.locator('#outcome').filter({ hasText: 'it was withdrawn' }).waitFor();
  await other.locator('.number').waitFor({ state: 'detached' });
  await Promise.all([context, pocket, other.context()].map((one) => one.close()));
});

test('login-protect is disabled and restored in two steps, on a phone and in Japanese', async () => {
  const { context, tab } = await administrator({ locale: 'ja', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await tab.goto(at('/admin/login-protect'));
  await accessible(tab, 'login-protect-ja');
  await tab.getByRole('button', { name: 'すべて無効にする' }).click();
  await tab.getByRole('button', { name: '実行する' }).waitFor();
  await accessible(tab, 'confirm-switch-ja');
  await tab.getByRole('button', { name: '実行する' }).click();
  await tab.getByText('ログインプロテクトは無効です').waitFor();
  await tab.goto(at('/admin/users'));
  await tab.getByText('ログインプロテクトは無効です').waitFor();
  await accessible(tab, 'users-banner-ja');
  await tab.goto(at('/admin/login-protect/migration'));
  await accessible(tab, 'migration-ja');
  await tab.goto(at('/admin/login-protect'));
  await tab.getByRole('button', { name: '元に戻す' }).click();
  await tab.getByRole('button', { name: '実行する' }).click();
  await tab.getByText('ログインプロテクトを元に戻しました').waitFor();
  assert.equal(await tab.getByText('ログインプロテクトは無効です').count(), 0);
  await tab.goto(at('/admin/settings'));
  await accessible(tab, 'settings-ja');
  await context.close();
});

test('identity providers and directories: how each stands, what it says when asked now, and the accounts of a user there', async () => {
  // Both are at a port where nobody listens: what the pages say of one that is down. Real ones that answer are in tests/idp.
  writeFileSync(join(world.folder, 'idp.secret'), 'a secret\n', { mode: 0o600 });
  await world.again(`
[[idp]]
name = "contoso"
title = "Contoso"
issuer = "https://127.0.0.1:1"
client_id = "sekisho"
client_secret_file = "idp.secret"
networks = ["127.0.0.0/8"]
[directory.partner]
kind = "openldap"
urls = ["ldaps://localhost:1", "ldaps://localhost:2"]
base = "dc=partner,dc=test"
user_dn = "uid={user},dc=partner,dc=test"
domain = "Partner"
connect_within = "2s"
[acme.ours]
directory = "https://127.0.0.1:1/directory"
agree_to_terms = true
[[tls.certificate]]
acme = ["ours"]
names = ["late.example.com"]
`);
  const { context, tab } = await administrator();
  const complaints = complaintsOf(tab);
  const navigation = tab.getByRole('navigation', { name: 'Administration' });
  await navigation.getByRole('link', { name: 'Identity providers' }).click();
  const card = (title) => tab.locator('section.card').filter({ has: tab.getByRole('heading', { level: 2, name: title }) });
  for (const address of ['/sign-in/idp/contoso/callback', '/sign-in/idp/contoso/backchannel-logout', '/sign-in/idp/contoso/frontchannel-logout', '/sign-out']) {
    await card('Contoso').getByText(at(address), { exact: true }).waitFor();
  }
  await card('Contoso').getByRole('button', { name: 'Read its documents now' }).click();
  await tab.getByText('The provider has been asked.').waitFor();
  await card('Contoso').getByText('127.0.0.1:1', { exact: false }).first().waitFor();
  await accessible(tab, 'identity-providers');
  await navigation.getByRole('link', { name: 'Directories' }).click();
  await card('Partner').getByText('Not asked yet').waitFor();
  await card('Partner').getByRole('button', { name: 'Try it now' }).click();
  await tab.getByText('The directory has been asked.').waitFor();
  assert.equal(await card('Partner').getByText('Out of order').count(), 3, 'the directory and each of its servers');
  await accessible(tab, 'directories');
  // The gateway's own certificates: that of files, and one that no authority issued yet.
  await navigation.getByRole('link', { name: 'Certificates of the gateway' }).click();
  await tab.locator('section.card').filter({ hasText: 'In use' }).first().waitFor();
  await card('late.example.com').getByText('Not issued yet').waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Ask for a new one now' }).count(), 1, 'one of files is renewed by others');
  await card('late.example.com').getByRole('button', { name: 'Ask for a new one now' }).click();
  await tab.getByText('A new certificate has been asked for.').waitFor();
  await accessible(tab, 'own-certificates');
  // A user's account there.
  await tab.goto(at('/admin/users/bob'));
  await tab.getByText('The user is linked with none.').waitFor();
  await tab.getByLabel('Account there (sub)').fill('00u1a2b3c4');
  await tab.getByRole('button', { name: 'Link', exact: true }).click();
  await tab.getByText('The account is linked').waitFor();
  await accessible(tab, 'user-identities');
  await tab.getByLabel('Account there (sub)').fill('00u1a2b3c4');
  await tab.getByRole('button', { name: 'Link', exact: true }).click();
  await tab.getByText('Nothing was linked').waitFor();
  assert.equal(world.command(['user', 'identities', 'bob']).items[0].subject, '00u1a2b3c4');
  await tab.getByRole('button', { name: /^Remove 00u1a2b3c4/ }).click();
  await tab.getByText('will no longer sign in as its user here').waitFor();
  await tab.getByRole('button', { name: 'Remove link' }).click();
  await tab.getByText('1 link has been removed.').waitFor();
  assert.deepEqual(world.command(['user', 'identities', 'bob']).items, []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a list of networks is set, found by an address, asked about, and removed', async () => {
  const { context, tab } = await administrator();
  const complaints = complaintsOf(tab);
  await tab.goto(at('/admin/networks'));
  await tab.getByText('There is no list of networks yet').waitFor();
  await accessible(tab, 'networks-none');
  await tab.getByRole('link', { name: 'Add a list' }).click();
  await tab.getByLabel('Kind').selectOption({ label: 'User' });
  await tab.getByLabel('Name', { exact: true }).fill('bob');
  await tab.getByLabel('Only from these networks').fill('192.0.2.0/24 # Osaka\n192.0.2.7/24');
  await tab.getByRole('button', { name: 'Save the list' }).click();
  await tab.getByText('you probably mean "192.0.2.0/24"').waitFor();
  await accessible(tab, 'network-list-wrong');
  await tab.getByLabel('Only from these networks').fill('192.0.2.0/24 # Osaka\n192.0.2.7');
  await tab.getByRole('button', { name: 'Save the list' }).click();
  await tab.getByText('The list is saved.').waitFor();
  await tab.getByText('Requests by IPv6 are refused.').waitFor();
  await accessible(tab, 'network-list');
  await tab.goto(at('/admin/networks'));
  await tab.getByLabel('Name, network, note or address').fill('192.0.2.200');
  await tab.getByRole('button', { name: 'Search' }).click();
  await line(tab, 'bob').getByText('192.0.2.0/24 # Osaka').waitFor();
  await accessible(tab, 'networks');
  // The author's own address is not in it: asked first, and nothing is saved.
  await tab.goto(at('/admin/networks/edit?kind=app&name=portal%2Fadmin'));
  await tab.getByLabel('Only from these networks').fill('192.0.2.0/24\n2001:db8::/32');
  await tab.getByRole('button', { name: 'Save the list' }).click();
  await tab.getByText('you would be refused there at once').waitFor();
  assert.equal(await tab.getByLabel('Only from these networks').inputValue(), '192.0.2.0/24\n2001:db8::/32', 'as it was written');
  await accessible(tab, 'network-list-asks');
  await tab.getByRole('link', { name: 'Cancel' }).click();
  assert.equal(await tab.locator('tbody tr').count(), 1);
  await tab.setViewportSize({ width: 320, height: 640 });
  await accessible(tab, 'networks-narrow');
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= 320), 'readable at 320 px');
  await tab.getByRole('checkbox', { name: 'bob' }).check();
  await tab.getByRole('button', { name: 'Remove the list' }).click();
  await tab.getByText('It restricts nobody any more').waitFor();
  await tab.getByRole('button', { name: 'Remove the list' }).click();
  await tab.getByText('1 list is removed.').waitFor();
  // The list that could not be read was answered with 400, and nothing else was wrong.
  assert.deepEqual(complaints, ['Failed to load resource: the server responded with a status of 400 ()']);
  await context.close();
});
