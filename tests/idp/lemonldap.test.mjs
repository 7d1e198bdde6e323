// LemonLDAP::NG: an issuer with a final slash, keys without ids, an audience in a list, groups as a text or a list in userinfo alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startLemon } from './lemonldap.mjs';
import { Gateway, Place, Visitor, button, codes, freePort, until } from './support.mjs';

let place, provider, gateway;

before(async () => {
  place = new Place('lemon');
  place.file('secret', 'a-secret-of-32-characters-1234567\n');
  const [port, own] = [await freePort(), await freePort()];
  provider = await startLemon(place, port, `https://auth.localhost:${own}`);
  const section = (name, issuer) => `
[[idp]]
name = "${name}"
title = "${name}"
issuer = "${issuer}"
client_id = "sekisho"
client_secret_file = "secret"
authority = "ca.pem"
networks = ["127.0.0.0/8"]
users = "create"
groups = { same_names = true }
answer_within = "20s"
`;
  gateway = await Gateway.start(place, section('lemon', provider.issuer) + section('bare', provider.issuer.slice(0, -1)), '', own);
  for (const group of ['timelords', 'users']) gateway.command(['group', 'add', group]);
});

after(async () => {
  await gateway?.end();
  await provider?.end();
  place?.end();
});

const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${codes(page)} ${page.text.slice(0, 1000)} ${gateway.log.split('\n').filter((line) => line.includes('idp')).slice(-5).join('\n')} ${provider.log().slice(-1500)}`); return JSON.parse(page.text).headers; };

test('LemonLDAP::NG: a person signs in, with several groups or with one', async () => {
  for (const [user, groups] of [['dwho', /timelords/], ['rtyler', /users/]]) {
    const visitor = new Visitor();
    const headers = arrived(await provider.through(visitor, await visitor.go(button(await visitor.go(gateway.url('wiki', '/page')), 'lemon')), user));
    assert.equal(headers['remote-user'], user);
    assert.match(headers['remote-groups'] ?? '', groups);
  }
});

test('LemonLDAP::NG: an issuer without its final slash is named with it', async () => {
  await until('it was read', () => gateway.command(['idp', 'list']).items.find((one) => one.provider === 'bare').trouble);
  const { trouble } = gateway.command(['idp', 'list']).items.find((one) => one.provider === 'bare');
  assert.ok(trouble.includes(`"${provider.issuer}"`), trouble);
});

test('LemonLDAP::NG: prompt=login meets a demand of an age', async () => {
  const visitor = new Visitor();
  assert.equal(arrived(await provider.through(visitor, await visitor.go(button(await visitor.go(gateway.url('fresh', '/')), 'lemon')), 'msmith'))['remote-user'], 'msmith');
});
