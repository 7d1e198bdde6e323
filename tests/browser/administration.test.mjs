// The administration in a real Chromium before `sekisho demo`: a phone is invited, assigned, seen and suspended from the
// pages, a waiting approval appears and goes while the list is looked at, login-protect is disabled and restored.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, handset, register, signIn, wait } from './world.mjs';

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

test('from the overview to a user and back: search, pick, ask back, done', async () => {
  const { context, tab } = await administrator();
  const complaints = [];
  tab.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  await accessible(tab, 'overview');
  await tab.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Users' }).click();
  await tab.getByLabel('Name or mail address').fill('bob');
  await tab.getByRole('button', { name: 'Search' }).click();
  assert.equal(await tab.locator('tbody tr').count(), 1);
  await tab.getByRole('checkbox', { name: 'bob' }).check();
  await tab.getByLabel('What to do').selectOption({ label: 'Suspend approvals' });
  await tab.getByRole('button', { name: 'Go on' }).click();
  await tab.getByText('Nobody may approve for this user').waitFor();
  await accessible(tab, 'confirm');
  await tab.getByRole('link', { name: 'Cancel' }).click();
  assert.match(tab.url(), /search=bob/, 'the search is kept');
  // With nothing selected the page says so, and nothing is done.
  await tab.getByRole('button', { name: 'Go on' }).click();
  await tab.getByText('pick at least one line').waitFor();
  // Everybody that is found.
  await tab.getByLabel('What to do').selectOption({ label: 'Allow sign-in by phone' });
  await tab.getByLabel('To whom').selectOption({ label: 'All that are found' });
  await tab.getByRole('button', { name: 'Go on' }).click();
  await tab.getByRole('button', { name: 'Allow sign-in by phone' }).click();
  await tab.getByText('1 user may sign in by phone.').waitFor();
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
  await tab.getByText('No phone is asked for anything').waitFor();
  const other = await (await browser.newContext({ locale: 'en' })).newPage();
  const number = await world.ask(other, 'alice');
  await line(tab, 'alice').waitFor();
  assert.match(await line(tab, 'alice').textContent(), /Calendar/);
  assert.ok(!(await line(tab, 'alice').textContent()).includes(` ${number} `), 'never the number');
  await accessible(tab, 'approvals');
  // While somebody is about to do something, the list keeps still.
  await tab.locator('[name=pick]').check();
  await wait(2500);
  assert.ok(await tab.locator('[name=pick]').isChecked());
  await tab.getByRole('button', { name: 'Withdraw' }).click();
  await tab.getByText('1 approval is withdrawn.').waitFor();
  await phone.locator('#questions article').waitFor({ state: 'detached' });
  await phone.locator('#outcome').filter({ hasText: 'an administrator withdrew it' }).waitFor();
  await other.locator('.number').waitFor({ state: 'detached' });
  await Promise.all([context, pocket, other.context()].map((one) => one.close()));
});

test('login-protect is disabled and restored in two steps, on a phone and in Japanese', async () => {
  const { context, tab } = await administrator({ locale: 'ja', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await tab.goto(at('/admin/login-protect'));
  await accessible(tab, 'login-protect-ja');
  await tab.getByRole('button', { name: 'すべて無効にする' }).click();
  await tab.getByRole('button', { name: '決定' }).waitFor();
  await accessible(tab, 'decide-ja');
  await tab.getByRole('button', { name: '決定' }).click();
  await tab.getByText('すべてのログインフォームが開いています').waitFor();
  await tab.goto(at('/admin/users'));
  await tab.getByText('すべてのログインフォームが開いています').waitFor();
  await accessible(tab, 'users-banner-ja');
  await tab.goto(at('/admin/login-protect/migration'));
  await accessible(tab, 'migration-ja');
  await tab.goto(at('/admin/login-protect'));
  await tab.getByRole('button', { name: '元に戻す' }).click();
  await tab.getByRole('button', { name: '決定' }).click();
  await tab.getByText('ログインプロテクトを元に戻しました').waitFor();
  assert.equal(await tab.getByText('すべてのログインフォームが開いています').count(), 0);
  await tab.goto(at('/admin/settings'));
  await accessible(tab, 'settings-ja');
  await context.close();
});
