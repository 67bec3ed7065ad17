// The words in which the tests speak of the page: what a person does, and what a person sees.

import assert from 'node:assert/strict';

/** No condition takes longer, even on a busy machine. */
const PATIENCE_MS = 15_000;

/** Asks again until `check` does not throw, and gives what it gives. */
export async function eventually(check) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

/** `0:07.2` in seconds. */
export function seconds(clock) {
  const [minutes, rest] = clock.split(':');
  return Number(minutes) * 60 + Number(rest);
}

export class Lab {
  /** What went wrong in the page: errors on the console, errors nobody caught, files not found. */
  errors = [];

  constructor(page, address) {
    this.page = page;
    this.address = address;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('requestfailed', (request) => this.errors.push(`not loaded: ${request.url()}`));
  }

  // What a person does.

  async open(hash = '') {
    await this.page.goto(`${this.address}${hash}`);
    await this.page.locator('[data-actor], [data-group]').first().waitFor();
    await this.fetchRest();
    await this.settled();
  }

  /** Touches the page, and waits for what it fetches then: its other part, and the engine. */
  async fetchRest() {
    await this.page.evaluate(() => void dispatchEvent(new Event('pointerdown')));
    await this.page.waitForFunction(() => {
      const fetched = performance.getEntriesByType('resource').filter((one) => one.responseEnd > 0);
      const parts = [/broker-lab-engine.*\.wasm$/, /broker-lab-later.*\.wasm$/];
      return parts.every((part) => fetched.some((one) => part.test(one.name)));
    });
  }

  /** Follows a link into the open page: only the part behind `#` changes. */
  async follow(hash) {
    await this.page.evaluate((to) => void (location.hash = to), hash);
    await this.settled();
  }

  async press(key, times = 1) {
    if (times === 0) return;
    for (let n = 0; n < times; n += 1) await this.page.keyboard.press(key);
    await this.settled();
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async click(name) {
    await this.button(name).click();
    await this.settled();
  }

  async play() {
    await this.button('Play').click();
  }

  async pause() {
    await this.click('Pause');
  }

  /** Waits until the playhead stands at the end of the run. */
  async end() {
    await this.page.waitForFunction(() => {
      const [whole] = document.querySelector('.clock').textContent.split('.');
      return document.querySelector('.of').textContent === `of ${whole}`;
    });
    await this.button('Play').waitFor();
    await this.settled();
  }

  /** From here to the end as fast as it goes. */
  async playToTheEnd(speed = '100×') {
    await this.setSpeed(speed);
    await this.play();
    await this.end();
  }

  async setSpeed(label) {
    const index = ['0.1×', '0.25×', '0.5×', '1×', '2×', '4×', '8×', '16×', '32×', '100×'].indexOf(label);
    await this.page.locator('body').press(String((index + 1) % 10));
    await eventually(async () => assert.equal(await this.speed(), label));
  }

  /** Where a moment is on the screen: a point on the timeline. */
  async placeOf(second) {
    const track = await this.page.getByRole('slider', { name: 'time' }).boundingBox();
    const x = track.x + (track.width * second) / (await this.horizon());
    return { x: Math.min(x, track.x + track.width - 0.5), y: track.y + track.height / 2 };
  }

  /** Clicks on the timeline: as near to `second` as a pixel is wide. */
  async seekTo(second) {
    const { x, y } = await this.placeOf(second);
    await this.page.mouse.click(x, y);
    await this.settled();
    const pixel = (await this.horizon()) / (await this.page.getByRole('slider', { name: 'time' }).boundingBox()).width;
    assert.ok(Math.abs((await this.time()) - second) <= pixel + 0.1, `sought ${second}, stands at ${await this.time()}`);
  }

  /** Drags the playhead along the timeline, stopping at each of `stops`. */
  async drag(from, ...stops) {
    const start = await this.placeOf(from);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    for (const stop of stops) {
      const { x, y } = await this.placeOf(stop);
      await this.page.mouse.move(x, y, { steps: 5 });
    }
    await this.page.mouse.up();
    await this.settled();
  }

  /** Arrow keys to an exact second; from the start, so that it is the same moment each time. */
  async goTo(second) {
    await this.press('Home');
    await this.press('Shift+ArrowRight', Math.floor(second / 10));
    await this.press('ArrowRight', Math.round(second % 10));
  }

  flag(words) {
    return this.page.locator('.flag').and(this.page.getByRole('button', { name: words }));
  }

  /** Clicks on a flag of the timeline. */
  async goToFlag(words) {
    await this.flag(words).click();
    await this.settled();
  }

  async crash(actor) {
    await this.act('Crash', actor);
  }

  async restart(actor) {
    await this.act('Restart', actor);
  }

  async remove(actor) {
    await this.act('Remove', actor);
  }

  async act(verb, actor) {
    await this.card(actor).hover();
    await this.click(`${verb} ${actor}`);
  }

  async showTab(name) {
    await this.page.getByRole('tab', { name, exact: true }).click();
    await this.settled();
  }

  /** Opens the page of a message by its number. */
  async inspect(number) {
    await this.page.locator('body').press('Escape');
    await this.showTab('Inspect');
    await this.page.locator('.numbers').getByRole('button', { name: new RegExp(` ${number}$`) }).click();
    await this.settled();
  }

  /** Clicks on a record where it lies in its partition. */
  async clickRecord(partition, offset) {
    const cells = this.page.locator(`.partition[data-partition="${partition}"] .cell`);
    const { x, y, width, height } = await cells.filter({ hasText: new RegExp(`^${offset}$`) }).boundingBox();
    await this.clickAt(x + width / 2, y + height / 2 + 4);
  }

  /** Clicks on the message that a worker or consumer has in hand. */
  async clickHeld(actor) {
    const { x, y, width } = await this.card(actor).boundingBox();
    await this.clickAt(x + width - 26, y + 24);
  }

  async clickAt(x, y) {
    await this.page.mouse.click(x, y);
    await this.settled();
  }

  /** Clicks on the time of a line of the story that is open. */
  async followTime(lane, words) {
    await this.strand(lane).locator('.story li', { hasText: words }).first().getByRole('button').click();
    await this.settled();
  }

  async pick(title) {
    await this.page.getByRole('combobox', { name: 'experiment' }).selectOption({ label: title });
    await this.settled();
  }

  async openFile(name, text) {
    await this.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    await this.settled();
  }

  /** Until the page has stopped changing: two frames in a row without a mutation or a transition. */
  async settled() {
    await this.page.evaluate(
      (patience) =>
        new Promise((resolve) => {
          const began = performance.now();
          let quiet = 0;
          const observer = new MutationObserver(() => void (quiet = 0));
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          const look = () => {
            quiet = document.getAnimations().some((one) => one.playState === 'running') ? 0 : quiet + 1;
            if (quiet > 2 || performance.now() - began > patience) {
              observer.disconnect();
              resolve();
            } else {
              requestAnimationFrame(look);
            }
          };
          requestAnimationFrame(look);
        }),
      1_000,
    );
  }

  // What a person sees.

  async clock() {
    return this.page.locator('.clock').textContent();
  }

  async time() {
    return seconds(await this.clock());
  }

  async horizon() {
    return seconds((await this.page.locator('.of').first().textContent()).replace('of ', ''));
  }

  async speed() {
    return this.page.locator('.speed-now').textContent();
  }

  async isPlaying() {
    return this.button('Pause').isVisible();
  }

  async title() {
    return (await this.page.title()).replace(' · Broker Lab', '');
  }

  lane(name) {
    return this.page.locator(`.lane[data-lane="${name}"]`);
  }

  card(actor) {
    return this.page.locator(`[data-actor="${actor}"]`);
  }

  async proof(lane) {
    return this.lane(lane).locator('[data-proof]').textContent();
  }

  async caption(lane) {
    return this.lane(lane).locator('.say').textContent();
  }

  /** The line of state on the card of a worker or consumer. */
  async line(actor) {
    return this.card(actor).locator('.line').textContent();
  }

  async actors() {
    return this.page.locator('[data-actor]').evaluateAll((cards) => cards.map((card) => card.dataset.actor));
  }

  async queue() {
    const visible = await this.page.locator('[data-count=visible]').textContent();
    const inFlight = this.page.locator('[data-count=in-flight]');
    return {
      visible: Number(visible),
      inFlight: Number(await inFlight.getAttribute('data-value')),
      note: await inFlight.textContent(),
    };
  }

  async lag(group) {
    const text = await this.page.locator(`.group[data-group="${group}"] .lag`).textContent();
    return Number(text.replace('lag ', ''));
  }

  /** Where a group stands in a partition: the offset of its triangle, or `null` without one. */
  async cursor(group, partition, kind) {
    const found = this.page.locator(`.cursor[data-group="${group}"][data-row="${partition}"][data-kind="${kind}"]`);
    return (await found.count()) === 0 ? null : Number(await found.getAttribute('data-offset'));
  }

  /** A count of the Metrics panel. */
  async count(lane, metric) {
    await this.showTab('Metrics');
    return Number((await this.cell('.metrics', lane, metric)).replaceAll(',', ''));
  }

  /** What the Guarantees panel says of a promise in a lane. */
  async verdict(lane, promise) {
    await this.showTab('Guarantees');
    return this.cell('.guarantees', lane, promise);
  }

  async cell(table, lane, row) {
    const columns = await this.page.locator(`${table} thead th`).allTextContents();
    const cells = this.page.locator(`${table} tbody tr`, { has: this.page.getByRole('rowheader', { name: row, exact: true }) });
    return cells.locator('td').nth(columns.indexOf(lane)).textContent();
  }

  strand(lane) {
    return this.page.locator(`[data-strand="${lane}"]`);
  }

  /** The story of the message that is open, in a lane. */
  async story(lane) {
    return this.strand(lane)
      .locator('.story li')
      .evaluateAll((lines) =>
        lines.map((line) => ({
          at: line.querySelector('button').textContent,
          text: line.querySelector('span').textContent,
          is: line.className,
        })),
      );
  }

  /** The fields of the message that is open, in a lane, by their real names. */
  async fields(lane) {
    const names = await this.strand(lane).locator('dt').allTextContents();
    const values = await this.strand(lane).locator('dd').allTextContents();
    return Object.fromEntries(names.map((name, n) => [name, values[n]]));
  }

  /** What is wrong, as the page says it; `null` if it says nothing. */
  async trouble() {
    const strip = this.page.getByRole('alert').locator('p');
    return (await strip.count()) === 0 ? null : strip.textContent();
  }

  /** Everything that the lanes show at this moment, down to a digest of the marks' pixels. */
  async picture() {
    return this.page.evaluate(() => {
      const digest = (pixels) => [...pixels].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) | 0, 0);
      const text = (root, selector) => [...root.querySelectorAll(selector)].map((found) => found.textContent);
      const lanes = [...document.querySelectorAll('.lane')].map((lane) => ({
        proof: text(lane, '[data-proof]'),
        caption: text(lane, '.say'),
        counts: text(lane, '[data-count], .aside, .lag, .group-note'),
        cards: [...lane.querySelectorAll('[data-actor]')].map((card) => [
          card.dataset.actor,
          card.className,
          ...text(card, '.line, .verb'),
          card.querySelector('.meter i').style.width,
        ]),
        cells: [...lane.querySelectorAll('.cells')].map((cells) => text(cells, '.cell:not(.free)')),
        cursors: [...lane.querySelectorAll('.cursor')].map((cursor) => ({ ...cursor.dataset })),
        marks: digest(lane.querySelector('canvas').toDataURL()),
      }));
      return { clock: document.querySelector('.clock').textContent, lanes };
    });
  }
}
