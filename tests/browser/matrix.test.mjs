// Patterns in a real Chromium before `sekisho demo`, in Japanese and in French: the notice printed by the administrator, the first
// sign-in with its pattern, an own one set in three entries with a phrase in the middle, a refusal with its words, the sign-in
// by the own pattern, and its change from the launcher's foot.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, signIn } from './world.mjs';

let world, browser;
const at = (path) => world.app('auth', path);

before(async () => {
  world = await World.demo('matrix');
  await world.again(`
[[app]]
name = "grid"
title = "Grid"
url = "https://grid.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
[app.demands.primary_factor]
methods = ["matrix"]
[matrix]
every_block = true
`);
  // The demo's certificate does not name the app that was added.
  browser = await world.chromium(['--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** The digits of the table on the page, by the names that its headers give: `A1` to `L4`. */
async function table(tab) {
  await tab.locator('table.matrix').waitFor();
  return tab.locator('table.matrix').evaluate((element) => {
    const letters = [...element.tHead.rows[1].querySelectorAll('th')].map((head) => head.textContent);
    return Object.fromEntries([...element.tBodies[0].rows].flatMap((row) => [...row.querySelectorAll('td')].map((cell, place) => [`${letters[place]}${row.querySelector('th').textContent}`, cell.textContent])));
  });
}

/** What is typed for a pattern like `['A1', '"kX"', 'L4']`. */
const typed = (digits, pattern) => pattern.map((part) => (part.startsWith('"') ? part.slice(1, -1) : digits[part])).join('');

/** Types a pattern off the table of the page, and goes on. The table that follows is another one. */
async function enter(tab, pattern) {
  const digits = await table(tab);
  await tab.locator('#answer').fill(typed(digits, pattern));
  await Promise.all([tab.waitForNavigation(), tab.locator('form:has(#answer) button.primary').click()]);
}

async function administrator() {
  const tab = await (await browser.newContext({ locale: 'ja', viewport: { width: 1280, height: 900 } })).newPage();
  await tab.goto(at('/admin'));
  await signIn(tab, world.people.admin, code);
  await tab.waitForURL(at('/admin'));
  return tab;
}

/** The pattern that a notice draws: the cells in the order of their numbers. */
const drawn = async (tab) => Object.entries(await table(tab)).filter(([, text]) => text !== '※').sort(([, one], [, other]) => one - other).map(([cell]) => cell);

for (const { locale, user, title, refusal, wrong, changed } of [
  { locale: 'ja', user: 'alice', title: '自分だけのパターンを設定', refusal: '一筆書きのパターンです', wrong: 'ユーザー名またはワンタイムパスワードが違います', changed: 'パスワード変更' },
  { locale: 'fr', user: 'bob', title: 'Choisir votre propre schéma', refusal: 'Il peut être tracé d’un seul trait', wrong: 'Le nom d’utilisateur ou le mot de passe à usage unique est incorrect', changed: '' },
]) {
  test(`from the notice to an own pattern and its change, in ${locale}`, async () => {
    world.command(['user', 'set-methods', user, 'push', 'password', 'matrix']);
    const admin = await administrator();
    await admin.goto(at(`/admin/users/${user}`));
    await admin.locator('button[value=issue-pattern]').click();
    await admin.locator('form:has([name=confirmed]) button.destructive').click();
    await admin.locator('article.sheet').waitFor();
    const initial = await drawn(admin);
    assert.equal(initial.length, 8);
    assert.match(await admin.locator('article.sheet').textContent(), new RegExp(user));
    await world.accessible(admin, `notice-${locale}`);
    await admin.emulateMedia({ media: 'print' });
    await admin.screenshot({ path: join(world.shots, `notice-${locale}-print.png`), fullPage: true });
    await admin.context().close();

    // The first sign-in leads to the page that sets an own pattern, and to nothing else.
    const tab = await (await browser.newContext({ locale, viewport: { width: 390, height: 844 } })).newPage();
    const complaints = [];
    tab.on('console', (message) => { if (message.type() === 'error' && !/401|422|502/.test(message.text())) complaints.push(message.text()); });
    await tab.goto(world.app('grid'));
    await world.accessible(tab, `sign-in-${locale}`);
    await tab.locator('#user').fill(user);
    await tab.locator('#answer').fill('000000');
    await Promise.all([tab.waitForNavigation(), tab.locator('form:has(#answer) button.primary').click()]);
    await tab.getByText(wrong).waitFor();
    await world.accessible(tab, `wrong-${locale}`);
    await enter(tab, initial);
    await tab.getByRole('heading', { level: 1, name: title }).waitFor();
    await tab.locator('details summary').click();
    await world.accessible(tab, `set-${locale}`);
    // Refused, with the reason, and from the beginning.
    for (let entry = 1; entry <= 3; entry += 1) await enter(tab, ['A2', 'B2', 'C2', 'D2', 'E2', 'F2', 'G2', 'H2', 'I2']);
    await tab.getByText(refusal).waitFor();
    await world.accessible(tab, `refused-${locale}`);
    // Set, with a phrase in the middle.
    const own = ['A1', 'L4', 'C2', '"k9"', 'G3', 'J1', 'E4'];
    for (let entry = 1; entry <= 3; entry += 1) {
      assert.equal(await tab.locator('input[name=entry]').inputValue(), String(entry));
      await enter(tab, own);
    }
    await tab.waitForURL((url) => url.host.startsWith('grid.'));

    // A sign-in by the own pattern, in full-width digits where a Japanese keyboard types them.
    const other = await (await browser.newContext({ locale, viewport: { width: 320, height: 640 }, colorScheme: 'dark' })).newPage();
    await other.goto(world.app('grid'));
    await other.locator('#user').fill(user);
    const digits = await table(other);
    await other.screenshot({ path: join(world.shots, `narrow-dark-${locale}.png`), fullPage: true });
    assert.ok(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits 320 pixels');
    const wide = (text) => (locale === 'ja' ? text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)) : text);
    // The digits of the phrase are digits too.
    await other.locator('#answer').fill(wide(typed(digits, own)));
    await other.locator('form:has(#answer) button.primary').click();
    await other.waitForURL((url) => url.host.startsWith('grid.'));

    // The change, from the foot of the launcher.
    if (changed) {
      const desk = await (await browser.newContext({ locale, viewport: { width: 1280, height: 900 } })).newPage();
      await desk.goto(at('/'));
      await signIn(desk, world.people[user], code);
      await desk.waitForURL(at('/'));
      await desk.getByText(changed).waitFor();
      await desk.locator('a[href="/account/pattern"]').click();
      await desk.waitForURL(at('/account/pattern'));
      await desk.locator('input[name=entry]').waitFor({ state: 'attached' });
      const next = ['B2', 'K1', 'D4', '"9"', 'H3', 'F1', 'L2'];
      await world.accessible(desk, `change-${locale}`);
      for (let entry = 1; entry <= 3; entry += 1) await enter(desk, next);
      await desk.getByText('パターンを変更しました').waitFor();
      await world.accessible(desk, `changed-${locale}`);
      await desk.context().close();
    }
    assert.deepEqual(complaints, []);
    await tab.context().close();
    await other.context().close();
  });
}

test('a click on a digit does nothing, and a table cannot be selected', async () => {
  const tab = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await tab.goto(world.app('grid'));
  await table(tab);
  await tab.mouse.click(...await tab.locator('table.matrix').evaluate((element) => { const { x, y, width, height } = element.getBoundingClientRect(); return [x + width / 2, y + height / 2]; }));
  assert.equal(await tab.evaluate(() => { getSelection().selectAllChildren(document.querySelector('table.matrix')); return getSelection().toString().replaceAll(/\s/g, '').length < 60 && getComputedStyle(document.querySelector('table.matrix')).userSelect; }), 'none');
  assert.equal(await tab.locator('#answer').inputValue(), '');
  await tab.context().close();
});

test('the administrator sees the rules, how patterns stand, and whether one would be allowed', async () => {
  const admin = await administrator();
  await admin.goto(at('/admin/patterns'));
  await admin.locator('#pattern').fill('A1 B1 C1 D1 E1');
  await admin.locator('form:has(#pattern) button').click();
  await admin.getByText('このパターンは設定できません').waitFor();
  await world.accessible(admin, 'tester');
  await admin.locator('#pattern').fill('A1 L4 C2 G3 J1 E4');
  await admin.locator('form:has(#pattern) button').click();
  await admin.getByText('このパターンは設定できます。').waitFor();
  await world.accessible(admin, 'patterns');
  await admin.context().close();
});
