// One browser that opens one page, in the environment of somebody who has a Kerberos ticket or none: what it shows in the end,
// the statuses of the pages that it was sent, and whether it ever asked for a name and a password in a box of its own.
// Started by tests/sso: `node ticket.mjs chromium|firefox URL SPKI [VISITS]`; prints JSON.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright-core';

const [name, url, spki, visits = '1'] = process.argv.slice(2);
const portal = 'auth.localhost';
const folder = mkdtempSync(join(tmpdir(), 'sekisho-ticket-'));

async function open() {
  if (name === 'chromium') {
    return chromium.launchPersistentContext(folder, {
      executablePath: '/usr/bin/chromium', headless: true,
      args: [`--ignore-certificate-errors-spki-list=${spki}`, `--auth-server-allowlist=${portal}`, '--disable-auth-negotiate-cname-lookup',
        '--disable-gpu', '--disable-background-networking', '--no-sandbox'],
    });
  }
  return (await firefox.launch({
    channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', headless: true,
    firefoxUserPrefs: {
      'network.negotiate-auth.trusted-uris': `https://${portal}`, 'network.negotiate-auth.using-native-gsslib': true,
      'network.dns.localDomains': '', 'security.cert_pinning.enforcement_level': 0,
    },
  })).newContext({ ignoreHTTPSErrors: true });
}

const context = await open();
let boxes = 0;
const statuses = [];
try {
  const tab = context.pages()[0] ?? await context.newPage();
  if (name === 'chromium') {
    const session = await context.newCDPSession(tab);
    await session.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*' }] });
    session.on('Fetch.requestPaused', ({ requestId }) => { session.send('Fetch.continueRequest', { requestId }).catch(() => {}); });
    session.on('Fetch.authRequired', ({ requestId }) => {
      boxes += 1;
      session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response: 'CancelAuth' } }).catch(() => {});
    });
    // The list of hosts that get tickets is read a moment after the start.
    await tab.goto('about:blank');
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
  }
  tab.on('response', (response) => { if (response.request().isNavigationRequest()) statuses.push(response.status()); });
  for (let visit = 0; visit < Number(visits); visit += 1) {
    await tab.goto(url, { waitUntil: 'load', timeout: 30_000 });
  }
  const text = (await tab.locator('body').innerText()).trim();
  const form = await tab.locator('[autocomplete=current-password]').count() > 0;
  console.log(JSON.stringify({ url: tab.url(), text: text.slice(0, 2000), form, boxes, statuses }));
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
