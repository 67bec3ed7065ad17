// The engine is a file of its own: fetched at the first touch, and missed in words.

import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

test('the first load is without the engine; a touch fetches it', atTheLab(async (lab) => {
  const asked = [];
  lab.page.on('request', (request) => asked.push(request.url()));
  const fetched = () => asked.filter((url) => url.includes('broker-lab-engine'));
  await lab.page.goto(lab.address);
  await lab.page.locator('[data-actor]').first().waitFor();
  await lab.page.waitForLoadState('networkidle');
  assert.deepEqual(fetched(), []);
  await lab.fetchRest();
  assert.equal(fetched().length, 2, 'the module and its glue');
  await lab.fetchRest();
  assert.equal(fetched().length, 2, 'once');
}));

test('an engine that cannot be fetched is told in words, and the next try can succeed', atTheLab(async (lab) => {
  await lab.page.route('**/broker-lab-engine*', (route) => route.abort());
  await lab.page.goto(lab.address);
  const crash = lab.page.getByRole('button', { name: 'Crash worker-1' });
  await lab.page.locator('[data-actor=worker-1]').hover();
  await crash.click();
  await lab.page.getByRole('alert').waitFor();
  assert.match(await lab.trouble(), /could not be fetched .*Try again/);
  assert.equal(await lab.title(), 'One workload, two lanes');
  await lab.page.unroute('**/broker-lab-engine*');
  await lab.page.getByRole('button', { name: 'Dismiss' }).click();
  await lab.page.locator('[data-actor=worker-1]').hover();
  await crash.click();
  await lab.page.getByRole('button', { name: 'Restart worker-1' }).waitFor();
  assert.equal(await lab.trouble(), null);
  // What failed on purpose is no error of the page.
  lab.errors.length = 0;
}));
