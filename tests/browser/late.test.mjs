// A notification that is pressed too late, in a real Chromium with a desktop of the test's own: the approver says how its
// question ended, in a card of its own, whatever else is asked, in Japanese and English.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Desktop } from './desktop.mjs';
import { World, handset, openSettings, register, until } from './world.mjs';

let world, desktop, browser;

before(async () => {
  world = await World.demo('late');
  desktop = await Desktop.start();
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  desktop?.end();
  await world?.end();
});

const says = {
  en: {
    back: /^Taken back\.$/, nothing: /Nothing is approved/, lapsed: /^Lapsed\.$/, approved: /^Approved on another phone\.$/, denied: /^Denied on another phone\.$/,
    ended: /^Ended\.$/, unknown: /how it ended is not known/, deny: 'Deny', elsewhere: /answered on another phone, or withdrawn/, next: 'Next question (1 waiting)', close: 'Close', what: 'Sign in?', transfer: 'Transfer',
  },
  ja: {
    back: /^取り下げられました。$/, nothing: /承認されていません/, lapsed: /^時間切れです。$/, approved: /^ほかの端末で承認されました。$/, denied: /^ほかの端末で拒否されました。$/,
    ended: /^終了しました。$/, unknown: /結果はこの端末では分かりません/, deny: '拒否', elsewhere: /ほかの端末で回答されたか/, next: '次の確認へ（あと1件）', close: '閉じる', what: 'サインインしますか', transfer: '振込',
  },
};

/** A phone whose page can be closed: its browser has a profile, without which a click on a notification goes nowhere. */
class Pocket {
  static async open(locale) {
    const pocket = new Pocket();
    pocket.profile = mkdtempSync(join(tmpdir(), 'sekisho-profile-'));
    // A window that a worker opens has the browser's own language.
    mkdirSync(join(pocket.profile, 'Default'));
    writeFileSync(join(pocket.profile, 'Default', 'Preferences'), JSON.stringify({ intl: { accept_languages: locale, selected_languages: locale } }));
    pocket.context = await chromium.launchPersistentContext(pocket.profile, { executablePath: '/usr/bin/chromium', args: world.flags, ...handset, locale });
    pocket.origin = world.app('auth', '').replace(/\/$/, '');
    await pocket.context.grantPermissions(['notifications'], { origin: pocket.origin });
    pocket.page = await pocket.context.newPage();
    pocket.cdp = await pocket.context.newCDPSession(pocket.page);
    pocket.cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { pocket.worker = registrations.find((one) => one.scopeURL.endsWith('/approver/')) ?? pocket.worker; });
    await pocket.cdp.send('ServiceWorker.enable');
    await register(pocket.page, world.invite('alice'), 'in the pocket');
    await openSettings(pocket.page);
    await pocket.page.locator('#notify').click();
    await until('the worker is there', () => pocket.worker);
    return pocket;
  }

  /** Hands the worker what a push service would: Chromium subscribes at its vendor's alone. */
  push({ approval, user, purpose }) {
    return desktop.next(() => this.cdp.send('ServiceWorker.deliverPushMessage', { origin: this.origin, registrationId: this.worker.registrationId, data: JSON.stringify({ approval, user, purpose }) }));
  }

  async shut() {
    for (const page of this.approvers()) await page.goto('about:blank');
  }

  approvers() {
    return this.context.pages().filter((page) => page.url().includes('/approver/'));
  }

  /** Clicks a notification while no page is open: the page that comes of it. */
  async press(notification) {
    assert.equal(this.approvers().length, 0, 'no page is open');
    await desktop.click(notification);
    await until('the approver is open', () => this.approvers().length === 1);
    const [page] = this.approvers();
    await page.setViewportSize(handset.viewport);
    return page;
  }

  async close() {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

const outcome = (page) => page.locator('#outcome article');
const card = (page) => page.locator('#questions article');
const asked = (unlike = []) => world.command(['approval', 'list']).items.filter(({ user, approval }) => user === 'alice' && !unlike.includes(approval));

/** What alone is seen: how it ended, in a neutral card that has the focus; no question, and not that there is none. */
async function says_that(page, how, why, which) {
  await outcome(page).waitFor();
  assert.match(await outcome(page).locator('[data-part=how]').textContent(), how);
  if (why) assert.match(await outcome(page).locator('[data-part=why]').textContent(), why);
  assert.ok((await outcome(page).locator('[data-part=which]').textContent()).includes(which), 'it says which question it was');
  assert.equal(await outcome(page).getAttribute('data-tone'), 'neutral');
  assert.match(await page.evaluate(() => document.activeElement.textContent), how);
  assert.equal(await card(page).count(), 0, 'never beside, or below, another question');
  assert.ok(!await page.locator('#quiet').isVisible());
  assert.ok(!await page.locator('#trouble').isVisible());
  assert.ok(!page.url().includes('#'), 'what was pressed is out of the address');
}

for (const locale of ['en', 'ja']) {
  const say = says[locale];

  test(`a notification pressed too late opens a card that says how it ended (${locale})`, { timeout: 180_000 }, async () => {
    world.command(['push', 'unregister', 'alice']);
    world.command(['push', 'unlock', 'alice']);
    const pocket = await Pocket.open(locale);
    const second = await (await browser.newContext(handset)).newPage();
    await register(second, world.invite('alice'), 'second');
    const stranger = await (await browser.newContext({ locale: 'en' })).newPage();
    const tab = await (await browser.newContext({ locale: 'en' })).newPage();
    await tab.goto(world.app('bank'));
    await tab.locator('[autocomplete=username]').fill('alice');
    await tab.locator('[autocomplete=current-password]').fill(world.people.alice.password);
    await tab.locator('form:has([autocomplete=current-password]) button').first().click();
    await tab.waitForURL(world.app('bank'));
    const order = async (action, fields) => {
      await tab.goto(world.app('bank'));
      const form = tab.locator(`form[action="${action}"]`);
      if (!await form.isVisible()) await tab.locator('summary').click();
      for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value);
      await form.locator('button').click();
      await tab.waitForURL(/\/transaction\//);
    };
    /** Puts a question, has its notification shown while the page is closed; the question and the notification. */
    const rung = async (put) => {
      const before = asked().map(({ approval }) => approval);
      await pocket.shut();
      await put();
      const [question] = asked(before);
      return [question, await pocket.push(question)];
    };
    /** Waits until the gateway knows that a question is over. */
    const over = ({ approval }) => until('it is over', () => asked().every((one) => one.approval !== approval), 30_000);

    // Taken back: a sign-in, where it was waited for.
    const [first, signIn] = await rung(() => world.ask(stranger, 'alice'));
    await stranger.getByRole('button', { name: 'Stop waiting' }).click();
    await over(first);
    let page = await pocket.press(signIn);
    await says_that(page, say.back, say.nothing, say.what);
    await world.accessible(page, `taken-back-${locale}`);
    await page.getByRole('button', { name: say.close, exact: true }).click();
    await page.locator('#quiet').waitFor();

    // A phone that was switched off gets the notification when it is over already, and shows the end.
    await pocket.shut();
    page = await pocket.press(await pocket.push(first));
    await says_that(page, say.back, say.nothing, say.what);

    // Lapsed: the demo's exchange, within seconds.
    const [exchange, lapsing] = await rung(() => order('/exchange', { amount: '7000' }));
    await over(exchange);
    page = await pocket.press(lapsing);
    await says_that(page, say.lapsed, say.nothing, '7,000 JPY');
    await world.accessible(page, `lapsed-${locale}`);

    // Answered elsewhere, while another question waits: that one is not taken for it, and comes when it is called.
    const [transfer, paid] = await rung(() => order('/transfer', { payee: 'ACME', amount: '1000' }));
    await second.locator('#questions article').filter({ hasText: 'ACME' }).waitFor();
    const hold = second.locator('.hold');
    await hold.focus();
    await second.keyboard.down('Enter');
    await second.locator('#outcome article').waitFor();
    await second.keyboard.up('Enter');
    await over(transfer);
    await world.ask(stranger, 'alice');
    page = await pocket.press(paid);
    await page.getByRole('button', { name: say.next, exact: true }).waitFor();
    await says_that(page, say.approved, undefined, 'ACME');
    await world.accessible(page, `approved-elsewhere-${locale}`);
    await page.getByRole('button', { name: say.next, exact: true }).click();
    await card(page).filter({ hasText: say.what }).waitFor();
    assert.equal(await outcome(page).count(), 0);

    // Denied elsewhere while this phone was out of reach, and pressed there: its page, which is open at another question,
    // says so once it can, and that question comes back afterwards.
    const before = asked().map(({ approval }) => approval);
    await order('/transfer', { payee: 'Brown', amount: '2000' });
    const [denied] = asked(before);
    const brown = await pocket.push(denied);
    await pocket.context.setOffline(true);
    await second.locator('#questions article').filter({ hasText: 'Sign in?' }).waitFor();
    await second.getByRole('button', { name: 'Show the next one first' }).click();
    await second.locator('#questions article').filter({ hasText: 'Brown' }).waitFor();
    await second.locator('[data-part=deny][aria-disabled=false]').click();
    await over(denied);
    assert.ok(await card(page).filter({ hasText: say.what }).isVisible());
    await desktop.click(brown);
    await page.locator('#trouble:visible').waitFor();
    await pocket.context.setOffline(false);
    await page.getByRole('button', { name: say.next, exact: true }).waitFor();
    await says_that(page, say.denied, undefined, 'Brown');
    await page.getByRole('button', { name: say.next, exact: true }).click();
    await card(page).filter({ hasText: say.what }).waitFor();

    // Answered on the notification itself, too late: said there, and the page says how.
    const [late, answerable] = await rung(() => world.ask(stranger, 'alice'));
    await stranger.getByRole('button', { name: 'Stop waiting' }).click();
    await over(late);
    const pressed = await desktop.next(() => desktop.click(answerable, desktop.action(answerable, say.deny)));
    assert.match(pressed.title, say.elsewhere);
    page = await pocket.press(pressed);
    await says_that(page, say.back, say.nothing, say.what);
    await pocket.close();
    await Promise.all([second, stranger, tab].map((one) => one.context().close()));
  });
}

test('of a question that the gateway no longer knows the card says so, and nothing else is taken for it', { timeout: 120_000 }, async () => {
  world.command(['push', 'unregister', 'bob']);
  const pocket = await Pocket.open('en');
  const tab = await (await browser.newContext({ locale: 'en' })).newPage();
  await world.ask(tab, 'alice');
  await pocket.shut();
  const [question] = asked();
  const notification = await pocket.push(question);
  // What is asked is kept in memory: a gateway that was started again has forgotten it, as any has after an hour.
  await world.again('');
  const other = await (await browser.newContext({ locale: 'en' })).newPage();
  await world.ask(other, 'alice');
  const page = await pocket.press(notification);
  await page.getByRole('button', { name: says.en.next, exact: true }).waitFor();
  await says_that(page, says.en.ended, says.en.unknown, '');
  await world.accessible(page, 'unknown');
  await page.getByRole('button', { name: says.en.next, exact: true }).click();
  await card(page).filter({ hasText: says.en.what }).waitFor();
  await pocket.close();
  await Promise.all([tab, other].map((one) => one.context().close()));
});
