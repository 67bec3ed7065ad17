import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

/** Without the pixels: a mark that was drawn on its way may stand a step ahead. */
async function words(lab) {
  const { lanes } = await lab.picture();
  return lanes.map(({ marks, ...lane }) => lane);
}

test('Ctrl+Z takes a crash back, and what came of it', atTheLab(async (lab) => {
  await lab.press('End');
  const end = await words(lab);
  await lab.goTo(4);
  const before = await lab.picture();
  assert.equal(await lab.button('Undo').count(), 0);
  await lab.crash('worker-2');
  assert.notDeepEqual(await lab.picture(), before);
  await lab.press('Control+z');
  assert.deepEqual(await lab.picture(), before);
  assert.equal(await lab.button('Undo').count(), 0);
  await lab.press('End');
  assert.deepEqual(await words(lab), end);
}));

test('the Undo button takes back one change after the other', atTheLab(async (lab) => {
  await lab.goTo(4);
  const seen = [await words(lab)];
  await lab.crash('worker-2');
  seen.push(await words(lab));
  await lab.click('Add a worker');
  seen.push(await words(lab));
  await lab.crash('billing-1');
  for (const before of seen.reverse()) {
    await lab.click('Undo');
    assert.deepEqual(await words(lab), before);
  }
  assert.equal(await lab.button('Undo').count(), 0);
  // With nothing to take back the key does nothing.
  await lab.press('Control+z');
  assert.deepEqual(await words(lab), seen.at(-1));
}));

test('a restarted worker takes work again', atTheLab(async (lab) => {
  await lab.goTo(3);
  await lab.crash('worker-1');
  assert.deepEqual(await lab.card('worker-1').getByRole('button').allTextContents(), ['worker-1', 'Restart']);
  await lab.goTo(4);
  await lab.restart('worker-1');
  await lab.goTo(5);
  assert.equal(await lab.line('worker-1'), 'working');
  assert.deepEqual(await lab.card('worker-1').getByRole('button').allTextContents(), ['worker-1', 'Crash', 'Remove']);
  await lab.press('End');
  assert.match(await lab.proof('queue'), /12 done, 12 deleted$/);
}));

test('a restarted consumer joins its group again and gets a partition', atTheLab(async (lab) => {
  await lab.goTo(4);
  await lab.crash('billing-2');
  await lab.goTo(30);
  assert.match(await lab.line('billing-1'), /^p0 p1 p2/);
  await lab.restart('billing-2');
  await lab.press('End');
  assert.match(await lab.line('billing-2'), /^p\d/);
  assert.doesNotMatch(await lab.line('billing-1'), /^p0 p1 p2/);
  assert.equal(await lab.lag('billing'), 0);
}));

test('an added worker takes its share; a removed one finishes what it has and leaves', atTheLab(async (lab) => {
  await lab.goTo(3);
  await lab.click('Add a worker');
  assert.ok((await lab.actors()).includes('worker-4'));
  await lab.press('l', 3);
  while ((await lab.line('worker-4')) !== 'working') await lab.press('l');
  await lab.remove('worker-4');
  assert.equal(await lab.line('worker-4'), 'working', 'it does not drop what it has in hand');
  await lab.press('End');
  assert.equal(await lab.line('worker-4'), 'left');
  await lab.click('worker-4');
  assert.match(await lab.page.locator('[data-actor-page=worker-4]').textContent(), /finished1 orderqueue/);
  assert.match(await lab.proof('queue'), /^12 sent · 12 handed out, each to one worker · 12 done, 12 deleted$/);
  await lab.goTo(2);
  assert.ok(!(await lab.actors()).includes('worker-4'), 'before it was added it is not there');
}));

test('a consumer more than there are partitions stays idle, and its card says why', atTheLab(async (lab) => {
  await lab.goTo(2);
  await lab.click('Add a consumer to billing');
  await lab.click('Add a consumer to billing');
  await lab.goTo(30);
  const members = ['billing-1', 'billing-2', 'billing-3', 'billing-4'];
  const lines = await Promise.all(members.map((name) => lab.line(name)));
  assert.equal(lines.filter((line) => /^p\d · waiting$/.test(line)).length, 3, lines.join(', '));
  const idle = members[lines.indexOf('idle: no partition')];
  // Once another leaves, it has something to read.
  await lab.remove(members.find((name) => name !== idle));
  await lab.press('End');
  assert.match(await lab.line(idle), /^p\d/);
}));

test('a poisoned order fails in both lanes until it is put aside', atTheLab(async (lab) => {
  await lab.goTo(2);
  await lab.inspect(2);
  await lab.click('Make it poison');
  const story = (await lab.story('queue')).map((line) => line.text);
  assert.ok(story.includes('made poison: the work on it fails from now on'), story.join('\n'));
  assert.equal(story.at(-1), 'found once more than allowed: moved to orders-dlq');
  assert.equal(story.filter((line) => line.endsWith('failed; nothing is deleted')).length, 3);
  await lab.press('End');
  assert.match(await lab.page.locator('.aside').textContent(), /orders-dlq.*1 order/);
  assert.match(await lab.proof('queue'), /11 done, 11 deleted$/);
  assert.match((await lab.story('log')).map((line) => line.text).join('\n'), /the work of billing-1 failed/);
  assert.ok((await lab.lag('billing')) > 0, 'a consumer group reads it again and again');
}));

test('one more order is sent with the same key, to the same partition', atTheLab(async (lab) => {
  await lab.goTo(9);
  await lab.inspect(2);
  const { key, partition } = await lab.fields('log');
  await lab.click('Send one more');
  await lab.press('End');
  assert.match(await lab.proof('queue'), /^13 sent · 13 handed out/);
  assert.match(await lab.proof('log'), /^13 sent · 26 handed out/);
  await lab.inspect(13);
  const sent = await lab.fields('log');
  assert.deepEqual([sent.key, sent.partition, sent.value], [key, partition, 'order 13']);
}));
