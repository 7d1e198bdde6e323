// A CIBA client that is not ours: openid-client, as it is published. It asks, prints the answer to the request on a line,
// polls as the specification says, and ends with what it was given or with the error.
//   node ciba.mjs ISSUER AUTHORITY CLIENT LOGIN_HINT MESSAGE
// The secret is in SECRET, or the files of a client certificate and its key are in CERTIFICATE and KEY; a ping's token in NOTIFY.
import fs from 'node:fs';
import https from 'node:https';
import * as client from 'openid-client';

const [issuer, authority, name, hint, message] = process.argv.slice(2);
const ca = fs.readFileSync(authority);
const { CERTIFICATE, KEY, SECRET, NOTIFY } = process.env;
const own = CERTIFICATE ? { cert: fs.readFileSync(CERTIFICATE), key: fs.readFileSync(KEY) } : {};

/** `fetch`, to the portal on this machine, whatever a resolver says of its name. */
const over = (address, { method, headers, body }) => new Promise((resolve, reject) => {
  const url = new URL(address);
  const sent = { ...Object.fromEntries(new Headers(headers)), host: url.host };
  const options = { host: '127.0.0.1', port: url.port, servername: url.hostname, path: url.pathname + url.search, method, headers: sent, ca, ...own };
  const request = https.request(options, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode, headers: answer.headers })));
    answer.on('error', reject);
  });
  request.on('error', reject);
  request.end(body ? String(body) : undefined);
});

const config = await client.discovery(
  new URL(issuer),
  name,
  { id_token_signed_response_alg: 'ES256', use_mtls_endpoint_aliases: Boolean(CERTIFICATE) },
  CERTIFICATE ? client.TlsClientAuth() : client.ClientSecretBasic(SECRET),
  { [client.customFetch]: over },
);
config[client.customFetch] = over;
// Signatures are verified with the published keys, too, although the tokens came over TLS.
client.enableNonRepudiationChecks(config);

try {
  const parameters = { scope: 'openid', login_hint: hint, binding_message: message, requested_expiry: '60' };
  if (NOTIFY) parameters.client_notification_token = NOTIFY;
  const asked = await client.initiateBackchannelAuthentication(config, parameters);
  console.log(JSON.stringify(asked));
  const tokens = await client.pollBackchannelAuthenticationGrant(config, asked);
  console.log(JSON.stringify({ tokens, claims: tokens.claims() }));
} catch (error) {
  console.log(JSON.stringify({ error: error.error ?? error.code ?? error.message, description: error.error_description, status: error.status }));
}
