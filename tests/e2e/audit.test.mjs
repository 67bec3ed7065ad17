import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import { atTheLab, PHONE } from './browser.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds serious or critical in the page as it stands. */
async function audit(lab) {
  if (!(await lab.page.evaluate(() => 'axe' in window))) {
    await lab.page.addScriptTag({ path: AXE });
    // Without them axe sees what the words lie on, and can tell their contrast.
    await lab.page.addStyleTag({ content: '.floor canvas, .floor .wires { display: none !important; }' });
  }
  return lab.page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => `${id}: ${target.join(' ')}: ${[...any, ...all, ...none].map((check) => check.message).join('; ')}`));
  });
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing serious in ${theme} colours`, atTheLab({ theme, hash: '#scenario=crash&at=14s' }, async (lab, t) => {
    for (const tab of ['Explain', 'Guarantees', 'Metrics', 'Inspect']) {
      await lab.showTab(tab);
      await t.test(`with ${tab}`, async () => assert.deepEqual(await audit(lab), []));
    }
    await lab.inspect(5);
    await t.test('with the story of an order', async () => assert.deepEqual(await audit(lab), []));
    await lab.follow('#scenario=nope');
    await t.test('with a message of what is wrong', async () => assert.deepEqual(await audit(lab), []));
  }));

  test(`axe finds nothing serious on a phone in ${theme} colours`, atTheLab({ theme, size: PHONE, touch: true }, async (lab, t) => {
    await lab.goTo(4);
    await t.test('with the panel closed', async () => assert.deepEqual(await audit(lab), []));
    await lab.button('worker-1').tap();
    await lab.settled();
    await t.test('with the panel open', async () => assert.deepEqual(await audit(lab), []));
  }));
}
