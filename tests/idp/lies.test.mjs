// A provider that lies signs nobody in, and the page says what to do; a provider that is merely odd does.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BEHAVIOURS, Liar, otherRsa } from './liar.mjs';
import { Gateway, Place, Visitor, button, codes, freePort, nextOf, until } from './support.mjs';

let place, liar, gateway;
/** A token with a header in JSON, whatever it is signed with. */
const TOKEN = /eyJ[\w-]+\.[\w-]+/;
const secrets = { raw_secret: 'awkward', encoded_secret: 'awkward' };

before(async () => {
  place = new Place('lies');
  place.file('secret', 'a-secret-of-32-characters-1234567\n');
  place.file('awkward', 'a+b%c/d=\n');
  liar = await Liar.start(await freePort(), place.tls);
  const more = {
    plain: 'users = "create"\nmail_domains = ["example.test"]\ntitle = "Plain"',
    second: 'title = "Second"\nbutton = false\nmail_domains = ["second.test"]',
    group_text: 'users = "create"\ngroups = { map = { "Ärzte, Süd" = "doctors" } }',
    group_list: 'users = "create"\ngroups = { same_names = true, map = { "Ärzte, Süd" = "doctors" } }',
    weak: 'amr = ["mfa"]',
    slow: 'answer_within = "500ms"',
    drips: 'answer_within = "1s"',
    slash: '',
  };
  const sections = Object.keys(BEHAVIOURS).map((name) => `
[[idp]]
name = "${name}"
issuer = "${liar.issuer(name)}"
client_id = "sekisho"
client_secret_file = "${secrets[name] ?? 'secret'}"
authority = "ca.pem"
networks = ["127.0.0.0/8"]
${more[name] ?? ''}
`);
  gateway = await Gateway.start(place, sections.join(''));
  for (const group of ['staff', 'doctors', 'administrators']) {
    try { gateway.command(['group', 'add', group]); } catch { /* the administrators' group is there */ }
  }
  await until('every readable provider was read', () => liar.asked.filter((one) => one.endsWith('/jwks')).length >= Object.keys(BEHAVIOURS).length - 4);
});

after(async () => {
  await gateway?.end();
  liar?.end();
  place?.end();
});

/** Makes the person of the next sign-in somebody new, linked with an account. */
let people = 0;
function somebody(provider, more = {}) {
  people += 1;
  const name = `person-${people}`;
  liar.person = { sub: name, email: `${name}@example.test`, email_verified: true, name: `Person ${people}`, preferred_username: name, ...more };
  gateway.command(['user', 'add', name]);
  gateway.command(['user', 'link', name, provider, name]);
  return name;
}

/** A sign-in at a provider towards an app: the last page. */
async function signIn(provider, { app = 'wiki', visitor = new Visitor() } = {}) {
  const page = await visitor.go(gateway.url(app, '/page?x=1'));
  return { visitor, page: await visitor.go(button(page, provider)) };
}

const arrived = (page) => { assert.equal(page.status, 200, page.text.slice(0, 3000)); return JSON.parse(page.text); };

for (const name of ['plain', 'arrays', 'two_audiences', 'no_kid', 'rs512', 'ps256', 'es256', 'eddsa', 'odd_keys', 'userinfo_jwt', 'no_pkce', 'fails_once', 'says_iss', 'raw_secret', 'encoded_secret', 'old_session', 'no_time']) {
  test(`what is odd within the rules signs in: ${name}`, async () => {
    const user = somebody(name);
    const { page } = await signIn(name);
    const seen = arrived(page);
    assert.equal(seen.headers['remote-user'], user);
    assert.equal(seen.url, '/page?x=1', 'back at the page that was asked for');
  });
}

const LIES = {
  idp_not_believed: ['wrong_iss', 'wrong_aud', 'empty_aud', 'wrong_azp', 'wrong_nonce', 'no_nonce', 'expired', 'no_exp', 'future', 'no_sub', 'alg_none', 'hs256', 'hs256_no_kid', 'oct_key', 'other_key_same_kid', 'kid_of_another_kind', 'unknown_kid', 'encryption_key', 'key_for_another_alg', 'bent_signature', 'no_token', 'not_a_token', 'userinfo_of_another', 'iss_of_another', 'announces_iss', 'odd_error'],
  idp_set_up: ['slash', 'http_endpoint', 'redirects'],
  idp_unavailable: ['slow', 'drips', 'huge', 'huge_discovery', 'broken_json', 'inside_endpoint'],
  idp_denied: ['refuses'],
  idp_not_enough: ['weak'],
};
for (const [code, names] of Object.entries(LIES)) {
  for (const name of names) {
    test(`a provider that lies signs nobody in: ${name} is ${code}`, async () => {
      somebody(name);
      const began = Date.now();
      const { page, visitor } = await signIn(name);
      assert.ok(codes(page).includes(code), `${page.status} ${codes(page)} ${gateway.log.split('\n').filter((line) => line.includes(name)).slice(-3).join('\n')}`);
      assert.ok([403, 503].includes(page.status), String(page.status));
      assert.ok(!page.text.includes('<script>alert'), 'what a provider says is text');
      assert.ok(Date.now() - began < 12_000, 'within the time limit, tried again once');
      assert.equal(visitor.cookies('auth.localhost').get('__Host-sekisho'), undefined, 'no session');
      const again = await visitor.go(gateway.url('wiki', '/'));
      assert.ok(again.text.includes('/sign-in/idp?'), 'the app is still shut');
    });
  }
}

test('a discovery document of another issuer names the exact text to write', () => {
  const state = gateway.command(['idp', 'list']).items.find((one) => one.provider === 'slash');
  assert.match(state.trouble, new RegExp(`names the issuer "${liar.issuer('slash')}/"`));
  const http = gateway.command(['idp', 'list']).items.find((one) => one.provider === 'http_endpoint');
  assert.match(http.trouble, /token_endpoint .* not an https address; configure a provider behind a TLS proxy/);
});

test('a key that was replaced is looked for once, and unknown ids do not make the gateway ask again and again', async () => {
  somebody('rotated');
  arrived((await signIn('rotated')).page);
  liar.rotatedKey = true;
  const user = somebody('rotated');
  assert.equal(arrived((await signIn('rotated')).page).headers['remote-user'], user, 'the new key is found');
  const before = liar.asked.filter((one) => one === 'unknown_kid/jwks').length;
  somebody('unknown_kid');
  for (let i = 0; i < 4; i += 1) await signIn('unknown_kid');
  const asked = liar.asked.filter((one) => one === 'unknown_kid/jwks').length - before;
  assert.ok(asked <= 1, `asked ${asked} times`);
});

test('state is good once, in the browser that it was made for, at the provider that it was made for', async () => {
  somebody('plain');
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/'));
  const there = await visitor.go(button(page, 'plain'), {}, (next) => next.includes('/callback'));
  const callback = nextOf(there);
  const stranger = new Visitor();
  const stolen = await stranger.go(callback);
  assert.ok(codes(stolen).includes('idp_another_browser'), stolen.text);
  const elsewhere = await visitor.go(callback.replace('/idp/plain/', '/idp/second/'));
  assert.ok(codes(elsewhere).includes('idp_over'), codes(elsewhere).join());
  assert.equal(arrived(await visitor.go(callback)).headers['remote-user'], liar.person.sub);
  const used = liar.asked.filter((one) => one === 'plain/token').length;
  const reload = await visitor.go(callback);
  assert.ok([200, 303].includes(reload.status), 'a reload leads on and shows no error');
  assert.equal(liar.asked.filter((one) => one === 'plain/token').length, used, 'the code is not redeemed again');
});

test('an answer without state, or with one that is not ours, says so and counts as no attack', async () => {
  const visitor = new Visitor();
  for (const query of ['error=access_denied', 'code=x', 'code=x&state=AAAA', `code=x&state=${'A'.repeat(9000)}`, '']) {
    const page = await visitor.go(gateway.url('auth', `/sign-in/idp/plain/callback?${query}`));
    assert.ok([400, 414, 431].includes(page.status), `${query.slice(0, 40)}: ${page.status}`);
    if (page.status === 400) assert.ok(codes(page).some((code) => code.startsWith('idp_')), page.text.slice(0, 500));
  }
});

test('any number of tabs go on side by side and each ends at its own page', async () => {
  const user = somebody('plain');
  const visitor = new Visitor();
  const pages = [];
  for (const path of ['/one', '/two', '/three']) pages.push(await visitor.go(gateway.url('wiki', path)));
  const callbacks = [];
  for (const page of pages) callbacks.push(nextOf(await visitor.go(button(page, 'plain'), {}, (next) => next.includes('/callback'))));
  for (const [place, callback] of [...callbacks.entries()].reverse()) {
    const seen = arrived(await visitor.go(callback));
    assert.equal(seen.url, ['/one', '/two', '/three'][place]);
    assert.equal(seen.headers['remote-user'], user);
  }
});

test('a person without an account gets the refusal page, and an account where the config says so', async () => {
  liar.person = { sub: 'stranger', email: 'stranger@example.test', email_verified: true, name: '山田 太郎', preferred_username: 'stranger' };
  const { page } = await signIn('es256');
  assert.ok(codes(page).includes('idp_no_account') && page.text.includes('stranger@example.test'), page.text.slice(0, 2000));
  const seen = arrived((await signIn('plain')).page);
  assert.equal(seen.headers['remote-user'], 'stranger');
  const made = gateway.command(['user', 'show', 'stranger']).user ?? gateway.command(['user', 'show', 'stranger']);
  assert.deepEqual([made.email, made.display_name, made.methods], ['stranger@example.test', '山田 太郎', ['idp']]);
  // A name that is taken is never taken over.
  liar.person = { ...liar.person, sub: 'impostor', preferred_username: 'stranger' };
  const taken = await signIn('plain');
  assert.ok(codes(taken.page).includes('idp_no_name'), codes(taken.page).join());
});

test('groups are taken as the config maps them, never the administrators’ by their name, and go with the provider', async () => {
  liar.person = { sub: 'g', email: 'g@example.test', email_verified: true, name: 'G', preferred_username: 'grouped' };
  assert.deepEqual(arrived((await signIn('group_list')).page).headers['remote-groups'], 'doctors,staff');
  gateway.command(['group', 'add', 'ours']);
  gateway.command(['user', 'set-groups', 'grouped', 'doctors', 'ours', 'staff']);
  BEHAVIOURS.group_list.claims = (c) => ({ ...c, groups: ['staff'] });
  assert.deepEqual(arrived((await signIn('group_list')).page).headers['remote-groups'], 'ours,staff', 'what the provider gave goes, ours stays');
  liar.person = { sub: 'h', preferred_username: 'texted', email: 'h@example.test', name: 'H' };
  assert.deepEqual(arrived((await signIn('group_text')).page).headers['remote-groups'], 'doctors', 'a text is one group, commas and all');
});

test('a demand of an age is met by the sign-in at the provider alone, which is asked for again by prompt=login', async () => {
  const user = somebody('old_session');
  const { page, visitor } = await signIn('old_session', { app: 'fresh' });
  assert.ok(page.text.includes('/sign-in/idp?'), 'ten hours ago is too old for five minutes');
  const again = await visitor.go(button(page, 'old_session'));
  assert.equal(liar.lastRequest.prompt, 'login');
  assert.equal(liar.lastRequest.max_age, undefined);
  assert.ok(codes(again).includes('idp_not_fresh'), codes(again).join());
  const mended = BEHAVIOURS.old_session.claims;
  BEHAVIOURS.old_session.claims = undefined;
  assert.equal(arrived(await visitor.go(button(await visitor.go(gateway.url('fresh', '/')), 'old_session'))).headers['remote-user'], user);
  BEHAVIOURS.old_session.claims = mended;
  somebody('no_time');
  const unknown = await signIn('no_time', { app: 'fresh' });
  const unproven = await unknown.visitor.go(button(unknown.page, 'no_time'));
  assert.ok(codes(unproven).includes('idp_time_unknown'), codes(unproven).join());
});

test('a mail address leads to its provider, whose button need not be there', async () => {
  const visitor = new Visitor();
  const page = await visitor.go(gateway.url('wiki', '/'));
  assert.ok(!page.text.includes('provider=second&'), 'it has no button');
  const goal = page.text.match(/name="for" value="([^"]+)"/)[1];
  const find = gateway.url('auth', '/sign-in/idp/find');
  const user = somebody('second');
  const seen = await visitor.go(find, { form: { for: goal, mail: 'Some.Body@Second.TEST' } });
  assert.equal(liar.lastRequest.login_hint, 'Some.Body@Second.TEST');
  assert.equal(arrived(seen).headers['remote-user'], user);
  const nobody = await new Visitor().go(find, { form: { for: goal, mail: 'a@unknown.test' } });
  assert.equal(nobody.status, 401);
  assert.ok(nobody.text.includes('No provider here knows'));
});

test('a logout token ends the sessions of its person, once, and nothing else does', async () => {
  const post = (token) => new Visitor().request(gateway.url('auth', '/sign-in/idp/plain/backchannel-logout'), { form: { logout_token: token }, headers: { origin: liar.issuer('plain') } });
  somebody('plain');
  const { visitor } = await signIn('plain');
  const alive = async () => (await visitor.request(gateway.url('wiki', '/'))).status === 200;
  assert.ok(await alive());
  const bad = {
    'another audience': liar.logoutToken('plain', { aud: 'x' }),
    'another issuer': liar.logoutToken('second'),
    'no event': liar.logoutToken('plain', { events: {} }),
    'a nonce': liar.logoutToken('plain', { nonce: 'n' }),
    'nobody': liar.logoutToken('plain', { sub: undefined }),
    'no id': liar.logoutToken('plain', { jti: undefined }),
    'old': liar.logoutToken('plain', { iat: Math.floor(Date.now() / 1000) - 3600 }),
    'another key': liar.logoutToken('plain', {}, { kid: 'r', typ: 'logout+jwt' }, 'RS256', otherRsa),
    'alg none': liar.logoutToken('plain', {}, {}, 'none'),
    'HS256 with the public key': liar.logoutToken('plain', {}, { kid: 'r' }, 'HS256'),
    'an access token': liar.logoutToken('plain', {}, { kid: 'r', typ: 'at+jwt' }),
    'rubbish': 'x.y.z',
  };
  for (const [what, token] of Object.entries(bad)) assert.equal((await post(token)).status, 400, what);
  assert.ok(await alive(), 'none of these ended anything');
  const good = liar.logoutToken('plain');
  assert.equal((await post(good)).status, 200);
  assert.ok(!await alive(), 'the session is dead at once');
  const again = await signIn('plain');
  arrived(again.page);
  assert.equal((await post(good)).status, 200, 'a replay is answered as done');
  assert.equal((await again.visitor.request(gateway.url('wiki', '/'))).status, 200, 'and ends nothing');
});

test('each failure is in the log, the audit log and the metrics with its reason, and no secret is', async () => {
  const why = gateway.events('sign_in').map((event) => JSON.stringify(event)).join('\n');
  for (const reason of ['hs256', 'nonce of the token is not that of the request', 'does not answer within', 'redirect']) assert.ok(why.toLowerCase().includes(reason.toLowerCase()), reason);
  const metrics = await gateway.metrics();
  assert.match(metrics, /sekisho_idp_requests_total\{[^}]*outcome="idp_not_believed"[^}]*\} \d+/);
  for (const secret of ['a-secret-of-32', 'a+b%c/d=', 'access_token', '"id_token"']) assert.ok(!gateway.log.includes(secret) && !why.includes(secret), secret);
  // A token is its header, a dot and more: the letters of its beginning alone stand in one of some thousand ids of requests.
  assert.match(liar.logoutToken('plain'), TOKEN);
  for (const [where, text] of Object.entries({ 'the log': gateway.log, 'the audit log': why, 'the metrics': metrics })) assert.ok(!TOKEN.test(text), `a token is in ${where}`);
});
