// A number on the PC's screen and the phone it is carried to, at once and for real: typed, scanned by the phone's camera app
// (which opens the page), scanned by the page's own camera, and typed where no camera is; in Japanese and English.
// Debian's Chromium reads no codes by itself: `jsqr` stands in for what Android's has, and everything around it is Chromium's:
// the camera (fed with a picture of the PC's screen), its permission, the policies of the page.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { World, complaintsOf, digits, handset, register, until } from './world.mjs';

const reader = readFileSync(createRequire(import.meta.url).resolve('jsqr'), 'utf8');
/** What a browser with the Shape Detection API has, by jsqr. */
const detector = `${reader};
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code', 'ean_13']; }
  async detect(video) {
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQR(data, width, height);
    return found ? [{ rawValue: found.data }] : [];
  }
};`;

let world, browser, scene;
const app = (name, path) => world.app(name, path);
const locales = ['en', 'ja'];
const says = (locale, english, japanese) => (locale === 'ja' ? japanese : english);

before(async () => {
  world = await World.demo('numbers');
  await world.again(`
[[app]]
name = "typed"
url = "https://typed.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
demands = { primary_factor = { methods = ["push"] }, number_style = "type" }
[[app]]
name = "scanned"
url = "https://scanned.localhost:${world.port}"
upstream = ["http://127.0.0.1:9"]
demands = { primary_factor = { methods = ["push"] }, number_style = "scan" }
`);
  scene = join(world.folder, 'scene.mjpeg');
  // The demo's certificate does not name the apps that were added.
  browser = await world.chromium(['--ignore-certificate-errors', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${scene}`]);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

const pc = async (locale) => (await browser.newContext({ locale, viewport: { width: 1280, height: 900 } })).newPage();
const question = (phone) => phone.locator('#questions article');

/** Asks Alice's phone on the way to an app. */
async function ask(tab, name) {
  await tab.goto(app(name));
  await tab.locator('[autocomplete=username]').fill('alice');
  await tab.locator('form:has([autocomplete=username]) button').click();
  return digits(tab);
}

/** What a camera that is held before the screen sees in its code. */
async function read(tab) {
  const picture = await tab.locator('svg.qr').screenshot();
  const page = await browser.newPage();
  await page.addScriptTag({ content: reader });
  const text = await page.evaluate(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(data)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    return jsQR(pen.getImageData(0, 0, bitmap.width, bitmap.height).data, bitmap.width, bitmap.height)?.data;
  }, `data:image/png;base64,${picture.toString('base64')}`);
  await page.close();
  return text;
}

/** A phone of Alice's; the last one is forgotten, as only three may be. */
async function phoneOf(locale, { camera = false } = {}) {
  world.command(['push', 'unregister', 'alice']);
  const pocket = await browser.newContext({ ...handset, locale });
  if (camera) await pocket.addInitScript(detector);
  const phone = await pocket.newPage();
  phone.complaints = complaintsOf(phone);
  await register(phone, world.invite('alice'), 'Pixel');
  return phone;
}

for (const locale of locales) {
  test(`six digits are typed on the phone, however its keyboard writes them (${locale})`, async () => {
    const [tab, phone] = [await pc(locale), await phoneOf(locale)];
    const shown = await ask(tab, 'typed');
    assert.match(shown, /^\d{6}$/);
    await world.accessible(tab, `type-pc-${locale}`);
    await question(phone).waitFor();
    assert.ok(!(await phone.content()).includes(shown), 'the phone does not know it');
    const input = question(phone).locator('input');
    assert.equal(await input.getAttribute('inputmode'), 'numeric');
    const yes = question(phone).getByRole('button', { name: says(locale, 'Approve', '承認'), exact: true });
    // What is not whole is not sent, since a wrong number denies.
    await phone.getByLabel(says(locale, 'The number that the browser shows', 'ブラウザに表示されている数字')).fill(shown.slice(0, 5));
    await yes.click();
    await question(phone).getByText(says(locale, 'Type all 6 digits.', '6桁すべて入力してください。')).waitFor();
    await world.accessible(phone, `type-phone-short-${locale}`);
    assert.equal(await input.evaluate((element) => element === document.activeElement), true);
    const fullWidth = [...shown].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    await input.fill(says(locale, ` ${shown.slice(0, 3)} ${shown.slice(3)} `, `${fullWidth.slice(0, 3)}\u3000${fullWidth.slice(3)}`));
    await world.accessible(phone, `type-phone-${locale}`);
    await yes.click();
    await tab.waitForURL(app('typed'));
    assert.deepEqual(phone.complaints, []);

    // Another browser, and a wrong number: denied at once.
    const other = await pc(locale);
    const right = await ask(other, 'typed');
    await question(phone).waitFor();
    await input.fill(right === '000000' ? '000001' : '000000');
    await yes.click();
    await other.getByText(says(locale, 'denied on the phone', 'サインインが拒否されました')).waitFor();
    await Promise.all([tab, phone, other].map((page) => page.context().close()));
  });

  test(`the phone’s camera app opens the page with the code, and the person says yes there (${locale})`, async () => {
    const [tab, phone] = [await pc(locale), await phoneOf(locale)];
    await ask(tab, 'scanned');
    await world.accessible(tab, `scan-pc-${locale}`);
    await question(phone).waitFor();
    await world.accessible(phone, `scan-phone-${locale}`);
    const yes = (page) => question(page).getByRole('button', { name: says(locale, 'Approve', '承認'), exact: true });
    const code = await read(tab);
    assert.ok(code.startsWith(app('auth', '/approver/#scan=')), code);
    assert.ok(!(await phone.content()).includes(code.split('.').at(-1)));
    const scanned = await phone.context().newPage();
    await scanned.goto(code);
    await question(scanned).getByText(says(locale, 'The code is read.', 'コードを読み取りました。')).waitFor();
    assert.equal(scanned.url(), app('auth', '/approver/'), 'the number is out of the address');
    await world.accessible(scanned, `scan-phone-read-${locale}`);
    assert.equal(await tab.locator('.number').count(), 1, 'nothing is approved by opening an address');
    await yes(scanned).click();
    await tab.waitForURL(app('scanned'));

    // Read again, it is over: the page says so, and nothing is asked.
    await scanned.goto('about:blank');
    await scanned.goto(code);
    await scanned.locator('#trouble').filter({ hasText: says(locale, 'belongs to nothing', 'コードではありません') }).waitFor();
    await world.accessible(scanned, `scan-phone-unknown-${locale}`);
    assert.deepEqual(phone.complaints, []);
    await Promise.all([tab, phone].map((page) => page.context().close()));
  });

  test(`the page’s own camera reads the code where the browser can, and another code is refused (${locale})`, async () => {
    const [tab, stranger, phone] = [await pc(locale), await pc(locale), await phoneOf(locale, { camera: true })];
    await ask(stranger, 'scanned');
    // What the camera sees: the whole screen.
    const picture = (page) => page.screenshot({ type: 'jpeg', quality: 90 });
    writeFileSync(scene, await picture(stranger));
    await question(phone).getByRole('button', { name: says(locale, 'Deny', '拒否'), exact: true }).click();
    await stranger.getByText(says(locale, 'denied on the phone', 'サインインが拒否されました')).waitFor();

    await ask(tab, 'scanned');
    await question(phone).waitFor();
    const look = question(phone).getByRole('button', { name: says(locale, 'Use the camera here', 'ここでカメラを使う') });
    await look.click();
    await question(phone).getByText(says(locale, 'That is another code.', '別のコードです。')).waitFor();
    assert.ok(await question(phone).locator('video').isVisible());
    await phone.screenshot({ path: join(world.shots, `camera-phone-${locale}.png`), fullPage: true });
    assert.equal(await tab.locator('.number').count(), 1, 'nothing is denied by that');
    // Chromium reads the file once more when the camera is opened again: out of sight the page closes it. Opened before the last one
    // is closed, it is the same, and shows what it saw before.
    writeFileSync(scene, await picture(tab));
    await until('the camera sees the other screen', async () => {
      await phone.goto('about:blank');
      await phone.goto(app('auth', '/approver/'));
      await look.click();
      const words = question(phone).getByText(says(locale, 'The code is read.', 'コードを読み取りました。'));
      return words.waitFor({ timeout: 5000 }).then(() => true, () => false);
    }, 60_000);
    assert.equal(await question(phone).locator('video').isVisible(), false, 'the camera is let go');
    await world.accessible(phone, `camera-phone-read-${locale}`);
    await question(phone).getByRole('button', { name: says(locale, 'Approve', '承認'), exact: true }).click();
    await tab.waitForURL(app('scanned'));
    assert.deepEqual(phone.complaints, []);
    await Promise.all([tab, stranger, phone].map((page) => page.context().close()));
  });

  test(`eight digits do where nothing can be scanned (${locale})`, async () => {
    const [tab, phone] = [await pc(locale), await phoneOf(locale)];
    const shown = await ask(tab, 'scanned');
    assert.match(shown, /^\d{8}$/);
    await question(phone).waitFor();
    assert.equal(await question(phone).getByRole('button', { name: says(locale, 'Use the camera here', 'ここでカメラを使う') }).count(), 0);
    await phone.getByLabel(says(locale, 'Or type the number below the code', 'または、コードの下の数字を入力')).fill(`${shown.slice(0, 4)} ${shown.slice(4)}`);
    // Enter answers as the button does: not in the first moment, when it may be meant for what stood there before.
    await question(phone).getByRole('button', { name: says(locale, 'Approve', '承認'), exact: true }).click({ trial: true });
    await phone.keyboard.press('Enter');
    await tab.waitForURL(app('scanned'));
    await Promise.all([tab, phone].map((page) => page.context().close()));
  });
}

test('no other page may ask for the camera', async () => {
  const tab = await pc('en');
  const asked = (page) => page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).then((stream) => {
    for (const track of stream.getTracks()) track.stop();
    return 'seen';
  }, (error) => error.name));
  writeFileSync(scene, await tab.screenshot({ type: 'jpeg' }));
  await tab.goto(app('auth', '/approver/'));
  assert.equal(await asked(tab), 'seen');
  await tab.goto(app('auth', '/sign-in'));
  assert.equal(await asked(tab), 'NotAllowedError');
  await tab.context().close();
});
