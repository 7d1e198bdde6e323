// Device designation in a real Chromium before `sekisho demo`: a user applies for a browser, the administrator decides in another
// one, and what was approved is revoked; in English and in Japanese, on a desktop and on a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, handset, signIn, until } from './world.mjs';

let world, browser;
const at = (path) => world.app('auth', path);

before(async () => {
  world = await World.demo('devices');
  await world.again('\n[devices]\nagain_after = "1s"\n');
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await world?.end();
});

async function administrator(options = {}) {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  await tab.goto(at('/admin'));
  await signIn(tab, world.people.admin, code);
  await tab.waitForURL(at('/admin'));
  return { context, tab };
}

/** As far as the password leads. */
async function byPassword(tab, person) {
  await tab.goto(at('/'));
  await tab.locator('[autocomplete=username]').fill(person.user);
  await tab.locator('[autocomplete=current-password]').fill(person.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
}

const line = (tab, name) => tab.locator('tbody tr').filter({ has: tab.getByRole('link', { name, exact: true }) });

/** Does something to the line of a user on the page of devices. */
async function decide(tab, name, action) {
  await tab.goto(at('/admin/devices'));
  await line(tab, name).getByRole('checkbox').check();
  await tab.locator('#action').selectOption({ value: action });
  await tab.locator('form.list .actions button').last().click();
}

test('from the application to the approval and the revocation, in two browsers', async () => {
  const { context, tab } = await administrator();
  // The switch of the user, on the page of users.
  await tab.goto(at('/admin/users?search=alice'));
  await tab.getByRole('checkbox', { name: 'alice' }).check();
  await tab.getByLabel('Action').selectOption({ label: 'Switch device designation on' });
  await tab.getByRole('button', { name: 'Continue' }).click();
  await world.accessible(tab, 'designate');
  await tab.getByRole('button', { name: 'Switch device designation on' }).click();
  await tab.getByText('Device designation is on for 1 user.').waitFor();

  const pocket = await browser.newContext({ locale: 'en' });
  const page = await pocket.newPage();
  const complaints = [];
  page.on('pageerror', (error) => { complaints.push(String(error)); });
  await byPassword(page, world.people.alice);
  await page.getByRole('heading', { name: 'Apply for this browser' }).waitFor();
  await world.accessible(page, 'apply');
  await page.locator('#name').fill('My laptop');
  await page.locator('#note').fill('for the road');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'Your application is waiting' }).waitFor();
  await world.accessible(page, 'waiting');

  await tab.goto(at('/admin/devices'));
  await line(tab, 'alice').waitFor();
  assert.match(await line(tab, 'alice').textContent(), /My laptop[^]*for the road[^]*Waiting/);
  await world.accessible(tab, 'list');
  await decide(tab, 'alice', 'approve-device');
  await tab.getByText('1 application is approved.').waitFor();
  // The page that waits goes on by itself: to the one-time password, which is asked for as ever.
  const code1 = page.locator('[autocomplete=one-time-code]');
  await code1.waitFor();
  await code1.fill(await code(world.people.alice.key));
  await page.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').first().click();
  await page.waitForURL(at('/'));

  // Revoked: the session is over, and the next sign-in says why.
  await decide(tab, 'alice', 'revoke-device');
  await world.accessible(tab, 'revoke');
  await tab.locator('button.destructive').click();
  await tab.getByText('1 browser is no longer approved.').waitFor();
  await byPassword(page, world.people.alice);
  await page.getByRole('heading', { name: 'This browser is no longer approved' }).waitFor();
  await world.accessible(page, 'revoked');
  assert.deepEqual(complaints, []);
  await pocket.close();
  await context.close();
});

test('rejected with a few words, on a phone and in Japanese, and decided once only', async () => {
  world.command(['user', 'set-device-designation', 'bob', 'on']);
  const { context, tab } = await administrator({ locale: 'ja', ...handset, locale: 'ja' });
  const pocket = await browser.newContext({ ...handset, locale: 'ja' });
  const page = await pocket.newPage();
  await byPassword(page, world.people.bob);
  await page.getByRole('heading', { name: 'このブラウザの利用を申請' }).waitFor();
  await world.accessible(page, 'apply-ja-phone');
  await page.getByRole('button', { name: '申請' }).click();
  await page.getByRole('heading', { name: '承認を待っています' }).waitFor();
  await world.accessible(page, 'waiting-ja-phone');
  await tab.goto(at('/admin/devices'));
  await line(tab, 'bob').waitFor();
  await world.accessible(tab, 'list-ja-phone');
  await decide(tab, 'bob', 'reject-device');
  await tab.locator('#reason').fill('会社のパソコンを使ってください');
  await world.accessible(tab, 'reject-ja-phone');
  // Somebody else is faster.
  const [{ application }] = world.command(['device', 'list', '--user', 'bob', '--state', 'pending']).items;
  world.command(['device', 'reject', application, '--reason', '支給品を使ってください']);
  await tab.locator('button.destructive').click();
  await tab.getByText('すでに別の管理者が決定しています').waitFor();
  await world.accessible(tab, 'decided-ja-phone');
  // The page that waited goes on by itself.
  await page.getByRole('heading', { name: 'このブラウザは却下されました' }).waitFor();
  await page.getByText('支給品を使ってください').waitFor();
  await world.accessible(page, 'rejected-ja-phone');
  // Again after a while, and approved by a command.
  await until('it may apply again', async () => {
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: '申請' }).click();
    await loaded;
    return page.getByRole('heading', { name: '承認を待っています' }).isVisible();
  });
  const [again] = world.command(['device', 'list', '--user', 'bob', '--state', 'pending']).items;
  world.command(['device', 'approve', again.application]);
  await page.locator('[autocomplete=one-time-code]').waitFor();
  await pocket.close();
  await context.close();
});

test('a link of an administrator registers the browser that opens it, without a script', async () => {
  world.command(['user', 'set-device-designation', 'alice', 'on']);
  const { url } = world.command(['browser', 'invite', 'alice']);
  const pocket = await browser.newContext({ locale: 'en', javaScriptEnabled: false });
  const page = await pocket.newPage();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Register this browser' }).waitFor();
  await page.screenshot({ path: `${world.shots}/link.png`, fullPage: true });
  await page.getByRole('button', { name: 'Register this browser' }).click();
  await page.waitForURL(/\/invitation\/done/);
  await byPassword(page, world.people.alice);
  await page.locator('[autocomplete=one-time-code]').waitFor();
  await pocket.close();
});
