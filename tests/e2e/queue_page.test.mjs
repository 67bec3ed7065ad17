// A queue's page: its attributes under SQS's names, and what can be done to it while it is used.

import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const openQueue = async (lab, name) => {
  await lab.page.locator(`[data-queue="${name}"]`).getByRole('button', { name, exact: true }).click();
  await lab.settled();
};
const setting = (lab, name) => lab.page.locator('.settings label', { hasText: name }).locator('input, select');
const set = async (lab, name, value) => {
  await setting(lab, name).fill(value);
  await setting(lab, name).press('Enter');
  await lab.settled();
};

test('a visibility timeout that is raised in time saves the second delivery', atTheLab({ hash: '#scenario=timeout-too-short' }, async (lab) => {
  await lab.press('End');
  assert.ok((await lab.count('queue', 'Processed again')) > 0);
  await lab.press('Home');
  await openQueue(lab, 'orders');
  const before = await setting(lab, 'VisibilityTimeout').inputValue();
  await set(lab, 'VisibilityTimeout', '30');
  assert.notEqual(before, '30');
  assert.equal(await lab.trouble(), null);
  assert.equal(await setting(lab, 'VisibilityTimeout').inputValue(), '30');
  assert.match(await lab.page.locator('[data-queue=orders] .chip').first().textContent(), /visibility timeout 30 s/);
  await lab.press('End');
  assert.equal(await lab.count('queue', 'Processed again'), 0);
}));

test('who writes into a field holds the run', atTheLab(async (lab) => {
  await openQueue(lab, 'orders');
  await lab.play();
  await setting(lab, 'DelaySeconds').click();
  const at = await lab.clock();
  await setting(lab, 'DelaySeconds').fill('7');
  await lab.page.waitForTimeout(400);
  assert.equal(await setting(lab, 'DelaySeconds').inputValue(), '7');
  assert.equal(await lab.clock(), at);
}));

test('a value that SQS refuses is told, and nothing changes', atTheLab(async (lab) => {
  await openQueue(lab, 'orders');
  await set(lab, 'VisibilityTimeout', '99999');
  assert.match(await lab.trouble(), /visibility_timeout.*12h|43200/);
  assert.notEqual(await setting(lab, 'VisibilityTimeout').inputValue(), '');
  assert.ok(!(await lab.page.getByRole('button', { name: 'Undo' }).isVisible()));
}));

test('dead letters go back by the button beside them, as new messages', atTheLab({ hash: '#scenario=poison' }, async (lab) => {
  await lab.press('End');
  const aside = lab.page.locator('.aside');
  assert.match(await aside.textContent(), /1 order/);
  await lab.goTo(40);
  await aside.getByRole('button', { name: 'Move back' }).click();
  await lab.settled();
  await lab.goTo(42);
  assert.match(await aside.textContent(), /empty/);
  await lab.inspect(4);
  assert.match(await lab.page.locator('[data-strand=queue]').textContent(), /ApproximateReceiveCount1/);
}));

test('a purge takes everything that is in the queue', atTheLab({ hash: '#scenario=competing-workers' }, async (lab) => {
  await lab.goTo(6);
  assert.ok((await lab.queue()).visible > 0);
  await openQueue(lab, 'orders');
  await lab.page.getByRole('button', { name: 'Purge', exact: true }).click();
  await lab.settled();
  const queue = await lab.queue();
  assert.deepEqual([queue.visible, queue.inFlight], [0, 0]);
  await lab.press('End');
  assert.match(await lab.verdict('queue', 'Nothing is lost'), /✗/);
}));

test('what is sent again is one message more in a standard queue and none in a FIFO queue', atTheLab({ hash: '#scenario=sent-twice' }, async (lab) => {
  await lab.goTo(5);
  await lab.inspect(1);
  await lab.page.getByRole('button', { name: 'Send it again' }).click();
  await lab.settled();
  await lab.press('End');
  assert.match(await lab.page.locator('[data-strand=standard]').textContent(), /copy 1.*copy 2/);
  assert.doesNotMatch(await lab.page.locator('[data-strand=fifo]').textContent(), /copy 2/);
  assert.equal(await lab.count('standard', 'Processed again'), 3);
  assert.equal(await lab.count('fifo', 'Processed again'), 0);
}));

test('the attributes of a FIFO queue can be chosen, as SQS allows them', atTheLab({ hash: '#scenario=fifo-stuck-group' }, async (lab) => {
  await openQueue(lab, 'orders.fifo');
  const choose = async (name, label) => {
    await setting(lab, name).selectOption({ label });
    await lab.settled();
  };
  await choose('FifoThroughputLimit', 'perMessageGroupId');
  // Only with the scope messageGroup: the run goes on, and SQS refuses.
  await choose('DeduplicationScope', 'messageGroup');
  assert.equal(await lab.trouble(), null);
  await choose('ContentBasedDeduplication', 'true');
  assert.equal(await lab.trouble(), null);
}));
