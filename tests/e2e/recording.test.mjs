// A recording of real Kafka on the stage, beside our simulation of the same actions.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { atTheLab } from './browser.mjs';

const SCENE = '#scenario=same-crash-recorded';

const recording = (name) => readFile(fileURLToPath(new URL(`../vectors/kafka-recordings/${name}.json`, import.meta.url)), 'utf8');

/** Lets a file fall on the page. */
async function drop(lab, name, text) {
  const data = await lab.page.evaluateHandle(([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: 'application/json' }));
    return data;
  }, [name, text]);
  await lab.page.dispatchEvent('.app', 'drop', { dataTransfer: data });
  await lab.settled();
}

test('what was recorded says so, plays beside the simulation, and nothing can be done to it', atTheLab({ hash: SCENE }, async (lab) => {
  const [real, simulated] = [lab.lane('real'), lab.lane('simulated')];
  const label = real.getByText('recorded from real Kafka 4.3', { exact: true });
  assert.match(await label.getAttribute('title'), /its times are those of the recording/);
  assert.equal(await simulated.getByText('recorded', { exact: false }).count(), 0);
  await lab.goTo(12);
  for (const lane of [real, simulated]) {
    assert.match(await lane.locator('[data-actor=c2] .line').textContent(), /^crashed/);
    assert.match(await lane.locator('.say').textContent(), /^C2 crashed\. .* p2 and p3 wait/);
  }
  assert.equal(await real.locator('.verb').count(), 0);
  assert.equal(await real.locator('.lag').textContent(), 'lag not recorded');
  await real.getByRole('button', { name: 'c1', exact: true }).click();
  await lab.settled();
  const page = lab.page.locator('[data-actor-page=c1]');
  assert.match(await page.textContent(), /This lane is a recording/);
  assert.equal(await page.getByRole('button').count(), 0);
}));

test('an edit in the simulation leaves the recording as it was', atTheLab({ hash: SCENE }, async (lab) => {
  await lab.goTo(8);
  await lab.lane('simulated').locator('[data-actor=c1]').hover();
  await lab.click('Crash c1');
  await lab.press('End');
  assert.match(await lab.lane('simulated').locator('[data-actor=c1] .line').textContent(), /^crashed/);
  assert.doesNotMatch(await lab.lane('real').locator('[data-actor=c1] .line').textContent(), /crashed/);
  assert.match(await lab.proof('real'), /^90 sent · 94 handed out, 4 of them again · nothing deleted, 4 processed again$/);
  assert.match(await lab.proof('simulated'), /^90 sent/);
}));

test('the file of a recording opens from the list and by a drop', atTheLab(async (lab) => {
  await lab.openFile('share-outcomes.json', await recording('share-outcomes'));
  assert.equal(await lab.trouble(), null);
  assert.equal(await lab.page.locator('.lane').count(), 2);
  assert.match(await lab.lane('recorded').textContent(), /recorded from real Kafka 4\.3/);
  // Something that our engine has not heard of.
  const unheard = (await recording('crash-range')).replaceAll('crash_consumer', 'shake_consumer');
  await drop(lab, 'unheard.json', unheard);
  assert.equal(await lab.trouble(), null);
  assert.equal(await lab.page.locator('.lane').count(), 1);
  await lab.showTab('Explain');
  assert.match(await lab.page.locator('#panel, .panel').first().textContent(), /Our simulation does not play it beside/);
  await lab.playToTheEnd();
  assert.equal(await lab.trouble(), null);
}));

test('a file that is neither a scenario nor a recording is refused in one message', atTheLab(async (lab) => {
  const before = await lab.title();
  for (const [name, text, says] of [
    ['notes.json', '{"name": "notes", "list": [1, 2, 3]}', /notes\.json: this is neither a scenario nor a recording of Kafka: it has no lanes/],
    ['notes.txt', 'hello', /neither a scenario nor a recording of Kafka: .*line 1/],
    ['compaction.json', await recording('compaction'), /this recording cannot be shown: no consumer says anything in it/],
  ]) {
    await drop(lab, name, text);
    const trouble = await lab.trouble();
    assert.match(trouble, says);
    assert.ok(trouble.length < 400, 'one clear message');
    assert.equal(await lab.title(), before);
  }
}));
