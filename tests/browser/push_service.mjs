// A push service: the browser's half is Mozilla's autopush protocol over a WebSocket, the gateway's half RFC 8030 over
// HTTPS. It accepts what a real one would: a token of the subscription's own key (RFC 8292), not older than a day, and a
// body that is encrypted as RFC 8188 has it; it cannot read it, only the browser can.

import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer } from 'node:https';
import { WebSocketServer } from 'ws';

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** What is wrong with a request's token, if anything. */
function refusal(authorization, key, origin) {
  const found = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(authorization ?? '');
  if (!found) return 'no token';
  const [, header, claims, signature, own] = found;
  if (own !== key) return 'the key is not that of the subscription';
  const point = Buffer.from(own, 'base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) } });
  const good = verify('sha256', Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!good || JSON.parse(Buffer.from(header, 'base64url')).alg !== 'ES256') return 'the signature is not good';
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url'));
  const now = Date.now() / 1000;
  if (aud !== origin) return `the audience is ${aud}`;
  if (!(exp > now && exp <= now + 86_400)) return `it ends at ${exp}`;
  if (!/^(mailto:|https:)/.test(sub ?? '')) return `the subject is ${sub}`;
  return null;
}

/** What is wrong with a message, if anything: salt, record size, the sender's point, one record at least (RFC 8291). */
function unlike(headers, body) {
  if (headers['content-encoding'] !== 'aes128gcm') return 'no aes128gcm';
  if (!/^\d+$/.test(headers.ttl ?? '')) return 'no TTL';
  if (body.length > 4096) return 'too long';
  if (body.length < 21 + 65 + 18 || body[20] !== 65 || body[21] !== 4) return 'no header of RFC 8291';
  return null;
}

/** Starts one; `answer` may say a status other than 201, or `null` for none at all. */
export async function pushService({ key, cert }) {
  const service = { requests: [], acknowledged: [], answer: () => 201, serverURL: '', origin: '' };
  const subscriptions = new Map();
  const server = createServer({ key, cert }, (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const subscription = subscriptions.get(request.url);
      const fault = !subscription ? null : refusal(request.headers.authorization, subscription.key, service.origin) ?? unlike(request.headers, body);
      const status = !subscription ? 410 : fault ? 400 : service.answer();
      service.requests.push({ path: request.url, status, fault, urgency: request.headers.urgency, ttl: request.headers.ttl });
      if (status === null) return;
      if (status === 201) {
        const { socket, channelID } = subscription;
        socket.send(JSON.stringify({ messageType: 'notification', channelID, version: randomUUID(), ttl: Number(request.headers.ttl), data: base64url(body), headers: { encoding: 'aes128gcm' } }));
      }
      response.writeHead(status, status === 201 ? { location: `/message/${randomUUID()}` } : { 'retry-after': '1' }).end();
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  service.origin = `https://localhost:${server.address().port}`;
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => { sockets.on('listening', resolve); });
  service.serverURL = `ws://127.0.0.1:${sockets.address().port}/`;
  sockets.on('connection', (socket) => socket.on('message', (data) => {
    const said = JSON.parse(data);
    const say = (value) => socket.send(JSON.stringify(value));
    if (said.messageType === 'hello') say({ messageType: 'hello', status: 200, uaid: said.uaid || randomUUID().replaceAll('-', ''), use_webpush: true, broadcasts: {} });
    else if (said.messageType === 'register') {
      const path = `/push/${randomUUID()}`;
      subscriptions.set(path, { socket, channelID: said.channelID, key: said.key.replace(/=+$/, '') });
      say({ messageType: 'register', status: 200, channelID: said.channelID, pushEndpoint: `${service.origin}${path}` });
    } else if (said.messageType === 'unregister') say({ messageType: 'unregister', status: 200, channelID: said.channelID });
    else if (said.messageType === 'ack') service.acknowledged.push(...said.updates);
    else if (Object.keys(said).length === 0) say({});
  }));
  service.forget = () => subscriptions.clear();
  service.close = () => { for (const socket of sockets.clients) socket.terminate(); sockets.close(); server.closeAllConnections(); server.close(); };
  return service;
}
