// Measures of the page as it stands: what is cut off, what lies on what, what is out of reach.
// Each gives the offenders in words, so that an empty list is a pass and a failure names them.

/** Runs in the page: the visible texts, each with the boxes of its lines. */
function inPage(measure, argument) {
  return `(() => {
    const SLACK = 1;
    const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const nameOf = (element) => {
      const own = element.dataset?.actor ?? element.dataset?.group ?? element.dataset?.queue ?? element.dataset?.partition;
      const kind = element.classList?.length ? '.' + [...element.classList].join('.') : element.tagName?.toLowerCase();
      return own ? kind + '[' + own + ']' : kind;
    };
    const scrolls = (style) => /auto|scroll/.test(style.overflowX + style.overflowY);
    const ancestors = function* (element) {
      for (let up = element; up && up !== document.body; up = up.parentElement) yield up;
    };
    // What is left to see of a line inside the boxes around it.
    const cut = (line, element) => {
      let { left, right, top, bottom } = line;
      for (const box of ancestors(element)) {
        if (getComputedStyle(box).overflowX === 'visible') continue;
        const rect = box.getBoundingClientRect();
        [left, right] = [Math.max(left, rect.left), Math.min(right, rect.right)];
        [top, bottom] = [Math.max(top, rect.top), Math.min(bottom, rect.bottom)];
      }
      return { left, right, top, bottom, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
    };
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || !visible(element) || element.closest('select, script, style, noscript, title')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()].filter((line) => line.width > 0);
      texts.push({ element, lines, seen: lines.map((line) => cut(line, element)), words: node.data.trim(), of: nameOf(element) });
    }
    return (${measure})({ SLACK, visible, nameOf, scrolls, texts, ancestors }, ${JSON.stringify(argument)});
  })()`;
}

/**
 * Texts of which a part cannot be seen, because a box around them cuts it off. A name may be, if
 * it is told in full on hover.
 */
export function clippedTexts(page) {
  return page.evaluate(
    inPage(({ SLACK, texts, ancestors, scrolls, nameOf }) => {
      const found = [];
      for (const { element, lines, words, of } of texts) {
        if (element.matches('.name, .mono, b') && element.closest('[title]')?.title.includes(words)) continue;
        for (const box of ancestors(element)) {
          const style = getComputedStyle(box);
          if (scrolls(style)) break;
          if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
          const rect = box.getBoundingClientRect();
          // A setting that has no room is left out whole, in a line that is not seen.
          if (element.matches('.chip.extra') && lines.every((line) => line.top >= rect.bottom)) break;
          const over = Math.max(...lines.map((line) => Math.max(line.right - rect.right, rect.left - line.left)));
          const above = Math.max(...lines.map((line) => Math.max(line.bottom - rect.bottom, rect.top - line.top)));
          // A line is taller than its letters: a third of it may stand out of a box that cuts upright.
          const upright = Math.max(...lines.map((line) => line.height)) / 3;
          if (over > SLACK || above > upright) {
            found.push(`${of} "${words}" by ${Math.round(Math.max(over, above))} px in ${nameOf(box)}`);
            break;
          }
        }
      }
      return found;
    }),
  );
}

/** Texts with something else lying on them: what a click on the text would not reach. */
export function coveredTexts(page) {
  return page.evaluate(
    inPage(({ texts, nameOf }) => {
      const found = new Set();
      for (const { element, seen, words, of } of texts) {
        const own = element.closest('button, label') ?? element;
        for (const line of seen.filter(({ width, height }) => width > 1 && height > 1)) {
          for (const share of [0.02, 0.25, 0.5, 0.75, 0.98]) {
            for (const height of [0.3, 0.7]) {
              const hit = document.elementFromPoint(line.left + line.width * share, line.top + line.height * height);
              if (!hit || hit.contains(own) || own.contains(hit) || hit.closest('.panel.open')) continue;
              found.add(`${of} "${words}" under ${nameOf(hit)} "${hit.getAttribute('aria-label') ?? hit.textContent.trim().slice(0, 40)}"`);
            }
          }
        }
      }
      return [...found];
    }),
  );
}

/** Boxes of a lane that lie on one another, and cards that stand out of their group. */
export function overlappingBoxes(page) {
  return page.evaluate(
    inPage(({ SLACK, nameOf }) => {
      const boxes = (selector) => [...document.querySelectorAll(selector)].map((element) => ({ element, name: nameOf(element), rect: element.getBoundingClientRect() }));
      const cross = ({ rect: a }, { rect: b }) => a.left < b.right - SLACK && b.left < a.right - SLACK && a.top < b.bottom - SLACK && b.top < a.bottom - SLACK;
      const within = ({ rect: a }, { rect: b }) => a.left >= b.left - SLACK && a.right <= b.right + SLACK && a.top >= b.top - SLACK && a.bottom <= b.bottom + SLACK;
      const found = [];
      const apart = (all) => {
        for (const [n, one] of all.entries()) for (const other of all.slice(n + 1)) if (cross(one, other)) found.push(`${one.name} on ${other.name}`);
      };
      const [cards, groups] = [boxes('[data-actor]'), boxes('.group')];
      const heads = boxes('.group-head').map((head, n) => ({ ...head, name: `head of ${groups[n].name}` }));
      const rows = boxes('.queue > .head, .slots, .cells, .head[data-topic], .partition > .row-label');
      apart(cards);
      apart(rows);
      apart([...boxes('.producer, .broker, .group, .aside'), ...cards.filter(({ element }) => element.closest('[data-lane=queue]'))]);
      for (const card of cards) for (const head of heads) if (cross(card, head)) found.push(`${card.name} on ${head.name}`);
      for (const card of cards.filter(({ element }) => element.closest('[data-lane=log]'))) {
        if (!groups.some((group) => within(card, group))) found.push(`${card.name} stands out of its group`);
      }
      for (const one of [...cards, ...groups, ...rows]) {
        const floor = { rect: one.element.closest('.floor').getBoundingClientRect() };
        if (!within(one, floor)) found.push(`${one.name} stands out of its lane`);
      }
      for (const canvas of document.querySelectorAll('.floor canvas')) {
        const [a, b] = [canvas.getBoundingClientRect(), canvas.parentElement.getBoundingClientRect()];
        if (Math.abs(a.width - b.width) > SLACK || Math.abs(a.height - b.height) > SLACK) found.push('a canvas is not as large as its floor');
      }
      return found;
    }),
  );
}

/** What stands out of the window at a side, where no scrolling reaches it. */
export function outOfReach(page) {
  return page.evaluate(
    inPage(({ SLACK, visible, ancestors, scrolls, nameOf }, width) => {
      const found = [];
      // A phone zooms out to show a page that is too wide, so the window is no measure of itself.
      if (document.documentElement.scrollWidth > width + SLACK) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
      for (const element of document.body.querySelectorAll('*')) {
        if (!visible(element) || element.closest('svg, canvas')?.parentElement.closest('.playhead')) continue;
        if ([...ancestors(element.parentElement)].some((up) => scrolls(getComputedStyle(up)))) continue;
        const { left, right } = element.getBoundingClientRect();
        if (right > left && (right > width + SLACK || left < -SLACK)) found.push(`${nameOf(element)} from ${Math.round(left)} to ${Math.round(right)}`);
      }
      return found;
    }, page.viewportSize().width),
  );
}

/** Words with a mark painted on them, where all marks stand still. */
export function marksOnWords(page) {
  return page.evaluate(
    inPage(({ texts }) => {
      const found = [];
      for (const { element, seen, words, of } of texts) {
        const canvas = element.closest('.floor')?.querySelector('canvas');
        if (!canvas) continue;
        const place = canvas.getBoundingClientRect();
        const ratio = canvas.width / place.width;
        const context = canvas.getContext('2d');
        for (const line of seen) {
          const [x, y] = [(line.left - place.left) * ratio, (line.top + line.height * 0.25 - place.top) * ratio];
          const [width, height] = [line.width * ratio, line.height * 0.5 * ratio];
          if (width < 1 || height < 1) continue;
          const { data } = context.getImageData(x, y, width, height);
          let painted = 0;
          for (let n = 3; n < data.length; n += 4) if (data[n] > 60) painted += 1;
          if (painted > 6) found.push(`${of} "${words}": ${painted} pixels`);
        }
      }
      return found;
    }),
  );
}

/** Controls smaller than a finger. */
export function smallTargets(page, selector, least) {
  return page.evaluate(
    inPage(({ visible, nameOf }, { selector, least }) =>
      [...document.querySelectorAll(selector)].filter(visible).flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        const label = element.getAttribute('aria-label') ?? element.textContent;
        return width < least || height < least ? [`${nameOf(element)} "${label}" ${Math.round(width)} × ${Math.round(height)}`] : [];
      }),
      { selector, least },
    ),
  );
}
