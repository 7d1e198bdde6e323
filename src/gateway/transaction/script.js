// Makes the background requests of an existing page wait for their approval. Load it before the page's own scripts:
//   <script src="/.sekisho/transactions/script.js"></script>
// fetch() then answers what the app itself answers, once the request was approved; where it was denied or its time is
// over, the gateway's problem+json (RFC 9457). While one waits, `sekisho:held` is sent to the document with what is known
// of it (`detail.page` is where its user can follow it, `detail.number` the number to carry over), `sekisho:over` after.
(() => {
  const plain = window.fetch;
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`sekisho:${name}`, { detail }));

  window.fetch = async (...asked) => {
    const answer = await plain(...asked);
    const result = answer.headers.get('Location') ?? '';
    if (answer.status !== 202 || !result.startsWith('/.sekisho/transactions/')) return answer;
    const held = await answer.clone().json();
    tell('held', held);
    let collected;
    do {
      collected = await plain(result, { headers: { Prefer: 'wait=25' }, cache: 'no-store' });
    } while (collected.status === 202 && (collected.headers.get('Location') ?? '').startsWith('/.sekisho/transactions/'));
    tell('over', { ...held, status: collected.status });
    return collected;
  };
})();
