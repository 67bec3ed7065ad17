import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const TWELVE = Array.from({ length: 12 }, (_, n) => n + 1);

async function assertTheCountsThatProveThePoint(lab) {
  assert.equal(await lab.proof('queue'), '12 sent · 12 handed out, each to one worker · 12 done, 12 deleted');
  assert.equal(await lab.proof('log'), '12 sent · 24 handed out, one copy to each group · nothing deleted');
}

test('opening the page shows a queue and a log before the first of twelve orders', atTheLab(async (lab) => {
  assert.equal(await lab.title(), 'One workload, two lanes');
  assert.equal(await lab.clock(), '0:00.0');
  assert.match(await lab.lane('queue').getByRole('heading').textContent(), /Queue.*SQS standard queue/);
  assert.match(await lab.lane('log').getByRole('heading').textContent(), /Log.*Kafka topic/);
  assert.deepEqual(await lab.actors(), ['worker-1', 'worker-2', 'worker-3', 'billing-1', 'billing-2', 'analytics-1']);
  assert.match(await lab.proof('queue'), /^0 sent · 0 handed out/);
  assert.match(await lab.proof('log'), /^0 sent · 0 handed out/);
  assert.equal(await lab.isPlaying(), false);
}));

test('Space plays the twelve orders to the end at eight times the speed', atTheLab(async (lab) => {
  await lab.setSpeed('8×');
  await lab.page.keyboard.press('Space');
  await lab.end();
  await assertTheCountsThatProveThePoint(lab);
  assert.deepEqual(await lab.queue(), { visible: 0, inFlight: 0, note: '' });
  assert.deepEqual([await lab.lag('billing'), await lab.lag('analytics')], [0, 0]);
  assert.match(await lab.caption('queue'), /All 12 orders are done and deleted/);
  assert.match(await lab.caption('log'), /Every group has finished all 12 orders/);
}));

test('the play button plays, pauses and plays on', atTheLab(async (lab) => {
  await lab.play();
  await lab.page.waitForFunction(() => document.querySelector('.clock').textContent > '0:00.3');
  await lab.pause();
  const paused = await lab.clock();
  assert.notEqual(paused, '0:00.0');
  await lab.settled();
  assert.equal(await lab.clock(), paused);
  await lab.playToTheEnd();
  await assertTheCountsThatProveThePoint(lab);
  // From the end, play begins anew.
  await lab.setSpeed('1×');
  await lab.play();
  await lab.page.waitForFunction(() => document.querySelector('.clock').textContent < '0:05.0');
}));

test('the counts are the sum of the stories of the twelve orders', atTheLab(async (lab) => {
  await lab.press('End');
  const stories = { queue: [], log: [] };
  for (const order of TWELVE) {
    await lab.inspect(order);
    stories.queue.push((await lab.story('queue')).map((line) => line.text));
    stories.log.push((await lab.story('log')).map((line) => line.text));
  }
  for (const story of stories.queue) {
    assert.equal(story.filter((line) => line.startsWith('received by')).length, 1);
    assert.equal(story.filter((line) => line.startsWith('deleted by')).length, 1);
  }
  for (const story of stories.log) {
    const readers = story.filter((line) => line.endsWith('begins to work on it'));
    assert.equal(readers.filter((line) => line.startsWith('billing')).length, 1);
    assert.equal(readers.filter((line) => line.startsWith('analytics')).length, 1);
  }
  assert.deepEqual(
    [await lab.count('queue', 'Handed out'), await lab.count('log', 'Handed out')],
    [stories.queue.flat().filter((line) => line.startsWith('received by')).length, stories.log.flat().filter((line) => line.endsWith('begins to work on it')).length],
  );
}));
