// A world whose app `cert` is a ledger that demands certificates which the gateway issues, and the computers of people: each an
// NSS database with a Chromium of its own. Chromium asks a person which certificate to show: a policy answers it for the time
// of a test. The policy says the same in every test, so that two of them can stand beside each other.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { World } from './world.mjs';

const policies = '/etc/chromium/policies/managed';
const asRoot = (command, input) => execFileSync(process.getuid() === 0 ? command[0] : 'sudo', process.getuid() === 0 ? command.slice(1) : command, { input, stdio: ['pipe', 'ignore', 'inherit'] });

export class Ledger {
  static async open(name) {
    const ledger = new Ledger();
    ledger.policy = join(policies, `sekisho-${name}-${process.pid}.json`);
    ledger.computers = [];
    ledger.world = await World.demo(name);
    ledger.app = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Ledger</title><h1>Ledger of ${request.headers['remote-user']}</h1>`));
    await new Promise((resolve) => { ledger.app.listen(0, '127.0.0.1', resolve); });
    ledger.home = mkdtempSync(join(tmpdir(), 'sekisho-home-'));
    asRoot(['mkdir', '-p', policies]);
    const url = JSON.stringify({ pattern: 'https://cert.localhost:*', filter: {} });
    asRoot(['tee', ledger.policy], JSON.stringify({ AutoSelectCertificateForUrls: [url] }));
    return ledger;
  }

  async end() {
    asRoot(['rm', '-f', this.policy]);
    await Promise.all(this.computers.map((computer) => computer.device?.close()));
    await this.world.end();
    this.app.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Lets the app demand what the authority for people's devices signs, and nothing else; `edit` changes the config further. */
  async issues(edit = (text) => text) {
    const config = join(this.world.folder, 'sekisho.toml');
    const text = readFileSync(config, 'utf8').replace('trust = ["demo", "issued"]', 'trust = ["issued"]');
    assert.ok(text.includes('trust = ["issued"]') && text.includes('anchors.pem'));
    writeFileSync(config, edit(text).replaceAll(/upstream = \["http:[^"]*"\]/g, `upstream = ["http://127.0.0.1:${this.app.address().port}"]`));
    await this.world.again('');
  }

  computer(name) {
    const computer = new Computer(this.world, join(this.home, name));
    this.computers.push(computer);
    return computer;
  }
}

/** A person's computer: its NSS database, and a browser that can be started again with the sessions that it had. */
class Computer {
  constructor(world, home) {
    this.world = world;
    this.home = home;
    this.nss = join(home, '.pki', 'nssdb');
    mkdirSync(this.nss, { recursive: true });
    execFileSync('certutil', ['-N', '-d', `sql:${this.nss}`, '--empty-password']);
  }

  install(file, passphrase) {
    execFileSync('pk12util', ['-i', file, '-d', `sql:${this.nss}`, '-W', passphrase], { stdio: 'ignore' });
  }

  async start() {
    const kept = await this.context?.storageState();
    await this.device?.close();
    this.device = await chromium.launch({ executablePath: '/usr/bin/chromium', args: this.world.flags, env: { ...process.env, HOME: this.home } });
    this.context = await this.device.newContext({ locale: 'en', storageState: kept });
    this.tab = await this.context.newPage();
  }

  async signIn(name) {
    await this.tab.goto(this.world.app('cert'));
    await this.tab.locator('[autocomplete=username]').fill(name);
    await this.tab.locator('[autocomplete=current-password]').fill(this.world.people[name].password);
    await this.tab.locator('form:has([autocomplete=current-password]) button').first().click();
    await this.tab.waitForURL(this.world.app('cert'));
    await this.opens(`Ledger of ${name}`);
  }

  /** What the ledger answers, at once. */
  async opens(shows) {
    await this.tab.goto(this.world.app('cert'));
    const content = await this.tab.content();
    assert.ok(content.includes(shows), `${shows}: ${content}`);
  }

  /** The cookie of the ledger. */
  async cookie() {
    return (await this.context.cookies(this.world.app('cert'))).find((cookie) => cookie.name === '__Host-sekisho')?.value;
  }
}
