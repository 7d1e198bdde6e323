// glewlwyd (Debian): its plug-in as its admin page fills it in, so no PKCE; the server that Debian installs, on a database of
// its own, behind TLS.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor, freePort, listens, tlsInFrontOf, until } from './support.mjs';

export async function startGlewlwyd(place, port, portal) {
  const own = await freePort();
  const database = join(place.folder, 'glewlwyd.db');
  execFileSync('sqlite3', [database], { input: readFileSync('/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3') });
  const config = readFileSync('/etc/glewlwyd/glewlwyd.conf', 'utf8')
    .replace(/^port=.*/m, `port=${own}\nbind_address="127.0.0.1"`)
    .replace(/^external_url=.*/m, `external_url="https://127.0.0.1:${port}"`)
    .replace(/^log_mode=.*/m, 'log_mode="console"')
    .replace('@include "/etc/glewlwyd/glewlwyd-db.conf"', `database = { type = "sqlite3" path = "${database}" };`);
  const server = spawn('glewlwyd', [`--config-file=${place.file('glewlwyd.conf', config)}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => { log += text; });
  await until('glewlwyd listens', () => server.exitCode !== null || listens(own));
  const tls = await tlsInFrontOf(port, own, place.tls);
  const at = `https://127.0.0.1:${port}`;
  const admin = new Visitor();
  const call = async (path, json) => {
    const answer = await admin.request(`${at}/api${path}`, { json });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text} ${log.slice(-500)}`);
  };
  await call('/auth/', { username: 'admin', password: 'password' });
  execFileSync('openssl', ['genrsa', '-out', join(place.folder, 'op.key'), '2048'], { stdio: 'ignore' });
  execFileSync('openssl', ['rsa', '-in', join(place.folder, 'op.key'), '-pubout', '-out', join(place.folder, 'op.pub')], { stdio: 'ignore' });
  await call('/mod/plugin/', {
    module: 'oidc', name: 'oidc', display_name: 'OIDC', enabled: true,
    parameters: {
      iss: `${at}/api/oidc`, 'jwt-type': 'rsa', 'jwt-key-size': '256', key: place.read('op.key').toString(), cert: place.read('op.pub').toString(),
      'access-token-duration': 3600, 'refresh-token-duration': 1209600, 'code-duration': 600, 'refresh-token-rolling': true, 'allow-non-oidc': true,
      'auth-type-code-enabled': true, 'auth-type-code-revoke-replayed': false, 'auth-type-token-enabled': true, 'auth-type-id-token-enabled': true,
      'auth-type-none-enabled': true, 'auth-type-password-enabled': false, 'auth-type-client-enabled': true, 'auth-type-refresh-enabled': true,
      scope: [], 'additional-parameters': [], claims: [], 'jwks-show': true, 'jwks-x5c': [], 'request-parameter-allow': true,
      'request-uri-allow-https-non-secure': false, 'subject-type': 'public', 'address-claim': { type: 'no' }, 'name-claim': 'mandatory', 'name-claim-scope': [],
      'email-claim': 'no', 'email-claim-scope': [], 'scope-claim': 'no', 'scope-claim-scope': [], 'allowed-scope': ['openid'],
      'pkce-allowed': false, 'pkce-method-plain-allowed': false, 'introspection-revocation-allowed': false, 'register-client-allowed': false,
      'session-management-allowed': false, 'encrypt-out-token-allow': false,
    },
  });
  await call('/client/', {
    client_id: 'sekisho', name: 'gateway', confidential: true, enabled: true, client_secret: 'a+b%c/d=e', password: 'a+b%c/d=e',
    redirect_uri: [`${portal}/sign-in/idp/glewlwyd/callback`], authorization_type: ['code', 'refresh_token'], scope: [],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'], source: 'database',
  });
  await call('/user/', { username: 'hanako', name: '山田 花子', email: 'hanako@example.test', password: 'pw-hanako-123', enabled: true, scope: ['openid', 'g_profile'], source: 'database' });
  return {
    issuer: `${at}/api/oidc`,
    log: () => log,
    /** Its login page is a program; this is what it sends. */
    async through(visitor, page, user) {
      if (!page.url.includes('/login.html')) return page;
      const back = new URL(page.url).searchParams.get('callback_url');
      const signed = await visitor.request(`${at}/api/auth/`, { json: { username: user, password: `pw-${user}-123` } });
      if (signed.status !== 200) throw new Error(`login: ${signed.status}`);
      await visitor.request(`${at}/api/auth/grant/sekisho`, { json: { scope: 'openid' }, method: 'PUT' });
      return visitor.go(`${back}${back.includes('?') ? '&' : '?'}g_continue`);
    },
    async end() {
      tls.close();
      tls.closeAllConnections();
      if (server.exitCode === null) await new Promise((resolve) => { server.on('exit', resolve); server.kill('SIGTERM'); });
    },
  };
}
