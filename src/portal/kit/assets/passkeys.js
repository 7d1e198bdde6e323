// Passkeys: WebAuthn in one page. A page has one `data-passkey` box: "use" at a sign-in, "create" where one is registered. What
// the browser answers is posted by the form of the box; what goes wrong is said by one of the texts that the box brings along.
const box = document.querySelector('[data-passkey]');
const form = box.querySelector('form');
const texts = [...box.querySelectorAll('[data-problem]')];
box.querySelector('[data-until-script]').hidden = true;
const creates = box.dataset.passkey === 'create';

const say = (problem) => {
  const known = texts.some((text) => text.dataset.problem === problem);
  texts.forEach((text) => { text.hidden = !problem || text.dataset.problem !== (known ? problem : 'other'); });
};

// One request to the authenticator at a time: Firefox ends the first for a second, Chromium refuses the second.
let running = null;
const stop = async () => {
  if (!running) return;
  const before = running;
  running = null;
  before.abort.abort();
  await before.over;
};

let given = null;
const challenge = async () => {
  // A challenge is used again until a fifth of its time is left: the conditional request and the button share one.
  if (given && performance.now() < given.until) return given;
  const fields = new URLSearchParams(new FormData(form));
  fields.delete('credential');
  const answer = await fetch(box.dataset.options, { method: 'POST', body: fields, cache: 'no-store' });
  if (!answer.ok) throw Object.assign(new Error('no challenge'), { name: answer.status === 429 ? 'SlowDown' : 'Over' });
  given = await answer.json();
  given.until = performance.now() + (given.options.timeout || 60000) * 0.8;
  return given;
};

const ask = async (mediation) => {
  await stop();
  const asked = await challenge();
  const abort = new AbortController();
  const request = creates
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.options), signal: abort.signal })
    : navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.options), signal: abort.signal, ...(mediation && { mediation }),
    });
  const mine = { abort, over: request.then(() => {}, () => {}) };
  running = mine;
  try {
    return { id: asked.id, credential: await request };
  } finally {
    if (running === mine) running = null;
  }
};

const send = ({ id, credential }) => {
  form.elements.ceremony.value = id;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  HTMLFormElement.prototype.submit.call(form);
};

const byButton = async () => {
  say('');
  try {
    send(await ask());
  } catch (error) {
    if (error.name !== 'AbortError') say(error.name);
    conditional();
  }
};

// Offers passkeys in the field of the user name. It waits as long as the page is open; a new challenge is drawn in time.
let offered = false;
const conditional = async () => {
  if (creates || !box.dataset.conditional || offered) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false))) return;
  offered = true;
  try {
    const asked = await challenge();
    const answer = ask('conditional');
    const again = setTimeout(() => { stop().then(() => { offered = false; conditional(); }); }, Math.max(1000, asked.until - performance.now()));
    try {
      send(await answer);
    } finally {
      clearTimeout(again);
    }
  } catch {
    // The button says what is wrong when it is pressed.
  } finally {
    offered = false;
  }
};

if (!window.isSecureContext || typeof PublicKeyCredential?.parseRequestOptionsFromJSON !== 'function') {
  say('unsupported');
} else {
  form.hidden = false;
  form.addEventListener('submit', (event) => { event.preventDefault(); byButton(); });
  conditional();
}
