// glewlwyd as its admin page sets it up: it refuses PKCE, says no time of the sign-in, and cannot decode a form-encoded secret.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startGlewlwyd } from './glewlwyd.mjs';
import { Gateway, Place, Visitor, button, codes, freePort } from './support.mjs';

let place, provider, gateway;

before(async () => {
  place = new Place('glewlwyd');
  place.file('secret', 'a+b%c/d=e\n');
  const [port, own] = [await freePort(), await freePort()];
  provider = await startGlewlwyd(place, port, `https://auth.localhost:${own}`);
  const section = (name, more) => `
[[idp]]
name = "${name}"
issuer = "${provider.issuer}"
client_id = "sekisho"
client_secret_file = "secret"
scopes = ["openid"]
authority = "ca.pem"
networks = ["127.0.0.0/8"]
users = "create"
user_name = "name"
${more}
`;
  gateway = await Gateway.start(place, section('glewlwyd', ''), '', own);
  gateway.command(['user', 'add', 'hanako']);
});

after(async () => {
  await gateway?.end();
  await provider?.end();
  place?.end();
});

const arrived = (page) => { assert.equal(page.status, 200, `${page.url} ${codes(page)} ${page.text.slice(0, 1000)} ${gateway.log.split('\n').filter((line) => line.includes('idp')).slice(-5).join('\n')} ${provider.log().slice(-800)}`); return JSON.parse(page.text).headers; };

test('glewlwyd: a provider that refuses PKCE and says nothing of it is asked again without, once and for all', async () => {
  // Its name holds a blank, so that no account can be made; the link is an administrator's.
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/page'));
  const refused = await provider.through(visitor, await visitor.go(button(page, 'glewlwyd')), 'hanako');
  assert.ok(codes(refused).includes('idp_no_name'), `${refused.url} ${codes(refused)} ${refused.text.slice(0, 600)}`);
  assert.match(gateway.log, /idp_without_pkce/);
  const [, subject] = gateway.log.match(/idp_sign_in_failed .*code="idp_no_name" reason="([^"]+)"/);
  gateway.command(['user', 'link', 'hanako', 'glewlwyd', subject]);
  const again = new Visitor();
  const headers = arrived(await provider.through(again, await again.go(button(await again.go(gateway.url('wiki', '/page')), 'glewlwyd')), 'hanako'));
  assert.equal(headers['remote-user'], 'hanako');
  assert.equal(gateway.log.match(/idp_without_pkce/g).length, 1, 'it is remembered');
});

test('glewlwyd: it says no time of the sign-in, so that no demand of an age is met', async () => {
  const visitor = new Visitor();
  const first = await provider.through(visitor, await visitor.go(button(await visitor.go(gateway.url('fresh', '/')), 'glewlwyd')), 'hanako');
  assert.ok(first.text.includes('/sign-in/idp?'), `${first.url} ${codes(first)}`);
  const again = await provider.through(visitor, await visitor.go(button(first, 'glewlwyd')), 'hanako');
  assert.ok(codes(again).includes('idp_time_unknown'), `${again.url} ${codes(again)}`);
});
