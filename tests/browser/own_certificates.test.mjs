// Users fetch their own certificates: an administrator issues one in a real Chromium and reads the sheet with its passphrase;
// the user downloads container and profile, at the widths of a desktop and of a phone, in English and in Japanese; NSS and
// Python open what was downloaded; the administrator renews it; the help is read on each device.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { code } from './totp.mjs';
import { World, signIn } from './world.mjs';

let world, browser, home;
const at = (path) => world.app('auth', path);
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

before(async () => {
  world = await World.demo('own-certificates');
  browser = await world.chromium();
  home = mkdtempSync(join(tmpdir(), 'sekisho-home-'));
});

after(async () => {
  await browser?.close();
  await world?.end();
  rmSync(home, { recursive: true, force: true });
});

/** Clicks and keeps the file that comes. */
async function download(tab, link) {
  const [file] = await Promise.all([tab.waitForEvent('download'), link.click()]);
  const path = join(home, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** Whether a page is not wider than its window. */
const fits = (tab) => tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

test('a user fetches the certificate that an administrator issued, with the passphrase from a sheet of paper (R-233, R-234, R-235, R-236, R-252)', async () => {
  if (!world.command(['authority', 'list']).items?.length) world.command(['authority', 'create', '--organisation', 'Example']);
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
  const admin = await context.newPage();
  await admin.goto(at('/admin/issue-certificate'));
  await signIn(admin, world.people.admin, code);
  await admin.goto(at('/admin/issue-certificate'));
  const field = (name) => admin.getByLabel(name, { exact: true });
  await field('Name').fill('iPhone15');
  await field('User').fill('alice');
  await field('First day').fill(day(0));
  await field('Last day').fill(day(20));
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByRole('heading', { name: 'Passphrase' }).waitFor();
  const passphrase = await admin.locator('#passphrase').textContent();
  for (const words of ['iPhone15', 'alice', day(20), '/account/certificates', 'Never send this passphrase']) {
    assert.ok((await admin.locator('.sheet').textContent()).includes(words), words);
  }
  await world.accessible(admin, 'sheet');
  await admin.emulateMedia({ media: 'print' });
  for (const [selector, shown] of [['.sheet', true], ['.head', false], ['.sections-list', false], ['main > form', false], ['main > .aside', false]]) {
    assert.equal(await admin.locator(selector).first().isVisible(), shown, `printed: ${selector}`);
  }
  assert.ok((await admin.locator('.sheet').boundingBox()).width > 600, 'the sheet has the width of the paper');
  await admin.screenshot({ path: join(world.shots, 'sheet-printed.png'), fullPage: true });
  await admin.emulateMedia({ media: null });

  // The user, on a desktop and on a phone, in both languages.
  const [desktop, phone] = [{ width: 1280, height: 900 }, { width: 360, height: 740 }];
  let storageState;
  for (const [locale, viewport, size] of [['en', desktop, 'desktop'], ['ja', desktop, 'desktop'], ['en', phone, 'phone'], ['ja', phone, 'phone']]) {
    const name = `${locale}-${size}`;
    const alice = await (await browser.newContext({ locale, viewport, acceptDownloads: true, storageState })).newPage();
    await alice.goto(at('/help/certificates/ios'));
    assert.equal(await alice.locator('svg.scene').count(), 5);
    await world.accessible(alice, `help-ios-${name}`);
    assert.ok(await fits(alice), name);
    await alice.locator('main a.button').first().click();
    if (!storageState) await signIn(alice, world.people.alice, code);
    await alice.waitForURL(at('/account/certificates'));
    storageState = await alice.context().storageState();
    await alice.getByText('iPhone15').first().waitFor();
    assert.ok(!(await alice.content()).includes(passphrase));
    await world.accessible(alice, `own-${name}`);
    assert.ok(await fits(alice), name);
    const file = await download(alice, alice.locator('a[href$="/p12"]'));
    assert.match(file, /iPhone15-[0-9a-f]{8}\.p12$/);
    const nss = mkdtempSync(join(home, 'nss-'));
    execFileSync('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password']);
    assert.throws(() => execFileSync('pk12util', ['-i', file, '-d', `sql:${nss}`, '-W', 'wrong'], { stdio: 'ignore' }));
    execFileSync('pk12util', ['-i', file, '-d', `sql:${nss}`, '-W', passphrase], { stdio: 'ignore' });
    const profile = await download(alice, alice.locator('a[href$="/mobileconfig"]'));
    const read = 'import plistlib, sys; print([part["PayloadType"] for part in plistlib.load(open(sys.argv[1], "rb"))["PayloadContent"]])';
    assert.match(execFileSync('python3', ['-c', read, profile]).toString(), /com\.apple\.security\.pkcs12.*com\.apple\.security\.root/);
    await alice.goto(at('/account'));
    await world.accessible(alice, `overview-${name}`);
    await alice.context().close();
  }
  const reader = await (await browser.newContext({ locale: 'en', viewport: phone, colorScheme: 'dark' })).newPage();
  for (const device of ['android', 'macos', 'windows', 'firefox', 'chromium']) {
    await reader.goto(at(`/help/certificates/${device}`));
    await world.accessible(reader, `help-${device}`);
    assert.ok(await fits(reader), device);
  }
  await reader.setViewportSize({ width: 320, height: 700 });
  await reader.goto(at('/help/certificates/android'));
  assert.ok(await fits(reader), '320 pixels');

  // The administrator sees that it ends soon, and renews it.
  await admin.goto(at('/admin'));
  await admin.getByText('Certificates that end soon').click();
  await admin.getByText('Ends soon').waitFor();
  await world.accessible(admin, 'ending');
  await admin.getByRole('link', { name: 'iPhone15' }).click();
  await admin.getByRole('link', { name: 'Renew' }).click();
  await admin.getByText('Last day of the old one').waitFor();
  await field('First day').fill(day(40));
  await field('Last day').fill(day(300));
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByText('The two have to overlap').waitFor();
  await world.accessible(admin, 'renew-gap');
  await field('First day').fill(day(0));
  await admin.getByRole('button', { name: 'Issue', exact: true }).click();
  await admin.getByRole('heading', { name: 'Passphrase' }).waitFor();
  const listed = world.command(['certificate', 'list']).items;
  assert.equal(listed.length, 2);
  const [next] = listed.filter((one) => one.renews);
  assert.equal(next.label, 'iPhone15');
  assert.equal(next.renews, listed.find((one) => !one.renews).certificate);
});
