// The page of a consumer group: how it stands with each partition, and one consumer more.

import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const offsets = (lab) => lab.page.locator('.offsets tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

test('a group tells its offsets as kafka-consumer-groups --describe does', atTheLab({ hash: '#scenario=fourth-consumer&at=12s' }, async (lab) => {
  await lab.page.getByRole('button', { name: 'billing', exact: true }).click();
  await lab.page.locator('[data-group-page=billing]').waitFor();
  const rows = await offsets(lab);
  assert.deepEqual(rows.map(([partition, , , , owner]) => [partition, owner]), [
    ['p0', 'billing-1'],
    ['p1', 'billing-2'],
    ['p2', 'billing-3'],
  ]);
  for (const [, committed, end, lag] of rows) assert.equal(Number(end) - Number(committed), Number(lag));
  const lag = rows.reduce((sum, row) => sum + Number(row[3]), 0);
  const fields = await lab.page.locator('[data-group-page] dl').first().innerText();
  assert.match(fields, new RegExp(`lag\\s+${lag}\\b`));
  assert.match(fields, /STATE\s+Stable/);
}));

test('a consumer is added from the page of its group, and a rebalance follows', atTheLab({ hash: '#scenario=two-groups&at=6s' }, async (lab) => {
  await lab.page.getByRole('button', { name: 'mail', exact: true }).click();
  await lab.click('Add a consumer');
  await lab.page.locator('[data-actor=mail-2]').waitFor();
  await lab.playToTheEnd();
  const fields = await lab.page.locator('[data-group-page] dl').first().innerText();
  assert.match(fields, /generation\s+2/);
  const owners = (await offsets(lab)).map((row) => row[4]);
  assert.deepEqual([...new Set(owners)].sort(), ['mail-1', 'mail-2']);
}));
