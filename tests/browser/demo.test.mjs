// The demo in a real Chromium, as a person meets it: sign-in with password and one-time password, two tabs, enrolment of
// another authenticator, phone size, Japanese; with JavaScript off, since no page may need it. axe looks at each page.

import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { violations } from './axe.mjs';
import { code, totp, used } from './totp.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const shots = join(root, 'target', 'screenshots', 'demo');
let demo, folder, port, browser, people;

const free = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const app = (name, path = '/') => `https://${name}.localhost:${port}${path}`;
const context = (options = {}) => browser.newContext({ javaScriptEnabled: false, locale: 'en', viewport: { width: 1280, height: 900 }, ...options });

async function signIn(tab, who) {
  await tab.locator('[autocomplete=username]').fill(who.user);
  await tab.locator('[autocomplete=current-password]').fill(who.password);
  await tab.locator('form:has([autocomplete=current-password]) button').click();
  await tab.locator('[autocomplete=one-time-code]').fill(await code(who.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').click();
  // The form ends at a page of the portal, from which the browser goes on by itself.
  await tab.waitForURL((url) => !url.searchParams.has('sent'));
}

/** axe runs in a context of its own: it needs JavaScript, the pages do not. */
async function accessible(url, cookies, language) {
  const own = await browser.newContext({ locale: language, bypassCSP: true });
  await own.addCookies(cookies);
  const tab = await own.newPage();
  await tab.goto(url);
  const found = await violations(tab);
  await own.close();
  assert.deepEqual(found.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], url);
}

before(async () => {
  mkdirSync(shots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'sekisho-browser-'));
  port = await free();
  demo = spawn(process.env.SEKISHO ?? join(root, 'target/debug/sekisho'), ['--lang', 'en', 'demo', '--dir', folder, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  demo.stdout.on('data', (text) => { said += text; });
  for (let tries = 0; !said.includes('Ctrl-C ends it') && tries < 600 && demo.exitCode === null; tries += 1) await wait(100);
  assert.ok(existsSync(join(folder, 'people.json')), said);
  people = Object.fromEntries(JSON.parse(readFileSync(join(folder, 'people.json'), 'utf8')).map((one) => [one.user, one]));
  const spki = execFileSync('sh', ['-c', `openssl x509 -in ${folder}/authority.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`]).toString().trim();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [`--ignore-certificate-errors-spki-list=${spki}`, '--disable-gpu', '--disable-background-networking'] });
});

after(async () => {
  await browser?.close();
  demo?.kill('SIGINT');
  await new Promise((resolve) => { if (!demo || demo.exitCode !== null) resolve(); else demo.on('exit', resolve); });
  rmSync(folder, { recursive: true, force: true });
});

test('a browser signs in with password and one-time password and the app names the user', async () => {
  const own = await context();
  const tab = await own.newPage();
  await tab.goto(app('app', '/page?x=1'));
  assert.match(tab.url(), /^https:\/\/auth\.localhost/);
  await tab.screenshot({ path: join(shots, 'sign-in-en.png') });
  await signIn(tab, people.alice);
  assert.equal(tab.url(), app('app', '/page?x=1'));
  await tab.locator('h1').filter({ hasText: /Hello, alice/ }).waitFor();
  await tab.screenshot({ path: join(shots, 'app.png') });
  // A note posted from the page arrives.
  await tab.locator('[name=note]').fill('関所を越えて');
  await tab.locator('form:has([name=note]) button').click();
  assert.match(await tab.locator('.done').textContent(), /関所を越えて/);
  // The launcher and the account, accessible.
  const cookies = await own.cookies();
  for (const path of ['/', '/account', '/account/sessions', '/account/browsers', '/account/authenticator', '/account/recovery-codes', '/sign-out']) {
    await accessible(app('auth', path), cookies, 'en');
    await accessible(app('auth', path), cookies, 'ja');
  }
  await own.close();
});

test('two tabs each end where they started', async () => {
  const own = await context();
  const [one, two] = [await own.newPage(), await own.newPage()];
  await one.goto(app('app', '/one'));
  await two.goto(app('app', '/two'));
  await signIn(two, people.bob);
  assert.equal(two.url(), app('app', '/two'));
  await one.reload();
  assert.equal(one.url(), app('app', '/one'));
  await own.close();
});

test('a wrong password is reported plainly, on a phone, in Japanese', async () => {
  const own = await context({ locale: 'ja', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const tab = await own.newPage();
  await tab.goto(app('app'));
  assert.equal(await tab.locator('html').getAttribute('lang'), 'ja');
  await tab.locator('[autocomplete=username]').fill('alice');
  await tab.locator('[autocomplete=current-password]').fill('wrong wrong wrong');
  await tab.locator('form:has([autocomplete=current-password]) button').click();
  await tab.locator('[role=alert]').waitFor();
  await tab.screenshot({ path: join(shots, 'wrong-password-ja-phone.png') });
  await accessible(tab.url(), [], 'ja');
  await own.close();
});

test('another authenticator is enrolled, confirmed by its code, and the old one is good no more', async () => {
  const own = await context();
  const tab = await own.newPage();
  await tab.goto(app('auth'));
  await signIn(tab, people.admin);
  await tab.goto(app('auth', '/account/authenticator/enrol'));
  if (await tab.locator('[autocomplete=current-password]').count()) await signIn(tab, people.admin);
  await tab.screenshot({ path: join(shots, 'enrol.png'), fullPage: true });
  assert.ok(await tab.locator('svg').count(), 'a QR code is shown');
  const key = (await tab.locator('body').textContent()).match(/(?:[A-Z2-7]{4} ?){8}/)[0].replaceAll(' ', '');
  await tab.locator('[autocomplete=one-time-code]').fill(totp(key));
  used.set(key, Math.floor(Date.now() / 30000));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').click();
  // A click does not wait for the answer: only then the new one is enrolled.
  await tab.locator('[autocomplete=one-time-code]').waitFor({ state: 'detached' });
  const old = people.admin.key;
  const again = await context();
  const fresh = await again.newPage();
  await fresh.goto(app('app'));
  await signIn(fresh, { ...people.admin, key: old });
  await fresh.locator('[role=alert]').waitFor();
  assert.equal(await fresh.locator('[autocomplete=one-time-code]').count(), 1, 'the old authenticator is refused');
  await fresh.locator('[autocomplete=one-time-code]').fill(await code(key));
  await fresh.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').click();
  await fresh.locator('h1').filter({ hasText: /Hello, admin/ }).waitFor();
  await own.close();
  await again.close();
});

test('a client certificate is asked for on its own host only, and its absence is reported as check 2', async () => {
  const own = await context();
  const tab = await own.newPage();
  const response = await tab.goto(app('cert'));
  assert.equal(response.status(), 403);
  await tab.screenshot({ path: join(shots, 'certificate-missing.png') });
  await own.close();
});
