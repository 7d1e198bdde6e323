// One request, one approval, before `sekisho demo`'s bank: a PC and a phone at once in a real Chromium. Held, shown with
// payee and amount, approved by holding the button, executed once; denied, lapsed, taken back, tampered; what may come
// between (a reload, the back button, another click); JSON in the background; a number, a code, four eyes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, handset as small, register, until, wait } from './world.mjs';

let world, browser, people;
const pockets = {};
const desktop = { width: 1280, height: 900 };
const pc = (options = {}) => browser.newContext({ locale: 'en', viewport: desktop, ...options });
const handset = (options = {}) => browser.newContext({ ...small, ...options });
const bank = (path = '/') => world.app('bank', path);

before(async () => {
  world = await World.demo('transactions');
  ({ people } = world);
  browser = await world.chromium();
  // One phone for both of the staff, in each language; and one of Alice's that is dark and still.
  for (const [name, users, options] of [
    ['en', ['alice', 'bob'], {}],
    ['ja', ['alice', 'bob'], { locale: 'ja' }],
    ['dark', ['alice'], { colorScheme: 'dark', reducedMotion: 'reduce' }],
  ]) {
    pockets[name] = await handset(options);
    const phone = await pockets[name].newPage();
    for (const user of users) await register(phone, world.invite(user), `${name} ${user}`);
    await phone.close();
  }
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** A page as it stands, at the size of a phone and of a desktop: axe, and a picture of each. */
async function looked(tab, name) {
  const own = tab.viewportSize();
  for (const [size, viewport] of [['phone', small.viewport], ['desktop', desktop]]) {
    await tab.setViewportSize(viewport);
    await world.accessible(tab, `${name}-${size}`);
    assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is as wide as the ${size}`);
  }
  await tab.setViewportSize(own);
}

async function signedIn(context, user) {
  const tab = await context.newPage();
  await tab.goto(bank());
  await tab.locator('[autocomplete=username]').fill(people[user].user);
  await tab.locator('[autocomplete=current-password]').fill(people[user].password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  await tab.waitForURL(bank());
  return tab;
}

async function phoneOf(name) {
  const phone = await pockets[name].newPage();
  await phone.goto(world.app('auth', '/approver/'));
  await phone.locator('#more').waitFor();
  return phone;
}

/** Fills and sends a form of the bank. */
async function send(tab, action, fields) {
  if (tab.url() !== bank()) await tab.goto(bank());
  const form = tab.locator(`form[action="${action}"]`);
  if (!await form.isVisible()) await tab.locator('summary').click();
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name=${name}]`).fill(value);
  await form.locator('button').click();
  await tab.waitForURL(/^https:\/\/auth\.localhost:\d+\/transaction\//);
}

/** What the bank did, as it says itself. */
const orders = (tab) => tab.context().newPage().then(async (other) => {
  await other.goto(bank('/api/transfers'));
  const parsed = JSON.parse(await other.locator('body').textContent());
  await other.close();
  return parsed;
});

const cards = (phone, text) => phone.locator('#questions article').filter({ hasText: text });
const button = (card, name) => card.getByRole('button', { name, exact: true });
const holding = (card) => card.locator('.hold');

/** Holds the button until the card is gone. */
async function approve(phone, card) {
  await card.waitFor();
  await holding(card).scrollIntoViewIfNeeded();
  const box = await holding(card).boundingBox();
  await phone.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await phone.mouse.down();
  await card.waitFor({ state: 'detached' });
  await phone.mouse.up();
}

const left = (tab, phone) => Promise.all([tab.context().close(), phone.close()]);

const row = (card, label) => card.locator('.request-details > div').filter({ has: card.page().locator('dt', { hasText: label }) }).locator('dd');

test('a transfer is held, shown with payee and amount, approved by holding, and done once', async () => {
  const tab = await signedIn(await pc(), 'alice');
  const phone = await phoneOf('en');
  await world.accessible(tab, 'bank-desktop');
  await send(tab, '/transfer', { payee: 'ACME 株式会社', amount: '1250000' });
  const at = tab.url();
  await looked(tab, 'waiting-en');
  const card = cards(phone, 'Transfer');
  await card.waitFor();
  assert.equal(await card.locator('h2').textContent(), 'Transfer');
  assert.equal(await row(card, 'Payee').textContent(), 'ACME 株式会社');
  assert.equal(await row(card, 'Amount').textContent(), '1,250,000 JPY');
  assert.equal(await row(card, 'Note').textContent(), 'not given');
  assert.match(await card.textContent(), /Money leaves your account\..*Bank.*127\.0\.0\.1/s);
  await looked(phone, 'phone-transfer-en');

  // A tap is not a yes, nor is a finger that slides off, nor a single click of an assistive technology.
  await holding(card).click();
  await card.getByText('Keep the button pressed').waitFor();
  const held = await holding(card).evaluate((button) => {
    const seen = [];
    for (const type of ['pointerdown', 'pointerleave']) {
      button.dispatchEvent(new PointerEvent(type, { isPrimary: true, pointerId: 1 }));
      seen.push(button.classList.contains('holding'));
    }
    button.classList.add('holding');
    return seen;
  });
  assert.deepEqual(held, [true, false]);
  await phone.screenshot({ path: join(world.shots, 'phone-held.png') });
  await holding(card).evaluate((button) => button.classList.remove('holding'));
  await holding(card).dispatchEvent('click');
  await card.getByText('Press it once more').waitFor();
  await world.accessible(phone, 'phone-hint-en');
  assert.equal((await orders(tab)).length, 0, 'nothing is done yet');

  // Whatever comes between asks nobody twice: a reload, the same again from another tab, the back button.
  await tab.reload();
  assert.equal(tab.url(), at);
  const second = await tab.context().newPage();
  await send(second, '/transfer', { payee: 'ACME 株式会社', amount: '1250000' });
  assert.equal(second.url(), at, 'the same request joins the one that is held');
  await second.close();
  await tab.goBack();
  await tab.goForward();
  assert.equal(await card.count(), 1);

  await approve(phone, card);
  await phone.locator('#outcome').filter({ hasText: 'Approved' }).waitFor();
  await tab.waitForURL(bank('/done/1'));
  assert.match(await tab.locator('.request-details').textContent(), /ACME 株式会社.*1250000 JPY.*alice/s);
  await world.accessible(tab, 'bank-done');
  // Back, and a reload of where it was: it is done, and shown as done.
  await tab.goto(at);
  await tab.getByRole('heading', { name: 'Done' }).waitFor();
  await looked(tab, 'over-forwarded-en');
  const [done, ...more] = await orders(tab);
  assert.deepEqual(more, []);
  assert.equal(done.transaction, new URL(at).pathname.split('/').pop());
  assert.equal(done.approvals.length, 1);
  await left(tab, phone);
});

test('a key, a finger and an assistive technology each can mean a yes', async () => {
  const tab = await signedIn(await pc(), 'alice');
  const phone = await phoneOf('dark');
  const before = (await orders(tab)).length;
  const once = async (payee, act) => {
    await send(tab, '/transfer', { payee, amount: '1000', note: 'x' });
    const card = cards(phone, payee);
    await card.waitFor();
    await act(card);
    await card.waitFor({ state: 'detached' });
    await tab.waitForURL(/\/done\/\d+$/);
  };
  for (const key of ['Enter', ' ']) {
    await once(`key ${key === ' ' ? 'space' : key}`, async (card) => {
      await holding(card).focus();
      await phone.keyboard.press(key);
      await card.getByText('Keep the button pressed').waitFor();
      await phone.keyboard.down(key);
      await card.waitFor({ state: 'detached' });
      await phone.keyboard.up(key);
    });
  }
  await once('a finger', async (card) => {
    await looked(phone, 'phone-dark');
    const box = await holding(card).boundingBox();
    const touch = await phone.context().newCDPSession(phone);
    const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await card.waitFor({ state: 'detached' });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  });
  await once('a screen reader', async (card) => {
    await holding(card).dispatchEvent('click');
    await holding(card).dispatchEvent('click');
    assert.equal(await card.count(), 1, 'twice at once is not a yes');
    await wait(1100);
    await holding(card).dispatchEvent('click');
  });
  assert.equal((await orders(tab)).length, before + 4);
  await left(tab, phone);
});

for (const [locale, say] of [
  ['en', { deny: 'Deny', denied: 'Denied', cancel: 'Take it back', cancelled: 'Taken back', expired: 'Not approved in time', approve: 'Approve' }],
  ['ja', { deny: '拒否' }],
]) {
  test(`denied, taken back or too late, the bank never hears of it (${locale})`, async () => {
    const tab = await signedIn(await pc({ locale }), 'alice');
    const phone = await phoneOf(locale);
    const before = (await orders(tab)).length;

    await send(tab, '/transfer', { payee: 'Mallory', amount: '99' });
    if (locale === 'ja') {
      await looked(tab, 'waiting-ja');
      await cards(phone, 'Mallory').waitFor();
      assert.match(await cards(phone, 'Mallory').textContent(), /振込.*口座から出金します。.*振込先.*金額.*99 JPY.*摘要.*記載なし.*長押しで承認/s);
      await looked(phone, 'phone-transfer-ja');
    }
    await cards(phone, 'Mallory').locator('[data-part="deny"]').click();
    await tab.locator('h1').filter({ hasText: say.denied ?? '拒否' }).waitFor();
    await looked(tab, `over-denied-${locale}`);

    await send(tab, '/transfer', { payee: 'Second thoughts', amount: '5' });
    await cards(phone, 'Second thoughts').waitFor();
    await tab.locator('form[action$="/cancel"] button').click();
    await tab.locator(`a[href="${bank()}"]`).waitFor();
    if (say.cancelled) await tab.locator('h1').filter({ hasText: say.cancelled }).waitFor();
    await cards(phone, 'Second thoughts').waitFor({ state: 'detached' });
    await looked(tab, `over-cancelled-${locale}`);

    await send(tab, '/exchange', { amount: '7000' });
    await cards(phone, '7,000 JPY').waitFor();
    await tab.locator(`a[href="${bank()}"]`).waitFor({ timeout: 30_000 });
    if (say.expired) await tab.locator('h1').filter({ hasText: say.expired }).waitFor();
    await cards(phone, '7,000 JPY').waitFor({ state: 'detached' });
    await looked(tab, `over-expired-${locale}`);
    assert.equal((await orders(tab)).length, before);
    await left(tab, phone);
  });

  test(`a password, a number, a code and four eyes (${locale})`, async () => {
    const tab = await signedIn(await pc({ locale, acceptDownloads: true }), 'alice');
    const phone = await phoneOf(locale);
    const before = (await orders(tab)).length;

    // The transaction password before anybody is asked, then a number.
    await send(tab, '/limit', { limit: '300000' });
    await looked(tab, `password-${locale}`);
    const password = tab.locator('#password');
    await password.fill('wrong wrong wrong');
    await tab.locator('form[action$="/password"] button').click();
    await tab.locator('[role=alert]').waitFor();
    await looked(tab, `password-wrong-${locale}`);
    assert.equal(await cards(phone, '300,000 JPY').count(), 0);
    await password.fill(people.alice.transaction_password);
    await tab.locator('form[action$="/password"] button').click();
    await looked(tab, `number-${locale}`);
    const number = (await tab.locator('.number').textContent()).match(/\d\d/)[0];
    const card = cards(phone, '300,000 JPY');
    await card.waitFor();
    assert.ok(!await holding(card).isVisible(), 'the number is the deliberate act');
    await looked(phone, `phone-number-${locale}`);
    await button(card, number).click();
    await tab.waitForURL(bank('/limit'));
    assert.match(await tab.locator('.request-details').textContent(), /300000 JPY/);

    // Somebody else's yes, on a phone that says who asks.
    await send(tab, '/close-account', { account: 'Savings 7730214' });
    await looked(tab, `four-eyes-${locale}`);
    const asked = cards(phone, 'Savings 7730214');
    await asked.waitFor();
    assert.equal(await row(asked, locale === 'ja' ? '依頼者' : 'Asked for by').textContent(), 'alice');
    assert.equal(await asked.count(), 1, 'the requester is not asked, though she is on this phone too');
    await looked(phone, `phone-four-eyes-${locale}`);
    await approve(phone, asked);
    await tab.waitForURL(bank('/close-account'));
    assert.equal((await orders(tab)).length, before + 2);

    // A code beside what is shown; the answer is a download.
    await send(tab, '/statement', { month: '2026-11' });
    await looked(tab, `code-${locale}`);
    await tab.locator('#code').fill('000000');
    await tab.locator('form[action$="/code"] button').click();
    await tab.locator('[role=alert]').waitFor();
    await looked(tab, `code-wrong-${locale}`);
    await tab.locator('#code').fill(await code(people.alice.key));
    const [download] = await Promise.all([tab.waitForEvent('download'), tab.locator('form[action$="/code"] button').click()]);
    assert.equal(download.suggestedFilename(), 'statement.csv');
    assert.match(readFileSync(await download.path(), 'utf8'), /^number,what,payee,amount,transaction\r\n(.*\r\n)*.*"account closed","Savings 7730214"/);
    await left(tab, phone);
  });
}

test('a page that posts JSON in the background gets the answer of the bank, as late as it is approved', async () => {
  const tab = await signedIn(await pc(), 'alice');
  const phone = await phoneOf('en');
  const before = (await orders(tab)).length;
  const post = async (payee) => {
    await tab.goto(bank('/script'));
    for (const [name, value] of Object.entries({ payee, amount: '4200' })) await tab.locator(`[name=${name}]`).fill(value);
    await tab.locator('#transfer button').click();
    await tab.getByText('Waiting for your phone').waitFor();
  };
  await post('By script');
  await world.accessible(tab, 'bank-script-waits');
  const card = cards(phone, 'By script');
  await card.waitFor();
  assert.match(await card.textContent(), /Asked for by a program\..*4,200 JPY/s);
  assert.equal((await orders(tab)).length, before);
  await approve(phone, card);
  await tab.getByText('Transferred.').waitFor();
  const answer = JSON.parse(await tab.locator('#answer').textContent());
  assert.equal(answer.payee, 'By script');
  assert.equal(answer.approvals.length, 1);
  assert.deepEqual((await orders(tab)).slice(before), [answer]);
  await world.accessible(tab, 'bank-script-done');

  await post('Not this one');
  await button(cards(phone, 'Not this one'), 'Deny').click();
  await tab.getByText('Not transferred (403)').waitFor();
  assert.match(await tab.locator('#answer').textContent(), /transaction_denied/);

  // Taken back on the page that the script links to.
  await post('Nor this');
  const [follow] = await Promise.all([tab.context().waitForEvent('page'), tab.getByRole('link', { name: 'Follow it' }).click()]);
  await follow.getByRole('button', { name: 'Take it back' }).click();
  await tab.getByText('Not transferred (403)').waitFor();
  assert.match(await tab.locator('#answer').textContent(), /transaction_cancelled/);
  assert.equal((await orders(tab)).length, before + 1);
  await left(tab, phone);
});

test('what a phone did not show cannot be approved by it', async () => {
  const tab = await signedIn(await pc(), 'alice');
  const phone = await phoneOf('en');
  const before = (await orders(tab)).length;
  // Somebody between gateway and eye says that it is less.
  await phone.addInitScript(() => {
    const plain = window.fetch;
    window.fetch = async (...asked) => {
      const answer = await plain(...asked);
      if (!String(asked[0]).endsWith('/slots')) return answer;
      return new Response((await answer.text()).replaceAll('900,000 JPY', '9 JPY'), answer);
    };
  });
  await phone.reload();
  await phone.locator('#more').waitFor();
  await send(tab, '/transfer', { payee: 'Mallory', amount: '900000' });
  const card = cards(phone, 'Mallory');
  await card.waitFor();
  assert.equal(await row(card, 'Amount').textContent(), '9 JPY');
  await holding(card).focus();
  await phone.keyboard.down('Enter');
  await phone.locator('#trouble').filter({ hasText: 'not what was shown' }).waitFor();
  await phone.keyboard.up('Enter');
  await world.accessible(phone, 'phone-tampered');
  assert.equal((await orders(tab)).length, before);
  await tab.locator('form[action$="/cancel"] button').click();
  await tab.getByRole('heading', { name: 'Taken back' }).waitFor();
  assert.equal((await orders(tab)).length, before);
  await left(tab, phone);
});

test('a long or hostile value is shown whole, beside the others, above what answers it', async () => {
  const tab = await signedIn(await pc(), 'alice');
  const phone = await phoneOf('en');
  const text = `${'とても長い摘要'.repeat(200)}\u202E<b>0</b>`;
  await send(tab, '/transfer', { payee: `<img src=x>${'W'.repeat(90)}`, amount: '1'.padEnd(30, '0'), note: text });
  const card = cards(phone, 'Transfer');
  await card.waitFor();
  await looked(phone, 'phone-long');
  await looked(tab, 'waiting-long');
  assert.match(await row(card, 'Note').textContent(), /^とても.*… .*\[U\+202E\]<b>0<\/b> \(\d+ characters, SHA-256 [\w-]{16}\)$/);
  assert.match(await row(card, 'Payee').textContent(), /^<img src=x>W{90}$/);
  await phone.evaluate(() => window.scrollTo(0, document.querySelector('#questions article').offsetTop));
  await phone.screenshot({ path: join(world.shots, 'phone-long-first-sight.png') });
  for (const part of [row(card, 'Payee'), row(card, 'Amount')]) {
    const { y, height } = await part.boundingBox();
    assert.ok(y >= 0 && y + height <= small.viewport.height, `${await part.textContent()} is in sight: ${y} + ${height}`);
  }
  // Nothing of it scrolls out of sight within itself, and what answers comes after it.
  const note = await row(card, 'Note').evaluate((value) => [value.scrollHeight - value.clientHeight, value.getBoundingClientRect().bottom]);
  assert.ok(note[0] <= 1, `${note[0]} pixels of the note are hidden`);
  for (const part of [holding(card), button(card, 'Deny'), button(card, 'This was not me')]) {
    assert.ok((await part.boundingBox()).y >= note[1], `${await part.textContent()} stands below what it answers`);
  }
  await button(card, 'Deny').click();
  await tab.getByRole('heading', { name: 'Denied' }).waitFor();
  await left(tab, phone);
});
