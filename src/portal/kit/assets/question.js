// One question at a time: its card, an answer that is signed over the very text of that card, and how it ended. It stands
// between number.js and approver.js, and is served as one file with them.

/** All that is asked, oldest first. */
let asked = [];
/** The question in focus with its card; and how the last one ended, until that is dismissed or the next one comes. */
let current, outcome;
/** Which one is shown first: a notification was pressed for it, or the person said so. */
let wanted;
/** A notification was pressed for this question: until it is known what became of it, nothing else is shown. */
let sought;
/** How a question ended that was sought, until its card is shown. */
let untold;
/** What was answered or has ended here: a list that was on its way meanwhile brings none of it back. */
const over = new Set();

/** A click that was meant for what stood there before is not an answer. */
const settled = 600;

/** Codes of an answer that came too late: how the question ended is asked for. */
const late = ['approval_closed', 'approval_expired', 'approval_unknown'];

const tones = { approved: 'good', wrong_number: 'bad', changed: 'bad' };

const askedAt = ({ shown }) => Date.parse(JSON.parse(shown).asked_at);
const partOf = (card) => (name) => card.querySelector(`[data-part="${name}"]`);
/** Words in the language of this page, or in English. */
const inOurs = (said) => said[language] ?? said.en;

function drawQuestions() {
  asked = [...slots.flatMap((slot) => slot.approvals), ...coded.values()].filter(({ id }) => !over.has(id)).sort((one, other) => askedAt(one) - askedAt(other));
  if (current && !current.answering) {
    const now = asked.find(({ id }) => id === current.question.id);
    if (!now) learnHow(current);
    else if (now.shown !== current.question.shown || now.number !== current.question.number || now.digits !== current.question.digits || String(now.offered) !== String(current.question.offered)) end(current, 'changed');
    else if (wanted && wanted !== now.id && asked.some(({ id }) => id === wanted)) leave();
  }
  advance();
  forget(asked.map(({ id }) => id)).catch(() => {});
}

/** Shows the next question, where nothing has to be seen before it. */
function advance() {
  if (outcome && !outcome.waits && asked.length) dismiss();
  if (!current && !outcome && untold) tellSought();
  if (!current && !outcome && !sought) {
    const next = asked.find(({ id }) => id === wanted) ?? asked[0];
    if (next) show(next);
  }
  const more = asked.length - (current ? 1 : 0);
  if (current) {
    const part = partOf(current.card);
    const text = more > 0 ? words.more.replace('{}', String(more)) : '';
    if (part('more').textContent !== text) {
      part('more').textContent = text;
      say(text);
    }
    part('others').hidden = more < 1;
  }
  if (outcome) drawGo(more);
  page('quiet').hidden = slots.length === 0 || Boolean(current || outcome || sought);
  // Of all that can be pressed the answer is the one that is meant: what else there is stands back.
  for (const button of page('forms').querySelectorAll('.release')) button.classList.toggle('primary', !current && !outcome);
}

/** Where it goes on from how the last one ended. */
function drawGo(more) {
  const changed = outcome.word === 'changed';
  const button = partOf(outcome.card)('done');
  outcome.waits = changed || more > 0 || outcome.sought;
  button.textContent = changed ? words.show_now : more > 0 ? words.next.replace('{}', String(more)) : words.close;
  button.classList.toggle('primary', more > 0);
}

/** Said to those who listen; what has the focus is said by that. */
function say(text) {
  page('said').textContent = text;
}

/** The focus goes to what is new, unless somebody types something else. */
function present(heading) {
  const busy = document.activeElement;
  if (busy?.matches('input:not([type="checkbox"])') && busy.value) say(heading.textContent);
  else heading.focus();
}

// The card.

function show(question) {
  wanted = undefined;
  tell();
  say('');
  const shown = JSON.parse(question.shown);
  const card = page('question').content.firstElementChild.cloneNode(true);
  // What is signed is the digest of the very text that is drawn here, and of no other that may come under the same id.
  const focus = { question, shown, card, sealed: digest(question.shown), ends: Date.parse(question.expires_at) / 1000, settled: false };
  current = focus;
  drawCard(focus);
  page('questions').replaceChildren(card);
  settle(focus);
  readOn();
  present(partOf(card)('what'));
  tick();
}

function drawCard(focus) {
  const { question, shown, card } = focus;
  const part = partOf(card);
  card.dataset.id = question.id;
  part('what').textContent = words[shown.purpose] ?? shown.purpose;
  part('as').textContent = shown.user;
  part('app').textContent = shown.app ?? words.portal;
  part('browser').textContent = shown.browser;
  part('address').textContent = shown.address;
  part('browser').parentElement.hidden = !shown.browser;
  part('address').parentElement.hidden = !shown.address;
  part('asked').textContent = new Date(shown.asked_at).toLocaleString(language);
  if (shown.details) drawMatter(part, shown.details);
  const act = (decision, number) => (event) => {
    event.preventDefault();
    if (isAlive(focus, event.submitter ?? event.currentTarget)) answer(focus, decision, number?.());
  };
  if (question.number === 'passkey') {
    // Below: a no without a passkey is none.
  } else if (question.number !== 'none') {
    enterNumber(question, card, part, act);
  } else if (shown.details) {
    part('hold').hidden = false;
    meant(part('hold'), part('hint'), act('approve'));
  } else {
    part('approve').hidden = false;
    part('approve').onclick = act('approve');
  }
  part('deny').onclick = act('deny');
  part('not-me').onclick = act('not_me');
  if (question.number === 'passkey') confirmByPasskey(focus, part, act);
  part('later').onclick = () => {
    const at = asked.findIndex(({ id }) => id === question.id);
    wanted = asked[(at + 1) % asked.length]?.id;
    leave();
    advance();
  };
}

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
    what.className = value === null ? 'missing' : value.length > 80 ? 'long' : '';
    row.append(name, what);
    return row;
  }));
  part('matter').hidden = fields.length === 0;
  part('matter').closest('article').classList.add('deliberate');
}

/** Brings a question into focus, where it is asked; its card. */
function bringForward(id) {
  if (!asked.some((one) => one.id === id)) return undefined;
  if (current?.question.id !== id && !current?.answering) {
    wanted = id;
    if (current) leave();
    if (outcome) dismiss();
    advance();
  }
  return current?.question.id === id ? current.card : undefined;
}

/** The question goes back to those that wait. */
function leave() {
  letGo();
  current = undefined;
  page('questions').replaceChildren();
}

// Nothing answers before its content was on the screen for a moment, to its end.

/** Whether what a button would say may be said; where the end was not on the screen it is brought there first. */
function isAlive(focus, button) {
  if (focus !== current || button.getAttribute('aria-disabled') === 'true') return false;
  readOn();
  if (focus.read) return true;
  partOf(focus.card)('facts').scrollIntoView({ block: 'end' });
  partOf(focus.card)('hint').textContent = words.read_first;
  readOn();
  return false;
}

/** Notes that the end of what is asked is on the screen. */
function readOn() {
  if (!current || current.read || document.hidden) return;
  const { bottom } = partOf(current.card)('facts').getBoundingClientRect();
  current.read = bottom > 0 && bottom <= window.innerHeight + 1;
}
window.addEventListener('scroll', readOn, { passive: true });
window.addEventListener('resize', readOn, { passive: true });

/** Buttons that a single click presses wait a moment: what is held needs none. */
function settle(focus) {
  clearTimeout(focus.timer);
  if (!document.hidden) {
    focus.timer = setTimeout(() => {
      focus.settled = true;
      readOn();
      enliven(focus);
    }, settled);
  }
  enliven(focus);
}
document.addEventListener('visibilitychange', () => { if (current && !current.settled) settle(current); });

function enliven({ card, settled, answering, learning, spoilt }) {
  const part = partOf(card);
  const dead = Boolean(answering || learning || spoilt);
  for (const button of card.querySelectorAll('.acts button')) {
    const waits = !settled && button !== part('hold');
    button.setAttribute('aria-disabled', String(dead || waits));
  }
}

// The answer, and how it ended.

async function answer(focus, decision, number) {
  const { question, sealed } = focus;
  focus.answering = true;
  enliven(focus);
  try {
    const { state } = coded.has(question.id) ? await answerByPasskey(question, decision, await sealed) : await answerByKey(focus, decision, number);
    end(focus, state);
  } catch (error) {
    focus.answering = false;
    if (late.includes(error.code)) {
      await learnHow(focus);
    } else {
      // Not what is asked: nothing that is shown here can be answered any more.
      focus.spoilt = error.code === 'shown_otherwise';
      complain(error);
    }
    enliven(focus);
  }
  await look().catch(() => {});
}

async function answerByKey({ question, shown, sealed }, decision, number) {
  const claims = { approval: question.id, decision, shown: await sealed, aud: shown.portal };
  if (number) claims.number = number;
  return ask('POST', `/approvals/${question.id}`, { answer: await sign({ typ: 'sekisho-answer+jwt' }, claims) });
}

/** It is asked no more: how it ended is for the gateway to say. */
async function learnHow(focus) {
  if (focus.learning || focus.answering) return;
  focus.learning = true;
  enliven(focus);
  const word = await asksHow(focus.question).then(({ word }) => word, () => (isOver(focus) ? 'lapsed' : 'ended'));
  focus.learning = false;
  if (focus !== current) return;
  // By the gateway's clock there is a moment left.
  if (word === 'pending') enliven(focus);
  else end(focus, word);
}

async function asksHow({ id, secret }) {
  const { state, here, shown } = secret ? await fetchCoded(id, secret) : await ask('GET', `/approvals/${id}`);
  const given = ['approved', 'denied', 'not_me', 'wrong_number'].includes(state);
  return { shown, word: given && !here ? `${state === 'approved' ? 'approved' : 'denied'}_elsewhere` : state };
}

const isOver = ({ ends }) => ends <= Date.now() / 1000 + skew;

function end(focus, word) {
  if (word !== 'changed') {
    over.add(focus.question.id);
    coded.delete(focus.question.id);
  }
  asked = asked.filter(({ id }) => !over.has(id));
  leave();
  // The same browser asks again: its latest question says it all.
  if (word !== 'asked_again' || !asked.length) tellOutcome(focus.shown, word);
  advance();
}

/** How a question ended, in a card of its own. Of one that the gateway no longer knows there is nothing to show but that. */
function tellOutcome(shown, word) {
  tell();
  const card = page('ended').content.firstElementChild.cloneNode(true);
  const part = partOf(card);
  card.dataset.tone = tones[word] ?? 'neutral';
  if (card.dataset.tone === 'bad') card.setAttribute('role', 'alert');
  part('how').textContent = words[`how_${word}`] ?? words.how_ended;
  part('why').textContent = words[`why_${word}`] ?? '';
  part('why').hidden = !part('why').textContent;
  part('which').textContent = shown ? summary(shown) : '';
  part('which').hidden = !shown;
  part('done').onclick = () => {
    dismiss();
    advance();
    if (!current) page('title').focus();
  };
  outcome = { card, word, waits: false, sought: false };
  drawGo(asked.length);
  page('outcome').replaceChildren(card);
  present(part('how'));
}

function dismiss() {
  outcome = undefined;
  page('outcome').replaceChildren();
}

function summary(shown) {
  const title = shown.details ? inOurs(shown.details.title) : words[shown.purpose] ?? shown.purpose;
  const values = (shown.details?.fields ?? []).map(({ value }) => value).filter(Boolean);
  return [title, ...values, shown.app ?? words.portal, shown.user].join('\u00a0· ');
}

/** A notification was pressed: its question first; where it is over, how it ended, before any other question. What cannot
 *  be reached is asked again until it answers, or another notification is pressed. */
async function openFor(id) {
  sought = id;
  // Whatever was known of it here: the gateway is asked.
  over.delete(id);
  while (sought === id) {
    try {
      await look();
      const ended = asked.some((one) => one.id === id) ? undefined : await howItEnded(id);
      if (sought !== id) return;
      reached();
      found(id, ended);
    } catch (error) {
      complain(error);
      if (!passing.includes(error.code)) found(id);
      else await pause(3000);
    }
  }
}

/** Trouble that may be over a moment later: the network's, or a gateway's that is being started again. */
const passing = ['offline', 'fault', 'state_unavailable'];

/** How a question ended; nothing where it still stands. After an hour, or a restart, the gateway knows none of it. */
async function howItEnded(id) {
  try {
    const ended = await asksHow({ id });
    return ended.word === 'pending' ? undefined : ended;
  } catch (error) {
    if (late.includes(error.code)) return { word: 'ended' };
    throw error;
  }
}

function found(id, ended) {
  sought = undefined;
  const answering = current?.answering;
  if (!ended) {
    if (!bringForward(id)) wanted = id;
  } else if (!answering || current.question.id !== id) {
    over.add(id);
    asked = asked.filter((one) => one.id !== id);
    untold = ended;
    // An answer that is on its way, and how that ends, is seen first.
    if (!answering) {
      if (current) leave();
      dismiss();
    }
  }
  advance();
}

/** It stays until it is dismissed: the person pressed for it, and the next question is another. */
function tellSought() {
  const { shown, word } = untold;
  untold = undefined;
  tellOutcome(shown && JSON.parse(shown), word);
  outcome.sought = true;
  outcome.waits = true;
}

// A yes that is meant: the button is held. style.css shows for how long.

const longEnough = 1000;
let letGo = () => {};
window.addEventListener('blur', () => letGo());
document.addEventListener('visibilitychange', () => letGo());

/** Acts once the button was held, by pointer or key. A click that came of neither is an assistive technology's, which
 *  cannot hold: it is asked for a second one. */
function meant(button, hint, act) {
  let timer, pressed = -Infinity;
  const may = () => Boolean(current?.card.contains(button)) && isAlive(current, button);
  const done = () => act({ currentTarget: button, preventDefault() {} });
  const stop = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    button.classList.remove('holding');
    hint.textContent = words.hold_how;
  };
  const begin = () => {
    if (timer !== undefined || !may()) return;
    letGo();
    letGo = stop;
    // The hint stays: without it the button would move away from under the finger.
    button.classList.add('holding');
    timer = setTimeout(() => {
      stop();
      hint.textContent = '';
      if (button.isConnected && may()) done();
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
    const since = event.timeStamp - pressed;
    if (since > longEnough && since < 15_000) {
      if (may()) done();
    } else if (button.getAttribute('aria-disabled') !== 'true') {
      may();
      pressed = event.timeStamp;
      hint.textContent = words.hold_again;
    }
  };
}
