// What the phone says of a question, and of its end, before `sekisho demo`: two windows, a PC's and a phone's, in Japanese
// and English. One question at a time; how it ended in a card of its own; nothing answers what was not on the screen; a
// login form that was used, a phone that is left in peace.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { World, complaintsOf, handset as small, openSettings, register } from './world.mjs';

let world, browser, people;
/** What the page of a phone complained of. */
const complaints = [];
const desktop = { width: 1280, height: 900 };
const bank = (path = '/') => world.app('bank', path);
const pc = (options = {}) => browser.newContext({ locale: 'en', viewport: desktop, ...options });
const handset = (options = {}) => browser.newContext({ ...small, ...options });

before(async () => {
  world = await World.demo('questions');
  ({ people } = world);
  browser = await world.chromium();
});

afterEach(() => assert.deepEqual(complaints.splice(0), []));

after(async () => {
  await browser?.close();
  await world?.end();
});

const says = {
  en: {
    what: /Sign in\?/, transfer: /Transfer/, more: '1 more waiting', next: /^Next question \(1 waiting\)$/, close: 'Close', approved: 'Approved.', denied: 'Denied.',
    wrong: /That was not the number/, back: /the requester took it back/, lapsed: /nobody answered in time/, deny: 'Deny', approve: 'Approve', ring: 'Resume now',
    silence: /are paused.*Until (?:[A-Z][a-z]+ \d+, )?[1-9]\d?:\d\d.[AP]M this phone is not asked about transactions, because several/s,
    notMe: /Until .* not asked about anything from 127\.0\.0\.1, because you answered that this was not you/, open: /Login form open: \d+ s/, used: /one password was entered/, hold: /Hold to approve/,
  },
  ja: {
    what: /サインインしますか/, transfer: /振込/, more: 'ほかに1件あります', next: /^次の確認へ（あと1件）$/, close: '閉じる', approved: '承認しました。', denied: '拒否しました。',
    wrong: /数字が違う/, back: /確認を求めた側が取り下げた/, lapsed: /期限が過ぎた/, deny: '拒否', approve: '承認', ring: '今すぐ再開する',
    silence: /確認を止めています.*[^0]\d?:\d\dまで、取引の確認を止めています。承認されない確認が続いた/s,
    notMe: /まで、127\.0\.0\.1からの確認をすべて止めています。「心当たりがない」/, open: /解除中：残り\d+秒/, used: /パスワードが1回入力され/, hold: /長押しで承認/,
  },
};

/** A phone of its own, of these users, and nobody else's: what was asked before silences nobody. */
async function phoneOf(users, options = {}) {
  const pocket = await handset(options);
  const phone = await pocket.newPage();
  complaintsOf(phone, { into: complaints });
  for (const user of users) {
    world.command(['push', 'unregister', user]);
    world.command(['push', 'unlock', user]);
    await register(phone, world.invite(user), `${user}'s`);
  }
  // Whatever was asked in vain before counts no more.
  await phone.locator('#more').waitFor();
  return phone;
}

/** The page as it stands at the size of a phone, of a desktop and of 400 % zoom: axe, nothing sticks out, a picture of each. */
async function looked(tab, name, judge = (as) => world.accessible(tab, as)) {
  const own = tab.viewportSize();
  for (const [size, viewport] of [['phone', small.viewport], ['desktop', desktop], ['narrow', { width: 320, height: 640 }]]) {
    await tab.setViewportSize(viewport);
    await judge(`${name}-${size}`);
    assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is as wide as the ${size}`);
  }
  await tab.setViewportSize(own);
}

async function atTheBank(user, locale = 'en') {
  const tab = await (await pc({ locale })).newPage();
  await tab.goto(bank());
  await tab.locator('[autocomplete=username]').fill(user);
  await tab.locator('[autocomplete=current-password]').fill(people[user].password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  await tab.waitForURL(bank());
  return tab;
}

/** Asks the bank for something that the phone has to approve. */
async function send(tab, payee, amount = '1000') {
  if (tab.url() !== bank()) await tab.goto(bank());
  const form = tab.locator('form[action="/transfer"]');
  await form.locator('[name=payee]').fill(payee);
  await form.locator('[name=amount]').fill(amount);
  await form.locator('button').click();
  await tab.waitForURL(/\/transaction\//);
}

/** Takes back what was asked; done when the page that says so is there. */
async function takeBack(tab) {
  const button = tab.locator('form[action$="/cancel"] button');
  await button.click();
  await button.waitFor({ state: 'detached' });
}

const card = (phone) => phone.locator('#questions article');
const outcome = (phone) => phone.locator('#outcome article');
const tone = (phone) => outcome(phone).getAttribute('data-tone');
const focused = (phone) => phone.evaluate(() => document.activeElement.textContent);
/** Buttons that are filled: of these there is one, and it answers what is asked. */
const filled = (phone) => phone.locator('main button.primary:visible').allTextContents();
/** Buttons of a question whose words are broken into lines. */
const broken = (phone) => phone.locator('.acts button:visible').evaluateAll((buttons) => buttons.filter((button) => {
  const words = document.createRange();
  words.selectNodeContents(button);
  return new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
}).map(({ textContent }) => textContent));
const press = (phone, name) => phone.getByRole('button', { name, exact: true }).click();

/** Holds the button until the question is over. */
async function hold(phone) {
  await phone.locator('.hold').scrollIntoViewIfNeeded();
  const box = await phone.locator('.hold').boundingBox();
  await phone.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await phone.mouse.down();
  await card(phone).waitFor({ state: 'detached' });
  await phone.mouse.up();
}

for (const locale of ['en', 'ja']) {
  const say = says[locale];

  test(`one question is in focus, the others are counted, and each has its own end (${locale})`, async () => {
    const phone = await phoneOf(['alice'], { locale });
    const tab = await atTheBank('alice', locale);
    const other = await (await pc({ locale })).newPage();
    const number = await world.ask(other, 'alice');
    await card(phone).filter({ hasText: say.what }).waitFor();
    assert.match(await focused(phone), say.what, 'the focus is at the heading of the question');
    assert.deepEqual(await broken(phone), [], 'what a button says stands in one line');
    await looked(phone, `question-${locale}`);
    await send(tab, 'ACME 株式会社', '1250000');
    await phone.getByText(say.more).first().waitFor();
    assert.equal(await card(phone).count(), 1, 'one at a time');
    assert.ok(!(await phone.locator('#questions').textContent()).includes('ACME'));
    assert.equal(await phone.locator('#said').textContent(), say.more, 'said to those who listen');
    await looked(phone, `second-question-${locale}`);
    await looked(tab, `second-question-pc-${locale}`);

    // The wrong number: an error, in a card of its own, and the other one is not pushed under the finger.
    const offered = await phone.locator('.numbers button').allTextContents();
    await press(phone, offered.find((one) => one !== number));
    await outcome(phone).waitFor();
    assert.equal(await tone(phone), 'bad');
    assert.match(await focused(phone), say.wrong);
    assert.equal(await phone.locator('.notice:visible').count(), 0, 'never in a green box');
    assert.equal(await card(phone).count(), 0, 'and never above the next one');
    await looked(phone, `wrong-number-${locale}`);
    await looked(other, `wrong-number-pc-${locale}`);
    await phone.getByRole('button', { name: say.next }).click();
    await card(phone).filter({ hasText: say.transfer }).waitFor();
    assert.equal(await outcome(phone).count(), 0);
    assert.match(await focused(phone), say.transfer);
    assert.ok(!await phone.getByText(say.more).first().isVisible());

    // Taken back where it was asked.
    await takeBack(tab);
    await outcome(phone).filter({ hasText: say.back }).waitFor();
    assert.equal(await tone(phone), 'neutral');
    assert.match(await outcome(phone).textContent(), /ACME 株式会社\u00a0· 1,250,000 JPY/, 'no line begins with what stands between');
    await looked(phone, `taken-back-${locale}`);
    await press(phone, say.close);
    await phone.locator('#quiet').waitFor();
    assert.equal(await outcome(phone).count(), 0, 'until it is dismissed');

    // Nobody answers; the demo's exchange lapses within seconds.
    await tab.goto(bank());
    if (!await tab.locator('form[action="/exchange"]').isVisible()) await tab.locator('summary').click();
    await tab.locator('form[action="/exchange"] [name=amount]').fill('7000');
    await tab.locator('form[action="/exchange"] button').click();
    await card(phone).filter({ hasText: '7,000 JPY' }).waitFor();
    await outcome(phone).filter({ hasText: say.lapsed }).waitFor({ timeout: 30_000 });
    assert.equal(await tone(phone), 'neutral');
    await looked(phone, `lapsed-${locale}`);

    // The next question takes the place of how the last one ended.
    await send(tab, 'Another');
    await card(phone).filter({ hasText: 'Another' }).waitFor();
    assert.equal(await outcome(phone).count(), 0);
    await press(phone, say.deny);
    await outcome(phone).filter({ hasText: say.denied }).waitFor();
    assert.equal(await tone(phone), 'neutral');
    await looked(phone, `denied-${locale}`);
    await looked(tab, `denied-pc-${locale}`);

    // Approved: the one green card.
    await send(tab, 'The last');
    await card(phone).filter({ hasText: 'The last' }).waitFor();
    await looked(phone, `transfer-${locale}`);
    await hold(phone);
    await outcome(phone).filter({ hasText: say.approved }).waitFor();
    assert.equal(await tone(phone), 'good');
    await looked(phone, `approved-${locale}`);
    await tab.waitForURL(/\/done\/\d+$/);
    await Promise.all([tab, other, phone].map((one) => one.context().close()));
  });

  test(`a phone that is left in peace says why and until when, and its owner ends that (${locale}, T41)`, async () => {
    const phone = await phoneOf(['bob'], { locale });
    const tab = await atTheBank('bob', locale);
    for (const payee of ['one', 'two', 'three']) {
      await send(tab, payee);
      await card(phone).filter({ hasText: payee }).waitFor();
      await press(phone, say.deny);
      await outcome(phone).waitFor();
      await tab.locator(`a[href="${bank()}"]`).waitFor();
    }
    await send(tab, 'four');
    await phone.locator('.silence').waitFor();
    assert.match(await phone.locator('.silence').textContent(), say.silence);
    assert.equal(await card(phone).count(), 0, 'it is not rung');
    await looked(phone, `silence-${locale}`);
    await press(phone, say.ring);
    await phone.locator('.silence').waitFor({ state: 'detached' });
    await takeBack(tab);
    await send(tab, 'five');
    await card(phone).filter({ hasText: 'five' }).waitFor();
    await takeBack(tab);
    await outcome(phone).filter({ hasText: say.back }).waitFor();

    // A whole network, pressed in haste.
    const other = await (await pc({ locale })).newPage();
    await world.ask(other, 'bob');
    await card(phone).filter({ hasText: say.what }).waitFor();
    await phone.locator('[data-part=not-me]').click();
    await outcome(phone).filter({ hasText: say.denied }).waitFor();
    assert.equal(await tone(phone), 'neutral');
    await phone.locator('.silence').waitFor();
    assert.match(await phone.locator('.silence').textContent(), say.notMe);
    await looked(phone, `not-me-${locale}`);
    await press(phone, say.ring);
    await phone.locator('.silence').waitFor({ state: 'detached' });
    await world.ask(other, 'bob');
    await card(phone).filter({ hasText: say.what }).waitFor();
    await Promise.all([tab, other, phone].map((one) => one.context().close()));
  });

  test(`a login form that was used is not counted down, and says that it was (${locale}, R-106)`, async () => {
    const phone = await phoneOf(['alice'], { locale });
    await phone.locator('.release').click();
    await phone.locator('#forms .is-open').waitFor();
    assert.match(await phone.locator('#forms').textContent(), say.open);
    await looked(phone, `form-open-${locale}`);
    const tab = await (await pc({ locale })).newPage();
    await tab.goto(world.app('diary'));
    await tab.locator('[autocomplete=username]').fill('alice');
    await tab.locator('[autocomplete=current-password]').fill('wrong wrong wrong');
    await tab.locator('form:has([autocomplete=current-password]) button').click();
    await phone.locator('#forms').getByText(say.used).waitFor({ timeout: 5000 });
    assert.equal(await phone.locator('#forms .is-open').count(), 0);
    assert.equal((await filled(phone)).length, 1, 'nothing is asked: the form is what can be opened');
    await looked(phone, `form-used-${locale}`);
    await Promise.all([tab, phone].map((one) => one.context().close()));
  });
}

test('during a question the one filled button answers it, and the keyboard comes to it from its heading', async () => {
  const phone = await phoneOf(['alice']);
  const tab = await atTheBank('alice');
  assert.deepEqual(await filled(phone), ['Open the login form']);
  await send(tab, 'By keyboard');
  await card(phone).waitFor();
  assert.deepEqual(await filled(phone), ['Hold to approve']);
  assert.equal(await focused(phone), 'Transfer');
  await phone.keyboard.press('Tab');
  assert.equal((await focused(phone)).trim(), 'Hold to approve');
  await phone.keyboard.down('Enter');
  await outcome(phone).filter({ hasText: 'Approved.' }).waitFor();
  await phone.keyboard.up('Enter');
  assert.equal(await focused(phone), 'Approved.');
  await phone.keyboard.press('Tab');
  await phone.keyboard.press('Enter');
  await outcome(phone).waitFor({ state: 'detached' });
  assert.equal(await focused(phone), 'Approver', 'the focus is not lost with the card');
  await tab.waitForURL(/\/done\/\d+$/);

  // A user who types something else keeps the focus.
  await openSettings(phone);
  await phone.locator('#rename').fill('being typed');
  await send(tab, 'While typing');
  await phone.locator('#said').filter({ hasText: 'Transfer' }).waitFor({ state: 'attached' });
  assert.equal(await phone.evaluate(() => document.activeElement.id), 'rename');
  await takeBack(tab);
  await Promise.all([tab, phone].map((one) => one.context().close()));
});

test('the second question can be seen first, and neither is lost', async () => {
  const phone = await phoneOf(['alice']);
  const tab = await atTheBank('alice');
  await send(tab, 'The first');
  await card(phone).filter({ hasText: 'The first' }).waitFor();
  await send(tab, 'The second');
  await press(phone, 'Show the next one first');
  await card(phone).filter({ hasText: 'The second' }).waitFor();
  assert.ok(await phone.getByText('1 more waiting').first().isVisible());
  await hold(phone);
  await phone.getByRole('button', { name: 'Next question (1 waiting)' }).click();
  await card(phone).filter({ hasText: 'The first' }).waitFor();
  await hold(phone);
  await outcome(phone).filter({ hasText: 'Approved.' }).waitFor();
  await Promise.all([tab, phone].map((one) => one.context().close()));
});

test('nothing answers before its content was on the screen, to its end and for a moment', async () => {
  const phone = await phoneOf(['alice']);
  const tab = await atTheBank('alice');
  // Longer than the screen: the buttons stand below what they answer, wherever the page is scrolled to.
  await phone.setViewportSize({ width: 390, height: 420 });
  await send(tab, 'W'.repeat(180), '1'.padEnd(30, '0'));
  await card(phone).waitFor();
  for (const place of [0, 100, 250, 10_000]) {
    const { end, buttons } = await phone.evaluate((y) => {
      window.scrollTo(0, y);
      const box = (one) => one.getBoundingClientRect();
      const end = Math.max(...[...document.querySelectorAll('#questions :is(h2, dt, dd)')].map((one) => box(one).bottom));
      return { end, buttons: [...document.querySelectorAll('#questions .acts button')].filter((one) => one.checkVisibility()).map((one) => box(one).top) };
    }, place);
    assert.equal(buttons.length, 3);
    assert.ok(buttons.every((top) => top >= end), `scrolled to ${place}: ${buttons} below ${end}`);
  }
  // A finger that no eye has gone ahead of, and an assistive technology's click: brought to the end first.
  await phone.reload();
  await card(phone).waitFor();
  const seen = await phone.locator('.hold').evaluate((button) => {
    window.scrollTo(0, 0);
    button.dispatchEvent(new PointerEvent('pointerdown', { isPrimary: true, pointerId: 1 }));
    return { holding: button.classList.contains('holding'), hint: document.querySelector('[data-part=hint]').textContent };
  });
  assert.deepEqual(seen, { holding: false, hint: 'Read it to its end first.' });
  await takeBack(tab);
  await outcome(phone).waitFor();
  await press(phone, 'Close');

  // A click that was meant for what stood there before.
  await phone.setViewportSize(small.viewport);
  await phone.evaluate(() => {
    new MutationObserver(() => {
      for (const button of document.querySelectorAll('#questions [data-part=deny]')) button.click();
    }).observe(document.querySelector('#questions'), { childList: true });
  });
  await send(tab, 'Under the finger');
  await phone.locator('[data-part=deny][aria-disabled=false]').waitFor();
  assert.equal(await outcome(phone).count(), 0);
  await hold(phone);
  await tab.waitForURL(/\/done\/\d+$/);
  await Promise.all([tab, phone].map((one) => one.context().close()));
});

test('a question that changes under its own name is answered by nothing that stood for the other', async () => {
  const phone = await phoneOf(['alice']);
  const tab = await atTheBank('alice');
  // Somebody between gateway and eye says otherwise, from one moment to the next.
  await phone.evaluate(() => {
    const plain = window.fetch;
    window.fetch = async (...asked) => {
      const answer = await plain(...asked);
      if (!window.otherwise || !String(asked[0]).endsWith('/slots')) return answer;
      return new Response((await answer.text()).replaceAll('900,000 JPY', '9 JPY'), answer);
    };
  });
  await send(tab, 'Mallory', '900000');
  await card(phone).filter({ hasText: '900,000 JPY' }).waitFor();
  await phone.evaluate(() => {
    window.otherwise = true;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await outcome(phone).filter({ hasText: 'This question has changed' }).waitFor();
  assert.equal(await tone(phone), 'bad');
  assert.equal(await card(phone).count(), 0, 'no button is left for a finger on its way');
  await looked(phone, 'changed');
  await press(phone, 'Show it as it is now');
  await card(phone).filter({ hasText: '9 JPY' }).waitFor();
  const hold = phone.locator('.hold');
  await hold.focus();
  await phone.keyboard.down('Enter');
  await phone.locator('#trouble').filter({ hasText: 'not what was shown' }).waitFor();
  await phone.keyboard.up('Enter');
  assert.equal(await hold.getAttribute('aria-disabled'), 'true', 'nothing that is shown here can be answered');
  complaints.length = 0;
  await takeBack(tab);
  await tab.getByRole('heading', { name: 'Taken back' }).waitFor();
  await Promise.all([tab, phone].map((one) => one.context().close()));
});

test('colours alone say nothing: dark and with forced colours each end has its mark and its border', async () => {
  const phone = await phoneOf(['alice']);
  const tab = await atTheBank('alice');
  // What the system paints over axe does not see: there it is looked at.
  const picture = (as) => phone.screenshot({ path: join(world.shots, `${as}.png`), fullPage: true });
  for (const [name, media, judge] of [['dark', { colorScheme: 'dark' }, undefined], ['forced', { forcedColors: 'active' }, picture]]) {
    await phone.emulateMedia(media);
    await send(tab, name);
    await card(phone).filter({ hasText: name }).waitFor();
    await looked(phone, `transfer-${name}`, judge);
    await hold(phone);
    await outcome(phone).waitFor();
    await looked(phone, `approved-${name}`, judge);
    const marks = await outcome(phone).evaluate((one) => [...one.querySelectorAll('path')].filter((path) => getComputedStyle(path).display !== 'none').map((path) => path.dataset.tone));
    assert.deepEqual(marks, ['good']);
    assert.notEqual(await outcome(phone).evaluate((one) => getComputedStyle(one).borderTopWidth), '0px');
    await tab.waitForURL(/\/done\/\d+$/);
  }
  await Promise.all([tab, phone].map((one) => one.context().close()));
});

test('a phone that was away learns how it ended, and a second phone that the first has answered', async () => {
  const phone = await phoneOf(['alice']);
  const second = await (await handset()).newPage();
  await register(second, world.invite('alice'), 'second');
  const tab = await atTheBank('alice');
  await send(tab, 'On two phones');
  await Promise.all([card(phone).waitFor(), card(second).waitFor()]);
  await hold(phone);
  await outcome(second).filter({ hasText: 'Approved on another phone.' }).waitFor();
  assert.equal(await tone(second), 'neutral');
  await tab.waitForURL(/\/done\/\d+$/);
  await press(second, 'Close');
  await send(tab, 'While away');
  await Promise.all([card(phone).waitFor(), card(second).waitFor()]);
  await second.context().setOffline(true);
  await hold(phone);
  await second.context().setOffline(false);
  await outcome(second).filter({ hasText: 'Approved on another phone.' }).waitFor({ timeout: 15_000 });
  complaints.length = 0;
  await Promise.all([tab, phone, second].map((one) => one.context().close()));
});
