import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';
import { seconds } from './lab.mjs';

const heading = (lab) => lab.page.locator('.inspect h3').textContent();

test('a click on a record in the log opens its story with its fields under their real names', atTheLab(async (lab) => {
  await lab.goTo(6);
  await lab.clickRecord('p1', 1);
  assert.equal(await heading(lab), 'Order 6 · key ben');
  assert.deepEqual(await lab.fields('log'), {
    headers: 'none',
    key: 'ben',
    value: 'order 6',
    timestamp: '0:03.5 (CreateTime)',
    partition: '1',
    offset: '1',
  });
  const story = await lab.story('log');
  assert.deepEqual(story.slice(0, 6), [
    { at: '0:03.5', text: 'sent by checkout', is: '' },
    { at: '0:03.5', text: 'appended to p1 at offset 1', is: '' },
    { at: '0:03.5', text: 'broker 2 has it too', is: '' },
    { at: '0:03.5', text: 'broker 3 has it too', is: '' },
    { at: '0:03.5', text: 'all in-sync replicas have it: it can be read', is: '' },
    { at: '0:03.5', text: 'acknowledged: its producer knows that it is written', is: 'now' },
  ]);
  assert.ok(story.slice(6).every((line) => line.is === 'next' && seconds(line.at) > 6), 'what is to come is set apart');
  // The same message in the other lane is told below.
  assert.deepEqual(await lab.page.locator('[data-strand]').evaluateAll((all) => all.map((one) => one.dataset.strand)), ['log', 'queue']);
}));

test('a click on the order in a worker\'s hand opens its story with receipt and receive count', atTheLab(async (lab) => {
  await lab.goTo(4);
  await lab.clickHeld('worker-2');
  const number = (await heading(lab)).match(/^Order (\d+)/)[1];
  const fields = await lab.fields('queue');
  assert.equal(fields.ApproximateReceiveCount, '1');
  assert.equal(fields.state, 'in flight, hidden');
  assert.match(fields.ReceiptHandle, new RegExp(`^${number}\\.1$`));
  assert.match(fields.Body, new RegExp(`^order ${number}, `));
  assert.match((await lab.story('queue')).map((line) => line.text).join('\n'), /worker-2 begins to work on it$/m);
  // Once it is deleted, the receipt is gone.
  await lab.press('End');
  assert.equal((await lab.fields('queue')).state, 'deleted');
  assert.equal((await lab.fields('queue')).ReceiptHandle, undefined);
}));

test('a click on a hidden order in its row opens the same order', atTheLab(async (lab) => {
  await lab.goTo(4);
  const row = await lab.page.locator('[data-queue=orders] .slots').nth(1).boundingBox();
  await lab.clickAt(row.x + 24, row.y + row.height / 2);
  assert.equal((await lab.fields('queue')).state, 'in flight, hidden');
}));

test('a click beside all marks opens nothing', atTheLab(async (lab) => {
  await lab.goTo(6);
  const free = await lab.page.locator('.partition[data-partition=p2] .cell').last().boundingBox();
  await lab.clickAt(free.x + free.width / 2, free.y + free.height / 2);
  assert.equal(await lab.page.locator('.inspect').count(), 0);
}));

test('by keyboard alone: from the start of the page to the story of an order, and along it', atTheLab(async (lab) => {
  await lab.press('ArrowRight', 6);
  await lab.press('i');
  const reached = async (selector) => {
    for (let n = 0; n < 80; n += 1) {
      await lab.page.keyboard.press('Tab');
      if (await lab.page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    assert.fail(`no way to ${selector} by Tab`);
  };
  await reached('[aria-label="order 6"]');
  await lab.press('Enter');
  assert.equal(await heading(lab), 'Order 6 · key ben');
  await reached('.story button');
  const at = await lab.page.evaluate(() => document.activeElement.textContent);
  await lab.press('Enter');
  assert.equal(await lab.clock(), at);
  await lab.press('Escape');
  await reached('[aria-label="order 1"]');
}));

test('the focus stays in the panel when an order is chosen there', atTheLab(async (lab) => {
  await lab.press('ArrowRight', 6);
  await lab.press('i');
  await lab.button('order 6').press('Enter');
  await lab.settled();
  assert.equal(await lab.page.evaluate(() => document.activeElement.closest('.panel') !== null), true);
}));

test('each time in a story is a link to that moment', atTheLab(async (lab) => {
  await lab.press('End');
  await lab.inspect(3);
  for (const lane of ['queue', 'log']) {
    for (const { at, text } of await lab.story(lane)) {
      await lab.followTime(lane, text);
      assert.equal(await lab.clock(), at);
      // What happened then has happened: the line, or one of the same moment, is the present one.
      const now = (await lab.story(lane)).findLast((line) => line.is === 'now');
      assert.equal(now.at, at);
    }
  }
}));

test('a click on a name opens the page of the worker, and Escape closes it', atTheLab(async (lab) => {
  await lab.goTo(8);
  await lab.click('worker-1');
  const text = await lab.page.locator('[data-actor-page=worker-1]').textContent();
  assert.match(text, /finished\d+ orders?/);
  await lab.press('Escape');
  assert.equal(await lab.page.locator('.inspect').count(), 0);
}));
