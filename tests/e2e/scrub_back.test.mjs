import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab, PHONE } from './browser.mjs';

test('the arrow keys go back to exactly what was seen before', atTheLab({ hash: '#scenario=crash' }, async (lab) => {
  const seen = [];
  for (let second = 0; second <= 12; second += 1) {
    seen.push(await lab.picture());
    await lab.press('ArrowRight');
  }
  assert.equal(new Set(seen.slice(1, 8).map((picture) => JSON.stringify(picture))).size, 7, 'every second differs');
  for (const before of seen.reverse()) {
    await lab.press('ArrowLeft');
    assert.deepEqual(await lab.picture(), before);
  }
  assert.equal(await lab.clock(), '0:00.0');
  await lab.press('Shift+ArrowRight');
  assert.deepEqual(await lab.picture(), seen.find((picture) => picture.clock === '0:10.0'));
  await lab.press('Shift+ArrowLeft');
  assert.equal(await lab.clock(), '0:00.0');
}));

test('dragging the timeline back shows each moment as it was', atTheLab({ hash: '#scenario=crash' }, async (lab) => {
  const moments = [3, 5, 9, 13.8, 16];
  const seen = new Map();
  for (const moment of moments) {
    await lab.seekTo(moment);
    seen.set(moment, await lab.picture());
  }
  await lab.playToTheEnd();
  let from = 40;
  for (const moment of [13.8, 5, 16, 3, 9]) {
    await lab.drag(from, 20, 1, moment);
    assert.deepEqual(await lab.picture(), seen.get(moment));
    from = moment;
  }
}));

test('a drag beyond the ends of the timeline stops at the start and at the end', atTheLab(async (lab) => {
  const { x, y } = await lab.placeOf(20);
  await lab.page.mouse.move(x, y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(2, y - 300, { steps: 4 });
  await lab.settled();
  assert.equal(await lab.clock(), '0:00.0');
  await lab.page.mouse.move(1439, y - 300, { steps: 4 });
  await lab.settled();
  assert.equal(await lab.clock(), '0:40.0');
  await lab.page.mouse.up();
  // Let go, the timeline no longer follows.
  await lab.page.mouse.move(x, y);
  await lab.settled();
  assert.equal(await lab.clock(), '0:40.0');
}));

test('dragging back while it plays goes on from there', atTheLab(async (lab) => {
  await lab.seekTo(20);
  await lab.play();
  await lab.page.waitForFunction(() => document.querySelector('.clock').textContent > '0:20.2');
  const { x, y } = await lab.placeOf(5);
  await lab.page.mouse.click(x, y);
  await lab.page.waitForFunction(() => /^0:0[5-9]/.test(document.querySelector('.clock').textContent));
  assert.equal(await lab.isPlaying(), true);
  await lab.pause();
  assert.match(await lab.proof('queue'), /^(8|9|1[0-2]) sent/);
}));

test('on a phone a tap on the timeline goes there', atTheLab({ size: PHONE, touch: true }, async (lab) => {
  const { x, y } = await lab.placeOf(20);
  await lab.page.touchscreen.tap(x, y);
  await lab.settled();
  assert.ok(Math.abs((await lab.time()) - 20) < 0.3, await lab.clock());
}));

test('a timeline that has the focus tells the time to a screen reader', atTheLab(async (lab) => {
  const slider = lab.page.getByRole('slider', { name: 'time' });
  await slider.focus();
  await lab.press('ArrowRight', 7);
  assert.equal(await lab.clock(), '0:07.0');
  assert.equal(await slider.getAttribute('aria-valuetext'), '0:07.0');
  assert.equal(await slider.getAttribute('aria-valuenow'), '7000');
  assert.equal(await slider.getAttribute('aria-valuemax'), '40000');
}));
