// The approver's page: shows what is asked of its users and signs the answers. Its first parts are signer.js and number.js.
// The protocol is in docs/approver-protocol.md; nothing here is secret and nothing here is trusted by the server.

const page = (id) => document.getElementById(id);
const words = Object.fromEntries([...document.querySelectorAll('[data-word]')].map((word) => [word.dataset.word, word.textContent]));
const language = document.documentElement.lang;
// The worker has no page to read its sentences from.
keep('words', { ...words, language }).catch(() => {});

// What is shown.

/** Whether what is complained of is that the gateway cannot be reached. */
let unreached = false;

const tell = (word) => {
  unreached = false;
  page('told').textContent = word ?? '';
  page('told').hidden = !word;
  page('trouble').hidden = true;
};

const complain = (error) => {
  unreached = error.code === 'offline';
  page('trouble').textContent = words[error.code] ?? `${words.fault} (${error.code ?? error.message})`;
  page('trouble').hidden = false;
  page('told').hidden = true;
};

/** The gateway answers again: that complaint is taken back, and no other word. */
const reached = () => { if (unreached) tell(); };

const guarded = (act) => async (event) => {
  event?.preventDefault();
  const button = event?.submitter ?? event?.currentTarget;
  if (button instanceof HTMLButtonElement) button.disabled = true;
  try {
    await act(event);
  } catch (error) {
    complain(error);
  } finally {
    if (button instanceof HTMLButtonElement) button.disabled = false;
  }
};

const canNotify = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
let slots = [];
let pushKey;
let chosen = localStorage.getItem('slot');
const released = new Map();
const automatic = () => localStorage.getItem('auto-login-protect') !== 'off';

async function look() {
  const sent = Date.now();
  const seen = await ask('GET', '/slots');
  skew = Date.parse(seen.now) / 1000 - (sent + Date.now()) / 2000;
  slots = seen.slots;
  pushKey = seen.push_key;
  if (!slots.some((slot) => slot.user === chosen)) chosen = slots[0]?.user;
  draw();
}

function draw() {
  page('empty').hidden = slots.length > 0 || !page('add').hidden;
  page('more').hidden = slots.length === 0;
  drawSlots();
  drawQuestions();
  drawForms();
  drawSettings();
}

/** Which slot is renamed or removed is said, and what it is called now. */
function drawSettings() {
  const slot = slots.find((slot) => slot.user === chosen);
  if (!slot || page('whose').textContent === slot.user) return;
  page('whose').textContent = slot.user;
  page('rename').value = slot.name;
  page('remove').textContent = words.remove;
}

function drawSlots() {
  const bar = page('slots');
  bar.hidden = slots.length < 2;
  bar.replaceChildren(...slots.map((slot) => {
    const button = document.createElement('button');
    const count = slot.approvals.length ? ` (${slot.approvals.length})` : '';
    button.textContent = slot.user + count;
    button.setAttribute('aria-pressed', String(slot.user === chosen));
    button.onclick = () => open(slot.user);
    return button;
  }));
}

function drawQuestions() {
  const asked = slots.flatMap((slot) => slot.approvals);
  page('quiet').hidden = slots.length === 0 || asked.length > 0;
  const there = new Map([...page('questions').children].map((card) => [card.dataset.id, card]));
  const cards = asked.map((question) => there.get(question.id) ?? card(question));
  for (const card of there.values()) if (!cards.includes(card)) card.remove();
  // What stays is left in its place: a button that is held or has the focus keeps both.
  cards.forEach((card, place) => {
    const at = page('questions').children[place];
    if (at !== card) page('questions').insertBefore(card, at ?? null);
  });
  forget(asked.map((question) => question.id)).catch(() => {});
}

/** What is answered or over is no longer notified of. */
async function forget(asked) {
  const worker = canNotify && await navigator.serviceWorker.getRegistration('/approver/');
  for (const notification of await worker?.getNotifications?.() ?? []) {
    if (!asked.includes(notification.tag)) notification.close();
  }
}

function card(question) {
  const card = page('question').content.firstElementChild.cloneNode(true);
  const shown = JSON.parse(question.shown);
  const part = (name) => card.querySelector(`[data-part="${name}"]`);
  card.dataset.id = question.id;
  card.dataset.ends = String(Date.parse(question.expires_at) / 1000);
  part('what').textContent = words[shown.purpose] ?? shown.purpose;
  part('as').textContent = shown.user;
  part('app').textContent = shown.app ?? words.portal;
  part('browser').textContent = shown.browser;
  part('address').textContent = shown.address;
  part('browser').parentElement.hidden = !shown.browser;
  part('address').parentElement.hidden = !shown.address;
  part('asked').textContent = new Date(shown.asked_at).toLocaleString(language);
  if (shown.details) drawMatter(part, shown.details);
  // The digest is of the very text that was shown here, so that nothing else can be approved with it.
  const answer = (decision, number) => guarded(async () => {
    const claims = { approval: question.id, decision, shown: await digest(question.shown), aud: shown.portal };
    if (number) claims.number = number();
    const { state } = await ask('POST', `/approvals/${question.id}`, { answer: await sign({ typ: 'sekisho-answer+jwt' }, claims) });
    card.remove();
    tell(words[state]);
    await look();
  });
  if (question.number !== 'none') {
    enterNumber(question, card, part, answer);
  } else if (shown.details) {
    part('hold').hidden = false;
    meant(part('hold'), part('hint'), answer('approve'));
  } else {
    part('approve').hidden = false;
    part('approve').onclick = answer('approve');
  }
  part('deny').onclick = answer('deny');
  part('not-me').onclick = answer('not_me');
  return card;
}

/** Words in the language of this page, or in English. */
const inOurs = (said) => said[language] ?? said.en;

/** What is to be done, word for word as it was digested: of a transaction, or of the question of an app. */
function drawMatter(part, details) {
  part('what').textContent = inOurs(details.title);
  part('sentence').textContent = inOurs(details.sentence ?? { en: '' });
  part('sentence').hidden = !part('sentence').textContent;
  const fields = details.fields.map(({ label, value }) => [inOurs(label), value]);
  if (details.requester) fields.unshift([words.requester, details.requester]);
  part('matter').replaceChildren(...fields.map(([label, value]) => {
    const row = document.createElement('div');
    const [name, what] = [document.createElement('dt'), document.createElement('dd')];
    name.textContent = label;
    what.textContent = value ?? words.not_given;
    what.className = value === null ? 'missing' : '';
    if (value?.length > 80) {
      // It scrolls in its own place, so that it pushes nothing else out of sight.
      what.className = 'long';
      what.tabIndex = 0;
    }
    row.append(name, what);
    return row;
  }));
  part('matter').hidden = fields.length === 0;
  part('matter').closest('article').classList.add('deliberate');
}

// A yes that is meant: the button is held. style.css shows for how long.

const longEnough = 1000;
let letGo = () => {};
window.addEventListener('blur', () => letGo());
document.addEventListener('visibilitychange', () => letGo());

/** Acts once the button was held, by pointer or key. A click that came of neither is an assistive technology's, which
 *  cannot hold: it is asked for a second one. */
function meant(button, hint, act) {
  let timer, asked = -Infinity;
  const done = () => act({ currentTarget: button, preventDefault() {} });
  const stop = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    button.classList.remove('holding');
    hint.textContent = words.hold_how;
  };
  const begin = () => {
    if (timer !== undefined || button.disabled) return;
    letGo();
    letGo = stop;
    // The hint stays: without it the button would move away from under the finger.
    button.classList.add('holding');
    timer = setTimeout(() => {
      stop();
      hint.textContent = '';
      if (button.isConnected) done();
    }, longEnough);
  };
  const isPress = (event) => event.key === 'Enter' || event.key === ' ';
  button.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    // Or a finger that slides off would still hold it.
    if (button.hasPointerCapture(event.pointerId)) button.releasePointerCapture(event.pointerId);
    begin();
  };
  button.onpointerup = stop;
  button.onpointercancel = stop;
  button.onpointerleave = stop;
  button.onblur = stop;
  button.oncontextmenu = (event) => event.preventDefault();
  button.onkeydown = (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    if (!event.repeat) begin();
  };
  button.onkeyup = (event) => {
    if (!isPress(event)) return;
    event.preventDefault();
    stop();
  };
  button.onclick = (event) => {
    if (event.detail > 0) return;
    const since = event.timeStamp - asked;
    if (since > longEnough && since < 15_000) {
      done();
    } else {
      asked = event.timeStamp;
      hint.textContent = words.hold_again;
    }
  };
}

function drawForms() {
  const slot = slots.find((slot) => slot.user === chosen);
  page('forms').replaceChildren(...(slot?.services ?? []).map((service) => {
    const card = page('form').content.firstElementChild.cloneNode(true);
    const part = (name) => card.querySelector(`[data-part="${name}"]`);
    const own = released.get(`${slot.user} ${service.service}`);
    part('name').textContent = slot.kind === 'login_protect' ? words.login_protect : slot.user;
    part('apps').textContent = service.apps.join(', ') || words.portal;
    card.dataset.open = String(service.open && own ? own.until : 0);
    if (own?.refused) {
      part('refused').textContent = words.refused.replace('{}', String(own.refused));
      part('refused').hidden = false;
    }
    if (own) part('release').textContent = words.again;
    part('release').onclick = guarded(() => release(slot, service));
    return card;
  }));
  tick();
}

async function release(slot, service) {
  const claims = { user: slot.user, service: service.service, aud: location.origin };
  const { until, refused } = await ask('POST', '/windows', { release: await sign({ typ: 'sekisho-release+jwt' }, claims) });
  released.set(`${slot.user} ${service.service}`, { until: Date.parse(until) / 1000, refused });
  await look();
}

/** Opening a slot opens its login form, unless its owner switched that off or has several to choose from. */
async function open(user) {
  chosen = user;
  localStorage.setItem('slot', user);
  draw();
  const slot = slots.find((slot) => slot.user === user);
  if (automatic() && slot?.services.length === 1) await guarded(() => release(slot, slot.services[0]))();
}

function tick() {
  const time = Date.now() / 1000 + skew;
  for (const card of page('questions').children) {
    const left = Math.max(0, Math.ceil(Number(card.dataset.ends) - time));
    const [text, count] = left > 90 ? [words.minutes, Math.ceil(left / 60)] : [words.left, left];
    card.querySelector('[data-part="left"]').textContent = text.replace('{}', String(count));
    if (left === 0) card.remove();
  }
  for (const card of page('forms').children) {
    const left = Math.max(0, Math.ceil(Number(card.dataset.open) - time));
    card.querySelector('[data-part="state"]').textContent = left > 0 ? words.open.replace('{}', String(left)) : words.shut;
    card.classList.toggle('is-open', left > 0);
  }
}

// What the person does.

const link = new URLSearchParams(location.hash.slice(1)).get('add');
if (link) {
  // Used from memory alone: a link that stays in the address is read by whoever looks.
  history.replaceState(null, '', location.pathname);
  page('add').hidden = false;
  page('add-form').onsubmit = guarded(async () => {
    await ask('POST', '/register', { link, name: page('name').value });
    page('add').hidden = true;
    await look();
    tell(words.registered);
  });
}

page('auto').checked = automatic();
page('auto').onchange = () => localStorage.setItem('auto-login-protect', page('auto').checked ? 'on' : 'off');
page('rename-form').onsubmit = guarded(async () => {
  await ask('PUT', `/slots/${encodeURIComponent(chosen)}`, { name: page('rename').value });
  tell(words.renamed);
});
page('remove').onclick = guarded(async () => {
  // Asked back: without its phone somebody may not come in any more.
  const sure = words.remove_sure.replace('{}', chosen);
  if (page('remove').textContent !== sure) {
    page('remove').textContent = sure;
    return;
  }
  page('whose').textContent = '';
  await ask('DELETE', `/slots/${encodeURIComponent(chosen)}`);
  await look();
  tell(words.removed);
});

// Told while the page is closed, where the browser can: its push service is subscribed to, which may never answer.

const within = (milliseconds, promise, code = 'no_push') => Promise.race([promise, new Promise((_, reject) => { setTimeout(() => reject(new Refused(code)), milliseconds); })]);

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

async function subscribe() {
  const worker = await within(10_000, navigator.serviceWorker.register('/approver/worker.js'));
  await within(10_000, navigator.serviceWorker.ready);
  const subscription = await within(10_000, worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(pushKey) }));
  await ask('PUT', '/subscription', {
    endpoint: subscription.endpoint,
    key: base64url(subscription.getKey('p256dh')),
    secret: base64url(subscription.getKey('auth')),
  });
}

page('notify').hidden = !canNotify;
page('notify').onclick = guarded(async () => {
  try {
    if (await Notification.requestPermission() !== 'granted') throw new Refused('no_push');
    await subscribe();
    tell(words.notified);
  } catch (error) {
    throw error instanceof Refused && error.code !== 'no_push' ? error : new Refused('no_push');
  }
});
if (canNotify) navigator.serviceWorker.addEventListener('message', () => look().catch(() => {}));

// Told at once while the page is open; looked after every few seconds where that does not work.

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** The gateway says every 20 seconds that it is there; a phone that changed its network hears nothing, and no error. */
const silence = 45_000;

async function follow() {
  for (;;) {
    let reader;
    try {
      if (slots.length === 0) {
        await pause(3000);
        await look();
        continue;
      }
      const events = await call('GET', '/events');
      if (!events.ok) throw new Refused('fault');
      reader = events.body.getReader();
      await look();
      for (;;) {
        const { done } = await within(silence, reader.read(), 'offline');
        if (done) {
          await pause(1000);
          break;
        }
        await look();
      }
    } catch (error) {
      reader?.cancel().catch(() => {});
      if (error.code !== 'approver_not_registered') complain({ code: 'offline' });
      await pause(3000);
      await look().then(reached).catch(() => {});
    }
  }
}

setInterval(tick, 1000);
window.addEventListener('online', () => look().then(reached).catch(() => {}));
document.addEventListener('visibilitychange', () => { if (!document.hidden) look().catch(() => {}); });
window.addEventListener('hashchange', () => {
  const code = arrived();
  if (code) look().then(() => showScanned(code)).catch(complain);
});
try {
  const code = arrived();
  await look();
  if (code) showScanned(code);
  else if (!link && chosen) await open(chosen);
  // Kept fresh where it was allowed before; without it the page is told as long as it is open.
  if (canNotify && slots.length && Notification.permission === 'granted') subscribe().catch(() => {});
} catch (error) {
  complain(error);
}
follow();
