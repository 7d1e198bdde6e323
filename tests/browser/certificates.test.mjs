// A certificate from the page that issues it to the app that demands it: an administrator issues and downloads it in a real
// Chromium, NSS imports it into the profile of another, which signs in with it; disabled, past its days and revoked it gets
// the page that says so.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ledger } from './ledger.mjs';
import { code } from './totp.mjs';
import { signIn, until } from './world.mjs';

let ledger, world, browser;
const at = (path) => world.app('auth', path);

before(async () => {
  ledger = await Ledger.open('certificates');
  ({ world } = ledger);
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await ledger?.end();
});

/** The page of the ledger, or why it is refused. */
async function shown(tab, shows) {
  await until(`the ledger shows ${shows}`, async () => {
    await tab.goto(world.app('cert'));
    return (await tab.content()).includes(shows);
  });
}

test('a certificate is issued, installed and shown; disabled, ended and revoked its user reads why (R-218, R-224, R-226, R-240, R-255)', async () => {
  await ledger.issues();

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
  const file = join(ledger.home, download.suggestedFilename());
  assert.match(file, /certificate-[0-9a-f]{8}\.p12$/);
  await download.saveAs(file);
  await admin.goto(at('/admin/certificates'));
  await admin.getByRole('link', { name: 'ｉＰｈｏｎｅ１５' }).click();
  await admin.getByRole('button', { name: 'Download' }).waitFor();
  assert.equal(await admin.locator('#passphrase').count(), 0, 'it was shown once');
  await world.accessible(admin, 'certificate');
  await admin.goto(at('/admin/certificates'));
  await world.accessible(admin, 'list');

  const hers = ledger.computer('alice');
  hers.install(file, passphrase);
  await hers.start();
  await hers.signIn('alice');
  const alice = hers.tab;

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
  await shown(alice, 'certificate_disabled');
  await world.accessible(alice, 'refused-disabled');
  await act('Enable', 'enabled');
  const which = world.command(['certificate', 'list']).items[0].certificate;
  world.command(['certificate', 'edit', which, '--valid-until', new Date(Date.now() - 1000).toISOString()]);
  await shown(alice, 'certificate_expired');
  await world.accessible(alice, 'refused-ended');
  world.command(['certificate', 'edit', which]);
  await shown(alice, 'autocomplete="current-password"');
  await act('Revoke', 'revoked');
  await shown(alice, 'certificate_revoked');
  await world.accessible(alice, 'refused-revoked');
  await admin.goto(at('/admin/certificates'));
  await world.accessible(admin, 'list-revoked');
});
