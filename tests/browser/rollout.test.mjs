// Certificates are introduced while people are at work: two of them are signed in, each in a Chromium of their own with an NSS
// database of its own. One gets a certificate and shows it, and is selected; the other one is selected too early, and taken back.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { code } from './totp.mjs';
import { World, signIn, until } from './world.mjs';

const policies = '/etc/chromium/policies/managed';
const policy = join(policies, `sekisho-rollout-${process.pid}.json`);
const asRoot = (command, input) => execFileSync(process.getuid() === 0 ? command[0] : 'sudo', process.getuid() === 0 ? command.slice(1) : command, { input, stdio: ['pipe', 'ignore', 'inherit'] });

let world, browser, home, app;
const devices = [];
const at = (path) => world.app('auth', path);

before(async () => {
  world = await World.demo('rollout');
  browser = await world.chromium();
  app = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Ledger</title><h1>Ledger of ${request.headers['remote-user']}</h1>`));
  await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  home = mkdtempSync(join(tmpdir(), 'sekisho-home-'));
  asRoot(['mkdir', '-p', policies]);
  const url = JSON.stringify({ pattern: `https://cert.localhost:${world.port}`, filter: {} });
  asRoot(['tee', policy], JSON.stringify({ AutoSelectCertificateForUrls: [url] }));
});

after(async () => {
  asRoot(['rm', '-f', policy]);
  await Promise.all(devices.map((device) => device.close()));
  await browser?.close();
  await world?.end();
  app?.close();
  rmSync(home, { recursive: true, force: true });
});

/** A person's computer: its NSS database, and a browser that can be started again with the sessions that it had. */
class Computer {
  constructor(name) {
    this.home = join(home, name);
    this.nss = join(this.home, '.pki', 'nssdb');
    mkdirSync(this.nss, { recursive: true });
    execFileSync('certutil', ['-N', '-d', `sql:${this.nss}`, '--empty-password']);
  }

  async start() {
    const kept = await this.context?.storageState();
    await this.device?.close();
    this.device = await chromium.launch({ executablePath: '/usr/bin/chromium', args: world.flags, env: { ...process.env, HOME: this.home } });
    devices.push(this.device);
    this.context = await this.device.newContext({ locale: 'en', storageState: kept });
    this.tab = await this.context.newPage();
  }

  async signIn(name) {
    await this.tab.goto(world.app('cert'));
    await this.tab.locator('[autocomplete=username]').fill(name);
    await this.tab.locator('[autocomplete=current-password]').fill(world.people[name].password);
    await this.tab.locator('form:has([autocomplete=current-password]) button').first().click();
    await this.tab.waitForURL(world.app('cert'));
    await this.opens(`Ledger of ${name}`);
  }

  install(file, passphrase) {
    execFileSync('pk12util', ['-i', file, '-d', `sql:${this.nss}`, '-W', passphrase], { stdio: 'ignore' });
  }

  /** What the ledger answers, at once. */
  async opens(shows) {
    await this.tab.goto(world.app('cert'));
    const content = await this.tab.content();
    assert.ok(content.includes(shows), `${shows}: ${content}`);
  }

  /** The cookie of the ledger. */
  async cookie() {
    return (await this.context.cookies(world.app('cert'))).find((cookie) => cookie.name === '__Host-sekisho')?.value;
  }
}

test('a running deployment: issued, installed, selected, signed in, and nobody is signed out (R-238, R-244, R-245, R-246, R-248)', async () => {
  world.command(['authority', 'create', '--organisation', 'Example']);
  const config = join(world.folder, 'sekisho.toml');
  const text = readFileSync(config, 'utf8')
    .replace('bundle = "authority.pem"', 'bundle = "state/authority/anchors.pem"')
    .replace('trust = ["demo"]\n', 'trust = ["demo"]\napplies_to = "selected_users"\n')
    .replace('[app.rule.demands.primary_factor]\nmode = "off"', '[app.rule.demands.client_certificate]\ntrust = ["demo"]\n[app.rule.demands.primary_factor]\nmode = "off"');
  assert.ok(text.includes('selected_users') && text.includes('app.rule.demands.client_certificate'));
  writeFileSync(config, text.replaceAll(/upstream = \["http:[^"]*"\]/g, `upstream = ["http://127.0.0.1:${app.address().port}"]`));
  await world.again('');

  const [hers, his] = [new Computer('alice'), new Computer('bob')];
  for (const [computer, name] of [[hers, 'alice'], [his, 'bob']]) {
    await computer.start();
    await computer.signIn(name);
  }
  const cookie = await hers.cookie();

  const admin = await (await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } })).newPage();
  await admin.goto(at('/admin/certificate-rollout'));
  await signIn(admin, world.people.admin, code);
  await admin.getByRole('heading', { name: 'Introducing certificates' }).waitFor();
  await admin.getByText('0 users have shown a good one.').first().waitFor();
  await world.accessible(admin, 'begin');

  // 1: issued, while nobody is selected.
  const file = join(home, 'alice.p12');
  const lastDay = `${new Date().getFullYear() + 1}-12-31`;
  const { passphrase } = world.command(['certificate', 'issue', '--name', 'Laptop7', '--user', 'alice', '--last-day', lastDay, '--out', file]);
  await hers.opens('Ledger of alice');

  // 3: handed out and installed; the browser is started again, and goes on with the session that it had.
  hers.install(file, passphrase);
  await hers.start();
  await hers.opens('Ledger of alice');
  await until('it is seen that she has shown it', async () => {
    await admin.goto(at('/admin/certificate-rollout?only=not_selected&shown=good'));
    return (await admin.getByRole('checkbox', { name: 'alice' }).count()) === 1;
  });
  await admin.getByText('1 user has shown a good one.').first().waitFor();
  await world.accessible(admin, 'ready');

  /** Selects on the page, up to the confirmation. */
  const ask = async (label, name) => {
    if (name) await admin.getByRole('checkbox', { name }).check();
    else await admin.getByLabel('Apply to').selectOption({ index: 1 });
    await admin.getByLabel('Action').selectOption({ label });
    await admin.getByRole('button', { name: 'Continue' }).click();
  };

  // 2: those who have shown one are selected. 4: she goes on in the very session that she had.
  await ask('Require client certificates of those who have shown a good one');
  await world.accessible(admin, 'confirm-shown');
  await admin.getByRole('button', { name: 'Require client certificates of those who have shown a good one' }).click();
  await admin.getByText('Client certificates are required of 1 user who has shown one.').waitFor();
  await hers.opens('Ledger of alice');
  assert.equal(await hers.cookie(), cookie);
  await his.opens('Ledger of bob');

  // Selecting who has shown none is asked once more, with the name; it bites at the next request, and is taken back.
  await admin.goto(at('/admin/certificate-rollout?only=not_selected&shown=missing'));
  await ask('Require client certificates', 'bob');
  await admin.getByText('Of 1 of them no good certificate was seen yet.').waitFor();
  await world.accessible(admin, 'confirm-unseen');
  await admin.getByRole('button', { name: 'Require client certificates', exact: true }).click();
  await admin.getByText('Client certificates are required of 1 user.').waitFor();
  await his.opens('certificate_missing');
  await world.accessible(his.tab, 'refused-missing');
  await hers.opens('Ledger of alice');
  await admin.goto(at('/admin/certificate-rollout?only=selected&shown=missing'));
  await world.accessible(admin, 'shut-out');
  await admin.setViewportSize({ width: 320, height: 800 });
  assert.ok(await admin.evaluate(() => document.documentElement.scrollWidth <= 320), 'nothing sticks out on a small screen');
  await world.accessible(admin, 'shut-out-narrow');
  await admin.setViewportSize({ width: 1280, height: 900 });
  await ask('Accept client certificates', 'bob');
  await admin.getByText('Client certificates are accepted of 1 user.').waitFor();
  await his.opens('Ledger of bob');
});
