// What a code asks where this phone is no approver: shown by the number in the code, answered with a passkey over the very text
// that is shown. It stands between question.js and approver.js, and is served as one file with them.

/** The questions that were read from codes, with the number that each is fetched by. */
const coded = new Map();
/** Whether a code was read here: this phone then has something to do, although it approves for nobody. */
let byCode = false;

/** One request of a phone that has no key to prove. */
const post = (path, body) => answered((signal) => fetch(`${api}/passkey${path}`, {
  method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal,
}));

/** Fetches the question of a code; whether it is one that a passkey answers. */
async function fetchCoded(id, number) {
  const { now: time, state, shown, expires_at } = await post('/question', { approval: id, number });
  skew = Date.parse(time) / 1000 - Date.now() / 1000;
  byCode = true;
  page('empty').hidden = true;
  if (state === 'pending') coded.set(id, { id, shown, expires_at, number: 'passkey', offered: [], digits: 0, secret: number });
  return { state, shown };
}

/** Those that still stand: what has ended meanwhile is asked no more. */
async function lookAtCoded() {
  for (const { id, secret } of coded.values()) {
    const { state } = await fetchCoded(id, secret);
    if (state !== 'pending') coded.delete(id);
  }
}

/** Shows what a code asks that is none of this phone's own questions. */
async function showCoded(id) {
  const number = scanned.get(id);
  scanned.delete(id);
  try {
    const { state, shown } = await fetchCoded(id, number);
    // Read once more, it is meant, whatever was said to it here before.
    over.delete(id);
    drawQuestions();
    if (state === 'pending') bringForward(id);
    else tellOutcome(JSON.parse(shown), state === 'approved' || state === 'denied' ? `${state}_elsewhere` : state);
  } catch (error) {
    complain(error.code === 'approval_unknown' ? { code: 'scan_unknown' } : error);
  }
}

/** The buttons of such a question. A no is only that: this page is left, and nothing was said. */
function confirmByPasskey(focus, part, act) {
  if (typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON !== 'function') {
    part('hint').textContent = words.no_passkeys;
  } else {
    part('passkey').hidden = false;
    part('passkey-what').hidden = false;
    part('passkey').onclick = act('approve');
  }
  part('deny').onclick = () => {
    coded.delete(focus.question.id);
    end(focus, 'left');
  };
}

/** Answers with a passkey; the challenge that it signs says all of the answer. */
async function answerByPasskey({ id, secret }, decision, shown) {
  const said = { approval: id, number: secret, shown, decision };
  const { id: ceremony, options } = await post('/challenge', said);
  let credential;
  try {
    credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  } catch (error) {
    throw new Refused(words[error.name] ? error.name : 'passkey_failed');
  }
  const answer = await post('/answer', { ...said, ceremony, credential: credential.toJSON() });
  coded.delete(id);
  return answer;
}
