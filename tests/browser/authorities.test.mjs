// The own authority and the tester of certificates in a real Chromium: an authority is made and renewed, a device's request is
// signed from a file, the certificate is tested by its file, dates are changed, and a private key is refused.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, complaintsOf, handset, signIn } from './world.mjs';

let world, browser, home;
const at = (path) => world.app('auth', path);
const openssl = (...line) => execFileSync('openssl', line, { cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });

before(async () => {
  world = await World.demo('authorities');
  // The demo has made its authority. A gateway that has none yet is what administrators begin with.
  const forget = 'import sqlite3, sys; database = sqlite3.connect(sys.argv[1]); database.execute("DELETE FROM authorities"); database.commit()';
  await world.again('', () => execFileSync('/usr/bin/python3', ['-c', forget, join(world.folder, 'state', 'sekisho.db')]));
  browser = await world.chromium();
  home = mkdtempSync(join(tmpdir(), 'sekisho-authorities-'));
  openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=any', '-keyout', 'own.key', '-out', 'own.csr');
});

after(async () => {
  await browser?.close();
  await world?.end();
  rmSync(home, { recursive: true, force: true });
});

test('an authority is made, signs a device’s request, and the tester says who the certificate is', async () => {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
  const admin = await context.newPage();
  const complaints = complaintsOf(admin, { but: /422/ });
  await admin.goto(at('/admin/authorities'));
  await signIn(admin, world.people.admin, code);
  await admin.getByText('There is no authority yet.').waitFor();
  await world.accessible(admin, 'none');
  await admin.getByRole('link', { name: 'Make an authority' }).click();
  await admin.getByLabel('Organisation').fill('Example');
  await world.accessible(admin, 'create');
  await admin.getByRole('button', { name: 'Make an authority' }).click();
  await admin.getByText('The authority is made.').waitFor();
  await admin.getByRole('link', { name: 'Renew the authority' }).click();
  await admin.getByRole('button', { name: 'Renew the authority' }).click();
  await admin.getByText('From then on the new key signs.').waitFor();
  await world.accessible(admin, 'renew');
  await admin.getByRole('button', { name: 'Renew the authority' }).click();
  await admin.getByText('The authority is renewed.').waitFor();
  assert.equal(await admin.locator('tbody tr').count(), 3);
  await world.accessible(admin, 'authorities');

  await admin.goto(at('/admin/certificates'));
  await admin.getByRole('link', { name: 'Sign a device’s request' }).click();
  await admin.getByLabel('The request as a file').setInputFiles(join(home, 'own.key'));
  const field = (name) => admin.getByLabel(name, { exact: true });
  await field('Name').fill('Laptop7');
  await field('User').fill('alice');
  await field('Last day').fill(`${new Date().getFullYear() + 1}-12-31`);
  await world.accessible(admin, 'sign');
  await admin.getByRole('button', { name: 'Sign', exact: true }).click();
  await admin.getByText('The request cannot be signed.').waitFor();
  const secret = readFileSync(join(home, 'own.key'), 'utf8').split('\n')[1];
  assert.ok(!(await admin.content()).includes(secret), 'a key that was taken for a request is shown nowhere');
  await admin.getByLabel('The request as a file').setInputFiles(join(home, 'own.csr'));
  await admin.getByRole('button', { name: 'Sign', exact: true }).click();
  await admin.getByRole('heading', { level: 1, name: 'Laptop7' }).waitFor();
  await world.accessible(admin, 'signed');
  const [download] = await Promise.all([admin.waitForEvent('download'), admin.getByRole('button', { name: 'Download' }).click()]);
  const file = join(home, 'own.pem');
  await download.saveAs(file);
  assert.match(download.suggestedFilename(), /\.pem$/);
  assert.match(openssl('x509', '-in', 'own.pem', '-noout', '-subject').toString(), /Laptop7/);

  await admin.goto(at('/admin/test-certificate'));
  await admin.getByLabel('The certificate as a file').setInputFiles(file);
  await world.accessible(admin, 'test');
  await admin.getByRole('button', { name: 'Test', exact: true }).click();
  await admin.getByRole('heading', { name: 'alice' }).waitFor();
  await admin.getByText('The register says whose it is.').waitFor();
  await world.accessible(admin, 'tested');
  const both = join(home, 'both.pem');
  writeFileSync(both, readFileSync(file, 'utf8') + readFileSync(join(home, 'own.key'), 'utf8'));
  await admin.getByLabel('The certificate as a file').setInputFiles(both);
  await admin.getByRole('button', { name: 'Test', exact: true }).click();
  await admin.getByText('it holds a private key').waitFor();
  assert.ok(!(await admin.content()).includes(secret));
  await world.accessible(admin, 'private-key');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the pages are read on a phone and in Japanese', async () => {
  const context = await browser.newContext({ ...handset, locale: 'ja', viewport: { width: 320, height: 640 } });
  const tab = await context.newPage();
  await tab.goto(at('/admin/authorities'));
  await signIn(tab, world.people.admin, code);
  for (const [path, heading] of [['/admin/authorities', '認証局'], ['/admin/sightings', '提示された証明書'], ['/admin/test-certificate', '証明書のテスト'], ['/admin/sign-request', '端末の証明書要求に署名']]) {
    await tab.goto(at(path));
    await tab.getByRole('heading', { level: 1, name: heading }).waitFor();
    assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} fits`);
    await world.accessible(tab, `phone-${path.split('/').pop()}`);
  }
  await context.close();
});
