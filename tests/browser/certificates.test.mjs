// A certificate from the page that issues it to the app that demands it: an administrator issues and downloads it in a real
// Chromium, NSS imports it into the profile of another, which signs in with it; disabled, past its days and revoked it gets
// the page that says so. Chromium asks a person which certificate to show: a policy for the time of this test answers it.

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
const policy = join(policies, `sekisho-certificates-${process.pid}.json`);
const asRoot = (command, input) => execFileSync(process.getuid() === 0 ? command[0] : 'sudo', process.getuid() === 0 ? command.slice(1) : command, { input, stdio: ['pipe', 'ignore', 'inherit'] });

let world, browser, home, device, app;
const at = (path) => world.app('auth', path);

before(async () => {
  world = await World.demo('certificates');
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
  await device?.close();
  await browser?.close();
  await world?.end();
  app?.close();
  rmSync(home, { recursive: true, force: true });
});

/** The page of the ledger, or why it is refused. */
async function ledger(tab, shows) {
  await until(`the ledger shows ${shows}`, async () => {
    await tab.goto(world.app('cert'));
    return (await tab.content()).includes(shows);
  });
}

test('a certificate is issued, installed and shown; disabled, ended and revoked its user reads why (R-218, R-224, R-226, R-240, R-255)', async () => {
  world.command(['authority', 'create', '--organisation', 'Example']);
  const config = join(world.folder, 'sekisho.toml');
  const text = readFileSync(config, 'utf8').replace('bundle = "authority.pem"', 'bundle = "state/authority/anchors.pem"');
  assert.ok(text.includes('anchors.pem'));
  writeFileSync(config, text.replaceAll(/upstream = \["http:[^"]*"\]/g, `upstream = ["http://127.0.0.1:${app.address().port}"]`));
  await world.again('');

  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
  const admin = await context.newPage();
  await admin.goto(at('/admin/certificates'));
  await signIn(admin, world.people.admin, code);
  await admin.getByText('No certificate is known yet.').waitFor();
  await world.accessible(admin, 'empty');
  await admin.getByRole('link', { name: 'Issue a certificate' }).click();
  const field = (name) => admin.getByLabel(name, { exact: true });
  await field('Name').fill('my phone');
  await field('User').fill('alice');
  await field('First day').fill('2026-01-31');
  await field('Last day').fill(`${new Date().getFullYear() + 1}-12-31`);
  await world.accessible(admin, 'form');
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByText('This name cannot be used.').waitFor();
  await world.accessible(admin, 'wrong-name');
  await field('Name').fill('ｉＰｈｏｎｅ１５');
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByText('The authority was not there yet on this first day.').waitFor();
  // The day that it is at Greenwich: in every zone it has begun, or began a day ago at most.
  await field('First day').fill(new Date().toISOString().slice(0, 10));
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByRole('heading', { name: 'Passphrase' }).waitFor();
  const passphrase = await admin.locator('#passphrase').textContent();
  assert.match(passphrase, /^[2-9a-z]{4}(-[2-9a-z]{4}){4}$/);
  await world.accessible(admin, 'issued');
  const [download] = await Promise.all([admin.waitForEvent('download'), admin.getByRole('button', { name: 'Download' }).click()]);
  const file = join(home, download.suggestedFilename());
  assert.match(file, /certificate-[0-9a-f]{8}\.p12$/);
  await download.saveAs(file);
  await admin.goto(at('/admin/certificates'));
  await admin.getByRole('link', { name: 'ｉＰｈｏｎｅ１５' }).click();
  await admin.getByRole('button', { name: 'Download' }).waitFor();
  assert.equal(await admin.locator('#passphrase').count(), 0, 'it was shown once');
  await world.accessible(admin, 'certificate');
  await admin.goto(at('/admin/certificates'));
  await world.accessible(admin, 'list');

  const nss = join(home, '.pki', 'nssdb');
  mkdirSync(nss, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password']);
  execFileSync('pk12util', ['-i', file, '-d', `sql:${nss}`, '-W', passphrase], { stdio: 'ignore' });
  device = await chromium.launch({ executablePath: '/usr/bin/chromium', args: world.flags, env: { ...process.env, HOME: home } });
  const alice = await (await device.newContext({ locale: 'en' })).newPage();
  await alice.goto(world.app('cert'));
  await alice.locator('[autocomplete=username]').fill('alice');
  await alice.locator('[autocomplete=current-password]').fill(world.people.alice.password);
  await alice.locator('form:has([autocomplete=current-password]) button').first().click();
  await alice.waitForURL(world.app('cert'));
  await ledger(alice, 'Ledger of alice');

  /** Does it on the page of the list. */
  const act = async (label, done) => {
    await admin.goto(at('/admin/certificates'));
    await admin.getByRole('checkbox', { name: 'ｉＰｈｏｎｅ１５' }).check();
    await admin.getByLabel('Action').selectOption({ label });
    await admin.getByRole('button', { name: 'Continue' }).click();
    const confirm = admin.getByRole('button', { name: label, exact: true });
    if (done !== 'enabled') await confirm.click();
    await admin.getByText(`1 certificate is ${done}.`).waitFor();
  };
  await act('Disable', 'disabled');
  await ledger(alice, 'certificate_disabled');
  await world.accessible(alice, 'refused-disabled');
  await act('Enable', 'enabled');
  const which = world.command(['certificate', 'list']).items[0].certificate;
  world.command(['certificate', 'edit', which, '--valid-until', new Date(Date.now() - 1000).toISOString()]);
  await ledger(alice, 'certificate_expired');
  await world.accessible(alice, 'refused-ended');
  world.command(['certificate', 'edit', which]);
  await ledger(alice, 'autocomplete="current-password"');
  await act('Revoke', 'revoked');
  await ledger(alice, 'certificate_revoked');
  await world.accessible(alice, 'refused-revoked');
  await admin.goto(at('/admin/certificates'));
  await world.accessible(admin, 'list-revoked');
});
