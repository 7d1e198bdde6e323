// How a number gets to the phone from the screen that asks: one of three is chosen, digits are typed, or a code is scanned,
// by the phone's own camera app, which opens this page with the number behind its #, or by the camera of this page.
// The second part of the approver's page, between signer.js and question.js.

/** Digits as the gateway compares them: full-width ones, and blanks between groups, are a keyboard's way and no mistake. */
const plainDigits = (typed) => typed.normalize('NFKC').replaceAll(/[\s\-\u2010]/g, '');

/** The numbers that were scanned, by question. */
const scanned = new Map();

/** What a code says that one of our screens shows: which question, and its number. */
function readCode(address) {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.origin !== location.origin || url.pathname !== '/approver/') return undefined;
  const [id, number, ...more] = (new URLSearchParams(url.hash.slice(1)).get('scan') ?? '').split('.');
  return id && number && more.length === 0 ? { id, number } : undefined;
}

/** Which question the camera app opened this page for. Its number is taken out of the address: it can be read over the shoulder there. */
function arrived() {
  if (!location.hash.startsWith('#scan=')) return undefined;
  const code = readCode(location.href);
  history.replaceState(null, '', location.pathname);
  if (code) scanned.set(code.id, code.number);
  return code?.id ?? 'none';
}

/** Shows that a code was read, in the card that it is for. Nothing is approved by it: the person still says yes to what is shown. */
async function showScanned(id) {
  const card = bringForward(id);
  if (!card) {
    if (scanned.has(id)) await showCoded(id);
    else complain({ code: 'scan_unknown' });
    return;
  }
  if (coded.has(id)) return;
  card.dispatchEvent(new Event('scanned'));
  card.scrollIntoView({ block: 'nearest' });
}

/** Fills in the part of a card that asks for the number; `answer` makes the act that signs a yes with what it is given. */
function enterNumber(question, card, part, answer) {
  const ways = { choose: chooseNumber, type: typeNumber, scan: scanNumber };
  const way = ways[question.number];
  // A page that was loaded before the gateway learnt another way has no button for a yes.
  if (way) way(question, card, part, answer);
  else part('hint').textContent = words.number_missing;
}

function chooseNumber(question, card, part, answer) {
  part('choose').hidden = false;
  part('numbers').replaceChildren(...question.offered.map((number) => {
    const button = document.createElement('button');
    button.textContent = number;
    button.onclick = answer('approve', () => number);
    return button;
  }));
}

function typeNumber(question, card, part, answer) {
  const [form, input, short] = [part('type'), part('digits'), part('short')];
  form.hidden = false;
  input.oninput = () => {
    short.textContent = '';
    input.removeAttribute('aria-invalid');
  };
  form.onsubmit = (event) => {
    const number = plainDigits(input.value);
    // A wrong number denies at once: one that is not whole yet is not sent.
    if (/^\d+$/.test(number) && number.length === question.digits) return answer('approve', () => number)(event);
    event.preventDefault();
    short.textContent = words.digits.replace('{}', String(question.digits));
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  };
}

function scanNumber(question, card, part, answer) {
  part('scan').hidden = false;
  typeNumber(question, card, part, answer);
  part('type-what').textContent = words.type_instead;
  const yes = answer('approve', () => scanned.get(question.id));
  const read = () => {
    part('scan-what').textContent = words.scan_read;
    for (const name of ['look', 'camera', 'type']) part(name).hidden = true;
    if (card.classList.contains('deliberate')) {
      part('hold').hidden = false;
      meant(part('hold'), part('hint'), yes);
    } else {
      part('approve').hidden = false;
      part('approve').onclick = yes;
    }
  };
  card.addEventListener('scanned', read);
  if (scanned.has(question.id)) read();
  part('look').onclick = () => lookForCode(question, card, part);
  canScan().then((can) => { part('look').hidden = !can || scanned.has(question.id); }, () => {});
}

/** Whether this browser reads codes by itself. Where it does not, the phone's camera app does. */
const canScan = async () => 'BarcodeDetector' in window && Boolean(navigator.mediaDevices?.getUserMedia)
  && (await BarcodeDetector.getSupportedFormats()).includes('qr_code');

/** Looks through the camera until the code is read, the question is over, or the page is out of sight. */
async function lookForCode(question, card, part) {
  const [video, button] = [part('camera'), part('look')];
  let stream;
  button.hidden = true;
  part('short').textContent = '';
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    while (card.isConnected && !document.hidden && !scanned.has(question.id)) {
      for (const { rawValue } of await detector.detect(video)) {
        const code = readCode(rawValue);
        if (code?.id === question.id) scanned.set(code.id, code.number);
        else part('short').textContent = words.scan_other;
      }
      await pause(200);
    }
  } catch {
    part('short').textContent = words.no_camera;
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    video.hidden = true;
    button.hidden = scanned.has(question.id);
  }
  if (scanned.has(question.id) && card.isConnected) {
    part('short').textContent = '';
    showScanned(question.id);
  }
}

