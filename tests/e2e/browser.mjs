// One browser and one server for each file of tests, and a fresh profile for each test.

import { after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

import { serveDist } from './dist.mjs';
import { Lab } from './lab.mjs';

export const DESKTOP = { width: 1440, height: 900 };
export const TABLET = { width: 1024, height: 768 };
export const PHONE = { width: 390, height: 844 };

/** Pictures of the page as it was when a test failed. */
const OUT = fileURLToPath(new URL('out', import.meta.url));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let started;

function start() {
  started ??= (async () => {
    const server = await serveDist();
    const browser = await chromium.launch({
      executablePath: process.env.BROKER_LAB_CHROMIUM ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: FLAGS,
    });
    return { server, browser };
  })();
  return started;
}

after(async () => {
  if (!started) return;
  const { server, browser } = await started;
  await browser.close();
  server.stop();
});

/**
 * A test's body that begins with the page open, and fails if the page wrote an error to the
 * console or did not catch one.
 *
 * - `hash`: what the address asks for, with its `#`
 * - `size`: of the window; `touch`: a finger in place of a mouse
 * - `theme`: what the system is set to; `reducedMotion`: whether it asks for calm
 * - `before`: a script that runs before the page's own
 */
export function atTheLab(options, use) {
  const { hash = '', size = DESKTOP, touch = false, theme = 'light', reducedMotion = 'no-preference', before } =
    typeof options === 'function' ? {} : options;
  const body = typeof options === 'function' ? options : use;
  return async (t) => {
    const { server, browser } = await start();
    const context = await browser.newContext({
      viewport: size,
      hasTouch: touch,
      isMobile: touch,
      colorScheme: theme,
      reducedMotion,
    });
    if (before) await context.addInitScript(before);
    const page = await context.newPage();
    const lab = new Lab(page, server.address);
    try {
      await lab.open(hash);
      await body(lab, t);
      assert.deepEqual(lab.errors, [], 'errors of the page');
    } catch (error) {
      await keepPicture(page, t.name);
      throw error;
    } finally {
      await context.close();
    }
  };
}

async function keepPicture(page, name) {
  await mkdir(OUT, { recursive: true });
  const path = join(OUT, `${name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 80)}.png`);
  await page.screenshot({ path }).catch((error) => console.error(`no picture: ${error.message}`));
}
