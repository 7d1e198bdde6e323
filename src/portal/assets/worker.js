// The approver's service worker: shows that something is asked while no page is open, and opens the page. It answers
// nothing: what is asked is shown by the page alone, which holds what has to be seen before one says yes.

const words = {
  en: { sign_in: 'Sign in?', second_factor: 'Finish signing in?', register_browser: 'Register this browser?', add_approver: 'Add another phone?', transaction: 'Approve this?', app: 'Approve this?', as: 'As' },
  ja: { sign_in: 'サインインしますか？', second_factor: 'サインインを完了しますか？', register_browser: 'このブラウザを登録しますか？', add_approver: 'スマートフォンを追加しますか？', transaction: '承認しますか？', app: '承認しますか？', as: '利用者' },
};

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  event.waitUntil((async () => {
    const asked = event.data?.json() ?? {};
    const pages = await self.clients.matchAll({ type: 'window' });
    for (const page of pages) page.postMessage('asked');
    const say = words[self.navigator.language.startsWith('ja') ? 'ja' : 'en'];
    await self.registration.showNotification(say[asked.purpose] ?? say.sign_in, {
      body: `${say.as}: ${asked.user}`,
      tag: asked.approval,
      requireInteraction: true,
    }).catch(() => {});
  })());
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const [page] = await self.clients.matchAll({ type: 'window' });
    if (page) return page.focus();
    return self.clients.openWindow('/approver/');
  })());
});
