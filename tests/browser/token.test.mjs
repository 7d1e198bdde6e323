// Token mode in a real Chromium before `sekisho demo`: a phone beside a PC, in Japanese and in English. The slot shows the table, the page
// shows none; the digits are typed, once; the first pattern leads to an own one; the phone shows its table without a connection too, and
// with a clock that is wrong; a login form is shut until the slot is opened.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { World, complaintsOf, handset, openSettings, register, until } from './world.mjs';

let world, browser;
const repository = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const pc = (options = {}) => browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });

before(async () => {
  world = await World.demo('token');
  const app = (name, more) => `
[[app]]
name = "${name}"
url = "https://${name}.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
[app.demands.primary_factor]
methods = ["token_matrix"]
${more}
`;
  // The last one shares the windows of the demo's own protected app, so that one form waits on a phone.
  await world.again(app('desk', '') + app('bolted', 'login_protect = { organisation = "demo", service = "demo-service-001" }'));
  // The demo's certificate does not name the apps that were added.
  browser = await world.chromium(['--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** The digits of the only table on a page, by the names that its headers give: `A1` to `L4`. */
async function table(tab) {
  await tab.locator('table.matrix td.digit').first().waitFor();
  return tab.locator('table.matrix').evaluate((element) => {
    const letters = [...element.tHead.rows[1].querySelectorAll('th')].map((head) => head.textContent);
    return Object.fromEntries([...element.tBodies[0].rows].flatMap((row) => [...row.querySelectorAll('td')].map((cell, place) => [`${letters[place]}${row.querySelector('th').textContent}`, cell.textContent])));
  });
}

const typed = (digits, pattern) => pattern.map((cell) => digits[cell]).join('');

/** Somebody who signs in by tables, with a first pattern. */
function person(user) {
  world.command(['user', 'set-methods', user, 'push', 'password', 'token_matrix']);
  return world.command(['matrix', 'issue', user]).pattern.split(' ');
}

async function shows(phone, user, name) {
  await register(phone, world.invite(user), name);
  await phone.locator('#table td.digit').first().waitFor();
}

/** Opens an app and types this answer. */
async function sign_in(tab, user, answer, app = 'desk') {
  await tab.goto(world.app(app));
  await tab.locator('#user').fill(user);
  await tab.locator('#answer').fill(answer);
  await Promise.all([tab.waitForNavigation(), tab.locator('form:has(#answer) button.primary').click()]);
}

const arrived = (tab, app = 'desk') => tab.waitForURL((url) => url.host.startsWith(`${app}.`));

test('the page computes the tables of the protocol document', async () => {
  const digitsOf = new Function(`${repository('src/portal/kit/assets/table.js')}; return digitsOf;`)();
  const key = (seed) => crypto.subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const [counting, full] = [await key(Uint8Array.from({ length: 32 }, (_, place) => place)), await key(new Uint8Array(32).fill(0xff))];
  const rows = [...repository('docs/approver-protocol.md').matchAll(/^\| (\d+)(, seed `ff ff … ff`)? \| (\d) blocks? of (\d)×(\d) \| `(\d+)`(?: and (\d+) more, the last `(\d+)`)? \|$/gm)];
  assert.equal(rows.length, 6);
  for (const [, step, other, blocks, height, width, digits, more, last] of rows) {
    const found = (await digitsOf(other ? full : counting, Number(step), blocks * height * width)).join('');
    assert.equal(found.slice(0, digits.length), digits, step);
    assert.equal(found.length, digits.length + Number(more ?? 0));
    assert.ok(found.endsWith(last ?? ''), step);
  }
});

/** From the first table to the own pattern, and on with another phone that has no connection, in the language of both. */
async function signsIn({ locale, user, what, wrong, title, offline }) {
  const initial = person(user);
  const [office, pocket] = [await pc({ locale }), await browser.newContext({ ...handset, locale })];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  const complaints = complaintsOf(phone);
  await shows(phone, user, 'Pixel');
  // A real table: a caption, and headers that a screen reader says with each digit. Nothing on it can be pressed.
  const found = await phone.locator('#table').evaluate((card) => ({
    caption: card.querySelector('caption').textContent,
    blocks: card.querySelectorAll('th[scope=colgroup][colspan="4"]').length,
    columns: card.querySelectorAll('th[scope=col]').length,
    rows: card.querySelectorAll('th[scope=row]').length,
    digits: card.querySelectorAll('td.digit').length,
    pressed: card.querySelectorAll('button, a, input, [tabindex], [onclick]').length,
  }));
  assert.deepEqual({ ...found, caption: Boolean(found.caption) }, { caption: true, blocks: 3, columns: 12, rows: 4, digits: 48, pressed: 0 });
  await world.accessible(phone, `slot-${locale}`);

  // The page shows none. The first pattern leads to an own one, off tables of the page.
  await tab.goto(world.app('desk'));
  await tab.getByText(what).waitFor();
  assert.equal(await tab.locator('table').count(), 0);
  await world.accessible(tab, `sign-in-${locale}`);
  const answer = typed(await table(phone), initial);
  await sign_in(tab, user, answer);
  await tab.getByRole('heading', { level: 1, name: title }).waitFor();
  const own = ['A1', 'L4', 'C2', 'G3', 'J1', 'E4'];
  for (let entry = 1; entry <= 3; entry += 1) {
    await tab.locator('#answer').fill(typed(await table(tab), own));
    await Promise.all([tab.waitForNavigation(), tab.locator('form:has(#answer) button.primary').click()]);
  }
  await arrived(tab);

  // The same answer again, elsewhere: the ordinary words.
  const elsewhere = await (await pc({ locale })).newPage();
  await sign_in(elsewhere, user, answer);
  await elsewhere.getByText(wrong).waitFor();
  await world.accessible(elsewhere, `used-${locale}`);

  // Another phone, narrow and dark, which has no connection: opened again, it shows its table and says by which clock.
  const small = await browser.newContext({ ...handset, locale, viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  const second = await small.newPage();
  await shows(second, user, 'narrow');
  await second.evaluate(() => navigator.serviceWorker.ready);
  await until('the page is kept', () => second.evaluate(async () => (await (await caches.open('sekisho-approver')).keys()).length >= 3));
  await small.setOffline(true);
  await second.reload();
  const digits = await table(second);
  await second.locator('#table [data-part=clock]').filter({ hasText: offline }).waitFor();
  assert.ok(await second.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits 320 pixels');
  await world.accessible(second, `slot-offline-${locale}`);
  await sign_in(elsewhere, user, typed(digits, own));
  await arrived(elsewhere);
  // And back: the slot is as the gateway says it.
  await small.setOffline(false);
  await until('it is connected again', async () => !offline.test(await second.locator('#table [data-part=clock]').textContent()));
  assert.deepEqual(complaints, []);
  await Promise.all([office, pocket, small, elsewhere.context()].map((one) => one.close()));
}

test('a table on the phone signs in, once, and without a connection too, in Japanese (R-108)', () => signsIn({
  locale: 'ja', user: 'alice', what: 'スマートフォンでスロットを開き', wrong: 'ユーザー名またはワンタイムパスワードが違います', title: '自分だけのパターンを設定', offline: /接続できません。現在の時刻が.+であれば/,
}));

test('a table on the phone signs in, once, and without a connection too, in English (R-108)', () => signsIn({
  locale: 'en', user: 'bob', what: 'Open the slot on your phone', wrong: 'User name or one-time password is wrong', title: 'Set your own pattern', offline: /There is no connection\. The table is right if it is .+ now/,
}));

for (const { minutes, side } of [{ minutes: -10, side: '10 minutes behind' }, { minutes: 10, side: '10 minutes ahead' }]) {
  test(`a phone whose clock is ${side} says so, and shows the right table`, async () => {
    const user = `clock${minutes}`.replace('-', 'minus');
    world.command(['user', 'add', user]);
    const initial = person(user);
    const [office, pocket] = [await pc(), await browser.newContext(handset)];
    await pocket.addInitScript((off) => { const right = Date.now; Date.now = () => right() + off; }, minutes * 60_000);
    const [tab, phone] = [await office.newPage(), await pocket.newPage()];
    await shows(phone, user, 'wrong clock');
    await phone.locator('#table [data-part=skew]').filter({ hasText: side }).waitFor();
    await world.accessible(phone, `slot-${side.replaceAll(' ', '-')}`);
    const answer = typed(await table(phone), initial);
    await sign_in(tab, user, answer);
    await tab.getByRole('heading', { level: 1, name: 'Set your own pattern' }).waitFor();
    // Without a connection it goes by what it knew last.
    await until('the page is kept', () => phone.evaluate(async () => (await (await caches.open('sekisho-approver')).keys()).length >= 3));
    await pocket.setOffline(true);
    await phone.reload();
    await table(phone);
    await phone.locator('#table [data-part=skew]').filter({ hasText: `When there was a connection last, the clock of this phone was ${side}` }).waitFor();
    await Promise.all([office, pocket].map((one) => one.close()));
  });
}

test('opening the slot opens the form, unless that is switched off (R-109, R-110)', async () => {
  world.command(['user', 'add', 'carol']);
  const initial = person('carol');
  const [office, pocket] = [await pc(), await browser.newContext(handset)];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await shows(phone, 'carol', 'Pixel');
  // Registering opens nothing.
  await phone.locator('#forms').getByText('Login form shut').waitFor();
  const answer = typed(await table(phone), initial);
  await sign_in(tab, 'carol', answer, 'bolted');
  const words = await tab.locator('[role=alert]').textContent();
  await sign_in(tab, 'carol', '00000000', 'bolted');
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'shut: right and wrong are one');
  // Switched off, opening the slot shows the table and opens no form; the button does.
  await openSettings(phone);
  await phone.locator('#auto').uncheck();
  await phone.reload();
  await table(phone);
  await phone.locator('#forms').getByText('Login form shut').waitFor();
  assert.equal(await phone.locator('#forms .is-open').count(), 0);
  await phone.locator('.release').click();
  await phone.locator('#forms .is-open').waitFor();
  await sign_in(tab, 'carol', '00000000', 'bolted');
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'a wrong answer used it up');
  // Switched on again, opening the slot is enough.
  await openSettings(phone);
  await phone.locator('#auto').check();
  await phone.reload();
  await phone.locator('#forms .is-open').waitFor();
  await world.accessible(phone, 'slot-form-open');
  await sign_in(tab, 'carol', typed(await table(phone), initial), 'bolted');
  await tab.getByRole('heading', { level: 1, name: 'Set your own pattern' }).waitFor();
  await Promise.all([office, pocket].map((one) => one.close()));
});
