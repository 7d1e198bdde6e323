// What the tests of identity providers stand on: an authority with certificates for loopback, the gateway with an app whose
// upstream shows what reached it, and a browser without a screen that keeps cookies by host.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const sekisho = process.env.SEKISHO ?? join(root, 'target/debug/sekisho');

export const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Waits until something is so. */
export async function until(what, is, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await is();
    if (found) return found;
    assert.ok(Date.now() < end, `never: ${what}`);
    await wait(50);
  }
}

/** A free port between 12000 and 32000, which the system gives to no outgoing connection. */
export async function freePort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const free = await new Promise((resolve) => {
      const server = createServer().on('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Whether somebody listens: at a port of loopback, or at a socket's path. */
export const listens = (place) => new Promise((resolve) => {
  const socket = createConnection(typeof place === 'number' ? { port: place, host: '127.0.0.1' } : { path: place });
  socket.on('connect', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

const ended = (child) => new Promise((resolve) => { if (!child || child.exitCode !== null || child.signalCode !== null) resolve(); else child.on('exit', resolve); });

/** A folder with an authority and a certificate for 127.0.0.1 and *.localhost. */
export class Place {
  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `sekisho-idp-${name}-`));
    const run = (...line) => execFileSync('openssl', line, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    run('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE');
    run('req', ...curve, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
    const names = ['auth', 'wiki', 'vault', 'fresh'].map((name) => `DNS:${name}.localhost`);
    writeFileSync(join(this.folder, 'names'), `subjectAltName=IP:127.0.0.1,DNS:localhost,${names.join(',')}\nbasicConstraints=CA:FALSE\n`);
    run('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names');
    execFileSync('chmod', ['600', join(this.folder, 'server.key')]);
  }

  file(name, text, mode = 0o600) {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode });
    return path;
  }

  read(name) {
    return readFileSync(join(this.folder, name));
  }

  get tls() {
    return { key: this.read('server.key'), cert: this.read('server.pem') };
  }

  end() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A provider that speaks plain HTTP, behind TLS as in front of a real one. */
export function tlsInFrontOf(port, target, tls) {
  const server = https.createServer(tls, (request, response) => {
    const headers = { ...request.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': request.headers.host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': String(port) };
    const passed = http.request({ host: '127.0.0.1', port: target, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => { response.writeHead(502); response.end(); });
    request.pipe(passed);
  });
  return new Promise((resolve) => { server.listen(port, '127.0.0.1', () => resolve(server)); });
}

/** What the apps demand of a primary factor. */
const DEMANDS = { wiki: 'methods = ["idp"]', vault: 'methods = ["password", "idp"]', fresh: 'methods = ["idp"], max_age = "5m"' };

export class Gateway {
  /** Starts the gateway; `idp` and `more` are TOML, in which `{port}` stands for its port and `{upstream}` for the upstream; `apps` are those of its own. */
  static async start(place, idp, more = '', port = undefined, { apps = ['wiki', 'vault', 'fresh'] } = {}) {
    const gateway = new Gateway();
    gateway.place = place;
    gateway.port = port ?? await freePort();
    gateway.seen = [];
    gateway.upstream = http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ url: request.url, headers: request.headers }));
    });
    await new Promise((resolve) => { gateway.upstream.listen(0, '127.0.0.1', resolve); });
    const upstream = `http://127.0.0.1:${gateway.upstream.address().port}`;
    const app = (name, demand) => `
[[app]]
name = "${name}"
title = "The ${name}"
url = "https://${name}.localhost:${gateway.port}"
upstream = ["${upstream}"]
demands.primary_factor = { ${demand} }
`;
    gateway.config = place.file('sekisho.toml', `
[server]
listen = ["127.0.0.1:${gateway.port}"]
operations_listen = "127.0.0.1:${gateway.operations = await freePort()}"
[tls]
certificate = [{ chain = "server.pem", key = "server.key" }]
[portal]
url = "https://auth.localhost:${gateway.port}"
[portal.demands]
primary_factor = { methods = ["password", "idp"] }
otp = { mode = "off" }
[state]
directory = "state"
[log]
level = "info"
${apps.map((name) => app(name, DEMANDS[name])).join('')}
${idp.replaceAll('{port}', gateway.port)}
${more.replaceAll('{port}', gateway.port).replaceAll('{upstream}', upstream)}
`, 0o644);
    await gateway.run();
    return gateway;
  }

  async run() {
    this.log = '';
    this.process = spawn(sekisho, ['run', '--config', this.config], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => { this.log += text; if (process.env.LOUD) process.stderr.write(text); });
    }
    await until('the gateway listens', async () => this.process.exitCode !== null || await listens(this.port));
    await until('it takes commands', async () => this.process.exitCode !== null || await listens(join(this.place.folder, 'state', 'control.sock')));
    assert.equal(this.process.exitCode, null, this.log);
  }

  async stop() {
    this.process?.kill('SIGINT');
    await ended(this.process);
  }

  async end() {
    await this.stop();
    this.upstream.close();
    this.upstream.closeAllConnections();
  }

  /** What a command answers. */
  command(line) {
    const said = execFileSync(sekisho, [...line, '--config', this.config, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(said);
  }

  events(what) {
    return this.command(['audit', 'query', '--what', what]).items;
  }

  async metrics() {
    return new Promise((resolve) => http.get({ host: '127.0.0.1', port: this.operations, path: '/metrics' }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; }).on('end', () => resolve(text));
    }));
  }

  url(app, path = '/') {
    return `https://${app}.localhost:${this.port}${path}`;
  }
}

/** A browser without a screen: cookies by host, redirects and refreshing pages followed. */
export class Visitor {
  constructor() {
    this.jar = new Map();
    this.went = [];
  }

  cookies(host) {
    if (!this.jar.has(host)) this.jar.set(host, new Map());
    return this.jar.get(host);
  }

  /** One request. */
  request(url, { form, json, headers = {}, method } = {}) {
    const at = new URL(url);
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
    const jar = this.cookies(at.hostname);
    const send = {
      host: at.host, accept: 'text/html', 'accept-language': 'en', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document',
      ...(jar.size && { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(body !== undefined && { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), origin: at.origin }),
      ...headers,
    };
    const options = { host: '127.0.0.1', servername: /^[\d.]+$/.test(at.hostname) ? '' : at.hostname, port: at.port, path: at.pathname + at.search, method: method ?? (body === undefined ? 'GET' : 'POST'), headers: send, rejectUnauthorized: false, agent: false };
    return new Promise((resolve, reject) => {
      const request = https.request(options, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
          for (const set of answer.headers['set-cookie'] ?? []) {
            const [pair, ...attributes] = set.split(';');
            const [name, ...value] = pair.trim().split('=');
            const over = attributes.some((one) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(one));
            if (over || !value.join('=')) jar.delete(name); else jar.set(name, value.join('='));
          }
          resolve({ url, status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString('utf8') });
        });
      });
      request.on('error', reject);
      if (body !== undefined) request.write(body);
      request.end();
    });
  }

  /** A request and wherever it leads; `stop` says which address is not followed. */
  async go(url, options = {}, stop = () => false) {
    let answer = await this.request(url, options);
    for (let hops = 0; hops < 25; hops += 1) {
      const next = nextOf(answer);
      if (!next || stop(next)) return answer;
      this.went.push(next);
      await wait(1000 * Number(answer.text.match(/http-equiv="refresh" content="(\d+);/)?.[1] ?? 0));
      answer = await this.request(next);
    }
    throw new Error(`too many redirects, the last to ${answer.url}`);
  }
}

/** Where an answer leads by itself. */
export function nextOf(answer) {
  const refresh = answer.text.match(/http-equiv="refresh" content="\d+; url=([^"]+)"/)?.[1];
  const next = answer.headers.location ?? (refresh && unescaped(refresh));
  return next && new URL(next, answer.url).toString();
}

export const unescaped = (text) => text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&').replaceAll('&quot;', '"');

/** The address behind the button of a provider. */
export function button(page, provider) {
  const found = [...page.text.matchAll(/href="(\/sign-in\/idp\?[^"]+)"/g)].map(([, path]) => unescaped(path));
  const path = found.find((path) => new URLSearchParams(path.split('?')[1]).get('provider') === provider);
  assert.ok(path, `no button for ${provider}: ${page.status} ${page.text.slice(0, 2000)}`);
  return new URL(path, page.url).toString();
}

/** The codes that a page of ours shows. */
export const codes = (page) => [...page.text.matchAll(/<code>([^<]+)<\/code>/g)].map(([, code]) => code);

/** The forms of a page, as far as a browser without a script fills them. */
export function forms(page) {
  return [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, body]) => {
    const of = (tag, name) => unescaped(tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '');
    const fields = [...body.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) => ({ name: of(tag, 'name'), value: of(tag, 'value'), type: of(tag, 'type'), tag }));
    return { action: new URL(of(head, 'action') || page.url, page.url).toString(), method: of(head, 'method').toLowerCase() || 'get', fields };
  });
}

/** Fills and sends a form: what `values` names, and what is hidden; of its buttons the one that `press` names. */
export function send(visitor, form, values, press = undefined, stop = undefined) {
  const kept = form.fields.filter((field) => field.name && !['submit', 'button', 'checkbox', 'radio'].includes(field.type) && !field.tag.startsWith('<button'));
  const all = Object.fromEntries(kept.map((field) => [field.name, field.value]));
  for (const [name, value] of Object.entries(values)) if (form.fields.some((field) => field.name === name)) all[name] = value;
  if (press) all[press[0]] = press[1];
  if (form.method === 'get') return visitor.go(`${form.action.split('?')[0]}?${new URLSearchParams(all)}`, {}, stop);
  return visitor.go(form.action, { form: all, headers: { referer: form.action } }, stop);
}
