// Waits for the phone, or for an administrator: the server answers as soon as the question is over, then the next page is shown. Without this
// script the page shows itself again every few seconds.
const card = document.querySelector('[data-wait]');
// What may take days shows no time that is left.
const left = document.getElementById('left');
const end = performance.now() + Number(left?.dataset.left) * 1000;
if (left) setInterval(() => {
  const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
  const [text, count] = seconds > 90 ? [left.dataset.minutes, Math.ceil(seconds / 60)] : [left.dataset.seconds, seconds];
  left.textContent = text.replace(/\d+/, String(count));
}, 1000);
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
// The server holds an answer back for 20 seconds at most; a computer that changed its network hears nothing on the old one,
// and no error.
const patience = 30_000;
for (;;) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  try {
    const answer = await fetch(card.dataset.wait, { cache: 'no-store', signal: limit.signal });
    // A gateway that is starting again, or one before it that cannot reach it, is asked again.
    if (answer.status >= 500) throw answer;
    if (!answer.ok || (await answer.json()).state !== 'waiting') break;
  } catch {
    await pause(2000);
  } finally {
    clearTimeout(timer);
  }
}
location.replace(card.dataset.next);
