import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab, PHONE } from './browser.mjs';

/** Counts what the page has asked the browser to do later and is still to come. */
const countPending = () => {
  const pending = { frames: new Set(), timeouts: new Set(), intervals: new Set(), drawn: 0 };
  window.pendingWork = () => ({ frames: pending.frames.size, timeouts: pending.timeouts.size, intervals: pending.intervals.size });
  window.framesDrawn = () => pending.drawn;
  const ours = { requestAnimationFrame, cancelAnimationFrame, setTimeout, clearTimeout, setInterval, clearInterval };
  window.uncountedFrame = ours.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (then) => {
    const id = ours.requestAnimationFrame.call(window, (now) => {
      pending.frames.delete(id);
      pending.drawn += 1;
      then(now);
    });
    pending.frames.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    pending.frames.delete(id);
    ours.cancelAnimationFrame.call(window, id);
  };
  window.setTimeout = (then, delay, ...rest) => {
    const id = ours.setTimeout.call(window, () => {
      pending.timeouts.delete(id);
      then(...rest);
    }, delay);
    pending.timeouts.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    pending.timeouts.delete(id);
    ours.clearTimeout.call(window, id);
  };
  window.setInterval = (then, delay, ...rest) => {
    const id = ours.setInterval.call(window, then, delay, ...rest);
    pending.intervals.add(id);
    return id;
  };
  window.clearInterval = (id) => {
    pending.intervals.delete(id);
    ours.clearInterval.call(window, id);
  };
};

const NOTHING = { frames: 0, timeouts: 0, intervals: 0 };

/** Lets the browser draw ten frames that are not the page's own, then asks what is pending. */
async function assertAtRest(lab) {
  const drawn = await lab.page.evaluate(async () => {
    const tenFrames = async () => {
      for (let n = 0; n < 10; n += 1) await new Promise((resolve) => window.uncountedFrame(resolve));
    };
    await tenFrames();
    const before = window.framesDrawn();
    await tenFrames();
    return window.framesDrawn() - before;
  });
  assert.equal(drawn, 0, 'frames drawn while nothing moves');
  assert.deepEqual(await lab.page.evaluate(() => window.pendingWork()), NOTHING);
}

test('a page that has just opened and does not play asks for no frame', atTheLab({ before: countPending }, async (lab) => {
  await assertAtRest(lab);
}));

test('while it plays there is one frame at a time, and none after a pause', atTheLab({ before: countPending }, async (lab) => {
  await lab.play();
  await lab.page.waitForFunction(() => document.querySelector('.clock').textContent > '0:01.5');
  assert.equal((await lab.page.evaluate(() => window.pendingWork())).frames, 1);
  await lab.pause();
  await assertAtRest(lab);
}));

test('at the end of the run, after a jump and after an edit nothing is left to do', atTheLab({ before: countPending }, async (lab) => {
  await lab.playToTheEnd();
  await assertAtRest(lab);
  await lab.seekTo(4);
  await assertAtRest(lab);
  await lab.crash('worker-2');
  await lab.showTab('Guarantees');
  await assertAtRest(lab);
}));

test('on a phone with the panel open nothing moves either', atTheLab({ before: countPending, size: PHONE, touch: true }, async (lab) => {
  await lab.card('worker-1').getByRole('button', { name: 'worker-1', exact: true }).tap();
  await lab.settled();
  await assertAtRest(lab);
}));
