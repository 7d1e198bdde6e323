// npm oidc-provider over TLS, with its own interaction pages: what a company runs, as far as one process goes.

import https from 'node:https';
import { Provider } from 'oidc-provider';

/** Starts one; `portal` is the gateway's address. */
export async function startProvider(port, tls, portal, { name = 'op', publicKey } = {}) {
  const issuer = `https://127.0.0.1:${port}`;
  const people = new Map();
  const groups = new Map();
  const client = {
    client_id: 'sekisho',
    client_secret: 'a-secret-of-32-characters-1234567',
    redirect_uris: [`${portal}/sign-in/idp/${name}/callback`],
    post_logout_redirect_uris: [`${portal}/sign-out`],
    backchannel_logout_uri: `${portal}/sign-in/idp/${name}/backchannel-logout`,
    backchannel_logout_session_required: true,
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
  };
  const byKey = {
    ...client,
    client_id: 'sekisho-by-key',
    client_secret: undefined,
    redirect_uris: [`${portal}/sign-in/idp/bykey/callback`],
    backchannel_logout_uri: `${portal}/sign-in/idp/bykey/backchannel-logout`,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: publicKey ? [publicKey] : [] },
  };
  const provider = new Provider(issuer, {
    clients: publicKey ? [client, byKey] : [client],
    cookies: { keys: ['k1'] },
    claims: { openid: ['sub', 'auth_time'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    issueRefreshToken: async (ctx, at, code) => at.grantTypeAllowed('refresh_token') && code.scopes.has('openid'),
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true }, revocation: { enabled: true } },
    // Its own fetch sends nothing to loopback addresses: a logout token would never arrive here.
    fetch: (url, options = {}) => new Promise((resolve, reject) => {
      const { hostname, port: at, pathname, search } = new URL(url);
      const body = options.body === undefined ? '' : String(options.body);
      const headers = { ...Object.fromEntries(new Headers(options.headers)), host: `${hostname}:${at}`, 'content-length': Buffer.byteLength(body) };
      const request = https.request({ host: '127.0.0.1', servername: hostname, port: at, path: pathname + search, method: options.method ?? 'GET', headers, rejectUnauthorized: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(new Response(null, { status: answer.statusCode })));
      });
      request.on('error', reject);
      request.end(body);
    }),
    findAccount: async (ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@example.test`, email_verified: true, name: people.get(id) ?? id, preferred_username: id, ...(groups.has(id) && { groups: groups.get(id) }) }),
    }),
  });
  const errors = [];
  for (const event of ['server_error', 'backchannel.error', 'grant.error', 'authorization.error']) provider.on(event, (...all) => errors.push([event, ...all.map(String)]));
  const refreshTokens = new Map();
  provider.on('refresh_token.saved', (token) => refreshTokens.set(token.accountId, token));
  const server = https.createServer(tls, provider.callback());
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return {
    issuer, people, groups, errors, refreshTokens,
    end() { server.close(); server.closeAllConnections(); },
  };
}
