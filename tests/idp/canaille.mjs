// canaille (PyPI), a small identity provider in Python: its own database, its own server with TLS.

import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { forms, listens, send, until } from './support.mjs';

const bin = process.env.SEKISHO_TEST_CANAILLE ?? join(import.meta.dirname, '../.cache/venv-idp/bin/canaille');

export async function startCanaille(place, port, portal) {
  const config = place.file('canaille.toml', `
SECRET_KEY = "0123456789abcdef0123456789abcdef"
SERVER_NAME = "127.0.0.1:${port}"
PREFERRED_URL_SCHEME = "https"
[CANAILLE]
DATABASE = "sql"
[CANAILLE_SQL]
DATABASE_URI = "sqlite:///${place.folder}/canaille.db"
[CANAILLE_OIDC]
TRUSTED_DOMAINS = ["auth.localhost"]
`);
  const env = { ...process.env, CANAILLE_CONFIG: config };
  const run = (...line) => execFileSync(bin, line, { env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  run('install');
  const client = JSON.parse(run('create', 'client', '--client-id', 'sekisho', '--client-secret', 'a-secret-of-32-characters-1234567', '--client-name', 'gateway',
    '--redirect-uris', `${portal}/sign-in/idp/canaille/callback`, '--token-endpoint-auth-method', 'client_secret_basic',
    '--grant-types', 'authorization_code', '--grant-types', 'refresh_token', '--response-types', 'code',
    '--scope', 'openid', '--scope', 'email', '--scope', 'profile', '--scope', 'groups').trim().split('\n').at(-1));
  // A client of its own is no audience of its tokens until it is made one.
  run('set', 'client', client.id, '--audience', client.id);
  const person = (name, mail, given, family, ...more) => JSON.parse(run('create', 'user', '--user-name', name, '--password', `pw-${name}-123`, '--emails', mail, '--given-name', given, '--family-name', family, '--formatted-name', `${family} ${given}`, ...more).trim().split('\n').at(-1));
  const server = spawn(bin, ['run', '--bind', `127.0.0.1:${port}`, '--certfile', join(place.folder, 'server.pem'), '--keyfile', join(place.folder, 'server.key')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => { log += text; });
  await until('canaille listens', () => server.exitCode !== null || listens(port), 60_000);
  return {
    issuer: `https://127.0.0.1:${port}`,
    run, person, log: () => log,
    end: () => new Promise((resolve) => { if (server.exitCode !== null) resolve(); else { server.on('exit', resolve); server.kill('SIGTERM'); } }),
    /** Through its pages, from wherever the authorization request led. */
    async through(visitor, page, user, password = `pw-${user}-123`) {
      for (let steps = 0; steps < 8 && page.url.startsWith(`https://127.0.0.1:${port}/`); steps += 1) {
        const form = forms(page).find((one) => one.method === 'post' && one.fields.some((field) => ['login', 'password', 'answer'].includes(field.name)));
        if (!form) return page;
        const consent = form.fields.some((field) => field.name === 'answer');
        page = await send(visitor, form, { login: user, password }, consent ? ['answer', 'accept'] : undefined);
      }
      return page;
    },
  };
}
