import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

/** The experiments that are about a loss. */
const LOSING = ['commit-before-work', 'delete-before-work', 'delay-and-expiry', 'share-group', 'topic-cannot-deliver'];

test('every experiment opens, plays to its end, and tells what it is about', atTheLab(async (lab, t) => {
  const experiment = lab.page.getByRole('combobox', { name: 'experiment' });
  const options = await experiment.locator('option').evaluateAll((all) => all.map(({ value, textContent }) => ({ value, title: textContent })));
  assert.ok(options.length >= 14);
  // The first one last: it is on stage already.
  for (const { value, title } of [...options.slice(1), options[0]]) {
    await t.test(title, async () => {
      await lab.pick(title);
      assert.equal(await lab.title(), title);
      assert.equal(await lab.clock(), '0:00.0');
      assert.equal(new URL(lab.page.url()).hash, `#scenario=${value}`);
      await lab.showTab('Explain');
      assert.equal(await lab.page.getByRole('heading', { name: title }).count(), 1);
      assert.equal(await experiment.inputValue(), value);
      await lab.playToTheEnd();
      const lanes = await lab.page.locator('.lane').evaluateAll((all) => all.map((one) => one.dataset.lane));
      assert.ok(lanes.length > 0);
      for (const lane of lanes) {
        const [sent] = (await lab.proof(lane)).match(/^\d+(?= sent)/);
        assert.equal(Number(sent), await lab.count(lane, 'Sent'));
        assert.ok(Number(sent) > 0);
        if (!LOSING.includes(value)) assert.doesNotMatch(await lab.verdict(lane, 'Nothing is lost'), /✗/);
      }
      assert.equal(await lab.trouble(), null);
      assert.deepEqual(lab.errors, []);
    });
  }
}));

test('a link opens an experiment at a moment', atTheLab({ hash: '#scenario=crash&at=8s' }, async (lab) => {
  assert.equal(await lab.title(), 'A worker dies, a consumer dies');
  assert.equal(await lab.clock(), '0:08.0');
  assert.match(await lab.line('worker-3'), /^crashed$/);
  assert.match(await lab.line('billing-2'), /^crashed$/);
  await lab.follow('#scenario=poison&at=99h');
  assert.equal(await lab.clock(), '1:00.0', 'beyond the end is the end');
  await lab.page.goBack();
  await lab.settled();
  assert.equal(await lab.title(), 'A worker dies, a consumer dies');
}));

test('the name of the page leads back to the opening scene', atTheLab({ hash: '#scenario=poison' }, async (lab) => {
  await lab.page.getByRole('link', { name: 'Broker Lab, start' }).click();
  await lab.settled();
  assert.equal(await lab.title(), 'One workload, two lanes');
}));

test('an order that always fails ends in the dead-letter queue, and stops its partition', atTheLab({ hash: '#scenario=poison' }, async (lab) => {
  // The work has failed, its time has not run out: nobody has it, and it is not to be had.
  await lab.goTo(6);
  assert.match(await lab.caption('queue'), /^Nobody works on order 4 any more/);
  await lab.press('End');
  assert.match(await lab.page.locator('.aside').textContent(), /orders-dlq.*1 order/);
  assert.match(await lab.caption('queue'), /^11 orders deleted, 1 set aside in orders-dlq\./);
  assert.match(await lab.caption('log'), /every record behind it in its partition waits/);
  assert.equal(await lab.count('queue', 'Processed'), 11);
  await lab.inspect(4);
  const story = (await lab.story('queue')).map((line) => line.text);
  assert.equal(story.filter((line) => line.startsWith('received by')).length, 3);
  assert.equal(story.at(-1), 'found once more than allowed: moved to orders-dlq');
  const { partition, offset } = await lab.fields('log');
  assert.ok((await lab.cursor('billing', partition, 'committed')) <= Number(offset));
}));
