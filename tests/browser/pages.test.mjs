// Every page in every state, in a real Chromium: Japanese and English, desktop and phone, light and dark.
// Each must have no axe violation (WCAG 2.2 AA), obey its own Content-Security-Policy without a complaint, and fit a
// window of 320 CSS pixels without scrolling sideways, in all seven languages. Screenshots go to target/screenshots/pages.
//
//   node --test pages.test.mjs          all
//   PAGES=sign-in node --test …    only pages whose name begins so
//   AXE=no node --test …           screenshots and fit alone, for quick looks
//   PICTURES=no node --test …      everything but screenshots, which nobody looks at in CI

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { violations, wcag } from './axe.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const pages = join(root, 'target', 'pages');
const screenshots = join(root, 'target', 'screenshots', 'pages');

const desktop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

let browser, server, origin;
const index = [];

before(async () => {
  execFileSync('cargo', ['run', '--quiet', '--example', 'pages', '--', pages], { cwd: root, stdio: 'inherit' });
  index.push(...JSON.parse(readFileSync(join(pages, 'index.json'), 'utf8')));
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const sample = index.find((sample) => `/${sample.file}` === path);
    // At rest: a script would go on to pages that are not here (phone.test.mjs runs them).
    if (path.endsWith('.js')) return response.writeHead(200, { 'content-type': 'text/javascript' }).end();
    if (path.endsWith('.webmanifest')) return response.writeHead(200, { 'content-type': 'application/manifest+json' }).end('{}');
    try {
      const body = readFileSync(join(pages, path.replaceAll('..', '')));
      const type = path.endsWith('.css') ? 'text/css' : 'image/svg+xml';
      // So would the page that goes on at once (onward.test.mjs goes with it).
      const resting = sample ? body.toString().replace(/<meta http-equiv="refresh" content="0;[^>]*>|<script>location\.reload[^<]*<\/script>/g, '') : body;
      response.writeHead(200, sample ? sample.headers : { 'content-type': type }).end(resting);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--disable-gpu', '--disable-background-networking'] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Of each page the first sample (with WHOLE=yes the first four) and the last, the hostile one. */
const first = process.env.WHOLE === 'yes' ? 4 : 1;
const wanted = () => {
  const last = new Map(index.map(({ page, number }) => [page, number]));
  return index.filter(({ page, number }) => page.startsWith(process.env.PAGES ?? '') && (number < first || number === last.get(page)));
};

/** Opens a sample and collects what the console complains about. */
async function open(tab, sample) {
  const complaints = [];
  const listen = (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); };
  tab.on('console', listen);
  const response = await tab.goto(`${origin}/${sample.file}`);
  assert.equal(response.status(), 200, sample.file);
  tab.off('console', listen);
  return complaints;
}

/** How far the page is wider than its window, and what sticks out. */
const sticksOut = (tab) =>
  tab.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return null;
    const culprit = [...document.body.querySelectorAll('*')].find((element) => element.getBoundingClientRect().right > innerWidth + 0.5);
    return `${wide}px: ${culprit?.outerHTML.slice(0, 160)}`;
  });

/** Words that are wider than the box they stand in, where it does not scroll: a button's, a cell's, a heading's. */
const overflows = (tab) =>
  tab.evaluate(() =>
    [...document.body.querySelectorAll('*')].flatMap((element) => {
      const { display, overflowX } = getComputedStyle(element);
      if (!element.checkVisibility() || element.closest('.unseen, svg')) return [];
      if (display.startsWith('inline') && !element.matches('button, .button') || /auto|scroll|hidden|clip/.test(overflowX)) return [];
      const box = element.getBoundingClientRect();
      // What only listeners get has no box to speak of.
      if (box.width < 3) return [];
      const right = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()).map((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect().right;
      });
      // A few pixels are the room that a wide sign has beside it.
      const over = Math.max(0, ...right) - box.right;
      return over > 4 ? [`${Math.round(over)}px: ${element.outerHTML.slice(0, 120)}`] : [];
    }));

/** What axe says: of everything on a desktop in light (of the first samples in both languages); in the other looks, of what can differ there. */
function judge(tab, look, { number, language }) {
  const whole = look === 'desktop-light';
  if (process.env.AXE === 'no' || !(number < 2 || (whole && language === 'en')) || !(whole || language === 'en')) return [];
  return violations(tab, whole ? { tags: [...wcag, 'best-practice'] } : { rules: ['color-contrast', 'target-size', 'link-in-text-block'] });
}

/** What is too small to touch. */
const tooSmall = (tab) =>
  tab.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type=hidden], .unseen), .button, nav a, summary')]
      .filter((element) => element.checkVisibility())
      // A box to tick is touched by way of its label.
      .map((element) => ({ text: element.outerHTML.slice(0, 100), box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.height < 44 || box.width < 24)
      .map(({ text, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${text}`));

/** Each page opened once in this kind of window, and looked at in both colour schemes; `more` looks once more. */
async function everyPage(kind, options, more) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  const faults = [];
  for (const sample of wanted().filter(({ language }) => ['ja', 'en'].includes(language))) {
    for (const complaint of await open(tab, sample)) faults.push(`${sample.file}: console: ${complaint}`);
    for (const colorScheme of ['light', 'dark']) {
      await tab.emulateMedia({ colorScheme });
      // Colours that go over slowly are judged where they end.
      await tab.evaluate(() => document.getAnimations().forEach((one) => { if (one instanceof CSSTransition) one.finish(); }));
      const wide = await sticksOut(tab);
      if (wide) faults.push(`${sample.file}: wider than the window by ${wide}`);
      for (const { id, nodes } of await judge(tab, `${kind}-${colorScheme}`, sample)) faults.push(`${sample.file}: ${colorScheme}: axe: ${id}: ${nodes[0].target} ${nodes[0].failureSummary ?? ''}`);
      if (process.env.PICTURES !== 'no') await tab.screenshot({ path: join(screenshots, `${sample.file.replace('.html', '')}.${kind}-${colorScheme}.jpg`), type: 'jpeg', fullPage: true });
    }
    for (const fault of await more(tab)) faults.push(`${sample.file}: ${fault}`);
  }
  await context.close();
  assert.deepEqual(faults, [], `${faults.length} faults in a ${kind}'s window`);
}

// Two at once: each has a renderer of its own.
describe('every page is sound, in light and dark', { concurrency: 2, timeout: 900_000 }, () => {
  test('on a desktop, and in 320 pixels, which is 400 % zoom (WCAG 1.4.10)', async () => {
    await everyPage('desktop', desktop, async (tab) => {
      await tab.setViewportSize({ width: 320, height: 640 });
      const wide = await sticksOut(tab);
      await tab.setViewportSize(desktop.viewport);
      return wide ? [`320 pixels: ${wide}`] : [];
    });
  });

  // In CI each page in two of the seven; all languages are seen over the pages.
  test('in 320 pixels, where no language is wider than its box (R-301)', async () => {
    const tab = await (await browser.newContext({ ...desktop, viewport: { width: 320, height: 640 } })).newPage();
    const languages = [...new Set(index.map(({ language }) => language))];
    assert.equal(languages.length, 7);
    const pages = [...new Set(index.map(({ page }) => page))];
    const turn = ({ page, language }) => (pages.indexOf(page) + languages.indexOf(language)) % 7 < 2;
    const faults = [];
    for (const sample of wanted().filter((one) => process.env.WHOLE === 'yes' || turn(one))) {
      for (const complaint of await open(tab, sample)) faults.push(`${sample.file}: console: ${complaint}`);
      const wide = await sticksOut(tab);
      if (wide) faults.push(`${sample.file}: wider than the window by ${wide}`);
      for (const text of await overflows(tab)) faults.push(`${sample.file}: wider than its box by ${text}`);
      if (process.env.PICTURES !== 'no') await tab.screenshot({ path: join(screenshots, `${sample.file.replace('.html', '')}.narrow.jpg`), type: 'jpeg', fullPage: true });
    }
    await tab.context().close();
    assert.deepEqual(faults, [], `${faults.length} faults`);
  });

  test('on a phone, where every control is large enough to touch', async () => {
    await everyPage('phone', phone, async (tab) => (await tooSmall(tab)).map((text) => `too small to touch: ${text}`));
  });
});

test('the keyboard reaches everything in order, and focus is seen', async () => {
  const context = await browser.newContext(desktop);
  const tab = await context.newPage();
  await open(tab, { file: 'sign-in-password.0.en.html' });
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'user', 'the first field has the focus');
  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'password');
  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement.textContent), 'Continue');
  const outline = await tab.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert.equal(outline, '3px');
  await context.close();
});

test('recovery codes are saved as a file without script', async () => {
  const context = await browser.newContext({ ...desktop, acceptDownloads: true, javaScriptEnabled: false });
  const tab = await context.newPage();
  await open(tab, { file: 'recovery-codes-shown.0.ja.html' });
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.click('a[download]')]);
  const text = readFileSync(await download.path(), 'utf8');
  assert.equal(download.suggestedFilename(), 'recovery-codes.txt');
  assert.match(text, /リカバリーコード/);
  assert.equal(text.match(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}\r$/gm)?.length, 10);
  await context.close();
});

test('no column of a list breaks a word at 1,280 pixels', async () => {
  const tab = await (await browser.newContext(desktop)).newPage();
  const faults = [];
  // The first samples: what a real list holds. The last ones hold what nobody can give room to.
  const lists = index.filter(({ page, number, language }) => page === 'admin-list' && number < 12 && ['en', 'ja', 'fr'].includes(language));
  assert.ok(lists.length > 0);
  for (const sample of lists) {
    await open(tab, sample);
    const broken = await tab.evaluate(() => {
      const words = [];
      for (const cell of document.querySelectorAll('.lines :is(th, td)')) {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
          if (!node.parentElement.checkVisibility() || node.parentElement.closest('.long, .tag, code, .unseen, details')) continue;
          // Words of letters that a line may be broken between are words of one line; Japanese has none.
          for (const { 0: word, index } of node.data.matchAll(/[\p{Script=Latin}\p{N}._]{2,}/gu)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) words.push(word);
          }
        }
      }
      return words;
    });
    for (const word of broken) faults.push(`${sample.file}: ${word}`);
  }
  await tab.context().close();
  assert.deepEqual(faults, []);
});
