import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const SESSION_TIMEOUT = 6;
/** At this second billing-1 has committed a part of what it has done, and has an order in hand. */
const IN_THE_MIDDLE = 10;

async function crashInTheMiddle(lab) {
  await lab.goTo(IN_THE_MIDDLE);
  assert.equal(await lab.line('billing-1'), 'p0 p1');
  assert.ok((await lab.cursor('billing', '0', 'position')) > (await lab.cursor('billing', '0', 'committed')));
  await lab.crash('billing-1');
}

test('a crashed consumer keeps its partitions until its session ends; then its neighbour has them', atTheLab(async (lab) => {
  await crashInTheMiddle(lab);
  assert.match(
    await lab.caption('log'),
    /^Billing-1 crashed\. Its group notices only when the heartbeats stay away for the whole session: until then p0 and p1 wait\./,
  );
  assert.match(await lab.line('billing-1'), /^crashed$/);

  // Until then nobody of its group reads them; the other group reads on.
  const committed = await lab.cursor('billing', '0', 'committed');
  const [lag, others] = [await lab.lag('billing'), await lab.lag('analytics')];
  await lab.goTo(13);
  assert.equal(await lab.cursor('billing', '0', 'committed'), committed);
  assert.equal(await lab.lag('billing'), lag);
  assert.equal(await lab.line('billing-2'), 'p2 · waiting');
  await lab.goTo(17);
  assert.ok((await lab.lag('analytics')) < others);

  // The flags of what comes of it lie on one another: the keyboard reaches each.
  await lab.flag('session of billing-1 ends').press('Enter');
  await lab.settled();
  const expired = await lab.time();
  const heartbeat = 2;
  assert.ok(expired > IN_THE_MIDDLE + SESSION_TIMEOUT - heartbeat - 0.1, `${expired}`);
  assert.ok(expired <= IN_THE_MIDDLE + SESSION_TIMEOUT, `${expired}`);
  await lab.goToFlag('billing generation 2');
  assert.ok((await lab.time()) >= expired);
  await lab.press('l', 4);
  assert.match(await lab.line('billing-2'), /^p0 p1 p2/);
}));

test('the new owner goes on from the committed offset, and lag falls to nothing', atTheLab(async (lab) => {
  await crashInTheMiddle(lab);
  const committed = await lab.cursor('billing', '0', 'committed');
  await lab.clickRecord('p0', committed);
  assert.deepEqual([(await lab.fields('log')).partition, (await lab.fields('log')).offset], ['0', String(committed)]);

  const story = await lab.story('log');
  const again = story.find((line) => line.text === 'billing-2 begins to work on it, again');
  await lab.followTime('log', again.text);
  assert.equal(await lab.cursor('billing', '0', 'committed'), committed);
  assert.match(await lab.caption('log'), /^Billing-2 reads on from the committed offset\. Order \d+ was begun before/);

  await lab.playToTheEnd();
  assert.deepEqual([await lab.lag('billing'), await lab.lag('analytics')], [0, 0]);
  assert.deepEqual([await lab.count('log', 'Lag'), await lab.count('log', 'Processed')], [0, 24]);
  assert.match(await lab.verdict('log', 'Nothing is lost'), /kept/);
}));

test('what was done after the last commit is done again, and all counts say the same', atTheLab(async (lab) => {
  await crashInTheMiddle(lab);
  await lab.playToTheEnd();
  let twice = 0;
  for (let order = 1; order <= 12; order += 1) {
    await lab.inspect(order);
    const story = await lab.story('log');
    twice += story.filter((line) => line.text.includes('processed 2 times in its group now')).length;
  }
  assert.ok(twice > 0);
  assert.match(await lab.proof('log'), new RegExp(`nothing deleted, ${twice} processed again$`));
  assert.equal(await lab.count('log', 'Processed again'), twice);
  const broken = await lab.verdict('log', 'Processed only once');
  assert.match(broken, /^✗ /);
  assert.match(await lab.verdict('queue', 'Processed only once'), /kept/);
  await lab.click(broken.replace('✗ ', ''));
  assert.match(await lab.proof('log'), /, 1 processed again$/);
  await lab.press('j');
  assert.doesNotMatch(await lab.proof('log'), /processed again/);
}));

test('the story of the order that was in hand tells of the crash and of the new owner', atTheLab(async (lab) => {
  await crashInTheMiddle(lab);
  // What is in hand is on the card.
  await lab.clickHeld('billing-1');
  const billing = (await lab.story('log')).map((line) => line.text).filter((line) => !line.startsWith('analytics'));
  const begun = billing.indexOf('billing-1 begins to work on it');
  assert.deepEqual(billing.slice(begun, begun + 5), [
    'billing-1 begins to work on it',
    'billing-1 crashed before a commit covered it',
    'its partition goes to billing-2',
    'billing-2 begins to work on it, again',
    'billing-2 has done the work',
  ]);
}));
