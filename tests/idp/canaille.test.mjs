// canaille: RS512, keys without labels, times with a fraction, groups by display name, no iss on some errors.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startCanaille } from './canaille.mjs';
import { Gateway, Place, Visitor, button, codes, freePort, nextOf } from './support.mjs';

let place, provider, gateway;

before(async () => {
  place = new Place('canaille');
  place.file('secret', 'a-secret-of-32-characters-1234567\n');
  const [port, own] = [await freePort(), await freePort()];
  provider = await startCanaille(place, port, `https://auth.localhost:${own}`);
  const hanako = provider.person('hanako', 'hanako@example.test', '花子', '山田');
  provider.run('create', 'group', '--display-name', 'Ärzte, Süd', '--members', hanako.id);
  gateway = await Gateway.start(place, `
[[idp]]
name = "canaille"
title = "Canaille"
issuer = "${provider.issuer}"
client_id = "sekisho"
client_secret_file = "secret"
scopes = ["openid", "email", "profile", "groups"]
authority = "ca.pem"
networks = ["127.0.0.0/8"]
users = "create"
user_name = "sub"
groups = { map = { "Ärzte, Süd" = "doctors" } }
`, '', own);
  gateway.command(['group', 'add', 'doctors']);
});

after(async () => {
  await gateway?.end();
  await provider?.end();
  place?.end();
});

const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${codes(page)} ${page.text.slice(0, 1500)} ${gateway.log.split('\n').filter((line) => line.includes('idp')).slice(-5).join('\n')}`); return JSON.parse(page.text).headers; };

test('canaille: a person signs in, with the groups and the name from there', async () => {
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/page'));
  const headers = arrived(await provider.through(visitor, await visitor.go(button(page, 'canaille')), 'hanako'));
  assert.equal(headers['remote-user'], 'hanako');
  assert.equal(headers['remote-groups'], 'doctors');
  const user = gateway.command(['user', 'show', 'hanako']).user;
  assert.equal(user.display_name, '山田 花子');
});

test('canaille: a demand of an age is met by its time with a fraction, after prompt=login', async () => {
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('fresh', '/'));
  assert.equal(arrived(await provider.through(visitor, await visitor.go(button(page, 'canaille')), 'hanako'))['remote-user'], 'hanako');
});

test('canaille: two tabs at the same second both sign in', async () => {
  const visitor = new Visitor();
  const first = await visitor.go(gateway.url('wiki', '/'));
  arrived(await provider.through(visitor, await visitor.go(button(first, 'canaille')), 'hanako'));
  // The session there goes on; two more sign-ins of the same browser, redeemed at once.
  const callbacks = [];
  const there = new Map(visitor.cookies('127.0.0.1'));
  const tabs = [new Visitor(), new Visitor()];
  for (const tab of tabs) {
    tab.jar.set('127.0.0.1', new Map(there));
    const page = await tab.go(gateway.url('wiki', '/'));
    const back = await tab.go(button(page, 'canaille'), {}, (next) => next.includes('/callback'));
    callbacks.push(nextOf(back));
  }
  const pages = await Promise.all(tabs.map((tab, at) => tab.go(callbacks[at])));
  for (const page of pages) arrived(page);
});

test('canaille: a refused consent says so', async () => {
  provider.person('taro', 'taro@example.test', '太郎', '山田');
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/'));
  const { forms, send } = await import('./support.mjs');
  let there = await visitor.go(button(page, 'canaille'));
  for (let steps = 0; steps < 6 && there.url.startsWith(provider.issuer); steps += 1) {
    const form = forms(there).find((one) => one.method === 'post' && one.fields.some((field) => ['login', 'password', 'answer'].includes(field.name)));
    const consent = form.fields.some((field) => field.name === 'answer');
    there = await send(visitor, form, { login: 'taro', password: 'pw-taro-123' }, consent ? ['answer', 'deny'] : undefined);
  }
  assert.ok(codes(there).includes('idp_denied'), `${there.url} ${codes(there)}`);
});
