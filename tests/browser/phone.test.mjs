// A PC and a phone at once, in a real Chromium, before `sekisho demo`: sign-in by number, approve, deny and wrong number,
// two users on one phone, another phone approved by the first, a login form that is shut until the phone opens it.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { code } from './totp.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const shots = join(root, 'target', 'screenshots', 'phone');
let demo, folder, port, browser, people, links;

const free = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const app = (name, path = '/') => `https://${name}.localhost:${port}${path}`;
const pc = (options = {}) => browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
const handset = (options = {}) => browser.newContext({ locale: 'en', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, ...options });

before(async () => {
  mkdirSync(shots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'sekisho-phone-'));
  port = await free();
  demo = spawn(process.env.SEKISHO ?? join(root, 'target/debug/sekisho'), ['demo', '--dir', folder, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  demo.stdout.on('data', (text) => { said += text; });
  for (let tries = 0; !said.includes('Ctrl-C ends it') && tries < 600 && demo.exitCode === null; tries += 1) await wait(100);
  people = Object.fromEntries(JSON.parse(readFileSync(join(folder, 'people.json'), 'utf8')).map((one) => [one.user, one]));
  links = Object.fromEntries([...said.matchAll(/^ +(\w+) +(https:\S+#add=\S+)/gm)].map(([, user, link]) => [user, link]));
  assert.ok(links.alice && links.bob, said);
  const spki = execFileSync('sh', ['-c', `openssl x509 -in ${folder}/authority.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`]).toString().trim();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [`--ignore-certificate-errors-spki-list=${spki}`, '--disable-gpu', '--disable-background-networking'] });
});

after(async () => {
  await browser?.close();
  demo?.kill('SIGINT');
  await new Promise((resolve) => { if (!demo || demo.exitCode !== null) resolve(); else demo.on('exit', resolve); });
  rmSync(folder, { recursive: true, force: true });
});

/** axe on the page as it stands; colours and all. */
async function accessible(tab, name) {
  const { violations } = await new AxeBuilder({ page: tab }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], name);
  await tab.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

/** Registers this phone by a link. */
async function register(phone, link, name) {
  await phone.goto('about:blank');
  await phone.goto(link);
  await phone.locator('#name').fill(name);
  await phone.locator('#add-form button').click();
  await phone.locator('#told').filter({ hasText: /registered|登録しました/ }).waitFor();
  assert.ok(!phone.url().includes('#'), 'the link is out of the address');
}

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
  const complaints = [];
  phone.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
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
  assert.match(await tab.locator('h1').textContent(), /Hello, alice/);
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
  // This browser runs no script: the page shows itself anew.
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
  assert.match(await tab.locator('h1').textContent(), /Hello, bob/);
  await Promise.all([office, pocket].map((one) => one.close()));
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
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'shut and wrong are told alike');

  // The link of the start is used: another phone of Alice's is added when her first approves. Here an administrator's.
  const link = JSON.parse(execFileSync(process.env.SEKISHO ?? join(root, 'target/debug/sekisho'), ['push', 'invite', 'alice', '--config', join(folder, 'sekisho.toml'), '--json'])).url;
  await register(phone, link, 'second');
  await phone.locator('#forms .is-open, #forms article').first().waitFor();
  await accessible(phone, 'approver-form');
  await phone.reload();
  await phone.locator('#forms .is-open').waitFor();
  await accessible(phone, 'approver-form-open');
  await try_with(people.alice.password);
  await tab.waitForURL(app('diary'));
  assert.match(await tab.locator('h1').textContent(), /Hello, alice/);

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
  const link = JSON.parse(execFileSync(process.env.SEKISHO ?? join(root, 'target/debug/sekisho'), ['push', 'invite', 'bob', '--config', join(folder, 'sekisho.toml'), '--json'])).url;
  await register(phone, link, 'first of Bob');
  await tab.goto(app('auth', '/account/approvers'));
  await tab.locator('[autocomplete=username]').fill('bob');
  await tab.locator('[autocomplete=current-password]').fill(people.bob.password);
  await tab.locator('form:has([autocomplete=current-password]) button').click();
  await tab.locator('[autocomplete=one-time-code]').fill(await code(people.bob.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button').click();
  await tab.getByText('first of Bob').first().waitFor();
  await accessible(tab, 'account-phones');
  await tab.getByRole('button', { name: 'Add a phone' }).click();
  await tab.locator('[data-wait]').waitFor();
  await accessible(tab, 'account-phone-waits');
  await question(phone, 'bob').getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.locator('svg.qr').waitFor();
  await accessible(tab, 'account-phone-link');
  await Promise.all([office, pocket].map((one) => one.close()));
});
