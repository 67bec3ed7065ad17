import { test } from 'node:test';
import assert from 'node:assert/strict';

import { atTheLab, DESKTOP, PHONE, TABLET } from './browser.mjs';
import { clippedTexts, coveredTexts, marksOnWords, outOfReach, overlappingBoxes, smallTargets } from './layout.mjs';

const FINGER = 40;

/** What must hold of the page at every size and at every moment. */
const MEASURES = [
  ['no text is cut off', clippedTexts],
  ['no text is covered', coveredTexts],
  ['no box lies on another', overlappingBoxes],
  ['nothing stands out of the window', outOfReach],
  ['no mark lies on words', marksOnWords],
];

/** Asserts all measures at each of the moments, each measure as a test of its own. */
async function assertWellLaidOut(lab, t, moments) {
  // The same offender with another number in it is told once.
  const found = new Map(MEASURES.map(([what]) => [what, new Map()]));
  for (const moment of moments) {
    await lab.goTo(moment);
    for (const [what, measure] of MEASURES) {
      for (const offender of await measure(lab.page)) {
        const kind = offender.replaceAll(/\d+/g, '');
        if (!found.get(what).has(kind)) found.get(what).set(kind, `at ${moment} s: ${offender}`);
      }
    }
  }
  for (const [what, offenders] of found) {
    await t.test(what, () => assert.deepEqual([...offenders.values()], []));
  }
}

/** Before the start, in full swing, with two crashed, in a rebalance, after it, long after it. */
const MOMENTS = [0, 5, 9, 14, 20, 39];

for (const [what, options] of [
  ['a desktop of 1440 × 900', { size: DESKTOP }],
  ['a tablet of 1024 × 768', { size: TABLET }],
  ['a phone of 390 × 844', { size: PHONE, touch: true }],
]) {
  test(`on ${what} everything has its room`, atTheLab({ hash: '#scenario=crash', ...options }, async (lab, t) => {
    await assertWellLaidOut(lab, t, MOMENTS);
  }));
  // Colours move nothing: two moments are enough.
  test(`on ${what} everything has its room in the dark`, atTheLab({ hash: '#scenario=crash', theme: 'dark', ...options }, async (lab, t) => {
    await assertWellLaidOut(lab, t, [5, 14]);
  }));
}

test('the buttons that a card shows under the mouse do not lie on its words', atTheLab(async (lab) => {
  await lab.goTo(5);
  for (const actor of ['worker-1', 'billing-2']) {
    await lab.card(actor).hover();
    await lab.button(`Crash ${actor}`).waitFor();
    await lab.settled();
    assert.deepEqual(await coveredTexts(lab.page), []);
  }
}));

test('a window that becomes smaller or larger lays the lanes out anew', atTheLab({ hash: '#scenario=crash&at=5s' }, async (lab) => {
  for (const size of [TABLET, { width: 800, height: 600 }, PHONE, { width: 1920, height: 1080 }, DESKTOP]) {
    await lab.page.setViewportSize(size);
    await lab.settled();
    assert.deepEqual(await overlappingBoxes(lab.page), [], `${size.width} × ${size.height}`);
    assert.deepEqual(await outOfReach(lab.page), [], `${size.width} × ${size.height}`);
  }
  assert.equal(await lab.clock(), '0:05.0');
}));

test('long names, many partitions and many members have their room', atTheLab({ hash: `#json=${encodeURIComponent(crowded())}` }, async (lab, t) => {
  assert.equal(await lab.trouble(), null);
  await assertWellLaidOut(lab, t, [0, 6, 12]);
}));

/** Far more of everything, and longer names, than in the experiments that come with the page. */
function crowded() {
  return JSON.stringify({
    version: 1,
    title: 'Everything is long and there is much of it on a single page',
    horizon: '20s',
    workload: {
      producers: [{ name: 'checkout-of-the-shop-in-the-old-town', rate: '20/s', keys: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }],
      work: { takes: '900ms' },
    },
    lanes: [
      {
        name: 'queue',
        sqs: {
          queues: [
            { name: 'orders-of-the-old-town-to-be-confirmed', redrive_policy: { dead_letter_target: 'orders-that-nobody-could-confirm', max_receive_count: 3 } },
            { name: 'orders-that-nobody-could-confirm' },
          ],
          workers: [{ name: 'confirmation-worker', count: 9, queue: 'orders-of-the-old-town-to-be-confirmed' }],
        },
      },
      {
        name: 'log',
        kafka: {
          topics: [{ name: 'orders-of-the-old-town-to-be-confirmed', partitions: 8 }],
          groups: [
            { name: 'billing-and-bookkeeping', topics: ['orders-of-the-old-town-to-be-confirmed'], members: 5 },
            { name: 'analytics-of-the-day', topics: ['orders-of-the-old-town-to-be-confirmed'], members: 2 },
          ],
        },
      },
    ],
    commands: [{ at: '4s', crash: 'confirmation-worker-2' }, { at: '5s', crash: 'billing-and-bookkeeping-3' }],
  });
}

test('on a phone the buttons of the transport are as large as a finger, also when there is something to undo', atTheLab({ size: PHONE, touch: true }, async (lab) => {
  const buttons = '.transport .btn, .top .btn';
  assert.deepEqual(await smallTargets(lab.page, buttons, FINGER), []);
  await lab.goTo(4);
  await lab.button('worker-2').tap();
  await lab.page.locator('.panel').getByRole('button', { name: 'Crash worker-2' }).tap();
  await lab.button('Close the panel').tap();
  await lab.settled();
  assert.equal(await lab.button('Undo').isVisible(), true);
  assert.deepEqual(await smallTargets(lab.page, buttons, FINGER), []);
  assert.deepEqual(await outOfReach(lab.page), []);
}));

test('on a phone a finger that misses a button by a little still hits it, and anywhere on a card opens its page', atTheLab({ size: PHONE, touch: true, hash: '#scenario=crash&at=9s' }, async (lab) => {
  const misses = await lab.page.evaluate((reach) => {
    const found = [];
    for (const button of document.querySelectorAll('.lane:first-child .floor .verb')) {
      const { x, y, width, height } = button.getBoundingClientRect();
      if (width === 0) continue;
      for (const dy of [-reach, reach]) {
        const hit = document.elementFromPoint(x + width / 2, y + height / 2 + dy);
        if (hit !== button) found.push(`${button.getAttribute('aria-label')} ${dy}`);
      }
    }
    return found;
  }, FINGER / 2 - 3);
  assert.deepEqual(misses, []);
  await lab.page.locator('[data-actor=worker-1] .line').tap();
  await lab.page.locator('[data-actor-page=worker-1]').waitFor();
}));

test('on a phone the panel is a sheet: a tap on a worker opens it, a tap on its cross closes it', atTheLab({ size: PHONE, touch: true }, async (lab) => {
  const panel = lab.page.getByRole('complementary', { name: 'panel' });
  assert.equal(await panel.isVisible(), false);
  await lab.goTo(4);
  await lab.button('worker-1').tap();
  await lab.settled();
  assert.equal(await panel.isVisible(), true);
  const { x, y, width, height } = await panel.boundingBox();
  assert.deepEqual([x, width, Math.round(y + height)], [0, PHONE.width, PHONE.height]);
  assert.ok(y > PHONE.height * 0.3, 'the stage is still seen above it');
  assert.deepEqual(await smallTargets(lab.page, '.panel .tabs button', FINGER), []);
  await lab.page.getByRole('tab', { name: 'Guarantees' }).tap();
  await lab.page.getByRole('tabpanel', { name: 'Guarantees' }).waitFor();
  await lab.button('Close the panel').tap();
  await lab.settled();
  assert.equal(await panel.isVisible(), false);
}));

test('on a phone the panel opens also with nothing selected', atTheLab({ size: PHONE, touch: true }, async (lab) => {
  const way = lab.page.getByRole('button', { name: /panel|explain|guarantees/i }).or(lab.page.getByRole('tab')).first();
  assert.equal(await way.isVisible(), true);
  await way.tap();
  await lab.settled();
  assert.equal(await lab.page.getByRole('complementary', { name: 'panel' }).isVisible(), true);
}));

test('on a phone a swipe leads from lane to lane', atTheLab({ size: PHONE, touch: true }, async (lab) => {
  const stage = lab.page.locator('.stage');
  assert.ok((await lab.lane('queue').boundingBox()).x >= 0);
  const overflow = await stage.evaluate((element) => element.scrollWidth - element.clientWidth);
  assert.ok(overflow > 200);
  await stage.evaluate((element, by) => element.scrollBy({ left: by, behavior: 'instant' }), overflow);
  await lab.settled();
  const log = await lab.lane('log').boundingBox();
  assert.ok(log.x >= 0 && log.x + log.width <= PHONE.width, `${log.x}`);
}));

test('the theme switch goes from the system\'s colours to light and to dark, and the marks go along', atTheLab({ theme: 'dark' }, async (lab) => {
  await lab.goTo(6);
  const look = async () => ({
    paper: await lab.page.evaluate(() => getComputedStyle(document.body).backgroundColor),
    marks: (await lab.picture()).lanes.map((lane) => lane.marks),
  });
  const theme = lab.page.getByRole('button', { name: /^Colours: / });
  const says = () => theme.getAttribute('aria-label');
  assert.equal(await says(), 'Colours: as the system. Change');
  const dark = await look();
  await theme.click();
  await lab.settled();
  assert.equal(await says(), 'Colours: light. Change');
  const light = await look();
  assert.notEqual(light.paper, dark.paper);
  for (const n of [0, 1]) assert.notEqual(light.marks[n], dark.marks[n]);
  await theme.click();
  await lab.settled();
  assert.equal(await says(), 'Colours: dark. Change');
  assert.deepEqual(await look(), dark);
  await theme.click();
  await lab.settled();
  assert.equal(await says(), 'Colours: as the system. Change');
  assert.deepEqual(await look(), dark);
  // A system that turns light takes the page along.
  await lab.page.emulateMedia({ colorScheme: 'light' });
  await lab.settled();
  assert.deepEqual(await look(), light);
}));
