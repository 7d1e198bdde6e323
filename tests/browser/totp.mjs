// One-time passwords as an authenticator app makes them, each used once.

import { createHmac } from 'node:crypto';

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** RFC 6238 with the usual parameters. */
export function totp(key, step = Math.floor(Date.now() / 30000)) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replaceAll(/\s/g, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest.at(-1) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A code that was not used yet: each is accepted once, and that of the step to come is good already. */
export const used = new Map();
export async function code(key) {
  const now = () => Math.floor(Date.now() / 30000);
  const step = Math.max(now(), (used.get(key) ?? 0) + 1);
  while (step > now() + 1) await wait(250);
  used.set(key, step);
  return totp(key, step);
}
