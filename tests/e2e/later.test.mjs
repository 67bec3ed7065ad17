// What only a touch asks for is a file of its own: fetched then, awaited where it is needed, and
// missed in words.

import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';
import { eventually } from './lab.mjs';

const PART = '**/broker-lab-later*';
const MISSING = 'The rest of the page could not be fetched. Try again.';

/** The page as a person first sees it: nothing was touched yet. */
async function untouched(lab) {
  await lab.page.goto(lab.address);
  await lab.page.locator('[data-actor]').first().waitFor();
  await lab.page.waitForLoadState('networkidle');
}

/** Lets nothing of it through, until the function that it gives is called. */
async function withhold(lab) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await lab.page.route(PART, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

for (const [touch, how] of [
  ['a press', (lab) => lab.page.locator('.lane').first().click()],
  ['a key', (lab) => lab.page.keyboard.press('l')],
]) {
  test(`the first load is without it; ${touch} fetches it, once`, atTheLab(async (lab) => {
    const asked = [];
    lab.page.on('request', (request) => asked.push(request.url()));
    const fetched = () => asked.filter((url) => url.includes('broker-lab-later'));
    await untouched(lab);
    assert.deepEqual(fetched(), []);
    await how(lab);
    await eventually(async () => assert.equal(fetched().length, 1));
    await lab.fetchRest();
    await lab.showTab('Metrics');
    await lab.page.locator('.metrics').waitFor();
    assert.equal(fetched().length, 1);
  }));
}

test('it works in the memory of the first part, wherever the page lies and without eval', atTheLab(async (lab) => {
  const policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'";
  await lab.page.route(lab.address, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await untouched(lab);
  await lab.playToTheEnd();
  await lab.inspect(1);
  assert.match((await lab.story('queue')).at(0).text, /^sent by checkout/);
  assert.equal(await lab.verdict('queue', 'Nothing is lost'), '✓ kept');
}));

test('the captions are the same before it is here, and none is wrong meanwhile', atTheLab(async (lab) => {
  const captions = async () => [await lab.caption('queue'), await lab.caption('log')];
  const whole = await captions();
  const release = await withhold(lab);
  await untouched(lab);
  assert.deepEqual(await captions(), whole);
  await lab.press('ArrowRight', 3);
  assert.deepEqual((await captions()).map((said) => said.trim()), ['', '']);
  release();
  await eventually(async () => assert.match(await lab.caption('queue'), /./));
  await eventually(async () => assert.match(await lab.caption('log'), /[a-z]/));
}));

test('a page of the panel that is still to come is awaited', atTheLab(async (lab) => {
  const release = await withhold(lab);
  await untouched(lab);
  await lab.showTab('Guarantees');
  await lab.page.getByText('This page is being fetched.').waitFor();
  release();
  await lab.page.locator('.guarantees').waitFor();
}));

test('a click that no pointer made fetches it as well', atTheLab(async (lab) => {
  await untouched(lab);
  await lab.page.getByRole('tab', { name: 'Metrics' }).evaluate((tab) => tab.click());
  await lab.page.locator('.metrics').waitFor();
}));

test('if it cannot be fetched that is told, the experiment stays, and the next try can succeed', atTheLab(async (lab) => {
  await lab.page.route(PART, (route) => route.abort());
  await untouched(lab);
  const lanes = await lab.page.locator('.lane h2').allTextContents();
  for (let tries = 0; tries < 2; tries += 1) {
    await lab.page.getByRole('tab', { name: 'Metrics' }).click();
    await lab.page.getByRole('alert').waitFor();
    assert.equal(await lab.trouble(), MISSING);
    await lab.page.getByRole('heading', { name: 'How to read it' }).waitFor();
    await lab.page.getByRole('button', { name: 'Dismiss' }).click();
    await lab.settled();
    assert.equal(await lab.trouble(), null);
  }
  assert.deepEqual(await lab.page.locator('.lane h2').allTextContents(), lanes);
  await lab.playToTheEnd();
  await lab.page.unroute(PART);
  await lab.showTab('Metrics');
  await lab.page.locator('.metrics').waitFor();
  assert.equal(await lab.trouble(), null);
  // What failed on purpose is no error of the page.
  lab.errors.length = 0;
}));

test('an edit and a file that need it are refused in words, and nothing changes', atTheLab(async (lab) => {
  await lab.page.route(PART, (route) => route.abort());
  await untouched(lab);
  await lab.page.locator('[data-actor=worker-1]').hover();
  await lab.page.getByRole('button', { name: 'Crash worker-1' }).click();
  await eventually(async () => assert.equal(await lab.trouble(), MISSING));
  await lab.page.getByRole('button', { name: 'Dismiss' }).click();
  await lab.openFile('own.json', '{}');
  await eventually(async () => assert.match(await lab.trouble(), /could not be fetched\. Try again\.\n.*still here/));
  assert.equal(await lab.title(), 'One workload, two lanes');
  assert.match(await lab.line('worker-1'), /^waiting/);
  lab.errors.length = 0;
}));

test('a link without it shows the opening scene, and says why', atTheLab(async (lab) => {
  await lab.page.route(PART, (route) => route.abort());
  await lab.page.goto('about:blank');
  await lab.page.goto(`${lab.address}#scenario=crash`);
  await lab.page.getByRole('alert').waitFor();
  assert.match(await lab.trouble(), /could not be fetched\. Try again\.\nThis is the opening scene/);
  assert.equal(await lab.title(), 'One workload, two lanes');
  lab.errors.length = 0;
}));
