// A PC and a phone at once, in a real Chromium, before `sekisho demo`: sign-in by number, approve, deny and wrong number,
// two users on one phone, another phone approved by the first, a login form that is shut until the phone opens it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, complaintsOf, handset as small, openSettings, register, signIn, until } from './world.mjs';

let world, browser, people, links;
const app = (name, path) => world.app(name, path);
const pc = (options = {}) => browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
const handset = (options = {}) => browser.newContext({ ...small, ...options });
const accessible = (tab, name) => world.accessible(tab, name);

before(async () => {
  world = await World.demo('phone');
  ({ people, links } = world);
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** Asks the phone of somebody from the calendar. */
async function ask(tab, user, path = '/') {
  await tab.goto(app('phone', path));
  await tab.locator('[autocomplete=username]').fill(user);
  await tab.locator('form:has([autocomplete=username]) button').click();
}

const question = (phone, user) => phone.locator('#questions article').filter({ hasText: user });

test('a number is shown, chosen, and the second sign-in goes without', async () => {
  const [office, pocket] = [await pc(), await handset()];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  const complaints = complaintsOf(phone);
  await phone.goto(app('auth', '/approver/'));
  await phone.locator('#empty').waitFor();
  await accessible(phone, 'approver-empty');
  await register(phone, links.alice, 'Pixel');
  await phone.locator('#quiet').waitFor();

  await ask(tab, 'alice', '/plan?week=48');
  const number = (await tab.locator('.number').textContent()).match(/\d\d/)[0];
  await accessible(tab, 'waiting-number');
  await question(phone, 'alice').waitFor();
  assert.match(await question(phone, 'alice').textContent(), /Sign in\?.*Calendar/s);
  await accessible(phone, 'approver-choose');
  await question(phone, 'alice').getByRole('button', { name: number, exact: true }).click();
  await tab.waitForURL(app('phone', '/plan?week=48'));
  await tab.locator('h1').filter({ hasText: /Hello, alice/ }).waitFor();
  assert.equal(await question(phone, 'alice').count(), 0);

  // Signed out and in again, in the same browser: approve is enough.
  await tab.goto(app('auth', '/sign-out'));
  await tab.locator('form button').first().click();
  await ask(tab, 'alice');
  assert.equal(await tab.locator('.number').count(), 0);
  await accessible(tab, 'waiting-approve');
  await question(phone, 'alice').waitFor();
  await accessible(phone, 'approver-approve');
  await question(phone, 'alice').getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.waitForURL(app('phone'));

  // Denied, and the wrong number from another browser.
  await tab.goto(app('auth', '/sign-out'));
  await tab.locator('form button').first().click();
  await ask(tab, 'alice');
  await question(phone, 'alice').getByRole('button', { name: 'Deny', exact: true }).click();
  await tab.getByText('denied on the phone').waitFor();
  await accessible(tab, 'waiting-denied');
  const elsewhere = await pc({ javaScriptEnabled: false });
  const other = await elsewhere.newPage();
  await ask(other, 'alice');
  const shown = (await other.locator('.number').textContent()).match(/\d\d/)[0];
  await question(phone, 'alice').waitFor();
  const offered = await question(phone, 'alice').locator('.numbers button').allTextContents();
  await question(phone, 'alice').getByRole('button', { name: offered.find((one) => one !== shown), exact: true }).click();
  // This browser runs no script: the page reloads itself.
  await other.getByText('denied on the phone').waitFor();
  assert.deepEqual(complaints, []);
  await Promise.all([office, pocket, elsewhere].map((one) => one.close()));
});

test('without script the page finds out too, and one phone serves two users', async () => {
  const [office, pocket] = [await pc({ javaScriptEnabled: false, locale: 'ja' }), await handset({ locale: 'ja' })];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await register(phone, links.bob, '共用');
  await register(phone, links.admin, '共用');
  assert.equal(await phone.locator('#slots button').count(), 2);
  await ask(tab, 'bob');
  const number = (await tab.locator('.number').textContent()).match(/\d\d/)[0];
  await question(phone, 'bob').waitFor();
  await accessible(phone, 'approver-two-ja');
  assert.equal(await question(phone, 'admin').count(), 0);
  await question(phone, 'bob').getByRole('button', { name: number, exact: true }).click();
  await tab.waitForURL(app('phone'));
  await tab.locator('h1').filter({ hasText: /Hello, bob/ }).waitFor();
  await Promise.all([office, pocket].map((one) => one.close()));
});

test('two pages that are opened for the first time at once are one phone', async () => {
  const pocket = await handset();
  const [one, other] = [await pocket.newPage(), await pocket.newPage()];
  await Promise.all([one, other].map((page) => page.goto(app('auth', '/approver/'))));
  await register(one, world.invite('admin'), 'twice');
  // The other has the key that it made or found at its start, and is known by it.
  await other.locator('#more summary').waitFor();
  await pocket.close();
});

test('a login form is shut until the phone opens it, for one password', async () => {
  const [office, pocket] = [await pc(), await handset()];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  const try_with = async (password) => {
    await tab.goto(app('diary'));
    await tab.locator('[autocomplete=username]').fill('alice');
    await tab.locator('[autocomplete=current-password]').fill(password);
    await tab.locator('form:has([autocomplete=current-password]) button').click();
  };
  await try_with(people.alice.password);
  const words = await tab.locator('[role=alert]').textContent();
  await try_with('wrong wrong wrong');
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'shut and wrong get the same answer');

  // The link of the start is used: another phone of Alice's is added when her first approves. Here an administrator's.
  const link = world.invite('alice');
  await register(phone, link, 'second');
  await phone.locator('#forms .is-open, #forms article').first().waitFor();
  await accessible(phone, 'approver-form');
  await phone.reload();
  await phone.locator('#forms .is-open').waitFor();
  await accessible(phone, 'approver-form-open');
  await try_with(people.alice.password);
  await tab.waitForURL(app('diary'));
  await tab.locator('h1').filter({ hasText: /Hello, alice/ }).waitFor();

  // Used: shut again, until the button opens it once more.
  await tab.goto(app('auth', '/sign-out'));
  await tab.locator('form button').first().click();
  await try_with(people.alice.password);
  assert.equal(await tab.locator('[role=alert]').textContent(), words);
  await phone.locator('.release').click();
  await phone.locator('#forms .is-open').waitFor();
  await try_with('wrong wrong wrong');
  await try_with(people.alice.password);
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'a wrong password used it up');
  await Promise.all([office, pocket].map((one) => one.close()));
});

test('the account shows its phones, and a second one is added when the first approves', async () => {
  const [office, pocket] = [await pc(), await handset()];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  const link = world.invite('bob');
  await register(phone, link, 'first of Bob');
  await tab.goto(app('auth', '/account/approvers'));
  await signIn(tab, people.bob, code);
  await tab.getByText('first of Bob').first().waitFor();
  await accessible(tab, 'account-phones');
  await tab.getByRole('button', { name: 'Add a phone' }).click();
  await tab.locator('[data-wait]').waitFor();
  await accessible(tab, 'account-phone-waits');
  await question(phone, 'bob').getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.locator('svg.qr').waitFor();
  await accessible(tab, 'account-phone-link');
  await Promise.all([office, pocket].map((one) => one.close()));
});

test('what never answers counts as out of reach: the phone says so, and the computer asks again', async () => {
  world.command(['push', 'unregister', 'alice']);
  const [tab, phone] = [await (await pc()).newPage(), await (await handset()).newPage()];
  for (const page of [tab, phone]) await page.clock.install();
  await register(phone, world.invite('alice'), 'far away');
  await openSettings(phone);

  // A connection that died with the network it was made on: nothing comes, and no error.
  const swallowed = (url) => url.pathname.startsWith('/approver/api/slots/');
  await phone.route(swallowed, () => {});
  await phone.locator('#rename').fill('near by');
  const sent = phone.waitForRequest((request) => swallowed(new URL(request.url())));
  await phone.locator('#rename-form button').click();
  await sent;
  assert.ok(!await phone.locator('#trouble').isVisible());
  await phone.clock.fastForward(16_000);
  await phone.locator('#trouble').filter({ hasText: 'cannot be reached' }).waitFor();
  await phone.unroute(swallowed);
  await phone.locator('#rename-form button').click();
  await phone.locator('#status').filter({ hasText: 'It is renamed' }).waitFor();

  let asked = 0;
  await tab.route((url) => url.pathname.endsWith('/state'), (route) => {
    asked += 1;
    if (asked > 1) route.continue();
  });
  await ask(tab, 'alice');
  await until('it is asked', () => asked === 1);
  await question(phone, 'alice').getByRole('button', { name: 'Deny' }).click();
  await until('the page goes on', async () => {
    await tab.clock.fastForward(8000);
    return asked > 1 && tab.locator('h1').filter({ hasText: 'Denied' }).isVisible();
  });
});
