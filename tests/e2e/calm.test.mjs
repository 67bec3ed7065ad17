import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

/** Plays slowly and looks at the marks of both lanes each frame: how many pictures there were. */
async function picturesWhilePlaying(lab) {
  await lab.goTo(1);
  await lab.setSpeed('0.1×');
  await lab.play();
  const pictures = await lab.page.evaluate(async () => {
    const seen = [new Set(), new Set()];
    const began = performance.now();
    while (performance.now() - began < 1_500) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      for (const [n, canvas] of [...document.querySelectorAll('.lane canvas')].entries()) seen[n].add(canvas.toDataURL());
    }
    return seen.map((pictures) => pictures.size);
  });
  await lab.pause();
  return pictures;
}

test('with motion, an order is seen on its way', atTheLab(async (lab) => {
  const [queue, log] = await picturesWhilePlaying(lab);
  assert.ok(queue > 8 && log > 8, `${queue} and ${log} pictures`);
}));

test('for who wants reduced motion, marks stand still between events', atTheLab({ reducedMotion: 'reduce' }, async (lab) => {
  // Within these 0.15 s order 1 is sent, stored and received: a picture for each, and the one before.
  const [queue, log] = await picturesWhilePlaying(lab);
  assert.ok(queue <= 6 && log <= 6, `${queue} and ${log} pictures`);
}));

test('for who wants reduced motion, boxes change at once', atTheLab({ reducedMotion: 'reduce', hash: '#scenario=crash&at=8s' }, async (lab) => {
  const moving = await lab.page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration.split(', ').some((duration) => parseFloat(duration) > 0) || animationName !== 'none';
      })
      .map((element) => element.className.baseVal ?? element.className),
  );
  assert.deepEqual(moving, []);
}));
