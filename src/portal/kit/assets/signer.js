// What the approver's page and its service worker both begin with: a key that cannot leave this browser, and what is
// signed with it. Each is served as one file with this in front, so that both read the same lines.

const api = '/approver/api';

// The key: made once, kept in IndexedDB, not extractable.

const database = new Promise((resolve, reject) => {
  const opening = indexedDB.open('sekisho-approver', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

const store = async (mode, act) => {
  const transaction = (await database).transaction('keys', mode);
  const request = act(transaction.objectStore('keys'));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
  });
};

const kept = (name) => store('readonly', (keys) => keys.get(name));
const keep = (name, value) => store('readwrite', (keys) => keys.put(value, name));

const keys = (async () => {
  const own = await kept('own');
  if (own) return own;
  const made = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  // Of two pages that are opened for the first time at once, both use the key that was kept first.
  await store('readwrite', (all) => {
    const there = all.get('own');
    there.onsuccess = () => { if (!there.result) all.put(made, 'own'); };
    return there;
  });
  return kept('own');
})();

const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const text = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
const once = () => base64url(crypto.getRandomValues(new Uint8Array(16)));

/** How far this clock is from the server's, in seconds. */
let skew = 0;
const now = () => Math.floor(Date.now() / 1000 + skew);

async function jwk() {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', (await keys).publicKey);
  return { kty, crv, x, y };
}

async function sign(header, claims) {
  const signed = `${text({ alg: 'ES256', ...header })}.${text({ iat: now(), jti: once(), ...claims })}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, (await keys).privateKey, new TextEncoder().encode(signed));
  return `${signed}.${base64url(signature)}`;
}

class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** How long a request may take, in milliseconds: a phone that changed its network hears nothing on the old one, and no error. */
const patience = 15_000;

/** One request and the whole of its answer; what the gateway refuses is thrown with its code, what never comes as `offline`. */
async function answered(send) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  let answer;
  let result;
  try {
    answer = await send(limit.signal);
    result = await answer.json();
  } catch {
    // An answer that was cut short says nothing of what was done; one of something before the gateway may be no JSON.
    if (!answer || answer.ok) throw new Refused('offline');
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) throw new Refused(result?.code ?? 'fault');
  return result;
}

/** One request, with the proof that the key is at hand (RFC 9449). */
async function call(method, path, body, signal) {
  const proof = await sign({ typ: 'dpop+jwt', jwk: await jwk() }, { htm: method, htu: `${location.origin}${api}${path}` });
  const headers = { DPoP: proof, Accept: 'application/json' };
  if (body) headers['Content-Type'] = 'application/json';
  return fetch(`${api}${path}`, { method, headers, body: body && JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal });
}

const ask = (method, path, body) => answered((signal) => call(method, path, body, signal));

/** Of the very text that was shown, so that nothing else can be approved with it. */
const digest = async (shown) => base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(shown)));

