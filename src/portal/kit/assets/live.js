// Shows a list again every few seconds, unless somebody is busy with it. Without this script the page reloads itself.
const region = document.querySelector('[data-live]');
const busy = () => region.contains(document.activeElement) || region.querySelector('input:checked') !== null;
let asking;
setInterval(async () => {
  if (document.hidden || busy() || asking) return;
  // A computer that changed its network hears nothing on the old one, and no error.
  asking = new AbortController();
  const timer = setTimeout(() => asking.abort(), 15_000);
  try {
    const answer = await fetch(location.href, { cache: 'no-store', redirect: 'error', signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-live]');
    if (fresh && !busy()) region.replaceChildren(...fresh.childNodes);
  } catch {
    // The next time will do.
  } finally {
    clearTimeout(timer);
    asking = undefined;
  }
}, 2000);
