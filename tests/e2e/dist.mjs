// The built page, served the way a user might host it: as files, from a folder of a site.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Not the root of the site: a page that asks for `/some.css` must not work here. */
const FOLDER = '/docs/lab/';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Where the built page lies: BROKER_LAB_DIST, or the dist folder of the repository. */
export function distFolder() {
  const folder = process.env.BROKER_LAB_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`${folder} has no index.html: build the page, or name its folder in BROKER_LAB_DIST`);
  }
  return folder;
}

/** Serves the page on a free port; gives its address and a way to stop. */
export async function serveDist() {
  const folder = distFolder();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (!path.startsWith(FOLDER)) {
      response.writeHead(404).end();
      return;
    }
    const file = normalize(join(folder, path.slice(FOLDER.length) || 'index.html'));
    const type = TYPES[extname(file)];
    try {
      if (!file.startsWith(folder + sep) || type === undefined) throw new Error('not served');
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}${FOLDER}`,
    stop: () => server.close(),
  };
}
