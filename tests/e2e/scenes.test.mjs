// Each scene, opened by its link and played to its end, shows the guarantees that its words promise.

import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const LOST = 'Nothing is lost';
const ONCE = 'Processed only once';
const ORDER = 'In order for each key';
const ALONE = 'One consumer at a time';
const SENDS = 'No duplicates from sends';
const KINDS = 'Every kind of worker gets it';

/** By lane, what is broken at the end; everything else is kept. */
const SCENES = {
  'commit-before-work': { before: [LOST], after: [] },
  'competing-workers': { queue: [ORDER] },
  'crash-and-reprocess': { auto: [ONCE], each: [] },
  crash: { queue: [ORDER], log: [ONCE] },
  'delay-and-expiry': { queue: [LOST] },
  'dead-letter-looked-at': { queue: [ORDER] },
  'dead-letters-and-back': { queue: [] },
  'delete-before-work': { before: [LOST], after: [] },
  'fair-queue': { plain: [], fair: [] },
  'fan-out': { topic: [], log: [] },
  'fifo-stuck-group': { standard: [ORDER], fifo: [] },
  'fourth-consumer': { queue: [ORDER], log: [] },
  'frozen-consumer': { log: [ONCE] },
  'hot-key': { queue: [ORDER], log: [] },
  'lambda-partial-batch': { whole: [ONCE], partial: [] },
  'late-delete': { standard: [ONCE, ALONE], fifo: [ONCE] },
  'same-crash-recorded': { real: [ONCE], simulated: [ONCE] },
  'sent-twice': { standard: [ONCE, SENDS], fifo: [] },
  'one-workload': { queue: [], log: [] },
  'share-group': { queue: [ORDER], shared: [LOST, ORDER] },
  'rebalance-storm': { 'five-a-poll': [ONCE], 'one-a-poll': [] },
  replay: { queue: [], log: [ONCE] },
  'static-restart': { dynamic: [], static: [] },
  'three-rebalances': { eager: [], cooperative: [ONCE], consumer: [] },
  'timeout-too-short': { queue: [ONCE, ALONE], log: [] },
  'topic-cannot-deliver': { lost: [LOST, ORDER, KINDS], kept: [ORDER] },
  'two-groups': { 'same-id': [], 'own-id': [] },
  'two-kinds-one-queue': { 'one-queue': [KINDS], topic: [] },
};

/** By lane, how many messages lie in a dead-letter queue undone at the end. */
const SET_ASIDE = {
  'dead-letters-and-back': { queue: '1 set aside' },
  'share-group': { queue: '1 set aside' },
  'topic-cannot-deliver': { kept: '5 set aside' },
  'lambda-partial-batch': { whole: '2 set aside', partial: '1 set aside' },
};

for (const [scene, lanes] of Object.entries(SCENES)) {
  test(`${scene}: played to its end it shows the guarantees that it promises`, atTheLab({ hash: `#scenario=${scene}` }, async (lab) => {
    const title = await lab.title();
    await lab.playToTheEnd();
    assert.equal(await lab.title(), title);
    await lab.showTab('Guarantees');
    const table = await lab.page.locator('.guarantees').evaluate((found) => {
      const lanes = [...found.querySelectorAll('thead th')].map((cell) => cell.textContent);
      const rows = [...found.querySelectorAll('tbody tr')];
      const broken = Object.fromEntries(lanes.map((lane) => [lane, []]));
      const aside = {};
      for (const row of rows) {
        const name = row.querySelector('th').childNodes[0].textContent;
        [...row.querySelectorAll('td')].forEach((cell, n) => {
          if (cell.textContent.includes('✗')) broken[lanes[n]].push(name);
          if (cell.textContent.includes('set aside')) aside[lanes[n]] = cell.textContent;
        });
      }
      return { broken, aside, text: found.querySelector('tbody').textContent };
    });
    for (const lane of Object.keys(lanes)) lanes[lane].sort();
    for (const lane of Object.keys(table.broken)) table.broken[lane].sort();
    assert.deepEqual(table.broken, lanes);
    assert.deepEqual(table.aside, SET_ASIDE[scene] ?? {});
    assert.doesNotMatch(table.text, /so far/, 'the rest is kept for good');
    assert.equal(await lab.trouble(), null);
  }));
}

test('the list of experiments has a shelf for each kind', atTheLab(async (lab) => {
  const experiment = lab.page.getByRole('combobox', { name: 'experiment' });
  const shelves = await experiment.locator('optgroup').evaluateAll((all) =>
    all.map(({ label, children }) => [label, [...children].map(({ value }) => value)]),
  );
  assert.deepEqual(shelves.map(([label]) => label), ['Queue and log', 'Queue', 'Log']);
  const values = shelves.flatMap(([, values]) => values);
  assert.equal(new Set(values).size, values.length);
  for (const scene of Object.keys(SCENES)) assert.ok(values.includes(scene), scene);
}));
