// The approver's service worker: shows what is asked while no page is open. A notification that shows everything that has
// to be seen can be answered there; where a number is carried over, or more has to be read, saying yes is left to the page.

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A phone that shows tables shows them without a connection too: the page and its parts, as the page has kept them.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isPage = request.mode === 'navigate' && pathname === '/approver/';
  if (request.method !== 'GET' || origin !== self.location.origin || !(isPage || pathname.startsWith('/assets/'))) return;
  event.respondWith(fetch(request).catch(async (error) => {
    const shelf = await caches.open('sekisho-approver');
    const there = await shelf.match(pathname, { ignoreVary: true });
    if (!there) throw error;
    return there;
  }));
});

/** What may be approved from a notification, where no number is asked for. */
const brief = ['sign_in', 'second_factor'];

const pages = () => self.clients.matchAll({ type: 'window' });

async function tellPages() {
  for (const page of await pages()) page.postMessage('asked');
}

/** What is asked, as the gateway says it to this key; nothing where it cannot be reached in time. */
async function find(approval) {
  try {
    const sent = Date.now();
    const late = new Promise((_, reject) => { setTimeout(() => reject(new Refused('offline')), 8000); });
    const seen = await Promise.race([ask('GET', '/slots'), late]);
    skew = Date.parse(seen.now) / 1000 - (sent + Date.now()) / 2000;
    return seen.slots.flatMap((slot) => slot.approvals).find((question) => question.id === approval);
  } catch {
    return undefined;
  }
}

async function show(asked) {
  const words = await kept('words') ?? {};
  const question = await find(asked.approval);
  const shown = question ? JSON.parse(question.shown) : asked;
  const lines = [[words.as, shown.user]];
  const actions = [];
  if (question) {
    lines.push([words.app, shown.app ?? words.portal], [words.browser, shown.browser], [words.address, shown.address]);
    if (question.number === 'none' && brief.includes(shown.purpose)) actions.push({ action: 'approve', title: words.approve });
    actions.push({ action: 'deny', title: words.deny });
  }
  const title = shown.details?.title;
  const what = title ? title[words.language] ?? title.en : words[shown.purpose === 'app' ? 'transaction' : shown.purpose];
  await self.registration.showNotification(what ?? words.sign_in ?? 'Sekisho', {
    body: lines.map(([name, value]) => `${name ?? ''}: ${value}`).join('\n'),
    tag: asked.approval,
    requireInteraction: true,
    // What is signed is what this notification shows.
    data: question && { shown: question.shown },
    actions,
  });
}

self.addEventListener('push', (event) => {
  event.waitUntil((async () => {
    await tellPages();
    await show(event.data?.json() ?? {}).catch(() => {});
  })());
});

/** The page, at the question of this notification: or, where that is over, at how it ended. */
async function open({ tag }) {
  const [page] = await pages();
  if (!page) return self.clients.openWindow(`/approver/#question=${encodeURIComponent(tag)}`);
  page.postMessage({ pressed: tag });
  return page.focus();
}

async function answer({ tag, data }, decision) {
  try {
    const claims = { approval: tag, decision, shown: await digest(data.shown), aud: JSON.parse(data.shown).portal };
    await ask('POST', `/approvals/${tag}`, { answer: await sign({ typ: 'sekisho-answer+jwt' }, claims) });
  } catch (error) {
    // Shown where the answer was given, so that a user does not take an approval that failed for one that arrived.
    const words = await kept('words') ?? {};
    await self.registration.showNotification(words[error.code] ?? words.fault ?? 'Sekisho', { tag });
  }
  await tellPages();
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const answers = ['approve', 'deny'].includes(event.action) && event.notification.data?.shown;
  event.waitUntil(answers ? answer(event.notification, event.action) : open(event.notification));
});
