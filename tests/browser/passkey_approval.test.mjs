// Signing in on the PC by a code that the phone reads and answers with a passkey (`approval.by_passkey`): two browsers, the
// phone's with a virtual authenticator, in Japanese and English. `jsqr` reads the PC's screen as the phone's camera app does.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, handset } from './world.mjs';

const reader = readFileSync(createRequire(import.meta.url).resolve('jsqr'), 'utf8');
let world, browser;
const says = (locale, english, japanese) => (locale === 'ja' ? japanese : english);

before(async () => {
  world = await World.demo('passkey_approval');
  const config = join(world.folder, 'sekisho.toml');
  const demands = 'primary_factor = { methods = ["password", "push"] }';
  const text = readFileSync(config, 'utf8');
  assert.ok(text.includes(demands) && !text.includes('\n[approval]'));
  writeFileSync(config, text.replace(demands, 'primary_factor = { methods = ["password", "push", "passkey"] }'));
  await world.again(`
[approval]
by_passkey = true
lifetime = "5m"
[[app]]
name = "mail"
url = "https://mail.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
demands.primary_factor = { methods = ["push"] }
[[app]]
name = "vault"
url = "https://vault.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
demands = { primary_factor = { methods = ["password"] }, otp = { methods = ["push", "passkey"] } }
`);
  for (const user of ['alice', 'bob']) {
    world.command(['user', 'set-methods', user, 'push', 'password', 'passkey']);
    world.command(['push', 'unregister', user]);
  }
  // The demo's certificate does not name the apps that were added.
  browser = await world.chromium(['--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** A phone with an authenticator of its own, whose owner touches it and proves to be its owner. */
async function phoneOf(person, locale) {
  const context = await browser.newContext({ ...handset, locale });
  const tab = await context.newPage();
  const complaints = [];
  tab.on('console', (message) => { if (message.type() === 'error' && !/401|404|409/.test(message.text())) complaints.push(message.text()); });
  tab.on('pageerror', (error) => complaints.push(String(error)));
  const cdp = await context.newCDPSession(tab);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const verifies = (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  await tab.goto(world.app('auth', '/account/passkeys/add'));
  await tab.locator('#user').fill(person.user);
  await tab.locator('#password').fill(person.password);
  await tab.locator('form:has(#password) button').first().click();
  await tab.locator('[autocomplete=one-time-code]').fill(await code(person.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').first().click();
  await tab.locator('[data-passkey=create] form:not([hidden])').waitFor();
  await tab.locator('[data-passkey] form:not([hidden]) button').click();
  await tab.waitForURL(/\/account\/passkeys\?done=/);
  await context.clearCookies();
  return { context, tab, verifies, complaints };
}

const pc = async (locale) => (await browser.newContext({ locale, viewport: { width: 1280, height: 900 } })).newPage();

/** Asks on the way to an app that is entered by push. */
async function ask(tab, user) {
  await tab.goto(world.app('mail'));
  await tab.locator('[autocomplete~=username]').fill(user);
  await tab.locator('form:has([autocomplete~=username]) button').first().click();
  await tab.locator('svg.qr').waitFor();
}

/** What a camera that is held before the screen sees in its code. */
async function read(tab) {
  const picture = await tab.locator('svg.qr').screenshot();
  const page = await browser.newPage();
  await page.addScriptTag({ content: reader });
  const text = await page.evaluate(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(data)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    return jsQR(pen.getImageData(0, 0, bitmap.width, bitmap.height).data, bitmap.width, bitmap.height)?.data;
  }, `data:image/png;base64,${picture.toString('base64')}`);
  await page.close();
  return text;
}

/** The camera app opens what it read, as a page of its own. */
async function open({ tab }, address) {
  await tab.goto('about:blank');
  await tab.goto(address);
}

const card = ({ tab }) => tab.locator('#questions article');
const yes = (phone, locale) => card(phone).getByRole('button', { name: says(locale, 'Approve with a passkey', 'パスキーで承認') });
const no = (phone, locale) => card(phone).getByRole('button', { name: says(locale, 'Deny', '拒否'), exact: true });

for (const locale of ['en', 'ja']) {
  test(`a code is read by the phone and approved with its passkey (${locale})`, async () => {
    const person = locale === 'en' ? world.people.alice : world.people.bob;
    const [tab, phone] = [await pc(locale), await phoneOf(person, locale)];
    await ask(tab, person.user);
    await tab.getByText(says(locale, 'confirm there with your passkey', 'スマートフォンのパスキーで確認')).waitFor();
    assert.equal(await tab.locator('.number').count(), 0, 'no digits that nothing takes');
    await world.accessible(tab, `passkey-approval-pc-${locale}`);
    const address = await read(tab);
    assert.ok(address.startsWith(world.app('auth', '/approver/#scan=')), address);

    // A no is only that: the page is left, and the PC goes on waiting.
    await open(phone, address);
    await card(phone).getByText(person.user, { exact: true }).waitFor();
    assert.equal(phone.tab.url(), world.app('auth', '/approver/'), 'the number is out of the address');
    await world.accessible(phone.tab, `passkey-approval-phone-${locale}`);
    await no(phone, locale).click();
    await phone.tab.locator('#outcome').getByText(says(locale, 'Nothing was answered.', '回答していません。')).waitFor();
    await world.accessible(phone.tab, `passkey-approval-left-${locale}`);
    assert.equal(await tab.locator('svg.qr').count(), 1);

    // An authenticator that does not verify its owner approves nothing, and the question stands.
    await open(phone, address);
    await phone.verifies(false);
    await yes(phone, locale).click();
    await phone.tab.locator('#trouble').filter({ hasText: says(locale, 'No passkey was used', 'パスキーは使われませんでした') }).waitFor();
    await world.accessible(phone.tab, `passkey-approval-unverified-${locale}`);
    await phone.verifies(true);
    await yes(phone, locale).click();
    await phone.tab.locator('#outcome article[data-tone=good]').waitFor();
    await world.accessible(phone.tab, `passkey-approval-approved-${locale}`);
    await tab.waitForURL(world.app('mail'));

    // Read again, it says how it ended.
    await open(phone, address);
    await phone.tab.locator('#outcome article').waitFor();
    assert.equal(await card(phone).count(), 0);
    assert.deepEqual(phone.complaints, []);
    await Promise.all([tab.context(), phone.context].map((context) => context.close()));
  });
}

test('another person’s passkey is refused, and a made-up number ends the question', async () => {
  const [tab, phone] = [await pc('en'), await phoneOf(world.people.bob, 'en')];
  await ask(tab, 'alice');
  const address = await read(tab);
  await open(phone, address);
  await yes(phone, 'en').click();
  await phone.tab.locator('#trouble').filter({ hasText: 'That passkey was not accepted' }).waitFor();
  assert.equal(await tab.locator('svg.qr').count(), 1, 'the question stands');
  await open(phone, `${address.slice(0, -22)}AAAAAAAAAAAAAAAAAAAAAA`);
  await phone.tab.locator('#trouble').filter({ hasText: 'belongs to nothing' }).waitFor();
  await tab.getByText('denied on the phone').waitFor();
  await Promise.all([tab.context(), phone.context].map((context) => context.close()));
});

test('after a password the passkey itself is asked for first, and the code stands beside it', async () => {
  const [tab, phone] = [await pc('en'), await phoneOf(world.people.alice, 'en')];
  await tab.goto(world.app('vault'));
  await tab.locator('#user').fill('alice');
  await tab.locator('#password').fill(world.people.alice.password);
  await tab.locator('form:has(#password) button').first().click();
  await tab.getByText('Use your passkey').first().waitFor();
  await tab.getByRole('link', { name: 'phone' }).click();
  await tab.getByRole('button', { name: 'Show the code' }).click();
  await tab.locator('svg.qr').waitFor();
  await open(phone, await read(tab));
  await yes(phone, 'en').click();
  await tab.waitForURL(world.app('vault'));
  await Promise.all([tab.context(), phone.context].map((context) => context.close()));
});
