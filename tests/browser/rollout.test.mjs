// Certificates are introduced while people are at work: two of them are signed in, each in a Chromium of their own with an NSS
// database of its own. One gets a certificate and shows it, and is selected; the other one is selected too early, and taken back.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ledger } from './ledger.mjs';
import { code } from './totp.mjs';
import { signIn, until } from './world.mjs';

let ledger, world, browser;
const at = (path) => world.app('auth', path);

before(async () => {
  ledger = await Ledger.open('rollout');
  ({ world } = ledger);
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await ledger?.end();
});

test('a running deployment: issued, installed, selected, signed in, and nobody is signed out (R-238, R-244, R-245, R-246, R-248)', async () => {
  await ledger.issues((config) => {
    const text = config
      .replace('trust = ["issued"]\n', 'trust = ["issued"]\napplies_to = "selected_users"\n')
      .replace('[app.rule.demands.primary_factor]\nmode = "off"', '[app.rule.demands.client_certificate]\ntrust = ["issued"]\n[app.rule.demands.primary_factor]\nmode = "off"');
    assert.ok(text.includes('selected_users') && text.includes('app.rule.demands.client_certificate'));
    return text;
  });

  const [hers, his] = [ledger.computer('alice'), ledger.computer('bob')];
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
  const file = join(ledger.home, 'alice.p12');
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
    else await admin.getByLabel('Do this for').selectOption({ index: 1 });
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
  await admin.getByText('1 of them has not shown a good certificate yet.').waitFor();
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
