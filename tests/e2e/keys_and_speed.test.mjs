import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab } from './browser.mjs';

const SPEEDS = ['0.1×', '0.25×', '0.5×', '1×', '2×', '4×', '8×', '16×', '32×', '100×'];

test('the buttons beside play go from event to event, and back over the same ones', atTheLab(async (lab) => {
  await lab.press('ArrowRight');
  const forward = [await lab.clock()];
  for (let n = 0; n < 8; n += 1) {
    await lab.click('Next event');
    forward.push(await lab.clock());
  }
  assert.deepEqual(forward, [...forward].sort(), 'time only goes on');
  assert.ok(forward.at(-1) > '0:01.0', forward.join(' '));
  const back = [forward.at(-1)];
  for (let n = 0; n < 8; n += 1) {
    await lab.click('Previous event');
    back.push(await lab.clock());
  }
  assert.deepEqual(back.reverse(), forward);
}));

test('L and J do the same as the buttons', atTheLab(async (lab) => {
  await lab.goTo(3);
  await lab.click('Next event');
  const next = await lab.picture();
  await lab.press('ArrowLeft');
  await lab.goTo(3);
  await lab.press('l');
  assert.deepEqual(await lab.picture(), next);
  await lab.press('j');
  assert.equal(await lab.clock(), '0:03.0');
}));

test('a step while it plays stands still at the event', atTheLab(async (lab) => {
  await lab.setSpeed('0.1×');
  await lab.play();
  await lab.press('l');
  assert.equal(await lab.isPlaying(), false);
}));

test('Home, End and Start again go to the ends of the run', atTheLab(async (lab) => {
  await lab.press('End');
  assert.equal(await lab.clock(), '0:40.0');
  await lab.press('ArrowRight');
  await lab.press('l');
  assert.equal(await lab.clock(), '0:40.0');
  await lab.press('Home');
  assert.equal(await lab.clock(), '0:00.0');
  await lab.press('ArrowLeft');
  await lab.press('j');
  assert.equal(await lab.clock(), '0:00.0');
  await lab.goTo(9);
  await lab.click('Start again');
  assert.equal(await lab.clock(), '0:00.0');
}));

test('speed goes up and down by buttons, and to any of ten by a digit', atTheLab(async (lab) => {
  assert.equal(await lab.speed(), '1×');
  for (const speed of SPEEDS.slice(4)) {
    await lab.click('Faster');
    assert.equal(await lab.speed(), speed);
  }
  for (const speed of SPEEDS.slice(0, -1).reverse()) {
    await lab.click('Slower');
    assert.equal(await lab.speed(), speed);
  }
  for (const [n, speed] of SPEEDS.entries()) {
    await lab.press(String((n + 1) % 10));
    assert.equal(await lab.speed(), speed);
  }
}));

test('at twice the speed twice the time goes by', atTheLab(async (lab) => {
  const within = async (speed) => {
    await lab.setSpeed(speed);
    await lab.press('Home');
    return lab.page.evaluate(
      () =>
        new Promise((resolve) => {
          document.querySelector('.play').click();
          const began = performance.now();
          const read = () => {
            const real = (performance.now() - began) / 1_000;
            if (real < 1) return requestAnimationFrame(read);
            document.querySelector('.play').click();
            const [minutes, rest] = document.querySelector('.clock').textContent.split(':');
            return resolve((Number(minutes) * 60 + Number(rest)) / real);
          };
          requestAnimationFrame(read);
        }),
    );
  };
  // Frames that take too long are cut short, so on a busy machine time may go slower, never faster.
  for (const [speed, ratio] of [['2×', 2], ['8×', 8]]) {
    const measured = await within(speed);
    assert.ok(measured > ratio * 0.4 && measured < ratio * 1.15, `${speed}: ${measured}`);
  }
}));

test('with Loop the run begins anew at its end', atTheLab(async (lab) => {
  const loop = lab.button('Loop');
  assert.equal(await loop.getAttribute('aria-pressed'), 'false');
  await lab.click('Loop');
  assert.equal(await loop.getAttribute('aria-pressed'), 'true');
  await lab.goTo(39);
  await lab.setSpeed('2×');
  await lab.play();
  await lab.page.waitForFunction(() => document.querySelector('.clock').textContent < '0:30.0');
  assert.equal(await lab.isPlaying(), true);
  await lab.pause();
  await lab.click('Loop');
  await lab.goTo(39);
  await lab.play();
  await lab.end();
  assert.equal(await lab.clock(), '0:40.0');
}));

test('keys do nothing while a form control has the focus', atTheLab(async (lab) => {
  await lab.goTo(5);
  const before = await lab.picture();
  for (const control of ['select', 'input[type=file]']) {
    // Space, End and the arrows belong to the control itself.
    for (const key of ['l', 'j', 'k', '9', 'g', 'm']) {
      await lab.page.locator(control).focus();
      await lab.press(key);
    }
    await lab.page.locator(control).evaluate((element) => element.blur());
    assert.equal((await lab.picture()).clock, before.clock);
    assert.equal(await lab.isPlaying(), false);
    assert.equal(await lab.speed(), '1×');
    assert.equal(await lab.page.getByRole('tab', { selected: true }).textContent(), 'Explain');
  }
}));

test('keys with Ctrl, Alt or Meta are left to the browser', atTheLab(async (lab) => {
  await lab.goTo(5);
  const before = await lab.picture();
  for (const modifier of ['Control', 'Alt', 'Meta']) {
    for (const key of ['l', 'j', 'k', 'g', 'm', '8', 'End', 'Space', 'ArrowRight']) {
      const taken = await lab.page.evaluate(
        ({ key, modifier }) => {
          const init = { key, bubbles: true, cancelable: true, [{ Control: 'ctrlKey', Alt: 'altKey', Meta: 'metaKey' }[modifier]]: true };
          return !document.body.dispatchEvent(new KeyboardEvent('keydown', init));
        },
        { key: key === 'Space' ? ' ' : key, modifier },
      );
      assert.equal(taken, false, `${modifier}+${key}`);
    }
  }
  await lab.settled();
  assert.deepEqual(await lab.picture(), before);
  assert.equal(await lab.speed(), '1×');
}));

test('Space on a button presses that button alone', atTheLab(async (lab) => {
  await lab.button('Next event').focus();
  await lab.press('Space');
  assert.equal(await lab.isPlaying(), false);
  const stepped = await lab.clock();
  await lab.press('Space', 3);
  assert.ok((await lab.clock()) >= stepped);
  await lab.button('Play').focus();
  await lab.page.keyboard.press('Space');
  await lab.button('Pause').waitFor();
  await lab.page.keyboard.press('Space');
  await lab.button('Play').waitFor();
}));

test('G, I, M and E show the tabs of the panel', atTheLab(async (lab) => {
  for (const [key, tab] of [['g', 'Guarantees'], ['i', 'Inspect'], ['m', 'Metrics'], ['e', 'Explain']]) {
    await lab.press(key);
    assert.equal(await lab.page.getByRole('tab', { selected: true }).textContent(), tab);
    await lab.page.getByRole('tabpanel', { name: tab }).waitFor();
  }
}));
