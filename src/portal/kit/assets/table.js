// The table of digits of a slot (`token_matrix`): it follows from a seed of this phone and from the time, so that it is there without a
// connection too. It stands between coded.js and approver.js, and is served as one file with them. Digits are text in a real table;
// nothing on it can be pressed.

/** Seconds that a table counts. */
const tableStep = 30;

/**
 * The digits of a step, row by row (docs/approver-protocol.md): HMAC-SHA-256 over a label, the step and a counter gives words of 32
 * bits, and each of these one digit.
 */
async function digitsOf(key, step, cells) {
  const label = new TextEncoder().encode('sekisho token matrix 1\0');
  const message = new Uint8Array(label.length + 12);
  message.set(label);
  const view = new DataView(message.buffer);
  view.setBigInt64(label.length, BigInt(step));
  const digits = [];
  for (let counter = 0; digits.length < cells; counter += 1) {
    view.setUint32(label.length + 8, counter);
    const words = new DataView(await crypto.subtle.sign('HMAC', key, message));
    for (let at = 0; at < 32 && digits.length < cells; at += 4) digits.push(Math.floor((words.getUint32(at) * 10) / 2 ** 32));
  }
  return digits;
}

// The seeds: kept as keys that cannot leave this browser, by user.

const tableName = (user) => `table ${user}`;
const keptTables = () => store('readonly', (keys) => keys.getAll(IDBKeyRange.bound('table ', 'table \uffff')));
const dropTable = (user) => store('readwrite', (keys) => keys.delete(tableName(user)));

/** The tables that this phone can show. */
let tables = [];

/** Of several pages of this phone one asks for a seed at a time. */
const alone = (act) => (navigator.locks ? navigator.locks.request('sekisho-table', act) : act());

/** The seed of a slot: the one that is kept here, or a new one. The gateway sends each seed once. */
async function seedOf({ user, table }) {
  const { blocks, rows, columns } = table;
  const own = await kept(tableName(user));
  if (own && own.seed === table.seed) {
    if (own.blocks === blocks && own.rows === rows && own.columns === columns) return own;
    const resized = { ...own, blocks, rows, columns };
    await keep(tableName(user), resized);
    return resized;
  }
  const { secret, ...drawn } = await ask('POST', `/slots/${encodeURIComponent(user)}/table`, {});
  const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const made = { user, ...drawn, key };
  await keep(tableName(user), made);
  return made;
}

/** Looks after the seeds by what the gateway says of the slots: what is missing is asked for, what is over is forgotten. */
async function lookAtTables() {
  const wanted = slots.filter(({ table }) => table);
  await alone(async () => {
    const found = [];
    for (const slot of wanted) found.push(await seedOf(slot));
    for (const { user } of await keptTables()) if (!wanted.some((slot) => slot.user === user)) await dropTable(user);
    tables = found;
  });
  keepPage(tables.length > 0).catch(() => {});
  await drawTable();
}

/** What was kept when there was a connection, where there is none: the slots with a table, and how wrong this clock is. */
async function recallTables() {
  tables = await keptTables();
  if (slots.length > 0 || tables.length === 0) return;
  slots = tables.map(({ user }) => ({ user, name: '', kind: 'table', state: 'active', services: [], silences: [], approvals: [] }));
  if (!slots.some((slot) => slot.user === chosen)) chosen = slots[0].user;
  draw();
}

/** Whether the page is kept: it is seen to once each time that it is opened. */
let isKept;

/** Keeps this page for when it is opened without a connection, or forgets it. */
async function keepPage(wanted) {
  if (isKept === wanted || !('serviceWorker' in navigator) || !('caches' in window)) return;
  isKept = wanted;
  if (!wanted) {
    await caches.delete('sekisho-approver');
    return;
  }
  await navigator.serviceWorker.register('/approver/worker.js');
  const parts = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map((part) => new URL(part.href || part.src).pathname);
  const shelf = await caches.open('sekisho-approver');
  await shelf.addAll(['/approver/', ...parts]);
  for (const { url } of await shelf.keys()) if (!['/approver/', ...parts].includes(new URL(url).pathname)) await shelf.delete(url);
}

/** Which table stands on the page. */
let drawnTable;

const clockDigits = { hour: 'numeric', minute: '2-digit', second: '2-digit' };

/** How long something is, in words: seconds up to two minutes, else minutes. */
function lasting(seconds) {
  const [value, unit] = seconds < 120 ? [Math.round(seconds), 'second'] : [Math.round(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** The table of the chosen slot at this moment, by the gateway's clock as far as it is known. */
async function drawTable() {
  const own = tables.find(({ user }) => user === chosen);
  const card = page('table');
  card.hidden = !own;
  if (!own) {
    drawnTable = undefined;
    return;
  }
  const time = Date.now() / 1000 + skew;
  const step = Math.floor(time / tableStep);
  const part = partOf(card);
  part('left').textContent = words.table_left.replace('{}', String(Math.ceil((step + 1) * tableStep - time)));
  const clock = new Date(time * 1000).toLocaleTimeString(language, clockDigits);
  part('clock').textContent = (unreached ? words.table_offline : words.table_clock).replace('{}', clock);
  const off = Math.abs(skew) > 20;
  const side = `${unreached ? 'was' : 'is'}_${skew > 0 ? 'behind' : 'ahead'}`;
  part('skew').textContent = off ? words[`table_${side}`].replace('{}', lasting(Math.abs(skew))) : '';
  part('skew').hidden = !off;
  const { user, seed, blocks, rows, columns } = own;
  const mark = [user, seed, step, blocks, rows, columns].join(' ');
  if (drawnTable === mark) return;
  drawnTable = mark;
  const digits = await digitsOf(own.key, step, blocks * rows * columns);
  // Another one was chosen meanwhile.
  if (drawnTable === mark) fillTable(part, own, digits);
}

function fillTable(part, { user, blocks, rows, columns }, digits) {
  part('whose').textContent = user;
  const width = blocks * columns;
  const cell = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [attribute, value] of Object.entries(attributes)) if (value) made.setAttribute(attribute, value);
    return made;
  };
  const row = (cells) => {
    const made = document.createElement('tr');
    made.append(...cells);
    return made;
  };
  const begins = (column) => (column % columns === 0 ? 'begins' : '');
  const every = (count, made) => Array.from({ length: count }, (_, place) => made(place));
  part('head').replaceChildren(
    row([cell('td', ''), ...every(blocks, (block) => cell('th', words.table_block.replace('{}', String(block + 1)), { scope: 'colgroup', colspan: String(columns), class: 'begins' }))]),
    row([cell('td', ''), ...every(width, (column) => cell('th', String.fromCharCode(65 + column), { scope: 'col', class: begins(column) }))]),
  );
  part('body').replaceChildren(...every(rows, (place) => row([
    cell('th', String(place + 1), { scope: 'row' }),
    ...every(width, (column) => cell('td', String(digits[place * width + column]), { class: `digit ${begins(column)}`.trim() })),
  ])));
}

