// What time and trouble do, in real browsers: a question that nobody answers, a login form whose moment is over, a phone
// that was away, a gateway that was restarted. The config makes the moments short; no test waits for a minute.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { World, digits, handset, openSettings, register, until } from './world.mjs';

let world, browser;
const app = (name, path) => world.app(name, path);
const pc = () => browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });

before(async () => {
  world = await World.demo('time');
  // Nothing stands behind the gateway any more: who is let through to an app sees its error, at the app's address.
  await world.again('\n[approval]\nlifetime = "4s"\n[login_protect]\nwindow = "2s"\n');
  browser = await world.chromium();
});

after(async () => {
  await browser?.close();
  await world?.end();
});

test('nobody answers: the page and the phone both say that it is over (R-455)', async () => {
  const [office, pocket] = [await pc(), await browser.newContext(handset)];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await register(phone, world.invite('bob'), 'Pixel');
  await world.ask(tab, 'bob');
  const question = phone.locator('#questions article').first();
  await question.waitFor();
  assert.match(await question.locator('[data-part=left]').textContent(), /^[1-4] s left$/);
  await tab.getByText('Nobody answered on the phone in time').waitFor();
  await world.accessible(tab, 'expired');
  await phone.locator('#outcome').filter({ hasText: 'Lapsed' }).waitFor();
  assert.equal(await question.count(), 0);
  // Asked again from there, and answered this time.
  await tab.getByRole('button', { name: 'Ask again' }).click();
  const number = (await tab.locator('.number').textContent()).match(/\d\d/)[0];
  await question.getByRole('button', { name: number, exact: true }).click();
  await tab.waitForURL(app('phone'));
  await Promise.all([office.close(), pocket.close()]);
});

test('a login form whose moment is over is shut, to the right password too (R-105)', async () => {
  const [office, pocket] = [await pc(), await browser.newContext(handset)];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await register(phone, world.invite('alice'), 'Pixel');
  const enter = async () => {
    await tab.goto(app('diary'));
    await tab.locator('[autocomplete=username]').fill('alice');
    await tab.locator('[autocomplete=current-password]').fill(world.people.alice.password);
    await tab.locator('form:has([autocomplete=current-password]) button').click();
  };
  await enter();
  const words = await tab.locator('[role=alert]').textContent();
  await phone.locator('.release').click();
  await phone.locator('#forms .is-open').waitFor();
  assert.match(await phone.locator('#forms [data-part=state]').textContent(), /Login form open: [12] s/);
  assert.match(await phone.locator('#forms [data-part=refused]').textContent(), /refused since the last time: 1/);
  await phone.locator('#forms').getByText('Login form shut').waitFor();
  await world.accessible(phone, 'form-shut-again');
  await enter();
  assert.equal(await tab.locator('[role=alert]').textContent(), words, 'the same answer as if it had never been open');
  // Switched off, opening the page opens no form: it is the button's to do.
  await openSettings(phone);
  await phone.locator('#auto').uncheck();
  await phone.reload();
  await phone.locator('#forms').getByText('Login form shut').waitFor();
  assert.equal(await phone.locator('#forms .is-open').count(), 0);
  // Switched on again, opening the page is enough.
  await openSettings(phone);
  await phone.locator('#auto').check();
  await phone.reload();
  await phone.locator('#forms .is-open').waitFor();
  await Promise.all([office.close(), pocket.close()]);
});

test('a phone that was away is asked when it is back', async () => {
  const [office, pocket] = [await pc(), await browser.newContext(handset)];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await register(phone, world.invite('admin'), 'Pixel');
  await phone.locator('#quiet').waitFor();
  await pocket.setOffline(true);
  await tab.goto(app('phone'));
  await tab.locator('[autocomplete=username]').fill('admin');
  await tab.locator('form:has([autocomplete=username]) button').click();
  await tab.getByText('Nobody answered on the phone in time').waitFor();
  assert.equal(await phone.locator('#questions article').count(), 0, 'nothing came through');
  await phone.locator('#trouble').filter({ hasText: 'cannot be reached' }).waitFor();
  await world.accessible(phone, 'offline');
  await pocket.setOffline(false);
  await tab.getByRole('button', { name: 'Ask again' }).click();
  // An administrator types the number.
  const number = await digits(tab);
  const question = phone.locator('#questions article').first();
  await question.locator('input').fill(number, { timeout: 10_000 });
  await question.getByRole('button', { name: 'Approve', exact: true }).click();
  await tab.waitForURL(app('phone'));
  await Promise.all([office.close(), pocket.close()]);
});

test('a gateway that is restarted has forgotten what was asked: the page says so, and the phone goes on by itself', async () => {
  const [office, pocket] = [await pc(), await browser.newContext(handset)];
  const [tab, phone] = [await office.newPage(), await pocket.newPage()];
  await register(phone, world.invite('bob'), 'second');
  await phone.locator('#quiet').waitFor();
  await world.ask(tab, 'bob');
  const question = phone.locator('#questions article').first();
  await question.waitFor();
  await world.again('');
  await tab.getByText('The request on your phone has ended').waitFor();
  await world.accessible(tab, 'restarted');
  await until('the phone shows it no more', async () => await question.count() === 0);
  // A question lives for four seconds here: where the restart took longer the phone says, by its own clock, that it lapsed.
  await phone.locator('#outcome').filter({ hasText: /how it ended is not known|nobody answered in time/ }).waitFor();
  await tab.locator('[autocomplete=username]').fill('bob');
  await tab.locator('form:has([autocomplete=username]) button').click();
  const number = (await tab.locator('.number').textContent()).match(/\d\d/)[0];
  await question.getByRole('button', { name: number, exact: true }).click({ timeout: 10_000 });
  await tab.waitForURL(app('phone'));
  await Promise.all([office.close(), pocket.close()]);
});
