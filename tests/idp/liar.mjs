// A provider that lies, or is odd within the rules: each of its issuers (`https://127.0.0.1:PORT/NAME`) does one thing. Keys and
// tokens are made here by node's own cryptography, so that what the gateway judges was not written by the gateway's library.

import { constants, createHash, createHmac, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';
import https from 'node:https';
import { wait } from './support.mjs';

const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const json = (value) => b64(JSON.stringify(value));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const jwk = (pair, more) => ({ ...pair.publicKey.export({ format: 'jwk' }), ...more });

/** Signs by an algorithm. */
export function sign(alg, pair, header, claims) {
  const input = `${json({ alg, ...header })}.${json(claims)}`;
  const by = {
    RS256: () => signWith('sha256', input, pair.privateKey),
    RS512: () => signWith('sha512', input, pair.privateKey),
    PS256: () => signWith('sha256', Buffer.from(input), { key: pair.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    ES256: () => signWith('sha256', Buffer.from(input), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
    EdDSA: () => signWith(null, Buffer.from(input), pair.privateKey),
    none: () => Buffer.alloc(0),
    // The public key, which everybody has, as if it were a shared secret.
    HS256: () => createHmac('sha256', pair.publicKey.export({ type: 'spki', format: 'pem' })).update(input).digest(),
  };
  return `${input}.${b64(by[alg]())}`;
}

const now = () => Math.floor(Date.now() / 1000);
const huge = 'x'.repeat(1 << 20);

/** What each issuer does besides what all do. `claims`, `token`, `jwks`, `discovery`, `back` and `userinfo` change what is sent. */
export const BEHAVIOURS = {
  // Odd and right.
  plain: {},
  second: {},
  arrays: { claims: (c) => ({ ...c, aud: [c.aud, 'another'], azp: c.aud, auth_time: now() + 0.700302 }) },
  two_audiences: { claims: (c) => ({ ...c, aud: ['multi', c.aud] }) },
  no_kid: { token: (c) => sign('RS256', rsa, {}, c), jwks: () => [jwk(ed, { kid: 'ed' }), jwk(otherRsa, {}), jwk(rsa, { use: 'sig' })] },
  rs512: { token: (c) => sign('RS512', rsa, { kid: 'r' }, c), jwks: () => [jwk(rsa, { kid: 'r' })] },
  ps256: { token: (c) => sign('PS256', rsa, { kid: 'r' }, c), jwks: () => [jwk(rsa, { kid: 'r' })] },
  es256: { token: (c) => sign('ES256', ec, { kid: 'e' }, c), jwks: () => [jwk(ec, { kid: 'e', alg: 'ES256' })] },
  eddsa: { token: (c) => sign('EdDSA', ed, { kid: 'd' }, c), jwks: () => [jwk(ed, { kid: 'd', alg: 'EdDSA' })] },
  odd_keys: { jwks: () => [{ kty: 'FUTURE', kid: 'f', alg: 'X' }, { kty: 'RSA' }, 7, jwk(rsa, { kid: 'r', alg: 'RS256', use: 'sig' })] },
  userinfo_jwt: { claims: ({ email, name, preferred_username, ...c }) => c, userinfo: (c, send) => send(200, 'application/jwt', sign('RS256', rsa, { kid: 'r' }, { sub: c.sub, email: c.email, email_verified: true, name: c.name, preferred_username: c.preferred_username })) },
  group_text: { claims: (c) => ({ ...c, groups: 'Ärzte, Süd' }) },
  group_list: { claims: (c) => ({ ...c, groups: ['staff', 'Ärzte, Süd', 'administrators', 'unknown'] }) },
  no_pkce: { authorize: (query) => query.has('code_challenge') && { error: 'invalid_request' } },
  fails_once: {},
  rotated: {},
  says_iss: { discovery: (d) => ({ ...d, authorization_response_iss_parameter_supported: true }), back: (b, issuer) => ({ ...b, iss: issuer }) },
  raw_secret: { wants: 'raw' },
  encoded_secret: { wants: 'encoded' },
  old_session: { claims: (c) => ({ ...c, auth_time: now() - 36_000 }) },
  no_time: { claims: ({ auth_time: _, ...c }) => ({ ...c, auth_time: 0 }) },
  // Lies.
  wrong_iss: { claims: (c) => ({ ...c, iss: `${c.iss}/` }) },
  wrong_aud: { claims: (c) => ({ ...c, aud: 'somebody-else' }) },
  empty_aud: { claims: (c) => ({ ...c, aud: [] }) },
  wrong_azp: { claims: (c) => ({ ...c, aud: [c.aud, 'x'], azp: 'x' }) },
  wrong_nonce: { claims: (c) => ({ ...c, nonce: 'another' }) },
  no_nonce: { claims: ({ nonce: _, ...c }) => c },
  expired: { claims: (c) => ({ ...c, iat: now() - 900, exp: now() - 300 }) },
  no_exp: { claims: ({ exp: _, ...c }) => c },
  future: { claims: (c) => ({ ...c, iat: now() + 900 }) },
  no_sub: { claims: ({ sub: _, ...c }) => c },
  alg_none: { token: (c) => sign('none', rsa, {}, c) },
  hs256: { token: (c) => sign('HS256', rsa, { kid: 'r' }, c) },
  hs256_no_kid: { token: (c) => sign('HS256', rsa, {}, c) },
  oct_key: { token: (c) => `${json({ alg: 'HS256', kid: 'o' })}.${json(c)}.${b64(createHmac('sha256', 'shared').update(`${json({ alg: 'HS256', kid: 'o' })}.${json(c)}`).digest())}`, jwks: () => [{ kty: 'oct', kid: 'o', k: b64('shared'), alg: 'HS256' }, jwk(rsa, { kid: 'r' })] },
  other_key_same_kid: { token: (c) => sign('RS256', otherRsa, { kid: 'r' }, c) },
  kid_of_another_kind: { token: (c) => sign('RS256', rsa, { kid: 'e' }, c), jwks: () => [jwk(ec, { kid: 'e' }), jwk(rsa, { kid: 'r' })] },
  unknown_kid: { token: (c) => sign('RS256', otherRsa, { kid: 'nobody' }, c) },
  encryption_key: { token: (c) => sign('RS256', rsa, { kid: 'r' }, c), jwks: () => [jwk(rsa, { kid: 'r', use: 'enc' }), jwk(ec, { kid: 'e' })] },
  key_for_another_alg: { token: (c) => sign('RS512', rsa, { kid: 'r' }, c), jwks: () => [jwk(rsa, { kid: 'r', alg: 'RS256' })] },
  bent_signature: { token: (c) => `${sign('RS256', rsa, { kid: 'r' }, c).slice(0, -8)}AAAAAAAA` },
  no_token: { token: () => undefined },
  not_a_token: { token: () => 'eyJhbGciOiJSUzI1NiJ9.e30' },
  userinfo_of_another: { claims: ({ email: _, ...c }) => c, userinfo: (c, send) => send(200, 'application/json', JSON.stringify({ sub: 'another', email: 'ceo@example.test', email_verified: true })) },
  iss_of_another: { back: (b) => ({ ...b, iss: 'https://evil.example' }) },
  announces_iss: { discovery: (d) => ({ ...d, authorization_response_iss_parameter_supported: true }) },
  refuses: { authorize: () => ({ error: 'access_denied', error_description: '<script>alert(1)</script>' }) },
  slash: { discovery: (d) => ({ ...d, issuer: `${d.issuer}/` }) },
  http_endpoint: { discovery: (d) => ({ ...d, token_endpoint: d.token_endpoint.replace('https:', 'http:') }) },
  inside_endpoint: { discovery: (d) => ({ ...d, token_endpoint: 'https://10.255.255.1/token' }) },
  redirects: { tokenEndpoint: (response) => { response.writeHead(307, { location: '/plain/token' }); response.end(); } },
  slow: { tokenEndpoint: async (response) => { await wait(4000); response.end('{}'); } },
  drips: { tokenEndpoint: async (response) => { for (let i = 0; i < 40 && !response.destroyed; i += 1) { response.write(' '); await wait(100); } response.end(); } },
  huge: { tokenEndpoint: async (response) => { for (let i = 0; i < 100 && !response.destroyed; i += 1) { if (!response.write(huge)) await Promise.race([new Promise((resolve) => { response.once('drain', resolve); }), new Promise((resolve) => { response.once('close', resolve); })]); } response.end(); } },
  huge_discovery: { hugeDiscovery: true },
  broken_json: { tokenEndpoint: (response) => { response.end('{"id_token": '); } },
  odd_error: { tokenEndpoint: (response) => { response.writeHead(403); response.end('{"error":"invalid_code"}'); } },
  weak: { claims: (c) => ({ ...c, amr: ['pwd'], acr: 'loa-1' }) },
};

export class Liar {
  static async start(port, tls) {
    const liar = new Liar();
    liar.port = port;
    liar.codes = new Map();
    liar.asked = [];
    liar.person = { sub: 'person-1', email: 'alice@example.test', email_verified: true, name: '山田 太郎', preferred_username: 'alice' };
    liar.failures = 1;
    liar.rotatedKey = false;
    liar.server = https.createServer(tls, (request, response) => {
      liar.answer(request, response).catch((error) => { if (!response.headersSent) response.writeHead(500); response.end(String(error)); });
    });
    await new Promise((resolve) => { liar.server.listen(port, '127.0.0.1', resolve); });
    return liar;
  }

  end() {
    this.server.close();
    this.server.closeAllConnections();
  }

  issuer(name) {
    return `https://127.0.0.1:${this.port}/${name}`;
  }

  async answer(request, response) {
    const at = new URL(request.url, `https://127.0.0.1:${this.port}`);
    const [, name, ...rest] = at.pathname.split('/');
    const behaviour = BEHAVIOURS[name] ?? {};
    const issuer = this.issuer(name);
    const send = (status, type, body) => { response.writeHead(status, { 'content-type': type }); response.end(body); };
    this.asked.push(`${name}/${rest.join('/')}`);
    switch (rest.join('/')) {
      case '.well-known/openid-configuration': {
        if (behaviour.hugeDiscovery) return BEHAVIOURS.huge.tokenEndpoint(response);
        const document = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, userinfo_endpoint: `${issuer}/userinfo`, token_endpoint_auth_methods_supported: ['client_secret_basic'] };
        return send(200, 'application/json', JSON.stringify(behaviour.discovery ? behaviour.discovery(document) : document));
      }
      case 'jwks': {
        const keys = behaviour.jwks ? behaviour.jwks() : [jwk(ec, { kid: 'e', alg: 'ES256' }), jwk(rsa, { kid: 'r', alg: 'RS256', use: 'sig' })];
        const all = name === 'rotated' && this.rotatedKey ? [jwk(otherRsa, { kid: 'r2', alg: 'RS256' })] : keys;
        return send(200, 'application/jwk-set+json', JSON.stringify({ keys: all }));
      }
      case 'authorize': {
        const query = at.searchParams;
        this.lastRequest = Object.fromEntries(query);
        const error = behaviour.authorize?.(query);
        const code = b64(randomBytes(16));
        this.codes.set(code, { nonce: query.get('nonce'), challenge: query.get('code_challenge'), client: query.get('client_id') });
        let back = error || { code };
        if (query.get('state')) back = { ...back, state: query.get('state') };
        if (behaviour.back) back = behaviour.back(back, issuer);
        response.writeHead(303, { location: `${query.get('redirect_uri')}?${new URLSearchParams(back)}` });
        return response.end();
      }
      case 'token': return this.token(request, response, name, behaviour, issuer, send);
      case 'userinfo': {
        if (behaviour.userinfo) return behaviour.userinfo(this.person, send);
        return send(200, 'application/json', JSON.stringify(this.person));
      }
      default: return send(404, 'text/plain', 'nothing here');
    }
  }

  async token(request, response, name, behaviour, issuer, send) {
    let body = '';
    for await (const part of request) body += part;
    if (behaviour.tokenEndpoint) return behaviour.tokenEndpoint(response);
    const form = new URLSearchParams(body);
    this.lastTokenRequest = Object.fromEntries(form);
    if (behaviour.wants) {
      const given = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
      const secret = 'a+b%c/d=';
      const expected = behaviour.wants === 'raw' ? `sekisho:${secret}` : `sekisho:${encodeURIComponent(secret)}`;
      if (given !== expected) return send(behaviour.wants === 'raw' ? 403 : 400, 'application/json', JSON.stringify({ error: behaviour.wants === 'raw' ? 'unauthorized_client' : 'invalid_request' }));
    }
    if (name === 'fails_once' && this.failures > 0) {
      this.failures -= 1;
      return send(500, 'text/html', '<h1>UNIQUE constraint failed</h1>');
    }
    const known = this.codes.get(form.get('code'));
    this.codes.delete(form.get('code'));
    const challenge = form.get('code_verifier') && b64(createHash('sha256').update(form.get('code_verifier')).digest());
    if (!known || (known.challenge ?? null) !== (challenge ?? null)) return send(400, 'application/json', '{"error":"invalid_grant"}');
    const base = { iss: issuer, aud: known.client, iat: now(), exp: now() + 300, nonce: known.nonce, auth_time: now(), ...this.person };
    const claims = behaviour.claims ? behaviour.claims(base) : base;
    const usual = (c) => (name === 'rotated' && this.rotatedKey ? sign('RS256', otherRsa, { kid: 'r2' }, c) : sign('RS256', rsa, { kid: 'r', typ: 'JWT' }, c));
    const token = (behaviour.token ?? usual)(claims);
    return send(200, 'application/json', JSON.stringify({ access_token: 'access', token_type: 'Bearer', expires_in: 300, ...(token !== undefined && { id_token: token }) }));
  }

  /** A logout token as this provider signs it; `claims` and `header` change it. */
  logoutToken(name, claims = {}, header = { kid: 'r', typ: 'logout+jwt' }, alg = 'RS256', pair = rsa) {
    return sign(alg, pair, header, { iss: this.issuer(name), aud: 'sekisho', iat: now(), exp: now() + 120, jti: b64(randomBytes(12)), events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, sub: this.person.sub, ...claims });
  }
}

export { otherRsa };
