// What the browser tests stand on: `sekisho demo` in a folder of its own on a free port, or the gateway alone on that
// demo's state with more in its config; a Chromium that believes the demo's authority; the steps that every test takes.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { violations } from './axe.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sekisho = process.env.SEKISHO ?? join(root, 'target/debug/sekisho');

export const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Waits until something is so. */
export async function until(what, is, milliseconds = 20_000) {
  const end = Date.now() + milliseconds;
  while (!await is()) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(50);
  }
}

const free = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Whether somebody listens: at a port of loopback, or at a socket's path. */
const listens = (place) => new Promise((resolve) => {
  const socket = createConnection(typeof place === 'number' ? { port: place, host: '127.0.0.1' } : { path: place });
  socket.on('connect', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

const ended = (child) => new Promise((resolve) => { if (!child || child.exitCode !== null) resolve(); else child.on('exit', resolve); });

export class World {
  /** Starts `sekisho demo`; `name` names its folder and that of its pictures. */
  static async demo(name) {
    const world = new World();
    world.shots = join(root, 'target', 'screenshots', name);
    mkdirSync(world.shots, { recursive: true });
    world.folder = mkdtempSync(join(tmpdir(), `sekisho-${name}-`));
    world.port = await free();
    world.gateway = spawn(sekisho, ['--lang', 'en', 'demo', '--dir', world.folder, '--listen', `127.0.0.1:${world.port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    world.gateway.stdout.on('data', (text) => { said += text; });
    await until('the demo is there', () => said.includes('Ctrl-C ends it') || world.gateway.exitCode !== null, 60_000);
    world.people = Object.fromEntries(JSON.parse(readFileSync(join(world.folder, 'people.json'), 'utf8')).map((one) => [one.user, one]));
    world.links = Object.fromEntries([...said.matchAll(/^ +(\w+) +(https:\S+#add=\S+)/gm)].map(([, user, link]) => [user, link]));
    assert.ok(world.links.alice && world.links.bob, said);
    const command = `openssl x509 -in ${world.folder}/authority.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`;
    world.flags = [`--ignore-certificate-errors-spki-list=${execFileSync('sh', ['-c', command]).toString().trim()}`, '--disable-gpu', '--disable-background-networking'];
    return world;
  }

  /** The gateway alone on the same state, with more in its config; nothing stands behind it any more. `change` is done to its
   *  folder while it does not run. */
  async again(more, change = () => {}) {
    this.gateway.kill('SIGINT');
    await ended(this.gateway);
    change();
    appendFileSync(join(this.folder, 'sekisho.toml'), more);
    this.gateway = spawn(sekisho, ['run', '--config', join(this.folder, 'sekisho.toml')], { stdio: ['ignore', process.env.LOUD ? 'inherit' : 'ignore', process.env.LOUD ? 'inherit' : 'ignore'] });
    await until('the gateway listens', () => this.gateway.exitCode !== null || listens(this.port));
    await until('it takes commands', () => this.gateway.exitCode !== null || listens(join(this.folder, 'state', 'control.sock')));
    assert.equal(this.gateway.exitCode, null, 'the gateway runs');
  }

  async end() {
    this.gateway?.kill('SIGINT');
    await ended(this.gateway);
    rmSync(this.folder, { recursive: true, force: true });
  }

  chromium(flags = []) {
    return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...this.flags, ...flags] });
  }

  /** An address of an app, or of the portal, which is called `auth`. */
  app(name, path = '/') {
    return `https://${name}.localhost:${this.port}${path}`;
  }

  /** What a command of the gateway answers. */
  command(line) {
    return JSON.parse(execFileSync(sekisho, [...line, '--config', join(this.folder, 'sekisho.toml'), '--json']));
  }

  /** A one-time link that registers a phone, from an administrator. */
  invite(user) {
    return this.command(['push', 'invite', user]).url;
  }

  /** Asks the phone of somebody from the calendar, in a browser that is not registered: the number that it shows. */
  async ask(tab, user, path = '/') {
    await tab.goto(this.app('phone', path));
    await tab.locator('[autocomplete=username]').fill(user);
    await tab.locator('form:has([autocomplete=username]) button').click();
    return digits(tab);
  }

  /** axe on the page as it stands, colours and all, and a picture of it. */
  async accessible(tab, name) {
    const found = await violations(tab);
    assert.deepEqual(found.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], name);
    await tab.screenshot({ path: join(this.shots, `${name}.png`), fullPage: true });
  }
}

/** The number that a page shows, as it is written there and not as it is spelled to who listens. */
export async function digits(tab) {
  const shown = tab.locator('.number');
  await shown.waitFor();
  return shown.evaluate((element) => (element.querySelector('[aria-hidden]') ?? element).textContent.replaceAll(/\D/g, ''));
}

/**
 * What the console and the scripts of a tab's pages complain about, as it comes, `but` for what a test expects. The icon of
 * a page that was left while the browser still fetched it is not counted: it is asked for from `about:blank` then, and refused.
 */
export function complaintsOf(tab, { into: complaints = [], but = /^$/ } = {}) {
  const ofIcon = (message) => `${message.text()} ${message.location().url}`.includes('/favicon.ico');
  tab.on('console', (message) => { if (message.type() === 'error' && !ofIcon(message) && !but.test(message.text())) complaints.push(message.text()); });
  tab.on('pageerror', (error) => { complaints.push(error.message); });
  return complaints;
}

/** Opens the settings of a phone's page. What arrives at this very moment moves what is about to be pressed: a person presses again. */
export async function openSettings(phone) {
  await until('the settings of the phone are open', async () => {
    if (await phone.locator('#more').evaluate((more) => more.open)) return true;
    await phone.locator('#more summary').click();
    return false;
  });
}

/** Registers the phone of this page by a link. */
export async function register(phone, link, name) {
  await phone.goto('about:blank');
  await phone.goto(link);
  await phone.locator('#name').fill(name);
  await phone.locator('#add-form button').click();
  await phone.locator('#status').filter({ hasText: /registered|登録しました/ }).waitFor();
  assert.ok(!phone.url().includes('#'), 'the link is out of the address');
}

/** Proves password and one-time password on the page that asks for them. */
export async function signIn(tab, person, code) {
  await tab.locator('[autocomplete=username]').fill(person.user);
  await tab.locator('[autocomplete=current-password]').fill(person.password);
  await tab.locator('form:has([autocomplete=current-password]) button').first().click();
  await tab.locator('[autocomplete=one-time-code]').fill(await code(person.key));
  await tab.locator('form:has([autocomplete=one-time-code]) button:not([data-copy])').first().click();
}

/** A phone's way to hold a browser. */
export const handset = { locale: 'en', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
