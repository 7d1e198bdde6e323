// Shows a list again every few seconds, unless somebody is busy with it. Without this script the page reloads itself.
const region = document.querySelector('[data-live]');
const busy = () => region.contains(document.activeElement) || region.querySelector('input:checked') !== null;
setInterval(async () => {
  if (document.hidden || busy()) return;
  try {
    const answer = await fetch(location.href, { cache: 'no-store', redirect: 'error' });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-live]');
    if (fresh && !busy()) region.replaceChildren(...fresh.childNodes);
  } catch {
    // The next time will do.
  }
}, 2000);
