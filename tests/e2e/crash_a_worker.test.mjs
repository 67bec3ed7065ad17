import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';
import { seconds } from './lab.mjs';

/** Crashes worker-2 in the middle of its work, and tells which order it had in hand. */
async function crashWhileItWorks(lab) {
  await lab.goTo(4);
  assert.equal(await lab.line('worker-2'), 'working');
  await lab.crash('worker-2');
  const caption = await lab.caption('queue');
  const [, order] = caption.match(/^Worker-2 crashed\. Nobody tells the queue: order (\d+) stays hidden/);
  return Number(order);
}

const texts = (story) => story.map((line) => line.text);

test('a crashed worker keeps its order hidden until the visibility timeout has run out', atTheLab(async (lab) => {
  await lab.goTo(4);
  const before = await lab.queue();
  const order = await crashWhileItWorks(lab);
  assert.match(await lab.line('worker-2'), /^crashed$/);
  assert.deepEqual([(await lab.queue()).visible, (await lab.queue()).inFlight], [before.visible, before.inFlight]);

  await lab.inspect(order);
  const story = await lab.story('queue');
  const crash = story.findIndex((line) => line.text === 'worker-2 crashed; the queue knows nothing of it');
  assert.ok(crash > 0, JSON.stringify(story));
  const [, hiddenUntil] = story[crash - 2].text.match(/^received by worker-2 \(receive 1\), hidden until (.*)$/);
  assert.equal(story[crash + 1].text, 'visible again: nobody deleted it in time');
  assert.ok(Math.abs(seconds(story[crash + 1].at) - seconds(hiddenUntil)) < 0.15, `${hiddenUntil}, ${story[crash + 1].at}`);

  // Just before its time runs out it is the only one in flight, and the page says when it returns.
  await lab.goTo(Math.floor(seconds(hiddenUntil)));
  assert.equal((await lab.queue()).inFlight, 1);
  assert.equal((await lab.queue()).visible, 0);
  assert.match((await lab.queue()).note, new RegExp(`^${order} back in 0\\.\\d s$`));
  assert.equal((await lab.fields('queue')).state, 'in flight, hidden');
  assert.equal((await lab.fields('queue')).ApproximateReceiveCount, '1');
  await lab.goToFlag(`order ${order} visible again`);
  assert.equal(await lab.clock(), story[crash + 1].at);
  // A worker that waits at the queue has it in the same moment.
  assert.match(await lab.caption('queue'), new RegExp(`^Worker-[13] has order ${order} now: it has been received twice\\.`));
  assert.equal((await lab.fields('queue')).ApproximateReceiveCount, '2');
}));

test('another worker processes the order of a crashed one, and all counts say the same', atTheLab(async (lab) => {
  const order = await crashWhileItWorks(lab);
  await lab.playToTheEnd();
  assert.equal(await lab.proof('queue'), '12 sent · 13 handed out, 1 of them again · 12 done, 12 deleted');
  assert.match(await lab.proof('log'), /^12 sent · 24 handed out/, 'the log is another lane');

  await lab.inspect(order);
  const story = texts(await lab.story('queue'));
  const again = story.slice(story.indexOf('visible again: nobody deleted it in time') + 1);
  const [, other] = again[0].match(/^received by (worker-[13]) \(receive 2\), hidden until/);
  assert.deepEqual(again.slice(1), [`${other} begins to work on it, again`, `${other} has done the work`, `deleted by ${other}`]);
  assert.deepEqual((await lab.fields('queue')).ApproximateReceiveCount, '2');

  assert.equal(await lab.count('queue', 'Handed out'), 13);
  assert.equal(await lab.count('queue', 'Processed'), 12);
  assert.equal(await lab.count('queue', 'Processed again'), 0);
  assert.match(await lab.verdict('queue', 'Nothing is lost'), /kept/);
  assert.match(await lab.verdict('queue', 'Processed only once'), /kept/);
  assert.equal(await lab.line('worker-2'), 'crashed');
}));

test('a visibility timeout shorter than the work has orders processed twice, and says so everywhere', atTheLab({ hash: '#scenario=timeout-too-short' }, async (lab) => {
  await lab.playToTheEnd();
  const proof = await lab.proof('queue');
  const [, handedOut, again] = proof.match(/· (\d+) handed out, (\d+) of them again ·/).map(Number);
  const [, twice] = proof.match(/, (\d+) processed again$/).map(Number);
  assert.ok(again > 0 && twice > 0, proof);

  let received = 0;
  let repeated = 0;
  for (let order = 1; order <= 6; order += 1) {
    await lab.inspect(order);
    const story = texts(await lab.story('queue'));
    received += story.filter((line) => line.startsWith('received by')).length;
    repeated += story.filter((line) => /has done the work: processed \d+ times now/.test(line)).length;
  }
  assert.deepEqual([handedOut, again, twice], [received, received - 6, repeated]);
  assert.equal(await lab.count('queue', 'Handed out'), handedOut);
  assert.equal(await lab.count('queue', 'Processed again'), twice);
  assert.equal(await lab.count('log', 'Processed again'), 0);

  const broken = await lab.verdict('queue', 'Processed only once');
  assert.match(broken, /✗/);
  assert.match(await lab.verdict('log', 'Processed only once'), /kept/);
  // The time of the first counterexample leads there: nothing was processed twice before it.
  const at = broken.replace('✗ ', '').trim();
  await lab.click(at);
  assert.equal(await lab.clock(), at);
  assert.match(await lab.proof('queue'), /, 1 processed again$/);
  await lab.press('j');
  assert.doesNotMatch(await lab.proof('queue'), /processed again/);
}));
