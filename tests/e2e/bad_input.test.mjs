import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { atTheLab } from './browser.mjs';
import { eventually } from './lab.mjs';
import { distFolder } from './dist.mjs';

const json = (document) => `#json=${encodeURIComponent(typeof document === 'string' ? document : JSON.stringify(document))}`;

async function opening() {
  return JSON.parse(await readFile(join(distFolder(), 'scenarios', 'one-workload.json'), 'utf8'));
}

/** The opening scene with one thing changed. */
async function opened(change) {
  const document = await opening();
  change(document);
  return document;
}

/** Asserts that the page says what is wrong, once, and goes on with the experiment it had. */
async function assertRefused(lab, words) {
  const trouble = await lab.trouble();
  assert.ok(trouble, 'the page says nothing');
  for (const word of words) assert.ok(trouble.includes(word), `${JSON.stringify(word)} is not in ${JSON.stringify(trouble)}`);
  assert.equal(await lab.page.getByRole('alert').count(), 1);
  assert.equal(await lab.title(), 'One workload, two lanes');
}

/** Each broken document with what the message has to name: the place, what stood there, what is allowed. */
const BROKEN = [
  ['a number out of range', (d) => (d.lanes[1].kafka.topics[0].partitions = 0), ['lanes[1].kafka.topics[0].partitions', '0', '1..=']],
  ['a field that does not exist', (d) => (d.lanes[0].sqs.queues[0].vizibility_timeout = '5s'), ['lanes[0].sqs.queues[0]', 'vizibility_timeout', 'visibility_timeout']],
  ['a duration that is none', (d) => (d.lanes[0].sqs.queues[0].visibility_timeout = 'soon'), ['lanes[0].sqs.queues[0].visibility_timeout', 'soon', '"30s"']],
  ['a word in place of a number', (d) => (d.seed = 'forty-two'), ['seed', 'forty-two']],
  ['a queue that nobody declared', (d) => (d.lanes[0].sqs.workers[0].queue = 'invoices'), ['lanes[0].sqs.workers[0].queue', 'invoices', 'orders']],
  ['a command for somebody who is not there', (d) => (d.commands = [{ at: '2s', crash: 'worker-9' }]), ['commands[0].crash', 'worker-9', 'worker-1']],
  ['a version of the future', (d) => (d.version = 2), ['version', '2', '1']],
  ['no lanes', (d) => (d.lanes = []), ['lanes', '0', '1..=']],
  ['no version', (d) => delete d.version, ['version']],
  ['no end of a list', '{"version": 1, "lanes": [', ['The scenario in the address', 'line 1']],
  ['a word alone', 'hello', ['The scenario in the address']],
  ['nothing', '', ['The scenario in the address']],
];

test('a link with a broken document is refused with the place, what stood there and what is allowed', atTheLab(async (lab, t) => {
  for (const [what, spoil, words] of BROKEN) {
    await t.test(what, async () => {
      await lab.follow(json(typeof spoil === 'string' ? spoil : await opened(spoil)));
      await assertRefused(lab, words);
      assert.ok((await lab.trouble()).length < 400, 'one clear message');
    });
  }
}));

test('several faults of one document are told together', atTheLab(async (lab) => {
  await lab.follow(json(await opened((d) => {
    d.lanes[1].kafka.topics[0].partitions = 0;
    d.horizon = '0s';
  })));
  await assertRefused(lab, ['horizon', 'lanes[1].kafka.topics[0].partitions']);
}));

test('a page opened with a broken link shows the opening scene and what is wrong', atTheLab({ hash: '#scenario=nope' }, async (lab) => {
  await assertRefused(lab, ['nope', 'one-workload', 'crash', 'poison', 'timeout-too-short']);
  await lab.playToTheEnd();
  assert.match(await lab.proof('queue'), /^12 sent · 12 handed out/);
}));

test('a link that is not understood leaves the experiment where it was; Dismiss takes the message away', atTheLab(async (lab) => {
  await lab.goTo(4);
  await lab.crash('worker-2');
  await lab.goTo(9);
  const before = await lab.picture();
  for (const [hash, ...words] of [
    ['#scenario=nope', 'nope', 'one-workload'],
    ['#color=red', 'color', 'scenario', 'json', 'at'],
    ['#scenario=crash&at=7', '"7"', 'duration'],
    ['#json=%FF', 'json', 'UTF-8'],
  ]) {
    await lab.follow(hash);
    await assertRefused(lab, words);
    assert.deepEqual((await lab.picture()).clock, before.clock);
    await lab.click('Dismiss');
    assert.equal(await lab.trouble(), null);
    assert.deepEqual(await lab.picture(), before);
  }
}));

test('a broken file is refused by name; a good one opens after it', atTheLab(async (lab) => {
  await lab.goTo(6);
  const before = await lab.proof('queue');
  await lab.openFile('broken.json', JSON.stringify(await opened((d) => (d.lanes[1].kafka.brokers = 'three'))));
  await assertRefused(lab, ['broken.json', 'lanes[1].kafka.brokers', 'three']);
  assert.equal(await lab.proof('queue'), before);
  await lab.openFile('picture.png', '\x89PNG\r\n\x1a\n\0\0');
  await assertRefused(lab, ['picture.png']);
  await lab.openFile('nothing.json', '');
  await assertRefused(lab, ['nothing.json']);
  assert.equal(await lab.proof('queue'), before);

  await lab.openFile('mine.json', JSON.stringify(await opened((d) => {
    d.title = 'Mine';
    d.workload.producers[0].count = 5;
  })));
  assert.equal(await lab.trouble(), null);
  assert.equal(await lab.title(), 'Mine');
  assert.equal(await lab.clock(), '0:00.0');
  assert.equal(await lab.page.getByRole('combobox', { name: 'experiment' }).locator('option:checked').textContent(), 'Mine');
  await lab.playToTheEnd();
  assert.match(await lab.proof('queue'), /^5 sent · 5 handed out/);
  assert.match(await lab.proof('log'), /^5 sent · 10 handed out/);
}));

test('a file is opened by dropping it on the page', atTheLab(async (lab) => {
  const text = JSON.stringify(await opened((d) => (d.title = 'Dropped')));
  const files = await lab.page.evaluateHandle((text) => {
    const files = new DataTransfer();
    files.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    return files;
  }, text);
  const dragover = await lab.page.evaluate(() => document.querySelector('.stage').dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true })));
  assert.equal(dragover, false, 'the page takes the file; the browser does not leave for it');
  await lab.page.dispatchEvent('.stage', 'drop', { dataTransfer: files });
  await lab.settled();
  assert.equal(await lab.title(), 'Dropped');
}));

test('the experiment that the address names can be picked again after a file', atTheLab({ hash: '#scenario=crash' }, async (lab) => {
  await lab.openFile('mine.json', JSON.stringify(await opened((d) => (d.title = 'Mine'))));
  assert.equal(await lab.title(), 'Mine');
  await lab.pick('A worker dies, a consumer dies');
  await eventually(async () => assert.equal(await lab.title(), 'A worker dies, a consumer dies'));
}));

test('names are shown as they are written, never as markup', atTheLab(async (lab) => {
  const title = '<img src=x onerror="document.title=1"> & <b>bold</b>';
  await lab.follow(json(await opened((d) => (d.title = title))));
  await lab.page.getByRole('heading', { name: title, exact: true }).waitFor();
  assert.equal(await lab.title(), title);
  assert.equal(await lab.page.locator('img').count(), 0);
}));
