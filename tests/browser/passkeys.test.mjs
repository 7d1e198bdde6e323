// Passkeys in a real Chromium, with its virtual authenticator (CDP), and in a real Firefox with its soft token (Marionette): made on
// the account page, used without a user name, offered in the field of the user name, at check 6, renamed and removed.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, complaintsOf, handset, until } from './world.mjs';

let world, browser, app;

before(async () => {
  world = await World.demo('passkeys');
  app = createServer((request, response) => { response.end(`arrived as ${request.headers['remote-user']}`); });
  await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  const upstream = `upstream = ["http://127.0.0.1:${app.address().port}"]`;
  // The portal takes passkeys, too: the demo's own demands, with one method more each.
  const config = join(world.folder, 'sekisho.toml');
  const demands = 'primary_factor = { methods = ["password", "push"] }';
  const text = readFileSync(config, 'utf8');
  assert.ok(text.includes(demands));
  writeFileSync(config, text.replace(demands, 'primary_factor = { methods = ["password", "push", "passkey"] }\notp = { methods = ["totp", "recovery_code", "passkey"] }'));
  await world.again(`
[[app]]
name = "keys"
url = "https://keys.localhost:${world.port}"
${upstream}
[app.demands.primary_factor]
methods = ["password", "passkey"]
[app.demands.otp]
methods = ["totp", "passkey"]
[[app]]
name = "safe"
url = "https://safe.localhost:${world.port}"
${upstream}
[app.demands.primary_factor]
[app.demands.otp]
methods = ["passkey", "totp"]
[[app]]
name = "only"
url = "https://only.localhost:${world.port}"
${upstream}
[app.demands.primary_factor]
methods = ["passkey"]
`);
  for (const user of ['alice', 'bob']) world.command(['user', 'set-methods', user, 'push', 'password', 'passkey']);
  // The demo's certificate does not name the apps that were added.
  browser = await world.chromium(['--ignore-certificate-errors']);
});

after(async () => {
  await browser?.close();
  app?.close();
  await world?.end();
});

/** A tab with an authenticator of its own, whose owner touches it and proves to be its owner. */
async function device(options = {}) {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  const complaints = complaintsOf(tab, { but: /401|403|422/ });
  const cdp = await context.newCDPSession(tab);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const touches = (enabled) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  const verifies = (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  const credentials = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  return { context, tab, touches, verifies, credentials, complaints };
}

const box = '[data-passkey] form:not([hidden]) button';

/** Proves password and one-time password at the portal, which offers a passkey beside. */
async function signIn(tab, person) {
  await tab.locator('#user').fill(person.user);
  await tab.locator('#password').fill(person.password);
  await tab.locator('form:has(#password) button').first().click();
  await tab.locator('[autocomplete=one-time-code]').fill(await code(person.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').first().click();
}

/** Makes a passkey on the account page, after a password and a code. */
async function enrol({ tab }, person, name) {
  await tab.goto(world.app('auth', '/account/passkeys/add'));
  await signIn(tab, person);
  await tab.locator('[data-passkey=create] form:not([hidden])').waitFor();
  await tab.locator('#passkey-name').fill(name);
  await tab.locator(box).click();
  await tab.getByText('The passkey is added').waitFor();
}

async function signOut({ context, tab }) {
  await context.clearCookies();
  await tab.goto('about:blank');
}

test('Chromium: made, offered in the field of the name, used by a button, renamed and removed', async () => {
  const laptop = await device();
  const { tab, touches, credentials, complaints } = laptop;
  await tab.goto(world.app('auth', '/account/passkeys/add'));
  await signIn(tab, world.people.alice);
  await tab.locator('[data-passkey=create] form:not([hidden])').waitFor();
  await world.accessible(tab, 'make');
  await tab.locator('#passkey-name').fill('Laptop');
  await tab.locator(box).click();
  await tab.getByText('The passkey is added').waitFor();
  await world.accessible(tab, 'list');
  const made = await credentials();
  assert.equal(made.length, 1);
  assert.ok(made[0].isResidentCredential, 'discoverable (W14)');
  assert.equal(made[0].rpId, 'auth.localhost');
  assert.equal(Buffer.from(made[0].userHandle, 'base64').length, 16, 'a random handle (W9)');

  // Conditional: the field offers it, and the virtual authenticator answers at once (W18). No name, no password, no code.
  await signOut(laptop);
  // The answer may come before the page is loaded, and leads away from it.
  await tab.goto(world.app('keys', '/page?x=1'), { waitUntil: 'commit' });
  await tab.waitForURL(world.app('keys', '/page?x=1'));
  assert.equal(await tab.textContent('body'), 'arrived as alice');

  // By the button: the conditional request is ended first, since a second one beside it would be refused (W11).
  await signOut(laptop);
  await touches(false);
  await tab.goto(world.app('keys', '/button'));
  assert.equal(await tab.locator('#user').getAttribute('autocomplete'), 'username webauthn');
  await world.accessible(tab, 'password-and-passkey');
  // Presence counts for requests that begin after it: the conditional one goes on waiting, the button's is answered.
  await touches(true);
  await tab.locator(box).click();
  await tab.waitForURL(world.app('keys', '/button'));

  // An app of passkeys alone has one button.
  await signOut(laptop);
  await tab.goto(world.app('only', '/'));
  await tab.locator(box).waitFor();
  await world.accessible(tab, 'passkey-alone');
  await tab.locator(box).click();
  await tab.waitForURL(world.app('only', '/'));

  // Check 6 after a password, of the person who is known by then.
  await signOut(laptop);
  const toCheck6 = async () => {
    await tab.goto(world.app('safe', '/'));
    await tab.locator('[autocomplete=username]').fill('alice');
    await tab.locator('[autocomplete=current-password]').fill(world.people.alice.password);
    await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  };
  // A code was the last second factor; the passkey is one click away, and the first one from then on.
  await toCheck6();
  await tab.getByText('Use a passkey instead').click();
  await tab.getByRole('heading', { name: 'Use your passkey' }).waitFor();
  await tab.locator(box).click();
  await tab.waitForURL(world.app('safe', '/'));
  await signOut(laptop);
  await toCheck6();
  await tab.getByRole('heading', { name: 'Use your passkey' }).waitFor();
  await world.accessible(tab, 'second-factor');
  await tab.locator(box).click();
  await tab.waitForURL(world.app('safe', '/'));

  // The same device again, signed in by its passkey, which is two factors: it says itself that it has one (W8).
  await signOut(laptop);
  await tab.goto(world.app('auth', '/account/passkeys/add'));
  await tab.locator('[data-passkey=create] form:not([hidden])').waitFor();
  await tab.locator(box).click();
  await tab.getByText('This device is registered already.').waitFor();

  // Another name, and away with it: the browser learns that and forgets the key (W3).
  await tab.goto(world.app('auth', '/account/passkeys'));
  await tab.locator('summary').filter({ hasText: 'Rename' }).click();
  await tab.locator('form[action$=rename] input[name=name]').fill('Old laptop');
  await tab.getByRole('button', { name: 'Save the name' }).click();
  await tab.getByRole('heading', { name: 'Old laptop' }).waitFor();
  assert.equal((await credentials()).length, 1, 'the complete list deletes nothing');
  await tab.getByRole('button', { name: /^Remove/ }).click();
  await tab.getByText('The passkey is removed').waitFor();
  await until('the browser forgot it', async () => (await credentials()).length === 0);
  assert.deepEqual(complaints, []);
  await laptop.context.close();
});

test('Chromium: a removed or foreign passkey is refused in words, and one that verifies nobody is not used', async () => {
  const phone = await device({ ...handset });
  const { tab, touches, verifies, complaints } = phone;
  await enrol(phone, world.people.bob, 'Phone');
  await world.accessible(tab, 'list-phone');
  await signOut(phone);
  // UV fails: the browser itself says no.
  await verifies(false);
  await tab.goto(world.app('only', '/'));
  await tab.locator(box).click();
  await tab.locator('[data-problem=NotAllowedError]:not([hidden])').waitFor();
  await world.accessible(tab, 'not-given');
  await verifies(true);
  // Removed by an administrator meanwhile; its link makes a new one on another device.
  const link = world.command(['user', 'reset-factor', 'bob', 'passkeys']).url;
  await tab.locator(box).click();
  await tab.getByText('That passkey was not accepted').waitFor();
  await world.accessible(tab, 'refused');
  const other = await device({ locale: 'ja' });
  await other.tab.goto(link);
  await other.tab.locator('[data-passkey=create] form:not([hidden])').waitFor();
  await world.accessible(other.tab, 'link-ja');
  await other.tab.locator(box).click();
  await other.tab.waitForURL(/invitation\/done/);
  await other.tab.goto(world.app('only', '/'));
  await other.tab.locator(box).click();
  await other.tab.waitForURL(world.app('only', '/'));
  assert.equal(await other.tab.textContent('body'), 'arrived as bob');
  assert.deepEqual([...complaints, ...other.complaints], []);
  void touches;
  await phone.context.close();
  await other.context.close();
});

test('without script every page says that passkeys need it, and has its other ways', async () => {
  const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(world.app('keys', '/'));
  // Switched off from outside, Chromium still parses noscript as a text: it is in the page, and no element.
  assert.match(await tab.locator('[data-passkey] noscript').textContent(), /Passkeys need JavaScript/);
  assert.equal(await tab.locator('[data-passkey] form').isVisible(), false);
  await tab.locator('[autocomplete="username webauthn"]').fill('alice');
  await tab.locator('[autocomplete=current-password]').fill(world.people.alice.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  await tab.locator('[autocomplete=one-time-code]').waitFor();
  await context.close();
});

/** Firefox by Marionette, whose virtual authenticator (soft token) WebDriver BiDi does not have. */
class Marionette {
  static async start() {
    const fox = new Marionette();
    fox.profile = mkdtempSync(join(tmpdir(), 'sekisho-firefox-'));
    fox.port = await new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); }); });
    writeFileSync(join(fox.profile, 'user.js'), [
      `user_pref("marionette.port", ${fox.port});`, 'user_pref("security.webauth.webauthn_enable_softtoken", true);',
      'user_pref("security.webauth.webauthn_enable_usbtoken", false);', 'user_pref("network.dns.localDomains", "auth.localhost,keys.localhost,only.localhost,safe.localhost");',
      'user_pref("intl.accept_languages", "en");', 'user_pref("browser.shell.checkDefaultBrowser", false);', 'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
    ].join('\n'));
    execFileSync('certutil', ['-N', '-d', `sql:${fox.profile}`, '--empty-password']);
    execFileSync('certutil', ['-A', '-d', `sql:${fox.profile}`, '-n', 'demo', '-t', 'C,,', '-i', join(world.folder, 'authority.pem')]);
    fox.child = spawn('/usr/bin/firefox-esr', ['--headless', '--marionette', '--no-remote', '--profile', fox.profile], { stdio: 'ignore' });
    await until('Firefox listens', () => new Promise((resolve) => {
      const socket = createConnection(fox.port, '127.0.0.1');
      socket.on('connect', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    }), 60_000);
    fox.socket = createConnection(fox.port, '127.0.0.1');
    fox.waiting = new Map();
    fox.buffer = Buffer.alloc(0);
    fox.socket.on('data', (data) => fox.read(data));
    await fox.send('WebDriver:NewSession', { capabilities: { alwaysMatch: { acceptInsecureCerts: false } } });
    return fox;
  }

  /** `LENGTH:[1, id, error, result]`, any number of them. */
  read(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const colon = this.buffer.indexOf(':');
      const length = Number(this.buffer.subarray(0, colon));
      if (colon < 0 || this.buffer.length < colon + 1 + length) return;
      const message = JSON.parse(this.buffer.subarray(colon + 1, colon + 1 + length));
      this.buffer = this.buffer.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      const waits = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) waits.reject(new Error(`${error.error}: ${error.message}`)); else waits.resolve(result);
    }
  }

  send(command, parameters = {}) {
    this.id = (this.id ?? 0) + 1;
    const text = JSON.stringify([0, this.id, command, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => { this.waiting.set(this.id, { resolve, reject }); });
  }

  async run(script, ...args) {
    return (await this.send('WebDriver:ExecuteScript', { script, args })).value;
  }

  goto(url) {
    return this.send('WebDriver:Navigate', { url });
  }

  /** Fills fields by their selectors and submits the form of the first one. */
  async fill(fields) {
    const [first] = Object.keys(fields);
    await until(`Firefox shows ${first}`, () => this.run('return Boolean(document.querySelector(arguments[0]))', first));
    await this.run('for (const [where, what] of Object.entries(arguments[0])) document.querySelector(where).value = what; document.querySelector(arguments[1]).form.querySelector("button").click();', fields, first);
  }

  async press(selector) {
    await until(`Firefox shows ${selector}`, () => this.run('return Boolean(document.querySelector(arguments[0]))', selector));
    await this.run('document.querySelector(arguments[0]).click()', selector);
  }

  shows(text) {
    // A script that a page is left under answers null.
    return until(`Firefox shows ${text}`, async () => Boolean((await this.run('return document.body?.innerText ?? ""'))?.includes(text)));
  }

  async end() {
    this.socket?.destroy();
    this.child?.kill();
    await new Promise((resolve) => { if (!this.child || this.child.exitCode !== null) resolve(); else this.child.on('exit', resolve); });
    rmSync(this.profile, { recursive: true, force: true });
  }
}

test('Firefox: made and used with its soft token; one that verifies nobody is refused here, by the UV bit (W7)', { timeout: 180_000 }, async () => {
  const fox = await Marionette.start();
  try {
    const person = world.people.alice;
    const authenticator = (isUserVerified) => fox.send('WebAuthn:AddVirtualAuthenticator', {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: isUserVerified, isUserConsenting: true, isUserVerified,
    });
    const { value: blind } = await authenticator(false);
    await fox.goto(world.app('auth', '/account/passkeys/add'));
    await fox.fill({ '#user': person.user, '#password': person.password });
    await fox.fill({ '[autocomplete=one-time-code]': await code(person.key) });
    await fox.press('[data-passkey=create] form:not([hidden]) button');
    await fox.shows('Your device did not check that it is you');
    await fox.send('WebAuthn:RemoveVirtualAuthenticator', { authenticatorId: blind });
    await authenticator(true);
    await fox.press('[data-passkey=create] form:not([hidden]) button');
    await fox.shows('The passkey is added');
    const made = world.command(['user', 'show', 'alice']).passkeys;
    assert.deepEqual(made.map(({ rp_id: domain, model }) => [domain, model]), [['auth.localhost', null]]);

    await fox.send('WebDriver:DeleteAllCookies');
    await fox.goto(world.app('auth', '/'));
    await fox.press('[data-passkey=use] form:not([hidden]) button');
    await fox.shows('Notice board');
    assert.ok(world.command(['user', 'show', 'alice']).passkeys[0].last_used_at);
  } finally {
    await fox.end();
  }
});
