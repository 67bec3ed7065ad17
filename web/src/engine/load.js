let engine;

/** The engine's module, fetched once; what failed can be tried again. */
export function load() {
  engine ??= import(new URL('broker-lab-engine.js', document.baseURI))
    .then(async (module) => {
      await module.default();
      return module;
    })
    .catch((error) => {
      engine = undefined;
      throw error;
    });
  return engine;
}

/** Begins to fetch the engine. */
export const prepare = () => void load().catch(() => {});

/** A simulation of a document; throws what is wrong with it. */
export const simulate = (module, text) => new module.Simulation(text);

/** The text of a file beside the page. */
export async function read(path) {
  const answer = await fetch(new URL(path, document.baseURI));
  if (!answer.ok) {
    throw `${path}: ${answer.status} ${answer.statusText}`;
  }
  return answer.text();
}
