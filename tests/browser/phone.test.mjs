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
  // The page notices that another phone has come by the link, and says so.
  const second = await handset();
  const added = await tab.locator('.address a').getAttribute('href');
  await register(await second.newPage(), added, 'second of Bob');
  await tab.getByText('The phone has been registered.').waitFor();
  await tab.getByText('second of Bob').first().waitFor();
  await Promise.all([office, pocket, second].map((one) => one.close()));
});

test('right after it is registered a phone asks whether it may notify, and no later', async () => {
  const pocket = await handset();
  const phone = await pocket.newPage();
  // A browser without a window asks nobody: what a person would press is answered here.
  await phone.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => window.permitted ?? 'default' });
    Notification.requestPermission = async () => { window.permitted = 'denied'; return window.permitted; };
  });
  await register(phone, world.invite('admin'), 'asks');
  await phone.locator('#be-notified').waitFor();
  await accessible(phone, 'be-notified');
  await phone.getByRole('button', { name: 'Notify me', exact: true }).click();
  await phone.locator('#trouble').filter({ hasText: 'cannot be notified' }).waitFor();
  assert.ok(await phone.locator('#be-notified').isHidden());
  await phone.reload();
  await phone.locator('#more').waitFor();
  assert.ok(await phone.locator('#be-notified').isHidden(), 'asked once, right after it was registered');
  world.command(['push', 'unregister', 'admin']);
  await pocket.close();
});

test('an iPhone is told to go by the home screen, and the link is pasted there', async () => {
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
  const link = world.invite('admin');
  const safari = await handset({ userAgent });
  await safari.grantPermissions(['clipboard-read', 'clipboard-write']);
  const tab = await safari.newPage();
  await tab.goto(link);
  await tab.locator('#home-first').waitFor();
  await accessible(tab, 'home-first');
  await tab.getByRole('button', { name: 'Copy the link' }).click();
  await tab.locator('#status').filter({ hasText: 'The link is copied.' }).waitFor();
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), link);
  // The page of the home screen keeps its own key: another browser, as far as anybody can see.
  const home = await handset({ userAgent });
  const phone = await home.newPage();
  await phone.addInitScript(() => { Object.defineProperty(navigator, 'standalone', { get: () => true }); });
  await phone.goto(app('auth', '/approver/'));
  await phone.locator('#empty').waitFor();
  await phone.locator('#link').fill('https://example.com/');
  await phone.locator('#link-form button').click();
  await phone.locator('#trouble').filter({ hasText: 'no link for registering' }).waitFor();
  await phone.locator('#link').fill(link);
  await phone.locator('#link-form button').click();
  await phone.locator('#add-form').waitFor();
  assert.ok(await phone.locator('#home-first').isHidden(), 'it is there already');
  await phone.locator('#name').fill('from home');
  await phone.locator('#add-form button').click();
  await phone.locator('#status').filter({ hasText: 'registered' }).waitFor();
  world.command(['push', 'unregister', 'admin']);
  await Promise.all([safari, home].map((one) => one.close()));
});

test('the page that waits says where the approver is, and it is the same for a name that nobody has', async () => {
  const office = await pc();
  const tab = await office.newPage();
  const shown = [];
  for (const user of ['bob', 'nobody']) {
    await ask(tab, user);
    await tab.locator('[data-wait]').waitFor();
    await tab.locator('[data-wait] details summary').click();
    await tab.locator('[data-wait] details svg.qr').waitFor();
    await accessible(tab, `where-${user}`);
    shown.push(await tab.locator('[data-wait] details').innerHTML());
    await office.clearCookies();
  }
  assert.equal(shown[0], shown[1]);
  assert.ok(shown[0].includes(app('auth', '/approver/')));
  await office.close();
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
