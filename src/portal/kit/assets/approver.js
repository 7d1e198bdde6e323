// The approver's page: what is asked of its users, their login forms, the settings of this phone. Its first parts are
// signer.js, number.js, question.js, coded.js and table.js. The protocol is in docs/approver-protocol.md; nothing here is secret, and the server
// trusts nothing here.

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
  page('status').textContent = word ?? '';
  page('status').hidden = !word;
  page('trouble').hidden = true;
};

const complain = (error) => {
  unreached = error.code === 'offline';
  page('trouble').textContent = words[error.code] ?? `${words.fault} (${error.code ?? error.message})`;
  page('trouble').hidden = false;
  page('status').hidden = true;
  page('trouble').scrollIntoView({ block: 'nearest' });
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
const automatic = () => localStorage.getItem('auto-login-protect') !== 'off';

/** How many times was looked, and which look is shown: an answer that comes late shows nothing older. */
let looks = 0;
let lookShown = 0;

async function look() {
  looks += 1;
  const number = looks;
  const sent = Date.now();
  const seen = await ask('GET', '/slots');
  if (number < lookShown) return;
  lookShown = number;
  skew = Date.parse(seen.now) / 1000 - (sent + Date.now()) / 2000;
  // Without a connection the tables go by what was known last.
  keep('skew', skew).catch(() => {});
  slots = seen.slots.filter(Boolean);
  await lookAtCoded().catch(() => {});
  pushKey = seen.push_key;
  if (!slots.some((slot) => slot.user === chosen)) chosen = slots[0]?.user;
  draw();
  lookAtTables().catch((error) => { if (error.code !== 'offline') complain(error); });
}

function draw() {
  page('empty').hidden = slots.length > 0 || byCode || !page('add').hidden;
  page('more').hidden = slots.length === 0;
  drawSlots();
  drawTable();
  drawForms();
  drawSilences();
  drawQuestions();
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
  const there = [...bar.children];
  if (there.length !== slots.length || slots.some(({ user }, place) => there[place].dataset.user !== user)) {
    bar.replaceChildren(...slots.map(({ user }) => {
      const button = document.createElement('button');
      button.dataset.user = user;
      button.onclick = () => open(user);
      return button;
    }));
  }
  slots.forEach((slot, place) => {
    const button = bar.children[place];
    const text = slot.user + (slot.approvals.length ? ` (${slot.approvals.length})` : '');
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute('aria-pressed', String(slot.user === chosen));
  });
}

/** What is answered or over is no longer notified of. */
async function forget(asked) {
  const worker = canNotify && await navigator.serviceWorker.getRegistration('/approver/');
  for (const notification of await worker?.getNotifications?.() ?? []) {
    if (!asked.includes(notification.tag)) notification.close();
  }
}

/** Why the phones of a user are not asked, and until when: shown to the user, who may end it. */
function drawSilences() {
  const cards = slots.flatMap((slot) => {
    const stopped = slot.state !== 'active';
    const reasons = stopped ? [words.approvals_suspended] : (slot.silences ?? []).map(reason);
    return reasons.length ? [silenceCard(slot, stopped, reasons)] : [];
  });
  const there = [...page('silences').children].map((card) => card.textContent).join();
  // What has not changed is left alone, so that a button keeps the focus.
  if (cards.map((card) => card.textContent).join() !== there) page('silences').replaceChildren(...cards);
}

function reason({ why, askers, network, until }) {
  const end = new Date(until);
  const day = end.toDateString() === new Date().toDateString() ? {} : { month: 'short', day: 'numeric' };
  const when = end.toLocaleString(language, { ...day, hour: 'numeric', minute: '2-digit' });
  return words[`silence_${why === 'not_me' ? why : askers}`].replace('{}', when).replace('{}', network);
}

function silenceCard(slot, stopped, reasons) {
  const card = page('silence').content.firstElementChild.cloneNode(true);
  const part = partOf(card);
  const title = stopped ? 'stopped' : 'silence';
  part('title').textContent = slots.length > 1 ? words[`${title}_of`].replace('{}', slot.user) : words[title];
  part('why').replaceChildren(...reasons.map((text) => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  }));
  part('ring').hidden = stopped;
  part('hint').hidden = stopped;
  part('ring').onclick = guarded(async () => {
    await ask('DELETE', `/slots/${encodeURIComponent(slot.user)}/silences`);
    await look();
    tell(words.rings);
  });
  return card;
}

/** What each login form says: until when it is open, as the gateway knows it; and what this page knows besides. */
const windows = new Map();

function drawForms() {
  const slot = slots.find((slot) => slot.user === chosen);
  const services = slot?.services ?? [];
  const ids = services.map(({ service }) => `${slot.user} ${service}`);
  const there = new Map([...page('forms').children].map((card) => [card.dataset.id, card]));
  const cards = services.map((service, place) => there.get(ids[place]) ?? form(slot, service, ids[place]));
  if (cards.some((card, place) => page('forms').children[place] !== card) || there.size !== cards.length) page('forms').replaceChildren(...cards);
  services.forEach(({ open, until, apps }, place) => {
    const own = windows.get(ids[place]) ?? { until: 0 };
    const now = Date.now() / 1000 + skew;
    // Shut well before its time: a password was entered there.
    if (!open && own.until > now + 1) own.used = true;
    if (open) own.used = false;
    own.until = open ? Date.parse(until) / 1000 : 0;
    windows.set(ids[place], own);
    const part = partOf(cards[place]);
    part('apps').textContent = apps.join(', ') || words.portal;
    part('refused').textContent = own.refused ? words.refused.replace('{}', String(own.refused)) : '';
    part('refused').hidden = !own.refused;
    part('release').textContent = own.opened || open ? words.again : words.release;
  });
  tick();
}

function form(slot, service, id) {
  const card = page('form').content.firstElementChild.cloneNode(true);
  const part = partOf(card);
  card.dataset.id = id;
  part('name').textContent = slot.kind === 'login_protect' ? words.login_protect : slot.user;
  part('release').onclick = guarded(() => release(slot, service));
  return card;
}

async function release(slot, service) {
  const claims = { user: slot.user, service: service.service, aud: location.origin };
  const { refused } = await ask('POST', '/windows', { release: await sign({ typ: 'sekisho-release+jwt' }, claims) });
  const id = `${slot.user} ${service.service}`;
  windows.set(id, { until: 0, ...windows.get(id), refused, opened: true, used: false });
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
  if (current) {
    const left = Math.max(0, Math.ceil(current.ends - time));
    const [text, count] = left > 90 ? [words.minutes, Math.ceil(left / 60)] : [words.left, left];
    partOf(current.card)('left').textContent = text.replace('{}', String(count));
    if (left === 0) learnHow(current);
  }
  for (const card of page('forms').children) {
    const { until = 0, used } = windows.get(card.dataset.id) ?? {};
    const left = Math.max(0, Math.ceil(until - time));
    const text = left > 0 ? words.open.replace('{}', String(left)) : used ? words.used : words.shut;
    partOf(card)('state').textContent = text;
    card.classList.toggle('is-open', left > 0);
  }
  drawTable();
}

// What the person does.

const hash = new URLSearchParams(location.hash.slice(1));
const link = hash.get('add');
/** The page was opened by pressing the notification of this question. */
const pressed = hash.get('question');
if (pressed) history.replaceState(null, '', location.pathname);
/** On an iPhone or iPad only what was added to the home screen may notify, and it keeps its keys apart from the browser's. */
const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1);
const fromHome = navigator.standalone === true || matchMedia('(display-mode: standalone)').matches;

/** Offers to register this device by a link; the link is used from memory alone. */
function offer(link) {
  page('add').hidden = false;
  page('empty').hidden = true;
  page('home-first').hidden = !apple || fromHome;
  page('copy-link').hidden = !navigator.clipboard;
  page('copy-link').onclick = guarded(async () => {
    await navigator.clipboard.writeText(`${location.origin}/approver/#add=${link}`);
    tell(words.link_copied);
  });
  page('add-form').onsubmit = guarded(async () => {
    await ask('POST', '/register', { link, name: page('name').value });
    page('add').hidden = true;
    await look();
    tell(words.registered);
    // Asked at the moment at which it is clear what for; a browser wants a press of a button for it.
    if (canNotify && Notification.permission === 'default') page('be-notified').hidden = false;
    else if (canNotify && Notification.permission === 'granted') subscribe().catch(() => {});
  });
}
if (link) {
  // A link that stays in the address can be read over the shoulder.
  history.replaceState(null, '', location.pathname);
  offer(link);
}
page('link-form').onsubmit = guarded(async () => {
  const typed = page('link').value.trim();
  const found = new URLSearchParams(typed.slice(typed.indexOf('#') + 1)).get('add') ?? '';
  if (!/^[A-Za-z0-9_-]{43}$/.test(found)) throw new Refused('no_link');
  page('link').value = '';
  offer(found);
});

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

// Notifications while the page is closed, where the browser can: subscribing waits for its push service, which may never answer.

const within = (milliseconds, promise, code = 'no_push') => Promise.race([promise, new Promise((_, reject) => { setTimeout(() => reject(new Refused(code)), milliseconds); })]);

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
const beNotified = guarded(async () => {
  try {
    const permission = await Notification.requestPermission();
    page('be-notified').hidden = true;
    if (permission !== 'granted') throw new Refused('no_push');
    await subscribe();
    tell(words.notified);
  } catch (error) {
    throw error instanceof Refused && error.code !== 'no_push' ? error : new Refused('no_push');
  }
});
page('notify').onclick = beNotified;
page('notify-now').onclick = beNotified;
page('notify-later').onclick = () => { page('be-notified').hidden = true; };
if (canNotify) {
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.pressed) openFor(data.pressed);
    else look().catch(() => {});
  });
}

// While the page is open an event stream brings questions at once; where that fails the page asks every few seconds.

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** The gateway says every 20 seconds that it is there; a phone that changed its network hears nothing, and no error. */
const silence = 45_000;

async function follow() {
  for (;;) {
    const limit = new AbortController();
    try {
      if (slots.length === 0) {
        await pause(3000);
        await look();
        continue;
      }
      const events = await within(patience, call('GET', '/events', undefined, limit.signal), 'offline');
      if (!events.ok) throw new Refused('fault');
      const reader = events.body.getReader();
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
      limit.abort();
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
  skew = await kept('skew') ?? 0;
  const code = arrived();
  await (pressed ? openFor(pressed) : look());
  if (code) await showScanned(code);
  else if (!link && chosen) await open(chosen);
  // Kept fresh where it was allowed before; without it the page gets its events as long as it is open.
  if (canNotify && slots.length && Notification.permission === 'granted') subscribe().catch(() => {});
} catch (error) {
  complain(error);
  if (error.code === 'offline') await recallTables().catch(() => {});
}
follow();
