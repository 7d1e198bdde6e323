#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian; driven by playwright-core 1.58.0): a page that refreshes itself is not loaded again where its
# address has a fragment.
#
# One would think: <meta http-equiv="refresh" content="0"> loads the document again, as the reload button does.
# Seen: it navigates to the document's own address. With "#part" in it, even with an empty fragment, that is a navigation within the
#   page: nothing is asked of the server, and the page stays. With the address written out (content="0; url=/page") the
#   server is asked, and the fragment is lost. So it is in the HTML standard: a refresh is a navigation, not a reload.
# Why it matters: a page in between ("one moment…", a queue, a renewed cookie) goes on for everybody but those who came by a
#   link into the middle of a page. The server never sees the fragment, so that it cannot know for whom it fails.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v chromium >/dev/null || apt-get install -y -qq --no-install-recommends "chromium=156.0.8078.108-1~deb12u1" >/dev/null
cd "$folder"
npm init -y >/dev/null
npm install --silent playwright-core@1.58.0 >/dev/null
cat >seen.mjs <<'JS'
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const asked = new Map();
const server = createServer((request, response) => {
  const times = (asked.get(request.url) ?? 0) + 1;
  asked.set(request.url, times);
  const content = request.url.startsWith('/bare') ? '0' : `0; url=${request.url}`;
  response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' });
  response.end(times === 1 ? `<!doctype html><meta http-equiv="refresh" content="${content}">first` : '<!doctype html>second');
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
console.log('Chromium', browser.version());
try {
  for (const [address, shown, left] of [
    ['/bare-1', 'second', ''],
    ['/bare-2#part', 'first', '#part'],
    ['/bare-3#', 'first', '#'],
    ['/named-1', 'second', ''],
    ['/named-2#part', 'second', ''],
  ]) {
    const tab = await browser.newPage();
    await tab.goto(origin + address);
    // Long enough for a refresh after 0 seconds; where none comes, there is nothing to wait for.
    await new Promise((resolve) => { setTimeout(resolve, 2000); });
    const seen = [await tab.textContent('body'), asked.get(address.split('#')[0]), tab.url().slice(origin.length + address.split('#')[0].length)];
    console.log(address.padEnd(14), ...seen);
    assert.deepEqual(seen, [shown, shown === 'first' ? 1 : 2, left], `changed: ${address}`);
    await tab.close();
  }
} finally {
  await browser.close();
  server.close();
}
JS
node seen.mjs
