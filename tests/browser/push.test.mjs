// Told while the approver's page is closed, end to end: the gateway encrypts and signs, a push service of the test's own
// checks that and passes it on, a stock Firefox decrypts it and shows a notification to a desktop of the test's own, whose
// click opens the approver. And the phones that cannot be notified: a subscription that fails, one that never answers.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, firefox } from 'playwright-core';
import { Desktop } from './desktop.mjs';
import { pushService } from './push_service.mjs';
import { World, openSettings, register, until, wait } from './world.mjs';

let world, service, desktop, shown;

before(async () => {
  world = await World.demo('push');
  const place = (name) => join(world.folder, name);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=push service', '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'subjectAltName=DNS:localhost', '-keyout', place('push.key'), '-out', place('push.pem')], { stdio: 'ignore' });
  service = await pushService({ key: readFileSync(place('push.key')), cert: readFileSync(place('push.pem')) });
  await world.again('\n[approval]\npush_networks = ["127.0.0.0/8", "::1/128"]\npush_authority = "push.pem"\n');
  desktop = await Desktop.start();
  ({ shown } = desktop);
});

/** Asks to be notified while the page is closed; a browser on its first start may answer too late, and is asked again as its owner would. */
async function subscribed(phone) {
  await openSettings(phone);
  for (let tries = 1; ; tries += 1) {
    await phone.locator('#notify').click();
    // The button is dead until it is known.
    await phone.locator('#notify:enabled').waitFor({ timeout: 40_000 });
    if (await phone.locator('#status').filter({ hasText: 'will be notified' }).isVisible()) return;
    assert.ok(tries < 4, 'the browser subscribes at its push service');
  }
}

/** Signs out and asks the phone once more, from a browser that is registered: no number. */
async function askAgain(tab, user) {
  await tab.goto(world.app('auth', '/sign-out'));
  await tab.locator('form button').first().click();
  await tab.goto(world.app('phone'));
  await tab.locator('[autocomplete=username]').fill(user);
  await tab.locator('form:has([autocomplete=username]) button').click();
  await tab.locator('[data-wait]').waitFor();
}

after(async () => {
  service?.close();
  desktop?.end();
  await world?.end();
});

test('with its page closed Firefox is notified, shows it, and a click opens the approver (RFC 8030, 8291, 8292)', { timeout: 180_000 }, async () => {
  const browser = await firefox.launch({
    channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true,
    firefoxUserPrefs: {
      'dom.push.serverURL': service.serverURL, 'dom.push.testing.allowInsecureServerURL': true, 'dom.push.connection.enabled': true,
      'permissions.default.desktop-notification': 1, 'dom.webnotifications.requireuserinteraction': false, 'intl.accept_languages': 'en',
    },
  });
  const pc = await world.chromium();
  try {
    const pocket = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en' });
    const phone = await pocket.newPage();
    await register(phone, world.links.alice, 'Firefox');
    await subscribed(phone);
    await phone.goto('about:blank');
    const tab = await (await pc.newContext({ locale: 'en' })).newPage();
    const number = await world.ask(tab, 'alice');
    await until('the push service has it', () => service.requests.length > 0);
    assert.deepEqual(service.requests.map(({ status, fault }) => ({ status, fault })), [{ status: 201, fault: null }]);
    await until('Firefox decrypted it', () => service.acknowledged.length > 0);
    await until('it is shown', () => shown.some((one) => one.title));
    const notification = shown.find((one) => one.title);
    assert.match(notification.title, /Sign in\?/);
    assert.match(notification.body, /alice/);
    // As a number of its own: its two digits may well stand within an address or a port.
    const words = [notification.title, notification.body, ...notification.actions].join(' ');
    assert.doesNotMatch(words, new RegExp(`(?<!\\d)${number}(?!\\d)`), 'the number is carried by a person, never by a notification');
    assert.ok(!notification.actions.includes('approve-moz'), 'and nobody says yes without it');
    // Clicked: the approver opens, and the person answers there.
    await desktop.click(notification);
    await until('the approver is open', () => pocket.pages().some((page) => page.url().includes('/approver/')));
    const opened = pocket.pages().find((page) => page.url().includes('/approver/'));
    await opened.locator('#questions article').getByRole('button', { name: number, exact: true }).click();
    await tab.waitForURL(world.app('phone'));

    // Answered on the notification itself, with no page open: the worker signs.
    await opened.goto('about:blank');
    for (const [action, ends] of [['approve', () => tab.waitForURL(world.app('phone'))], ['deny', () => tab.getByText('denied on the phone').waitFor()]]) {
      const before = shown.length;
      await askAgain(tab, 'alice');
      await until('it is shown', () => shown.slice(before).some((one) => one.title));
      const { id, body, actions } = shown.slice(before).find((one) => one.title);
      assert.match(body, /As: alice\nTo: Calendar\nBrowser: Chrome.*\nFrom: 127\.0\.0\.1/);
      assert.ok(actions.includes(`${action}-moz`), JSON.stringify(actions));
      await desktop.click({ id }, `${action}-moz`);
      await ends();
      assert.ok(pocket.pages().every((page) => !page.url().includes('/approver/')), 'no page was opened');
    }
    await opened.goto(world.app('auth', '/approver/'));
    await opened.locator('#quiet').waitFor();

    // A push service that answers slowly, not at all, or with an error keeps no sign-in page waiting.
    for (const answer of [() => 429, () => 500, () => null]) {
      service.answer = answer;
      const other = await (await pc.newContext({ locale: 'en' })).newPage();
      const begin = Date.now();
      await world.ask(other, 'alice');
      assert.ok(Date.now() - begin < 8000, `${answer}: the page is there`);
      await other.context().close();
    }
    // The subscription is gone: it is taken out, and no request comes for it any more. By another user on the same phone,
    // since Alice was asked often enough by strangers.
    await register(opened, world.invite('bob'), 'Firefox');
    await opened.goto('about:blank');
    service.answer = () => 410;
    const before = service.requests.length;
    await world.ask(await (await pc.newContext({ locale: 'en' })).newPage(), 'bob');
    await until('it learned that the subscription is gone', () => service.requests.slice(before).some((one) => one.status === 410));
    await wait(1000);
    const sent = service.requests.length;
    service.answer = () => 201;
    await world.ask(await (await pc.newContext({ locale: 'en' })).newPage(), 'bob');
    await wait(1500);
    assert.equal(service.requests.length, sent, 'nothing is sent to a subscription that is gone');
  } catch (error) {
    console.error(JSON.stringify({ requests: service.requests, acknowledged: service.acknowledged, shown }, null, 1));
    throw error;
  } finally {
    await Promise.all([browser.close(), pc.close()]);
  }
});

/** An administrator types the number. */
async function type(phone, number, approve) {
  const question = phone.locator('#questions article');
  await question.locator('input').fill(number);
  await question.getByRole('button', { name: approve, exact: true }).click();
}

test('the worker of a closed page answers in Chromium, where no number is asked for', { timeout: 120_000 }, async () => {
  const profile = mkdtempSync(join(tmpdir(), 'sekisho-profile-'));
  const pocket = await chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', args: world.flags, locale: 'ja' });
  const pc = await world.chromium();
  try {
    await pocket.grantPermissions(['notifications'], { origin: world.app('auth', '').replace(/\/$/, '') });
    const phone = await pocket.newPage();
    const cdp = await pocket.newCDPSession(phone);
    let registration;
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { registration = registrations.find((one) => one.scopeURL.endsWith('/approver/')) ?? registration; });
    await cdp.send('ServiceWorker.enable');
    await register(phone, world.invite('admin'), 'Chromium');
    await openSettings(phone);
    await phone.locator('#notify').click();
    await until('the worker is there', () => registration);
    const tab = await (await pc.newContext({ locale: 'en' })).newPage();
    const number = await world.ask(tab, 'admin');
    await type(phone, number, '承認');
    await tab.waitForURL(world.app('phone'));
    await phone.goto('about:blank');

    // Chromium subscribes at its vendor's service alone: the message is handed to the worker as that would.
    const notified = async () => {
      const [{ approval, purpose }] = world.command(['approval', 'list']).items.filter((one) => one.user === 'admin');
      const before = shown.length;
      await cdp.send('ServiceWorker.deliverPushMessage', {
        origin: world.app('auth', '').replace(/\/$/, ''), registrationId: registration.registrationId,
        data: JSON.stringify({ approval, user: 'admin', purpose }),
      });
      await until('it is shown', () => shown.slice(before).some((one) => one.title));
      return shown.slice(before).find((one) => one.title);
    };
    await askAgain(tab, 'admin');
    const approve = await notified();
    assert.match(approve.title, /サインインしますか/);
    await desktop.click(approve, desktop.action(approve, '承認'));
    await tab.waitForURL(world.app('phone'));
    await askAgain(tab, 'admin');
    const deny = await notified();
    await desktop.click(deny, desktop.action(deny, '拒否'));
    await tab.getByText('denied on the phone').waitFor();
    assert.ok(pocket.pages().every((page) => !page.url().includes('/approver/')), 'no page was opened');

    // With a number there is no yes to press; the notification opens the page.
    const other = await (await pc.newContext({ locale: 'en' })).newPage();
    const carried = await world.ask(other, 'admin');
    const open = await notified();
    assert.ok(!open.actions.includes('承認') && open.actions.includes('拒否'), JSON.stringify(open.actions));
    await desktop.click(open);
    await until('the approver is open', () => pocket.pages().some((page) => page.url().includes('/approver/')));
    const opened = pocket.pages().find((page) => page.url().includes('/approver/'));
    await type(opened, carried, /^(承認|Approve)$/); // a window that a worker opens has the browser's own language here
    await other.waitForURL(world.app('phone'));
  } finally {
    await Promise.all([pocket.close(), pc.close()]);
    rmSync(profile, { recursive: true, force: true });
  }
});

test('a subscription that fails or never answers leaves a phone that is notified while its page is open', { timeout: 120_000 }, async () => {
  const browser = await world.chromium();
  // Incognito refuses at once; a profile on disk without a vendor's service never answers.
  const profile = mkdtempSync(join(tmpdir(), 'sekisho-profile-'));
  const persistent = await chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', args: world.flags, locale: 'en' });
  try {
    for (const [name, pocket] of [['fails', await browser.newContext({ locale: 'en' })], ['hangs', persistent]]) {
      await pocket.grantPermissions(['notifications'], { origin: world.app('auth', '').replace(/\/$/, '') });
      const phone = await pocket.newPage();
      await register(phone, world.invite('admin'), name);
      await openSettings(phone);
      await phone.locator('#notify').click();
      await phone.locator('#trouble').filter({ hasText: 'cannot be notified' }).waitFor({ timeout: 20_000 });
      const tab = await (await browser.newContext({ locale: 'en' })).newPage();
      const number = await world.ask(tab, 'admin');
      await type(phone, number, 'Approve');
      await tab.waitForURL(world.app('phone'));
      await phone.close();
    }
  } finally {
    await Promise.all([browser.close(), persistent.close()]);
    rmSync(profile, { recursive: true, force: true });
  }
});
