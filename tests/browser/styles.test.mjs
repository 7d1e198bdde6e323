// What the demo does not show: the number typed on the phone instead of chosen, a push as the second factor after the
// password, the sign-in on the phone itself, a phone removed at the account's page, and an app that asks by itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, digits, handset, openSettings, register, signIn } from './world.mjs';

let world, browser;
const app = (name, path) => world.app(name, path);

before(async () => {
  world = await World.demo('styles');
  await world.again(`
[[app]]
name = "second"
url = "https://second.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
[app.demands.primary_factor]
[app.demands.otp]
methods = ["push", "totp"]
[[app]]
name = "shop"
title = "The shop"
url = "https://shop.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
approvals = {}
[app.demands.primary_factor]
[approval]
number_style = "type"
number_matching = "always"
`);
  // The demo's certificate does not name the app that was added.
  browser = await world.chromium(['--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

test('the number is typed on the phone, and on the phone itself it is carried from one page to the other (R-008, R-022)', async () => {
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  await register(phone, world.invite('alice'), 'Pixel');
  // The phone's own browser signs in: the same flow, one page to the other.
  const tab = await pocket.newPage();
  const number = await world.ask(tab, 'alice');
  await phone.bringToFront();
  const question = phone.locator('#questions article').first();
  await question.locator('input').fill(number);
  await world.accessible(phone, 'typed');
  await question.getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.waitForURL(app('phone'));
  // A wrong number is a denial.
  const other = await (await browser.newContext({ locale: 'en' })).newPage();
  const shown = await world.ask(other, 'alice');
  await question.locator('input').fill(shown === '000000' ? '000001' : '000000');
  await question.getByRole('button', { name: 'Approve', exact: true }).click();
  await other.getByText('denied on the phone').waitFor();
  await Promise.all([pocket.close(), other.context().close()]);
});

test('after the password the phone is the second factor (R-401, R-403)', async () => {
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  await register(phone, world.invite('bob'), 'Pixel');
  const tab = await (await browser.newContext({ locale: 'en' })).newPage();
  await tab.goto(app('second'));
  await tab.locator('[autocomplete=username]').fill('bob');
  await tab.locator('[autocomplete=current-password]').fill(world.people.bob.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  const number = await digits(tab);
  assert.equal(number.length, 6);
  await world.accessible(tab, 'second-factor');
  const question = phone.locator('#questions article').first();
  assert.match(await question.textContent(), /Finish signing in\?/);
  await question.locator('input').fill(number);
  await question.getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.waitForURL(app('second'));
  await Promise.all([pocket.close(), tab.context().close()]);
});

test('a phone is removed at the account’s page and answers no more (R-010, R-041)', async () => {
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  await register(phone, world.invite('admin'), 'lost');
  const tab = await (await browser.newContext({ locale: 'en' })).newPage();
  await tab.goto(app('auth', '/account/approvers'));
  await signIn(tab, world.people.admin, code);
  await tab.getByText('lost').first().waitFor();
  await tab.getByRole('button', { name: /^Remove/ }).click();
  await tab.getByText('The phone has been removed').waitFor();
  await phone.reload();
  await phone.locator('#empty').waitFor();
  await Promise.all([pocket.close(), tab.context().close()]);
});

test('clearing the browser’s data ends the phone, and its registration stays until somebody removes it (R-014, R-417)', async () => {
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  const named = () => world.command(['push', 'list', '--user', 'bob']).items.map((one) => one.name);
  await register(phone, world.invite('bob'), 'cleared');
  const before = named();
  assert.ok(before.includes('cleared'));
  const cdp = await pocket.newCDPSession(phone);
  await phone.goto('about:blank');
  await cdp.send('Storage.clearDataForOrigin', { origin: app('auth', '').replace(/\/$/, ''), storageTypes: 'all' });
  await phone.goto(app('auth', '/approver/'));
  await phone.locator('#empty').waitFor();
  assert.deepEqual(named(), before, 'it counts all the same');
  // Registered again it is another phone.
  await register(phone, world.invite('bob'), 'again');
  assert.deepEqual(named().sort(), [...before, 'again'].sort());
  await pocket.close();
});

test('on the phone a slot is switched to, renamed, and removed when that is pressed twice', async () => {
  const pocket = await browser.newContext(handset);
  const phone = await pocket.newPage();
  const named = (user) => world.command(['push', 'list', '--user', user]).items.map((one) => one.name);
  await register(phone, world.invite('admin'), 'shared');
  world.command(['push', 'unregister', 'alice']);
  await register(phone, world.invite('alice'), 'shared');
  const slot = (user) => phone.locator('#slots button').filter({ hasText: user });
  await slot('admin').click();
  assert.equal(await slot('admin').getAttribute('aria-pressed'), 'true');
  await openSettings(phone);
  assert.equal(await phone.locator('#whose').textContent(), 'admin');
  assert.equal(await phone.locator('#rename').inputValue(), 'shared');
  await phone.locator('#rename').fill('desk');
  await phone.locator('#rename-form button').click();
  await phone.locator('#status').filter({ hasText: 'renamed' }).waitFor();
  assert.ok(named('admin').includes('desk') && named('alice').includes('shared'));
  await world.accessible(phone, 'slots');
  // Another slot in between: what was pressed for one is not done to the other.
  await phone.locator('#remove').click();
  await slot('alice').click();
  assert.equal(await phone.locator('#remove').textContent(), 'Remove from this phone');
  await slot('admin').click();
  await phone.locator('#remove').click();
  assert.equal(await phone.locator('#remove').textContent(), 'Press again to remove admin');
  assert.ok(named('admin').includes('desk'), 'nothing is done yet');
  await phone.locator('#remove').click();
  await phone.locator('#status').filter({ hasText: 'removed' }).waitFor();
  assert.ok(!named('admin').includes('desk') && named('alice').includes('shared'));
  await pocket.close();
});

test('an app asks by itself: shown as it said, approved by holding or denied, and the answer is signed for it', async () => {
  const { token } = world.command(['token', 'issue', 'the shop', '--scope', 'approvals', '--app', 'shop']);
  const auth = app('auth', '').replace(/\/$/, '');
  const curl = (path, ...more) => JSON.parse(execFileSync('curl', ['-sS', '--cacert', join(world.folder, 'authority.pem'), '--resolve', `auth.localhost:${world.port}:127.0.0.1`, '-H', `Authorization: Bearer ${token}`, ...more, `${auth}${path}`]));
  const asked = (user) => curl('/api/v1/approvals', '--json', JSON.stringify({
    login_hint: user, title: { en: 'Ship the order', ja: '注文の発送' }, binding_message: 'Order 4711',
    fields: [{ label: { en: 'To', ja: '宛先' }, value: '株式会社 <b>ACME</b>' }, { label: { en: 'Amount', ja: '金額' }, value: '1,250,000 JPY' }],
  })).auth_req_id;
  for (const [locale, user, title, label] of [['en', 'admin', 'Ship the order', 'To'], ['ja', 'alice', '注文の発送', '宛先']]) {
    const pocket = await browser.newContext({ ...handset, locale });
    const phone = await pocket.newPage();
    await register(phone, world.invite(user), `shop ${locale}`);
    const first = asked(user);
    const card = phone.locator('#questions article').filter({ hasText: title });
    await card.waitFor();
    const text = await card.textContent();
    for (const words of [label, '株式会社 <b>ACME</b>', '1,250,000 JPY', 'Order 4711', 'The shop']) assert.ok(text.includes(words), `${words}: ${text}`);
    await world.accessible(phone, `app-asks-${locale}`);
    assert.equal(curl(`/api/v1/approvals/${first}`).status, 'pending');
    const box = await card.locator('.hold').boundingBox();
    await phone.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await phone.mouse.down();
    await card.waitFor({ state: 'detached' });
    await phone.mouse.up();
    const answer = curl(`/api/v1/approvals/${first}?wait=10`);
    assert.deepEqual([answer.status, answer.user], ['approved', user]);
    // The app believes the signature, not the connection.
    const [head, claims, signature] = answer.approval.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url'));
    const jwk = curl('/.well-known/jwks.json').keys.find((one) => one.kid === kid);
    assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ format: 'jwk', key: jwk }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
    const said = JSON.parse(Buffer.from(claims, 'base64url'));
    assert.deepEqual([said.iss, said.aud, said.sub], [auth, 'shop', user]);
    const second = asked(user);
    await card.getByRole('button', { name: locale === 'en' ? 'Deny' : '拒否', exact: true }).click();
    assert.equal(curl(`/api/v1/approvals/${second}?wait=10`).status, 'denied');
    await pocket.close();
  }
});
